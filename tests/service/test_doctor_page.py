"""The doctor's page and findings: for the Hub's admins alone."""

import asyncio

import pytest

from jigsaw_service.doctor.finding import Finding, Place
from jigsaw_service.runtime.tasks import spawn
from jigsaw_service.web.api import doctor
from jigsaw_service.web.base import ApiHandler

from .conftest import PREFIX, Person, Service


@pytest.mark.parametrize("path", ["doctor", "api/doctor"])
async def test_for_whoever_is_no_admin_there_is_no_doctor(alice: Person, path: str) -> None:
    answer = await alice.get(path)

    assert answer.status == 404


async def test_an_admin_is_told_what_was_found_and_what_was_not_looked_at(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def prefix(visit):  # type: ignore[no-untyped-def]
        visit.not_looked_at.append("The moon.")
        mend = {Place.HUB: "c.JupyterHub.ip = ''"}
        yield Finding("wrong", f"{visit.asker.name} sees it.", visit.service_prefix, mend)

    monkeypatch.setattr(doctor, "INSIDE", [prefix])
    monkeypatch.setattr(doctor, "OUTSIDE", [])

    answer = await service.person("teacher").get("api/doctor")

    assert answer.json == {
        "findings": [
            {
                "name": "wrong",
                "says": "teacher sees it.",
                "where": PREFIX,
                "mend": [{"place": "jupyterhub_config.py", "line": "c.JupyterHub.ip = ''"}],
            }
        ],
        "not_looked_at": ["The moon."],
    }


async def test_who_asks_while_it_looks_is_told_the_same(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[str] = []
    asked: list[ApiHandler] = []
    both_asked = asyncio.Event()

    async def count(visit):  # type: ignore[no-untyped-def]
        begun.append(visit.asker.name)
        await both_asked.wait()
        yield Finding(f"look-{len(begun)}", "", "")

    def note(handler: ApiHandler) -> None:
        asked.append(handler)
        if len(asked) == 2:
            both_asked.set()

    monkeypatch.setattr(doctor, "require_admin", note)
    monkeypatch.setattr(doctor, "INSIDE", [count])
    monkeypatch.setattr(doctor, "OUTSIDE", [])
    teacher = service.person("teacher")
    first, second = (spawn(teacher.get("api/doctor"), name="asking") for _ in range(2))

    told = [(await one).json["findings"][0]["name"] for one in (first, second)]
    assert told == ["look-1", "look-1"]
    assert (await teacher.get("api/doctor")).json["findings"][0]["name"] == "look-2"
