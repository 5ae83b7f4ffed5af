"""`make bench`: prints every figure beside its rival, measured in the same run.

python -m bench [execute] [saves] [page] [memory] [remote] [live] [lists] [compare] [marks]
"""

import asyncio
import sys
import tempfile
from pathlib import Path

from tests.hub.conftest import ROOT, Demo, running

from . import compare, execute, lists, live, marks, memory, page, remote, saves
from .report import HEADER

_ALL = {
    "execute": execute,
    "saves": saves,
    "page": page,
    "memory": memory,
    "remote": remote,
    "live": live,
    "lists": lists,
    "compare": compare,
    "marks": marks,
}


async def main(wanted: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "jupyterhub_config.py"
        demo_config = ROOT / "deploy/demo/jupyterhub_config.py"
        config.write_text(
            f"load_subconfig({str(demo_config)!r})\n{page.HUB_CONFIG}{live.HUB_CONFIG}"
        )
        with running(Demo(Path(folder) / "demo", {"JIGSAW_DEMO_CONFIG": str(config)})) as demo:
            print(HEADER, flush=True)
            for name in wanted or _ALL:
                async for figure in _ALL[name].measure(demo):
                    print(figure.line(), flush=True)


asyncio.run(main(sys.argv[1:]))
