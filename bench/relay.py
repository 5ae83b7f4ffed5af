"""A blind relay, the rival that does no work: what one connection says goes to all its room.

`python -m bench.relay PORT`
"""

import asyncio
import sys
from collections import defaultdict

from tornado.web import Application
from tornado.websocket import WebSocketHandler

_rooms: dict[str, set["Relay"]] = defaultdict(set)


class Relay(WebSocketHandler):
    """One connection."""

    def open(self, room: str) -> None:
        self.set_nodelay(True)
        self.room = _rooms[room]
        self.room.add(self)

    def on_message(self, message: str | bytes) -> None:
        for member in self.room:
            member.write_message(message, binary=isinstance(message, bytes))

    def on_close(self) -> None:
        self.room.discard(self)


async def main(port: int) -> None:
    Application([(r"/(.*)", Relay)], log_function=lambda _handler: None).listen(port, "127.0.0.1")
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
