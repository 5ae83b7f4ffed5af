"""Giving a workspace away: offered, accepted or declined, and what that ends."""

import pytest

from jigsaw_service.runtime.limits import Limits

from .conftest import Answer, Person, Service
from .test_links import accept as accept_link
from .test_links import make, role_of, trash


async def offer(owner: Person, workspace: str, to: str) -> Answer:
    return await owner.post(f"api/workspaces/{workspace}/transfer", json={"to": to})


async def offers(person: Person) -> list[dict[str, object]]:
    return list((await person.get("api/transfers")).json["items"])


async def answer_to(person: Person, word: str) -> Answer:
    (one,) = await offers(person)
    return await person.post(f"api/transfers/{one['id']}/{word}")


async def test_the_recipient_accepts_and_the_former_owner_becomes_editor(
    alice: Person, bob: Person
) -> None:
    workspace = await alice.create("Maze")
    await bob.get("api/user")
    await alice.post(f"api/workspaces/{workspace}/shares", json={"user": "bob", "role": "viewer"})
    made = await offer(alice, workspace, "bob")
    assert (made.status, made.json["to"]) == (201, "bob")
    assert await role_of(bob, workspace) == "viewer"
    (seen,) = await offers(bob)
    assert (seen["owner"], seen["name"], seen["workspace_id"]) == ("alice", "Maze", workspace)
    async with alice.live(workspace) as hers, bob.live(workspace) as his:
        accepted = await answer_to(bob, "accept")

        assert (accepted.json["owner"], accepted.json["role"]) == ("bob", "owner")
        assert (await hers.hear("role"))["role"] == "editor"
        assert (await his.hear("role"))["role"] == "owner"
    shares = (await bob.get(f"api/workspaces/{workspace}/shares")).json["items"]
    assert [(one["user"], one["role"]) for one in shares] == [("alice", "editor")]
    assert await offers(bob) == []
    assert (await bob.get(f"api/workspaces/{workspace}/transfer")).status == 404


async def test_whoever_declines_has_nothing_and_the_owner_can_see_it(
    alice: Person, bob: Person
) -> None:
    await bob.get("api/user")
    workspace = await alice.create()
    await offer(alice, workspace, "bob")
    (await bob.get(f"api/workspaces/{workspace}")).is_problem(404, "not-found")

    assert (await answer_to(bob, "decline")).status == 204

    assert await offers(bob) == []
    assert await role_of(alice, workspace) == "owner"
    newest = (await alice.get(f"api/workspaces/{workspace}/events")).json["items"][0]
    assert (newest["kind"], newest["user"]) == ("transfer-declined", "bob")


async def test_an_offer_is_for_one_and_can_be_taken_back(
    service: Service, alice: Person, bob: Person
) -> None:
    carol = service.person("carol")
    for person in bob, carol:
        await person.get("api/user")
    workspace = await alice.create()
    assert (await offer(alice, workspace, "bob")).status == 201
    assert (await offer(alice, workspace, "bob")).status == 200
    (old,) = await offers(bob)
    assert (await offer(alice, workspace, "carol")).status == 201
    assert await offers(bob) == []
    for person in bob, alice:
        answer = await person.post(f"api/transfers/{old['id']}/accept")
        answer.is_problem(404, "not-found")
    (new,) = await offers(carol)
    assert (await alice.delete(f"api/workspaces/{workspace}/transfer")).status == 204

    (await carol.post(f"api/transfers/{new['id']}/accept")).is_problem(404, "not-found")
    assert await role_of(alice, workspace) == "owner"


async def test_a_name_that_never_signed_in_is_offered_it_on_the_first_visit(
    alice: Person, bob: Person
) -> None:
    workspace = await alice.create()
    await offer(alice, workspace, "bob")

    assert (await answer_to(bob, "accept")).json["role"] == "owner"


async def test_nobody_gives_to_themselves_or_what_is_in_the_trash(
    alice: Person, bob: Person
) -> None:
    workspace = await alice.create()
    (await offer(alice, workspace, "alice")).is_problem(409, "conflict")
    await bob.get("api/user")
    await offer(alice, workspace, "bob")
    (one,) = await offers(bob)
    await trash(alice, workspace)

    (await offer(alice, workspace, "bob")).is_problem(409, "in-trash")
    assert await offers(bob) == []
    (await bob.post(f"api/transfers/{one['id']}/accept")).is_problem(404, "not-found")
    assert (await alice.get(f"api/workspaces/{workspace}/transfer")).json["to"] == "bob"


async def test_another_owner_of_the_origin_sees_no_copy_unasked(
    service: Service, alice: Person, bob: Person
) -> None:
    teacher = service.person("teacher")
    origin = await teacher.create()
    code = await make(teacher, origin, "copy")
    copy = (await accept_link(alice, code, allow_view=True)).json["workspace_id"]
    await bob.get("api/user")
    await offer(teacher, origin, "bob")
    async with teacher.live(copy) as tab:
        await answer_to(bob, "accept")
        assert await tab.end() == (4403, "not-allowed")

    assert (await alice.get(f"api/workspaces/{copy}/origin")).json["allow_view"] is False
    for person in teacher, bob:
        (await person.get(f"api/workspaces/{copy}")).is_problem(404, "not-found")
    await alice.patch(f"api/workspaces/{copy}/origin", {"allow_view": True})
    assert await role_of(bob, copy) == "viewer"
    assert await role_of(teacher, copy) is None


async def test_a_copy_that_is_given_away_is_seen_by_nobody_else(
    service: Service, alice: Person, bob: Person
) -> None:
    teacher = service.person("teacher")
    code = await make(teacher, await teacher.create(), "copy")
    copy = (await accept_link(alice, code, allow_view=True)).json["workspace_id"]
    await bob.get("api/user")
    await offer(alice, copy, "bob")
    await answer_to(bob, "accept")

    assert await role_of(teacher, copy) is None
    assert (await accept_link(alice, code)).json["workspace_id"] != copy


class TestAtTheQuota:
    @pytest.fixture
    def limits(self) -> Limits:
        return Limits(workspaces_per_user=1)

    async def test_nobody_becomes_the_owner_of_more_than_they_may(
        self, alice: Person, bob: Person
    ) -> None:
        await bob.create()
        workspace = await alice.create()
        await offer(alice, workspace, "bob")

        (await answer_to(bob, "accept")).is_problem(429, "too-many")
        assert await role_of(alice, workspace) == "owner"
        assert len(await offers(bob)) == 1
