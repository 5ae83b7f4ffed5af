"""Checks of settings, at the service or at the Hub, and of the incidents that tell of them."""

import pytest

from jigsaw_service.doctor.incidents import Incidents

from ..conftest import start_server
from ..doctor_hub import DoctorHub
from ..people import Person


async def test_a_healthy_set_up_gives_no_finding(sick: DoctorHub, teacher: Person) -> None:
    start_server(teacher)

    assert await sick.found(teacher) == {}


@pytest.mark.parametrize("origin", ["hub.example.com", "https://a.example/lab", "ftp://a", ""])
async def test_a_notebook_origin_that_is_none_is_found(sick: DoctorHub, origin: str) -> None:
    good = "https://lab.example.com"

    found = await sick.found(setting=sick.setting(notebook_origins=(good, origin)))

    assert set(found) == {"notebook-origin-malformed"}
    assert repr(origin) in found["notebook-origin-malformed"].says


async def test_an_origin_that_was_refused_a_frame_is_found(sick: DoctorHub) -> None:
    heard = Incidents()
    heard.frame_refused("https://lab.example.com")

    assert set(await sick.found(incidents=heard)) == {"notebook-origin-missing"}


async def test_tls_that_the_hub_was_not_told_of_is_found(sick: DoctorHub) -> None:
    url = "https://hub.example.com/jupyter/"

    assert set(await sick.found(public_url=url)) == {"public-url-missing"}
    told = sick.setting(told_public_url=f"{url}services/jigsaw/")
    assert await sick.found(public_url=url, setting=told) == {}


async def test_a_server_that_forbids_frames_is_found(sick: DoctorHub) -> None:
    carol = Person(sick.demo.url, "carol").sign_in()
    start_server(carol)

    found = await sick.found(carol)

    assert set(found) == {"notebooks-forbid-frames"}
