"""The Hub that is asked, and what it lets the service and people do."""

import httpx
import pytest

from ..doctor_hub import TOKENS, DoctorHub, free_port
from ..people import Person


async def test_a_hub_that_is_not_there_is_found(sick: DoctorHub) -> None:
    found = await sick.found(api_url=f"http://127.0.0.1:{free_port()}/hub/api")

    assert set(found) == {"hub-api-unreachable"}


async def test_an_address_without_the_base_url_is_found(sick: DoctorHub) -> None:
    found = await sick.found(api_url=f"{sick.origin}/hub/api")

    assert set(found) == {"hub-api-wrong"}


@pytest.mark.parametrize(
    ("token", "name"),
    [
        ("nobody's token", "service-token-unknown"),
        (TOKENS["entitled"], "service-has-rights"),
    ],
)
async def test_a_service_with_another_token_or_rights_is_found(
    sick: DoctorHub, token: str, name: str
) -> None:
    found = await sick.found(token=token, service_prefix="/jupyter/services/entitled/")

    assert set(found) - {"port-taken"} == {name}


async def test_a_service_with_the_token_of_a_person_is_found(
    sick: DoctorHub, alice: Person
) -> None:
    assert set(await sick.found(token=alice.token)) == {"service-token-of-person"}


async def test_a_service_at_another_address_than_it_thinks_is_found(sick: DoctorHub) -> None:
    found = await sick.found(token=TOKENS["beside"])

    assert set(found) == {"service-prefix"}
    assert "/jupyter/services/beside/" in found["service-prefix"].says


class Stranger:
    """Somebody with a token that the Hub doesn't know."""

    name, token = "alice", "nobody's token"


async def test_a_wrong_token_of_whoever_asks_is_found(sick: DoctorHub) -> None:
    assert set(await sick.found(Stranger())) == {"token-unknown"}  # type: ignore[arg-type]


async def test_whoever_may_not_use_the_service_is_found(sick: DoctorHub, alice: Person) -> None:
    found = await sick.found(alice, setting=sick.setting(service_name="closed"))

    assert "no-access" in found
    assert "access:services!service=closed" in str(found["no-access"].mend)


@pytest.mark.parametrize(
    ("service", "name"), [("narrow", "scopes-missing"), ("wide", "scopes-too-wide")]
)
def test_scopes_that_are_too_few_or_too_many_are_found(
    sick: DoctorHub, service: str, name: str
) -> None:
    admin = Person(sick.service(service), "teacher").sign_in()

    told = admin.call("GET", "api/doctor").json()["findings"]

    assert name in {finding["name"] for finding in told}


def test_a_scope_that_the_hub_does_not_know_is_found_once_somebody_tried(sick: DoctorHub) -> None:
    assert "scopes-unknown" in sick.found_after_a_sign_in("unknown")


def test_a_sign_in_that_the_hub_broke_off_is_found(sick: DoctorHub) -> None:
    alice = Person(sick.demo.url, "alice").sign_in()
    with httpx.Client(cookies=alice.http.cookies) as browser:
        asked = browser.get(sick.service("narrow"))
        # The Hub knows no such kind of answer, and sends the browser back without one.
        refused = asked.headers["location"].replace("response_type=code", "response_type=song")
        browser.get(httpx.URL(sick.origin).join(refused), follow_redirects=True)

    assert "sign-in-refused" in sick.found_by("narrow")
