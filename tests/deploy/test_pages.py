"""Deployment docs: `docs/` say what the tested files say, and the commands work."""

import json
import os
import re
import shlex
import subprocess
import sysconfig
import venv
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from traitlets.config import Config

from .fronts import ROOT

BLOCK = re.compile(r"^```(\w+) ?(\S*)\n(.*?)^```$", re.M | re.S)
RESULTS = {
    "calysto_scheme": ("(+ 1 2)", "3"),
    "calysto_prolog": ("parent(ann, bob).\nparent(ann, X)?", "bob"),
}


def blocks(page: str, language: str | None = None) -> list[tuple[str, str]]:
    """The fenced blocks of a page: the file that each is said to be from, and its text."""
    text = (ROOT / "docs" / page).read_text()
    found = [match.groups() for match in BLOCK.finditer(text)]
    return [(file, block) for kind, file, block in found if language in (None, kind)]


@pytest.mark.parametrize(("file", "block"), [one for one in blocks("deployment.md") if one[0]])
def test_every_block_of_the_page_stands_in_the_file_that_is_tested(file: str, block: str) -> None:
    whole = (ROOT / file).read_text()
    lines = [line.strip() for line in whole.splitlines()]
    wanted = [line.strip() for line in block.splitlines()]

    assert wanted
    assert any(lines[at : at + len(wanted)] == wanted for at in range(len(lines)))


def test_every_header_that_the_proxies_set_is_told_on_the_page() -> None:
    page = (ROOT / "docs/deployment.md").read_text()
    for kind in "nginx", "apache":
        text = dedent((ROOT / f"deploy/{kind}/jupyterhub.conf").read_text())
        told = set(re.findall(r"^ *(proxy_set_header \S+|RequestHeader \w+ \S+)", text, re.M))
        assert told and all(directive in page for directive in told)


class Opt:
    """A folder instead of `/opt`, with environments that have what ours has."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in "jupyter", "prolog":
            venv.create(folder / name, symlinks=True)
            site = Path(sysconfig.get_path("purelib", vars={"base": str(folder / name)}))
            (site / "ours.pth").write_text(sysconfig.get_path("purelib"))
            for command, module in {
                "jupyter": "jupyter_core.command",
                "jupyter-kernelspec": "jupyter_client.kernelspecapp",
            }.items():
                program = folder / name / "bin" / command
                run = "main" if command == "jupyter" else "KernelSpecApp.launch_instance"
                program.write_text(
                    f"#!{folder}/{name}/bin/python\nimport {module}\n{module}.{run}()\n"
                )
                program.chmod(0o755)

    def run(self, command: str, **environment: str) -> str:
        home = self.folder / "home"
        done = subprocess.run(
            shlex.split(self.place(command)),
            env={"PATH": "/usr/bin:/bin", "HOME": str(home), **environment},
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def place(self, text: str) -> str:
        return text.replace("/opt/", f"{self.folder}/")


@pytest.fixture(scope="module")
def opt(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opt]:
    opt = Opt(tmp_path_factory.mktemp("opt"))
    for _, block in blocks("kernels.md", "sh"):
        for command in block.splitlines():
            opt.run(command)
    yield opt


def test_everybodys_server_lists_what_the_commands_install(opt: Opt) -> None:
    listed = opt.run("/opt/jupyter/bin/jupyter kernelspec list --json")

    specs = json.loads(listed)["kernelspecs"]
    assert set(RESULTS) <= set(specs)
    for name in RESULTS:
        # Not in the home of the user who ran the commands.
        assert specs[name]["resource_dir"].startswith(f"{opt.folder}/jupyter/share/jupyter/kernels")
    # Found by whichever environment the server is of.
    assert specs["calysto_scheme"]["spec"]["argv"][0] == "python3"
    # The last of the commands that install it: from an environment of its own.
    program = specs["calysto_prolog"]["spec"]["argv"][0]
    assert program == f"{opt.folder}/prolog/bin/python" and os.access(program, os.X_OK)


def test_the_setting_shows_a_folder_that_the_admin_names(opt: Opt) -> None:
    c = Config()
    (setting,) = (block for _, block in blocks("kernels.md", "python"))
    exec(opt.place(setting), {"c": c})

    listed = opt.run("/opt/jupyter/bin/jupyter kernelspec list --json", **c.Spawner.environment)

    found = json.loads(listed)["kernelspecs"]["calysto_scheme"]["resource_dir"]
    assert found == f"{opt.folder}/kernels/share/jupyter/kernels/calysto_scheme"


@pytest.mark.parametrize("name", RESULTS)
async def test_what_is_listed_starts_and_answers(opt: Opt, name: str) -> None:
    specs = KernelSpecManager(kernel_dirs=[f"{opt.folder}/jupyter/share/jupyter/kernels"])
    manager = AsyncKernelManager(kernel_name=name, kernel_spec_manager=specs)
    await manager.start_kernel()
    client = manager.client()
    client.start_channels()
    await client.wait_for_ready(timeout=60)
    code, expected = RESULTS[name]
    said: list[str] = []

    def hear(message: dict) -> None:  # type: ignore[type-arg]
        said.append(json.dumps(message["content"]))

    await client.execute_interactive(code, timeout=60, output_hook=hear)

    client.stop_channels()
    await manager.shutdown_kernel(now=True)
    assert expected in " ".join(said)
