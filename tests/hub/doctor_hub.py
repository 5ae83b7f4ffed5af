"""A Hub whose set-up has faults: services that may too little or too much, and odd kernels."""

import json
import runpy
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from aiohttp import ClientSession

from jigsaw_service.doctor.finding import Finding
from jigsaw_service.doctor.internal_checks import INSIDE
from jigsaw_service.doctor.proof import HEADER, Purpose, prove
from jigsaw_service.doctor.runner import Visit, examine
from jigsaw_service.doctor.setting import Setting
from jigsaw_service.hub import SCOPES
from jigsaw_service.jupyter.servers import Owner, Servers

from .conftest import ROOT, Demo, running
from .people import Person

BASE = "/jupyter/"
DEMO_CONFIG = ROOT / "deploy/demo/jupyterhub_config.py"
free_port: Callable[[], int] = runpy.run_path(str(ROOT / "deploy/demo/demo.py"))["free_port"]
TOKENS = {"beside": "0beside" * 4, "entitled": "entitled" * 4}
ALLOWED = {
    "narrow": ["read:users!user", "access:servers!user"],
    "wide": [*SCOPES, "tokens!user"],
    "unknown": [*SCOPES, "fly:servers!user"],
}

_CONFIG = """
from pathlib import Path
load_subconfig({demo!r})
c = get_config()
c.Authenticator.admin_users = {{"teacher"}}
for name, port in {ports!r}.items():
    folder = Path({folder!r}) / name
    folder.mkdir(exist_ok=True)
    c.JupyterHub.services.append({{
        "name": name,
        "url": f"http://127.0.0.1:{{port}}",
        "command": [{python!r}, "-m", "jigsaw_service"],
        "cwd": str(folder),
        "environment": {{"JIGSAW_PROXY_URL": c.JupyterHub.bind_url.partition("/jupyter")[0],
                         "JIGSAW_MANAGED": "1", "PYTHONPATH": {root!r}}},
        "oauth_client_allowed_scopes": {allowed!r}[name],
        "oauth_no_confirm": True,
    }})
for name, token in {tokens!r}.items():
    c.JupyterHub.services.append({{"name": name, "api_token": token}})
c.JupyterHub.load_roles.extend([
    {{"name": "tried", "groups": ["class-7b"], "users": ["teacher"],
     "scopes": [f"access:services!service={{name}}" for name in {ports!r}]}},
    {{"name": "rights", "services": ["entitled"], "scopes": ["list:users"]}},
])

def before_start(spawner):
    # Jupyter gives up a program that ends at once after 6 seconds in the place of 18.
    spawner.args = [*spawner.args, "--KernelRestarter.time_to_dead=1"]
    if spawner.user.name == "carol":
        policy = {{"Content-Security-Policy": "frame-ancestors 'none'; frame-src 'none'"}}
        settings = "--ServerApp.tornado_settings=" + repr({{"headers": policy}})
        spawner.args = [*spawner.args, settings]

c.Spawner.pre_spawn_hook = before_start
"""


@dataclass(frozen=True)
class DoctorHub:
    """One that runs, and what the doctor goes by there."""

    demo: Demo

    @property
    def origin(self) -> str:
        parts = urlsplit(self.demo.url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def api_url(self) -> str:
        return f"{self.origin}{BASE}hub/api"

    def service(self, name: str) -> str:
        return f"{self.origin}{BASE}services/{name}/"

    @asynccontextmanager
    async def visit(self, asker: Person | None = None, **changes: Any) -> AsyncIterator[Visit]:
        """Of the healthy service, but for what `changes`; `asker` is somebody signed in there."""
        async with ClientSession() as http:
            servers = Servers(http, api_url=self.api_url, proxy_url=self.origin, base_url=BASE)
            visit = Visit(
                http=http,
                public_url=f"{self.origin}{BASE}",
                api_url=self.api_url,
                service_prefix=f"{BASE}services/jigsaw/",
                token="",
                proof="",
                setting=self.setting(),
                asker=Owner(asker.name, asker.token) if asker else None,
                asker_signed_in=True,
                servers=servers,
            )
            yield replace(visit, **changes)

    async def found(self, asker: Person | None = None, **changes: Any) -> dict[str, Finding]:
        """Findings of the checks from inside, by name."""
        async with self.visit(asker, **changes) as visit:
            return {finding.name: finding for finding in await examine(visit, INSIDE)}

    def setting(self, **changes: Any) -> Setting:
        """The healthy service's, but for what `changes`."""
        folder = self.demo.folder / "service"
        whole = Setting(
            service_url=self.origin,
            service_name="jigsaw",
            db_url=f"sqlite+aiosqlite:///{folder}/jigsaw.sqlite",
            cookie_secret_file=str(folder / "jigsaw_cookie_secret"),
        )
        return replace(whole, **changes)

    def found_after_a_sign_in(self, service: str) -> set[str]:
        """Findings of that service by itself, once somebody tried in vain to sign in."""
        with pytest.raises((httpx.HTTPStatusError, AssertionError)):
            Person(self.service(service), "alice").sign_in()
        return self.found_by(service)

    def found_by(self, service: str) -> set[str]:
        """Findings of that service by itself."""
        secret = (self.demo.folder / service / "jigsaw_cookie_secret").read_text()
        headers = {HEADER: prove(bytes.fromhex(secret), Purpose.INSIDE)}
        answer = httpx.get(self.service(service) + "_doctor/inside", headers=headers, timeout=60)
        return {finding["name"] for finding in answer.json()["findings"]}

    def add_kernel(
        self, person: str, name: str, argv: list[str], env: dict[str, str] | None = None
    ) -> None:
        """As `install --user` does, for one person alone."""
        folder = self.demo.folder / "home" / person / ".local/share/jupyter/kernels" / name
        folder.mkdir(parents=True, exist_ok=True)
        spec = {"argv": argv, "display_name": name, "language": "python", "env": env or {}}
        (folder / "kernel.json").write_text(json.dumps(spec))


@contextmanager
def doctor_hub(
    folder: Path, ports: Sequence[int] = (), python: str = sys.executable
) -> Iterator[DoctorHub]:
    """Started; the services beside the healthy one only as far as there are ports for them."""
    config = folder / "config.py"
    text = _CONFIG.format(
        demo=str(DEMO_CONFIG),
        ports=dict(zip(ALLOWED, ports, strict=False)),
        folder=str(folder),
        python=python,
        root=str(ROOT),
        allowed=ALLOWED,
        tokens=TOKENS,
    )
    config.write_text(text)
    with running(Demo(folder, {"JIGSAW_DEMO_CONFIG": str(config)}, python)) as demo:
        yield DoctorHub(demo)
