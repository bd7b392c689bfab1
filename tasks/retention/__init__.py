"""What goes, and why: runs and files that are older, more or larger than is kept."""
