"""Audit log: who shared, linked, restored, transferred and deleted, for the owner to see."""

import asyncio
from datetime import datetime, timedelta, timezone

from sqlalchemy import func, select

from jigsaw_service.service.periodic_jobs import clean
from jigsaw_service.storage.database import Database
from jigsaw_service.storage.tables import Content, Event, Workspace

from .conftest import XML, Person, Service
from .test_links import accept, make, trash
from .test_transfers import answer_to, offer


async def events(owner: Person, workspace: str) -> list[tuple[str, str | None]]:
    answer = await owner.get(f"api/workspaces/{workspace}/events")
    assert answer.status == 200, answer
    return [(one["kind"], one["user"]) for one in reversed(answer.json["items"])]


async def test_everything_about_who_may_is_recorded(alice: Person, bob: Person) -> None:
    workspace = await alice.create(xml=XML.format("a"))
    item = f"api/workspaces/{workspace}"
    everyone = (await alice.post(f"{item}/shares", json={"everyone": True, "role": "viewer"})).json
    await alice.patch(f"{item}/shares/{everyone['id']}", {"role": "editor"})
    await alice.patch(f"{item}/shares/{everyone['id']}", {"role": "editor"})
    await alice.delete(f"{item}/shares/{everyone['id']}")
    code = await make(alice, workspace, "edit")
    await accept(bob, code)
    await accept(bob, code)
    (link,) = (await alice.get(f"{item}/links")).json["items"]
    await alice.delete(f"{item}/links/{link['id']}")
    await alice.post(f"{item}/revisions/1/restore")
    (his,) = (await bob.get(f"{item}/shares")).json["items"]
    await bob.delete(f"{item}/shares/{his['id']}")
    await trash(alice, workspace)
    await trash(alice, workspace)
    await alice.post(f"{item}/restore")

    assert await events(alice, workspace) == [
        ("share-granted", "alice"),
        ("share-changed", "alice"),
        ("share-revoked", "alice"),
        ("link-made", "alice"),
        ("link-used", "bob"),
        ("link-revoked", "alice"),
        ("revision-restored", "alice"),
        ("left", "bob"),
        ("trashed", "alice"),
        ("restored", "alice"),
    ]
    items = (await alice.get(f"{item}/events")).json["items"]
    assert items[-1]["details"] == {"everyone": True, "role": "viewer"}
    assert code not in str(items)


async def test_the_record_is_for_the_owner_and_goes_with_the_workspace(
    alice: Person, bob: Person
) -> None:
    workspace = await alice.create()
    item = f"api/workspaces/{workspace}"
    (await bob.get(f"{item}/events")).is_problem(404, "not-found")
    await accept(bob, await make(alice, workspace, "edit"))
    (await bob.get(f"{item}/events")).is_problem(403, "not-allowed")
    await offer(alice, workspace, "bob")
    await answer_to(bob, "accept")

    (await alice.get(f"{item}/events")).is_problem(403, "not-allowed")
    assert (await events(bob, workspace))[-1] == ("transferred", "bob")


async def test_the_last_owner_sees_who_deleted_it(alice: Person, bob: Person) -> None:
    workspace = await alice.create("Maze")
    await trash(alice, workspace)
    await alice.delete(f"api/workspaces/{workspace}?permanent=true")

    assert await events(alice, workspace) == [("trashed", "alice"), ("deleted", "alice")]
    (await bob.get(f"api/workspaces/{workspace}/events")).is_problem(404, "not-found")
    (await alice.get(f"api/workspaces/{workspace}")).is_problem(404, "not-found")


async def test_the_record_goes_on_where_it_ended(alice: Person) -> None:
    workspace = await alice.create()
    for _ in range(3):
        await make(alice, workspace)
    first = (await alice.get(f"api/workspaces/{workspace}/events?limit=2")).json
    rest = (await alice.get(first["next"])).json

    numbers = [one["id"] for one in [*first["items"], *rest["items"]]]
    assert numbers == sorted(numbers, reverse=True) and len(numbers) == 3
    assert rest["next"] is None


async def count(database: Database, table: type[Workspace | Content | Event]) -> int:
    async with database.read() as db:
        return int(await db.scalar(select(func.count()).select_from(table)) or 0)


async def test_the_trash_is_emptied_after_a_while_with_all_that_was_in_it(
    service: Service, alice: Person, database: Database
) -> None:
    limits = service.services.limits
    kept = await alice.create(xml=XML.format("kept"))
    gone = await alice.create(xml=XML.format("gone"))
    await alice.save(gone, XML.format("more"), "*")
    await trash(alice, gone)
    now = datetime.now(timezone.utc)

    await clean(database, limits, now + timedelta(days=limits.trash_days, minutes=-1))
    assert (await alice.get(f"api/workspaces/{gone}")).status == 200
    await clean(database, limits, now + timedelta(days=limits.trash_days, minutes=1))

    (await alice.get(f"api/workspaces/{gone}")).is_problem(404, "not-found")
    assert (await alice.get(f"api/workspaces/{kept}")).status == 200
    assert (await count(database, Workspace), await count(database, Content)) == (1, 1)
    assert (await events(alice, gone))[-1] == ("deleted", None)


async def test_several_processes_empty_the_trash_without_harm(
    service: Service, alice: Person, database: Database
) -> None:
    for _ in range(5):
        await trash(alice, await alice.create())
    now = datetime.now(timezone.utc) + timedelta(days=31)

    await asyncio.gather(*(clean(database, service.services.limits, now) for _ in range(3)))

    assert await count(database, Workspace) == 0
    async with database.read() as db:
        deleted = list(await db.scalars(select(Event.workspace_id).where(Event.kind == "deleted")))
    assert len(deleted) == len(set(deleted)) == 5


async def test_the_record_is_kept_for_a_while(
    service: Service, alice: Person, database: Database
) -> None:
    await make(alice, await alice.create())
    now = datetime.now(timezone.utc)
    limits = service.services.limits

    await clean(database, limits, now + timedelta(days=limits.events_days, minutes=-1))
    assert await count(database, Event) == 1
    await clean(database, limits, now + timedelta(days=limits.events_days, minutes=1))
    assert await count(database, Event) == 0
