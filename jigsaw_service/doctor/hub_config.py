"""Checks of the Hub's own configuration, read as the Hub reads it: no API tells of it."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import jupyterhub
from jupyterhub.scopes import scope_definitions
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from ..hub import SCOPES
from .finding import Finding, Place
from .hub_api import version_of
from .hub_settings import INTERNAL_SSL_MEND, INTERNAL_SSL_SAYS, TELLS_PUBLIC_URL, public_url_missing
from .rights import ALLOWED_LINE, access_lines
from .runner import Visit

_LOOKED_AT = (
    "The Hub's configuration: give its file with --hub-config. Only there is seen whether all "
    "people may use the service, and which scopes it is allowed."
)


async def hub_config(visit: Visit) -> AsyncIterator[Finding]:
    """Check: registration, scopes, roles and TLS, as `jupyterhub_config.py` has them."""
    if not visit.hub_config:
        visit.not_looked_at.append(_LOOKED_AT)
        return
    where = f"The file {visit.hub_config}"
    try:
        config = await asyncio.to_thread(_load, visit.hub_config)
    except (Exception, SystemExit) as error:  # an admin's own program may fail in any way
        told = f"{where}: {type(error).__name__}: {error}"
        yield Finding("hub-config-unreadable", "The Hub's configuration can't be read.", told)
        return
    for finding in _of(config, visit, where):
        yield finding


def _load(file: str) -> Config:
    path = Path(file).absolute()
    return PyFileConfigLoader(path.name, path=str(path.parent)).load_config()


def _of(config: Config, visit: Visit, where: str) -> Iterator[Finding]:
    hub = config.JupyterHub
    service = _service(_listed(hub, "services"), visit.setting.service_name)
    if service is None:
        says = "The Hub's configuration has no entry for the service."
        line = "from jigsaw_service.hub import register; register(c)  # below the rest"
        yield Finding("not-registered", says, where, {Place.HUB: line})
        return
    name = service["name"]
    yield from _scopes(config, service, where)
    yield from _roles(_listed(hub, "load_roles"), name, where)
    if hub.get("internal_ssl") and service.get("command"):
        yield Finding("internal-ssl", INTERNAL_SSL_SAYS, where, INTERNAL_SSL_MEND)
    told = hub.get("public_url") or hub.get("subdomain_host")
    if visit.is_secure and not told and version_of(jupyterhub.__version__) >= TELLS_PUBLIC_URL:
        yield public_url_missing(visit.public_url, where)


def _listed(hub: Config, name: str) -> list[dict[str, Any]]:
    """A list that was set, or only appended to."""
    value = hub.get(name, [])
    if isinstance(value, list):
        return value
    told = value.to_dict()
    return [*told.get("prepend", []), *told.get("extend", [])]


def _service(services: list[dict[str, Any]], name: str) -> dict[str, Any] | None:
    for service in services:
        command = " ".join(map(str, service.get("command") or ()))
        known = service.get("name") == (name or "jigsaw")
        if known or "jigsaw_service" in command or "jigsaw-service" in command:
            return service
    return None


def _scopes(config: Config, service: dict[str, Any], where: str) -> Iterator[Finding]:
    allowed = list(service.get("oauth_client_allowed_scopes") or ())
    mend = {Place.HUB: f"{ALLOWED_LINE}  # in the service's entry"}
    known = {*scope_definitions, *(config.JupyterHub.get("custom_scopes") or {})}
    if unknown := [one for one in allowed if one.partition("!")[0] not in known]:
        says = f"The Hub doesn't know the scope {', '.join(unknown)}: nobody can sign in."
        yield Finding("scopes-unknown", says, where, mend)
    if missing := [scope for scope in SCOPES if scope not in allowed]:
        says = (
            f"The service may not ask for {', '.join(missing)}: without, people's servers can't "
            "be started or reached, or accounts not told apart."
        )
        yield Finding("scopes-missing", says, where, mend)
    if wide := [one for one in allowed if one not in (*SCOPES, *unknown)]:
        says = f"The service may ask for more than it needs: {', '.join(wide)}."
        yield Finding("scopes-too-wide", says, where, mend)


def _roles(roles: list[dict[str, Any]], name: str, where: str) -> Iterator[Finding]:
    lets_in = {"access:services", f"access:services!service={name}"}
    if not any(lets_in & set(role.get("scopes") or ()) for role in roles):
        says = "No role lets people use the service: the Hub answers 403 to all but admins."
        yield Finding("no-access", says, where, {Place.HUB: access_lines(name)})
    for role in roles:
        if name in (role.get("services") or ()):
            says = f"The role {role.get('name')} gives the service rights that it doesn't need."
            line = f'# the role {role.get("name")!r} without "services": ["{name}"]'
            yield Finding("service-has-rights", says, where, {Place.HUB: line})
