"""What an admin does on the command line: `jigsaw-service COMMAND`."""
