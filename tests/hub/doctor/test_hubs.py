"""Hubs of other kinds: older ones, one that encrypts inside, one with another clock."""

import json
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.utils import formatdate
from pathlib import Path
from time import time
from typing import Any

import pytest
from aiohttp import web

from jigsaw_service.doctor import address

from ..conftest import ROOT, Demo, start_server, until
from ..doctor_hub import ALLOWED, DEMO_CONFIG, DoctorHub, doctor_hub, free_port
from ..people import Person

_ENCRYPTING = """
load_subconfig("{demo}")
c = get_config()
c.JupyterHub.internal_ssl = True
c.JupyterHub.internal_certs_location = "{at}/certificates"
c.ConfigurableHTTPProxy.api_url = c.ConfigurableHTTPProxy.api_url.replace("http:", "https:")
c.JupyterHub.hub_bind_url = c.JupyterHub.hub_bind_url.replace("http:", "https:")
"""


@asynccontextmanager
async def server_that_says(answer: dict[str, Any], **headers: str) -> AsyncIterator[str]:
    """A Hub as there is none to install here: too old, or with another clock."""

    async def tell(_request: web.Request) -> web.Response:
        return web.json_response(answer, headers=headers)

    application = web.Application()
    application.router.add_get("/{path:.*}", tell)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", port := free_port())
    await site.start()
    yield f"http://127.0.0.1:{port}"
    await runner.cleanup()


async def test_a_hub_that_is_too_old_is_found(sick: DoctorHub) -> None:
    async with server_that_says({"version": "4.0.2"}) as origin:
        found = await sick.found(api_url=f"{origin}/jupyter/hub/api")

    assert set(found) == {"hub-too-old"}


@pytest.mark.parametrize("skew", [-3600, 3600])
async def test_a_hub_with_another_clock_is_found(sick: DoctorHub, skew: int) -> None:
    date = formatdate(time() + skew, usegmt=True)
    async with server_that_says({"version": "6.1.0"}, Date=date) as origin:
        found = await sick.found(api_url=f"{origin}/jupyter/hub/api")

    assert set(found) == {"clock-skew"}


@pytest.mark.parametrize("version", ["4.1.6", "5.5.4"])
async def test_an_older_hub_has_its_faults_found_and_no_others(
    tmp_path: Path, version: str
) -> None:
    python = ROOT / f".venvs/hub-{version}/bin/python"
    with doctor_hub(tmp_path, [free_port() for _ in ALLOWED], str(python)) as hub:
        admin = Person(hub.demo.url, "teacher").sign_in()
        start_server(admin)
        named = {"narrow": "scopes-missing", "wide": "scopes-too-wide"}

        assert await hub.found(admin) == {}
        for service, name in named.items():
            there = Person(hub.service(service), "teacher").sign_in()
            told = there.call("GET", "api/doctor").json()["findings"]
            assert name in {finding["name"] for finding in told}, told
        assert "scopes-unknown" in hub.found_after_a_sign_in("unknown")


def test_a_hub_that_encrypts_inside_and_so_never_starts_is_found(tmp_path: Path) -> None:
    (config := tmp_path / "config.py").write_text(_ENCRYPTING.format(demo=DEMO_CONFIG, at=tmp_path))
    demo = Demo(tmp_path, {"JIGSAW_DEMO_CONFIG": str(config)})
    secret = tmp_path / "service/jigsaw_cookie_secret"
    demo.launch()
    try:
        until(lambda: address.find(secret), 40)
        command = [sys.executable, "-m", "jigsaw_service", "doctor", "--json", "--time-out=20"]
        ran = subprocess.run(command, cwd=secret.parent, capture_output=True, timeout=60)
    finally:
        demo.stop()

    assert "internal-ssl" in {finding["name"] for finding in json.loads(ran.stdout)["findings"]}
    assert "port-taken" not in ran.stdout.decode()
