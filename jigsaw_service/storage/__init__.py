"""Storage: what is kept, and the one way to open a transaction."""
