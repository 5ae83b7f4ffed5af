"""Kernelspecs of a server, and what is told of them for any answer of that server."""

import json
from collections.abc import Iterator

import pytest

from .. import fake_hub
from .conftest import Person


@pytest.fixture(autouse=True)
def running() -> Iterator[None]:
    """Alice's server, as the Hub tells it."""
    fake_hub.servers["alice"] = {"": {"ready": True, "url": "/jupyter/user/alice/"}}
    yield
    fake_hub.servers.clear()
    fake_hub.kernelspecs.clear()


async def test_each_kernel_is_told_with_what_is_known_of_it(alice: Person) -> None:
    spec = {"display_name": "Python 3", "language": "python", "argv": ["python3"]}
    specs = {"python3": {"name": "python3", "spec": spec, "resources": {}}}
    answer = {"default": "python3", "kernelspecs": specs}
    fake_hub.kernelspecs["alice"] = json.dumps(answer).encode()

    known = {"why_not": None, "fault": None, "only_yours": False}
    assert (await alice.get("api/kernelspecs")).json == {
        "default": "python3",
        "items": [{"name": "python3", "title": "Python 3", "language": "python", **known}],
    }


@pytest.mark.parametrize("said", [b"<html>", b"[]", b"{}", b'{"kernelspecs": []}', b"\xff"])
async def test_a_server_that_tells_no_kernels_is_a_problem_in_words(
    alice: Person, said: bytes
) -> None:
    fake_hub.kernelspecs["alice"] = said

    assert (await alice.get("api/kernelspecs")).is_problem(502, "hub-unavailable")


async def test_a_spec_that_is_none_is_left_out(alice: Person) -> None:
    specs = {"a": 1, "b": {"spec": None}, "c": {"spec": {}}}
    fake_hub.kernelspecs["alice"] = json.dumps({"kernelspecs": specs}).encode()

    items = (await alice.get("api/kernelspecs")).json["items"]

    assert [(one["name"], one["title"], one["language"]) for one in items] == [("c", "c", "")]


async def test_a_stopped_server_is_said_to_be_stopped(alice: Person) -> None:
    fake_hub.servers.clear()

    answer = await alice.get("api/kernelspecs")

    assert answer.is_problem(503, "server-stopped")
