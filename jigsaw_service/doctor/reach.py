"""Check: a JupyterHub answers at its public URL; else what answers there."""

import asyncio
import errno
import socket
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

from aiohttp import (
    ClientConnectorCertificateError,
    ClientConnectorError,
    ClientError,
    ClientSSLError,
    InvalidURL,
)

from . import lines
from .finding import Finding, Place
from .probe import ProbeReply, ask
from .runner import OutOfReach, Visit

_MOST_REDIRECTS = 10
_NOT_LET_OUT = (
    "{} from outside: this process is not let out to it. Run `jigsaw-service doctor` where it is "
    "reached."
)
_TELL = {Place.SHELL: "jigsaw-service doctor --url https://hub.example.com/jupyter/"}
_PUBLIC_URL = {Place.HUB: 'c.JupyterHub.public_url = "https://hub.example.com/jupyter/"'}


async def hub_answers(visit: Visit) -> AsyncIterator[Finding]:
    """Check: a Hub answers at this very URL, and at the base URL that the service knows."""
    if fault := _fault_of_url(visit):
        yield fault
        return
    try:
        reply = await ask(visit, f"{visit.public_url}hub/api/")
        fault = await _going_round(visit) or _fault_of_answer(visit, reply)
    except (ClientError, OSError, ValueError, asyncio.TimeoutError) as error:
        fault = _fault_of_network(visit, error)
    if fault:
        yield fault


def _fault_of_url(visit: Visit) -> Finding | None:
    try:
        url = urlsplit(visit.public_url)
        usable = url.scheme in ("http", "https") and url.hostname and url.port != 0
    except ValueError:
        usable = False
    if not usable or not url.path.endswith("/"):
        told = visit.public_url or "No URL is known."
        says = "This is not the URL of a Hub: it needs https://, a name and the Hub's base URL."
        return Finding("public-url-unusable", says, told, {**_TELL, **_PUBLIC_URL})
    if not visit.service_prefix.startswith(f"{url.path}services/"):
        return _base_url_differs(visit, f"{url.path} there, {visit.service_prefix} here")
    return None


def _base_url_differs(visit: Visit, where: str) -> Finding:
    path = urlsplit(visit.public_url).path
    return Finding(
        "base-url-differs",
        "The Hub's base URL is not the path of its public URL, so nothing is found there.",
        where,
        {Place.HUB: f'c.JupyterHub.bind_url = "http://127.0.0.1:8000{path}"', **_TELL},
    )


def _fault_of_network(visit: Visit, error: Exception) -> Finding:
    """Finding by the error that kept us from an answer."""
    url = urlsplit(visit.public_url)
    where = f"{visit.public_url}: {str(error) or type(error).__name__}"
    if isinstance(error, InvalidURL):
        return Finding("public-url-unusable", "This is not the URL of a Hub.", where, _TELL)
    if isinstance(error, ClientConnectorCertificateError):
        says = "This machine doesn't trust the certificate, and neither may browsers."
        file = f"/etc/ssl/certs/{url.hostname}.pem"
        mend = {
            Place.NGINX: f"ssl_certificate {file};",
            Place.APACHE: f"SSLCertificateFile {file}",
            Place.SHELL: f"openssl s_client -connect {url.netloc} -servername {url.hostname}",
        }
        return Finding("certificate-untrusted", says, where, mend)
    if isinstance(error, ClientSSLError):
        says = "What answers there doesn't speak TLS as browsers do."
        mend = {Place.NGINX: "listen 443 ssl http2;", Place.APACHE: "SSLEngine on"}
        return Finding("tls-missing", says, where, mend)
    if isinstance(error, ClientConnectorError):
        if error.os_error.errno in (errno.EPERM, errno.EACCES):
            # As systemd's IPAddressDeny does: a rule for this process, and no fault of the way.
            raise OutOfReach(_NOT_LET_OUT.format(visit.public_url))
        if isinstance(error.os_error, socket.gaierror):
            says = "The name is unknown to this machine's DNS."
            mend = {Place.SHELL: f"getent hosts {url.hostname}\n{_TELL[Place.SHELL]}"}
            return Finding("name-unknown", says, where, mend)
        says = "Nobody listens at that name and port: nginx or Apache is down, or elsewhere."
        mend = {Place.SHELL: "systemctl status nginx apache2"}
        return Finding("nobody-listens", says, where, mend)
    if isinstance(error, asyncio.TimeoutError):
        says = "No answer came in time: the Hub hangs, or something on the way drops what is sent."
        mend = {Place.SHELL: "curl -i http://127.0.0.1:8000/jupyter/hub/api/"}
        return Finding("no-answer", says, f"{visit.public_url}hub/api/", lines.at(visit, mend))
    says = "What answers there breaks off, or doesn't speak HTTP."
    return Finding("answer-broken", says, where, _TELL)


def _fault_of_answer(visit: Visit, reply: ProbeReply) -> Finding | None:
    """Finding by what answered instead of the Hub's API."""
    if reply.is_of_hub:
        if reply.status == 200 and "version" in reply.json:
            return None
        if reply.leads_to or reply.status == 404:
            return _base_url_differs(visit, str(reply))
        look = {Place.SHELL: "journalctl -u jupyterhub -n 50"}
        return Finding("hub-failing", "The Hub runs, and answers with an error.", str(reply), look)
    if reply.is_of_hubs_proxy:
        if reply.status == 404:
            says = (
                "The Hub's proxy is asked for a path that it doesn't know: nginx or Apache takes "
                "the Hub's base URL away, or the Hub has another one."
            )
            return Finding("prefix-lost", says, str(reply), lines.at(visit, lines.LOCATION))
        look = {Place.SHELL: "systemctl status jupyterhub; journalctl -u jupyterhub -n 50"}
        return Finding("hub-down", "The Hub's proxy runs, the Hub doesn't.", str(reply), look)
    if reply.status in (502, 503, 504):
        says = (
            "nginx or Apache answers, and doesn't reach the Hub's proxy: it is down, or listens "
            "elsewhere."
        )
        mend = {Place.HUB: 'c.JupyterHub.bind_url = "http://127.0.0.1:8000/jupyter/"'}
        told = lines.at(visit, {**mend, **lines.LOCATION})
        return Finding("hub-proxy-down", says, str(reply), told)
    if there := _elsewhere(reply):
        return there
    if reply.status == 404:
        says = "nginx or Apache answers by itself: it passes this path to nobody."
        return Finding("location-wrong", says, str(reply), lines.at(visit, lines.LOCATION))
    says = "What answers there is not a JupyterHub."
    return Finding("not-a-hub", says, str(reply), {**_TELL, **_PUBLIC_URL})


def _elsewhere(reply: ProbeReply) -> Finding | None:
    """Finding for a redirect of the same path: to TLS, or to another name."""
    asked, there = urlsplit(reply.url), urlsplit(reply.leads_to)
    moved = there.netloc and (asked.scheme, asked.netloc) != (there.scheme, there.netloc)
    if not moved or asked.path != there.path:
        return None
    url = reply.leads_to.removesuffix("hub/api/")
    mend = {
        Place.HUB: f'c.JupyterHub.public_url = "{url}"',
        Place.SHELL: f"jigsaw-service doctor --url {url}",
    }
    return Finding("public-url-moved", "People are sent on to another address.", str(reply), mend)


async def _going_round(visit: Visit) -> Finding | None:
    """Finding for a redirect loop between the Hub's address and its sign-in, at its own origin."""
    url, way = visit.public_url, list[ProbeReply]()
    origin = urlsplit(url)[:2]
    while len(way) < _MOST_REDIRECTS:
        reply = await ask(visit, url)
        way.append(reply)
        url = reply.leads_to
        if not url or urlsplit(url)[:2] != origin:
            return None
    says = "The Hub's address leads round and round, so that browsers give up."
    mend = lines.at(visit, {**lines.LOCATION, **_PUBLIC_URL})
    return Finding("redirect-loop", says, f"{way[0]}, and so on", mend)
