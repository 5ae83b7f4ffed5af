"""Hubs of other kinds: older ones, one with another clock, one that encrypts inside."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from jigsaw_service.doctor import address

from ..bare_hub import bare_hub
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


async def test_a_hub_that_is_too_old_is_found(sick: DoctorHub, tmp_path: Path) -> None:
    with bare_hub(tmp_path, ROOT / ".venvs/hub-4.0.2/bin/python") as api:
        found = await sick.found(api_url=api)

    assert set(found) == {"hub-too-old"}
    assert "4.0.2" in found["hub-too-old"].says


@pytest.mark.parametrize(("skew", "told"), [("+1h", "ahead of"), ("-1h", "behind")])
async def test_a_hub_with_another_clock_is_found(
    sick: DoctorHub, tmp_path: Path, skew: str, told: str
) -> None:
    shifted = ["faketime", "--exclude-monotonic", "-f", skew]
    with bare_hub(tmp_path, Path(sys.executable), shifted) as api:
        found = await sick.found(api_url=api)

    assert set(found) == {"clock-skew"}
    assert told in found["clock-skew"].says


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
