"""Checks of rights: the service's by its token, people's by theirs."""

from collections.abc import AsyncIterator

from ..hub import SCOPES
from .finding import Finding, Place
from .hub_api import LEAST_HUB, HubReply, base_of, get_from_hub, version_of
from .runner import Visit

# The scopes of `SCOPES` as the Hub writes them out.
_MEANT = {
    *("access:services", "access:servers", "servers", "start:servers", "delete:servers"),
    *("read:servers", "read:users", "read:users:activity", "read:users:groups", "read:users:name"),
}
ALLOWED_LINE = f'"oauth_client_allowed_scopes": {SCOPES!r},'.replace("'", '"')


def access_lines(service: str) -> str:
    """Line of the Hub's configuration that gives people access to the service."""
    scopes = f'["self", "access:services!service={service}"]'
    return f'c.JupyterHub.load_roles.append({{"name": "user", "scopes": {scopes}}})'


async def hub_answers(visit: Visit) -> AsyncIterator[Finding]:
    """Check: the Hub's API is where we think it is, and new enough."""
    if not visit.api_url:
        visit.not_looked_at.append("The Hub from inside: the running service knows its API.")
        return
    reply = await get_from_hub(visit, "/")
    asked = f"GET {visit.api_url.rstrip('/')}/"
    mend = {Place.SERVICE: "JUPYTERHUB_API_URL=http://127.0.0.1:8081/hub/api"}
    if not reply.status:
        says = "The Hub's API can't be reached from the service: nobody can sign in."
        yield Finding("hub-api-unreachable", says, f"{asked}: {reply.why}", mend)
        return
    version = str(reply.model.get("version") or "")
    if reply.status != 200 or not version_of(version):
        says = (
            "What answers in the place of the Hub's API is something else. "
            "Its path has the Hub's base_url before hub/api."
        )
        yield Finding("hub-api-wrong", says, f"{asked} answered {reply.status}", mend)
    elif version_of(version) < LEAST_HUB:
        least = ".".join(map(str, LEAST_HUB))
        says = f"JupyterHub {version} is too old; the service needs {least} or later."
        line = f"python3 -m pip install --upgrade 'jupyterhub>={least}'"
        yield Finding("hub-too-old", says, f"{asked} tells version {version}", {Place.SHELL: line})


async def service_token(visit: Visit) -> AsyncIterator[Finding]:
    """Check: the service's own token is known, the service's, and good for nothing else."""
    if not visit.token:
        visit.not_looked_at.append("The service's own token: it is known to the running service.")
        return
    reply = await get_from_hub(visit, "/user", visit.token)
    where = f"GET {visit.api_url.rstrip('/')}/user with the service's token"
    if reply.status in (401, 403):
        says = "The Hub doesn't know the service's token, so nobody can sign in."
        mend = {
            Place.HUB: '"api_token": "…",  # in the service\'s entry, the same as …',
            Place.SERVICE: "JUPYTERHUB_API_TOKEN=…",
        }
        yield Finding("service-token-unknown", says, f"{where} answered {reply.status}", mend)
        return
    async for finding in _of_service(visit, reply, where):
        yield finding


async def _of_service(visit: Visit, reply: HubReply, where: str) -> AsyncIterator[Finding]:
    name, scopes = str(reply.model.get("name")), reply.model.get("scopes") or []
    if reply.model.get("kind") != "service":
        says = (
            f"The service's token is one of {name}'s own: with it, it could do all that they may."
        )
        mend = {Place.SERVICE: 'JUPYTERHUB_API_TOKEN=…  # the "api_token" of the service\'s entry'}
        yield Finding("service-token-of-person", says, f"{where} tells {name}", mend)
        return
    if scopes or reply.model.get("admin"):
        says = (
            f"The service has rights of its own ({_few(scopes) or 'admin'}) that it doesn't need: "
            "it does all with the token of the person who asks."
        )
        mend = {Place.HUB: f'# no role in c.JupyterHub.load_roles with "services": ["{name}"]'}
        yield Finding("service-has-rights", says, f"{where} tells its scopes", mend)
    expected = f"{base_of(visit)}services/{name}/"
    if visit.service_prefix and visit.service_prefix != expected:
        says = (
            f"The service thinks that it is at {visit.service_prefix}, "
            f"and the Hub sends people to {expected}."
        )
        mend = {Place.SERVICE: f"JUPYTERHUB_SERVICE_PREFIX={expected}"}
        yield Finding("service-prefix", says, f"{where} tells the name {name}", mend)


async def person_token(visit: Visit) -> AsyncIterator[Finding]:
    """Check: the asker's token may use the service, and one of a sign-in has the right scopes."""
    if not visit.asker:
        return
    reply = await get_from_hub(visit, "/user", visit.asker.token)
    where = f"GET {visit.api_url.rstrip('/')}/user with the token of whoever asks"
    if reply.status in (401, 403):
        says = "The Hub doesn't know the token that was given: make one on the Hub's Token page."
        yield Finding("token-unknown", says, f"{where} answered {reply.status}")
        return
    name, scopes = str(reply.model.get("name")), set(reply.model.get("scopes") or ())
    service = visit.setting.service_name or "jigsaw"
    if not scopes & {"access:services", f"access:services!service={service}"}:
        says = f"{name} may not use the service: the Hub answers 403 when they open it."
        told = f"{where} tells scopes without access:services!service={service}"
        yield Finding("no-access", says, told, {Place.HUB: access_lines(service)})
    if visit.asker_signed_in:
        for finding in _of_sign_in(name, scopes, where):
            yield finding


def _of_sign_in(name: str, scopes: set[str], where: str) -> list[Finding]:
    """Findings on the token that a sign-in gave the service, one for everybody's."""
    findings = []
    mend = {Place.HUB: f"{ALLOWED_LINE}  # in the service's entry"}
    if missing := [scope for scope in SCOPES if f"{scope}={name}" not in scopes]:
        says = (
            f"People's tokens lack {_few(missing)}: without, their servers can't be started or "
            "reached, or accounts not told apart."
        )
        findings.append(Finding("scopes-missing", says, f"{where} tells the others", mend))
    if wide := sorted(scope for scope in scopes if not _is_meant(scope, name)):
        says = (
            f"People's tokens may do more than the service needs: {_few(wide)}. "
            "A fault of the service would be one of theirs."
        )
        findings.append(Finding("scopes-too-wide", says, f"{where} tells them", mend))
    return findings


def _is_meant(scope: str, name: str) -> bool:
    base, _, which = scope.partition("!")
    own = which == f"user={name}" or which.startswith(f"server={name}/")
    return base in _MEANT and (own or base == "access:services")


def _few(scopes: list[str]) -> str:
    more = len(scopes) - 4
    return ", ".join(scopes[:4]) + (f" and {more} more" if more > 0 else "")


async def refused_sign_ins(visit: Visit) -> AsyncIterator[Finding]:
    """Check: no sign-ins that the Hub broke off; it tells the service why."""
    for fault, words in visit.incidents.sign_ins.items():
        where = f"The Hub sent somebody back from signing in with {fault}: {words}".rstrip(": ")
        if fault == "invalid_scope":
            says = "The service is allowed a scope that this Hub doesn't know: nobody can sign in."
            mend = {Place.HUB: f"{ALLOWED_LINE}  # in the service's entry"}
            yield Finding("scopes-unknown", says, where, mend)
        else:
            yield Finding("sign-in-refused", "The Hub refused a sign-in; its log says more.", where)
