"""Addresses that the relay reaches: the listed ones, decoded exactly once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jigsaw_service.jupyter.addresses import resolve, upstream_query


@pytest.mark.parametrize(
    "path",
    [
        "api/status",
        "api/kernelspecs",
        "api/kernelspecs/python3",
        "kernelspecs/python3/logo-64x64.png",
        "api/kernels",
        "api/kernels/0e0aa4f3-af7e-4055-85f9-c074bd121d7c",
        "api/kernels/0e0aa4f3-af7e-4055-85f9-c074bd121d7c/interrupt",
        "api/kernels/0e0aa4f3-af7e-4055-85f9-c074bd121d7c/restart",
        "api/kernels/0e0aa4f3-af7e-4055-85f9-c074bd121d7c/channels",
        "api/sessions",
        "api/sessions/0e0aa4f3-af7e-4055-85f9-c074bd121d7c",
    ],
)
def test_listed_addresses_are_reached_as_they_are(path: str) -> None:
    address = resolve(path)

    assert address and address.path == path


def test_an_escaped_plain_letter_is_decoded_once() -> None:
    address = resolve("api/k%65rnels")

    assert address and address.path == "api/kernels"


@pytest.mark.parametrize(
    "path",
    [
        "",
        "api",
        "api/",
        "api/contents",
        "api/contents/x",
        "api/terminals",
        "api/kernels/",
        "/api/kernels",
        "api//kernels",
        "api/kernels/..",
        "api/kernels/.",
        "api/kernels/%2e%2e",
        "api/kernels/%2E%2E/contents",
        "api/kernels/a%2Fb",
        "api/kernels/a%5Cb",
        "api/kernels/a\\b",
        "api/kernels/%252e%252e",
        "api/kernels/a%00",
        "api/kernels/a\n",
        "api/kernels/a;b",
        "api/kernels/a?b",
        "api/kernels/a#b",
        "kernelspecs/python3/..",
        "kernelspecs/python3/a%2f..%2f..%2fx",
        "kernelspecs/../x",
        "API/KERNELS",
    ],
)
def test_nothing_else_is_reached(path: str) -> None:
    assert resolve(path) is None


@given(st.text(alphabet="api/kernelsspc.%25eEfF0-_\\ \x00é", max_size=60))
def test_what_goes_upstream_never_climbs_or_escapes(path: str) -> None:
    address = resolve(path)

    if address is not None:
        assert address.path.startswith(("api/", "kernelspecs/"))
        assert not {"", ".", ".."} & set(address.path.split("/"))
        assert "%" not in address.path and "\\" not in address.path


def test_credentials_and_the_choice_of_server_do_not_go_upstream() -> None:
    query = upstream_query("session_id=a%26b&_xsrf=secret&token=secret&server=two&x=")

    assert query == "session_id=a%26b&x="
