"""The document: what a workspace holds, how it changes, and the log of its changes."""
