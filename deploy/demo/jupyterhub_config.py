"""The demo's Hub: the classroom and the service, on this machine alone."""

import os
from pathlib import Path

from jigsaw_service.hub import register

c = get_config()  # noqa: F821 - given by the Hub
load_subconfig(str(Path(__file__).with_name("classroom.py")))  # noqa: F821 - given by the Hub

PORT, _, SERVICE_PORT, _ = map(int, os.environ["JIGSAW_DEMO_PORTS"].split(","))

c.JupyterHub.bind_url = f"http://127.0.0.1:{PORT}/jupyter/"

register(c, port=SERVICE_PORT, data_dir=Path(os.environ["JIGSAW_DEMO_DIR"]) / "service")
