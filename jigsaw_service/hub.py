"""Registration in `jupyterhub_config.py`: one call, every part of it written out in `docs/`."""

import os
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

# Scopes of a person's token: tell who they are, run their own servers, reach them.
SCOPES = ["read:users!user", "servers!user", "access:servers!user"]


def register(
    c: Any,
    *,
    name: str = "jigsaw",
    port: int = 10110,
    data_dir: str | Path | None = None,
    environment: dict[str, str] | None = None,
    command: list[str] | None = None,
) -> None:
    """Add the service to the Hub's config `c`, managed by the Hub, for all its users.

    Call it last, since it reads where the Hub's proxy listens. `data_dir` (default:
    the Hub's working folder) holds the database and the cookie secret; `environment`
    adds variables such as `JIGSAW_DB_URL`. The service itself gets no role: everything
    is done with the token of the person who asks.
    """
    service: dict[str, Any] = {
        "name": name,
        "url": f"http://127.0.0.1:{port}",
        "command": command or [sys.executable, "-m", "jigsaw_service.service.supervisor"],
        "environment": _environment(c) | (environment or {}),
        "oauth_client_allowed_scopes": SCOPES,
        # Asking for a confirmation would break frames, and says nothing new.
        "oauth_no_confirm": True,
        "display": True,
    }
    if data_dir is not None:
        Path(data_dir).mkdir(parents=True, exist_ok=True)
        service["cwd"] = str(data_dir)
    c.JupyterHub.services.append(service)
    _let_users_in(c, name)


def _environment(c: Any) -> dict[str, str]:
    environment = {"JIGSAW_PROXY_URL": _proxy_url(c)}
    if _asks_before_spawn(c):
        environment["JIGSAW_SPAWN_OPTIONS"] = "1"
    # The service reads what it is told from its environment only.
    kept = ("JIGSAW_DB_URL", "JIGSAW_METRICS_TOKEN", "PATH", "PYTHONPATH", "LANG", "LC_ALL")
    return {key: os.environ[key] for key in kept if key in os.environ} | environment


def _proxy_url(c: Any) -> str:
    """URL by which a process on this machine reaches the Hub's proxy."""
    hub = c.JupyterHub
    bound = urlsplit(hub.bind_url if isinstance(hub.get("bind_url"), str) else "")
    host = bound.hostname or (hub.ip if isinstance(hub.get("ip"), str) else "") or "127.0.0.1"
    port = bound.port or (hub.port if isinstance(hub.get("port"), int) else 8000)
    if host in ("0.0.0.0", "::", "*"):  # noqa: S104 - the address of all interfaces
        host = "127.0.0.1"
    return f"{bound.scheme or 'http'}://{host}:{port}"


def _asks_before_spawn(c: Any) -> bool:
    """True if any spawner has a form or a list of profiles."""
    return any(
        section.get(trait)
        for name, section in c.items()
        if name.endswith("Spawner")
        for trait in ("options_form", "profile_list")
    )


def _let_users_in(c: Any, name: str) -> None:
    """Give the role `user` access to the service, keeping what it has."""
    scope = f"access:services!service={name}"
    roles = c.JupyterHub.load_roles
    # A list that was only appended to so far is a lazy value, whose `get_value` would freeze it.
    known = roles if isinstance(roles, list) else roles.to_dict().get("extend", [])
    for role in known:
        if role.get("name") == "user":
            role["scopes"] = [*role.get("scopes", ["self"]), scope]
            return
    roles.append({"name": "user", "scopes": ["self", scope]})
