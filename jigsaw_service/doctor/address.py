"""Address file: the service writes its URL beside its cookie secret, for the doctor to find.

A service that the Hub manages learns its own address from the Hub alone.
"""

import contextlib
import os
from pathlib import Path
from urllib.parse import urljoin, urlsplit

_NAME = "jigsaw_service_address"


def leave(secret_file: Path, url: str) -> None:
    """Write the file, for us alone; where that fails, the doctor has to be told the address."""
    with contextlib.suppress(OSError):
        file = secret_file.with_name(_NAME)
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as out:
            out.write(f"{url}\n")


def find(secret_file: Path) -> str:
    """The service's own URL, as `http://127.0.0.1:10110/jupyter/services/jigsaw/`; or ""."""
    try:
        told = of_environment() or secret_file.with_name(_NAME).read_text().strip()
        url = urlsplit(told)
    except (OSError, ValueError):
        return ""
    return told if url.scheme and url.hostname and url.path.endswith("/") else ""


def of_environment() -> str:
    """URL that the Hub, or the operator, told this process; or ""."""
    url = os.environ.get("JUPYTERHUB_SERVICE_URL", "")
    prefix = os.environ.get("JUPYTERHUB_SERVICE_PREFIX", "")
    return urljoin(url, prefix) if url and prefix else ""
