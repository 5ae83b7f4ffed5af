"""Saving, and what the history keeps: rules H1 to H5, and saves on top of a known state."""

import asyncio
import dataclasses

import pytest

from jigsaw_service.document import revisions
from jigsaw_service.document.revisions import Head
from jigsaw_service.errors import JigsawError, NotAllowed, NotFound, WorkspaceChanged
from jigsaw_service.live.rooms import Rooms
from jigsaw_service.runtime.identity import User
from jigsaw_service.runtime.roles import Action, Role
from jigsaw_service.sharing.grants import Grantee, grant
from jigsaw_service.storage.database import Database
from jigsaw_service.workspaces import store

from .conftest import LIMITS, program
from .tabs import Tab


class Saver:
    """Puts programs into one workspace, or edits it in a browser tab."""

    def __init__(self, database: Database, workspace_id: str) -> None:
        self.database = database
        self.workspace_id = workspace_id
        self.rooms = Rooms(database, LIMITS)

    async def save(self, user: User, text: str, *, on: str | None = None) -> Head:
        return await self.database.change(
            lambda db: store.save(
                db,
                user,
                self.workspace_id,
                program(text),
                on_top_of=None if on is None else frozenset([on]),
            ),
            about=self.workspace_id,
        )

    async def open(self, user: User) -> Tab:
        """A new browser tab."""
        tab = Tab(self.rooms, self.workspace_id, user)
        await tab.room.idle()
        return tab

    def hurry(self) -> None:
        """From now on, every change is long after the one before."""
        limits = dataclasses.replace(LIMITS, revision_minutes=0)
        for room in self.rooms._open.values():
            room.limits = limits

    async def history(self, user: User) -> list[tuple[int, str, list[str], str]]:
        """Number, kind, authors and text of each revision, oldest first."""
        async with self.database.read() as db:
            workspace = (await store.find(db, user, self.workspace_id, Action.READ)).workspace
            listed = await revisions.page(db, workspace, limit=50)
            marks = [await revisions.find(db, workspace, m.revision.number) for m in listed]
        return [
            (m.revision.number, m.revision.kind, list(m.authors), text_of(m.document.xml))
            for m in reversed(marks)
        ]

    async def head(self, user: User) -> tuple[int, str]:
        """Clock and text of the head."""
        async with self.database.read() as db:
            workspace = (await store.find(db, user, self.workspace_id, Action.READ)).workspace
            return workspace.clock, text_of((await revisions.head(db, workspace)).xml)


def text_of(xml: bytes) -> str:
    return xml.decode().partition("TEXT")[2].partition(">")[2].partition("<")[0]


@pytest.fixture
async def saver(database: Database, maze: str, alice: User, bob: User) -> Saver:
    async with database.write() as db:
        found = await store.find(db, alice, maze, Action.SHARE)
        await grant(db, alice, found.workspace, to=Grantee.USER, name="bob", role=Role.EDITOR)
    return Saver(database, maze)


async def test_h1_an_upload_always_makes_a_revision(saver: Saver, alice: User) -> None:
    await saver.save(alice, "a")
    await saver.save(alice, "a")

    assert [row[:2] for row in await saver.history(alice)] == [
        (1, "creation"),
        (2, "upload"),
        (3, "upload"),
    ]


async def test_h2_a_live_change_makes_no_revision(saver: Saver, alice: User) -> None:
    tab = await saver.open(alice)
    for text in "a", "b", "c":
        await tab.write(text)

    assert await saver.head(alice) == (4, "c")
    assert len(await saver.history(alice)) == 1


async def test_h3_whoever_comes_along_marks_what_was_there(
    saver: Saver, alice: User, bob: User
) -> None:
    await (await saver.open(alice)).write("a")
    await (await saver.open(bob)).write("b")

    assert (await saver.history(alice))[1:] == [(2, "automatic", ["alice"], "a")]
    assert await saver.head(alice) == (3, "b")


async def test_h3_another_tab_marks_what_was_there(saver: Saver, alice: User) -> None:
    await (await saver.open(alice)).write("a")
    await (await saver.open(alice)).write("b")

    assert (await saver.history(alice))[1:] == [(2, "automatic", ["alice"], "a")]


async def test_h3_an_upload_marks_what_was_there_and_itself(
    saver: Saver, alice: User, bob: User
) -> None:
    await (await saver.open(alice)).write("a")
    await saver.save(bob, "b")

    assert (await saver.history(alice))[1:] == [
        (2, "automatic", ["alice"], "a"),
        (3, "upload", ["bob"], "b"),
    ]


async def test_h3_after_some_minutes_of_work_what_is_there_is_marked(
    saver: Saver, alice: User
) -> None:
    tab = await saver.open(alice)
    await tab.write("a")
    saver.hurry()
    await tab.write("b")

    assert (await saver.history(alice))[1:] == [(2, "automatic", ["alice"], "a")]
    assert await saver.head(alice) == (3, "b")


async def test_h1_a_label_makes_a_revision_and_names_it(saver: Saver, alice: User) -> None:
    tab = await saver.open(alice)
    await tab.write("a")
    await tab.label("it works")
    await tab.label("it really works")

    assert (await saver.history(alice))[1:] == [(2, "automatic", ["alice"], "a")]
    named = [{"type": "revision", "number": 2, "label": "it works"}]
    assert tab.of("revision") == [*named, {**named[0], "label": "it really works"}]


async def test_h4_a_restore_can_itself_be_undone(
    saver: Saver, database: Database, alice: User
) -> None:
    await saver.save(alice, "a")
    await (await saver.open(alice)).write("b")
    async with database.write() as db:
        workspace = (await store.find(db, alice, saver.workspace_id, Action.EDIT)).workspace
        mark = await revisions.restore(db, workspace, 2, by=alice)

    assert (mark.revision.number, mark.revision.kind) == (4, "restore")
    assert [row[3] for row in await saver.history(alice)][1:] == ["a", "b", "a"]
    assert (await saver.head(alice))[1] == "a"


async def test_h5_the_authors_are_all_who_changed_something_since_the_last(
    saver: Saver, alice: User, bob: User
) -> None:
    mine, his = await saver.open(alice), await saver.open(bob)
    await mine.write("a")
    await his.write("b")
    await mine.write("c")
    await his.write("d")
    await saver.save(alice, "e")

    assert [row[1:3] for row in await saver.history(alice)][1:] == [
        ("automatic", ["alice"]),
        ("automatic", ["alice", "bob"]),
        ("upload", ["alice"]),
    ]


async def test_h5_what_a_revision_holds_is_never_overwritten(saver: Saver, alice: User) -> None:
    await saver.save(alice, "a")
    tab = await saver.open(alice)
    for text in "b", "c":
        await tab.write(text)

    assert (await saver.history(alice))[1][3] == "a"


async def test_a_revision_of_another_workspace_is_not_found(
    saver: Saver, database: Database, alice: User
) -> None:
    async with database.write() as db:
        workspace = (await store.find(db, alice, saver.workspace_id, Action.EDIT)).workspace
        with pytest.raises(NotFound):
            await revisions.restore(db, workspace, 2, by=alice)


async def test_a_label_is_given_and_taken_away(
    saver: Saver, database: Database, alice: User
) -> None:
    for label in "it works", None:
        async with database.write() as db:
            workspace = (await store.find(db, alice, saver.workspace_id, Action.EDIT)).workspace
            await revisions.label(db, workspace, 1, label)
        async with database.read() as db:
            workspace = (await store.find(db, alice, saver.workspace_id, Action.READ)).workspace
            assert (await revisions.find(db, workspace, 1)).revision.label == label


async def test_a_stale_save_is_refused_and_says_who_was_first(
    saver: Saver, alice: User, bob: User
) -> None:
    base = revisions.etag(await saver.save(alice, "a"))
    first = await saver.save(bob, "b", on=base)

    with pytest.raises(WorkspaceChanged) as refused:
        await saver.save(alice, "c", on=base)
    assert refused.value.members == {
        "etag": f'"{revisions.etag(first)}"',
        "changed_by": "bob",
        "changed": first.modified.isoformat(),
    }
    assert await saver.head(alice) == (3, "b")


async def test_a_save_whose_answer_was_lost_is_answered_as_the_first_time(
    saver: Saver, alice: User, bob: User
) -> None:
    base = revisions.etag(await saver.save(alice, "a"))
    first = await saver.save(alice, "b", on=base)
    again = await saver.save(alice, "b", on=base)

    assert (again.clock, again.revision) == (first.clock, first.revision)
    with pytest.raises(WorkspaceChanged):
        await saver.save(bob, "b", on=base)


async def test_a_viewer_saves_nothing(
    saver: Saver, database: Database, alice: User, bob: User
) -> None:
    async with database.write() as db:
        found = await store.find(db, alice, saver.workspace_id, Action.SHARE)
        await grant(db, alice, found.workspace, to=Grantee.USER, name="bob", role=Role.VIEWER)

    with pytest.raises(NotAllowed):
        await saver.save(bob, "b")
    assert (await saver.head(alice))[0] == 1


async def test_of_twenty_saves_on_one_state_one_wins(saver: Saver, alice: User) -> None:
    base = revisions.etag(await saver.save(alice, "base"))
    outcomes = await asyncio.gather(
        *(saver.save(alice, f"save {n}", on=base) for n in range(20)),
        return_exceptions=True,
    )

    won = [outcome for outcome in outcomes if isinstance(outcome, Head)]
    lost = [outcome for outcome in outcomes if isinstance(outcome, WorkspaceChanged)]
    assert (len(won), len(lost)) == (1, 19)
    assert (await saver.head(alice))[0] == 3


async def test_saves_that_are_committed_together_fail_alone(saver: Saver, alice: User) -> None:
    def fail(_db: object) -> None:
        raise JigsawError("no")

    outcomes = await asyncio.gather(
        saver.save(alice, "a"),
        saver.database.change(fail),
        saver.save(alice, "b"),
        return_exceptions=True,
    )

    assert isinstance(outcomes[1], JigsawError)
    assert (await saver.head(alice))[0] == 3
