"""Fixtures of these tests: a certificate, a browser, and Hubs, each started once."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.async_api import async_playwright

from .clinic import Clinic
from .fronts import Certificate
from .hubs import Hub, running_hub

# Those that browsers visit.
HUBS: dict[str, dict[str, Any]] = {
    "at-jupyter": {"base": "/jupyter/"},
    "at-the-root": {"base": "/"},
    "with-domains": {"base": "/jupyter/", "people_have_domains": True},
}
# As Hubs before version 5 are, which have no such setting.
_ALL = HUBS | {"without-public-url": {"base": "/jupyter/", "knows_public_url": False}}
HubOf = Callable[[str], Hub]


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return Certificate.make(tmp_path_factory.mktemp("certificate"))


@pytest.fixture(scope="session")
def hub_of(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HubOf]:
    """One of the Hubs, started when it is first asked for."""
    with ExitStack() as stack:
        running: dict[str, Hub] = {}

        def find(name: str) -> Hub:
            if name not in running:
                folder = tmp_path_factory.mktemp(name)
                running[name] = stack.enter_context(running_hub(folder, **_ALL[name]))
            return running[name]

        yield find


@pytest.fixture(scope="session")
async def playwright() -> AsyncIterator[Any]:
    async with async_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def clinic(hub_of: HubOf, certificate: Certificate, tmp_path_factory: Any) -> Clinic:
    return Clinic(hub_of("at-jupyter"), certificate, tmp_path_factory.mktemp("fronts"))
