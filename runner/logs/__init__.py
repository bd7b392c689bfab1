"""The log store: what an attempt printed, kept as printed, and read by line."""
