"""Each fault that is seen from inside is made on a real Hub, and found by its name."""

import json
import os
import runpy
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from email.utils import formatdate
from pathlib import Path
from time import time
from typing import Any

import httpx
import pytest
from aiohttp import web

from jigsaw_service.doctor import address
from jigsaw_service.doctor.examination import examine
from jigsaw_service.doctor.heard import Heard
from jigsaw_service.doctor.inside import INSIDE
from jigsaw_service.doctor.proof import HEADER, Purpose, prove
from jigsaw_service.doctor.setting import Setting

from .conftest import ROOT, Demo, start_server, until
from .doctor_hub import ALLOWED, DEMO_CONFIG, TOKENS, DoctorHub, doctor_hub
from .people import Person

_ENCRYPTING = """
load_subconfig("{demo}")
c = get_config()
c.JupyterHub.internal_ssl = True
c.JupyterHub.internal_certs_location = "{at}/certificates"
c.ConfigurableHTTPProxy.api_url = c.ConfigurableHTTPProxy.api_url.replace("http:", "https:")
c.JupyterHub.hub_bind_url = c.JupyterHub.hub_bind_url.replace("http:", "https:")
"""
_free_port: Callable[[], int] = runpy.run_path(str(ROOT / "deploy/demo/demo.py"))["free_port"]


@pytest.fixture(scope="module")
def sick(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DoctorHub]:
    ports = [_free_port() for _ in ALLOWED]
    with doctor_hub(tmp_path_factory.mktemp("sick"), ports) as hub:
        yield hub


@pytest.fixture(scope="module")
def teacher(sick: DoctorHub) -> Person:
    """An admin."""
    return Person(sick.demo.url, "teacher").sign_in()


@pytest.fixture(scope="module")
def alice(sick: DoctorHub) -> Person:
    return Person(sick.demo.url, "alice").sign_in()


def setting(sick: DoctorHub, **changes: Any) -> Setting:
    folder = sick.demo.folder / "service"
    whole = Setting(
        service_url=sick.origin,
        service_name="jigsaw",
        db_url=f"sqlite+aiosqlite:///{folder}/jigsaw.sqlite",
        cookie_secret_file=str(folder / "jigsaw_cookie_secret"),
    )
    return replace(whole, **changes)


async def test_a_healthy_set_up_gives_no_finding(sick: DoctorHub, teacher: Person) -> None:
    start_server(teacher)

    assert await sick.found(teacher) == {}


@asynccontextmanager
async def server_that_says(answer: dict[str, Any], **headers: str) -> AsyncIterator[str]:
    """A Hub as there is none to install here: too old, or with another clock."""

    async def tell(_request: web.Request) -> web.Response:
        return web.json_response(answer, headers=headers)

    application = web.Application()
    application.router.add_get("/{path:.*}", tell)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", port := _free_port())
    await site.start()
    yield f"http://127.0.0.1:{port}"
    await runner.cleanup()


async def test_a_hub_that_is_not_there_is_found(sick: DoctorHub) -> None:
    found = await sick.found(api_url=f"http://127.0.0.1:{_free_port()}/hub/api")

    assert set(found) == {"hub-api-unreachable"}


async def test_an_address_without_the_base_url_is_found(sick: DoctorHub) -> None:
    found = await sick.found(api_url=f"{sick.origin}/hub/api")

    assert set(found) == {"hub-api-wrong"}


async def test_a_hub_that_is_too_old_is_found(sick: DoctorHub) -> None:
    async with server_that_says({"version": "4.0.2"}) as origin:
        found = await sick.found(api_url=f"{origin}/jupyter/hub/api")

    assert set(found) == {"hub-too-old"}


@pytest.mark.parametrize("skew", [-3600, 3600])
async def test_a_hub_with_another_clock_is_found(sick: DoctorHub, skew: int) -> None:
    date = formatdate(time() + skew, usegmt=True)
    async with server_that_says({"version": "6.1.0"}, Date=date) as origin:
        found = await sick.found(api_url=f"{origin}/jupyter/hub/api")

    assert set(found) == {"clock-skew"}


@pytest.mark.parametrize(
    ("token", "name"),
    [
        ("nobody's token", "service-token-unknown"),
        (TOKENS["entitled"], "service-has-rights"),
    ],
)
async def test_a_service_with_another_token_or_rights_is_found(
    sick: DoctorHub, token: str, name: str
) -> None:
    found = await sick.found(token=token, service_prefix="/jupyter/services/entitled/")

    assert set(found) - {"port-taken"} == {name}


async def test_a_service_with_the_token_of_a_person_is_found(
    sick: DoctorHub, alice: Person
) -> None:
    assert set(await sick.found(token=alice.token)) == {"service-token-of-person"}


async def test_a_service_at_another_address_than_it_thinks_is_found(sick: DoctorHub) -> None:
    found = await sick.found(token=TOKENS["beside"])

    assert set(found) == {"service-prefix"}
    assert "/jupyter/services/beside/" in found["service-prefix"].says


class Stranger:
    """Somebody with a token that the Hub doesn't know."""

    name, token = "alice", "nobody's token"


async def test_a_wrong_token_of_whoever_asks_is_found(sick: DoctorHub) -> None:
    assert set(await sick.found(Stranger())) == {"token-unknown"}  # type: ignore[arg-type]


async def test_whoever_may_not_use_the_service_is_found(sick: DoctorHub, alice: Person) -> None:
    found = await sick.found(alice, setting=setting(sick, service_name="closed"))

    assert "no-access" in found
    assert "access:services!service=closed" in str(found["no-access"].mend)


@pytest.mark.parametrize(
    ("service", "name"), [("narrow", "scopes-missing"), ("wide", "scopes-too-wide")]
)
def test_scopes_that_are_too_few_or_too_many_are_found(
    sick: DoctorHub, service: str, name: str
) -> None:
    admin = Person(sick.service(service), "teacher").sign_in()

    told = admin.call("GET", "api/doctor").json()["findings"]

    assert name in {finding["name"] for finding in told}


def test_a_scope_that_the_hub_does_not_know_is_found_once_somebody_tried(sick: DoctorHub) -> None:
    assert "scopes-unknown" in found_after_a_sign_in(sick, "unknown")


def found_after_a_sign_in(hub: DoctorHub, service: str) -> set[str]:
    """What that service finds by itself, once somebody tried in vain to sign in."""
    with pytest.raises((httpx.HTTPStatusError, AssertionError)):
        Person(hub.service(service), "alice").sign_in()
    secret = (hub.demo.folder / service / "jigsaw_cookie_secret").read_text()
    headers = {HEADER: prove(bytes.fromhex(secret), Purpose.INSIDE)}
    answer = httpx.get(hub.service(service) + "_doctor/inside", headers=headers, timeout=60)
    return {finding["name"] for finding in answer.json()["findings"]}


# the database


@pytest.fixture
def copy(sick: DoctorHub, tmp_path: Path) -> Path:
    """The service's database, to be spoilt."""
    file = tmp_path / "jigsaw.sqlite"
    with sqlite3.connect(sick.demo.folder / "service/jigsaw.sqlite") as source:
        source.backup(target := sqlite3.connect(file))
    target.close()
    return file


@pytest.mark.parametrize(
    ("revision", "name"), [("0001", "database-behind"), ("9999", "database-ahead")]
)
async def test_a_database_of_another_version_is_found(
    sick: DoctorHub, copy: Path, revision: str, name: str
) -> None:
    with sqlite3.connect(copy) as database:
        database.execute("UPDATE alembic_version SET version_num = ?", (revision,))
    database.close()

    found = await sick.found(setting=setting(sick, db_url=f"sqlite+aiosqlite:///{copy}"))

    assert set(found) == {name}


@pytest.mark.parametrize(
    "url",
    [
        "sqlite+aiosqlite:////nowhere/jigsaw.sqlite",
        "postgresql+asyncpg://jigsaw:secret@127.0.0.1:{port}/jigsaw",
    ],
)
async def test_a_database_that_is_not_there_is_found(sick: DoctorHub, url: str) -> None:
    url = url.format(port=_free_port())

    found = await sick.found(setting=setting(sick, db_url=url))

    assert set(found) == {"database-unreachable"}
    assert "secret" not in str(found)


# the cookie secret


@pytest.fixture
def secret(sick: DoctorHub, tmp_path: Path) -> Path:
    return Path(shutil.copy(sick.demo.folder / "service/jigsaw_cookie_secret", tmp_path))


async def test_a_cookie_secret_that_is_gone_is_found(sick: DoctorHub, tmp_path: Path) -> None:
    found = await sick.found(setting=setting(sick, cookie_secret_file=str(tmp_path / "gone")))

    assert set(found) == {"cookie-secret-missing"}


async def test_a_cookie_secret_that_others_can_read_is_found(sick: DoctorHub, secret: Path) -> None:
    secret.chmod(0o644)

    found = await sick.found(setting=setting(sick, cookie_secret_file=str(secret)))

    assert set(found) == {"cookie-secret-readable"}
    assert secret.read_text() not in str(found)


async def test_a_cookie_secret_that_is_not_the_one_in_use_is_found(
    sick: DoctorHub, secret: Path
) -> None:
    used = bytes.fromhex(secret.read_text())
    secret.write_text("00" * 32)

    changed = setting(sick, cookie_secret_file=str(secret), cookie_secret=used)
    found = await sick.found(setting=changed)

    assert set(found) == {"cookie-secret-not-kept"}


async def test_a_cookie_secret_in_memory_is_found(sick: DoctorHub, secret: Path) -> None:
    kept = Path(shutil.copy(secret, f"/dev/shm/jigsaw-{os.getpid()}"))
    try:
        found = await sick.found(setting=setting(sick, cookie_secret_file=str(kept)))
    finally:
        kept.unlink()

    assert set(found) == {"cookie-secret-not-kept"}


# the port


@pytest.mark.parametrize("program", ["http.server", "mute"])
async def test_another_process_on_the_port_is_found_by_its_name(
    sick: DoctorHub, program: str, tmp_path: Path
) -> None:
    port = _free_port()
    mute = f"import socket, time; s = socket.create_server(('127.0.0.1', {port})); time.sleep(99)"
    command = ["-c", mute] if program == "mute" else ["-m", program, "-b", "127.0.0.1", str(port)]
    with subprocess.Popen(
        [sys.executable, *command], cwd=tmp_path, stderr=subprocess.DEVNULL
    ) as it:
        until(lambda: listens(port))
        url = f"http://127.0.0.1:{port}"
        found = await sick.found(setting=setting(sick, service_url=url))
        it.kill()

    assert set(found) == {"port-taken"}
    assert f"process {it.pid}" in found["port-taken"].says


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


async def test_a_port_where_nobody_listens_is_not_taken(sick: DoctorHub) -> None:
    url = f"http://127.0.0.1:{_free_port()}"

    assert await sick.found(setting=setting(sick, service_url=url)) == {}


# settings


@pytest.mark.parametrize("origin", ["hub.example.com", "https://a.example/lab", "ftp://a", ""])
async def test_a_notebook_origin_that_is_none_is_found(sick: DoctorHub, origin: str) -> None:
    good = "https://lab.example.com"

    found = await sick.found(setting=setting(sick, notebook_origins=(good, origin)))

    assert set(found) == {"notebook-origin-malformed"}
    assert repr(origin) in found["notebook-origin-malformed"].says


async def test_an_origin_that_was_refused_a_frame_is_found(sick: DoctorHub) -> None:
    heard = Heard()
    heard.frame_refused("https://lab.example.com")

    assert set(await sick.found(heard=heard)) == {"notebook-origin-missing"}


async def test_tls_that_the_hub_was_not_told_of_is_found(sick: DoctorHub) -> None:
    url = "https://hub.example.com/jupyter/"

    assert set(await sick.found(public_url=url)) == {"public-url-missing"}
    told = setting(sick, told_public_url=f"{url}services/jigsaw/")
    assert await sick.found(public_url=url, setting=told) == {}


# kernels


@pytest.fixture(scope="module")
def bob(sick: DoctorHub) -> Person:
    """His server lists kernels that nobody else has, and that don't start, or are old."""
    old = (
        "import metakernel, calysto_scheme.__main__ as m; metakernel.__version__ = '0.30.2'; "
        "from calysto_scheme.kernel import CalystoScheme; CalystoScheme.run_as_main()"
    )
    sick.add_kernel(
        "bob", "gone", ["/gone/python", "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    )
    sick.add_kernel("bob", "brief", ["/bin/false", "{connection_file}"])
    sick.add_kernel("bob", "aged", [sys.executable, "-c", old, "-f", "{connection_file}"])
    bob = Person(sick.demo.url, "bob").sign_in()
    start_server(bob)
    return bob


async def test_kernels_that_do_not_start_or_are_old_are_found(sick: DoctorHub, bob: Person) -> None:
    async with sick.visit(bob) as visit:
        findings = await examine(visit, INSIDE)

    told = {(finding.name, finding.says.split()[2]): finding.where for finding in findings}
    assert set(told) == {
        ("kernel-does-not-start", "gone"),
        ("kernel-silent", "brief"),
        ("metakernel-too-old", "aged"),
    }
    assert "/gone/python" in told["kernel-does-not-start", "gone"]
    until(lambda: bob.call("GET", "api/jupyter/api/kernels").json() == [])


async def test_a_kernel_of_one_person_is_found(
    sick: DoctorHub, bob: Person, teacher: Person
) -> None:
    start_server(teacher)
    for one in bob, teacher:
        one.call("GET", "api/kernelspecs").raise_for_status()

    told = teacher.call("GET", "api/doctor").json()["findings"]

    alone = [finding for finding in told if finding["name"] == "kernel-of-one-person"]
    assert {finding["says"].split()[2] for finding in alone} == {"gone", "brief", "aged"}
    assert all("bob" in finding["says"] for finding in alone)


def test_the_picker_is_told_why_a_kernel_does_not_start_and_who_has_it(
    bob: Person, teacher: Person
) -> None:
    start_server(teacher)
    teacher.call("GET", "api/kernelspecs").raise_for_status()
    session = {"path": "p", "name": "n", "type": "console", "kernel": {"name": "gone"}}

    assert bob.call("POST", "api/jupyter/api/sessions", json=session).status_code == 500

    items = {one["name"]: one for one in bob.call("GET", "api/kernelspecs").json()["items"]}
    assert "/gone/python" in items["gone"]["why_not"]
    assert items["gone"]["only_yours"]
    assert items["python3"] == {
        "name": "python3",
        "title": "Python 3 (ipykernel)",
        "language": "python",
        "why_not": None,
        "only_yours": False,
    }


async def test_a_server_that_forbids_frames_is_found(sick: DoctorHub) -> None:
    carol = Person(sick.demo.url, "carol").sign_in()
    start_server(carol)

    found = await sick.found(carol)

    assert set(found) == {"notebooks-forbid-frames"}


@pytest.mark.parametrize("version", ["4.1.6", "5.5.4"])
async def test_an_older_hub_has_its_faults_found_and_no_others(
    tmp_path: Path, version: str
) -> None:
    python = ROOT / f".venvs/hub-{version}/bin/python"
    with doctor_hub(tmp_path, [_free_port() for _ in ALLOWED], str(python)) as hub:
        admin = Person(hub.demo.url, "teacher").sign_in()
        start_server(admin)
        named = {"narrow": "scopes-missing", "wide": "scopes-too-wide"}

        assert await hub.found(admin) == {}
        for service, name in named.items():
            there = Person(hub.service(service), "teacher").sign_in()
            told = there.call("GET", "api/doctor").json()["findings"]
            assert name in {finding["name"] for finding in told}, told
        assert "scopes-unknown" in found_after_a_sign_in(hub, "unknown")


def test_a_hub_that_encrypts_inside_and_so_never_starts_is_found(tmp_path: Path) -> None:
    (config := tmp_path / "config.py").write_text(_ENCRYPTING.format(demo=DEMO_CONFIG, at=tmp_path))
    demo = Demo(tmp_path, {"JIGSAW_DEMO_CONFIG": str(config)})
    secret = tmp_path / "service/jigsaw_cookie_secret"
    demo.launch()
    try:
        until(lambda: address.find(secret), 40)
        command = [sys.executable, "-m", "jigsaw_service", "doctor", "--json", "--time-out=20"]
        ran = subprocess.run(command, cwd=secret.parent, capture_output=True, timeout=60)
    finally:
        demo.stop()

    assert "internal-ssl" in {finding["name"] for finding in json.loads(ran.stdout)["findings"]}
    assert "port-taken" not in ran.stdout.decode()
