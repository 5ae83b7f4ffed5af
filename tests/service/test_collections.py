"""Collections: what the owner of an origin takes of the copies, frozen, in one click."""

import asyncio
import csv
import io
import zipfile
from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from jigsaw_service.runtime.identity import User
from jigsaw_service.runtime.limits import Limits
from jigsaw_service.service import periodic_jobs
from jigsaw_service.sharing import collections as collecting
from jigsaw_service.storage.database import Database
from jigsaw_service.storage.tables import Collected, Collection
from jigsaw_service.workspaces.copies import Copy

from .conftest import XML, Answer, Person, Service
from .tabs import new
from .test_bad_input import rows
from .test_links import accept, make

ZIP = {"headers": {"Accept": "application/zip"}}
UNTOUCHED = ("workspaces", "revisions", "revision_authors", "changes", "contents", "link_copies")


@pytest.fixture
def limits() -> Limits:
    return Limits(workspaces_per_user=300, collections_per_workspace=3)


@pytest.fixture
def teacher(service: Service) -> Person:
    return service.person("teacher")


@pytest.fixture
def carol(service: Service) -> Person:
    return service.person("carol")


@pytest.fixture
async def starter(teacher: Person) -> str:
    return await teacher.create("Maze", xml=XML.format("starter"))


async def copy_of(person: Person, teacher: Person, starter: str, *, allow: bool = True) -> str:
    made = await accept(person, await make(teacher, starter, "copy"), allow_view=allow)
    return str(made.json["workspace_id"])


async def collect(teacher: Person, starter: str) -> Answer:
    return await teacher.post(f"api/workspaces/{starter}/collections")


async def unzipped(teacher: Person, starter: str, collection: int) -> dict[str, bytes]:
    answer = await teacher.get(f"api/workspaces/{starter}/collections/{collection}", **ZIP)
    assert answer.headers["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.body)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


async def test_a_click_takes_the_copies_whose_makers_agree_and_names_the_others(
    teacher: Person, starter: str, alice: Person, bob: Person, carol: Person
) -> None:
    alices = await copy_of(alice, teacher, starter)
    await copy_of(bob, teacher, starter, allow=False)
    carols = await copy_of(carol, teacher, starter)
    await carol.delete(f"api/workspaces/{carols}")
    await alice.save(alices, XML.format("by alice"), "*")

    made = await collect(teacher, starter)

    assert made.status == 201
    assert made.headers["Location"].endswith(f"/collections/{made.json['id']}")
    assert (made.json["collected"], made.json["missing"]) == (1, 2)
    (item,) = made.json["items"]
    assert (item["user"], item["name"], item["revision"], item["clock"]) == ("alice", "Maze", 2, 2)
    assert (item["blocks"], item["bytes"]) == (1, len(XML.format("by alice")))
    assert made.json["not_collected"] == [
        {"user": "bob", "reason": "private"},
        {"user": "carol", "reason": "trashed"},
    ]
    collections = f"api/workspaces/{starter}/collections"
    (listed,) = (await teacher.get(collections)).json["items"]
    assert listed == {
        key: value for key, value in made.json.items() if key not in ("items", "not_collected")
    }
    again = await teacher.get(f"{collections}/{made.json['id']}")
    assert again.json == made.json


async def test_nothing_is_written_into_the_copies_and_everybody_goes_on_working(
    teacher: Person, starter: str, alice: Person, database: Database
) -> None:
    copy = await copy_of(alice, teacher, starter)
    async with alice.live(copy) as tab:
        await tab.edit(new("b"))
        before = await rows(database)
        made = await collect(teacher, starter)
        after = await rows(database)
        assert {name: before[name] for name in UNTOUCHED} == {
            name: after[name] for name in UNTOUCHED
        }
        assert (await tab.edit(new("c")))["clock"] == 3
    (event,) = (await teacher.get(f"api/workspaces/{starter}/events?limit=1")).json["items"]
    assert (event["kind"], event["user"]) == ("collected", "teacher")
    assert event["details"] == {"collection": made.json["id"], "collected": 1, "missing": 0}
    about = (await alice.get(f"api/workspaces/{copy}/events")).json["items"]
    assert "collected" not in [one["kind"] for one in about]


async def test_what_was_taken_stays_as_it_was(
    teacher: Person, starter: str, alice: Person, bob: Person, carol: Person
) -> None:
    copies = {}
    for name, person in ("alice", alice), ("bob", bob), ("carol", carol):
        copies[name] = await copy_of(person, teacher, starter)
        await person.save(copies[name], XML.format(name), "*")
    made = (await collect(teacher, starter)).json

    await alice.save(copies["alice"], XML.format("later"), "*")
    await bob.patch(f"api/workspaces/{copies['bob']}/origin", {"allow_view": False})
    await carol.delete(f"api/workspaces/{copies['carol']}")
    await carol.delete(f"api/workspaces/{copies['carol']}?permanent=true")

    files = await unzipped(teacher, starter, made["id"])
    for name in copies:
        assert files[f"python/{name} - Maze.xml"] == XML.format(name).encode()
    first = made["items"][0]
    path = f"api/workspaces/{starter}/collections/{made['id']}/entries"
    entry = await teacher.get(f"{path}/{first['id']}")
    assert entry.body == XML.format("alice").encode()
    assert entry.headers["Content-Disposition"].startswith("attachment")
    (await teacher.get(f"{path}/999")).is_problem(404, "not-found")


async def test_unsaved_edits_of_a_room_are_taken_too(
    teacher: Person, starter: str, alice: Person
) -> None:
    copy = await copy_of(alice, teacher, starter)
    async with alice.live(copy) as tab:
        await tab.edit(new("fresh"))
        made = (await collect(teacher, starter)).json

    (file,) = [
        data
        for name, data in (await unzipped(teacher, starter, made["id"])).items()
        if name.endswith(".xml")
    ]
    assert b'id="fresh"' in file
    assert made["items"][0]["bytes"] == len(file)


async def test_the_zip_says_what_is_in_it_and_can_be_imported(
    teacher: Person, starter: str, alice: Person, bob: Person
) -> None:
    copy = await copy_of(alice, teacher, starter)
    await alice.patch(f"api/workspaces/{copy}", {"name": "=1+1/..\\x"})
    await copy_of(alice, teacher, starter)
    await copy_of(bob, teacher, starter, allow=False)
    made = (await collect(teacher, starter)).json
    files = await unzipped(teacher, starter, made["id"])

    assert sorted(files) == [
        "contents.csv",
        "python/alice - =1+1 .. x.xml",
        "python/alice - Maze.xml",
    ]
    table = list(csv.DictReader(io.StringIO(files["contents.csv"].decode("utf-8-sig"))))
    assert [(row["user"], row["name"], row["missing"]) for row in table] == [
        ("alice", "'=1+1/..\\x", ""),
        ("alice", "Maze", ""),
        ("bob", "", "private"),
    ]
    path = f"api/workspaces/{starter}/collections/{made['id']}"
    data = (await teacher.get(path, **ZIP)).body
    imported = (await teacher.post("api/imports")).json["id"]
    await teacher.request("PUT", f"api/imports/{imported}/parts/0", data=data)
    finished = await teacher.post(f"api/imports/{imported}/finish")
    assert finished.status == 200, finished
    assert [one["name"] for one in finished.json["items"]] == ["alice - =1+1 .. x", "alice - Maze"]


async def test_two_copies_of_one_name_have_two_files(
    teacher: Person, starter: str, alice: Person
) -> None:
    for _ in range(2):
        await copy_of(alice, teacher, starter)
    made = (await collect(teacher, starter)).json

    files = await unzipped(teacher, starter, made["id"])
    assert {"python/alice - Maze.xml", "python/alice - Maze (2).xml"} < set(files)


async def test_where_nobody_agrees_there_is_nothing_to_collect(
    teacher: Person, starter: str, alice: Person
) -> None:
    (await collect(teacher, starter)).is_problem(409, "conflict")
    await copy_of(alice, teacher, starter, allow=False)
    (await collect(teacher, starter)).is_problem(409, "conflict")
    assert (await teacher.get(f"api/workspaces/{starter}/collections")).json["items"] == []


async def test_a_new_owner_does_not_see_what_the_makers_let_the_former_one_take(
    teacher: Person, starter: str, alice: Person, bob: Person
) -> None:
    await copy_of(alice, teacher, starter)
    made = (await collect(teacher, starter)).json
    collections = f"api/workspaces/{starter}/collections"

    async def give(former: Person, name: str, to: Person) -> None:
        await to.get("api/user")
        await former.post(f"api/workspaces/{starter}/transfer", json={"to": name})
        (offer,) = (await to.get("api/transfers")).json["items"]
        await to.post(f"api/transfers/{offer['id']}/accept")

    await give(teacher, "bob", bob)
    assert (await bob.get(collections)).json["items"] == []
    entry = f"{collections}/{made['id']}/entries/{made['items'][0]['id']}"
    for path in f"{collections}/{made['id']}", entry:
        (await bob.get(path)).is_problem(404, "not-found")
        (await teacher.get(path)).is_problem(403, "not-allowed")
    (await bob.delete(f"{collections}/{made['id']}")).is_problem(404, "not-found")
    (await collect(bob, starter)).is_problem(409, "conflict")

    await give(bob, "teacher", teacher)
    assert [one["id"] for one in (await teacher.get(collections)).json["items"]] == [made["id"]]


async def test_another_workspaces_collection_is_not_there(
    teacher: Person, starter: str, alice: Person
) -> None:
    await copy_of(alice, teacher, starter)
    made = (await collect(teacher, starter)).json
    other = await teacher.create()

    path = f"api/workspaces/{other}/collections/{made['id']}"
    (await teacher.get(path)).is_problem(404, "not-found")
    (await teacher.delete(path)).is_problem(404, "not-found")


async def test_collections_are_deleted_one_by_one_or_with_their_origin(
    teacher: Person, starter: str, alice: Person, database: Database
) -> None:
    await copy_of(alice, teacher, starter)
    first, _second = [(await collect(teacher, starter)).json["id"] for _ in range(2)]
    collections = f"api/workspaces/{starter}/collections"

    assert (await teacher.delete(f"{collections}/{first}")).status == 204
    (await teacher.get(f"{collections}/{first}")).is_problem(404, "not-found")
    (event,) = (await teacher.get(f"api/workspaces/{starter}/events?limit=1")).json["items"]
    assert (event["kind"], event["details"]) == ("collection-deleted", {"collection": first})
    await teacher.delete(f"api/workspaces/{starter}")
    assert len((await teacher.get(collections)).json["items"]) == 1
    (await collect(teacher, starter)).is_problem(409, "in-trash")
    await teacher.delete(f"api/workspaces/{starter}?permanent=true")
    async with database.read() as db:
        for table in Collection, Collected:
            assert (await db.scalars(select(table.id))).all() == []


async def test_there_may_be_only_so_many(teacher: Person, starter: str, alice: Person) -> None:
    await copy_of(alice, teacher, starter)
    for _ in range(3):
        assert (await collect(teacher, starter)).status == 201
    (await collect(teacher, starter)).is_problem(429, "too-many")


async def test_a_class_is_taken_some_at_a_time(
    teacher: Person, starter: str, alice: Person
) -> None:
    code = await make(teacher, starter, "copy")
    made = [(await accept(alice, code, allow_view=True)).json["workspace_id"]]
    for _ in range(44):
        code = await make(teacher, starter, "copy")
        made.append((await accept(alice, code, allow_view=True)).json["workspace_id"])

    async def others_work() -> int:
        """Somebody else's saves go through in between."""
        saved = 0
        workspace = await alice.create()
        while not done.is_set():
            await alice.save(workspace, XML.format(str(saved)), "*")
            saved += 1
        return saved

    done = asyncio.Event()
    working = asyncio.create_task(others_work())  # noqa: TID251
    collected = await collect(teacher, starter)
    done.set()

    assert await working > 0
    assert collected.json["collected"] == 45
    assert len(await unzipped(teacher, starter, collected.json["id"])) == 46


async def test_an_agreement_that_ends_meanwhile_counts(
    teacher: Person, starter: str, alice: Person, bob: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    await copy_of(alice, teacher, starter)
    bobs = await copy_of(bob, teacher, starter)
    take = collecting._take

    async def withdrawn(db: AsyncSession, user: User, copy: Copy) -> Collected:
        taken = await take(db, user, copy)
        await bob.patch(f"api/workspaces/{bobs}/origin", {"allow_view": False})
        return taken

    monkeypatch.setattr(collecting, "_take", withdrawn)
    made = (await collect(teacher, starter)).json

    assert [one["user"] for one in made["items"]] == ["alice"]
    assert made["not_collected"] == [{"user": "bob", "reason": "private"}]


async def test_what_was_never_finished_is_never_seen_and_cleared_away(
    teacher: Person,
    starter: str,
    alice: Person,
    database: Database,
    limits: Limits,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await copy_of(alice, teacher, starter)

    async def broken(*_args: object) -> None:
        raise OSError

    with monkeypatch.context() as patched:
        patched.setattr(collecting, "_take_some", broken)
        assert (await collect(teacher, starter)).status == 500
    assert (await teacher.get(f"api/workspaces/{starter}/collections")).json["items"] == []

    async def left() -> int:
        async with database.read() as db:
            return len((await db.scalars(select(Collection.id))).all())

    assert await left() == 1
    await periodic_jobs.clean(database, limits)
    assert await left() == 1
    now = datetime.now(timezone.utc)
    await periodic_jobs.clean(database, limits, now + timedelta(hours=2))
    assert await left() == 0
