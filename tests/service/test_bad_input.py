"""Bad input to every route: callers who may not, and senseless requests, change nothing."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from jigsaw_service.routes import OPERATIONS
from jigsaw_service.storage.database import Database
from jigsaw_service.storage.tables import Account, Membership, Table
from jigsaw_service.web.requests import RequestBody

from .conftest import PREFIX, XML, Person, Service

SIGNED_IN = sorted(key for key, operation in OPERATIONS.items() if operation.signed_in)
# The socket says it in its close code, see test_live.py.
OF_A_WORKSPACE = [
    key for key in SIGNED_IN if "{workspace_id}" in key[0] and not key[0].endswith("/live")
]
WITH_JSON = [
    key
    for key in SIGNED_IN
    if isinstance(body := OPERATIONS[key].body, type) and issubclass(body, RequestBody)
]
OURS = sorted({path for path, _ in OPERATIONS if "jupyter" not in path})


@pytest.fixture
def empty_url(tmp_path: Path) -> str:
    """One kind of database will do: hardly any of this gets as far as that."""
    return f"sqlite+aiosqlite:///{tmp_path}/jigsaw.sqlite"


async def rows(database: Database) -> dict[str, Any]:
    """All that is stored, but who has been here."""
    async with database.read() as db:
        return {
            table.name: (await db.execute(select(table))).all()
            for table in Table.metadata.sorted_tables
            if table not in (Account.__table__, Membership.__table__)
        }


@pytest.fixture
async def unchanged(service: Service, alice: Person) -> AsyncIterator[str]:
    """A workspace of alice's with everything in it, that must be as it was in the end."""
    workspace = await alice.create(xml=XML.format("a"))
    await alice.post(f"api/workspaces/{workspace}/shares", json={"user": "dora", "role": "editor"})
    await alice.post("api/imports")
    before = await rows(service.services.database)
    yield workspace
    assert await rows(service.services.database) == before


def path_of(path: str, workspace: str) -> str:
    """An address in which every id is somebody's, and every number exists."""
    path = path.replace("{workspace_id}", workspace)
    return re.sub(r"{\w+}", "1", path)


def body_of(path: str, method: str) -> dict[str, Any]:
    """A request that would be right for somebody else."""
    bodies: dict[str, Any] = {
        "xml": {"data": XML.format("b"), "headers": {"If-Match": "*"}},
        "links": {"json": {"kind": "view"}},
        "origin": {"json": {"allow_view": True}},
        "transfer": {"json": {"to": "bob"}},
        "shares": {"json": {"everyone": True, "role": "viewer"}},
        "workspaces": {"json": {"name": "b", "language": "python"}},
        "execute": {"json": {"code": "1"}},
        "{number}": {"json": {"label": "b"}, "parts": {"data": b"b"}},
        "{share_id}": {"json": {"role": "viewer"}},
        "{workspace_id}": {"json": {"name": "b"}},
    }
    if method == "get":
        return {}
    found = bodies.get(path.rpartition("/")[2], {})
    if "parts/" in path:
        return {"data": b"b"}
    return {key: value for key, value in found.items() if key != "parts"}


@pytest.mark.parametrize(("path", "method"), SIGNED_IN)
async def test_nobody_is_told_to_sign_in_and_never_sent_away(
    service: Service, unchanged: str, path: str, method: str
) -> None:
    for nobody in service.nobody(), service.person("mallory"):
        answer = await nobody.request(
            method.upper(), path_of(path, unchanged), **body_of(path, method)
        )
        answer.is_problem(401, "not-signed-in")


@pytest.mark.parametrize(("path", "method"), SIGNED_IN)
async def test_a_cookie_without_an_xsrf_token_is_refused(
    service: Service, unchanged: str, path: str, method: str
) -> None:
    answer = await service.browser("alice").request(
        method.upper(), path_of(path, unchanged), **body_of(path, method)
    )

    answer.is_problem(403, "xsrf")


@pytest.mark.parametrize(("path", "method"), OF_A_WORKSPACE)
async def test_other_peoples_workspaces_look_like_missing_ones(
    service: Service, bob: Person, unchanged: str, path: str, method: str
) -> None:
    told = []
    for workspace in unchanged, "k3v9x2m4q7ta1":
        answer = await bob.request(
            method.upper(), path_of(path, workspace), **body_of(path, method)
        )
        answer.is_problem(404, "not-found")
        told.append(answer.json)
    assert told[0] == told[1]


@pytest.mark.parametrize(
    "body",
    [b"", b"null", b"[]", b"{", b'"text"', b"\xff", b'{"name": 1}', b'{"strange": true}', b"1e999"],
)
@pytest.mark.parametrize(("path", "method"), WITH_JSON)
async def test_bodies_that_make_no_sense_are_refused(
    alice: Person, unchanged: str, path: str, method: str, body: bytes
) -> None:
    if not body and not OPERATIONS[path, method].body_required:
        return
    answer = await alice.request(method.upper(), path_of(path, unchanged), data=body)

    answer.is_problem(400, "bad-request")
    assert answer.json["errors"][0]["field"]


@pytest.mark.parametrize("name", ["", "   ", "a\nb", "a\x00b", "\u202fa\u2028", "x" * 201, None, 5])
async def test_names_are_one_line_of_some_letters(alice: Person, unchanged: str, name: Any) -> None:
    for method, path, body in (
        ("POST", "api/workspaces", {"name": name, "language": "python"}),
        ("PATCH", f"api/workspaces/{unchanged}", {"name": name}),
        ("POST", f"api/workspaces/{unchanged}/shares", {"user": name and f"{name}" * 2, "role": 1}),
    ):
        (await alice.request(method, path, json=body)).is_problem(400, "bad-request")


@pytest.mark.parametrize(
    "share",
    [
        {"role": "viewer"},
        {"user": "bob", "group": "g", "role": "viewer"},
        {"user": "bob", "role": "owner"},
        {"user": "bob"},
        {"everyone": False, "role": "viewer"},
        {"everyone": None, "role": "viewer"},
        {"everyone": 1, "role": "viewer"},
        {"group": "", "role": "viewer"},
    ],
)
async def test_a_share_is_given_to_one_with_a_role_that_can_be_given(
    alice: Person, unchanged: str, share: dict[str, Any]
) -> None:
    answer = await alice.post(f"api/workspaces/{unchanged}/shares", json=share)

    answer.is_problem(400, "bad-request")


@pytest.mark.parametrize("path", OURS)
async def test_methods_that_do_not_exist_are_named_so(
    alice: Person, unchanged: str, path: str
) -> None:
    known = {method.upper() for described, method in OPERATIONS if described == path}
    for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"} - known:
        answer = await alice.request(method, path_of(path, unchanged))
        answer.is_problem(405, "method-not-allowed")
        assert set(answer.headers["Allow"].split(", ")) == known


@pytest.mark.parametrize(
    ("path", "method"), [key for key in SIGNED_IN if OPERATIONS[key].body and "jup" not in key[0]]
)
async def test_bodies_beyond_all_bounds_are_too_large(
    alice: Person, unchanged: str, path: str, method: str
) -> None:
    answer = await alice.request(
        method.upper(),
        path_of(path, unchanged),
        data=b" " * 5_000_000,
        headers={"If-Match": "*"},
    )

    answer.is_problem(413, "too-large")


@pytest.mark.parametrize(
    "path",
    [
        "api/",
        "api/nothing",
        "api/workspaces/",
        "api/workspaces/a b",
        "api/workspaces/%2e%2e",
        "api/workspaces/x%00y",
        "api/workspaces/{}/revisions/x/restore",
        "api/workspaces/{}/revisions/99999999999/restore",
        "api/workspaces/{}/shares/-1",
        "api/workspaces/{}/xml/",
    ],
)
async def test_addresses_that_do_not_exist_are_not_found(
    alice: Person, unchanged: str, path: str
) -> None:
    (await alice.get(path.format(unchanged))).is_problem(404, "not-found")


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PATCH", "api/workspaces/{}/revisions/9", {"label": "a"}),
        ("PATCH", "api/workspaces/{}/revisions/0", {"label": "a"}),
        ("POST", "api/workspaces/{}/revisions/9/restore", None),
        ("PATCH", "api/workspaces/{}/shares/999999999", {"role": "viewer"}),
        ("DELETE", "api/workspaces/{}/shares/999999999", None),
        ("DELETE", "api/workspaces/{}/links/999999999", None),
        ("GET", "api/workspaces/{}/origin", None),
        ("PATCH", "api/workspaces/{}/origin", {"allow_view": True}),
        ("GET", "api/workspaces/{}/transfer", None),
        ("DELETE", "api/workspaces/{}/transfer", None),
        ("POST", "api/transfers/999999999/accept", None),
        ("POST", "api/transfers/999999999/decline", None),
        ("POST", "api/links/preview", {"code": "nothing"}),
        ("POST", "api/links/accept", {"code": "\x00"}),
        ("PUT", "api/imports/nothing/parts/0", {}),
        ("POST", "api/imports/nothing/finish", None),
    ],
)
async def test_numbers_and_ids_that_do_not_exist_are_not_found(
    alice: Person, unchanged: str, method: str, path: str, body: Any
) -> None:
    answer = await alice.request(method, path.format(unchanged), json=body)

    answer.is_problem(404, "not-found")


async def test_a_viewer_is_told_that_they_may_not_before_anything_else(
    alice: Person, bob: Person
) -> None:
    workspace = await alice.create()
    item = f"api/workspaces/{workspace}"
    await alice.post(f"{item}/shares", json={"user": "bob", "role": "viewer"})

    for refused in (
        await bob.save(workspace, "no xml at all", None),
        await bob.save(workspace, XML.format("b"), '"stale"'),
        await bob.patch(item, {"name": "b"}),
        await bob.delete(item),
        await bob.delete(f"{item}?permanent=true"),
        await bob.post(f"{item}/restore"),
        await bob.post(f"{item}/revisions/1/restore"),
        await bob.patch(f"{item}/revisions/1", {"label": "b"}),
    ):
        refused.is_problem(403, "not-allowed")
    assert (await alice.get(item)).json["clock"] == 1


async def test_answers_are_never_shown_as_pages(alice: Person, unchanged: str) -> None:
    answer = await alice.get(f"api/workspaces/{unchanged}/xml")

    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert PREFIX not in answer.headers["Content-Disposition"]
