"""What keeps a set-up from working, found by name, with the line that mends it."""
