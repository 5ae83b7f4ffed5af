"""Files that we write for an admin: readable by us alone, never over another, never by half."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def create_private(path: Path) -> Iterator[Path]:
    """An empty file to be filled, which goes again if that fails; or FileExistsError."""
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError as error:
        raise FileExistsError(f"{path} is there already. Give another name.") from error
    try:
        yield path
    except BaseException:
        path.unlink()
        raise
