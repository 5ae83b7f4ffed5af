"""The process: what the Hub starts, and what is done from time to time."""
