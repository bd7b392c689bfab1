"""The content of a project: taken in, checked, kept as immutable revisions."""
