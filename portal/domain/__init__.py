"""Rules of the field: stages, identity numbers, names, permissions. Standard library alone."""
