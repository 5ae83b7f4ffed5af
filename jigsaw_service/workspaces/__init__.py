"""Workspaces: stored, listed, searched, copied, exported and imported."""
