"""The doctor's checks of the Hub's own configuration: the files are real, no Hub runs."""

from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession

from jigsaw_service.doctor.hub_config import hub_config
from jigsaw_service.doctor.runner import Visit, examine

ROOT = Path(__file__).parents[2]
PUBLIC = "https://hub.example.com/jupyter/"
REGISTERED = """
from jigsaw_service.hub import SCOPES, register
c = get_config()
c.JupyterHub.public_url = "https://hub.example.com/jupyter/"
register(c, port=10110)
"""
BY_HAND = """
c = get_config()
c.JupyterHub.public_url = "https://hub.example.com/jupyter/"
SCOPES = ["read:users!user", "servers!user", "access:servers!user"]
SERVICE = {"name": "jigsaw", "url": "http://127.0.0.1:10110",
           "command": ["python3", "-m", "jigsaw_service"], "oauth_client_allowed_scopes": SCOPES}
ROLE = {"name": "user", "scopes": ["self", "access:services!service=jigsaw"]}
c.JupyterHub.services = [SERVICE]
c.JupyterHub.load_roles = [ROLE]
"""


async def found(file: Path, **changes: Any) -> list[str]:
    async with ClientSession() as http:
        visit = Visit(
            http=http,
            public_url=changes.pop("public_url", PUBLIC),
            api_url="",
            service_prefix="",
            token="",
            proof="",
            hub_config=str(file),
        )
        return [finding.name for finding in await examine(visit, [hub_config])]


@pytest.mark.parametrize("text", [REGISTERED, BY_HAND])
async def test_a_configuration_as_documented_gives_no_finding(tmp_path: Path, text: str) -> None:
    (file := tmp_path / "jupyterhub_config.py").write_text(text)

    assert await found(file) == []


async def test_the_configuration_of_deploy_gives_no_finding(tmp_path: Path) -> None:
    text = (ROOT / "deploy/jupyterhub_config.py").read_text()
    (file := tmp_path / "jupyterhub_config.py").write_text(
        text.replace("/srv/jigsaw", str(tmp_path / "data"))
    )

    assert await found(file) == []


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ('SERVICE["oauth_client_allowed_scopes"] = SCOPES[1:]', "scopes-missing"),
        ('SERVICE["oauth_client_allowed_scopes"] = [*SCOPES, "self"]', "scopes-too-wide"),
        ('SERVICE["oauth_client_allowed_scopes"] = [*SCOPES, "fly:servers"]', "scopes-unknown"),
        ('ROLE["scopes"] = ["self"]', "no-access"),
        ("c.JupyterHub.load_roles = []", "no-access"),
        (
            'c.JupyterHub.load_roles.append({"name": "r", "services": ["jigsaw"], "scopes": []})',
            "service-has-rights",
        ),
        ("c.JupyterHub.services = []", "not-registered"),
        ("c.JupyterHub.internal_ssl = True", "internal-ssl"),
        ('c.JupyterHub.public_url = ""', "public-url-missing"),
        ("raise RuntimeError('no')", "hub-config-unreadable"),
        ("import sys; sys.exit('no')", "hub-config-unreadable"),
        ("(", "hub-config-unreadable"),
    ],
)
async def test_a_fault_in_the_configuration_is_found(tmp_path: Path, line: str, name: str) -> None:
    (file := tmp_path / "jupyterhub_config.py").write_text(BY_HAND + line)

    assert await found(file) == [name]


async def test_a_configuration_that_is_not_there_is_found(tmp_path: Path) -> None:
    assert await found(tmp_path / "gone.py") == ["hub-config-unreadable"]


async def test_without_tls_a_hub_needs_no_public_url(tmp_path: Path) -> None:
    (file := tmp_path / "jupyterhub_config.py").write_text(BY_HAND + 'c.JupyterHub.public_url = ""')

    assert await found(file, public_url="http://127.0.0.1:8000/") == []
