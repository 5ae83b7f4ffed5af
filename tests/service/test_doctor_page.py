"""The doctor's page and findings: for the Hub's admins alone."""

import pytest

from jigsaw_service.doctor.finding import Finding, Place
from jigsaw_service.web import doctor

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
