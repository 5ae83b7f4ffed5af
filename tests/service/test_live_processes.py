"""L2 and L10: a process that is killed loses nothing, and two on one PostgreSQL behave as one."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientSession
from sqlalchemy import text

from jigsaw_service.limits import Limits
from jigsaw_service.storage.database import Database

from ..soak.processes import ServiceProcess, running_hub
from .conftest import PREFIX, XML, Person, Service, serving
from .tabs import Tab, new, put
from .test_live import agree, share


@pytest.fixture
async def services(
    new_postgresql: str, limits: Limits, tmp_path: Path, hub: str
) -> AsyncIterator[tuple[Service, Service]]:
    """Two of them, as far apart as two processes: only the database is shared."""
    first, second = Database(new_postgresql), Database(new_postgresql)
    await first.open()
    await first.migrate()
    await second.open()
    async with serving(first, limits, tmp_path, hub) as one:
        async with serving(second, limits, tmp_path, hub) as other:
            yield one, other
    await first.close()
    await second.close()


@pytest.fixture
def alice(services: tuple[Service, Service]) -> Person:
    """At the first."""
    return services[0].person("alice")


@pytest.fixture
def bob(services: tuple[Service, Service]) -> Person:
    """At the second."""
    return services[1].person("bob")


@pytest.fixture
async def shared(alice: Person) -> str:
    workspace = await alice.create(xml=XML.format("a"))
    await share(alice, workspace, "editor", everyone=True)
    return workspace


async def test_an_edit_at_one_is_seen_at_the_other(alice: Person, bob: Person, shared: str) -> None:
    async with alice.live(shared) as hers, bob.live(shared) as his:
        answer = await hers.edit(put("~1", "b"))
        assert await his.hear("patch") == answer
        assert (await his.edit(put("~1", "c")))["clock"] == 3
        await agree(alice, shared, hers, his)


async def test_l1_edits_at_both_at_once_are_numbered_the_same_at_both(
    alice: Person, bob: Person, services: tuple[Service, Service], shared: str
) -> None:
    carol = services[1].person("carol")
    async with alice.live(shared) as hers, bob.live(shared) as his, carol.live(shared) as third:

        async def work(tab: Tab, name: str) -> None:
            for number in range(30):
                await tab.edit(new(name), put(name, str(number)), put("~1", f"{name} {number}"))

        await asyncio.gather(work(hers, "a"), work(his, "b"), work(third, "c"))
        await agree(alice, shared, hers, his, third)
        assert hers.clock == 91
        patches = [[m for m in tab.heard if m["type"] == "patch"] for tab in (hers, his, third)]
        assert patches[0] == patches[1] == patches[2]


async def test_a_batch_that_is_sent_again_to_the_other_is_applied_once(
    alice: Person, services: tuple[Service, Service], shared: str
) -> None:
    async with alice.live(shared) as tab:
        first = await tab.edit(put("~1", "b"))
        await tab.edit(put("~1", "c"))
    async with services[1].person("alice").live(shared, like=tab) as moved:
        assert moved.welcome["last_n"] == 2
        assert await moved.edit(put("~1", "b"), n=1) == first
        assert (await moved.edit(put("~1", "d"), n=3))["clock"] == 4
        await agree(alice, shared, moved)


async def test_a_batch_that_is_under_way_at_one_is_not_applied_again_at_the_other(
    alice: Person, services: tuple[Service, Service], shared: str
) -> None:
    there = services[1].person("alice")
    async with alice.live(shared) as tab, there.live(shared, like=tab) as same:
        batches = [[new(f"{n}"), put("~1", str(n))] for n in range(1, 20)]
        for n, batch in enumerate(batches, start=1):
            await asyncio.gather(tab.send(*batch, n=n), same.send(*batch, n=n))
        await asyncio.gather(tab.reach(20), same.reach(20))
        assert (await alice.get(f"api/workspaces/{shared}")).json["clock"] == 20
        await agree(alice, shared, tab, same)


async def test_l9_an_upload_at_one_is_seen_at_the_other(
    alice: Person, bob: Person, shared: str
) -> None:
    async with bob.live(shared) as his:
        await alice.save(shared, XML.format("b"), "*")
        assert (await his.hear("patch"))["patch"] == {"blocks": {"~1": {"f:TEXT": "b"}}}


async def test_l5_a_role_that_is_taken_at_one_is_gone_at_the_other(
    alice: Person, bob: Person
) -> None:
    workspace = await alice.create()
    number = await share(alice, workspace, "editor", everyone=True)
    async with bob.live(workspace) as his:
        await alice.patch(f"api/workspaces/{workspace}/shares/{number}", {"role": "viewer"})
        assert (await his.hear("role"))["role"] == "viewer"
        await alice.delete(f"api/workspaces/{workspace}/shares/{number}")
        assert await his.end() == (4403, "not-allowed")


async def test_the_trash_closes_the_room_at_the_other(
    alice: Person, bob: Person, shared: str
) -> None:
    async with bob.live(shared) as his:
        await alice.delete(f"api/workspaces/{shared}")
        assert await his.end() == (4404, "not-found")


async def test_what_is_missed_while_nobody_listens_is_made_up_for(
    alice: Person, bob: Person, services: tuple[Service, Service], shared: str
) -> None:
    async with alice.live(shared) as hers, bob.live(shared) as his:
        await hers.edit(put("~1", "b"))
        await his.reach(2)
        async with services[0].parts.database.write() as db:
            # Whoever listens runs nothing else; the locks keep new ones from listening at once.
            killed = text(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid() "
                "AND (query LIKE 'LISTEN%' OR query = 'SELECT 1')"
            )
            assert await db.scalar(killed) >= 2
        for n in range(5):
            await hers.edit(put("~1", f"{n}"))
        await his.reach(7)
        await agree(alice, shared, hers, his)


async def test_the_last_one_at_one_does_not_disturb_those_at_the_other(
    alice: Person, bob: Person, shared: str
) -> None:
    async with bob.live(shared) as his:
        for n in range(5):
            async with alice.live(shared) as hers:
                await hers.edit(put("~1", f"hers {n}"))
            await his.edit(put("~1", f"his {n}"))
        await agree(alice, shared, his)
    async with alice.live(shared) as hers:
        await agree(alice, shared, hers)
        assert hers.text("~1") == "his 4"


async def test_l2_what_was_acknowledged_survives_a_kill(empty_url: str, tmp_path: Path) -> None:
    async with running_hub() as hub, ClientSession() as http:
        process = ServiceProcess(tmp_path / "service", hub, empty_url)
        await process.start()
        origin = process.url.removesuffix(PREFIX)
        alice = Person(http, origin, {"Authorization": "token alice"})
        workspace = await alice.create()
        for killed in range(2):
            acknowledged = set()
            async with alice.live(workspace) as tab:
                for n in range(1, 200):
                    await tab.send(new(f"{killed} {n}"))
                while len(acknowledged) < 20:
                    acknowledged.add((await tab.hear("patch"))["n"])
                await process.kill()
            await process.start()

            async with alice.live(workspace, like=tab) as back:
                assert back.welcome["last_n"] >= max(acknowledged)
                for n in range(1, 200):
                    assert (f"{killed} {n}" in back.records.blocks) == (n <= back.welcome["last_n"])
                await agree(alice, workspace, back)
        await process.end()
