"""The pages, their assets, and the sign-in."""
