"""Zip stream: sent while it is written, with never more of it in memory than one file."""

import io
import unicodedata
import zipfile
from datetime import datetime
from pathlib import PurePosixPath

_FIRST_YEAR = 1980  # of the format's times


class _Outlet(io.RawIOBase):
    """Collects what is written until it is taken away."""

    def __init__(self) -> None:
        self._chunks: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        chunk = bytes(data)  # type: ignore[call-overload]
        self._chunks.append(chunk)
        return len(chunk)

    def take(self) -> bytes:
        taken = b"".join(self._chunks)
        self._chunks.clear()
        return taken


class ZipStream:
    """Each step gives the bytes that come next."""

    def __init__(self) -> None:
        self._outlet = _Outlet()
        self._zip = zipfile.ZipFile(self._outlet, "w", zipfile.ZIP_DEFLATED)

    def add(self, path: str, data: bytes, modified: datetime) -> bytes:
        """Add one file."""
        when = modified.timetuple()[:6] if modified.year >= _FIRST_YEAR else (_FIRST_YEAR, 1, 1)
        info = zipfile.ZipInfo(path, (*when, 0, 0, 0)[:6])
        info.compress_type = zipfile.ZIP_DEFLATED
        info.external_attr = 0o644 << 16
        self._zip.writestr(info, data)
        return self._outlet.take()

    def end(self) -> bytes:
        """End the zip by its table of contents."""
        self._zip.close()
        return self._outlet.take()


class DistinctPaths:
    """Paths of which no two are the same to any file system."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def make(self, path: str) -> str:
        """`path`, or with a number before its suffix."""
        plain = PurePosixPath(path)
        made, number = path, 1
        while (key := unicodedata.normalize("NFC", made).casefold()) in self._taken:
            number += 1
            made = str(plain.with_name(f"{plain.stem} ({number}){plain.suffix}"))
        self._taken.add(key)
        return made
