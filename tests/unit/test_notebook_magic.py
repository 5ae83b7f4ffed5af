"""`%jigsaw`: what somebody may type, what a cell then shows, and what is said instead."""

import html
import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from jigsaw_service.notebook import command, leftover_xml, place
from jigsaw_service.notebook.command import CannotShow
from jigsaw_service.notebook.show import show

KERNEL = "0b0f9f2e-7b0d-4a36-b9d0-1f1c1c1c1c1c"
CONNECTION = f"/run/user/1000/jupyter/kernel-{KERNEL}.json"
HUB = {
    "JUPYTERHUB_USER": "alice",
    "JUPYTERHUB_BASE_URL": "/jupyter/",
    "JUPYTERHUB_SERVICE_PREFIX": "/jupyter/user/alice/",
}
NOTEBOOK = {"HOME": "/home/alice", "JPY_SESSION_NAME": "/home/alice/week 1/maze.ipynb"}


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A kernel of alice's server on a Hub, in an empty folder."""
    for name in list(os.environ):
        if name.startswith(("JUPYTERHUB_", "JPY_", "JIGSAW_")):
            monkeypatch.delenv(name)
    for name, value in (HUB | NOTEBOOK).items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)


def test_a_language_is_enough_and_the_workspace_is_called_after_the_notebook() -> None:
    read = command.read("Python", NOTEBOOK)

    assert (read.language.name, read.workspace) == ("python", "week 1/maze")


def test_name_and_height_are_taken_in_every_form() -> None:
    for line in (
        'PYTHON -w "my maze" -h 600',
        "--workspace='my maze' --height=600 python",
        '-h 600 Python --workspace "my maze"',
    ):
        read = command.read(line, {})

        assert (read.workspace, read.height) == ("my maze", 600), line


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("", "Say which blocks you want"),
        ("Python Processing", "Say which blocks you want"),
        ("Klingon", "no blocks for “Klingon”"),
        ("Python -w ../x", "plain name"),
        ("Python -w /etc/passwd", "plain name"),
        ("Python -w a/../../b", "plain name"),
        ("Python -w ''", "1 to 200"),
        ("Python -w " + "x" * 300, "1 to 200"),
        ("Python -w 'a\nb'", "control characters"),
        ("Python -w 'a", "quotation mark"),
        ("Python -h tall", "number of pixels"),
        ("Python -h 99999", "number of pixels"),
        ("Python --colour red", "no option"),
        ("x" * 5000, "no blocks for"),
    ],
)
def test_a_wrong_line_is_answered_in_one_sentence(line: str, said: str) -> None:
    with pytest.raises(CannotShow, match=re.escape(said)) as why:
        command.read(line, NOTEBOOK)

    assert "\n" not in str(why.value) and len(str(why.value)) < 200


def test_without_a_notebook_a_name_is_asked_for() -> None:
    with pytest.raises(CannotShow, match="Give the workspace a name"):
        command.read("Python", {})


def test_outside_a_hub_it_says_where_it_works() -> None:
    with pytest.raises(CannotShow, match="open this notebook on yours"):
        place.service_url({})


@pytest.mark.parametrize(
    ("environment", "url"),
    [
        ({}, "/jupyter/services/jigsaw/"),
        ({"JIGSAW_SERVICE": "blocks"}, "/jupyter/services/blocks/"),
        (
            {"JUPYTERHUB_PUBLIC_HUB_URL": "https://hub.example.com/jupyter/hub/"},
            "https://hub.example.com/jupyter/services/jigsaw/",
        ),
        (
            {"JUPYTERHUB_HOST": "https://hub.example.com"},
            "https://jigsaw--service.hub.example.com/jupyter/services/jigsaw/",
        ),
        ({"JIGSAW_URL": "https://blocks.example.com/j"}, "https://blocks.example.com/j/"),
    ],
)
def test_the_service_is_found_from_the_environment(environment: dict[str, str], url: str) -> None:
    assert place.service_url(HUB | environment) == url


def test_no_script_address_is_taken_for_the_service() -> None:
    with pytest.raises(CannotShow):
        place.service_url({"JIGSAW_URL": "javascript:alert(1)"})


def source(output: dict[str, str]) -> dict[str, list[str]]:
    """Query of the frame's address, as the service gets it."""
    found = re.search(r'<iframe src="([^"]*)"', output["text/html"])
    assert found
    return parse_qs(urlsplit(html.unescape(found[1])).query)


def test_the_frame_names_the_workspace_the_language_and_exactly_this_kernel() -> None:
    assert source(show("Python -w maze", CONNECTION)) == {
        "name": ["maze"],
        "language": ["python"],
        "kernel_id": [KERNEL],
    }


def test_a_kernel_that_no_server_started_is_refused() -> None:
    with pytest.raises(CannotShow, match="open a notebook"):
        show("Python -w maze", "/tmp/mine.json")


STRANGE = ['"><script>alert(1)</script>', "Zoë’s 🧩", "a&b=c#d?e", "'single'", "</div>", "%00", "1"]


@pytest.mark.parametrize("name", STRANGE)
def test_strange_names_arrive_whole_and_nothing_of_them_is_markup(name: str) -> None:
    output = show(f'Python -w "{name.replace(chr(34), chr(92) + chr(34))}"', CONNECTION)

    assert source(output)["name"] == [name]
    assert output["text/html"].count("<script") == 1
    assert "alert(1)</script>" not in output["text/html"]


def test_where_the_service_is_not_there_is_a_link_and_the_name() -> None:
    output = show("Python -w maze", CONNECTION)

    assert "maze" in output["text/plain"] and "/jupyter/services/jigsaw/" in output["text/plain"]
    assert (
        '<a href="/jupyter/services/jigsaw/embed?name=maze&amp;language=python"'
        in (output["text/html"])
    )


def test_what_metakernel_left_is_offered_and_stays_as_it_is(tmp_path: Path) -> None:
    left = tmp_path / "maze.xml"
    left.write_text('<xml><block type="text"/></xml>')
    before = left.stat()

    shown = show("Python -w maze", CONNECTION)["text/html"]

    assert 'data-jigsaw-offer="&lt;xml&gt;' in shown
    assert left.stat().st_mtime_ns == before.st_mtime_ns
    assert [path.name for path in tmp_path.iterdir()] == ["maze.xml"]


def test_no_file_but_a_plain_one_of_that_name_is_offered(tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    (tmp_path / "secret.xml").write_text("<xml/>")
    (inner / "link.xml").symlink_to(tmp_path / "secret.xml")
    (inner / "large.xml").write_text("<xml>" + " " * leftover_xml.MAX_BYTES)
    (inner / "notes.xml").write_text("my notes")
    (inner / "bytes.xml").write_bytes(b"<xml>\xff\xfe")
    (inner / "folder.xml").mkdir()
    os.mkfifo(inner / "pipe.xml")

    for name in ("../secret", "link", "large", "notes", "bytes", "folder", "pipe", "none", "a\0b"):
        assert leftover_xml.left_xml(name, inner) is None, name


def test_a_kernel_that_loads_the_magic_does_not_load_the_service() -> None:
    loaded = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys, jigsaw_service, jigsaw_service.notebook.ipython, jigsaw_magic\n"
            "print(*sorted({'sqlalchemy', 'jupyterhub', 'uvloop', 'aiohttp', 'alembic', "
            "'pydantic'} & set(sys.modules)))",
        ],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )

    assert loaded.stdout.strip() == ""
