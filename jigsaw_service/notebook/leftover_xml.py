"""Leftover XML of MetaKernel's `%jigsaw` in the kernel's folder: read, offered, never changed."""

import os
import re
import stat
from pathlib import Path

MAX_BYTES = 512 * 1024
_PLAIN = re.compile(r"[^/\\\0]{1,200}")


def left_xml(workspace: str, folder: Path | None = None) -> str | None:
    """The XML in NAME.xml, if NAME is plain and the file is one of ours to offer."""
    if not _PLAIN.fullmatch(workspace) or workspace in (".", ".."):
        return None
    path = (folder or Path.cwd()) / f"{workspace}.xml"
    try:
        # A link, or a pipe that never ends, is not what MetaKernel leaves.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | _NO_WAIT)
        with os.fdopen(handle, "rb") as file:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                return None
            content = file.read(MAX_BYTES + 1)
    except (OSError, ValueError):
        return None
    if len(content) > MAX_BYTES:
        return None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    return text if text.lstrip().startswith("<") else None


_NO_WAIT = getattr(os, "O_NONBLOCK", 0)
