"""Retention of revisions with age: rules T1 to T3."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from jigsaw_service.document import history, revisions
from jigsaw_service.errors import RevisionThinned
from jigsaw_service.runtime.identity import User
from jigsaw_service.runtime.roles import Action
from jigsaw_service.service.periodic_jobs import clean
from jigsaw_service.storage.database import Database
from jigsaw_service.storage.tables import Revision, Workspace
from jigsaw_service.workspaces import store
from jigsaw_service.workspaces.retention import Aged, surplus, thin

from .conftest import LIMITS
from .tabs import Tab
from .test_revisions import Saver

NOW = datetime(2026, 11, 20, 12, tzinfo=timezone.utc)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def made(*ages: timedelta, kind: str = "automatic") -> list[Aged]:
    """A history of one creation and then revisions of these ages."""
    born = Aged(1, "creation", None, NOW - 1000 * DAY)
    return [born, *(Aged(n, kind, None, NOW - age) for n, age in enumerate(ages, 2))]


def kept(history: list[Aged], now: datetime = NOW) -> list[int]:
    gone = surplus(history, now, LIMITS)
    return [mark.number for mark in history if mark.number not in gone]


class TestWhatIsKept:
    """T1 and T2, without a database."""

    def test_t1_two_days_long_everything(self) -> None:
        history = made(*(2 * DAY - n * timedelta(minutes=5) for n in range(500)))

        assert len(kept(history)) == 501

    def test_t1_then_the_last_of_each_hour(self) -> None:
        history = made(*(10 * DAY - n * timedelta(minutes=5) for n in range(36)), DAY)

        # The first is the creation; hours begin at 12, 13 and 14 o'clock.
        assert kept(history) == [1, 13, 25, 37, 38]

    def test_t1_then_the_last_of_each_day(self) -> None:
        history = made(*(60 * DAY - n * HOUR for n in range(48)), DAY)

        assert kept(history) == [1, 13, 37, 49, 50]

    def test_t1_then_the_last_of_each_week(self) -> None:
        history = made(*((400 - n) * DAY for n in range(28)), DAY)

        weeks = [number for number in kept(history) if 1 < number < 30]
        last_days = {(NOW - (402 - number) * DAY).weekday() for number in weeks[:-1]}
        assert len(weeks) == 5
        assert last_days == {6}

    @pytest.mark.parametrize("kind", ["creation", "upload", "import", "restore", "copy"])
    def test_t2_never_what_somebody_made(self, kind: str) -> None:
        history = made(*[500 * DAY] * 20, kind=kind)

        assert len(kept(history)) == 21

    def test_t2_never_what_has_a_label(self) -> None:
        history = made(*[500 * DAY] * 4)
        history[2] = Aged(3, "automatic", "it works", NOW - 500 * DAY)

        assert kept(history) == [1, 3, 4, 5]

    def test_t2_never_the_first_and_the_last(self) -> None:
        history = made(*[500 * DAY] * 20)[1:]

        assert kept(history) == [2, 20, 21]

    @pytest.mark.parametrize("kind", ["upload", "restore"])
    def test_t2_never_what_was_replaced(self, kind: str) -> None:
        history = made(*[500 * DAY] * 6)
        history[4] = Aged(5, kind, None, NOW - 500 * DAY)

        assert kept(history) == [1, 4, 5, 6, 7]

    def test_what_is_kept_is_the_same_however_often_one_thins(self) -> None:
        history = made(*(200 * DAY - n * timedelta(hours=5) for n in range(900)))
        at_once = kept(history, NOW + 100 * DAY)

        for days in range(0, 101, 3):
            gone = surplus(history, NOW + days * DAY, LIMITS)
            history = [mark for mark in history if mark.number not in gone]

        assert kept(history, NOW + 100 * DAY) == at_once


@pytest.fixture
async def saver(database: Database, maze: str, alice: User) -> Saver:
    """Five automatic revisions `a` to `e` of a year ago, and `f` that none holds yet."""
    saver = Saver(database, maze)
    tab = await saver.open(alice)
    saver.hurry()
    for text in "abcdef":
        await tab.write(text)
    await tab.leave()
    async with database.write() as db:
        long_ago = datetime.now(timezone.utc) - 365 * DAY
        await db.execute(update(Revision).values(created=long_ago))
    return saver


@asynccontextmanager
async def reading(saver: Saver, user: User) -> AsyncIterator[tuple[AsyncSession, Workspace]]:
    async with saver.database.read() as db:
        found = await store.find(db, user, saver.workspace_id, Action.READ)
        yield db, found.workspace


async def thinned(saver: Saver, user: User) -> list[int]:
    async with reading(saver, user) as (db, workspace):
        marks = await revisions.page(db, workspace, limit=50)
    return sorted(mark.revision.number for mark in marks if mark.thinned)


async def test_t3_of_a_thinned_revision_all_but_the_content_stays(
    saver: Saver, alice: User
) -> None:
    assert await thin(saver.database, LIMITS) == 3

    assert await thinned(saver, alice) == [2, 3, 4]
    async with reading(saver, alice) as (db, workspace):
        mark = await revisions.find(db, workspace, 3)
        assert (mark.authors, mark.content.blocks, mark.revision.kind) == (
            ["alice"],
            1,
            "automatic",
        )
        with pytest.raises(RevisionThinned):
            assert mark.document
    assert (await saver.head(alice))[1] == "f"
    assert await thin(saver.database, LIMITS) == 0


async def test_housekeeping_thins_by_the_clock_it_is_given(saver: Saver, alice: User) -> None:
    year_ago = datetime.now(timezone.utc) - 365 * DAY
    await clean(saver.database, LIMITS, year_ago + DAY)
    assert await thinned(saver, alice) == []

    await clean(saver.database, LIMITS, year_ago + 3 * DAY)
    assert await thinned(saver, alice) == [2, 3, 4]


async def test_a_label_given_in_time_keeps_a_revision_and_one_too_late_is_refused(
    saver: Saver, alice: User
) -> None:
    async with saver.database.write() as db:
        found = await store.find(db, alice, saver.workspace_id, Action.EDIT)
        await revisions.label(db, found.workspace, 3, "it works")

    await thin(saver.database, LIMITS)

    assert await thinned(saver, alice) == [2, 4]
    with pytest.raises(RevisionThinned):
        async with saver.database.write() as db:
            found = await store.find(db, alice, saver.workspace_id, Action.EDIT)
            await revisions.label(db, found.workspace, 2, "too late")


async def test_t3_a_content_that_something_else_holds_is_not_dropped(
    saver: Saver, alice: User, bob: User
) -> None:
    async with saver.database.write() as db:
        found = await store.create(db, bob, name="B", language="python", limits=LIMITS)
        origin = (await store.find(db, alice, saver.workspace_id, Action.READ)).workspace
        for number, column in (2, "head"), (3, "revision"):
            content = (await revisions.find(db, origin, number)).revision.content_id
            if column == "head":
                found.workspace.head_id = content
            else:
                mark = await revisions.find(db, found.workspace, 1)
                mark.revision.content_id = content

    await thin(saver.database, LIMITS)

    assert await thinned(saver, alice) == [4]


async def test_the_effect_of_an_upload_is_told_after_thinning(saver: Saver, alice: User) -> None:
    await saver.save(alice, "uploaded")
    async with saver.database.write() as db:
        long_ago = datetime.now(timezone.utc) - 365 * DAY
        await db.execute(update(Revision).values(created=long_ago))

    await thin(saver.database, LIMITS)

    async with saver.database.read() as db:
        connection = await db.connection()
        page = await connection.run_sync(history.page, saver.workspace_id, 1, 100, 100)
    change = page.whole()[-1]
    assert change.patch is not None
    assert "uploaded" in str(change.patch)


async def test_who_is_at_work_goes_on_working_after_thinning(
    saver: Saver, alice: User, bob: User
) -> None:
    await thin(saver.database, LIMITS)

    tab: Tab = await saver.open(alice)
    await tab.write("g")
    assert (await saver.head(alice))[1] == "g"
