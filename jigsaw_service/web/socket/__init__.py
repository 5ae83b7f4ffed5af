"""Web sockets: the live socket of a workspace."""
