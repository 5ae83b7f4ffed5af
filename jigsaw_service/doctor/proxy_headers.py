"""Checks of proxy headers: the scheme, host, port and client that nginx or Apache tells the Hub."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from multidict import CIMultiDict

from . import lines
from .finding import Finding, Place
from .probe import ask
from .runner import Visit

# Of an address and a name that nobody has (RFC 5737, RFC 2606).
_LIAR, _LIE = "203.0.113.9", "claimed.invalid"
_CLAIMS = {
    "X-Forwarded-Host": _LIE,
    "X-Forwarded-Server": _LIE,
    "X-Forwarded-Port": "203",
    "Forwarded": f"for={_LIAR};host={_LIE}",
}

_HARMLESS = ("upgrade-insecure-requests", "block-all-mixed-content", "report-uri", "report-to")


@dataclass(frozen=True)
class Arrived:
    """A request of ours, as it reached the service."""

    headers: CIMultiDict[str]
    policy: str
    """Content-Security-Policy that the service answered."""
    policies: list[str]
    """Content-Security-Policy headers that arrived."""
    hub_knows_url: bool
    """True if the Hub was told its public URL, and asks no proxy."""
    where: str

    @property
    def passed_a_front(self) -> bool:
        """True if another proxy stood before the Hub's own, which adds its client's address."""
        return "," in self.headers.get("X-Forwarded-For", "")

    @property
    def scheme_for_hub(self) -> str:
        """Scheme as JupyterHub reads it for its servers' cookies: what the first proxy says."""
        for part in self.headers.get("Forwarded", "").partition(",")[0].split(";"):
            name, _, value = part.strip().partition("=")
            if name.lower() == "proto" and value:
                return value.lower()
        return self._told_scheme.partition(",")[0].strip().lower()

    @property
    def scheme_for_tornado(self) -> str:
        """Scheme as tornado reads it for the Hub: what the last proxy says, the Hub's own."""
        return self._told_scheme.rpartition(",")[2].strip().lower()

    @property
    def tells_of_tls(self) -> bool:
        """True if the Hub and its servers know of TLS; one that was told its URL asks no proxy."""
        known_to_hub = self.hub_knows_url or self.scheme_for_tornado == "https"
        return known_to_hub and self.scheme_for_hub == "https"

    @property
    def _told_scheme(self) -> str:
        return self.headers.get("X-Scheme", "") or self.headers.get("X-Forwarded-Proto", "")


async def arrived(visit: Visit, headers: Mapping[str, str] | None = None) -> Arrived:
    """Send a request with `headers`; ValueError where the answer is not the probe's."""
    reply = await ask(visit, f"{visit.service_url}_doctor/headers", headers=headers)
    told = reply.json
    pairs = told.get("headers")
    if not isinstance(pairs, list):
        raise ValueError(f"The probe did not answer. {reply}")
    return Arrived(
        CIMultiDict((str(name), str(value)) for name, value in pairs),
        str(told.get("policy")),
        reply.headers.getall("Content-Security-Policy", []),
        bool(told.get("public_origin")),
        str(reply),
    )


async def scheme_is_told(visit: Visit) -> AsyncIterator[Finding]:
    """Check: the scheme arrives as `https`, where people use TLS."""
    if not visit.is_secure:
        return
    came = await arrived(visit)
    if came.tells_of_tls:
        return
    told = {name: came.headers.get(name) for name in ("X-Scheme", "X-Forwarded-Proto")}
    where = ", ".join(f"{name}: {value or 'missing'}" for name, value in told.items())
    mend = {
        **lines.SCHEME,
        Place.HUB: f'c.JupyterHub.public_url = "{visit.public_url}"',
    }
    says = (
        "Nobody told the Hub and its servers that people use TLS: their cookies are not Secure, "
        "and their redirects lead to http://."
    )
    yield Finding("scheme-lost", says, where, mend)


async def host_is_kept(visit: Visit) -> AsyncIterator[Finding]:
    """Check: name and port arrive as people see them."""
    host = (await arrived(visit)).headers.get("Host", "")
    expected = urlsplit(visit.service_url).netloc
    if host.lower() != expected.lower():
        says = (
            "The Host header lost the name or port that people see: kernels and live editing "
            "refuse them as a stranger's (403), while pages work."
        )
        yield Finding("host-lost", says, f"Host: {host}, sent as {expected}", lines.HOST)


async def claims_go_no_further(visit: Visit) -> AsyncIterator[Finding]:
    """Check: a client's claims about its own address and name are not passed on."""
    came = await arrived(visit, {"X-Real-IP": _LIAR})
    if not came.passed_a_front:
        return
    address = came.headers.get("X-Real-IP", "")
    if address == _LIAR:
        says = "Clients may name any address as theirs: logs and limits go by a lie."
        yield Finding("address-believed", says, f"X-Real-IP: {_LIAR} arrived", lines.ADDRESS)
    headers = (await arrived(visit, _CLAIMS)).headers
    passed = [
        name
        for name, claim in _CLAIMS.items()
        if claim in (part.strip() for part in headers.get(name, "").split(","))
    ]
    if passed:
        says = "What clients claim about themselves reaches the Hub and people's servers."
        yield Finding("claims-passed-on", says, f"{', '.join(passed)} arrived", lines.CLAIMS)


def _is_harmless(policy: str) -> bool:
    """True if the policy forbids nothing that we do."""
    return all(not rule.strip() or rule.split()[0] in _HARMLESS for rule in policy.split(";"))


async def policy_is_kept(visit: Visit) -> AsyncIterator[Finding]:
    """Check: the rules for frames and scripts arrive as the service sends them, and no others."""
    came = await arrived(visit)
    others = [policy for policy in came.policies if policy != came.policy]
    if came.policy not in came.policies or not all(map(_is_harmless, others)):
        says = (
            "The proxy has a Content-Security-Policy of its own, by which browsers may refuse "
            "frames: the editor in a notebook stays blank."
        )
        mend = {
            Place.NGINX: "# Take away: add_header Content-Security-Policy …",
            Place.APACHE: "# Take away: Header … Content-Security-Policy …",
        }
        where = f"{came.where}: {'; '.join(others) or 'the policy of the service is missing'}"
        yield Finding("policy-altered", says, where, mend)
