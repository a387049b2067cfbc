"""Screening: which few of our names a candidate can be about, for a stream of candidates."""
