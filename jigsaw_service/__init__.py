"""Program with blocks on JupyterHub: build, run on your own kernel, share by URL."""

__version__ = "0.1.0"
