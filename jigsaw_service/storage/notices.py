"""Notices: tell every process on this database which workspaces have changed.

A notice is a hint to look, and names a workspace: PostgreSQL's NOTIFY carries it with
the commit, and what was missed is made up for by looking at everything after each new
connection. Or it carries a short message for all who have the workspace open, which may
get lost. On SQLite there is one process, which tells itself; of what a guest beside it
has written it learns by asking SQLite, every few seconds.
"""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from typing import Any
from urllib.parse import quote, unquote

from sqlalchemy import ARRAY, Connection, String, bindparam, func, select
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from ..runtime.tasks import spawn

log = logging.getLogger(__name__)

# Called with a workspace's id, or with None: any of them may have changed; with the message, JSON
# in ASCII below 8,000 bytes, or "" for a hint to look; and with the name of the one person whom it
# is for, or "".
Hear = Callable[[str | None, str, str], None]

_CHANNEL = "jigsaw"
_RETRY_SECONDS = 0.5
# Between tries of the connection, as a cut network says nothing by itself; and between questions
# to SQLite.
_CHECK_SECONDS = 5.0
_NOTIFY = select(func.pg_notify(_CHANNEL, func.unnest(bindparam("notices", type_=ARRAY(String)))))


class Notices:
    """Sends and hears notices; one for each database."""

    def __init__(self, url: str, guest_wrote: Callable[[], Awaitable[bool]]) -> None:
        """`guest_wrote`, for SQLite: whether another process may have since it was called last."""
        self._url = "" if url.startswith("sqlite") else url
        self._guest_wrote = guest_wrote
        self._process = secrets.token_hex(8)
        self._hear: Hear = lambda _workspace_id, _message, _to: None
        self._about: dict[str, Callable[[str], None]] = {}
        self._listening: asyncio.Task[None] | None = None

    @property
    def shared(self) -> bool:
        """True if there may be other processes on this database."""
        return bool(self._url)

    def subscribe(self, hear: Hear) -> None:
        """Call `hear` for every notice from now on, those of this process included."""
        self._hear = hear
        self._begin()

    def subscribe_to(self, topic: str, hear: Callable[[str], None]) -> None:
        """Call `hear` for what other processes send to `topic`, which is no workspace's id."""
        self._about[topic] = hear
        self._begin()

    def _begin(self) -> None:
        if self._listening is None:
            listening = self._listen() if self._url else self._ask()
            self._listening = spawn(listening, name="listening to the database")

    async def close(self) -> None:
        while self._listening and not self._listening.done():
            # More than once: until Python 3.12, `wait_for` may swallow it.
            self._listening.cancel()
            await asyncio.wait([self._listening], timeout=1)
        self._listening = None

    def send(self, db: Connection, workspace_id: str, message: str = "", to: str = "") -> None:
        """Send in a transaction: other processes hear of it when it is committed."""
        self.send_all(db, [(f"{workspace_id}>{quote(to)}" if to else workspace_id, message)])

    def send_all(self, db: Connection, notices: Iterable[tuple[str, str]]) -> None:
        """The same for several: workspace and message."""
        if self._url:
            texts = [f"{self._process} {workspace} {said}".rstrip() for workspace, said in notices]
            db.execute(_NOTIFY, {"notices": texts})

    def publish(self, workspace_id: str, message: str = "") -> None:
        """Tell this process, after the commit."""
        self._hear(workspace_id, message, "")

    async def _ask(self) -> None:
        while True:
            await asyncio.sleep(_CHECK_SECONDS)
            try:
                if await self._guest_wrote():
                    self._hear(None, "", "")
            except Exception as error:
                log.warning("Could not ask SQLite: %s: %s", type(error).__name__, error)

    async def _listen(self) -> None:
        while True:
            try:
                await self._listen_until_lost()
            except Exception as error:
                log.warning("Lost the connection that listens: %s: %s", type(error).__name__, error)
            await asyncio.sleep(_RETRY_SECONDS)

    async def _listen_until_lost(self) -> None:
        lost = asyncio.Event()
        # Not one of the pool's: it is never given back, and outlives an outage of the others.
        engine = create_async_engine(self._url, poolclass=NullPool)
        async with engine.connect() as connection:
            driver: Any = (await connection.get_raw_connection()).driver_connection
            driver.add_termination_listener(lambda _connection: lost.set())
            await driver.add_listener(_CHANNEL, self._receive)
            self._hear(None, "", "")
            while not lost.is_set():
                await asyncio.wait_for(driver.execute("SELECT 1"), _CHECK_SECONDS)
                with suppress(asyncio.TimeoutError):
                    await asyncio.wait_for(lost.wait(), _CHECK_SECONDS)

    def _receive(self, _connection: Any, _pid: int, _channel: str, notice: str) -> None:
        process, _, rest = notice.partition(" ")
        place, _, message = rest.partition(" ")
        workspace_id, _, to = place.partition(">")
        if process == self._process:
            return
        if workspace_id in self._about:
            self._about[workspace_id](message)
        else:
            self._hear(workspace_id, message, unquote(to))
