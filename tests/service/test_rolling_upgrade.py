"""A newer version upgrades the database while a process of this one goes on."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientSession

from jigsaw_service.doctor.proof import HEADER, Purpose, prove
from jigsaw_service.storage.database import Database
from jigsaw_service.storage.tables import Table

from ..soak.processes import PREFIX, ServiceProcess, running_hub
from ..upgrades import migrated_by, with_one_more
from .conftest import XML, Person
from .tabs import new, put
from .test_live import agree

# As a version does beside which the one before goes on: nothing is taken away or renamed. And
# slowly: who is at work has some of the tables when it comes to them.
_ADDS = """
    for table in {tables}:
        op.add_column(table, sa.Column("added", sa.Integer(), nullable=True))
        op.execute("SELECT pg_sleep(0.1)")
    op.add_column("workspaces", sa.Column("also", sa.Integer(), server_default="1", nullable=False))
    op.create_index("ix_of_the_next", "workspaces", ["added"])
"""


@pytest.fixture
async def process(new_postgresql: str, tmp_path: Path) -> AsyncIterator[ServiceProcess]:
    async with running_hub() as hub:
        process = ServiceProcess(tmp_path / "service", hub, new_postgresql)
        await process.start()
        yield process
        await process.end()


@pytest.fixture
async def alice(process: ServiceProcess) -> AsyncIterator[Person]:
    async with ClientSession() as http:
        yield Person(http, process.url.removesuffix(PREFIX), {"Authorization": "token alice"})


async def upgrade(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    step = _ADDS.format(tables=sorted(Table.metadata.tables)).strip()
    database = Database(url)
    await database.open()
    await migrated_by(with_one_more(tmp_path, step), database, monkeypatch)
    await database.close()


async def test_whoever_edits_meanwhile_waits_and_loses_nothing(
    alice: Person, new_postgresql: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = await alice.create(xml=XML.format("before"))
    async with alice.live(workspace) as tab:
        await tab.edit(put("~1", "first"))

        upgrading = asyncio.create_task(upgrade(new_postgresql, tmp_path, monkeypatch))  # noqa: TID251
        edits = 0
        while not upgrading.done() or edits < 20:
            edits += 1
            assert (await tab.edit(new(str(edits))))["type"] == "patch"
            await asyncio.sleep(0.05)
        await upgrading

        await tab.edit(put("~1", "after"))
        await agree(alice, workspace, tab)
    async with alice.live(workspace) as again:
        assert {str(n) for n in range(1, edits + 1)} <= set(again.records.blocks)


async def test_what_it_is_asked_is_answered_as_before(
    alice: Person, new_postgresql: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = f"api/workspaces/{await alice.create(xml=XML.format('before'))}"
    # What its connections have prepared is of the schema before.
    for path in "api/workspaces", workspace, f"{workspace}/revisions", f"{workspace}/xml":
        assert (await alice.get(path)).status == 200

    await upgrade(new_postgresql, tmp_path, monkeypatch)

    for path in "api/workspaces", workspace, f"{workspace}/revisions", f"{workspace}/xml":
        assert (await alice.get(path)).status == 200
    other = await alice.create(xml=XML.format("after"))
    assert (await alice.get(f"api/workspaces/{other}/xml")).status == 200


async def test_it_is_ready_as_it_serves_and_the_doctor_says_what_is_to_be_upgraded(
    process: ServiceProcess,
    alice: Person,
    new_postgresql: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await upgrade(new_postgresql, tmp_path, monkeypatch)

    assert (await alice.get("ready")).status == 200
    secret = bytes.fromhex((process.folder / "jigsaw_cookie_secret").read_text())
    shown = {HEADER: prove(secret, Purpose.INSIDE)}
    async with ClientSession(headers=shown) as http, http.get(f"{process.url}_doctor/inside") as it:
        found = {one["name"]: one for one in (await it.json())["findings"]}
    assert "revision 9000" in found["database-ahead"]["says"]
