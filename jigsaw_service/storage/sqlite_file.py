"""An SQLite file on the disk: one process at a time, the same file all the time, never lost.

SQLite goes on with a file that was deleted, replaced or written over: all would be well until
the next start, and then everything gone. So what is open is compared with what lies at the path,
and a file that was there before is never made anew.
"""

import fcntl
import hashlib
import os
import sys
from contextlib import suppress
from dataclasses import dataclass
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
        """True if the file is ours now; the lock ends with the process, or at `release`."""
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
        """True if there was a database, and there is none, or an empty file, now."""
        return _size(self._path) > 0 and _size(self._database) == 0


class OpenFile:
    """The file that connections have open: the same one, and written by SQLite alone."""

    def __init__(self, path: Path) -> None:
        self._path = path
        found = _found(path)
        self._opened = found and found.identity
        self._written: tuple[int, int] | None = found.written if found else None
        self._index = _WalIndex(path)
        self._checkpoint = self._index.checkpoint()
        self._content = _Content(path)
        self._digest: _Digest | None = None
        # Another program has put something else into the open file.
        self.is_overwritten = False

    def fault(self) -> str | None:
        """The fault's slug if something else, or nothing, lies at the path by now."""
        checkpoint, found = self._index.checkpoint(), _found(self._path)
        if (found and found.identity) != self._opened:
            return "database-replaced" if found else "database-missing"
        if found and self._is_by_another(checkpoint, found.written):
            self.is_overwritten = True
        return "database-replaced" if self.is_overwritten else None

    @property
    def is_known(self) -> bool:
        """True if what it holds is remembered as it is now."""
        return self._digest is not None and self._digest.written == self._written

    def remember(self) -> None:
        """Remember what it holds, to tell a touched file from one that is written over.

        Reads all of it: to be called off the loop. A file that changes meanwhile stays unknown.
        """
        written = self._written
        value = self._content.digest()
        found = _found(self._path)
        if value and written and found and found.written == written:
            self._digest = _Digest(written, value)

    def _is_only_touched(self, before: tuple[int, int] | None, now: tuple[int, int]) -> bool:
        """True if it holds what it held; the time that it tells is all that was changed."""
        known = self._digest
        if known is None or known.written != before or known.value != self._content.digest():
            return False
        self._digest = _Digest(now, known.value)
        return True

    def _is_by_another(self, checkpoint: "_Checkpoint", written: tuple[int, int]) -> bool:
        """True if the file has changed without a checkpoint, which alone changes it."""
        has_changed = written != self._written
        if checkpoint.is_under_way or (has_changed and self._index.checkpoint() != checkpoint):
            return False
        was_copied, before = checkpoint != self._checkpoint, self._written
        self._written, self._checkpoint = written, checkpoint
        if not has_changed or was_copied or self._is_only_touched(before, written):
            return False
        if self._index.is_in_use():
            return True
        self._index = _WalIndex(self._path)
        return False


@dataclass(frozen=True)
class _Digest:
    """Digest of what the file held when it was written last."""

    written: tuple[int, int]
    value: bytes


class _Content:
    """What a file holds. It stays open: to close it would end SQLite's locks, of the process."""

    _CHUNK = 1024 * 1024

    def __init__(self, path: Path) -> None:
        self._file: Any = None
        with suppress(OSError):
            self._file = path.open("rb", buffering=0)

    def digest(self) -> bytes | None:
        if not self._file:
            return None
        digest, at = hashlib.blake2b(), 0
        while chunk := os.pread(self._file.fileno(), self._CHUNK, at):
            digest.update(chunk)
            at += len(chunk)
        return digest.digest()


@dataclass(frozen=True)
class _Found:
    identity: tuple[int, int]
    """Identity: device and inode."""
    written: tuple[int, int]
    """Size, and when it was written last."""


def _found(path: Path | int) -> _Found | None:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return _Found((found.st_dev, found.st_ino), (found.st_size, found.st_mtime_ns))


@dataclass(frozen=True)
class _Checkpoint:
    """Checkpoint: how far the log is in the database; different after each one."""

    salts: bytes
    """Salts of the log, which is begun anew after it was copied as a whole."""
    done: int
    begun: int

    @property
    def is_under_way(self) -> bool:
        return self.begun > self.done


class _WalIndex:
    """SQLite's index of the log in WAL mode, `FILE-shm`: https://sqlite.org/walformat.html."""

    _HEAD = 136
    _SALTS, _DONE, _BEGUN = slice(32, 40), slice(96, 100), slice(128, 132)

    def __init__(self, database: Path) -> None:
        self._path = _beside(database, "shm")
        self._file: Any = None

    def is_in_use(self) -> bool:
        """True if it is the one that SQLite uses; the last to close a database removes it."""
        ours, found = self._file and _found(self._file.fileno()), _found(self._path)
        return bool(ours and found and ours.identity == found.identity)

    def checkpoint(self) -> _Checkpoint:
        # SQLite makes it when it reads for the first time.
        if not self._file:
            with suppress(OSError):
                self._file = self._path.open("rb", buffering=0)
        head = os.pread(self._file.fileno(), self._HEAD, 0) if self._file else b""
        return _Checkpoint(
            head[self._SALTS],
            int.from_bytes(head[self._DONE], sys.byteorder),
            int.from_bytes(head[self._BEGUN], sys.byteorder),
        )


def _beside(database: Path, what: str) -> Path:
    return database.with_name(f"{database.name}-{what}")


def set_log_aside(database: Path, name: Path) -> None:
    """Set aside a log that isn't the database's: the next process to open it would apply it."""
    for what in ("wal", "shm"):
        with suppress(FileNotFoundError):
            _beside(database, what).rename(_beside(name, what))


def _size(path: Path) -> int:
    """Size in bytes; 0 for a file that isn't there."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
