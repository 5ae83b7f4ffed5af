"""Checks of settings that depend on the Hub's: domains, internal TLS, the public URL."""

from collections.abc import AsyncIterator
from urllib.parse import urlsplit

from .finding import Finding, Place
from .hub_api import get_from_hub, version_of
from .runner import Visit

INTERNAL_SSL_SAYS = (
    "The Hub encrypts inside (internal_ssl), which the service doesn't speak: a Hub that manages "
    "it waits in vain and ends."
)
INTERNAL_SSL_MEND = {Place.HUB: "c.JupyterHub.internal_ssl = False"}
# Since then, a Hub tells its services the public address.
TELLS_PUBLIC_URL = (5, 4, 6)


async def notebook_origins(visit: Visit) -> AsyncIterator[Finding]:
    """Check: origins that may frame the editor are written as origins, and none is forgotten."""
    for origin in visit.setting.notebook_origins:
        if not _is_origin(origin):
            says = f"{origin!r} is not an origin, so its notebooks can't show the editor."
            line = f"c.JigsawService.notebook_origins = [{_as_origin(origin)!r}]"
            where = "notebook_origins of the service"
            yield Finding("notebook-origin-malformed", says, where, {Place.SERVICE: line})
    for origin in visit.incidents.framers:
        says = f"A page at {origin} tried to show the editor and may not. Add it if it is yours."
        line = f"c.JigsawService.notebook_origins = [{origin!r}]"
        where = "What a browser said when it asked for the editor in a frame"
        yield Finding("notebook-origin-missing", says, where, {Place.SERVICE: line})


def _is_origin(text: str) -> bool:
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018 - raises where it is none
    except ValueError:
        return False
    rest = parts.path.strip("/") or parts.query or parts.fragment or parts.username
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not rest


def _as_origin(text: str) -> str:
    """Origin that was probably meant."""
    host = text.rpartition("//")[2].partition("/")[0]
    return f"https://{host or 'lab.example.com'}"


async def internal_ssl(visit: Visit) -> AsyncIterator[Finding]:
    """Check: no `internal_ssl`, with which the Hub expects the service at an address with TLS."""
    url = visit.setting.service_url
    if visit.setting.certificate or url.startswith("https:"):
        where = f"What the Hub told the service: its address {url}, and a certificate"
        yield Finding("internal-ssl", INTERNAL_SSL_SAYS, where, INTERNAL_SSL_MEND)


async def public_url(visit: Visit) -> AsyncIterator[Finding]:
    """Check: the Hub was told its public URL, where TLS ends before it."""
    if not visit.is_secure or visit.setting.told_public_url or not visit.api_url:
        return
    version = version_of(str((await get_from_hub(visit, "/")).model.get("version") or ""))
    if version >= TELLS_PUBLIC_URL:
        yield public_url_missing(visit.public_url, "JUPYTERHUB_PUBLIC_URL of the service is empty")


def public_url_missing(url: str, where: str) -> Finding:
    says = (
        "People come by https, and the Hub isn't told: its cookies may lack Secure, the "
        "addresses that it makes https, and share links have whatever host a request names."
    )
    mend = {Place.HUB: f'c.JupyterHub.public_url = "{url}"'}
    return Finding("public-url-missing", says, where, mend)
