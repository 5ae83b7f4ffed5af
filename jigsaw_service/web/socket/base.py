"""Base of all sockets: who may open one, and that a sign-in which ended ends them."""

import asyncio
import random
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from tornado.web import HTTPError

from ...errors import BadRequest, JigsawError, NotAllowed, NotReady
from ...runtime.tasks import spawn
from ..base import BaseHandler

# A sign-in that ended on the Hub ends its sockets within a minute.
REVALIDATE_SECONDS = 50


class SocketHandler(BaseHandler):
    """Base of those that open a socket."""

    def require_origin(self) -> None:
        """Raise NotAllowed for the page of a stranger."""
        if not self.check_origin(self.request.headers.get("Origin", "")):
            raise NotAllowed("The page that opens this socket is not ours.")

    @property
    def is_upgrade(self) -> bool:
        return bool(self.request.headers.get("Upgrade", "").lower() == "websocket")

    def require_upgrade(self) -> None:
        if not self.is_upgrade:
            raise BadRequest("This address is a websocket.")

    def check_origin(self, origin: str) -> bool:
        """Our own pages, and callers that are no browser."""
        if not origin or origin == self.services.public_origin:
            return True
        return urlsplit(origin).netloc.lower() == self.request.host.lower()


class Vigil:
    """Asks the Hub about the sign-in of an open socket, now and then: its end closes none.

    Keeps what it takes, and not the request: a socket stays open for hours.
    """

    def __init__(
        self,
        handler: BaseHandler,
        *,
        renewed: Callable[[dict[str, Any]], None],
        ended: Callable[[], None],
    ) -> None:
        """`renewed` hears the Hub's new word on the same person; `ended`: there is none, or they
        have lost the use of this service."""
        self._auth, self._token = handler.services.auth, handler.token
        self._accounts, self._account = handler.services.accounts, handler.user.id
        self._session_id = self._auth.get_session_id(handler)
        self._renewed, self._ended = renewed, ended
        self._stopped = False
        # A class comes within seconds, and shall not ask at the same moment ever after.
        self._ask_in(REVALIDATE_SECONDS * random.random())  # noqa: S311

    def stop(self) -> None:
        self._stopped = True
        self._timer.cancel()

    def _ask_in(self, seconds: float) -> None:
        self._timer = asyncio.get_running_loop().call_later(seconds, self._begin)

    def _begin(self) -> None:
        self._ask_in(REVALIDATE_SECONDS)
        spawn(self._ask(), name="asking the Hub about a sign-in")

    async def _ask(self) -> None:
        try:
            model = await self._auth.user_for_token(
                self._token, use_cache=False, session_id=self._session_id, sync=False
            )
            if model is not None:
                self._auth.require_use(model)
                # An admin may have deleted the account, or joined it with another.
                account = await self._accounts.recognise(model["name"], model.get("created"))
                model = model if account == self._account else None
        except (HTTPError, NotReady):
            # A Hub, or a database, that restarts is no reason to send everybody away.
            return
        except JigsawError:
            model = None
        if self._stopped:
            return
        if model is None:
            self._ended()
        else:
            self._renewed(model)
