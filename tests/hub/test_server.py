"""Starting and stopping the caller's own server, with visible progress."""

import json
from pathlib import Path
from urllib.parse import urljoin

from .conftest import ROOT, Demo, running, start_server, until
from .people import NAVIGATE, Person

DEMO_CONFIG = ROOT / "deploy/demo/jupyterhub_config.py"


def test_a_stopped_server_is_started_with_progress_and_stopped_again(hub: Demo) -> None:
    carol = Person(hub.url, "carol").sign_in()
    assert carol.call("GET", "api/server").json() == {"state": "stopped", "progress": 0}

    started = carol.call("POST", "api/server")
    stream = carol.call("GET", "api/server/progress")

    assert started.status_code == 202
    assert started.json()["state"] == "starting"
    assert stream.headers["Content-Type"] == "text/event-stream"
    assert stream.headers["X-Accel-Buffering"] == "no"
    events = [json.loads(line[6:]) for line in stream.text.splitlines() if line.startswith("data:")]
    assert events[-1]["ready"] is True
    assert events[-1]["progress"] == 100
    assert carol.call("GET", "api/server").json() == {"state": "ready", "progress": 100}
    assert carol.call("POST", "api/server").status_code == 200

    carol.call("DELETE", "api/server")

    until(lambda: carol.call("GET", "api/server").json()["state"] == "stopped")


def test_progress_of_a_server_that_nobody_started_says_so_at_once(bob: Person) -> None:
    stream = bob.call("GET", "api/server/progress")

    assert json.loads(stream.text.removeprefix("data: "))["failed"] is True


def test_a_named_server_that_cannot_be_is_refused(bob: Person) -> None:
    answer = bob.call("GET", "api/server?server=a/b")

    assert answer.status_code == 400


def test_a_hub_that_asks_for_options_gets_the_person_on_its_own_page(tmp_path: Path) -> None:
    config = tmp_path / "config.py"
    form = "c.Spawner.options_form = '<input name=memory>'"
    site = f"""site.replace("register(c,", "{form}\\nregister(c,")"""
    demo_config = DEMO_CONFIG.read_text().replace("write_text(site)", f"write_text({site})")
    config.write_text(demo_config.replace("__file__", repr(str(DEMO_CONFIG))))
    with running(Demo(tmp_path, {"JIGSAW_DEMO_CONFIG": str(config)})) as demo:
        alice = Person(demo.url, "alice").sign_in()

        refused = alice.call("POST", "api/server")

        assert refused.status_code == 409
        assert refused.json()["type"].endswith("/problems/spawn-options")
        page = alice.http.get(urljoin(demo.url, refused.json()["url"]), headers=NAVIGATE)
        assert 'name="memory"' in page.text or "name=memory" in page.text


def test_starting_twice_is_starting_once(hub: Demo) -> None:
    teacher = Person(hub.url, "teacher").sign_in()

    start_server(teacher)

    assert teacher.call("POST", "api/server").json() == {"state": "ready", "progress": 100}
