"""Command line for admins: `jigsaw-service COMMAND`."""
