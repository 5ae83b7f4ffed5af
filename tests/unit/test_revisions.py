"""Saving, and what the history keeps: rules H1 to H5, and saves on top of a known state."""

import asyncio
import dataclasses

import pytest

from jigsaw_service import revisions, workspaces
from jigsaw_service.errors import JigsawError, NotAllowed, NotFound, WorkspaceChanged
from jigsaw_service.identity import User
from jigsaw_service.revisions import Head
from jigsaw_service.roles import Action, Role
from jigsaw_service.sharing import Grantee, grant
from jigsaw_service.storage.database import Database

from .conftest import LIMITS, program


class Saver:
    """Saves one workspace, again and again."""

    def __init__(self, database: Database, workspace_id: str) -> None:
        self.database = database
        self.workspace_id = workspace_id
        self.limits = LIMITS

    async def save(
        self, user: User, text: str, *, sitting: str | None = None, on: str | None = None
    ) -> Head:
        return await self.database.change(
            lambda db: workspaces.save(
                db,
                user,
                self.workspace_id,
                program(text),
                on_top_of=None if on is None else frozenset([on]),
                sitting=sitting,
                limits=self.limits,
            )
        )

    async def history(self, user: User) -> list[tuple[int, str, list[str], str]]:
        """Number, kind, authors and text of each revision, oldest first."""
        async with self.database.read() as db:
            workspace = (await workspaces.find(db, user, self.workspace_id, Action.READ)).workspace
            marks = await revisions.page(db, workspace, limit=50)
        return [
            (m.revision.number, m.revision.kind, list(m.authors), text_of(m.document.xml))
            for m in reversed(marks)
        ]

    async def head(self, user: User) -> tuple[int, str]:
        """Clock and text of the head."""
        async with self.database.read() as db:
            workspace = (await workspaces.find(db, user, self.workspace_id, Action.READ)).workspace
            return workspace.clock, text_of((await revisions.head(db, workspace)).xml)


def text_of(xml: bytes) -> str:
    return xml.decode().partition("TEXT")[2].partition(">")[2].partition("<")[0]


@pytest.fixture
async def saver(database: Database, maze: str, alice: User, bob: User) -> Saver:
    async with database.write() as db:
        found = await workspaces.find(db, alice, maze, Action.SHARE)
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


async def test_h2_an_automatic_save_changes_the_head_without_a_revision(
    saver: Saver, alice: User
) -> None:
    for text in "a", "b", "c":
        saved = await saver.save(alice, text, sitting="s")

    assert (saved.clock, saved.revision) == (4, 1)
    assert await saver.head(alice) == (4, "c")
    assert len(await saver.history(alice)) == 1


async def test_h2_an_automatic_save_of_the_same_changes_nothing(saver: Saver, alice: User) -> None:
    await saver.save(alice, "a", sitting="s")
    saved = await saver.save(alice, "a", sitting="s")

    assert saved.clock == 2


async def test_h3_another_person_marks_what_was_there(saver: Saver, alice: User, bob: User) -> None:
    await saver.save(alice, "a", sitting="s")
    await saver.save(bob, "b", sitting="s")

    assert (await saver.history(alice))[1:] == [(2, "automatic", ["alice"], "a")]
    assert await saver.head(alice) == (3, "b")


async def test_h3_another_sitting_marks_what_was_there(saver: Saver, alice: User) -> None:
    await saver.save(alice, "a", sitting="one")
    await saver.save(alice, "b", sitting="two")

    assert (await saver.history(alice))[1:] == [(2, "automatic", ["alice"], "a")]


async def test_h3_an_upload_marks_what_was_there_and_itself(
    saver: Saver, alice: User, bob: User
) -> None:
    await saver.save(alice, "a", sitting="s")
    await saver.save(bob, "b")

    assert (await saver.history(alice))[1:] == [
        (2, "automatic", ["alice"], "a"),
        (3, "upload", ["bob"], "b"),
    ]


async def test_h3_after_some_minutes_of_a_sitting_the_head_is_marked(
    saver: Saver, alice: User
) -> None:
    await saver.save(alice, "a", sitting="s")
    saver.limits = dataclasses.replace(LIMITS, revision_minutes=0)
    await saver.save(alice, "b", sitting="s")
    saver.limits = LIMITS
    await saver.save(alice, "c", sitting="s")

    assert (await saver.history(alice))[1:] == [(2, "automatic", ["alice"], "a")]
    assert await saver.head(alice) == (4, "c")


async def test_h4_a_restore_can_itself_be_undone(
    saver: Saver, database: Database, alice: User
) -> None:
    await saver.save(alice, "a")
    await saver.save(alice, "b", sitting="s")
    async with database.write() as db:
        workspace = (await workspaces.find(db, alice, saver.workspace_id, Action.EDIT)).workspace
        mark = await revisions.restore(db, workspace, 2, by=alice, revision_minutes=5)

    assert (mark.revision.number, mark.revision.kind) == (4, "restore")
    assert [row[3] for row in await saver.history(alice)][1:] == ["a", "b", "a"]
    assert (await saver.head(alice))[1] == "a"


async def test_h5_what_a_revision_holds_is_never_overwritten(saver: Saver, alice: User) -> None:
    await saver.save(alice, "a")
    for text in "b", "c":
        await saver.save(alice, text, sitting="s")

    assert (await saver.history(alice))[1][3] == "a"


async def test_a_revision_of_another_workspace_is_not_found(
    saver: Saver, database: Database, alice: User
) -> None:
    async with database.write() as db:
        workspace = (await workspaces.find(db, alice, saver.workspace_id, Action.EDIT)).workspace
        with pytest.raises(NotFound):
            await revisions.restore(db, workspace, 2, by=alice, revision_minutes=5)


async def test_a_label_is_given_and_taken_away(
    saver: Saver, database: Database, alice: User
) -> None:
    for label in "it works", None:
        async with database.write() as db:
            workspace = (
                await workspaces.find(db, alice, saver.workspace_id, Action.EDIT)
            ).workspace
            await revisions.label(db, workspace, 1, label)
        async with database.read() as db:
            workspace = (
                await workspaces.find(db, alice, saver.workspace_id, Action.READ)
            ).workspace
            assert (await revisions.find(db, workspace, 1)).revision.label == label


async def test_a_stale_save_is_refused_and_says_who_was_first(
    saver: Saver, alice: User, bob: User
) -> None:
    base = revisions.etag(await saver.save(alice, "a", sitting="s"))
    first = await saver.save(bob, "b", sitting="t", on=base)

    with pytest.raises(WorkspaceChanged) as refused:
        await saver.save(alice, "c", sitting="s", on=base)
    assert refused.value.members == {
        "etag": f'"{revisions.etag(first)}"',
        "changed_by": "bob",
        "changed": first.modified.isoformat(),
    }
    assert await saver.head(alice) == (3, "b")


@pytest.mark.parametrize("sitting", [None, "s"])
async def test_a_save_whose_answer_was_lost_is_answered_as_the_first_time(
    saver: Saver, alice: User, bob: User, sitting: str | None
) -> None:
    base = revisions.etag(await saver.save(alice, "a"))
    first = await saver.save(alice, "b", sitting=sitting, on=base)
    again = await saver.save(alice, "b", sitting=sitting, on=base)

    assert (again.clock, again.revision) == (first.clock, first.revision)
    with pytest.raises(WorkspaceChanged):
        await saver.save(bob, "b", sitting=sitting, on=base)


async def test_a_viewer_saves_nothing(
    saver: Saver, database: Database, alice: User, bob: User
) -> None:
    async with database.write() as db:
        found = await workspaces.find(db, alice, saver.workspace_id, Action.SHARE)
        await grant(db, alice, found.workspace, to=Grantee.USER, name="bob", role=Role.VIEWER)

    with pytest.raises(NotAllowed):
        await saver.save(bob, "b")
    assert (await saver.head(alice))[0] == 1


async def test_of_twenty_saves_on_one_state_one_wins(saver: Saver, alice: User) -> None:
    base = revisions.etag(await saver.save(alice, "base"))
    outcomes = await asyncio.gather(
        *(saver.save(alice, f"save {n}", sitting="s", on=base) for n in range(20)),
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
        saver.save(alice, "a", sitting="s"),
        saver.database.change(fail),
        saver.save(alice, "b", sitting="s"),
        return_exceptions=True,
    )

    assert isinstance(outcomes[1], JigsawError)
    assert (await saver.head(alice))[0] == 3
