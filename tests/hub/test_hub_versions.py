"""The same service on the Hubs that are in use: started, signed in to, run on."""

import os
import subprocess
from pathlib import Path

import pytest

from .conftest import ROOT, Demo, running, start_server
from .people import Person


@pytest.mark.parametrize("version", ["4.1.6", "5.5.4"])
def test_the_service_serves_on_an_older_hub(tmp_path: Path, version: str) -> None:
    python = ROOT / f".venvs/hub-{version}/bin/python"
    with running(Demo(tmp_path, python=str(python))) as demo:
        alice = Person(demo.url, "alice").sign_in()
        start_server(alice)
        made = alice.call("POST", "api/workspaces", json={"name": "Old", "language": "python"})

        ran = alice.call(
            "POST",
            f"api/workspaces/{made.json()['id']}/execute",
            json={"code": "6 * 7"},
            headers={"Accept": "application/json"},
        )

        # The token may do all that is needed, so nobody is sent round to renew it.
        assert "jigsaw-sign-in-renewed" not in {c.name for c in alice.http.cookies.jar}
        assert ran.json()["outputs"][0]["data"]["text/plain"] == "42"
        assert alice.call("DELETE", "api/server").status_code == 200

        command = [str(python), "-m", "jigsaw_service", "doctor"]
        looked = subprocess.run(
            command,
            cwd=tmp_path / "service",
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            timeout=100,
        )
        assert looked.stdout.endswith("\nNothing found.\n"), looked
