"""A service that dies under the Hub is there again before the Hub has seen it."""

import os
import signal

import httpx

from .conftest import Demo, until
from .processes import processes_in, service_of


def test_a_crash_is_mended_before_the_hub_looks_and_nobody_is_turned_away(hub: Demo) -> None:
    before, killed = hub.log(), service_of(hub.folder)
    os.kill(killed, signal.SIGKILL)
    until(lambda: killed not in processes_in(hub.folder))

    answer = httpx.get(f"{hub.url}health", timeout=60)

    assert answer.status_code == 200
    assert service_of(hub.folder) != killed
    said = hub.log().removeprefix(before)
    assert "Started again: the service died of signal 9" in said
    # What the Hub says once it has noticed.
    assert "Service jigsaw exited" not in said
