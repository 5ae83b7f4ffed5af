"""Kill the service at random moments while people edit, and prove that nothing was lost.

    python -m tests.soak [--minutes 5] [--database sqlite|postgresql|both] [--seed N]

On PostgreSQL two processes serve.
"""

import argparse
import asyncio
import random
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..postgresql import running_postgresql
from .soak import soak


@contextmanager
def _database(kind: str, folder: str) -> Iterator[str]:
    if kind == "sqlite":
        yield f"sqlite+aiosqlite:///{folder}/jigsaw.sqlite"
    else:
        with running_postgresql() as url:
            yield f"{url}/postgres"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 30))
    wanted = parser.parse_args()
    print(f"seed {wanted.seed}")
    found = []
    for kind in ("sqlite", "postgresql"):
        if wanted.database not in (kind, "both"):
            continue
        with tempfile.TemporaryDirectory() as folder:
            with _database(kind, folder) as url:
                processes = 1 if kind == "sqlite" else 2
                print(f"{kind}, {processes} process(es), {wanted.minutes} minutes")
                seconds = 60 * wanted.minutes
                found += asyncio.run(soak(Path(folder), url, processes, seconds, wanted.seed))
    print("\n".join(found[:40]) or "Nothing was lost.")
    sys.exit(1 if found else 0)


main()
