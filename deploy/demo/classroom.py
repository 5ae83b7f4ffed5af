"""The demo's people and their servers: a known password, this very user, loopback only."""

import os
import sys
from pathlib import Path

c = get_config()  # noqa: F821 - given by the Hub

HERE = Path(os.environ["JIGSAW_DEMO_DIR"])
_, HUB_PORT, _, PROXY_API_PORT = map(int, os.environ["JIGSAW_DEMO_PORTS"].split(","))
STUDENTS = ["alice", "bob", "carol"]

c.JupyterHub.hub_bind_url = f"http://127.0.0.1:{HUB_PORT}"
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{PROXY_API_PORT}"
c.ConfigurableHTTPProxy.command = os.environ["JIGSAW_DEMO_PROXY"].split("\n")
c.ConfigurableHTTPProxy.pid_file = str(HERE / "proxy.pid")
c.JupyterHub.db_url = f"sqlite:///{HERE / 'jupyterhub.sqlite'}"
c.JupyterHub.cookie_secret_file = str(HERE / "jupyterhub_cookie_secret")

# A demo: everybody has the same, well-known password.
c.JupyterHub.authenticator_class = "dummy"
c.DummyAuthenticator.password = "jigsaw"
c.Authenticator.allowed_users = {"teacher", *STUDENTS}
c.JupyterHub.load_groups = {"class-7b": {"users": STUDENTS}}

# No system accounts: every server runs as the user who started the demo, in a folder of its own.
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = str(HERE / "home" / "{username}")
c.Spawner.cmd = [sys.executable, "-m", "jupyterhub.singleuser"]
c.Spawner.args = ["--allow-root"] if os.geteuid() == 0 else []
c.Spawner.environment = {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
c.Spawner.default_url = "/lab"
