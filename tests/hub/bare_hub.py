"""A Hub without the service: one that is too old for it, or whose clock goes wrong."""

import os
import runpy
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from .conftest import ROOT, answers, until

_DEMO = runpy.run_path(str(ROOT / "deploy/demo/demo.py"))
_CONFIG = """
load_subconfig({classroom!r})
c = get_config()
c.JupyterHub.bind_url = "http://127.0.0.1:{port}/jupyter/"
"""


@contextmanager
def bare_hub(folder: Path, python: Path, before: Sequence[str] = ()) -> Iterator[str]:
    """Its API, as it runs in that environment; `before`: what its command is given to."""
    ports = [_DEMO["free_port"]() for _ in range(4)]
    config = folder / "config.py"
    config.write_text(
        _CONFIG.format(classroom=str(ROOT / "deploy/demo/classroom.py"), port=ports[0])
    )
    environment = os.environ | {
        "JIGSAW_DEMO_DIR": str(folder),
        "JIGSAW_DEMO_PORTS": ",".join(map(str, ports)),
        "JIGSAW_DEMO_PROXY": "\n".join(_DEMO["proxy_command"]()),
    }
    command = [*before, str(python), "-m", "jupyterhub", "-f", str(config)]
    with (folder / "jupyterhub.log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=log, stderr=log, start_new_session=True
        )
    api = f"http://127.0.0.1:{ports[0]}/jupyter/hub/api"
    try:
        until(lambda: process.poll() is not None or answers(f"{api}/"))
        assert process.poll() is None, (folder / "jupyterhub.log").read_text()
        yield api
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
