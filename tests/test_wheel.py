"""The wheel holds all that an installed service needs, and nothing of the editor's sources."""

import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from .hub.conftest import Demo, running
from .hub.people import Person

ROOT = Path(__file__).parents[1]
UV = Path(sys.executable).with_name("uv")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built as for a release: from the archive of sources, which is built first."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--installer", "uv", "--outdir", folder, ROOT]
    # Built with uv, which is beside Python.
    path = f"{UV.parent}:{os.environ['PATH']}"
    subprocess.run(build, check=True, capture_output=True, env=os.environ | {"PATH": path})
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def names(wheel: Path) -> set[str]:
    return set(zipfile.ZipFile(wheel).namelist())


@pytest.fixture(scope="module", params=["4.1.6", "5.5.4", "6.1.1"])
def installed(
    request: pytest.FixtureRequest, wheel: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """The Python of an empty environment with the wheel and that JupyterHub."""
    folder = tmp_path_factory.mktemp(f"hub-{request.param}")
    subprocess.run([UV, "venv", "--quiet", "--python", sys.executable, folder], check=True)
    python = folder / "bin/python"
    install = [UV, "pip", "install", "--quiet", "--python", python]
    subprocess.run([*install, f"jupyterhub=={request.param}", wheel], check=True)
    yield python


def test_it_holds_the_built_editor_the_templates_and_the_migrations(names: set[str]) -> None:
    assert {
        "jigsaw_service/static/manifest.json",
        "jigsaw_service/static/writeCode.js",
        "jigsaw_service/templates/page.html",
        "jigsaw_service/notebook/frame.js",
        "jigsaw_magic.py",
        "jigsaw_service/migrations/env.py",
        "jigsaw_service/migrations/script.py.mako",
    } <= names
    versions = {path.name for path in (ROOT / "migrations/versions").glob("*.py")}
    assert {f"jigsaw_service/migrations/versions/{name}" for name in versions} <= names
    assert any(name.startswith("jigsaw_service/static/assets/main-") for name in names)


def test_it_holds_no_typescript_and_nothing_for_node(names: set[str]) -> None:
    assert not [name for name in names if name.startswith("jigsaw_service/editor/")]
    assert not [name for name in names if name.endswith((".ts", ".tsx", "package.json"))]
    assert not [name for name in names if "node_modules" in name]


def test_installed_it_upgrades_a_database_from_any_folder(installed: Path, tmp_path: Path) -> None:
    database = tmp_path / "jigsaw.sqlite"
    without_ours = {name: os.environ[name] for name in ("HOME", "LANG") if name in os.environ}
    without_ours |= {"PATH": "/usr/bin:/bin", "JIGSAW_DB_URL": f"sqlite+aiosqlite:///{database}"}

    upgraded = subprocess.run(
        [installed.with_name("jigsaw-service"), "migrate"],
        cwd="/",
        env=without_ours,
        capture_output=True,
        text=True,
    )

    assert upgraded.returncode == 0, upgraded.stderr
    assert database.exists()


def test_installed_it_serves_on_its_hub(installed: Path, tmp_path: Path) -> None:
    with running(Demo(tmp_path, {"PYTHONPATH": ""}, python=str(installed))) as demo:
        alice = Person(demo.url, "alice").sign_in()
        made = alice.call("POST", "api/workspaces", json={"name": "Maze", "language": "python"})

        page = alice.http.get(f"{demo.url}w/{made.json()['id']}")

        assert made.status_code == 201 and page.status_code == 200
        assert alice.http.get(f"{demo.url}static/manifest.json").status_code == 200
        ready = alice.http.get(f"{demo.url}ready").json()
        assert ready == {"ready": True, "missing": [], "hub": True}
    # And all of that from the wheel.
    where = [installed, "-c", "import jigsaw_service; print(jigsaw_service.__file__)"]
    said = subprocess.run(where, cwd="/", capture_output=True, text=True, check=True).stdout
    assert said.startswith(str(installed.parents[1]))


def test_a_kernel_of_metakernel_takes_the_magic_in_the_place_of_its_own(
    wheel: Path, tmp_path: Path
) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path / "installed")
    look = (
        "from calysto_scheme.kernel import CalystoScheme as Kernel\n"
        "print(type(Kernel().line_magics['jigsaw']).__module__)"
    )

    found = subprocess.run(
        [sys.executable, "-c", look],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path / "installed"), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert found.stdout.split()[-1] == "jigsaw_service.notebook.metakernel"
