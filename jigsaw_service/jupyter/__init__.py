"""The caller's own Jupyter server and its kernels, reached with the caller's own token."""
