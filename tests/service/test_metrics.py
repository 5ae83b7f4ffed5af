"""`metrics`: what it tells, and to whom."""

from dataclasses import replace
from pathlib import Path

import pytest

from jigsaw_service.storage import schema
from jigsaw_service.web.services import MetricsAccess

from ..fake_hub import SCOPE
from .conftest import Person, Service
from .tabs import new

TOKEN = "s3cret"


@pytest.fixture
def empty_url(tmp_path: Path) -> str:
    """One kind of database will do."""
    return f"sqlite+aiosqlite:///{tmp_path}/jigsaw.sqlite"


def allow(service: Service, access: MetricsAccess) -> None:
    """As the operator's configuration would."""
    object.__setattr__(service.services, "metrics_access", access)


@pytest.mark.parametrize(
    "access", [MetricsAccess(), MetricsAccess(token=TOKEN), MetricsAccess(scope="read:metrics")]
)
async def test_there_is_no_such_page_for_those_who_may_not_look(
    service: Service, access: MetricsAccess
) -> None:
    allow(service, access)
    sent = ["", "Bearer", "Bearer ", "Bearer wrong", "token alice", f"Basic {TOKEN}", "Bearer é"]
    for header in sent:
        answer = await service.nobody(Authorization=header).get("metrics")
        assert answer.is_problem(404, "not-found"), header


async def test_the_operators_token_opens_it(service: Service, alice: Person) -> None:
    allow(service, MetricsAccess(token=TOKEN))
    workspace = await alice.create()
    async with alice.live(workspace) as tab:
        await tab.edit(new("a"))
        answer = await service.nobody(Authorization=f"Bearer {TOKEN}").get("metrics")

    assert answer.status == 200
    assert answer.headers["Content-Type"].startswith("text/plain")
    told = answer.body.decode()
    for line in (
        'jigsaw_request_duration_seconds_count{code="201",handler="WorkspaceList"',
        'jigsaw_websockets{kind="live"} 1.0',
        "jigsaw_rooms 1.0",
        "jigsaw_workspaces 1.0",
        'jigsaw_active_users{period="5m"} 1.0',
        f'jigsaw_db_revision_info{{revision="{schema.newest()}"}} 1.0',
    ):
        assert line in told, told
    assert "process_resident_memory_bytes" in told
    assert "alice" not in told and workspace not in told


async def test_a_scope_on_the_hub_opens_it(service: Service) -> None:
    allow(service, MetricsAccess(token=TOKEN, scope=SCOPE))
    assert (await service.person("alice").get("metrics")).status == 200
    assert (await service.browser("alice").get("metrics")).status == 404


async def test_it_answers_while_the_database_is_not_ready(service: Service) -> None:
    allow(service, MetricsAccess(token=TOKEN))
    service.services.readiness.missing.add("database")
    answer = await service.nobody(Authorization=f"token {TOKEN}").get("metrics")
    assert answer.status == 200


async def test_strange_methods_make_no_names_of_their_own(service: Service) -> None:
    allow(service, MetricsAccess(token=TOKEN))
    await service.nobody().request("STRANGE", "health")
    told = (await service.nobody(Authorization=f"Bearer {TOKEN}").get("metrics")).body
    assert b"STRANGE" not in told and b'method="other"' in told


def test_nobody_may_look_unless_the_operator_says_so(service: Service) -> None:
    assert replace(service.services).metrics_access == MetricsAccess()
