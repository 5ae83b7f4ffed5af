"""Signing in through the Hub: silently, least privilege, and safe from restarts."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from .conftest import Demo, answers, running, until
from .people import NAVIGATE, Person
from .processes import processes_in, service_of


def test_a_person_signs_in_at_the_hub_and_lands_on_home(alice: Person) -> None:
    assert alice.config["page"] == "home"
    assert alice.config["user"] == {"name": "alice", "groups": ["class-7b"]}


def test_the_page_asked_for_is_the_page_one_lands_on(hub: Demo) -> None:
    carol = Person(hub.url + "signed-in", "carol").sign_in()

    assert carol.config["page"] == "signed-in"


def test_the_api_refuses_with_a_problem_and_never_with_a_redirect(hub: Demo) -> None:
    answer = httpx.get(hub.url + "api/user")

    assert answer.status_code == 401
    assert answer.json()["type"].endswith("/problems/not-signed-in")


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
def test_a_cookie_without_the_xsrf_token_is_not_enough(alice: Person, method: str) -> None:
    answer = alice.http.request(method, alice.url + "api/workspaces/none")

    assert answer.status_code == 403
    assert answer.json()["type"].endswith("/problems/xsrf")


def test_a_token_reaches_its_owners_server_and_nobody_elses(hub: Demo, alice: Person) -> None:
    token = alice.token
    api = hub.url.partition("services/")[0] + "hub/api"
    as_alice = httpx.Client(headers={"Authorization": f"token {token}"})

    assert as_alice.get(f"{api}/users/alice").status_code == 200
    assert as_alice.get(f"{api}/users/bob").status_code == 404
    assert as_alice.post(f"{api}/users/bob/server").status_code == 404
    assert as_alice.get(f"{api}/users").status_code == 403


def test_a_token_in_the_header_needs_no_xsrf_token(hub: Demo, alice: Person) -> None:
    headers = {"Authorization": f"token {alice.token}"}

    assert httpx.get(hub.url + "api/user", headers=headers).json()["name"] == "alice"
    assert httpx.get(hub.url + "api/user?token=" + alice.token).status_code == 401


@pytest.fixture
def own_hub(tmp_path: Path) -> Iterator[Demo]:
    with running(Demo(tmp_path)) as demo:
        yield demo


def test_a_restart_of_everything_keeps_people_signed_in(own_hub: Demo) -> None:
    alice = Person(own_hub.url, "alice").sign_in()
    port = int(httpx.URL(own_hub.url).port or 0)

    own_hub.stop()
    own_hub.start(port)

    assert alice.call("GET", "api/user").json()["name"] == "alice"


def test_a_sign_in_that_a_restart_interrupts_goes_through(hub: Demo) -> None:
    """Its state travels with the round trip, so another process can finish it."""
    alice = Person(hub.url, "alice").sign_in()
    for cookie in list(alice.http.cookies.jar):
        if cookie.name == "service-jigsaw":
            alice.http.cookies.delete(cookie.name, cookie.domain, cookie.path)
    alice.http.follow_redirects = False
    at_the_hub = alice.http.get(alice.url + "signed-in", headers=NAVIGATE).headers["Location"]

    kill_service(hub)
    alice.http.follow_redirects = True
    page = alice.http.get(httpx.URL(alice.url).join(at_the_hub), headers=NAVIGATE)

    assert page.status_code == 200
    assert page.url.path.endswith("/signed-in")


def test_a_sign_in_whose_state_is_lost_starts_once_more(hub: Demo) -> None:
    alice = Person(hub.url, "alice").sign_in()

    page = alice.http.get(alice.url + "oauth_callback?code=x&state=stale", headers=NAVIGATE)

    assert page.status_code == 200
    assert page.url.path.endswith("/services/jigsaw/")


def kill_service(demo: Demo) -> None:
    """Kill the service and wait until it has been started again."""
    killed = service_of(demo.folder)
    os.kill(killed, signal.SIGKILL)
    until(lambda: killed not in processes_in(demo.folder))
    until(lambda: answers(demo.url + "ready"))
