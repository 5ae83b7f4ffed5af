"""A page that is only open keeps no server from the culler."""

import asyncio
from pathlib import Path

from .conftest import ROOT, Demo, running, start_server, until
from .kernel_client import KernelClient, stdout
from .people import Person

CULLER = """
load_subconfig({demo!r})
c.JupyterHub.last_activity_interval = 2
c.Spawner.environment = dict(c.Spawner.environment, JUPYTERHUB_ACTIVITY_INTERVAL="2")
c.JupyterHub.load_roles.append(dict(
    name="culler",
    scopes=["list:users", "read:users:activity", "read:servers", "delete:servers"],
    services=["culler"],
))
c.JupyterHub.services.append(dict(
    name="culler",
    command=[{python!r}, "-m", "jupyterhub_idle_culler", "--timeout={patience}", "--cull-every=2"],
))
"""


# Longer than the 30 seconds between a Jupyter server's pings, which count as activity.
PATIENCE_SECONDS = 40


async def test_a_server_whose_page_is_open_but_idle_is_culled(tmp_path: Path) -> None:
    config = tmp_path / "config.py"
    demo_config = str(ROOT / "deploy/demo/jupyterhub_config.py")
    python = str(ROOT / ".venv/bin/python")
    config.write_text(CULLER.format(demo=demo_config, python=python, patience=PATIENCE_SECONDS))
    with running(Demo(tmp_path, {"JIGSAW_DEMO_CONFIG": str(config)})) as demo:
        alice = Person(demo.url, "alice").sign_in()
        start_server(alice)
        kernel = alice.call("POST", "api/jupyter/api/kernels", json={"name": "python3"}).json()

        async with KernelClient(alice, kernel["id"]) as page:
            assert stdout(await page.execute("print(1)")) == "1\n"
            await asyncio.to_thread(until, lambda: state(alice) == "stopped", 120)


def state(someone: Person) -> str:
    answer: str = someone.call("GET", "api/server").json()["state"]
    return answer
