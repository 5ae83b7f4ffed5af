"""The doctor's own rules: how schemes are read, time is kept, and findings are shown."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientConnectorError, ClientRequest, ClientSession, TCPConnector
from multidict import CIMultiDict

from jigsaw_service.doctor import address, lines
from jigsaw_service.doctor.finding import Finding, Place
from jigsaw_service.doctor.proxy_headers import Arrived
from jigsaw_service.doctor.public_checks import OUTSIDE
from jigsaw_service.doctor.report import report
from jigsaw_service.doctor.runner import Check, InTurn, Visit, examine

ROOT = Path(__file__).parents[2]


@pytest.fixture
async def visit() -> AsyncIterator[Visit]:
    async with ClientSession() as http:
        yield Visit(http, "", "", "", "", "", seconds=0.2)


def finds(name: str) -> Check:
    async def check(_visit: Visit) -> AsyncIterator[Finding]:
        yield Finding(name, "It is wrong.", "Here.")

    return check


async def nothing(_visit: Visit) -> AsyncIterator[Finding]:
    for finding in ():
        yield finding


async def never(_visit: Visit) -> AsyncIterator[Finding]:
    yield Finding("early", "It is wrong.", "Here.")
    await asyncio.Event().wait()


async def broken(_visit: Visit) -> AsyncIterator[Finding]:
    yield Finding("early", "It is wrong.", "Here.")
    raise KeyError("what a liar left out")


async def test_findings_come_in_the_order_of_their_checks(visit: Visit) -> None:
    found = await examine(visit, [finds("a"), nothing, finds("b")])
    assert [finding.name for finding in found] == ["a", "b"]


@pytest.mark.parametrize("check", [never, broken])
async def test_a_check_that_hangs_or_breaks_is_a_finding_and_keeps_what_it_found(
    visit: Visit, check: Check
) -> None:
    found = await examine(visit, [check, finds("a")])
    assert [finding.name for finding in found] == ["early", "check-failed", "a"]


async def test_where_a_stage_finds_something_the_later_ones_are_left_out(visit: Visit) -> None:
    found = await examine(visit, [InTurn(([nothing], [finds("a"), finds("b")], [finds("c")]))])
    assert [finding.name for finding in found] == ["a", "b"]


async def test_a_process_that_is_not_let_out_has_no_opinion_on_the_way() -> None:
    class Barred(TCPConnector):
        async def connect(self, req: ClientRequest, *_rest: Any, **_more: Any) -> Any:
            raise ClientConnectorError(req.connection_key, PermissionError(1, "not permitted"))

    async with ClientSession(connector=Barred()) as http:
        url = "https://hub.example.com/jupyter/"
        visit = Visit(http, url, "", "/jupyter/services/jigsaw/", "", "")
        found = await examine(visit, OUTSIDE)

    assert found == []
    (told,) = visit.not_looked_at
    assert url in told


@pytest.mark.parametrize(
    ("headers", "hub", "tornado"),
    [
        ({"X-Scheme": "https", "X-Forwarded-Proto": "http"}, "https", "https"),
        ({"X-Forwarded-Proto": "https,http"}, "https", "http"),
        ({"X-Forwarded-Proto": "https, ws"}, "https", "ws"),
        ({"X-Forwarded-Proto": "http"}, "http", "http"),
        ({"Forwarded": "for=a;Proto=HTTPS, for=b;proto=http"}, "https", ""),
        ({}, "", ""),
    ],
)
def test_the_scheme_is_read_as_the_hub_and_tornado_read_it(
    headers: dict[str, str], hub: str, tornado: str
) -> None:
    came = Arrived(CIMultiDict(headers), "", [], hub_knows_url=False, where="")
    assert (came.scheme_for_hub, came.scheme_for_tornado) == (hub, tornado)


@pytest.mark.parametrize(
    ("proto", "hub_knows_url", "told"),
    [
        ("https", False, True),
        ("https,http", True, True),
        # Through the Hub's proxy, which adds itself: the Hub, without a URL, goes by the last.
        ("https,http", False, False),
        ("http", True, False),
        ("", True, False),
    ],
)
def test_a_hub_that_was_told_its_url_needs_the_proxy_for_its_servers_only(
    proto: str, hub_knows_url: bool, told: bool
) -> None:
    headers = CIMultiDict({"X-Forwarded-Proto": proto})
    assert Arrived(headers, "", [], hub_knows_url, "").tells_of_tls is told


@pytest.mark.parametrize("kind", ["nginx", "apache"])
def test_every_line_that_mends_a_proxy_stands_in_the_file_of_deploy(kind: str) -> None:
    file = _bare((ROOT / f"deploy/{kind}/jupyterhub.conf").read_text())
    place = Place.NGINX if kind == "nginx" else Place.APACHE
    mends = [value for value in vars(lines).values() if isinstance(value, dict) and place in value]

    assert len(mends) > 10
    for mend in mends:
        for line in mend[place].splitlines():
            assert _bare(line) in file, line


def _bare(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def test_the_page_tells_every_name_of_a_finding_and_no_other() -> None:
    calls = re.compile(r"\bFinding\(\s*([^,)]+)")
    code = (ROOT / "jigsaw_service/doctor").glob("*.py")
    named = {name for file in code for name in calls.findall(file.read_text())}
    page = (ROOT / "docs/doctor.md").read_text()
    told = re.findall(r"^\| `([a-z][a-z-]+)` \|", page, re.M)

    assert sorted(name.strip('"') for name in named) == sorted(told)


async def test_the_lines_are_those_for_the_base_url_of_the_hub(visit: Visit) -> None:
    for url, line in {
        "https://hub.example.com/lab/": "location = /lab { return 308 /lab/$is_args$args; }",
        "https://hub.example.com/jupyter/": lines.SLASH[Place.NGINX],
    }.items():
        there = Visit(visit.http, url, "", "", "", "")
        assert lines.at(there, lines.SLASH)[Place.NGINX] == line


def test_a_report_holds_nothing_that_a_terminal_obeys() -> None:
    mend = {Place.NGINX: "first;\nsecond;\x1b[2J"}
    finding = Finding("name", "Says \x1b[31mred.", "Seen \x07 here\nand there.", mend).as_json()
    told = report(["https://hub/"], [finding], ["a \x9b thing"])

    assert all(letter.isprintable() or letter == "\n" for letter in told)
    assert "       first;\n       second;" in told and told.endswith("1 finding.")


def test_the_service_leaves_word_where_it_listens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("JUPYTERHUB_SERVICE_URL", raising=False)
    secret = tmp_path / "jigsaw_cookie_secret"
    assert address.find(secret) == ""

    address.leave(secret, "http://127.0.0.1:10110/services/jigsaw/")
    address.leave(secret, "http://127.0.0.1:1/")

    assert address.find(secret) == "http://127.0.0.1:1/"
    (file,) = tmp_path.iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    address.leave(tmp_path / "missing/secret", "http://127.0.0.1:1/")
