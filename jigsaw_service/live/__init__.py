"""Live editing: rooms of people who edit a workspace together."""
