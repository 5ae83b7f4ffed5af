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
# Somewhat less than a notice may hold; what is longer is sent in parts.
_PART_BYTES = 7000
_MOST_PARTS = 200


class RunNotices:
    """Notices between the runs of this process and those of the others."""

    def __init__(self, database: Database, runs: Runs) -> None:
        self._database, self._runs = database, runs
        # The parts of a message, until all are there: the database keeps them together.
        self._parts: list[str] = []
        if database.notices.shared:
            runs.spread = self._spread
            database.notices.subscribe_to(_TOPIC, self._hear)

    def _spread(self, key: KernelKey, news: dict[str, Any]) -> None:
        message = json.dumps({"at": key, **news})
        parts = [message[at : at + _PART_BYTES] for at in range(0, len(message), _PART_BYTES)]
        if len(parts) == 1:
            spawn(self._send(parts), name="telling other processes of a run")
        elif len(parts) <= _MOST_PARTS:
            marked = [f"{part}>{number}/{len(parts)}" for number, part in enumerate(parts)]
            spawn(self._send(marked), name="telling other processes of a run")

    async def _send(self, notices: list[str]) -> None:
        async with self._database.write() as db:
            connection = await db.connection()
            said = [(_TOPIC, notice) for notice in notices]
            await connection.run_sync(self._database.notices.send_all, said)

    def _hear(self, notice: str) -> None:
        message = self._whole(notice)
        if message:
            news = json.loads(message)
            self._runs.at(KernelKey(*news["at"])).apply_notice(news)

    def _whole(self, notice: str) -> str:
        """The message that ends with this notice; "" while parts of it are missing."""
        if notice.endswith("}"):
            return notice
        part, _, place = notice.rpartition(">")
        number, count = map(int, place.split("/"))
        if number == 0:
            self._parts.clear()
        if number == len(self._parts):
            self._parts.append(part)
        if number + 1 != count or len(self._parts) != count:
            return ""
        whole = "".join(self._parts)
        self._parts.clear()
        return whole
