"""A Hub that answers who has a token, and that it is there. Tokens are people's names."""

import asyncio
import json

from tornado.web import Application, RequestHandler

PEOPLE = {"alice": ["class-7b"], "bob": ["class-7b"], "carol": [], "teacher": []}
SCOPE = "access:services!service=jigsaw"


admins = {"teacher"}


# People whose tokens were made before the Hub let the service reach servers.
narrow: set[str] = set()


def scopes_of(name: str) -> list[str]:
    own = [f"servers!user={name}", f"access:servers!user={name}"]
    return [] if name in narrow else own


answering = asyncio.Event()
answering.set()
"""Cleared, the Hub takes its time until it is set again."""


class _User(RequestHandler):
    async def get(self) -> None:
        await answering.wait()
        name = self.request.headers.get("Authorization", "").removeprefix("token ")
        if name not in PEOPLE:
            self.set_status(403)
            return
        self.finish(
            json.dumps(
                {
                    "kind": "user",
                    "name": name,
                    "groups": PEOPLE[name],
                    "admin": name in admins,
                    "created": "2026-01-01T00:00:00.000000Z",
                    "scopes": [SCOPE, *scopes_of(name)],
                }
            )
        )


# The running servers of people, as the Hub tells them.
servers: dict[str, dict[str, object]] = {}


class _Servers(RequestHandler):
    def get(self, name: str) -> None:
        self.finish({"name": name, "servers": servers.get(name, {})})


# What the running servers of people answer when they are asked for their kernels.
kernelspecs: dict[str, bytes] = {}


class _Kernelspecs(RequestHandler):
    def get(self, name: str) -> None:
        self.set_header("Content-Type", "application/json")
        self.finish(kernelspecs[name])


class _Version(RequestHandler):
    def get(self) -> None:
        self.finish({"version": "6.1.0"})


def fake_hub() -> Application:
    routes = [
        (r"/jupyter/hub/api/user", _User),
        (r"/jupyter/hub/api/users/(\w+)", _Servers),
        (r"/jupyter/hub/api/", _Version),
        (r"/jupyter/user/(\w+)/api/kernelspecs", _Kernelspecs),
    ]
    return Application(routes, log_function=lambda _handler: None)
