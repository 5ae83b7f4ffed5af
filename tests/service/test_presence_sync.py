"""Presence in a room: people, where they are, and what they show."""

import asyncio

from sqlalchemy import text

from .conftest import Person, Service
from .tabs import Tab, new, put
from .test_live import share, shared

__all__ = ["shared"]


async def names_in(tab: Tab) -> list[tuple[str, str]]:
    people = (await tab.hear("people"))["people"]
    return sorted((person["user"], person["role"]) for person in people)


async def test_people_are_told_who_comes_and_goes(alice: Person, bob: Person, shared: str) -> None:
    async with alice.live(shared) as hers:
        assert await names_in(hers) == [("alice", "owner")]
        async with bob.live(shared) as his:
            assert await names_in(hers) == [("alice", "owner"), ("bob", "editor")]
            assert len(his.welcome["people"]) == 2
        assert await names_in(hers) == [("alice", "owner")]


async def test_presence_reaches_the_others_and_not_oneself(
    alice: Person, bob: Person, shared: str
) -> None:
    async with alice.live(shared) as hers, bob.live(shared) as his:
        here = {"selection": "~1", "pointer": [1.5, -2], "field": "TEXT"}
        await hers.say(type="presence", **here)
        assert await his.hear("presence") == {
            "type": "presence",
            "connection": hers.welcome["connection"],
            **here,
        }
        await hers.say(type="presence")
        gone = await his.hear("presence")
        assert (gone["selection"], gone["pointer"], gone["field"]) == (None, None, None)
        await hers.edit(put("~1", "b"))
        assert all(message["type"] != "presence" for message in hers.heard)


async def test_who_comes_later_is_told_where_the_others_are(
    alice: Person, bob: Person, shared: str
) -> None:
    async with alice.live(shared) as hers:
        await hers.say(type="presence", selection="~1", pointer=[1, 2])
        await hers.edit(put("~1", "b"))
        async with bob.live(shared) as his:
            told = await his.hear("presence")
            assert (told["connection"], told["selection"], told["pointer"]) == (
                hers.welcome["connection"],
                "~1",
                [1, 2],
            )


async def test_more_presence_than_ten_a_second_is_dropped(
    alice: Person, bob: Person, shared: str
) -> None:
    async with alice.live(shared) as hers, bob.live(shared) as his:
        for x in range(200):
            await hers.say(type="presence", pointer=[x, 0])
        await hers.edit(put("~1", "b"))
        await his.hear("patch")

        assert 10 <= len([m for m in his.heard if m["type"] == "presence"]) < 100


async def test_outputs_that_are_shown_are_there_for_who_comes_later(
    alice: Person, bob: Person, shared: str
) -> None:
    outputs = [{"output_type": "stream", "name": "stdout", "text": "\ud83d half: \ud83d"}]
    async with bob.live(shared) as his:
        async with alice.live(shared) as hers:
            await hers.say(type="show", outputs=outputs)
            shown = await his.hear("shown")
            assert (shown["connection"], shown["outputs"]) == (
                hers.welcome["connection"],
                outputs,
            )
            async with bob.live(shared) as later:
                assert later.welcome["shown"] == [
                    {"connection": hers.welcome["connection"], "outputs": outputs}
                ]
            await hers.say(type="show", outputs=None)
            assert (await his.hear("shown"))["outputs"] is None
            await hers.say(type="show", outputs=outputs)
            await his.hear("shown")
        assert (await his.hear("shown"))["outputs"] is None


async def test_outputs_that_are_too_large_are_not_shown(alice: Person, shared: str) -> None:
    async with alice.live(shared) as tab:
        await tab.say(type="show", outputs=["x" * 512 * 1024])
        refused = await tab.hear("refused")

        assert (refused["slug"], refused["n"]) == ("too-large", None)


async def test_a_label_names_the_present_state_for_all(
    alice: Person, bob: Person, shared: str
) -> None:
    async with alice.live(shared) as hers, bob.live(shared) as his:
        await hers.edit(new("b"))
        await hers.say(type="label", label="  it works ")
        for tab in hers, his:
            named = await tab.hear("revision")
            assert (named["number"], named["label"]) == (2, "it works")
    listed = (await bob.get(f"api/workspaces/{shared}/revisions")).json["items"]
    assert [(one["number"], one["label"], one["authors"]) for one in listed] == [
        (2, "it works", ["alice"]),
        (1, None, ["alice"]),
    ]


async def test_a_revision_that_is_named_by_rest_is_told(
    alice: Person, bob: Person, shared: str
) -> None:
    path = f"api/workspaces/{shared}/revisions/1"
    async with bob.live(shared) as his:
        for label in "first", None:
            await alice.patch(path, {"label": label})
            named = await his.hear("revision")
            assert (named["number"], named["label"]) == (1, label)
        assert (await alice.patch(f"{path}0", {"label": "none"})).status == 404
        await alice.patch(path, {"label": "last"})
        assert (await his.hear("revision"))["label"] == "last"


async def test_a_list_of_people_is_kept_only_where_another_process_may_want_to_know(
    service: Service, alice: Person, bob: Person, shared: str
) -> None:
    kept = service.services.database.notices.shared
    async with alice.live(shared) as hers, bob.live(shared) as his:
        await hers.say(type="show", outputs=[])
        await his.hear("shown")
        await hers.say(type="presence", selection="~1")
        await his.hear("presence")
        for table in "processes", "visitors":
            # What is kept is kept soon.
            while kept and not await count(service, table):
                await asyncio.sleep(0.05)
            assert bool(await count(service, table)) == kept


async def count(service: Service, table: str) -> int:
    async with service.services.database.read() as db:
        return int(await db.scalar(text(f"SELECT count(*) FROM {table}")) or 0)


async def test_a_share_that_grants_more_is_told_at_once(alice: Person, bob: Person) -> None:
    workspace = await alice.create()
    await share(alice, workspace, "viewer")
    async with bob.live(workspace) as tab:
        await share(alice, workspace, "editor")
        assert (await tab.hear("role"))["role"] == "editor"
        assert (await tab.edit(new("b")))["type"] == "patch"
