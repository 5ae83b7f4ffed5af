"""The demo's kernels: seen by everybody, and really running."""

from collections.abc import Callable

import pytest

from .conftest import start_server
from .kernel_client import KernelClient
from .people import Person


@pytest.mark.parametrize(
    ("kernel", "code", "expected"),
    [("python3", "1 + 2", "3"), ("calysto_scheme", "(+ 1 2)", "3")],
)
async def test_each_kernel_of_the_demo_starts_and_answers(
    alice_with_server: Person, kernel: str, code: str, expected: str
) -> None:
    specs = alice_with_server.call("GET", "api/jupyter/api/kernelspecs").json()["kernelspecs"]
    assert kernel in specs
    kernels = "api/jupyter/api/kernels"
    started = alice_with_server.call("POST", kernels, json={"name": kernel}).json()

    async with KernelClient(alice_with_server, started["id"]) as client:
        messages = await client.execute(code)

    alice_with_server.call("DELETE", f"{kernels}/{started['id']}")
    (result,) = [m for m in messages if m["msg_type"] == "execute_result"]
    assert result["content"]["data"]["text/plain"] == expected


def test_everybody_sees_the_same_kernels(
    alice_with_server: Person, person: Callable[[str], Person]
) -> None:
    teacher = person("teacher")
    start_server(teacher)
    listed = [
        set(one.call("GET", "api/jupyter/api/kernelspecs").json()["kernelspecs"])
        for one in (alice_with_server, teacher)
    ]

    assert listed[0] == listed[1] >= {"python3", "calysto_scheme", "calysto_prolog"}
