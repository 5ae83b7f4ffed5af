"""A database that can't be used is the service's trouble, and never the Hub's."""

import signal
import socket
from pathlib import Path

import httpx

from .conftest import ROOT, Demo, answers, until
from .processes import processes_in

BROKEN = """
load_subconfig({demo!r})
(service,) = c.JupyterHub.services.to_dict()["extend"]
service["environment"]["JIGSAW_DB_URL"] = {db_url!r}
"""

FAILING = """
load_subconfig({demo!r})
(service,) = c.JupyterHub.services.to_dict()["extend"]
service["command"] = ["false"]
"""


def test_the_hub_starts_and_ready_says_what_is_missing(tmp_path: Path) -> None:
    with socket.socket() as nobody_listens:
        nobody_listens.bind(("127.0.0.1", 0))
        port = nobody_listens.getsockname()[1]
    demo = Demo(tmp_path, {"JIGSAW_DEMO_CONFIG": str(tmp_path / "config.py")})
    demo_config = str(ROOT / "deploy/demo/jupyterhub_config.py")
    db_url = "postgresql+asyncpg://nobody@127.0.0.1:1/none"
    (tmp_path / "config.py").write_text(BROKEN.format(demo=demo_config, db_url=db_url))
    demo.launch(port)
    try:
        hub = f"http://127.0.0.1:{port}/jupyter/"
        until(lambda: answers(f"{hub}hub/api/"))
        until(lambda: answers(f"{hub}services/jigsaw/health"))

        ready = httpx.get(f"{hub}services/jigsaw/ready")

        assert ready.status_code == 503
        assert ready.json() == {"ready": False, "missing": ["database-unreachable"], "hub": True}
        refused = httpx.get(f"{hub}services/jigsaw/api/workspaces")
        assert refused.status_code == 503
        assert refused.json()["type"].endswith("/problems/storage-failed")
        assert httpx.get(f"{hub}services/jigsaw/").status_code == 302
    finally:
        demo.stop(signal.SIGTERM)


def test_a_hub_that_fails_while_it_starts_leaves_no_process_behind(tmp_path: Path) -> None:
    config = tmp_path / "config.py"
    demo_config = str(ROOT / "deploy/demo/jupyterhub_config.py")
    config.write_text(FAILING.format(demo=demo_config))
    demo = Demo(tmp_path, {"JIGSAW_DEMO_CONFIG": str(config)})
    demo.launch()
    assert demo.process.wait(120) == 1
    until(lambda: not processes_in(tmp_path))
