"""Kernels that do not start, are old, or are seen by one person: found, and told in the picker."""

import asyncio
import sys
from typing import Any

import pytest
from aiohttp import WSMsgType

from jigsaw_service.doctor.internal_checks import INSIDE
from jigsaw_service.doctor.runner import examine
from jigsaw_service.jupyter.messages import V1

from ..conftest import ROOT, start_server, until
from ..doctor_hub import DoctorHub
from ..kernel_client import KernelClient
from ..people import Person

LAUNCHER = ["-m", "ipykernel_launcher", "-f", "{connection_file}"]
SCHEME = ["-m", "calysto_scheme", "-f", "{connection_file}"]
OLD_METAKERNEL = {"PYTHONPATH": str(ROOT / ".venvs/metakernel-0.32.0")}


@pytest.fixture(scope="module")
def bob(sick: DoctorHub) -> Person:
    """His server lists kernels that nobody else has, and that don't start, or are old."""
    sick.add_kernel("bob", "gone", ["/gone/python", *LAUNCHER])
    sick.add_kernel("bob", "brief", ["sh", "-c", "exit 1"])
    sick.add_kernel("bob", "mute", ["sleep", "1000"])
    sick.add_kernel("bob", "aged", [sys.executable, *SCHEME], OLD_METAKERNEL)
    bob = Person(sick.demo.url, "bob").sign_in()
    start_server(bob)
    return bob


async def test_kernels_that_do_not_start_or_are_old_are_found(sick: DoctorHub, bob: Person) -> None:
    async with sick.visit(bob) as visit:
        findings = await examine(visit, INSIDE)

    told = {(finding.name, finding.says.split()[2]): finding for finding in findings}
    assert set(told) == {
        ("kernel-does-not-start", "gone"),
        ("kernel-does-not-start", "brief"),
        ("kernel-silent", "mute"),
        ("metakernel-too-old", "aged"),
    }
    assert "/gone/python" in told["kernel-does-not-start", "gone"].where
    assert "program ended" in told["kernel-does-not-start", "brief"].where
    assert "MetaKernel 0.32.0" in told["metakernel-too-old", "aged"].says
    until(lambda: bob.call("GET", "api/jupyter/api/kernels").json() == [])


async def test_a_kernel_of_one_person_is_found(
    sick: DoctorHub, bob: Person, teacher: Person
) -> None:
    for one in bob, teacher:
        one.call("GET", "api/kernelspecs").raise_for_status()

    told = teacher.call("GET", "api/doctor").json()["findings"]

    alone = [finding for finding in told if finding["name"] == "kernel-of-one-person"]
    assert {finding["says"].split()[2] for finding in alone} == {"gone", "brief", "mute", "aged"}
    assert all("bob" in finding["says"] for finding in alone)


def picker(someone: Person) -> dict[str, Any]:
    return {one["name"]: one for one in someone.call("GET", "api/kernelspecs").json()["items"]}


def started(someone: Person, kernel: str) -> Any:
    session = {"path": kernel, "name": "n", "type": "console", "kernel": {"name": kernel}}
    return someone.call("POST", "api/jupyter/api/sessions", json=session)


def test_the_picker_is_told_why_a_kernel_does_not_start_and_who_has_it(
    bob: Person, teacher: Person
) -> None:
    teacher.call("GET", "api/kernelspecs").raise_for_status()

    assert started(bob, "gone").status_code == 500

    gone = picker(bob)["gone"]
    assert "/gone/python" in gone["why_not"]
    assert gone["fault"] == "refused"
    assert gone["only_yours"]
    assert picker(bob)["python3"] == {
        "name": "python3",
        "title": "Python 3 (ipykernel)",
        "language": "python",
        "why_not": None,
        "fault": None,
        "only_yours": False,
    }


async def test_a_kernel_whose_program_ends_at_once_is_said_to_until_it_starts(
    sick: DoctorHub, bob: Person
) -> None:
    answer = await asyncio.to_thread(started, bob, "brief")
    assert answer.status_code == 201, "To the server, it runs"

    async def ending(protocol: str) -> Any:
        async with KernelClient(bob, answer.json()["kernel"]["id"], protocol=protocol) as kernel:
            return await kernel.socket.receive(timeout=40)

    for closed in await asyncio.gather(ending(V1), ending("")):
        assert (closed.type, closed.data, closed.extra) == (WSMsgType.CLOSE, 4409, "ended")
    told = await asyncio.to_thread(picker, bob)
    assert (told["brief"]["fault"], told["python3"]["fault"]) == ("ended", None)

    sick.add_kernel("bob", "brief", [sys.executable, *LAUNCHER])
    answer = await asyncio.to_thread(started, bob, "brief")
    async with KernelClient(bob, answer.json()["kernel"]["id"]) as kernel:
        await kernel.execute("1")

    assert picker(bob)["brief"]["fault"] is None


def test_a_script_is_told_that_the_kernel_does_not_start(sick: DoctorHub, bob: Person) -> None:
    sick.add_kernel("bob", "hasty", ["sh", "-c", "exit 1"])
    new = {"name": "Scripted", "language": "python"}
    workspace = f"api/workspaces/{bob.call('POST', 'api/workspaces', json=new).json()['id']}"
    bob.call("PATCH", workspace, json={"kernel_name": "hasty"}).raise_for_status()

    answer = bob.call("POST", f"{workspace}/execute", json={"code": "1"})

    assert answer.status_code == 409
    assert answer.json()["type"].endswith("/problems/kernel-failed")
    assert answer.json()["fault"] == "ended"
