"""Somebody who edits without a pause, and writes down what was acknowledged."""

import asyncio
import secrets
from collections.abc import Callable
from contextlib import suppress
from random import Random
from typing import Any

import aiohttp

from jigsaw_service.document.records import Records, apply

_IN_FLIGHT = 3
_BLOCKS = 40
# Patches that the service certainly tells to a tab that comes back.
_MOST_MISSED = 500


class Editor:
    """One tab: its records are only what the service has told it."""

    def __init__(self, name: str, workspace: str, address: Callable[[], str], seed: int) -> None:
        self.name, self.workspace, self._address = name, workspace, address
        self.client = secrets.token_hex(16)
        self.random = Random(seed)
        self.records = Records()
        self.clock = 0
        self.epoch: str | None = None
        # What was told for each clock.
        self.heard: dict[int, Any] = {}
        # The clock, where I was told it, of each of my batches that was acknowledged.
        self.acknowledged: dict[int, int | None] = {}
        self.sent: dict[int, list[dict[str, Any]]] = {}
        self.faults: list[str] = []
        self.editing = True
        self._n = 0
        self._made = 0

    @property
    def pending(self) -> list[int]:
        return [n for n in self.sent if n not in self.acknowledged]

    async def run(self) -> None:
        """Edit until `editing` is taken away and all is acknowledged; any loss means: again."""
        async with aiohttp.ClientSession() as http:
            while self.editing or self.pending:
                with suppress(aiohttp.ClientError, ConnectionError, asyncio.TimeoutError):
                    await self._sit(http)
                await asyncio.sleep(self.random.uniform(0.05, 0.4))

    async def listen(self, seconds: float) -> None:
        """Once more without editing, to hear what the others did last."""
        async with aiohttp.ClientSession() as http:
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._sit(http, edit=False), seconds)

    async def _sit(self, http: aiohttp.ClientSession, *, edit: bool = True) -> None:
        headers = {"Authorization": f"token {self.name}"}
        url = f"{self._address()}api/workspaces/{self.workspace}/live"
        async with http.ws_connect(url, headers=headers, max_msg_size=0) as ws:
            known = {"epoch": self.epoch, "clock": self.clock} if self.epoch else {}
            await ws.send_json({"type": "hello", "protocol": 1, "client": self.client, **known})
            answer = await ws.receive(timeout=10)
            if answer.type is not aiohttp.WSMsgType.TEXT:
                return
            welcome = answer.json()
            if welcome["type"] != "welcome":
                return
            self._welcomed(welcome)
            for n in self.pending:
                await ws.send_json({"type": "ops", "n": n, "ops": self.sent[n]})
            while not ws.closed and (not edit or self.editing or self.pending):
                if edit and self.editing and len(self.pending) < _IN_FLIGHT:
                    await self._edit(ws)
                try:
                    message = await ws.receive(timeout=self.random.uniform(0.001, 0.05))
                except asyncio.TimeoutError:
                    continue
                if message.type is not aiohttp.WSMsgType.TEXT:
                    return
                self._hear(message.json())

    def _welcomed(self, welcome: dict[str, Any]) -> None:
        self.epoch = welcome["epoch"]
        if "records" in welcome:
            missed = welcome["clock"] - self.clock
            if self.heard and missed <= _MOST_MISSED:
                self.faults.append(f"{self.name} missed {missed} patches and was not told them")
            self.records = Records.from_json(welcome["records"])
            self.clock = welcome["clock"]
            # Which clock they got was in one of the patches that were too many.
            for n in self.pending:
                if n <= welcome["last_n"]:
                    self.acknowledged[n] = None
        for told in welcome.get("patches", []):
            self._hear({**told, "type": "patch"})
        if self.clock != welcome["clock"]:
            self.faults.append(f"welcomed at {welcome['clock']}, but stands at {self.clock}")
        for n in self.pending:
            if n <= welcome["last_n"]:
                self.faults.append(f"batch {n} is known to the service, its patch never came")

    def _hear(self, message: dict[str, Any]) -> None:
        if message["type"] == "refused":
            self.faults.append(f"refused: {message['slug']} {message['detail']}")
            self.sent.pop(message["n"], None)
        if message["type"] != "patch":
            return
        clock = message["clock"]
        if clock != self.clock + 1:
            self.faults.append(f"L1: {self.name} heard {clock} after {self.clock}")
        self.clock = clock
        self.heard[clock] = message["patch"]
        apply(self.records, message["patch"])
        if message["client"] == self.client:
            self.acknowledged[message["n"]] = clock

    async def _edit(self, ws: aiohttp.ClientWebSocketResponse) -> None:
        self._n += 1
        self.sent[self._n] = [self._operation() for _ in range(self.random.randint(1, 2))]
        await ws.send_json({"type": "ops", "n": self._n, "ops": self.sent[self._n]})

    def _operation(self) -> dict[str, Any]:
        ids = list(self.records.blocks)
        chance = self.random.random()
        if len(ids) < 5 or (chance < 0.25 and len(ids) < _BLOCKS):
            self._made += 1
            new = f"{self.client[:6]}-{self._made}"
            return {"op": "new", "id": new, "record": {"t": "text", "at": self._place(ids)}}
        one = self.random.choice(ids)
        if chance < 0.55:
            return {"op": "mv", "id": one, "at": self._place(ids)}
        if chance < 0.9:
            return {"op": "set", "id": one, "keys": {"f:TEXT": secrets.token_hex(4)}}
        return {"op": "del", "ids": self.random.sample(ids, min(len(ids), 2))}

    def _place(self, ids: list[str]) -> list[Any]:
        kind = self.random.random()
        if not ids or kind < 0.3:
            return [self.random.randint(0, 900), self.random.randint(0, 900)]
        parent = self.random.choice(ids)
        return [parent] if kind < 0.7 else [parent, self.random.choice("AB"), "s"]
