"""The vectors that the browser's half is tested with say what ours does."""

import pytest

from tests.vectors import FOLDER, vectors


@pytest.mark.parametrize(("name", "text"), vectors().items(), ids=lambda value: value[:15])
def test_the_vectors_are_what_we_would_record_today(name: str, text: str) -> None:
    recorded = (FOLDER / name).read_text(encoding="utf-8")

    assert recorded.splitlines() == text.splitlines(), "record them: python -m tests.vectors"
