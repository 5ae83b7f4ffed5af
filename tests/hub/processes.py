"""The processes of one demo, found by the folder they work in."""

import os
from pathlib import Path


def processes_in(folder: Path, command: str = "") -> list[int]:
    """Processes that work below `folder`, or were told of it, and whose command holds `command`."""
    pids = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    return [pid for pid in pids if pid != os.getpid() and _belongs(pid, folder, command)]


def service_of(folder: Path) -> int:
    """The service itself, whose supervisor is another process."""
    (service,) = processes_in(folder, "-m jigsaw_service ")
    return service


def _belongs(pid: int, folder: Path, command: str) -> bool:
    process = Path(f"/proc/{pid}")
    try:
        if command not in (process / "cmdline").read_bytes().replace(b"\0", b" ").decode():
            return False
        told = f"JIGSAW_DEMO_DIR={folder}".encode() in (process / "environ").read_bytes()
        return told or str(folder) in str((process / "cwd").readlink())
    except OSError:
        return False
