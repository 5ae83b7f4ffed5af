"""The cookie secret: made once, kept, and nobody else's to read."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from jigsaw_service.runtime.cookie_secret import kept_secret


def test_it_is_made_once_and_for_us_alone(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    made = kept_secret(path)

    assert len(made) == 32
    assert kept_secret(path) == made
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_an_operators_own_is_taken_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text("ab" * 32 + "\n")
    path.chmod(0o400)

    assert kept_secret(path) == b"\xab" * 32


def test_those_who_start_together_have_the_same_one(tmp_path: Path) -> None:
    for attempt in range(20):
        path = tmp_path / str(attempt)
        with ThreadPoolExecutor(8) as pool:
            made = set(pool.map(kept_secret, [path] * 8))
        assert len(made) == 1 and len(made.pop()) == 32


def test_a_file_that_was_left_empty_is_filled(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.touch()

    assert len(kept_secret(path)) == 32
