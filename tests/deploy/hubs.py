"""A real JupyterHub configured by `deploy/jupyterhub_config.py`, for people of the demo."""

import os
import runpy
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from jigsaw_service.doctor.proof import HEADER, Purpose, prove

from ..hub.conftest import answers, until
from .fronts import NAME, ROOT, free_port

_DEMO = runpy.run_path(str(ROOT / "deploy/demo/demo.py"))
PROXY_COMMAND: list[str] = _DEMO["proxy_command"]()
_BOTH = """
load_subconfig({site!r})
load_subconfig({classroom!r})
c.JupyterHub.allow_named_servers = True
"""


@dataclass(frozen=True)
class Hub:
    """One that runs: its own proxy is at `port`, and people find the service at `url`."""

    folder: Path
    base: str
    port: int
    people_have_domains: bool
    pid: int = 0

    @property
    def url(self) -> str:
        name = f"jigsaw--service.{NAME}" if self.people_have_domains else NAME
        return f"https://{name}{self.base}services/jigsaw/"

    def found_inside(self) -> dict[str, dict[str, Any]]:
        """Findings of its service by itself, by name."""
        secret = (self.folder / "service/jigsaw_cookie_secret").read_text()
        shown = {HEADER: prove(bytes.fromhex(secret), Purpose.INSIDE)}
        there = urlsplit(self.url)
        url = f"http://127.0.0.1:{self.port}{there.path}_doctor/inside"
        answer = httpx.get(url, headers={**shown, "Host": there.netloc}, timeout=60)
        return {finding["name"]: finding for finding in answer.json()["findings"]}

    def log(self) -> str:
        return (self.folder / "jupyterhub.log").read_text()


def rendered_config(
    folder: Path,
    *,
    base: str,
    port: int,
    service_port: int,
    people_have_domains: bool,
    knows_public_url: bool = True,
) -> str:
    """The file of `deploy/` with what an admin changes in it, and nothing else."""
    text = (ROOT / "deploy/jupyterhub_config.py").read_text()
    if people_have_domains:
        text = text.replace("# c.JupyterHub.subdomain_host", "c.JupyterHub.subdomain_host")
    if not knows_public_url:
        text = text.replace("c.JupyterHub.public_url", "# c.JupyterHub.public_url")
    for ours, theirs in {
        "/jupyter/": base,
        "127.0.0.1:8000": f"127.0.0.1:{port}",
        "10110": str(service_port),
        "/srv/jigsaw": str(folder / "service"),
    }.items():
        assert ours in text
        text = text.replace(ours, theirs)
    return text


@contextmanager
def running_hub(
    folder: Path,
    *,
    base: str = "/jupyter/",
    people_have_domains: bool = False,
    knows_public_url: bool = True,
) -> Iterator[Hub]:
    """Started, ready, and stopped whatever happens."""
    port, hub_port, service_port, proxy_port = (free_port() for _ in range(4))
    site = rendered_config(
        folder,
        base=base,
        port=port,
        service_port=service_port,
        people_have_domains=people_have_domains,
        knows_public_url=knows_public_url,
    )
    (folder / "site.py").write_text(site)
    classroom = str(ROOT / "deploy/demo/classroom.py")
    config = folder / "jupyterhub_config.py"
    config.write_text(_BOTH.format(site=str(folder / "site.py"), classroom=classroom))
    environment = os.environ | {
        "JIGSAW_DEMO_DIR": str(folder),
        "JIGSAW_DEMO_PORTS": f"{port},{hub_port},{service_port},{proxy_port}",
        "JIGSAW_DEMO_PROXY": "\n".join(PROXY_COMMAND),
    }
    with (folder / "jupyterhub.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "jupyterhub", "-f", str(config)],
            cwd=folder,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    hub = Hub(folder, base, port, people_have_domains, process.pid)
    service = f"http://127.0.0.1:{service_port}{base}services/jigsaw/ready"
    try:
        until(lambda: process.poll() is not None or answers(service), 120)
        assert process.poll() is None, hub.log()
        # The service may be ready before the Hub has told its proxy of it.
        until(lambda: "JupyterHub is now running" in hub.log())
        yield hub
    finally:
        process.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(60)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
