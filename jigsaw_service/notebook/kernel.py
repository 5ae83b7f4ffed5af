"""Kernel id: by it the server knows the kernel that this runs in."""

import re
from pathlib import PurePath

from .command import CannotShow

_FILE = re.compile(r"kernel-([A-Za-z0-9][A-Za-z0-9-]{0,63})\.json")


def kernel_id(connection_file: str) -> str:
    """Id of the kernel, after which Jupyter names the connection file; raises CannotShow."""
    found = _FILE.fullmatch(PurePath(connection_file).name)
    if found is None:
        raise CannotShow("%jigsaw works in kernels that a Jupyter server started: open a notebook.")
    return found[1]
