"""Running code from a workspace for scripts and `curl`, on the caller's own kernel."""

import json

import pytest

from .people import Person


@pytest.fixture(scope="module")
def workspace_id(alice_with_server: Person) -> str:
    made = alice_with_server.call(
        "POST", "api/workspaces", json={"name": "Scripted", "language": "python"}
    )
    return str(made.json()["id"])


def test_messages_come_line_by_line_and_the_reply_comes_last(
    alice_with_server: Person, workspace_id: str
) -> None:
    answer = alice_with_server.call(
        "POST", f"api/workspaces/{workspace_id}/execute", json={"code": "print('hi')\n1/0"}
    )

    messages = [json.loads(line) for line in answer.text.splitlines()]
    assert messages[-1]["msg_type"] == "execute_reply"
    assert messages[-1]["content"]["ename"] == "ZeroDivisionError"
    assert "hi\n" in [message["content"].get("text") for message in messages]


def test_one_document_holds_all_outputs_in_notebook_form(
    alice_with_server: Person, workspace_id: str
) -> None:
    answer = alice_with_server.call(
        "POST",
        f"api/workspaces/{workspace_id}/execute",
        json={"code": "for n in range(3): print(n)\n6 * 7"},
        headers={"Accept": "application/json"},
    )

    stream, result = answer.json()["outputs"]
    assert answer.json()["status"] == "ok"
    assert stream == {"output_type": "stream", "name": "stdout", "text": "0\n1\n2\n"}
    assert result["data"] == {"text/plain": "42"}


def test_variables_live_on_from_run_to_run(alice_with_server: Person, workspace_id: str) -> None:
    run = f"api/workspaces/{workspace_id}/execute"
    alice_with_server.call("POST", run, json={"code": "kept = 5"})

    answer = alice_with_server.call(
        "POST", run, json={"code": "kept + 1"}, headers={"Accept": "application/json"}
    )

    assert answer.json()["outputs"][0]["data"]["text/plain"] == "6"


def test_input_is_refused_by_the_kernel(alice_with_server: Person, workspace_id: str) -> None:
    answer = alice_with_server.call(
        "POST",
        f"api/workspaces/{workspace_id}/execute",
        json={"code": "input('name?')"},
        headers={"Accept": "application/json"},
    )

    assert answer.json()["outputs"][0]["ename"] == "StdinNotImplementedError"


def test_a_kernel_of_somebody_else_is_no_kernel(bob: Person, workspace_id: str) -> None:
    answer = bob.call("POST", f"api/workspaces/{workspace_id}/execute", json={"code": "1"})

    assert answer.status_code == 404


def test_a_server_that_does_not_run_is_told_as_such(bob: Person) -> None:
    mine = bob.call("POST", "api/workspaces", json={"name": "Idle", "language": "python"}).json()

    answer = bob.call("POST", f"api/workspaces/{mine['id']}/execute", json={"code": "1"})

    assert answer.status_code == 503
    assert answer.json()["type"].endswith("/problems/server-stopped")
