"""Notices of runs among the processes of one service.

A question of a program's reaches only the process by which its run was asked for, and so
does an answer, or the wish for a restart. The others learn it by the database's notices,
so that any page can answer, and none waits for a kernel that was restarted.
"""

import json
from typing import Any

from ..runtime.tasks import spawn
from ..storage.database import Database
from .runs import KernelKey, Runs

_TOPIC = "*runs"
# Somewhat less than a notice may hold.
_MOST_BYTES = 7000


class RunNotices:
    """Notices between the runs of this process and those of the others."""

    def __init__(self, database: Database, runs: Runs) -> None:
        self._database, self._runs = database, runs
        if database.notices.shared:
            runs.spread = self._spread
            database.notices.listen_about(_TOPIC, self._hear)

    def _spread(self, key: KernelKey, news: dict[str, Any]) -> None:
        message = json.dumps({"at": key, **news})
        if len(message) <= _MOST_BYTES:
            spawn(self._send(message), name="telling other processes of a run")

    async def _send(self, message: str) -> None:
        async with self._database.write() as db:
            connection = await db.connection()
            await connection.run_sync(self._database.notices.send, _TOPIC, message)

    def _hear(self, message: str) -> None:
        news = json.loads(message)
        self._runs.at(KernelKey(*news["at"])).learn(news)
