"""Private members of other packages that we use: they are where they were."""

import inspect
from importlib.metadata import version

import aiosqlite
import jupyterhub.services.auth
import pytest
from jupyterhub.services.auth import HubAuth, HubOAuth


@pytest.mark.parametrize(
    ("package", "owner", "name", "parameters"),
    [
        ("aiosqlite", aiosqlite.Connection, "_execute", ["self", "fn", "args", "kwargs"]),
        ("jupyterhub", HubOAuth, "_decode_state", ["self", "state_id"]),
        ("jupyterhub", HubAuth, "_get_token_url", ["self", "handler"]),
    ],
)
def test_a_method_is_as_we_override_it(
    package: str, owner: type, name: str, parameters: list[str]
) -> None:
    told = f"{package} {version(package)} has changed {owner.__name__}.{name}"

    assert hasattr(owner, name), told
    assert list(inspect.signature(getattr(owner, name)).parameters) == parameters, told


def test_jupyterhub_says_who_came_with_a_token() -> None:
    source = inspect.getsource(jupyterhub.services.auth)

    told = f"jupyterhub {version('jupyterhub')} no longer sets _token_authenticated"
    assert "handler._token_authenticated = True" in source, told
