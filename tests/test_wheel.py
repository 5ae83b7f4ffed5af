"""The wheel holds all that an installed service needs, and nothing of the editor's sources."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

UPGRADE = """
import asyncio, sys
from jigsaw_service.storage.database import Database
from jigsaw_service.storage.schema import migrations_path

async def main():
    database = Database(f"sqlite+aiosqlite:///{sys.argv[1]}")
    await database.open()
    await database.migrate()
    await database.close()
    print(migrations_path())

asyncio.run(main())
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    uv = Path(sys.executable).with_name("uv")
    subprocess.run([uv, "build", "--quiet", "--wheel", "--out-dir", folder, ROOT], check=True)
    return zipfile.ZipFile(next(folder.glob("*.whl")))


def test_it_holds_the_built_editor_the_templates_and_the_migrations(
    wheel: zipfile.ZipFile,
) -> None:
    names = set(wheel.namelist())

    assert {
        "jigsaw_service/static/manifest.json",
        "jigsaw_service/static/writeCode.js",
        "jigsaw_service/templates/page.html",
        "jigsaw_service/notebook/frame.js",
        "jigsaw_magic.py",
        "jigsaw_service/migrations/env.py",
        "jigsaw_service/migrations/script.py.mako",
    } <= names
    assert any(name.startswith("jigsaw_service/migrations/versions/0001") for name in names)
    assert any(name.startswith("jigsaw_service/static/assets/main-") for name in names)
    assert not [name for name in names if name.startswith("jigsaw_service/editor/")]


def test_it_upgrades_a_database_by_itself_from_anywhere(
    wheel: zipfile.ZipFile, tmp_path: Path
) -> None:
    wheel.extractall(tmp_path / "installed")

    upgraded = subprocess.run(
        [sys.executable, "-c", UPGRADE, tmp_path / "jigsaw.sqlite"],
        cwd="/",
        env=os.environ | {"PYTHONPATH": str(tmp_path / "installed")},
        capture_output=True,
        text=True,
        check=True,
    )

    assert upgraded.stdout.strip().startswith(str(tmp_path / "installed"))


def test_a_kernel_of_metakernel_takes_the_magic_in_the_place_of_its_own(
    wheel: zipfile.ZipFile, tmp_path: Path
) -> None:
    wheel.extractall(tmp_path / "installed")
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
