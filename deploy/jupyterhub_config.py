"""A JupyterHub with blocks: the few lines an admin adds, and nothing else."""

from jigsaw_service.hub import register

c = get_config()  # noqa: F821 - given by the Hub

c.JupyterHub.bind_url = "http://127.0.0.1:8000/jupyter/"

# Kernels for everybody: install them with `--sys-prefix` into the environment of the
# single-user servers.

register(c)
