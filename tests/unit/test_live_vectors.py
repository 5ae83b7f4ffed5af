"""The vectors that the browser's half is tested with say what ours does."""

import json

import pytest

from jigsaw_service.document.validation import limits_told
from tests.vectors import FOLDER, vectors


@pytest.mark.parametrize("name", ["reducer.json", "xml.json", "difference.json"])
def test_the_vectors_are_what_we_would_record_today(name: str) -> None:
    recorded = json.loads((FOLDER / name).read_text(encoding="utf-8"))

    for known, today in zip(recorded, json.loads(vectors()[name]), strict=True):
        assert known == today, "is the change meant? then record them: python -m tests.vectors"


def test_the_editor_is_tested_with_the_limits_that_pages_are_told() -> None:
    recorded = json.loads((FOLDER / "limits.json").read_text(encoding="utf-8"))

    assert recorded == limits_told()
