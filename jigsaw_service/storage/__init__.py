"""What is stored, and the one way to open a transaction."""
