"""Search for workspaces by words: what is indexed, when, and how a query is answered."""
