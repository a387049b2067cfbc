"""Evidence: what was answered about a flagged account, kept byte for byte, sealed, and checked on demand."""
