"""The demo's Hub: the classroom, and the site of `deploy/` on this machine alone."""

import os
from pathlib import Path

c = get_config()  # noqa: F821 - given by the Hub
load_subconfig(str(Path(__file__).with_name("classroom.py")))  # noqa: F821 - given by the Hub

HERE = Path(os.environ["JIGSAW_DEMO_DIR"])
PORT, _, SERVICE_PORT, _ = os.environ["JIGSAW_DEMO_PORTS"].split(",")

site = Path(__file__).parents[1].joinpath("jupyterhub_config.py").read_text()
for theirs, ours in {
    "127.0.0.1:8000": f"127.0.0.1:{PORT}",
    "10110": SERVICE_PORT,
    "/srv/jigsaw": str(HERE / "service"),
    # There is no proxy with TLS in front.
    "c.JupyterHub.public_url": "# c.JupyterHub.public_url",
}.items():
    site = site.replace(theirs, ours)
HERE.joinpath("site.py").write_text(site)
load_subconfig(str(HERE / "site.py"))  # noqa: F821 - given by the Hub
