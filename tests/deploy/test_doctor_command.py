"""`jigsaw-service doctor`, as an admin runs it beside the service of a real Hub."""

import asyncio
import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from .clinic import Clinic, frozen
from .fronts import NAME, ROOT, Front


@dataclass(frozen=True)
class Done:
    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


async def doctor(folder: Path, front: Front | None, *arguments: str) -> Done:
    """The command, in that folder, where the public name is at that front."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    if front:
        environment["SSL_CERT_FILE"] = str(front.certificate.certificate)
        arguments = ("--connect-to", f"127.0.0.1:{front.tls}", *arguments)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "jigsaw_service", "doctor"),
        *arguments,
        cwd=folder,
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await asyncio.wait_for(process.communicate(), 60)
    assert b"Traceback" not in err, err.decode()
    return Done(process.returncode or 0, out.decode(), err.decode())


@pytest.fixture
def beside(clinic: Clinic) -> Path:
    """The service's folder."""
    return clinic.hub.folder / "service"


async def test_a_healthy_set_up_ends_with_nothing_found(clinic: Clinic, beside: Path) -> None:
    with clinic.front("nginx") as front:
        done = await doctor(beside, front)

    assert (done.status, done.err) == (0, ""), done
    assert done.out.startswith(f"Looked at https://{NAME}/jupyter/ and http://127.0.0.1:")
    assert done.out.endswith("\nNothing found.\n")


async def test_findings_are_told_with_the_lines_that_mend_them(
    clinic: Clinic, beside: Path
) -> None:
    with clinic.front("nginx", faults={"proxy_buffering off;": ""}) as front:
        done = await doctor(beside, front)

    assert done.status == 1, done
    assert "\n1. events-held-back\n" in done.out and done.out.endswith("\n1 finding.\n")
    assert "\n   In nginx:\n       proxy_buffering off;\n" in done.out


async def test_the_same_as_json(clinic: Clinic, beside: Path) -> None:
    with clinic.front("apache", faults={"ProxyPreserveHost On": ""}) as front:
        done = await doctor(beside, front, "--json", "--url", f"https://{NAME}/jupyter")

    (finding,) = done.json["findings"]
    assert done.status == 1 and finding["name"] == "host-lost"
    assert {"place": "Apache", "line": "ProxyPreserveHost On"} in finding["mend"]
    assert done.json["looked_at"][0] == f"https://{NAME}/jupyter/"


async def test_it_ends_in_time_whoever_is_silent(clinic: Clinic, beside: Path) -> None:
    with clinic.front("nginx") as front, frozen(clinic.hub):
        done = await doctor(beside, front, "--json", "--time-out", "8")

    assert done.status == 1
    assert "no-answer" in {finding["name"] for finding in done.json["findings"]}


async def test_elsewhere_it_says_where_to_run_it(clinic: Clinic, tmp_path: Path) -> None:
    with clinic.front("nginx") as front:
        done = await doctor(tmp_path, front, "--json", "--url", f"https://{NAME}/jupyter/")

    assert "probes-refused" in {finding["name"] for finding in done.json["findings"]}
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("url", ["", "hub", "https://[::", "https://hub:0/", "\x1b[2J"])
async def test_whatever_is_written_for_the_url_it_ends_with_findings(
    tmp_path: Path, url: str
) -> None:
    (tmp_path / "jigsaw_service_address").write_text(url)
    done = await doctor(tmp_path, None, "--url", url, "--time-out", "2")

    assert done.status == 1 and "\n1. " in done.out and "\x1b" not in done.out


@pytest.mark.parametrize(
    "arguments",
    [["--connect-to", "here"], ["--time-out", "soon"], ["--time-out", "0"], ["now"]],
    ids=str,
)
async def test_what_is_unclear_is_said_in_one_sentence(
    tmp_path: Path, arguments: list[str]
) -> None:
    done = await doctor(tmp_path, None, *arguments)

    assert done.status == 2 and done.out == "" and len(done.err.splitlines()) == 1, done
