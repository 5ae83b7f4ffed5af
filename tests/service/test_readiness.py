"""Before the database is there: every address says so, and the Hub notices nothing."""

import asyncio

import pytest

from .conftest import Service


@pytest.fixture
def starting(service: Service) -> Service:
    service.services.readiness.missing.add("database")
    service.services.readiness.tried.set()
    return service


@pytest.mark.parametrize(
    "path", ["api/user", "api/workspaces", "api/languages", "api/openapi.json", "api/none"]
)
async def test_the_api_answers_503_and_when_to_come_back(starting: Service, path: str) -> None:
    answer = await starting.person("alice").get(path)

    answer.is_problem(503, "not-ready")
    assert int(answer.headers["Retry-After"]) > 0


async def test_pages_answer_503_too(starting: Service) -> None:
    answer = await starting.nobody().get("w/anything")

    assert answer.status == 503
    assert answer.headers["Retry-After"]


async def test_the_hubs_own_probe_of_the_bare_prefix_is_sent_to_sign_in(starting: Service) -> None:
    answer = await starting.nobody().get("")

    assert answer.status == 302
    assert "/hub/api/oauth2/authorize" in answer.headers["Location"]


async def test_ready_names_what_is_missing_and_health_answers(starting: Service) -> None:
    ready = await starting.nobody().get("ready")

    assert ready.status == 503
    assert "database" in ready.json["missing"]
    assert (await starting.nobody().get("health")).status == 200


async def test_who_calls_in_the_moment_of_a_start_is_answered_when_it_is_over(
    starting: Service,
) -> None:
    readiness = starting.services.readiness
    readiness.tried.clear()
    asked = asyncio.gather(
        starting.person("alice").get("api/workspaces"), starting.browser("alice").get("api/none")
    )
    while len(starting.services.in_flight) < 2 and not asked.done():
        await asyncio.sleep(0.01)
    assert not asked.done()

    readiness.missing.clear()
    readiness.tried.set()

    assert [answer.status for answer in await asked] == [200, 404]
