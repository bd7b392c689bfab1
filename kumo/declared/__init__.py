"""Projects, environments, groups and tasks as YAML: written down, compared, applied."""
