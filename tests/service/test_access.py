"""The rights that routes and messages declare, walked: for everybody, trashed or not."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tornado.web import RequestHandler

from jigsaw_service.routes import API, PAGES, PROBES, RIGHTS
from jigsaw_service.runtime.limits import Limits
from jigsaw_service.runtime.roles import IN_TRASH, Action, Role, may
from jigsaw_service.web.access import MESSAGES
from jigsaw_service.web.api.shares import ONES_OWN
from jigsaw_service.web.route import METHODS
from jigsaw_service.web.socket import live_socket

from .conftest import XML, Answer, Person, Service
from .tabs import Tab, new
from .test_bad_input import body_of, rows
from .test_links import accept, make


@pytest.fixture
def empty_url(tmp_path: Path) -> str:
    """One kind of database will do: what is asked of it is tested with both."""
    return f"sqlite+aiosqlite:///{tmp_path}/jigsaw.sqlite"


def test_every_route_has_a_row_and_every_row_a_route() -> None:
    known = set()
    for route in API + PAGES + PROBES:
        for method in METHODS:
            if getattr(route.handler, method) is not getattr(RequestHandler, method):
                known.add(f"{method.upper()} {route.path}")

    assert {row.partition("?")[0].removesuffix(ONES_OWN) for row in RIGHTS} == known


def test_every_message_has_a_row_and_every_row_a_message() -> None:
    assert set(MESSAGES) == {"hello", *live_socket._ANSWERS}


@dataclass(frozen=True)
class Cell:
    """Somebody, what they are to alice's workspace, and how they came to be it."""

    name: str
    role: Role | None
    by: str

    def __str__(self) -> str:
        return f"{self.role.word if self.role else 'stranger'}-by-{self.by}"


EVERYBODY = [
    Cell("alice", Role.OWNER, "owning"),
    *(
        Cell("bob", role, by)
        for role in (Role.VIEWER, Role.EDITOR)
        for by in ("user", "group", "everyone", "link")
    ),
    Cell("teacher", Role.VIEWER, "agreement"),
    Cell("bob", None, "nothing"),
]


@dataclass(frozen=True)
class Subject:
    """A workspace of alice's with one of everything, and its numbers."""

    id: str
    share: int
    link: int
    collection: int
    entry: int
    own_share: int | None

    def path(self, row: str) -> str:
        path = row.partition(" ")[2].removesuffix(ONES_OWN)
        share = self.own_share if row.endswith(ONES_OWN) else self.share
        for name, value in {
            "workspace_id": self.id,
            "share_id": share,
            "link_id": self.link,
            "collection_id": self.collection,
            "entry_id": self.entry,
            "number": 1,
        }.items():
            path = path.replace(f"{{{name}}}", str(value))
        return path


class Stage:
    """Makes subjects, and asks about them."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self.alice, self.teacher = service.person("alice"), service.person("teacher")
        self._origin = ""

    def person(self, cell: Cell) -> Person:
        return self._service.person(cell.name)

    async def subject(self, cell: Cell, trashed: bool) -> Subject:
        """A copy of a workspace of the teacher's, for which `cell` holds."""
        if not self._origin:
            self._origin = await self.teacher.create(xml=XML.format("a"))
        code = await make(self.teacher, self._origin, "copy")
        agreed = cell.by == "agreement"
        workspace = (await accept(self.alice, code, allow_view=agreed)).json["workspace_id"]
        item = f"api/workspaces/{workspace}"
        dora = {"user": "dora", "role": "viewer"}
        share = (await self.alice.post(f"{item}/shares", json=dora)).json["id"]
        link = (await self.alice.post(f"{item}/links", json={"kind": "view"})).json["id"]
        await self.alice.post(f"{item}/transfer", json={"to": "erin"})
        copy = await make(self.alice, workspace, "copy")
        await accept(self._service.person("carol"), copy, allow_view=True)
        collected = (await self.alice.post(f"{item}/collections")).json
        own = await self._give(cell, workspace)
        if trashed:
            await self.alice.delete(item)
        (entry,) = collected["items"]
        return Subject(workspace, share, link, collected["id"], entry["id"], own)

    async def _give(self, cell: Cell, workspace: str) -> int | None:
        """Let `cell` be true; the number of the share that they may give up."""
        if cell.role is None or cell.by in ("owning", "agreement"):
            return None
        shares = f"api/workspaces/{workspace}/shares"
        if cell.by == "link":
            kind = "edit" if cell.role is Role.EDITOR else "view"
            await accept(self.person(cell), await make(self.alice, workspace, kind))
            return int((await self.alice.get(shares)).json["items"][-1]["id"])
        to: dict[str, Any] = {
            "user": {"user": cell.name},
            "group": {"group": "class-7b"},
            "everyone": {"everyone": True},
        }[cell.by]
        made = await self.alice.post(shares, json={**to, "role": cell.role.word})
        return int(made.json["id"]) if cell.by == "user" else None


@pytest.fixture
def limits() -> Limits:
    return Limits(workspaces_per_user=1000, links_per_workspace=1000)


@pytest.fixture
async def stage(service: Service) -> AsyncIterator[Stage]:
    # Shares wait for those who were never here.
    await service.person("bob").get("api/user")
    yield Stage(service)


def expected(cell: Cell, action: Action, trashed: bool) -> str | None:
    """The slug of the refusal, if there is to be one."""
    if cell.role is None or (trashed and cell.role is not Role.OWNER):
        return "not-found"
    if not may(cell.role, action):
        return "not-allowed"
    return "in-trash" if trashed and action not in IN_TRASH else None


def refusal(answer: Answer) -> str | None:
    """The slug, if it is one that a role, or the trash, is the reason of."""
    if not answer.headers.get("Content-Type", "").startswith("application/problem"):
        return {404: "not-found", 403: "not-allowed"}.get(answer.status)
    slug = str(answer.json["type"].rpartition("/")[2])
    if "your server" in answer.json["title"] or "this server" in answer.json["detail"]:
        return None
    return slug if slug in ("not-found", "not-allowed", "in-trash") else None


WALKED = [
    row
    for row, who in RIGHTS.items()
    if isinstance(who, Action) and "{workspace_id}" in row and not row.endswith("/live")
]


@pytest.mark.parametrize("trashed", [False, True], ids=["", "trashed"])
@pytest.mark.parametrize("cell", EVERYBODY, ids=str)
async def test_a_route_is_for_those_whom_its_row_names(
    service: Service, stage: Stage, cell: Cell, trashed: bool
) -> None:
    person, subject = stage.person(cell), await stage.subject(cell, trashed)
    for row in WALKED:
        if row.endswith(ONES_OWN) and subject.own_share is None:
            continue
        action, method = RIGHTS[row], row.partition(" ")[0]
        assert isinstance(action, Action)
        path = row.partition(" ")[2].partition("?")[0].removesuffix(ONES_OWN)
        before = await rows(service.services.database)
        answer = await person.request(method, subject.path(row), **body_of(path, method.lower()))

        wanted = expected(cell, action, trashed)
        assert refusal(answer) == wanted, (row, answer)
        if wanted or method == "GET":
            assert await rows(service.services.database) == before, row
        else:
            subject = await stage.subject(cell, trashed)


@pytest.mark.parametrize("cell", EVERYBODY, ids=str)
async def test_a_message_is_for_those_whom_its_row_names(stage: Stage, cell: Cell) -> None:
    for trashed in False, True:
        subject = await stage.subject(cell, trashed)
        if trashed or cell.role is None:
            async with stage.person(cell).live(subject.id, hello=False) as tab:
                await tab.say_hello()
                assert await tab.end() == (4404, "not-found"), trashed
            continue
        async with stage.person(cell).live(subject.id) as tab:
            assert tab.welcome["role"] == cell.role.word
            for message, action in MESSAGES.items():
                if message != "hello":
                    refused = await is_refused(tab, message)
                    assert refused is not may(cell.role, action), message


async def is_refused(tab: Tab, message: str) -> bool:
    """True if the message is refused as not allowed."""
    if message == "ops":
        answer = await tab.edit(new("b"))
        return bool(answer["type"] == "refused" and answer["slug"] == "not-allowed")
    seen = len(tab.heard)
    await tab.say(
        type=message, **{"show": {"outputs": []}, "label": {"label": "a"}}.get(message, {})
    )
    # What is answered comes before the answer to the next.
    await tab.edit(new("c"))
    return any(
        (one["type"], one.get("slug"), one.get("n")) == ("refused", "not-allowed", None)
        for one in tab.heard[seen:]
    )
