"""Zips that are sent while they are written."""

import io
import zipfile
from datetime import datetime, timezone

from jigsaw_service.runtime.zip_stream import DistinctPaths, ZipStream

WHEN = datetime(2026, 11, 21, 16, 3, 2, tzinfo=timezone.utc)


def test_what_comes_step_by_step_is_a_zip() -> None:
    stream = ZipStream()
    steps = [stream.add(f"python/{n} ä.xml", b"<xml/>" * n, WHEN) for n in range(3)]

    with zipfile.ZipFile(io.BytesIO(b"".join(steps) + stream.end())) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["python/0 ä.xml", "python/1 ä.xml", "python/2 ä.xml"]
        assert archive.read("python/2 ä.xml") == b"<xml/><xml/>"
        assert archive.infolist()[0].date_time == (2026, 11, 21, 16, 3, 2)
    assert all(steps)


def test_a_time_that_zips_do_not_have_is_the_first_they_have() -> None:
    stream = ZipStream()
    data = stream.add("a", b"", datetime(1970, 1, 1, tzinfo=timezone.utc)) + stream.end()

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.infolist()[0].date_time[:3] == (1980, 1, 1)


def test_paths_are_distinct_to_every_file_system() -> None:
    paths = DistinctPaths()

    made = [paths.make(path) for path in ("a/b.xml", "a/B.xml", "a/b (2).xml", "a/b.xml", "b.xml")]

    assert made == ["a/b.xml", "a/B (2).xml", "a/b (2) (2).xml", "a/b (3).xml", "b.xml"]
    assert paths.make("\u00e9.xml") == "\u00e9.xml"
    assert paths.make("e\u0301.xml") == "e\u0301 (2).xml"
