"""The live socket from outside: what several people in one workspace see of each other."""

import asyncio

import pytest
from aiohttp import WSServerHandshakeError
from sqlalchemy import text

from jigsaw_service.document.xml import read_records
from jigsaw_service.web.socket import base

from .. import fake_hub
from .conftest import XML, Person, Service
from .tabs import Tab, new, put


async def share(owner: Person, workspace: str, role: str, **to: str) -> int:
    body = {**(to or {"user": "bob"}), "role": role}
    return int((await owner.post(f"api/workspaces/{workspace}/shares", json=body)).json["id"])


@pytest.fixture
async def shared(alice: Person) -> str:
    """A workspace of alice's that bob may edit; one block, `~1`, that holds `a`."""
    workspace = await alice.create(xml=XML.format("a"))
    await share(alice, workspace, "editor")
    return workspace


async def xml_of(person: Person, workspace: str) -> bytes:
    return (await person.get(f"api/workspaces/{workspace}/xml")).body


async def agree(person: Person, workspace: str, *tabs: Tab) -> None:
    """L3: every tab and `GET xml` show the same."""
    clock = (await person.get(f"api/workspaces/{workspace}")).json["clock"]
    served = read_records(await xml_of(person, workspace))
    for tab in tabs:
        await tab.reach(clock)
        assert tab.records == served


async def test_who_opens_a_workspace_is_welcomed_with_all_of_it(alice: Person, shared: str) -> None:
    async with alice.live(shared) as tab:
        assert tab.welcome["role"] == "owner"
        assert (tab.welcome["clock"], tab.welcome["last_n"]) == (1, 0)
        assert tab.welcome["people"] == [
            {"connection": tab.welcome["connection"], "user": "alice", "role": "owner"}
        ]
        assert tab.text("~1") == "a"


async def test_an_edit_is_acknowledged_to_its_author_and_seen_by_the_other(
    alice: Person, bob: Person, shared: str
) -> None:
    async with alice.live(shared) as hers, bob.live(shared) as his:
        answer = await hers.edit(put("~1", "b"))
        seen = await his.hear("patch")

        assert answer == seen
        assert (answer["clock"], answer["author"], answer["n"]) == (2, "alice", 1)
        assert answer["patch"] == {"blocks": {"~1": {"f:TEXT": "b"}}}
        assert (await alice.get(f"api/workspaces/{shared}")).json["modified_by"] == "alice"
        await agree(alice, shared, hers, his)


async def test_l1_many_at_once_are_numbered_without_gaps_and_agree(
    alice: Person, bob: Person, shared: str
) -> None:
    people = [alice, bob, alice, bob]

    async def work(tab: Tab, name: str) -> None:
        await tab.edit(new(name))
        for number in range(24):
            await tab.send(put(name, str(number)), put("~1", f"{name} {number}"))
        await tab.answer(tab.n)

    tabs = [await person.live(shared).__aenter__() for person in people]
    await asyncio.gather(*(work(tab, f"block {i}") for i, tab in enumerate(tabs)))

    await agree(alice, shared, *tabs)
    assert {tab.clock for tab in tabs} == {1 + 4 * 25}
    for tab in tabs:
        await tab.socket.close()


async def test_a_batch_that_is_sent_again_is_applied_once(alice: Person, shared: str) -> None:
    async with alice.live(shared) as tab:
        first = await tab.edit(put("~1", "b"))
        await tab.edit(put("~1", "c"))
        again = await tab.edit(put("~1", "b"), n=1)

        assert again == first
        assert tab.text("~1") == "c"
    async with alice.live(shared, like=tab) as back:
        assert back.welcome["last_n"] == 2
        assert await back.edit(put("~1", "b"), n=1) == first
        await agree(alice, shared, back)


async def test_who_comes_back_is_told_what_was_missed(
    alice: Person, bob: Person, shared: str
) -> None:
    async with alice.live(shared) as hers:
        async with bob.live(shared) as his:
            pass
        await hers.edit(put("~1", "b"))
        await hers.edit(put("~1", "c"))

        async with bob.live(shared, like=his) as back:
            assert [message["clock"] for message in back.welcome["patches"]] == [2, 3]
            assert "records" not in back.welcome
            await agree(alice, shared, hers, back)


async def test_a_connection_that_knows_a_state_of_elsewhere_starts_anew(
    alice: Person, shared: str
) -> None:
    async with alice.live(shared) as tab:
        await tab.edit(put("~1", "b"))
        epoch = tab.epoch
    for known in {"epoch": "another", "clock": 1}, {"epoch": epoch, "clock": 3}:
        async with alice.live(shared, hello=False) as tab:
            await tab.say_hello(**known)
            assert await tab.end() == (4409, "epoch-changed")


async def test_what_the_log_no_longer_tells_comes_as_a_whole(
    alice: Person, service: Service, shared: str
) -> None:
    async with alice.live(shared) as tab:
        await tab.edit(put("~1", "b"))
    await alice.save(shared, XML.format("c"), "*")

    async with alice.live(shared, like=tab) as back:
        assert back.welcome["records"]["blocks"]["~1"]["f:TEXT"] == "c"


async def test_the_xml_is_the_bytes_that_came_until_somebody_edits(
    alice: Person, bob: Person, shared: str
) -> None:
    before = await alice.get(f"api/workspaces/{shared}/xml")
    async with alice.live(shared) as tab:
        await tab.edit()
        after = await bob.get(f"api/workspaces/{shared}/xml")
        await tab.edit(put("~1", "b"))
        edited = await bob.get(f"api/workspaces/{shared}/xml")
    copy = await bob.post(f"api/workspaces/{shared}/copy", json={})
    export = await bob.get(f"api/workspaces/{shared}/export?format=xml")

    assert before.body == XML.format("a").encode()
    assert before.etag != after.etag != edited.etag
    assert b">b</field>" in edited.body
    assert export.body == edited.body
    assert (await bob.get(f"api/workspaces/{copy.json['id']}/xml")).body == edited.body


async def test_l9_an_upload_is_seen_happen_and_can_be_undone(
    alice: Person, bob: Person, shared: str
) -> None:
    async with alice.live(shared) as tab:
        await tab.edit(put("~1", "b"))
        etag = (await bob.get(f"api/workspaces/{shared}/xml")).etag
        await bob.save(shared, XML.format("c"), etag)
        seen = await tab.hear("patch")
        assert (seen["clock"], seen["author"], seen["client"]) == (3, "bob", None)
        assert seen["patch"] == {"blocks": {"~1": {"f:TEXT": "c"}}}
        assert [(await tab.hear("revision"))["number"] for _ in range(2)] == [2, 3]

        await tab.edit(put("~1", "d"))
        await bob.post(f"api/workspaces/{shared}/revisions/2/restore")
        await tab.hear("patch")
        assert tab.text("~1") == "b"
        await agree(alice, shared, tab)
        assert (await bob.save(shared, XML.format("e"), etag)).status == 412


async def test_l9_of_uploads_and_edits_at_once_everybody_sees_the_same(
    alice: Person, bob: Person, shared: str
) -> None:
    async with alice.live(shared) as hers, bob.live(shared) as his:

        async def upload() -> None:
            for i in range(8):
                await bob.save(shared, XML.format(f"upload {i}"), "*")

        async def edit(tab: Tab) -> None:
            for i in range(20):
                await tab.edit(new(f"{i}"), put("~1", f"edit {i}"))

        await asyncio.gather(upload(), edit(hers), edit(his))
        await agree(alice, shared, hers, his)
        assert hers.clock == 1 + 8 + 40


async def test_the_history_tells_every_change_and_its_author(
    alice: Person, bob: Person, shared: str
) -> None:
    async with alice.live(shared) as tab:
        await tab.edit(put("~1", "b"))
        await tab.edit(put("~1", "c"))
    await bob.save(shared, XML.format("d"), "*")

    path = f"api/workspaces/{shared}/history"
    first = await alice.get(f"{path}?limit=2")
    rest = await alice.get(first.json["next"])
    items = first.json["items"] + rest.json["items"]
    assert [(item["clock"], item["author"]) for item in items] == [
        (2, "alice"),
        (3, "alice"),
        (4, "bob"),
    ]
    assert [item["patch"]["blocks"]["~1"]["f:TEXT"] for item in items] == ["b", "c", "d"]
    assert rest.json["next"] is None
    assert (await alice.get(f"{path}?from=3&to=3")).json["items"] == [items[1]]


class TestRoles:
    """L5: who may do what, at this very moment."""

    async def test_a_viewer_is_refused_and_nobody_hears_of_it(
        self, alice: Person, bob: Person
    ) -> None:
        workspace = await alice.create(xml=XML.format("a"))
        await share(alice, workspace, "viewer")
        async with alice.live(workspace) as hers, bob.live(workspace) as his:
            refused = await his.edit(put("~1", "b"))
            assert (refused["type"], refused["slug"]) == ("refused", "not-allowed")
            for message in {"type": "label", "label": "x"}, {"type": "show", "outputs": []}:
                await his.say(**message)
                assert (await his.hear("refused"))["n"] is None
            await hers.edit(put("~1", "c"))

            heard = {message["type"] for message in hers.heard}
            assert heard == {"welcome", "people", "patch"}
            assert his.clock == hers.clock == 2 or await his.hear("patch")

    async def test_a_role_that_changes_is_in_force_in_open_rooms(
        self, alice: Person, bob: Person
    ) -> None:
        workspace = await alice.create(xml=XML.format("a"))
        number = await share(alice, workspace, "editor")
        path = f"api/workspaces/{workspace}/shares/{number}"
        async with alice.live(workspace) as hers, bob.live(workspace) as his:
            await his.edit(put("~1", "b"))
            await alice.patch(path, {"role": "viewer"})
            refused = await his.edit(put("~1", "c"))
            assert refused["slug"] == "not-allowed"
            told = [m["role"] for m in his.heard if m["type"] == "role"]
            assert (told or [(await his.hear("role"))["role"]]) == ["viewer"]
            await hers.hear("people")

            await alice.delete(path)
            assert await his.end() == (4403, "not-allowed")
            assert (await hers.edit(put("~1", "d")))["type"] == "patch"

    async def test_the_role_is_read_in_the_transaction_that_commits(
        self, alice: Person, bob: Person, service: Service
    ) -> None:
        """The batch is sent while the role is still there, and comes to its turn when not."""
        workspace = await alice.create(xml=XML.format("a"))
        await share(alice, workspace, "editor")
        async with bob.live(workspace) as his:
            async with service.services.database.write() as db:
                found = (await db.execute(text("SELECT id FROM shares"))).scalar_one()
                lock = "SELECT 1 FROM workspaces FOR UPDATE"
                if "postgresql" in str(db.get_bind().dialect.name):
                    await db.execute(text(lock))
                sent = await his.send(put("~1", "b"))
                await asyncio.sleep(0.3)
                await db.execute(text(f"DELETE FROM shares WHERE id = {found}"))
            answer = await his.answer(sent)
            assert answer["slug"] == "not-found"
        assert (await alice.get(f"api/workspaces/{workspace}")).json["clock"] == 1

    async def test_the_trash_closes_the_room(self, alice: Person, bob: Person, shared: str) -> None:
        async with alice.live(shared) as hers, bob.live(shared) as his:
            await alice.delete(f"api/workspaces/{shared}")
            assert await hers.end() == (4404, "not-found")
            assert await his.end() == (4404, "not-found")
        async with alice.live(shared, hello=False) as again:
            await again.say_hello()
            assert await again.end() == (4404, "not-found")

    async def test_who_has_no_role_cannot_tell_it_from_a_missing_one(
        self, service: Service, shared: str
    ) -> None:
        for workspace in shared, "k3v9x2m4q7ta1":
            async with service.person("carol").live(workspace, hello=False) as tab:
                await tab.say_hello()
                assert await tab.end() == (4404, "not-found")

    async def test_who_is_not_signed_in_is_told_so(self, service: Service, shared: str) -> None:
        for person in service.nobody(), service.person("mallory"):
            async with person.live(shared, hello=False) as tab:
                assert await tab.end() == (4401, "not-signed-in")

    async def test_a_foreign_page_is_refused_before_the_upgrade(
        self, service: Service, shared: str
    ) -> None:
        browser = service.browser("alice")
        foreign = service.nobody(Origin="https://evil.example", Authorization="token alice")
        for person in browser, foreign:
            with pytest.raises(WSServerHandshakeError) as refused:
                await person.live(shared).__aenter__()
            assert refused.value.status == 403

    async def test_a_sign_in_that_ends_on_the_hub_ends_its_sockets(
        self, service: Service, bob: Person, shared: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(base, "REVALIDATE_SECONDS", 0.3)
        async with bob.live(shared) as tab:
            monkeypatch.delitem(fake_hub.PEOPLE, "bob")
            assert await tab.end() == (4401, "not-signed-in")

    async def test_a_group_that_is_left_on_the_hub_takes_its_role_along(
        self, alice: Person, bob: Person, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(base, "REVALIDATE_SECONDS", 0.3)
        workspace = await alice.create()
        await share(alice, workspace, "editor", group="class-7b")
        async with bob.live(workspace) as tab:
            assert tab.welcome["role"] == "editor"
            monkeypatch.setitem(fake_hub.PEOPLE, "bob", [])
            assert await tab.end() == (4403, "not-allowed")
