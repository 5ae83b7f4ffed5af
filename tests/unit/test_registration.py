"""`register(c)`: the service and what its users may do, whatever the config holds already."""

import re
import sys
from pathlib import Path
from typing import Any

import pytest
from traitlets.config import Config

from jigsaw_service.hub import register

ROOT = Path(__file__).parents[2]


def services(c: Config) -> list[dict[str, Any]]:
    """The services of a config, appended to or set."""
    listed = c.JupyterHub.services
    return listed if isinstance(listed, list) else listed.to_dict()["extend"]


def roles(c: Config) -> list[dict[str, Any]]:
    listed = c.JupyterHub.load_roles
    return listed if isinstance(listed, list) else listed.to_dict()["extend"]


def test_the_service_is_added_with_the_least_it_needs() -> None:
    c = Config()

    register(c)

    (service,) = services(c)
    assert service["name"] == "jigsaw"
    assert service["oauth_no_confirm"] is True
    assert service["oauth_client_allowed_scopes"] == [
        "read:users!user",
        "servers!user",
        "access:servers!user",
    ]
    assert not {"admin", "api_token", "roles"} & set(service)


def test_everybody_may_use_it_and_keeps_what_they_had() -> None:
    c = Config()

    register(c)

    assert roles(c) == [{"name": "user", "scopes": ["self", "access:services!service=jigsaw"]}]


@pytest.mark.parametrize("lazily", [True, False])
def test_a_role_that_the_admin_wrote_is_widened_and_not_replaced(lazily: bool) -> None:
    c = Config()
    role = {"name": "user", "scopes": ["self", "shares!user"]}
    if lazily:
        c.JupyterHub.load_roles.append(role)
    else:
        c.JupyterHub.load_roles = [role]

    register(c, name="blocks")

    assert roles(c) == [
        {"name": "user", "scopes": ["self", "shares!user", "access:services!service=blocks"]}
    ]


def test_services_that_are_there_stay() -> None:
    c = Config()
    c.JupyterHub.services = [{"name": "culler"}]

    register(c)

    assert [service["name"] for service in services(c)] == ["culler", "jigsaw"]


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, "http://127.0.0.1:8000"),
        ({"bind_url": "http://127.0.0.1:9000/jupyter/"}, "http://127.0.0.1:9000"),
        ({"bind_url": "http://:8080"}, "http://127.0.0.1:8080"),
        ({"bind_url": "https://0.0.0.0:443/"}, "https://127.0.0.1:443"),
        ({"ip": "10.0.0.5", "port": 8001}, "http://10.0.0.5:8001"),
    ],
)
def test_the_service_is_told_where_the_proxy_listens(
    settings: dict[str, Any], expected: str
) -> None:
    c = Config({"JupyterHub": settings})

    register(c)

    assert services(c)[0]["environment"]["JIGSAW_PROXY_URL"] == expected


def test_a_form_of_spawn_options_is_noticed() -> None:
    c = Config()
    c.KubeSpawner.profile_list = [{"display_name": "small"}]

    register(c)

    assert services(c)[0]["environment"]["JIGSAW_SPAWN_OPTIONS"] == "1"


def test_the_folder_for_data_is_made(tmp_path: Path) -> None:
    c = Config()

    register(c, data_dir=tmp_path / "deep" / "data")

    assert (tmp_path / "deep" / "data").is_dir()
    assert services(c)[0]["cwd"] == str(tmp_path / "deep" / "data")


def configured_by(lines: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The service and the roles, as these lines of a Hub's configuration have them."""
    exec(lines, {"c": (c := Config()), "sys": sys})
    (service,) = services(c)
    return service, roles(c)


@pytest.mark.parametrize("page", ["README.md", "docs/admin.md"])
def test_the_lines_of_the_pages_add_the_service(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # Of which the service is given some, where there are any.
    monkeypatch.setattr("os.environ", {})
    register(c := Config())

    for lines in python_blocks(page):
        assert configured_by(lines) == (services(c)[0], roles(c))


def python_blocks(page: str) -> list[str]:
    return re.findall(r"```python\n(.*?)```", (ROOT / page).read_text(), re.S)
