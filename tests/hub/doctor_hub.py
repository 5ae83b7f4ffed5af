"""A Hub whose set-up has faults: services that may too little or too much, and odd kernels."""

import json
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from aiohttp import ClientSession

from jigsaw_service.doctor.examination import Visit, examine
from jigsaw_service.doctor.finding import Finding
from jigsaw_service.doctor.inside import INSIDE
from jigsaw_service.doctor.setting import Setting
from jigsaw_service.hub import SCOPES
from jigsaw_service.jupyter.servers import Owner, Servers

from .conftest import ROOT, Demo, running
from .people import Person

BASE = "/jupyter/"
DEMO_CONFIG = ROOT / "deploy/demo/jupyterhub_config.py"
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

def strict(spawner):
    if spawner.user.name == "carol":
        policy = {{"Content-Security-Policy": "frame-ancestors 'none'; frame-src 'none'"}}
        settings = "--ServerApp.tornado_settings=" + repr({{"headers": policy}})
        spawner.args = [*spawner.args, settings]

c.Spawner.pre_spawn_hook = strict
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
            folder = self.demo.folder / "service"
            visit = Visit(
                http=http,
                public_url=f"{self.origin}{BASE}",
                api_url=self.api_url,
                service_prefix=f"{BASE}services/jigsaw/",
                token="",
                proof="",
                setting=Setting(
                    service_url=self.origin,
                    service_name="jigsaw",
                    db_url=f"sqlite+aiosqlite:///{folder}/jigsaw.sqlite",
                    cookie_secret_file=str(folder / "jigsaw_cookie_secret"),
                ),
                asker=Owner(asker.name, asker.token) if asker else None,
                asker_signed_in=True,
                servers=servers,
            )
            yield replace(visit, **changes)

    async def found(self, asker: Person | None = None, **changes: Any) -> dict[str, Finding]:
        """What the checks from inside find, by name."""
        async with self.visit(asker, **changes) as visit:
            return {finding.name: finding for finding in await examine(visit, INSIDE)}

    def add_kernel(self, person: str, name: str, argv: list[str]) -> None:
        """As `install --user` does, for one person alone."""
        folder = self.demo.folder / "home" / person / ".local/share/jupyter/kernels" / name
        folder.mkdir(parents=True, exist_ok=True)
        spec = {"argv": argv, "display_name": name, "language": "python"}
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
