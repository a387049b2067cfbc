"""Finds accounts that claim an organisation's name, compares them with its register, remembers and reports."""

__version__ = "0.1.0"
