"""Headers of every kind of answer, and addresses that are no file's."""

import json
from pathlib import Path

import pytest

from jigsaw_service.app import _public_origin

from .conftest import PREFIX, Person, Service

OPENER = "Cross-Origin-Opener-Policy"


@pytest.fixture
def empty_url(tmp_path: Path) -> str:
    """One kind of database will do."""
    return f"sqlite+aiosqlite:///{tmp_path}/jigsaw.sqlite"


@pytest.fixture
def alice(service: Service, tmp_path: Path) -> Person:
    """Of a service with an editor, as far as its pages name it."""
    pages = ["src/main.ts", "src/pages/home.ts", "src/pages/link.ts"]
    (tmp_path / "manifest.json").write_text(json.dumps({page: {"file": "x.js"} for page in pages}))
    return service.person("alice")


@pytest.mark.parametrize(
    ("path", "status"), [("", 200), ("s", 200), ("w/none", 404), ("nowhere/at/all", 404)]
)
async def test_a_page_has_no_handle_on_who_opened_it(alice: Person, path: str, status: int) -> None:
    answer = await alice.get(path)

    assert answer.status == status
    assert answer.headers[OPENER] == "same-origin"


@pytest.mark.parametrize("path", ["embed/none", "embed?name=maze&language=python", "signed-in"])
async def test_a_page_that_is_framed_says_nothing_of_its_opener(alice: Person, path: str) -> None:
    assert OPENER not in (await alice.get(path)).headers


@pytest.mark.parametrize(
    "path",
    [
        ".%00./x",
        "%00",
        "assets/%00",
        "a%00.js",
        "..%2f..%2fx",
        "a" * 5000,
        "assets",
        "",
    ],
)
async def test_what_is_no_file_of_ours_is_not_found(service: Service, path: str) -> None:
    answer = await service.nobody().get(f"{PREFIX}static/{path}")

    assert answer.status in ((404,) if "%00" in path else (403, 404))
    assert b"Traceback" not in answer.body


@pytest.mark.parametrize(
    ("told", "origin"),
    [
        ({}, ""),
        ({"PUBLIC_URL": "https://hub.example.com/services/jigsaw/"}, "https://hub.example.com"),
        ({"PUBLIC_URL": "", "PUBLIC_HUB_URL": "https://hub.example.com:8443/hub/"},
         "https://hub.example.com:8443"),
        ({"OAUTH_CALLBACK_URL": "https://jigsaw.example.com/services/jigsaw/oauth_callback",
          "PUBLIC_HUB_URL": "https://hub.example.com/hub/"}, "https://jigsaw.example.com"),
        ({"OAUTH_CALLBACK_URL": "/services/jigsaw/oauth_callback"}, ""),
    ],
)  # fmt: skip
def test_the_public_address_is_the_one_that_the_hub_tells(
    monkeypatch: pytest.MonkeyPatch, told: dict[str, str], origin: str
) -> None:
    for name in "PUBLIC_URL", "OAUTH_CALLBACK_URL", "PUBLIC_HUB_URL":
        monkeypatch.setenv(f"JUPYTERHUB_{name}", told.get(name, ""))

    assert _public_origin() == origin
