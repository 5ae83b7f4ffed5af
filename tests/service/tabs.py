"""Browser tabs on the live socket."""

import asyncio
import json
import secrets
from collections.abc import Mapping
from typing import Any

from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType

from jigsaw_service.document.records import Records, apply

BLOCK = {"t": "text", "at": [10, 10], "f:TEXT": ""}
_PATIENCE = 20


def new(block_id: str, text: str = "") -> dict[str, Any]:
    return {"op": "new", "id": block_id, "record": {**BLOCK, "f:TEXT": text}}


def put(block_id: str, text: str) -> dict[str, Any]:
    return {"op": "set", "id": block_id, "keys": {"f:TEXT": text}}


class Tab:
    """Says hello, follows the records as a browser does, and checks that no clock is left out."""

    def __init__(
        self,
        http: ClientSession,
        url: str,
        headers: Mapping[str, str],
        *,
        hello: bool = True,
        like: "Tab | None" = None,
    ) -> None:
        """`like`: the same tab before it lost its connection."""
        self._http, self._url, self._headers = http, url, headers
        self._hello = hello
        self.client = like.client if like else secrets.token_urlsafe(24)
        self.epoch = like.epoch if like else None
        self.clock = like.clock if like else 0
        self.records = like.records if like else Records()
        self.n = like.n if like else 0
        self.heard: list[Any] = []
        self.welcome: Any = None

    async def __aenter__(self) -> "Tab":
        self.socket: ClientWebSocketResponse = await self._http.ws_connect(
            self._url, headers=self._headers, max_msg_size=0
        )
        if self._hello:
            await self.say_hello()
            self.welcome = await self.hear("welcome")
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.socket.close()

    async def say_hello(self, **more: Any) -> None:
        known = {"epoch": self.epoch, "clock": self.clock} if self.epoch else {}
        hello = {"type": "hello", "protocol": 1, "client": self.client}
        await self.say(**{**hello, **known, **more})

    async def say(self, **message: Any) -> None:
        await self.socket.send_str(json.dumps(message))

    async def send(self, *ops: Any, n: int = 0) -> int:
        """Send a batch, numbered on; its number."""
        self.n = n or self.n + 1
        await self.say(type="ops", n=self.n, ops=list(ops))
        return self.n

    async def edit(self, *ops: Any, n: int = 0) -> Any:
        """The same; what the service answers."""
        sent = await self.send(*ops, n=n)
        return await self.answer(sent)

    async def answer(self, n: int) -> Any:
        """Answer to batch `n`."""
        while True:
            message = await self.hear("patch", "refused")
            own = message["type"] == "refused" or message["client"] == self.client
            if own and message["n"] == n:
                return message

    async def hear(self, *types: str) -> Any:
        """The next message of one of these types; all before it are taken in too."""
        while True:
            message = await self._next()
            if message is None:
                raise AssertionError(f"closed with {self.socket.close_code}: {self.heard[-3:]}")
            if message["type"] in types:
                return message

    async def reach(self, clock: int) -> None:
        """Listen until all up to that clock is there."""
        while self.clock < clock:
            await self.hear("patch")

    async def end(self) -> tuple[int | None, str | None]:
        """Listen until the service closes: the code, and the slug of its bye."""
        slug = None
        while message := await self._next():
            if message["type"] == "bye":
                slug = message["slug"]
        return self.socket.close_code, slug

    async def _next(self) -> Any:
        frame = await asyncio.wait_for(self.socket.receive(), _PATIENCE)
        if frame.type is not WSMsgType.TEXT:
            assert frame.type in (WSMsgType.CLOSE, WSMsgType.CLOSED, WSMsgType.CLOSING), frame
            return None
        message = json.loads(frame.data)
        self.heard.append(message)
        if message["type"] == "welcome":
            self._begin(message)
        elif message["type"] == "patch":
            self._take(message)
        return message

    def _begin(self, welcome: Any) -> None:
        self.epoch = welcome["epoch"]
        if "records" in welcome:
            self.records = Records.from_json(welcome["records"])
            self.clock = welcome["clock"]
        for message in welcome.get("patches", []):
            self._take(message)
        assert self.clock == welcome["clock"]

    def _take(self, message: Any) -> None:
        if message["clock"] <= self.clock:
            return
        assert message["clock"] == self.clock + 1, "L1: numbered without gaps"
        apply(self.records, message["patch"])
        self.clock = message["clock"]

    def text(self, block_id: str) -> Any:
        record = self.records.blocks.get(block_id)
        return record and record["f:TEXT"]
