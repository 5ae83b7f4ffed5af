"""The built editor: which files a page loads, and serving them.

Vite's manifest names the hashed files, so a browser may keep each for ever.
"""

import json
import mimetypes
import os
from collections.abc import Generator, Iterable
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus
from pathlib import Path
from typing import Any

from tornado.web import HTTPError, StaticFileHandler

from .access import Caller
from .headers import static_headers
from .route import route

_KEEP_SECONDS = 365 * 24 * 3600
_CODINGS = (("br", ".br"), ("gzip", ".gz"))


@dataclass(frozen=True)
class PageFiles:
    """Paths below `static/` that a page's head names."""

    scripts: list[str]
    styles: list[str]
    preloads: list[str]


@dataclass(frozen=True)
class Assets:
    """The files Vite built into `folder`."""

    folder: Path

    @cached_property
    def manifest(self) -> dict[str, dict[str, Any]]:
        """Vite's manifest; raises FileNotFoundError where the editor is not built."""
        text = (self.folder / "manifest.json").read_text()
        manifest: dict[str, dict[str, Any]] = json.loads(text)
        return manifest

    def page(self, entries: Iterable[str], expected: Iterable[str]) -> PageFiles:
        """Files of a page: the scripts `entries`, and the modules `expected` to be imported.

        Naming those ahead lets the browser fetch them together instead of one after another.
        """
        styles: dict[str, None] = {}
        modules: dict[str, None] = {}
        for source in (*entries, *expected):
            self._collect(source, styles, modules, set())
        scripts = [self.manifest[entry]["file"] for entry in entries]
        preloads = [name for name in modules if name not in scripts]
        # A browser asks for six at a time: the last should be those that come quickly.
        preloads.sort(key=lambda name: (self.folder / name).stat().st_size, reverse=True)
        return PageFiles(scripts, list(styles), preloads)

    def _collect(
        self, source: str, styles: dict[str, None], modules: dict[str, None], seen: set[str]
    ) -> None:
        chunk = self.manifest.get(source)
        if chunk is None or source in seen:
            return
        seen.add(source)
        for imported in chunk.get("imports", ()):
            self._collect(imported, styles, modules, seen)
        styles.update(dict.fromkeys(chunk.get("css", ())))
        modules[chunk["file"]] = None


@route("static/(.*)", Caller.ANYBODY, pattern=r"static/(.*)")
class StaticFilesHandler(StaticFileHandler):
    """Built files, compressed ahead where the browser takes it, without sign-in."""

    def set_default_headers(self) -> None:
        static_headers(self)

    def parse_url_path(self, url_path: str) -> str:
        if "\0" in url_path:
            # No file system has such a name, and Python's functions raise instead of finding none.
            raise HTTPError(HTTPStatus.NOT_FOUND)
        path: str = super().parse_url_path(url_path)
        return path

    def validate_absolute_path(self, root: str, absolute_path: str) -> str | None:
        path = super().validate_absolute_path(root, absolute_path)
        if path is None:
            return None
        self._content_type = mimetypes.guess_type(path)[0] or "application/octet-stream"
        self.set_header("Vary", "Accept-Encoding")
        accepted = self.request.headers.get("Accept-Encoding", "")
        for coding, suffix in _CODINGS:
            if coding in accepted and os.path.exists(path + suffix):
                self.set_header("Content-Encoding", coding)
                return super().validate_absolute_path(root, path + suffix)
        return path

    @classmethod
    def get_content(
        cls, abspath: str, start: int | None = None, end: int | None = None
    ) -> Generator[bytes, None, None]:
        """Content as a whole: in pieces, the largest file would wait for all others after each."""
        yield Path(abspath).read_bytes()[start:end]

    def get_content_type(self) -> str:
        return self._content_type

    def get_cache_time(self, path: str, modified: Any, mime_type: str) -> int:
        return _KEEP_SECONDS if path.startswith("assets/") else 0

    def set_extra_headers(self, path: str) -> None:
        if path.startswith("assets/"):
            self.set_header("Cache-Control", f"public, max-age={_KEEP_SECONDS}, immutable")
