"""What all sockets share: who may open one, and that a sign-in which ended ends them."""

import random
from typing import Any
from urllib.parse import urlsplit

from tornado.httputil import HTTPHeaders
from tornado.ioloop import PeriodicCallback
from tornado.web import HTTPError
from tornado.websocket import WebSocketHandler

from ..errors import BadRequest, JigsawError, NotAllowed
from .base import BaseHandler

PING_SECONDS = 25
"""Keeps a proxy's idle limit, often 60 s, from cutting a quiet socket."""
REVALIDATE_SECONDS = 50
"""A sign-in that ended on the Hub ends its sockets within a minute."""
_JITTER = 0.2


class SocketHandler(WebSocketHandler, BaseHandler):
    """Base of the sockets."""

    _check: PeriodicCallback | None = None

    def initialize(self) -> None:
        BaseHandler.initialize(self)

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
        if not origin or origin == self.parts.public_origin:
            return True
        return urlsplit(origin).netloc.lower() == self.request.host.lower()

    def open(self, *_args: str, **_kwargs: str) -> None:
        self.set_nodelay(True)
        self._session_id = self.hub_auth.get_session_id(self)
        self._forget_request()
        # Not all of them at the same moment.
        seconds = REVALIDATE_SECONDS * (1 - _JITTER * random.random())  # noqa: S311
        self._check = PeriodicCallback(self._revalidate, seconds * 1000)
        self._check.start()

    def _forget_request(self) -> None:
        """A socket stays open for hours, and what asked for it takes as much as the rest."""
        self.request.headers = self._headers = HTTPHeaders()
        self._cached_hub_user = None

    def on_close(self) -> None:
        if self._check:
            self._check.stop()

    async def _revalidate(self) -> None:
        """Ask the Hub afresh: a sign-out does not close sockets by itself."""
        try:
            model = await self.hub_auth.user_for_token(
                self.token,
                use_cache=False,
                session_id=self._session_id,
                sync=False,
            )
            if model is not None:
                self.check_use(model)
        except HTTPError:
            # A Hub that restarts is no reason to send everybody away.
            return
        except JigsawError:
            model = None
        if model is None:
            self.signed_out()
        else:
            self.revalidated(model)

    def signed_out(self) -> None:
        """The sign-in has ended, or lost the use of this service."""
        raise NotImplementedError

    def revalidated(self, model: dict[str, Any]) -> None:
        """The Hub's new word on the same person."""
