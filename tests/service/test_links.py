"""Share links: made by the owner, shown to anybody with the code, accepted by a click."""

import asyncio
import logging
from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import select, update

from jigsaw_service.storage.database import Database
from jigsaw_service.storage.tables import ShareLink

from .conftest import PREFIX, XML, Answer, Person, Service
from .tabs import new


@pytest.fixture
def carol(service: Service) -> Person:
    return service.person("carol")


async def make(owner: Person, workspace: str, kind: str = "view", **more: int) -> str:
    """The code of a new link."""
    answer = await owner.post(f"api/workspaces/{workspace}/links", json={"kind": kind, **more})
    assert answer.status == 201, answer
    return str(answer.json["url"].partition("#")[2])


async def accept(person: Person, code: str, **more: bool) -> Answer:
    return await person.post("api/links/accept", json={"code": code, **more})


async def role_of(person: Person, workspace: str) -> str | None:
    answer = await person.get(f"api/workspaces/{workspace}")
    return answer.json.get("role")


async def expire(database: Database) -> None:
    """Every link, a second ago."""
    async with database.write() as db:
        past = datetime.now(timezone.utc) - timedelta(seconds=1)
        await db.execute(update(ShareLink).values(expires=past))


async def trash(owner: Person, workspace: str) -> None:
    assert (await owner.delete(f"api/workspaces/{workspace}")).status == 204


async def test_the_code_is_told_once_and_its_hash_is_kept(
    service: Service, alice: Person, database: Database
) -> None:
    workspace = await alice.create()
    links = f"api/workspaces/{workspace}/links"
    made = (await alice.post(links, json={"kind": "edit", "expires_in": 60, "max_uses": 2})).json

    assert made["url"].startswith(f"{service.origin}{PREFIX}s#")
    code = made["url"].partition("#")[2]
    (listed,) = (await alice.get(links)).json["items"]
    assert "url" not in listed and code not in str(listed)
    assert {**listed, "url": made["url"]} == made
    assert code.startswith(listed["prefix"]) and len(listed["prefix"]) == 4
    async with database.read() as db:
        kept = await db.scalar(select(ShareLink))
    assert code.encode() not in bytes(str(vars(kept)), "utf-8")


@pytest.mark.parametrize(("kind", "role"), [("view", "viewer"), ("edit", "editor")])
async def test_only_the_button_accepts(alice: Person, carol: Person, kind: str, role: str) -> None:
    workspace = await alice.create("Maze")
    code = await make(alice, workspace, kind)

    preview = await carol.post("api/links/preview", json={"code": code})
    assert preview.json == {
        "kind": kind,
        "role": role,
        "owner": "alice",
        "name": "Maze",
        "language": "python",
        "expires": None,
        "accepted": False,
    }
    assert await role_of(carol, workspace) is None
    assert (await accept(carol, code)).json == {"workspace_id": workspace, "role": role}
    assert await role_of(carol, workspace) == role


async def test_accepting_never_lowers_a_role_and_gives_the_owner_nothing(
    alice: Person, bob: Person, carol: Person
) -> None:
    workspace = await alice.create()
    shares = f"api/workspaces/{workspace}/shares"
    await alice.post(shares, json={"group": "class-7b", "role": "editor"})
    code = await make(alice, workspace, "view")

    assert (await accept(alice, code)).json == {"workspace_id": workspace, "role": "owner"}
    assert (await accept(bob, code)).json == {"workspace_id": workspace, "role": "editor"}
    assert len((await alice.get(shares)).json["items"]) == 1
    await accept(carol, await make(alice, workspace, "edit"))
    assert (await accept(carol, code)).json["role"] == "editor"
    uses = [
        one["uses"] for one in (await alice.get(f"api/workspaces/{workspace}/links")).json["items"]
    ]
    assert uses == [1, 0]


async def test_a_link_that_gives_more_makes_more_of_a_role(alice: Person, bob: Person) -> None:
    workspace = await alice.create()
    await accept(bob, await make(alice, workspace, "view"))
    async with bob.live(workspace) as tab:
        assert tab.welcome["role"] == "viewer"
        await accept(bob, await make(alice, workspace, "edit"))
        assert (await tab.hear("role"))["role"] == "editor"
        assert (await tab.edit(new("b")))["type"] == "patch"


async def test_revoked_links_give_nothing_and_take_nothing(
    alice: Person, bob: Person, carol: Person
) -> None:
    workspace = await alice.create()
    code = await make(alice, workspace)
    await accept(bob, code)
    links = f"api/workspaces/{workspace}/links"
    (link,) = (await alice.get(links)).json["items"]
    for _again in range(2):
        assert (await alice.delete(f"{links}/{link['id']}")).status == 204

    assert (await alice.get(links)).json["items"] == []
    for person in bob, carol:
        (await accept(person, code)).is_problem(410, "link-gone")
    (await carol.post("api/links/preview", json={"code": code})).is_problem(410, "link-gone")
    assert await role_of(bob, workspace) == "viewer"


async def test_expired_links_give_nothing(alice: Person, carol: Person, database: Database) -> None:
    workspace = await alice.create()
    code = await make(alice, workspace, expires_in=60)
    await expire(database)

    for path in "preview", "accept":
        answer = await carol.post(f"api/links/{path}", json={"code": code})
        answer.is_problem(410, "link-gone")
        assert code not in answer.body.decode()


async def test_links_of_what_is_in_the_trash_give_nothing(alice: Person, carol: Person) -> None:
    workspace = await alice.create()
    code = await make(alice, workspace)
    await trash(alice, workspace)

    (await accept(carol, code)).is_problem(410, "link-gone")
    await alice.post(f"api/workspaces/{workspace}/restore")
    assert (await accept(carol, code)).status == 200
    await trash(alice, workspace)
    await alice.delete(f"api/workspaces/{workspace}?permanent=true")
    (await accept(carol, code)).is_problem(404, "not-found")


async def test_the_last_use_by_two_at_once_is_one_persons(service: Service, alice: Person) -> None:
    people = [service.person(name) for name in ("bob", "carol", "teacher")]
    workspace = await alice.create()
    for kind in "view", "edit", "copy":
        code = await make(alice, workspace, kind, max_uses=1)
        answers = await asyncio.gather(*(accept(person, code) for person in people))
        assert sorted(answer.status for answer in answers) == [200, 410, 410], kind
        winner = next(i for i, answer in enumerate(answers) if answer.status == 200)
        # One who has it already is answered the same again.
        again = await accept(people[winner], code)
        assert again.json == answers[winner].json


@pytest.mark.parametrize(
    "link",
    [
        {"kind": "own"},
        {"kind": "view", "expires_in": 0},
        {"kind": "view", "expires_in": -1},
        {"kind": "view", "expires_in": 10**12},
        {"kind": "view", "max_uses": 0},
        {"kind": "view", "max_uses": 1.5},
    ],
)
async def test_a_link_in_the_past_or_of_no_use_is_not_made(
    alice: Person, link: dict[str, object]
) -> None:
    workspace = await alice.create()

    answer = await alice.post(f"api/workspaces/{workspace}/links", json=link)

    answer.is_problem(400, "bad-request")
    assert (await alice.get(f"api/workspaces/{workspace}/links")).json["items"] == []


async def test_guessing_is_slowed_down_for_who_guesses_alone(
    alice: Person, bob: Person, carol: Person
) -> None:
    code = await make(alice, await alice.create())
    answers = [await accept(bob, f"guess{n}") for n in range(21)]

    assert {answer.status for answer in answers[:20]} == {404}
    answers[20].is_problem(429, "too-many")
    assert int(answers[20].headers["Retry-After"]) > 0
    (await accept(bob, code)).is_problem(429, "too-many")
    for _often in range(25):
        assert (await accept(carol, code)).status == 200


async def test_there_are_only_so_many_links(service: Service, alice: Person) -> None:
    workspace = await alice.create()
    for _ in range(service.services.limits.links_per_workspace):
        await make(alice, workspace)

    answer = await alice.post(f"api/workspaces/{workspace}/links", json={"kind": "view"})

    answer.is_problem(429, "too-many")


async def test_codes_reach_no_log(
    alice: Person, carol: Person, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    code = await make(alice, await alice.create())
    await carol.post("api/links/preview", json={"code": code})
    await accept(carol, code)
    await accept(carol, code + "x")

    assert "api/links/accept" in caplog.text
    assert code not in caplog.text


# Copies


async def copies(owner: Person, workspace: str) -> list[dict[str, object]]:
    answer = await owner.get(f"api/workspaces/{workspace}/copies")
    assert answer.status == 200, answer
    return list(answer.json["items"])


async def test_a_copy_link_gives_each_a_copy_of_their_own_and_twice_the_same(
    alice: Person, bob: Person, carol: Person
) -> None:
    workspace = await alice.create("Maze", xml=XML.format("start"))
    code = await make(alice, workspace, "copy")
    mine = (await accept(bob, code)).json
    assert mine == {"workspace_id": mine["workspace_id"], "role": "owner"}
    assert (await accept(bob, code)).json == mine
    theirs = (await accept(carol, code)).json

    assert len({workspace, mine["workspace_id"], theirs["workspace_id"]}) == 3
    copy = (await bob.get(f"api/workspaces/{mine['workspace_id']}")).json
    assert (copy["name"], copy["owner"], copy["copied_from"]) == ("Maze", "bob", workspace)
    assert b"start" in (await bob.get(f"api/workspaces/{mine['workspace_id']}/xml")).body
    assert await role_of(bob, workspace) is None
    listed = await copies(alice, workspace)
    assert [(one["user"], one["workspace_id"], one["name"]) for one in listed] == [
        ("bob", None, None),
        ("carol", None, None),
    ]
    assert (await accept(alice, code)).json == {"workspace_id": workspace, "role": "owner"}


async def test_a_copy_deleted_for_good_can_be_made_anew(alice: Person, bob: Person) -> None:
    code = await make(alice, await alice.create(), "copy")
    first = (await accept(bob, code)).json["workspace_id"]
    await trash(bob, first)
    assert (await accept(bob, code)).json["workspace_id"] == first
    await bob.delete(f"api/workspaces/{first}?permanent=true")

    assert (await accept(bob, code)).json["workspace_id"] != first


async def test_a_class_that_accepts_at_once_gets_a_copy_each(service: Service) -> None:
    teacher = service.person("teacher")
    code = await make(teacher, await teacher.create(), "copy")
    people = [service.person(name) for name in ("alice", "bob", "carol")] * 3

    answers = await asyncio.gather(*(accept(person, code) for person in people))

    ids = [answer.json["workspace_id"] for answer in answers]
    assert ids == ids[:3] * 3 and len(set(ids)) == 3


async def test_the_origins_owner_looks_only_while_the_maker_agrees(
    service: Service, alice: Person, bob: Person
) -> None:
    teacher = service.person("teacher")
    origin = await teacher.create()
    code = await make(teacher, origin, "copy")
    copy = (await accept(alice, code)).json["workspace_id"]
    assert await role_of(teacher, copy) is None

    agreed = await alice.patch(f"api/workspaces/{copy}/origin", {"allow_view": True})
    assert (agreed.json["owner"], agreed.json["allow_view"]) == ("teacher", True)
    assert await role_of(teacher, copy) == "viewer"
    (listed,) = await copies(teacher, origin)
    assert (listed["workspace_id"], listed["allow_view"]) == (copy, True)
    seen = (await teacher.get("api/workspaces?role=viewer")).json["items"]
    assert [one["id"] for one in seen] == [copy]
    (await teacher.save(copy, XML.format("b"), "*")).is_problem(403, "not-allowed")
    (await bob.get(f"api/workspaces/{copy}")).is_problem(404, "not-found")

    async with teacher.live(copy) as tab:
        await alice.patch(f"api/workspaces/{copy}/origin", {"allow_view": False})
        assert await tab.end() == (4403, "not-allowed")
    assert await role_of(teacher, copy) is None
    assert (await copies(teacher, origin))[0]["workspace_id"] is None


async def test_what_was_agreed_ends_with_the_origin(service: Service, alice: Person) -> None:
    teacher = service.person("teacher")
    origin = await teacher.create()
    copy = (await accept(alice, await make(teacher, origin, "copy"), allow_view=True)).json
    async with teacher.live(copy["workspace_id"]) as tab:
        await trash(teacher, origin)
        await teacher.delete(f"api/workspaces/{origin}?permanent=true")
        assert await tab.end() == (4403, "not-allowed")

    kept = await alice.get(f"api/workspaces/{copy['workspace_id']}")
    assert (kept.status, kept.json["copied_from"]) == (200, origin)
    answer = await alice.get(f"api/workspaces/{copy['workspace_id']}/origin")
    answer.is_problem(404, "not-found")


async def test_agreeing_while_accepting(service: Service, alice: Person) -> None:
    teacher = service.person("teacher")
    code = await make(teacher, await teacher.create(), "copy")
    copy = (await accept(alice, code, allow_view=True)).json["workspace_id"]

    assert await role_of(teacher, copy) == "viewer"
    # Accepting again takes nothing back that was not asked about.
    await accept(alice, code)
    assert await role_of(teacher, copy) == "viewer"


async def test_only_the_copys_owner_agrees(service: Service, alice: Person, bob: Person) -> None:
    teacher = service.person("teacher")
    code = await make(teacher, await teacher.create(), "copy")
    copy = (await accept(alice, code)).json["workspace_id"]
    await alice.post(f"api/workspaces/{copy}/shares", json={"user": "bob", "role": "editor"})

    answer = await bob.patch(f"api/workspaces/{copy}/origin", {"allow_view": True})

    answer.is_problem(403, "not-allowed")
    assert (await bob.get(f"api/workspaces/{copy}/origin")).json["allow_view"] is False


async def test_the_list_of_copies_goes_on_where_it_ended(
    service: Service, alice: Person, bob: Person, carol: Person
) -> None:
    workspace = await alice.create()
    code = await make(alice, workspace, "copy")
    for person in bob, carol, service.person("teacher"):
        await accept(person, code)
    first = (await alice.get(f"api/workspaces/{workspace}/copies?limit=2")).json
    rest = (await alice.get(first["next"])).json

    names = [one["user"] for one in [*first["items"], *rest["items"]]]
    assert names == ["bob", "carol", "teacher"] and rest["next"] is None
