"""`api/openapi.json` describes every route, and every answer is as described."""

import asyncio
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from openapi_spec_validator import validate
from tornado.web import RequestHandler

from jigsaw_service.jupyter.addresses import resolve
from jigsaw_service.routes import API, OPERATIONS
from jigsaw_service.web.openapi import document
from jigsaw_service.web.route import METHODS

from .conftest import PREFIX, Service


def routes() -> Iterator[tuple[str, str]]:
    """Every address and method that `routes.py` knows, except the relay's."""
    for route in API:
        if route.path.startswith("api/jupyter/"):
            continue
        for method in METHODS:
            if getattr(route.handler, method) is not getattr(RequestHandler, method):
                yield route.path, method


def test_the_document_is_valid_openapi() -> None:
    validate(document(PREFIX, OPERATIONS))


def test_every_route_and_method_is_described_and_no_other() -> None:
    relayed = {key for key in OPERATIONS if key[0].startswith("api/jupyter/")}

    assert set(routes()) == set(OPERATIONS) - relayed


def test_every_relayed_address_is_described_as_it_is_reached() -> None:
    for path, method in OPERATIONS:
        if path.startswith("api/jupyter/"):
            below = re.sub(r"{\w+}", "a", path.removeprefix("api/jupyter/"))
            address = resolve(below)
            assert address and method.upper() in address.methods, path


async def test_the_document_is_served_to_anybody(service: Service) -> None:
    answer = await service.nobody().get("api/openapi.json")

    assert answer.json == json.loads(json.dumps(document(PREFIX, OPERATIONS)))


# What the Hub and the user's server answer is tested with real ones, and a socket with messages.
_ELSEWHERE = r"/api/(server|jupyter|kernelspecs)|/(execute|live)$|^/ready$"


@pytest.mark.timeout(280)
async def test_whatever_is_sent_the_answers_are_as_described(
    service: Service, tmp_path: Path
) -> None:
    run = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "schemathesis.cli"),
        *("--config-file", str(Path(__file__).parent / "schemathesis.toml")),
        *("run", f"{service.origin}{PREFIX}api/openapi.json"),
        *("--header", "Authorization: token alice"),
        *("--exclude-path-regex", _ELSEWHERE),
        *("--max-examples", "10"),
        *("--seed", "7"),
        "--continue-on-failure",
        cwd=tmp_path,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await run.communicate()

    assert run.returncode == 0, output.decode()
