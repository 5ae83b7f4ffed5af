"""A real JupyterHub with proxy, single-user servers and kernels: the demo itself."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from .people import Person

ROOT = Path(__file__).parents[2]
START_SECONDS = 120


class Demo:
    """`make demo`, running: its URL, its folder and its process."""

    def __init__(
        self,
        folder: Path,
        environment: dict[str, str] | None = None,
        python: str = sys.executable,
    ) -> None:
        self.folder = folder
        self.environment = environment or {}
        self.python = python

    def launch(self, port: int = 0) -> None:
        """Start it without waiting for it."""
        self.process = subprocess.Popen(
            [self.python, ROOT / "deploy/demo/demo.py", str(port)],
            env=os.environ | {"JIGSAW_DEMO_DIR": str(self.folder)} | self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def start(self, port: int = 0) -> "Demo":
        """Start it and wait until it says its URL."""
        self.launch(port)
        self.said: list[str] = []
        assert self.process.stdout
        for line in self.process.stdout:
            self.said.append(line)
            if line.startswith("URL: "):
                self.url = line.removeprefix("URL: ").strip()
                return self
        raise AssertionError("The demo did not start:\n" + "".join(self.said))

    def stop(self, how: signal.Signals = signal.SIGINT) -> int:
        """Stop as Ctrl+C does; returns the exit status."""
        self.process.send_signal(how)
        return self.process.wait(60)

    def log(self) -> str:
        return (self.folder / "jupyterhub.log").read_text()


@contextmanager
def running(demo: Demo) -> Iterator[Demo]:
    """`demo` started, and stopped whatever happens."""
    try:
        yield demo.start()
    finally:
        if demo.process.poll() is None:
            demo.stop()


@pytest.fixture(scope="session")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """One Hub for the whole run; tests that break or restart it make their own."""
    with running(Demo(tmp_path_factory.mktemp("demo"))) as demo:
        yield demo


@pytest.fixture(scope="session")
def person(hub: Demo) -> Callable[[str], Person]:
    """Somebody signed in, once a run."""
    known: dict[str, Person] = {}

    def signed_in(name: str) -> Person:
        if name not in known:
            known[name] = Person(hub.url, name).sign_in()
        return known[name]

    return signed_in


@pytest.fixture(scope="session")
def alice(person: Callable[[str], Person]) -> Person:
    return person("alice")


@pytest.fixture(scope="session")
def bob(person: Callable[[str], Person]) -> Person:
    return person("bob")


@pytest.fixture(scope="session")
def alice_with_server(alice: Person) -> Person:
    """Alice, whose own server runs."""
    start_server(alice)
    return alice


def start_server(someone: Person) -> None:
    """Start somebody's server through the service and wait until it is ready."""
    someone.call("POST", "api/server").raise_for_status()
    someone.call("GET", "api/server/progress").raise_for_status()
    until(lambda: someone.call("GET", "api/server").json()["state"] == "ready")


def answers(url: str) -> bool:
    """True if `url` answers 200."""
    try:
        return httpx.get(url).status_code == 200
    except httpx.TransportError:
        return False


def until(condition: Callable[[], object], seconds: float = 60) -> None:
    """Wait for a condition, not for a time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come true"
        time.sleep(0.1)
