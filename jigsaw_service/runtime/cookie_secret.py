"""Cookie secret: kept in a file, and the same for processes that serve together."""

import fcntl
import os
import secrets
from pathlib import Path


def kept_secret(path: Path) -> bytes:
    """The secret in the file; where there is none yet, a new one that is kept from now on."""
    kept = path.read_text().strip() if path.exists() else ""
    return bytes.fromhex(kept or _first(path))


def _first(path: Path) -> str:
    """First secret: of processes that start together one writes it, and the others read it."""
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        kept = file.read().strip()
        if not kept:
            kept = secrets.token_hex(32)
            file.write(kept)
            file.flush()
    return kept
