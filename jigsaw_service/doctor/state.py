"""Checks of state: the database, the cookie secret, and the machine's clock and port."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import ClientError, ClientTimeout

from ..runtime.listen import holder
from ..storage.database import Database, DatabaseUnusable
from ..storage.unusable import DatabaseNewer, DatabaseOlder
from .finding import Finding, Place
from .hub_api import get_from_hub
from .runner import Visit

_SKEW_SECONDS = 30
_TIMEOUT = ClientTimeout(total=5)
_NOT_KEPT = {"tmpfs", "ramfs"}


async def database(visit: Visit) -> AsyncIterator[Finding]:
    """Check: the database can be opened, and its schema is the one that this version needs."""
    if not (url := visit.setting.db_url):
        return
    guest = Database(url, alone=False)
    where = f"The database {_shown(url)}"
    try:
        await guest.open()
        await guest.require_newest()
    except DatabaseOlder as error:
        mend = {Place.SHELL: "jigsaw-service migrate  # while the service is stopped"}
        yield Finding("database-behind", str(error), where, mend)
    except DatabaseNewer as error:
        mend = {Place.SHELL: "python3 -m pip install --upgrade jigsaw_service"}
        yield Finding("database-ahead", str(error), where, mend)
    except DatabaseUnusable as error:
        says = f"The database can't be used, so nothing can be opened or saved: {error}"
        mend = {Place.SERVICE: "JIGSAW_DB_URL=postgresql+asyncpg://jigsaw:PASSWORD@HOST/jigsaw"}
        yield Finding("database-unreachable", says, where, mend)
    finally:
        await guest.close()


def _shown(url: str) -> str:
    """Database URL without who signs in to it, and how."""
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}"


async def cookie_secret(visit: Visit) -> AsyncIterator[Finding]:
    """Check: the file that signs cookies is there, ours alone, kept, and the one in use."""
    file, used = visit.setting.cookie_secret_file, visit.setting.cookie_secret
    if file:
        for finding in await asyncio.to_thread(_of_secret, file, used):
            yield finding


def _of_secret(file: str, used: bytes) -> list[Finding]:
    return list(_secret_findings(Path(file).absolute(), used))


def _secret_findings(path: Path, used: bytes) -> Iterator[Finding]:
    where = f"The file {path}"
    says = "The secret that signs cookies is {}: at the next start everybody signs in anew."
    keep = {Place.SERVICE: 'c.JigsawService.cookie_secret_file = "/var/lib/jigsaw/cookie_secret"'}
    try:
        text, mode = path.read_text(), path.stat().st_mode
    except FileNotFoundError:
        yield Finding("cookie-secret-missing", says.format("not there"), where, keep)
        return
    if mode & 0o077:
        told = "Others on this machine can read the secret that signs cookies, and so be anybody."
        mend = {Place.SHELL: f"chmod 600 {path}"}
        yield Finding("cookie-secret-readable", told, f"{where} has mode {mode & 0o777:o}", mend)
    if _other_than(text, used):
        told = says.format("not the one in use")
        yield Finding("cookie-secret-not-kept", told, where, keep)
    elif (kind := _file_system(path)) in _NOT_KEPT:
        told = says.format(f"on a {kind}, which ends with the machine")
        yield Finding("cookie-secret-not-kept", told, where, keep)


def _other_than(text: str, used: bytes) -> bool:
    try:
        return bool(used) and bytes.fromhex(text.strip()) != used
    except ValueError:
        return True


def _file_system(path: Path) -> str:
    """The kind of file system that `path` lies on; "" where the system doesn't tell."""
    try:
        rows = [row.split() for row in Path("/proc/mounts").read_text().splitlines()]
    except OSError:
        return ""
    around = [(row[1], row[2]) for row in rows if path.is_relative_to(row[1])]
    return max(around, default=("", ""), key=lambda row: len(row[0]))[1]


async def clock(visit: Visit) -> AsyncIterator[Finding]:
    """Check: the Hub's clock and ours go together: sign-ins and tokens end by them."""
    if not visit.api_url:
        return
    before = time.time()
    reply = await get_from_hub(visit, "/")
    after = time.time()
    try:
        theirs = parsedate_to_datetime(reply.headers.get("Date", "")).timestamp()
    except (TypeError, ValueError):
        return
    # The answer was made at some time in between, and tells whole seconds.
    skew = theirs - min(max(theirs, before), after)
    if abs(skew) > _SKEW_SECONDS:
        says = (
            f"The Hub's clock is {abs(skew):.0f} seconds {'ahead of' if skew > 0 else 'behind'} "
            "the service's: sign-ins end too early or not at all."
        )
        mend = {Place.SHELL: "timedatectl set-ntp true  # on both machines"}
        yield Finding("clock-skew", says, f"Date of the answer of {visit.api_url}", mend)


async def port(visit: Visit) -> AsyncIterator[Finding]:
    """Check: on the service's port it is the service that answers."""
    if not (url := visit.setting.service_url).startswith("http:"):
        return
    asked = f"{url.rstrip('/')}{visit.service_prefix}health"
    try:
        async with visit.http.get(asked, timeout=_TIMEOUT, allow_redirects=False) as answer:
            told = await answer.json(content_type=None)
            is_ours = isinstance(told, dict) and told.get("status") == "ok" and "version" in told
    except (ValueError, asyncio.TimeoutError):
        is_ours = False
    except (ClientError, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            # Nobody listens there, which is seen from outside.
            return
        is_ours = False
    if is_ours:
        return
    number = urlsplit(url).port or 80
    held = await asyncio.to_thread(holder, number) or "a process that is somebody else's"
    says = f"Port {number} is held by {held}, which is not the service."
    mend = {
        Place.HUB: f"register(c, port={number + 1})",
        Place.SHELL: f"ss -ltnp 'sport = :{number}'",
    }
    yield Finding("port-taken", says, f"GET {asked}", mend)
