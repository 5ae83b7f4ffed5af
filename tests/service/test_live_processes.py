"""L2 and L10: a process that is killed loses nothing, and two on one PostgreSQL behave as one."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession
from sqlalchemy import text

from jigsaw_service.live import presence_sync
from jigsaw_service.live.presence_sync import PresenceSync
from jigsaw_service.runtime.limits import Limits
from jigsaw_service.storage.database import Database

from ..soak.processes import ServiceProcess, running_hub
from .conftest import PREFIX, XML, Person, Service, serving
from .tabs import Tab, new, put
from .test_live import agree, share
from .test_presence_sync import count


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
        # A connection that listens runs nothing else.
        listening = (
            "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
            "AND (query LIKE 'LISTEN%' OR query = 'SELECT 1')"
        )
        async with services[0].services.database.write() as db:
            while await db.scalar(text(f"SELECT count(*) {listening}")) < 2:
                await asyncio.sleep(0.05)
            await db.execute(text(f"SELECT pg_terminate_backend(pid) {listening}"))
        for n in range(5):
            await hers.edit(put("~1", f"{n}"))
        await his.reach(7)
        await agree(alice, shared, hers, his)


def who(message: Any) -> dict[str, tuple[str, str]]:
    return {one["connection"]: (one["user"], one["role"]) for one in message["people"]}


async def meet(tab: Tab, *names: str) -> dict[str, tuple[str, str]]:
    """Listen until exactly these people are there."""
    people = who(tab.welcome)
    while sorted(user for user, _ in people.values()) != sorted(names):
        people = who(await tab.hear("people"))
    return people


async def until_heard(one: Tab, other: Tab) -> None:
    """Until the other's process listens: where people are may get lost before."""
    await one.edit(put("~1", "b"))
    await other.reach(one.clock)


async def test_everybody_sees_everybody(
    alice: Person, bob: Person, services: tuple[Service, Service], shared: str
) -> None:
    carol = services[1].person("carol")
    async with alice.live(shared) as hers, bob.live(shared) as his:
        both = {
            hers.welcome["connection"]: ("alice", "owner"),
            his.welcome["connection"]: ("bob", "editor"),
        }
        assert await meet(hers, "alice", "bob") == await meet(his, "alice", "bob") == both
        async with carol.live(shared) as third:
            assert both.items() < who(third.welcome).items(), "who comes late is told at once"
            await meet(hers, "alice", "bob", "carol")
        await meet(hers, "alice", "bob")
    while await count(services[0], "visitors"):
        await asyncio.sleep(0.05)


async def test_a_role_that_changes_is_shown_at_the_other(
    alice: Person, bob: Person, services: tuple[Service, Service]
) -> None:
    workspace = await alice.create()
    number = await share(alice, workspace, "viewer", everyone=True)
    async with alice.live(workspace) as hers, bob.live(workspace) as his:
        await meet(hers, "alice", "bob")
        await alice.patch(f"api/workspaces/{workspace}/shares/{number}", {"role": "editor"})
        while who(await hers.hear("people"))[his.welcome["connection"]] != ("bob", "editor"):
            pass


async def test_who_comes_later_at_the_other_is_told_where_people_are(
    alice: Person, bob: Person, shared: str
) -> None:
    async with alice.live(shared) as hers:
        async with bob.live(shared) as before:
            await until_heard(hers, before)
        await hers.say(type="presence", selection="~1")
        await hers.edit(put("~1", "c"))
        async with bob.live(shared) as his:
            assert (await his.hear("presence"))["selection"] == "~1"


async def test_presence_crosses_twice_a_second_at_most_and_the_last_word_counts(
    alice: Person, bob: Person, shared: str
) -> None:
    async with alice.live(shared) as hers, bob.live(shared) as his:
        await meet(hers, "alice", "bob")
        await until_heard(hers, his)
        for x in range(10):
            await hers.say(type="presence", pointer=[x, 0], selection="\ud83d \N{SNOWMAN}")
        while (told := await his.hear("presence"))["pointer"] != [9, 0]:
            pass
        assert told["connection"] == hers.welcome["connection"]
        assert (told["field"], told["selection"]) == (None, "\ud83d \N{SNOWMAN}")
        assert len([message for message in his.heard if message["type"] == "presence"]) < 6
        assert all(message["type"] != "presence" for message in hers.heard)


async def test_outputs_that_are_shown_at_one_are_seen_at_the_other(
    alice: Person, bob: Person, services: tuple[Service, Service], shared: str
) -> None:
    outputs = [{"output_type": "stream", "name": "stdout", "text": "x\ud83d" * 60_000}]
    carol = services[1].person("carol")
    async with bob.live(shared) as his:
        async with alice.live(shared) as hers:
            me = hers.welcome["connection"]
            for shown in outputs, [], None, outputs:
                await hers.say(type="show", outputs=shown)
                told = await his.hear("shown")
                assert (told["connection"], told["outputs"]) == (me, shown)
            async with carol.live(shared) as late:
                assert late.welcome["shown"] == [{"connection": me, "outputs": outputs}]
        assert (await his.hear("shown"))["outputs"] is None
        await meet(his, "bob")


async def test_revisions_are_told_at_the_other(alice: Person, bob: Person, shared: str) -> None:
    async def told(tab: Tab) -> tuple[int, str | None]:
        message = await tab.hear("revision")
        return message["number"], message["label"]

    async with alice.live(shared) as hers, bob.live(shared) as his:
        await hers.edit(put("~1", "b"))
        await alice.save(shared, XML.format("c"), "*")
        for tab in hers, his:
            assert [await told(tab), await told(tab)] == [(2, None), (3, None)]
        await alice.patch(f"api/workspaces/{shared}/revisions/2", {"label": "two"})
        assert await told(hers) == await told(his) == (2, "two")
        await hers.edit(put("~1", "d"))
        await his.say(type="label", label="it works")
        for tab in hers, his:
            while await told(tab) != (4, "it works"):
                pass
        async with alice.live(shared) as another:
            await another.edit(put("~1", "e"))
            await another.edit(put("~1", "f"))
        async with alice.live(shared) as another:
            await another.edit(put("~1", "g"))
            assert await told(his) == (5, None), "marked for who came along"


async def test_a_process_that_was_held_to_be_dead_begins_anew(
    alice: Person, bob: Person, services: tuple[Service, Service], shared: str
) -> None:
    async with alice.live(shared) as hers, bob.live(shared) as his:
        await hers.say(type="show", outputs=["x"])
        await his.hear("shown")
        await meet(his, "alice", "bob")
        async with services[0].services.database.write() as db:
            await db.execute(text("DELETE FROM processes"))
        while await count(services[0], "visitors") != 2:
            await asyncio.sleep(0.05)
        async with services[1].person("carol").live(shared) as third:
            await meet(third, "alice", "bob", "carol")
            assert [one["outputs"] for one in third.welcome["shown"]] == [["x"]]


async def test_people_are_told_after_an_answer_of_the_database_got_lost(
    alice: Person,
    bob: Person,
    services: tuple[Service, Service],
    shared: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    lost = []

    class Unlucky(PresenceSync):
        async def _transaction(self, work: Any) -> bool:
            if len(lost) == 2:
                return await super()._transaction(work)
            lost.append(work)
            await super()._transaction(lambda db: bool(work(db)) and (lambda: None))
            return False

    monkeypatch.setattr(presence_sync, "_BEAT_SECONDS", 0.1)
    monkeypatch.setattr(services[0].services.rooms._presence_sync, "__class__", Unlucky)
    async with bob.live(shared) as his:
        async with alice.live(shared):
            await meet(his, "alice", "bob")
            async with alice.live(shared):
                await meet(his, "alice", "alice", "bob")
        while await count(services[0], "visitors") != 1:
            await asyncio.sleep(0.05)
    assert len(lost) == 2
    assert not [one for one in caplog.records if one.name == presence_sync.__name__]


async def test_the_people_of_a_process_that_was_killed_vanish(
    new_postgresql: str, tmp_path: Path
) -> None:
    async with running_hub() as hub, ClientSession() as http:
        processes = [ServiceProcess(tmp_path / name, hub, new_postgresql) for name in "ab"]
        for process in processes:
            await process.start()
        alice, bob = (
            Person(http, process.url.removesuffix(PREFIX), {"Authorization": f"token {name}"})
            for process, name in zip(processes, ("alice", "bob"), strict=True)
        )
        workspace = await alice.create()
        await share(alice, workspace, "editor", everyone=True)
        async with bob.live(workspace) as his, alice.live(workspace) as hers:
            await hers.say(type="show", outputs=["x"])
            await his.hear("shown")
            await meet(his, "alice", "bob")
            await processes[0].kill()
            assert (await his.hear("shown"))["outputs"] is None
            await meet(his, "bob")
        await processes[1].end()


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
