"""The doctor's probes: what they tell, and that for others there is no such page."""

import json
import time
from pathlib import Path
from typing import Any

import pytest
from aiohttp import WSMsgType, WSServerHandshakeError

from jigsaw_service.doctor.proof import HEADER, Purpose, prove
from jigsaw_service.routes import PROBES
from jigsaw_service.web.api import probes

from .conftest import PREFIX, SECRET, Person, Service

ADDRESSES = sorted(route.pattern.replace("(.*)", "a") for route in PROBES)
UPGRADE = {
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}


@pytest.fixture
def empty_url(tmp_path: Path) -> str:
    """One kind of database will do."""
    return f"sqlite+aiosqlite:///{tmp_path}/jigsaw.sqlite"


@pytest.fixture
def doctor(service: Service) -> Person:
    return service.nobody(**{HEADER: prove(SECRET, Purpose.PROBES)})


def _method(address: str) -> str:
    return "POST" if address.endswith("upload") else "GET"


@pytest.mark.parametrize("address", ADDRESSES)
async def test_without_a_proof_there_is_no_such_page(service: Service, address: str) -> None:
    other = Purpose.PROBES if address.endswith("inside") else Purpose.INSIDE
    shown = ["", "proof", prove(b"another secret", Purpose.PROBES), prove(SECRET, other)]

    for proof in shown:
        nobody = service.nobody(**{HEADER: proof}, **UPGRADE)
        answer = await nobody.request(_method(address), address)
        assert answer.is_problem(404, "not-found"), proof
    assert (await service.person("alice").get(address)).status in (404, 405)


async def test_a_proof_is_good_for_minutes(
    service: Service, doctor: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (await doctor.get("_doctor/headers")).status == 200

    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 11 * 60)

    assert (await doctor.get("_doctor/headers")).is_problem(404, "not-found")


async def test_headers_are_told_as_they_arrived(doctor: Person) -> None:
    answer = await doctor.get("_doctor/headers", headers={"X-Scheme": "https", "X-Real-IP": "é"})

    told = dict(answer.json["headers"])
    assert told["X-Scheme"] == "https" and told["Host"].startswith("127.0.0.1:")
    assert answer.headers["Content-Security-Policy"] == answer.json["policy"]


async def test_paths_are_told_as_they_arrived(doctor: Person) -> None:
    path = f"{PREFIX}_doctor/echo/a%2Fb//c%3Fd?e=%20"
    assert (await doctor.get(path)).json == {"uri": path}


async def test_bodies_are_counted_and_not_kept(
    doctor: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = bytes(3 * 1024 * 1024)
    assert (await doctor.post("_doctor/upload", data=body)).json == {"received": len(body)}

    monkeypatch.setattr(probes, "MAX_UPLOAD", 1024)
    assert (await doctor.post("_doctor/upload", data=bytes(1025))).status == 400


@pytest.mark.parametrize("query", ["n=0", "n=11", "n=a", "milliseconds=2001", "milliseconds=-1"])
async def test_events_are_few_and_soon_over(doctor: Person, query: str) -> None:
    assert (await doctor.get(f"_doctor/events?{query}")).is_problem(400, "bad-request")

    answer = await doctor.get("_doctor/events?n=10&milliseconds=0")
    assert answer.body.count(b"data: ") == 10
    assert "X-Accel-Buffering" not in answer.headers


async def test_a_socket_says_what_it_hears(service: Service, doctor: Person) -> None:
    url = f"{service.origin}{PREFIX}_doctor/socket"
    headers = {HEADER: prove(SECRET, Purpose.PROBES)}
    async with service._http.ws_connect(url, headers=headers, origin=service.origin) as socket:
        await socket.send_str("hello")
        assert await socket.receive_str() == "hello"
        await socket.send_str("x" * 2000)
        assert (await socket.receive()).type in (WSMsgType.CLOSE, WSMsgType.CLOSED)

    with pytest.raises(WSServerHandshakeError) as refused:
        await service._http.ws_connect(url, headers=headers, origin="https://evil.example")
    assert refused.value.status == 403


async def test_the_service_tells_what_it_finds(service: Service) -> None:
    inside = service.nobody(**{HEADER: prove(SECRET, Purpose.INSIDE)})
    answer: Any = await inside.get("_doctor/inside?seconds=5")

    assert answer.status == 200, answer
    assert set(answer.json) == {"findings", "not_looked_at"}
    for finding in answer.json["findings"]:
        assert set(finding) == {"name", "says", "where", "mend"}, json.dumps(finding)
    assert (await inside.get("_doctor/inside?seconds=61")).is_problem(400, "bad-request")


@pytest.mark.parametrize(("token", "known"), [("alice", True), ("nobody", False)])
async def test_it_looks_in_the_right_of_whoever_sends_a_token(
    service: Service, token: str, known: bool
) -> None:
    proof = {HEADER: prove(SECRET, Purpose.INSIDE)}
    inside = service.nobody(Authorization=f"token {token}", **proof)
    answer = await inside.get("_doctor/inside?seconds=5")

    names = {finding["name"] for finding in answer.json["findings"]}
    assert ("token-unknown" not in names) is known, answer.json
