"""A Hub with faults, one for all that is looked for from inside."""

from collections.abc import Iterator

import pytest

from ..conftest import start_server
from ..doctor_hub import ALLOWED, DoctorHub, doctor_hub, free_port
from ..people import Person


@pytest.fixture(scope="package")
def sick(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DoctorHub]:
    ports = [free_port() for _ in ALLOWED]
    with doctor_hub(tmp_path_factory.mktemp("sick"), ports) as hub:
        yield hub


@pytest.fixture(scope="package")
def teacher(sick: DoctorHub) -> Person:
    """An admin, whose server runs."""
    teacher = Person(sick.demo.url, "teacher").sign_in()
    start_server(teacher)
    return teacher


@pytest.fixture(scope="package")
def alice(sick: DoctorHub) -> Person:
    return Person(sick.demo.url, "alice").sign_in()
