"""Process of the service: its supervisor, and the jobs it does from time to time."""
