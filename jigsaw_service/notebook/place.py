"""Address of the service, from the environment of a server on the Hub."""

import os
from collections.abc import Mapping
from urllib.parse import quote, urlencode, urlsplit

from .command import CannotShow, MagicCommand

NAME = "JIGSAW_SERVICE"
URL = "JIGSAW_URL"


def service_url(environment: Mapping[str, str] = os.environ) -> str:
    """The service's address, ending in a slash; a path, where the Hub doesn't tell its own.

    `JIGSAW_URL` says it outright, `JIGSAW_SERVICE` the name that it has on the Hub.
    Raises CannotShow outside a Hub.
    """
    told = environment.get(URL, "")
    if told:
        if urlsplit(told).scheme not in ("", "http", "https"):
            raise CannotShow(f"{URL} must be a web address; tell your Hub's admin.")
        return told.rstrip("/") + "/"
    if not environment.get("JUPYTERHUB_USER"):
        raise CannotShow("%jigsaw works on a JupyterHub only: open this notebook on yours.")
    base = environment.get("JUPYTERHUB_BASE_URL") or "/"
    name = environment.get(NAME) or "jigsaw"
    return f"{_origin(environment, name)}{base}services/{quote(name, safe='')}/"


def _origin(environment: Mapping[str, str], name: str) -> str:
    """The Hub's, or with `subdomain_host` the service's own; "" where neither is told."""
    host = urlsplit(environment.get("JUPYTERHUB_HOST", ""))
    if host.netloc:
        return f"{host.scheme}://{name}--service.{host.netloc}"
    public = urlsplit(environment.get("JUPYTERHUB_PUBLIC_HUB_URL", ""))
    return f"{public.scheme}://{public.netloc}" if public.netloc else ""


def frame_url(
    service: str,
    command: MagicCommand,
    kernel_id: str,
    *,
    through: str = "",
    environment: Mapping[str, str] = os.environ,
) -> str:
    """The page for the frame: this workspace, and this kernel of this server."""
    told = {
        "name": command.workspace,
        "language": command.language.name,
        "kernel_id": kernel_id,
        "server": environment.get("JUPYTERHUB_SERVER_NAME", ""),
        "through": through,
    }
    return f"{service}embed?{_query(told)}"


def page_url(service: str, command: MagicCommand) -> str:
    """The same workspace without this notebook, for those who read it elsewhere."""
    told = {"name": command.workspace, "language": command.language.name}
    return f"{service}embed?{_query(told)}"


def _query(told: dict[str, str]) -> str:
    return urlencode({name: value for name, value in told.items() if value}, quote_via=quote)
