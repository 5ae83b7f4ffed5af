"""Editing together: what a workspace is made of, and what comes of people's operations on it."""
