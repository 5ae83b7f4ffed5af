"""`api/workspaces` from outside: what goes in, what comes out, and what is refused."""

import json
import zlib
from pathlib import Path
from urllib.parse import unquote

import pytest

from jigsaw_service.runtime.limits import Limits

from .conftest import PREFIX, XML, Person, Service


async def test_a_workspace_is_made_found_renamed_and_listed(alice: Person) -> None:
    made = await alice.post("api/workspaces", json={"name": "  Maze ", "language": "python"})
    item = f"api/workspaces/{made.json['id']}"
    renamed = await alice.patch(item, {"name": "Labyrinth", "kernel_name": "python3"})

    assert made.status == 201
    assert made.headers["Location"] == PREFIX + item
    assert made.json["name"] == "Maze"
    assert (made.json["owner"], made.json["role"]) == ("alice", "owner")
    assert (await alice.get(item)).json == renamed.json
    assert (renamed.json["name"], renamed.json["kernel_name"]) == ("Labyrinth", "python3")
    listed = {**renamed.json, "contains": []}
    assert (await alice.get("api/workspaces")).json == {"items": [listed], "next": None}
    cleared = await alice.patch(item, {"kernel_name": None})
    assert (cleared.json["name"], cleared.json["kernel_name"]) == ("Labyrinth", None)


async def test_a_list_goes_on_where_next_says(alice: Person) -> None:
    for name in "a", "b", "c":
        await alice.create(name)

    first = await alice.get("api/workspaces?sort=name&limit=2")
    rest = await alice.get(first.json["next"])
    names = [item["name"] for item in first.json["items"] + rest.json["items"]]

    assert names == ["a", "b", "c"]
    assert rest.json["next"] is None


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=x",
        "role=boss",
        "sort=size",
        "trash=maybe",
        "q=a%0bb",
        "cursor=zzz",
        "block=%23b",
    ],
)
async def test_a_list_refuses_arguments_that_make_no_sense(alice: Person, query: str) -> None:
    assert (await alice.get(f"api/workspaces?{query}")).is_problem(400, "bad-request")


async def test_the_bytes_that_came_in_come_back(alice: Person) -> None:
    xml = '<?xml version="1.0"?>\r\n<xml ><!-- é -->\n</xml >'
    workspace = await alice.create(xml=xml)
    answer = await alice.get(f"api/workspaces/{workspace}/xml")

    assert answer.body == xml.encode()
    assert answer.headers["Content-Type"] == "application/xml"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.etag.startswith('"') and answer.etag.endswith('-1"')


async def test_a_name_of_any_letters_becomes_a_safe_file_name(alice: Person) -> None:
    workspace = await alice.create('../é"; x=/\\ 迷路')
    header = (await alice.get(f"api/workspaces/{workspace}/xml")).headers["Content-Disposition"]

    plain, _, true = header.partition("; filename*=UTF-8''")
    assert plain == 'attachment; filename="_ _ x_  __.xml"'
    assert unquote(true) == "é ; x=  迷路.xml"


async def test_who_has_this_state_is_told_so(alice: Person) -> None:
    path = f"api/workspaces/{await alice.create()}/xml"
    etag = (await alice.get(path)).etag

    for tag in etag, f"W/{etag}", f'"other", {etag}', "*":
        assert (await alice.get(path, headers={"If-None-Match": tag})).status == 304
    assert (await alice.get(path, headers={"If-None-Match": '"other"'})).status == 200


async def test_a_save_names_the_state_it_builds_upon(alice: Person) -> None:
    workspace = await alice.create()
    etag = (await alice.get(f"api/workspaces/{workspace}/xml")).etag

    (await alice.save(workspace, XML.format("a"), None)).is_problem(428, "if-match-required")
    saved = await alice.save(workspace, XML.format("a"), etag)
    assert (saved.status, saved.json) == (200, {"revision": 2, "clock": 2})
    assert saved.etag != etag
    assert (await alice.get(f"api/workspaces/{workspace}/xml")).etag == saved.etag

    again = await alice.save(workspace, XML.format("a"), etag)
    assert (again.status, again.json, again.etag) == (200, saved.json, saved.etag)

    stale = await alice.save(workspace, XML.format("b"), etag)
    stale.is_problem(412, "workspace-changed")
    assert stale.json["etag"] == saved.etag
    assert stale.json["changed_by"] == "alice"
    assert (await alice.get(f"api/workspaces/{workspace}/xml")).body == XML.format("a").encode()


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ("W/{}", 412),
        ('"other"', 412),
        ('"other", {}', 200),
        ("*", 200),
        ("unquoted", 400),
        ('{} "x"', 400),
        ("{},", 400),
    ],
)
async def test_if_match_is_read_as_rfc_9110_has_it(alice: Person, header: str, status: int) -> None:
    workspace = await alice.create()
    etag = (await alice.get(f"api/workspaces/{workspace}/xml")).etag

    answer = await alice.save(workspace, XML.format("a"), header.format(etag))
    assert answer.status == status


@pytest.mark.parametrize("xml", ["<xml>", "no xml", "<html/>", "", "\ufeff"])
async def test_what_is_no_workspace_is_refused_with_its_place(alice: Person, xml: str) -> None:
    workspace = await alice.create()
    saved = await alice.save(workspace, xml.encode(), "*")
    created = await alice.post(
        "api/workspaces", json={"name": "a", "language": "python", "xml": xml}
    )

    for answer in saved, created:
        answer.is_problem(422, "invalid-workspace")
        assert answer.json["line"] >= 1 and answer.json["column"] >= 1
    assert (await alice.get(f"api/workspaces/{workspace}")).json["clock"] == 1


class TestLimits:
    @pytest.fixture
    def limits(self) -> Limits:
        return Limits(workspace_bytes=1000, workspaces_per_user=2)

    async def test_bytes_over_the_limit_are_too_large(self, alice: Person) -> None:
        workspace = await alice.create()
        xml = XML.format("a" * 2000)

        (await alice.save(workspace, xml, "*")).is_problem(413, "too-large")
        new = await alice.post(
            "api/workspaces", json={"name": "a", "language": "python", "xml": xml}
        )
        new.is_problem(413, "too-large")
        assert (await alice.get(f"api/workspaces/{workspace}")).json["clock"] == 1

    async def test_the_editor_is_told_what_the_service_obeys(
        self, alice: Person, tmp_path: Path
    ) -> None:
        built = {page: {"file": "x.js"} for page in ("src/main.ts", "src/pages/editor.ts")}
        (tmp_path / "manifest.json").write_text(json.dumps(built))
        page = await alice.get(f"w/{await alice.create()}")

        config = page.body.decode().partition('id="page-config">')[2].partition("</script>")[0]
        assert json.loads(config)["limits"]["bytes"] == 1000

    async def test_more_workspaces_than_allowed_are_refused(self, alice: Person) -> None:
        origin = await alice.create()
        await alice.create()

        for path in "api/workspaces", f"api/workspaces/{origin}/copy":
            answer = await alice.post(
                path, json={"name": "a", "language": "python"} if path.endswith("s") else {}
            )
            answer.is_problem(429, "too-many")
            assert answer.json["limit"] == 2


async def test_a_large_program_is_kept_as_it_is(alice: Person) -> None:
    xml = "<xml>" + "<block type='text'/>" * 4999 + "</xml>"
    workspace = await alice.create()

    assert (await alice.save(workspace, xml, "*")).status == 200
    answer = await alice.get(f"api/workspaces/{workspace}/xml")
    assert zlib.crc32(answer.body) == zlib.crc32(xml.encode())


async def test_trash_restore_and_delete_for_good(alice: Person) -> None:
    workspace = await alice.create()
    item = f"api/workspaces/{workspace}"

    (await alice.delete(f"{item}?permanent=true")).is_problem(409, "not-in-trash")
    (await alice.post(f"{item}/restore")).is_problem(409, "not-in-trash")
    for _ in range(2):
        assert (await alice.delete(item)).status == 204
    assert (await alice.get(item)).json["trashed"]
    (await alice.save(workspace, XML.format("a"), "*")).is_problem(409, "in-trash")
    (await alice.patch(item, {"name": "b"})).is_problem(409, "in-trash")
    assert (await alice.get(f"{item}/xml")).status == 200
    listed = (await alice.get("api/workspaces?trash=true")).json["items"]
    assert [one["id"] for one in listed] == [workspace]
    assert (await alice.post(f"{item}/restore")).json["trashed"] is None
    await alice.delete(item)
    assert (await alice.delete(f"{item}?permanent=true")).status == 204
    (await alice.get(item)).is_problem(404, "not-found")


async def test_a_workspace_names_who_changed_it_last(alice: Person, bob: Person) -> None:
    workspace = await alice.create(xml=XML.format("a"))
    item = f"api/workspaces/{workspace}"
    await alice.post(f"{item}/shares", json={"user": "bob", "role": "editor"})
    assert (await bob.get(item)).json["modified_by"] == "alice"

    await bob.save(workspace, XML.format("b"), "*")

    assert (await alice.get(item)).json["modified_by"] == "bob"
    (listed,) = (await alice.get("api/workspaces")).json["items"]
    assert listed["modified_by"] == "bob"


async def test_a_copy_is_ones_own(alice: Person, bob: Person) -> None:
    workspace = await alice.create(xml=XML.format("a"))
    await alice.post(f"api/workspaces/{workspace}/shares", json={"user": "bob", "role": "viewer"})
    copy = await bob.post(f"api/workspaces/{workspace}/copy")

    assert copy.status == 201
    assert (copy.json["owner"], copy.json["copied_from"]) == ("bob", workspace)
    xml = await bob.get(f"api/workspaces/{copy.json['id']}/xml")
    assert xml.body == XML.format("a").encode()


async def test_history_is_listed_labelled_and_restored(alice: Person) -> None:
    workspace = await alice.create(xml=XML.format("a"))
    await alice.save(workspace, XML.format("b"), "*")
    history = f"api/workspaces/{workspace}/revisions"

    labelled = await alice.patch(f"{history}/1", {"label": "it works"})
    restored = await alice.post(f"{history}/1/restore")
    listed = await alice.get(f"{history}?limit=2")
    rest = await alice.get(listed.json["next"])

    assert labelled.json["label"] == "it works"
    assert restored.json["number"] == 3
    assert restored.etag == (await alice.get(f"api/workspaces/{workspace}/xml")).etag
    items = listed.json["items"] + rest.json["items"]
    assert [item["number"] for item in items] == [3, 2, 1]
    assert items[0]["authors"] == ["alice"]
    assert (items[0]["blocks"], items[0]["bytes"]) == (1, len(XML.format("a")))
    assert rest.json["next"] is None
    (await alice.post(f"{history}/9/restore")).is_problem(404, "not-found")
    (await alice.get(f"api/workspaces/{workspace}/xml?revision=9")).is_problem(404, "not-found")


async def test_the_service_exports_xml_and_code_and_says_what_only_the_editor_draws(
    alice: Person,
) -> None:
    item = f"api/workspaces/{await alice.create()}"

    for form in ("xml", "json", "source", "ipynb"):
        assert (await alice.get(f"{item}/export?format={form}")).status == 200
    other = await alice.get(f"{item}/export?format=svg")
    other.is_problem(406, "export-in-browser")
    assert other.json["formats"] == ["xml", "json", "source", "ipynb"]
    (await alice.get(f"{item}/export?format=doc")).is_problem(400, "bad-request")


async def test_languages_are_told_to_anybody(service: Service) -> None:
    items = (await service.nobody().get("api/languages")).json["items"]

    assert items[0] == {
        "name": "python",
        "title": "Python",
        "kernel_language": "python",
        "file_extension": ".py",
    }


async def test_shares_are_granted_changed_taken_back_and_left(
    alice: Person, bob: Person, service: Service
) -> None:
    item = f"api/workspaces/{await alice.create()}"
    shares = f"{item}/shares"
    (await bob.get(item)).is_problem(404, "not-found")

    given = await alice.post(shares, json={"user": "bob", "role": "viewer"})
    waiting = await alice.post(shares, json={"user": "nobody-yet", "role": "editor"})
    group = await alice.post(shares, json={"group": "class-7b", "role": "viewer"})
    everyone = await alice.post(shares, json={"everyone": True, "role": "viewer"})
    assert [one.status for one in (given, waiting, group, everyone)] == [201] * 4
    assert (given.json["signed_in"], waiting.json["signed_in"]) == (True, False)
    again = await alice.post(shares, json={"user": "bob", "role": "editor"})
    assert (again.status, again.json["id"]) == (200, given.json["id"])
    assert (await bob.get(item)).json["role"] == "editor"
    listed = (await bob.get(shares)).json["items"]
    assert [one["id"] for one in listed] == [
        one.json["id"] for one in (given, waiting, group, everyone)
    ]

    mine = f"{shares}/{given.json['id']}"
    assert (await alice.patch(mine, {"role": "viewer"})).json["role"] == "viewer"
    (await bob.patch(mine, {"role": "editor"})).is_problem(403, "not-allowed")
    (await bob.post(shares, json={"user": "carol", "role": "viewer"})).is_problem(
        403, "not-allowed"
    )
    (await bob.delete(f"{shares}/{group.json['id']}")).is_problem(403, "not-allowed")
    assert (await bob.delete(mine)).status == 204
    for one in group, everyone:
        await alice.delete(f"{shares}/{one.json['id']}")
    (await bob.get(item)).is_problem(404, "not-found")
    (await alice.post(shares, json={"user": "alice", "role": "viewer"})).is_problem(409, "conflict")
