"""The log: one line a request, an id that the caller is told too, and no secret."""

import json
import logging
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from jigsaw_service.runtime.logs import JsonLines

from .conftest import XML, Person, Service
from .test_links import accept, make


@pytest.fixture
def empty_url(tmp_path: Path) -> str:
    """One kind of database will do."""
    return f"sqlite+aiosqlite:///{tmp_path}/jigsaw.sqlite"


@pytest.fixture
def written() -> Iterator[StringIO]:
    """Log in JSON, as it is written."""
    out = StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield out
    root.removeHandler(handler)
    root.setLevel(level)


async def test_a_request_is_one_line_of_json_with_the_id_of_its_answer(
    alice: Person, written: StringIO
) -> None:
    answer = await alice.get("api/workspaces?q=needle")
    other = await alice.get("api/user", headers={"X-Request-Id": "mine"})

    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    (told,) = [line for line in lines if line.get("request_id") == answer.headers["X-Request-Id"]]
    assert (told["status"], told["method"], told["user"]) == (200, "GET", "alice")
    assert told["path"].endswith("/api/workspaces")
    assert told["level"] == "info" and told["time"] and told["milliseconds"] > 0
    assert other.headers["X-Request-Id"] not in ("mine", answer.headers["X-Request-Id"])
    assert "needle" not in written.getvalue()


async def test_what_fails_is_logged_under_the_id_of_its_request(
    service: Service, alice: Person, written: StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("jigsaw_service.web.api.user.CurrentUserHandler.get", fail)

    answer = await alice.get("api/user")

    assert answer.status == 500
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    (fault,) = [line for line in lines if "ZeroDivisionError" in line.get("exception", "")]
    assert fault["request_id"] == answer.headers["X-Request-Id"]


async def test_no_token_code_or_program_is_logged(
    service: Service, alice: Person, bob: Person, written: StringIO
) -> None:
    secret = service.person("secret-token")
    await secret.get("api/user")
    workspace = await alice.create(xml=XML.format("a program"))
    code = await make(alice, workspace, "view")
    await accept(bob, code)
    await alice.save(workspace, XML.format("another program"), None)
    await alice.save(workspace, "<xml>a broken program", '"x"')

    assert code not in written.getvalue() and "secret-token" not in written.getvalue()
    assert "program" not in written.getvalue()


async def test_a_fault_of_the_database_does_not_tell_the_program(
    service: Service, alice: Person
) -> None:
    async with service.services.database.engine.connect() as connection:
        with pytest.raises(DBAPIError) as fault:
            await connection.execute(text("SELECT :a FROM none"), {"a": "a program"})
    assert "a program" not in str(fault.value)


@pytest.mark.parametrize("path", ["", "health", "static/none.js", "api/none", "none", "w/none"])
async def test_every_answer_tells_its_id(service: Service, path: str) -> None:
    answer = await service.nobody().get(path)
    assert len(answer.headers["X-Request-Id"]) == 16
