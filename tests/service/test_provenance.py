"""Provenance of a workspace: copies, files and cleared logs hide nobody."""

import asyncio
from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy.util import await_only

from jigsaw_service.document import log
from jigsaw_service.document.records import Records
from jigsaw_service.runtime.identity import User
from jigsaw_service.runtime.limits import Limits
from jigsaw_service.runtime.roles import Role
from jigsaw_service.service import periodic_jobs
from jigsaw_service.sharing import grants
from jigsaw_service.storage.database import Database
from jigsaw_service.workspaces import store

from .conftest import XML, Person, Service
from .tabs import new
from .test_links import accept, make


@pytest.fixture
def limits() -> Limits:
    return Limits(history_days=0)


@pytest.fixture
def carol(service: Service) -> Person:
    return service.person("carol")


async def hands(person: Person, workspace: str) -> tuple[list[str], int]:
    """The names of everybody but the caller, and the number of files."""
    answer = await person.get(f"api/workspaces/{workspace}/contributors")
    assert answer.status == 200, answer
    items = answer.json["items"]
    return [one["name"] for one in items if not one["you"]], answer.json["files"]


async def shared(owner: Person, *editors: str) -> str:
    """A workspace that these people may change."""
    workspace = await owner.create(xml=XML.format("a"))
    for name in editors:
        to = {"user": name, "role": "editor"}
        await owner.post(f"api/workspaces/{workspace}/shares", json=to)
    return workspace


async def edit(person: Person, workspace: str, block: str = "b") -> None:
    async with person.live(workspace) as tab:
        assert (await tab.edit(new(block)))["type"] == "patch"


async def copy_of(person: Person, workspace: str) -> str:
    answer = await person.post(f"api/workspaces/{workspace}/copy")
    assert answer.status == 201, answer
    return str(answer.json["id"])


async def test_what_i_made_is_mine_alone(alice: Person) -> None:
    workspace = await alice.create(xml=XML.format("a"))
    await edit(alice, workspace)
    await alice.post(f"api/workspaces/{workspace}/revisions/1/restore")

    assert await hands(alice, workspace) == ([], 0)
    assert await hands(alice, await copy_of(alice, workspace)) == ([], 0)


async def test_a_change_names_its_author_at_once(alice: Person, bob: Person) -> None:
    workspace = await shared(alice, "bob")
    assert await hands(alice, workspace) == ([], 0)
    assert await hands(bob, workspace) == (["alice"], 0)

    await edit(bob, workspace)

    assert await hands(alice, workspace) == (["bob"], 0)


async def test_looking_on_is_no_contribution(alice: Person, bob: Person) -> None:
    workspace = await shared(alice, "bob")
    async with bob.live(workspace):
        assert await hands(alice, workspace) == ([], 0)


async def test_a_copy_of_a_copy_hides_nobody(
    service: Service, alice: Person, bob: Person, carol: Person
) -> None:
    workspace = await shared(alice, "bob", "carol")
    await edit(bob, workspace)
    first = await copy_of(carol, workspace)
    await edit(carol, first)
    teacher, viewer = service.person("teacher"), {"user": "teacher", "role": "viewer"}
    await carol.post(f"api/workspaces/{first}/shares", json=viewer)
    second = await copy_of(teacher, first)

    assert await hands(teacher, second) == (["alice", "bob", "carol"], 0)


async def test_a_copy_by_a_link_hides_nobody(alice: Person, bob: Person, carol: Person) -> None:
    workspace = await shared(alice, "bob")
    await edit(bob, workspace)

    copy = (await accept(carol, await make(alice, workspace, "copy"))).json["workspace_id"]

    assert await hands(carol, copy) == (["alice", "bob"], 0)


async def test_a_copy_of_an_old_revision_hides_nobody(alice: Person, bob: Person) -> None:
    workspace = await shared(alice, "bob")
    await edit(bob, workspace)

    made = await alice.post(f"api/workspaces/{workspace}/copy", json={"revision": 1})

    assert made.status == 201
    assert await hands(alice, made.json["id"]) == (["bob"], 0)


async def test_a_thinned_history_hides_nobody(
    service: Service, alice: Person, bob: Person, carol: Person, database: Database
) -> None:
    workspace = await shared(alice, "bob", "carol")
    for person in bob, carol, alice, alice:
        await edit(person, workspace, "b")
    later = datetime.now(timezone.utc) + timedelta(days=700)
    await periodic_jobs.clean(database, service.services.limits, later)
    revisions = (await alice.get(f"api/workspaces/{workspace}/revisions")).json["items"]
    assert [one["thinned"] for one in revisions].count(True) > 0

    assert await hands(alice, workspace) == (["bob", "carol"], 0)


async def test_what_is_changed_later_is_not_the_copys_concern(alice: Person, bob: Person) -> None:
    workspace = await shared(alice, "bob")
    copy = await copy_of(alice, workspace)
    await edit(bob, workspace)

    assert await hands(alice, copy) == ([], 0)


async def test_a_copy_remembers_when_its_origin_is_gone(alice: Person, bob: Person) -> None:
    workspace = await shared(alice, "bob")
    await edit(bob, workspace)
    copy = await copy_of(alice, workspace)
    await alice.delete(f"api/workspaces/{workspace}")
    await alice.delete(f"api/workspaces/{workspace}?permanent=true")

    assert await hands(alice, copy) == (["bob"], 0)


async def test_a_copy_is_made_while_the_log_is_cleared(
    alice: Person, bob: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = await shared(alice, "bob")
    read_records = log.read_records

    async with bob.live(workspace) as tab:
        await tab.edit(new("b"))

        async def leave() -> None:
            await tab.socket.close()
            # Time for what is done when the last one has left.
            await asyncio.sleep(0.5)

        def read_late(xml: bytes) -> Records:
            await_only(leave())
            return read_records(xml)

        monkeypatch.setattr(log, "read_records", read_late)
        assert await hands(alice, await copy_of(alice, workspace)) == (["bob"], 0)


async def test_files_are_counted_and_go_with_copies(alice: Person, bob: Person) -> None:
    imported = (await alice.post("api/imports", json={"name": "Maze"})).json["id"]
    await alice.request("PUT", f"api/imports/{imported}/parts/0", data=XML.format("a"))
    (made,) = (await alice.post(f"api/imports/{imported}/finish")).json["items"]
    assert await hands(alice, made["id"]) == ([], 1)

    etag = (await alice.get(f"api/workspaces/{made['id']}/xml")).etag
    await alice.save(made["id"], XML.format("b"), etag)
    assert await hands(alice, made["id"]) == ([], 2)
    assert await hands(alice, await copy_of(alice, await copy_of(alice, made["id"]))) == ([], 2)


async def test_whoever_makes_a_workspace_may_say_that_it_is_a_files(alice: Person) -> None:
    workspace = await alice.create(xml=XML.format("a"), file=True)

    assert await hands(alice, workspace) == ([], 1)


async def test_restoring_what_was_there_before_them_keeps_their_names(
    alice: Person, bob: Person
) -> None:
    workspace = await shared(alice, "bob")
    await edit(bob, workspace)
    await alice.post(f"api/workspaces/{workspace}/revisions/1/restore")

    assert await hands(alice, workspace) == (["bob"], 0)


async def test_a_former_owner_is_a_contributor(alice: Person, bob: Person) -> None:
    workspace = await alice.create(xml=XML.format("a"))
    await bob.get("api/user")
    await alice.post(f"api/workspaces/{workspace}/transfer", json={"to": "bob"})
    (offer,) = (await bob.get("api/transfers")).json["items"]
    await bob.post(f"api/transfers/{offer['id']}/accept")

    assert await hands(bob, workspace) == (["alice"], 0)


async def test_a_cleared_log_hides_nobody(service: Service, alice: Person, bob: Person) -> None:
    workspace = await shared(alice, "bob")
    async with alice.live(workspace) as tab:
        await tab.edit(new("b"))
        await edit(bob, workspace, "c")
        await tab.edit(new("d"))
    await service.services.rooms.stop()
    assert (await alice.get(f"api/workspaces/{workspace}/history")).json["items"] == []
    revisions = (await alice.get(f"api/workspaces/{workspace}/revisions")).json["items"]
    assert {name for one in revisions for name in one["authors"]} == {"alice"}

    assert await hands(alice, workspace) == (["bob"], 0)


async def test_a_former_bearer_of_my_name_is_not_me(
    service: Service, alice: Person, database: Database
) -> None:
    account = await service.services.accounts.recognise("alice", "2020-02-02T00:00:00Z")
    former = User(account, "alice", frozenset())
    async with database.write() as db:
        made = await store.create(
            db, former, name="Maze", language="python", limits=service.services.limits
        )
        await grants.grant(
            db,
            former,
            made.workspace,
            to=grants.Grantee.EVERYONE,
            name="",
            role=Role.VIEWER,
        )

    assert await hands(alice, made.workspace.id) == (["alice"], 0)


async def test_strangers_do_not_learn_who_it_was(alice: Person, carol: Person) -> None:
    workspace = await alice.create()
    answer = await carol.get(f"api/workspaces/{workspace}/contributors")
    answer.is_problem(404, "not-found")


async def test_p5_whoever_chose_the_kernel_had_a_hand_in_it(alice: Person, bob: Person) -> None:
    workspace = await shared(alice, "bob")
    assert await hands(alice, workspace) == ([], 0)

    for kernel in "calysto_bash", None, "python3":
        await bob.patch(f"api/workspaces/{workspace}", {"kernel_name": kernel})
    await alice.patch(f"api/workspaces/{workspace}", {"kernel_name": "python3"})

    assert await hands(alice, workspace) == (["bob"], 0)
    assert (await hands(bob, workspace))[0] == ["alice"]
    assert (await hands(alice, await copy_of(alice, workspace)))[0] == ["bob"]
