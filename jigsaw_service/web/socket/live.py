"""`api/workspaces/{id}/live`: who may open a live socket, and how it is opened."""

import asyncio

from websockets.exceptions import InvalidHandshake
from websockets.server import ServerProtocol

from ... import errors
from ...errors import BadRequest, JigsawError, NotAllowed, NotReady, NotSignedIn, StorageFailed
from ...live.connection import Bye
from ...runtime.roles import Action
from ..route import ITEM, SWITCHING_PROTOCOLS, operation, route
from .base import SocketHandler
from .live_socket import MAX_MESSAGE, LiveSocket, bye_message
from .websocket import FrameSocket, handshake, take_over

_TOLD_AFTER: dict[type[JigsawError], Bye] = {
    NotSignedIn: Bye.NOT_SIGNED_IN,
    NotAllowed: Bye.NOT_ALLOWED,
    NotReady: Bye.RESTARTING,
    StorageFailed: Bye.STORAGE_FAILED,
}


@route(f"{ITEM}/live")
class LiveHandler(SocketHandler):
    """Answers the request; all that comes after is the socket's."""

    _refused: Bye | None = None

    async def prepare(self) -> None:
        """A foreign page is refused before the upgrade; who isn't signed in, after it.

        Scripts see no reason but a close code, and those who have to sign in must be told.
        """
        self.require_origin()
        try:
            await self.identify()
            self.require_xsrf()
        except tuple(_TOLD_AFTER) as refusal:
            if not self.is_upgrade:
                raise
            self._refused = _TOLD_AFTER[type(refusal)]

    @operation(
        "The live socket, a websocket; docs/live.md lists its messages.",
        Action.JOIN,
        {SWITCHING_PROTOCOLS: None},
        refusals=(errors.NotAllowed,),
    )
    async def get(self, workspace_id: str) -> None:
        self.require_upgrade()
        try:
            protocol = handshake(self, MAX_MESSAGE)
        except InvalidHandshake as error:
            raise BadRequest(str(error)) from error
        if not self._refused and not self.services.rooms.admit(self.user.id):
            self._refused = Bye.TOO_MANY
        if self._refused:
            await take_over(self, FarewellSocket(protocol, self._refused))
        else:
            await take_over(self, LiveSocket(self, workspace_id, protocol).frames)


class FarewellSocket(FrameSocket):
    """Says why it is closed, and is."""

    def __init__(self, protocol: ServerProtocol, bye: Bye) -> None:
        super().__init__(protocol, lambda _text: None, lambda: None, most_unsent=0)
        self._bye = bye

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self.send(bye_message(self._bye))
        self.close(self._bye.code, self._bye.slug)
