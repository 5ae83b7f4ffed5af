"""Web edge: who is asking, what they sent, what we answer."""
