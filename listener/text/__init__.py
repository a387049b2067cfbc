"""Text reduced to what can be compared."""
