"""`%load_ext jigsaw_service`: `%jigsaw` in IPython."""

from typing import Any

from IPython.core.error import UsageError
from IPython.display import display

from .command import CannotShow
from .show import show


def jigsaw(line: str) -> None:
    """%jigsaw LANGUAGE [-w NAME] [-h PIXELS]: build a program of blocks, run it in this kernel."""
    from ipykernel.connect import get_connection_file

    try:
        try:
            connection = get_connection_file()
        except RuntimeError:
            connection = ""
        display(show(line, connection), raw=True)  # type: ignore[no-untyped-call]
    except CannotShow as why:
        raise UsageError(str(why)) from None


def load(ipython: Any) -> None:
    """Add the magic to a running IPython."""
    ipython.register_magic_function(jigsaw, "line")
