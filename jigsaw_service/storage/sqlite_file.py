"""An SQLite file on the disk: one process at a time, the same file all the time, never lost.

SQLite goes on with a file that was deleted or replaced: all would be well until the next
start, and then everything gone. So what is open is compared with what lies at the path, and
a file that was there before is never made anew.
"""

import fcntl
from pathlib import Path
from typing import Any

_MARK = """\
jigsaw-service keeps its work in {name}, beside this file.
If that file is missing, put it back. To begin with an empty one, delete this file.
"""


class FileLock:
    """Keeps a second process off an SQLite file, by a lock on `FILE.lock`.

    The lock file is marked once there is work in the database, and stays.
    """

    def __init__(self, database: Path) -> None:
        self._database = database
        self._path = database.with_name(f"{database.name}.lock")
        self._file: Any = None

    def take(self) -> bool:
        """Whether the file is ours now; the lock ends with the process, or at `release`."""
        if self._file:
            return True
        file = self._path.open("a+")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return False
        self._file = file
        return True

    def release(self) -> None:
        if self._file:
            self._file.close()
            self._file = None

    def mark(self) -> None:
        """Remember that there is a database."""
        if not self._path.stat().st_size:
            self._file.write(_MARK.format(name=self._database.name))
            self._file.flush()

    def misses(self) -> bool:
        """Whether there was a database, and there is none, or an empty file, now."""
        return _size(self._path) > 0 and _size(self._database) == 0


class OpenFile:
    """The file that connections have open, by its device and inode."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._opened = _identity(path)

    def fault(self) -> str | None:
        """The fault's slug if another file, or none, lies at the path by now."""
        found = _identity(self._path)
        if found == self._opened:
            return None
        return "database-replaced" if found else "database-missing"


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _size(path: Path) -> int:
    """0 for a file that isn't there."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
