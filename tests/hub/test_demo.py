"""`make demo`: one command, one line to open, and nothing left behind."""

import signal
import socket
from pathlib import Path

import pytest

from .conftest import Demo, running, start_server, until
from .people import Person
from .processes import processes_in


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_cleanly_and_leaves_no_process_behind(tmp_path: Path, how: signal.Signals) -> None:
    with running(Demo(tmp_path)) as demo:
        start_server(Person(demo.url, "alice").sign_in())
        assert processes_in(tmp_path)

        assert demo.stop(how) == 0

    until(lambda: not processes_in(tmp_path), 10)


def test_a_taken_port_is_said_and_another_one_used(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        demo = Demo(tmp_path)
        demo.start(port)
        try:
            assert f"Port {port} is taken" in demo.said[0]
            assert f":{port}/" not in demo.url
        finally:
            demo.stop()


def test_it_says_who_may_sign_in_and_that_it_is_a_demo(hub: Demo) -> None:
    said = "".join(hub.said)

    assert "This is a demo" in said
    for name in ("teacher", "alice", "bob", "carol", "jigsaw"):
        assert name in said
    assert hub.url.startswith("http://127.0.0.1:")
    assert hub.url.endswith("/jupyter/services/jigsaw/")
