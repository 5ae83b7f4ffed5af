"""(d) Memory of the idle service, beside a JupyterLab server's that nobody uses."""

from collections.abc import AsyncIterator
from pathlib import Path

from tests.hub.conftest import Demo, start_server
from tests.hub.people import Person
from tests.hub.processes import processes_in

from .report import Figure


async def measure(demo: Demo) -> AsyncIterator[Figure]:
    """Resident memory of the service and what keeps it running, in MiB."""
    start_server(Person(demo.url, "bob").sign_in())
    service = processes_in(demo.folder, "-m jigsaw_service")
    server = processes_in(demo.folder / "home" / "bob", "jupyterhub.singleuser")[0]
    ours, rival = sum(map(resident, service)), resident(server)
    yield Figure("memory, idle", f"{ours:.0f} MiB", f"{rival:.0f} MiB", ours / rival, "")


def resident(pid: int) -> float:
    """RSS in MiB, from `/proc` (proc(5))."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * 4096 / 2**20
