"""The history by the API: restoring, copying from old revisions, and what was thinned."""

import asyncio
from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import update

from jigsaw_service.runtime.limits import Limits
from jigsaw_service.storage.database import Database
from jigsaw_service.storage.tables import Revision
from jigsaw_service.workspaces.retention import thin

from .conftest import XML, Person, Service
from .tabs import put


async def text_of(person: Person, workspace: str) -> str:
    xml = (await person.get(f"api/workspaces/{workspace}/xml")).body.decode()
    return xml.partition('"TEXT">')[2].partition("<")[0]


@pytest.fixture
def carol(service: Service) -> Person:
    return service.person("carol")


@pytest.fixture
async def shared(alice: Person) -> str:
    """A workspace that bob edits, with the revisions `a` and `b`."""
    workspace = await alice.create(xml=XML.format("a"))
    grant = {"user": "bob", "role": "editor"}
    await alice.post(f"api/workspaces/{workspace}/shares", json=grant)
    await alice.save(workspace, XML.format("b"), "*")
    return workspace


async def test_the_number_of_another_workspaces_revision_is_not_found(
    alice: Person, shared: str
) -> None:
    other = await alice.create("Other")

    path = f"api/workspaces/{other}/revisions/2"
    refused = await alice.post(f"{path}/restore")
    refused.is_problem(404, "not-found")
    assert refused.json["detail"] == "The workspace has no revision 2."
    (await alice.patch(path, {"label": "mine"})).is_problem(404, "not-found")
    copied = await alice.post(f"api/workspaces/{other}/copy", json={"revision": 2})
    copied.is_problem(404, "not-found")


async def test_a_revision_of_what_one_may_not_see_is_not_found(
    alice: Person, carol: Person, shared: str
) -> None:
    for path in "revisions/1/restore", "copy":
        refused = await carol.post(f"api/workspaces/{shared}/{path}")
        refused.is_problem(404, "not-found")


async def test_two_who_restore_at_once_make_two_revisions_and_hear_of_both(
    alice: Person, bob: Person, shared: str
) -> None:
    path = f"api/workspaces/{shared}/revisions"
    async with alice.live(shared) as hers, bob.live(shared) as his:
        answers = await asyncio.gather(
            alice.post(f"{path}/1/restore"), bob.post(f"{path}/2/restore")
        )

        assert sorted(answer.json["number"] for answer in answers) == [3, 4]
        for tab in hers, his:
            heard = [await tab.hear("revision") for _ in range(2)]
            assert [message["number"] for message in heard] == [3, 4]
            await tab.reach(4)
    last = max(answers, key=lambda answer: int(answer.json["number"]))
    assert await text_of(alice, shared) == ("a" if last is answers[0] else "b")
    listed = (await alice.get(path)).json["items"]
    assert {tuple(item["authors"]) for item in listed[:2]} == {("alice",), ("bob",)}
    assert [item["clock"] for item in listed] == [4, 3, 2, 1]


async def test_whoever_may_look_copies_from_an_old_revision(
    alice: Person, carol: Person, shared: str
) -> None:
    grant = {"user": "carol", "role": "viewer"}
    await alice.post(f"api/workspaces/{shared}/shares", json=grant)

    copied = await carol.post(f"api/workspaces/{shared}/copy", json={"revision": 1})

    assert (copied.status, copied.json["copied_from"]) == (201, shared)
    assert await text_of(carol, copied.json["id"]) == "a"
    (await carol.post(f"api/workspaces/{shared}/copy", json={"revision": 0})).is_problem(
        400, "bad-request"
    )


async def test_a_thinned_revision_is_listed_as_such_and_told_as_gone(
    alice: Person, database: Database
) -> None:
    workspace = await alice.create(xml=XML.format("a"))
    for text in "bcd":
        async with alice.live(workspace) as tab:
            await tab.edit(put("~1", text))
    async with alice.live(workspace) as tab:
        await tab.edit(put("~1", "e"))
    async with database.write() as db:
        year_ago = datetime.now(timezone.utc) - timedelta(days=365)
        await db.execute(update(Revision).values(created=year_ago))
    assert await thin(database, Limits()) == 1

    item = f"api/workspaces/{workspace}"
    listed = (await alice.get(f"{item}/revisions")).json["items"]
    assert [(one["number"], one["thinned"]) for one in listed] == [
        (4, False),
        (3, False),
        (2, True),
        (1, False),
    ]
    assert listed[2]["blocks"] == 1
    (await alice.get(f"{item}/xml?revision=2")).is_problem(410, "revision-thinned")
    (await alice.post(f"{item}/revisions/2/restore")).is_problem(410, "revision-thinned")
    copied = await alice.post(f"{item}/copy", json={"revision": 2})
    copied.is_problem(410, "revision-thinned")
    labelled = await alice.patch(f"{item}/revisions/2", {"label": "too late"})
    labelled.is_problem(410, "revision-thinned")
    # The log still tells all the changes.
    changes = (await alice.get(f"{item}/history")).json["items"]
    assert [change["clock"] for change in changes] == [2, 3, 4, 5]
    assert all(change["patch"] for change in changes)
