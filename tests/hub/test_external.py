"""The service by itself, as its systemd unit starts it, beside a real Hub."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from shlex import quote

import httpx
import pytest

from .conftest import ROOT, Demo, answers, until
from .people import Person

SYSTEMD = ROOT / "deploy/systemd"
TOKEN = "f" * 64

CONFIG = """
import os
from pathlib import Path

load_subconfig({demo!r})
(service,) = c.JupyterHub.services.to_dict()["extend"]
for managed in ("command", "environment", "cwd"):
    service.pop(managed, None)
service["api_token"] = {token!r}
# It waits so long at its start for a service that is not there yet.
service["timeout"] = 1
Path({ports!r}).write_text(os.environ["JIGSAW_DEMO_PORTS"])
"""


def told(file: Path) -> dict[str, str]:
    """Variables in an environment file of systemd's."""
    lines = [line for line in file.read_text().splitlines() if line and not line.startswith("#")]
    return {key: value.strip("'") for key, _, value in (line.partition("=") for line in lines)}


def start(folder: Path, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    """Start the service as ExecStart does, with nothing but the unit's environment."""
    folder.mkdir(exist_ok=True)
    return subprocess.Popen(
        [sys.executable, "-m", "jigsaw_service"],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)} | environment,
    )


@pytest.fixture
def external(tmp_path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """A Hub that knows of the service and doesn't start it: its URL, and the environment file."""
    config, ports = tmp_path / "config.py", tmp_path / "ports"
    demo_config = str(ROOT / "deploy/demo/jupyterhub_config.py")
    config.write_text(CONFIG.format(demo=demo_config, token=TOKEN, ports=str(ports)))
    demo = Demo(tmp_path, {"JIGSAW_DEMO_CONFIG": str(config)})
    demo.launch()
    try:
        until(ports.exists)
        public, hub, service, _ = ports.read_text().split(",")
        until(lambda: answers(f"http://127.0.0.1:{public}/jupyter/hub/api/"))
        environment = told(SYSTEMD / "environment") | {"JUPYTERHUB_API_TOKEN": TOKEN}
        for name, value in environment.items():
            for known, ours in {"8000": public, "8081": hub, "10110": service}.items():
                value = value.replace(f":{known}", f":{ours}")
            value = re.sub(r"(?<=:\d{5})/hub/", "/jupyter/hub/", value)
            environment[name] = value
        environment["JUPYTERHUB_BASE_URL"] = "/jupyter/"
        environment["JUPYTERHUB_SERVICE_PREFIX"] = "/jupyter/services/jigsaw/"
        yield f"http://127.0.0.1:{public}/jupyter/services/jigsaw/", environment
    finally:
        demo.stop(signal.SIGTERM)


def test_a_crash_is_mended_by_a_restart_and_costs_nobody_a_sign_in(
    external: tuple[str, dict[str, str]], tmp_path: Path
) -> None:
    url, environment = external
    # While it is down, that is nothing to the Hub.
    assert httpx.get(url).status_code == 503
    service = start(tmp_path / "service", environment)
    try:
        until(lambda: answers(f"{url}ready"))
        alice = Person(url, "alice").sign_in()
        made = alice.call("POST", "api/workspaces", json={"name": "Maze", "language": "python"})
        service.kill()
        service.wait()
        service = start(tmp_path / "service", environment)
        until(lambda: answers(f"{url}ready"))

        found = alice.call("GET", "api/workspaces").json()["items"]

        assert [one["id"] for one in found] == [made.json()["id"]]
        server = alice.call("GET", "api/server").json()
        assert server["state"] == "stopped"
        doctor = run_as_the_page_says(tmp_path, environment)
        assert doctor.stdout.endswith("\nNothing found.\n"), doctor
    finally:
        service.terminate()
        assert service.wait(20) == 0


def run_as_the_page_says(
    folder: Path, environment: dict[str, str]
) -> "subprocess.CompletedProcess[str]":
    """The doctor, by the lines for a service that systemd runs."""
    file = folder / "environment"
    file.write_text("".join(f"{name}={quote(value)}\n" for name, value in environment.items()))
    page = (ROOT / "docs/doctor.md").read_text()
    (lines,) = re.findall(r"```sh\n(.*?)```", page, re.S)
    for theirs, ours in {
        "/var/lib/jigsaw": str(folder / "service"),
        "/etc/jigsaw/environment": str(file),
        "/opt/jigsaw/bin/jigsaw-service": f"{sys.executable} -m jigsaw_service",
    }.items():
        assert theirs in lines
        lines = lines.replace(theirs, ours)
    known = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    return subprocess.run(["sh", "-ec", lines], env=known, capture_output=True, text=True)


def test_the_environment_file_says_all_that_the_hub_tells_a_service_it_starts() -> None:
    known = told(SYSTEMD / "environment")
    assert json.loads(known["JUPYTERHUB_OAUTH_ACCESS_SCOPES"])
    assert known["JUPYTERHUB_API_TOKEN"] == ""
    page = (ROOT / "docs/admin.md").read_text()
    assert "deploy/systemd/environment" in page and "deploy/systemd/jigsaw-service.service" in page


def installed(name: str) -> str:
    """That file, with a program that is there, as verifying wants it."""
    return (SYSTEMD / name).read_text().replace("/opt/jigsaw/bin/jigsaw-service", "/bin/true")


def test_the_unit_of_several_processes_is_sound_and_each_has_a_port(tmp_path: Path) -> None:
    unit = tmp_path / "jigsaw-service@.service"
    unit.write_text(installed("jigsaw-service.service"))
    more = tmp_path / f"{unit.name}.d"
    more.mkdir()
    (more / "processes.conf").write_text(installed("processes.conf"))

    verified = subprocess.run(
        ["systemd-analyze", "verify", unit], capture_output=True, text=True, check=False
    )

    assert (verified.returncode, verified.stderr) == (0, "")
    assert "JUPYTERHUB_SERVICE_URL=http://127.0.0.1:%i" in (more / "processes.conf").read_text()


def test_the_unit_is_sound_and_leaves_the_service_few_rights(tmp_path: Path) -> None:
    unit = tmp_path / "jigsaw-service.service"
    unit.write_text(installed("jigsaw-service.service"))

    verified = subprocess.run(
        ["systemd-analyze", "verify", unit], capture_output=True, text=True, check=False
    )
    rated = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", unit],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (verified.returncode, verified.stderr) == (0, "")
    found = re.search(r"exposure level for .*: ([\d.]+)", rated.stdout)
    assert found and float(found[1]) <= 2.0, rated.stdout
