"""Program with blocks on JupyterHub: build, run on your own kernel, share by URL."""

from typing import Any

__version__ = "0.1.0"


def load_ipython_extension(ipython: Any) -> None:
    """`%load_ext jigsaw_service` in a notebook; the service itself is not imported there."""
    from .notebook.ipython import load

    load(ipython)
