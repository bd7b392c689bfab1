"""SQLite as Kumo uses it."""
