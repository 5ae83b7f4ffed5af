"""Test vectors that both implementations of docs/live.md are held to.

The service's own implementation writes them: `python -m tests.vectors`. The JSON files hold

    reducer.json     {name, start, batches: [{ops, patch}], end}: records, then batch upon batch
    xml.json         {name, xml or file (in tests/workspaces), records?, written}
    difference.json  {old, new, patch}: both parts of the patch, even if empty
    limits.json      what pages are told that a workspace may hold
"""

import json
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

from jigsaw_service.document.difference import difference
from jigsaw_service.document.records import Records, apply
from jigsaw_service.document.reducer import reduce
from jigsaw_service.document.validation import inspect, limits_told
from jigsaw_service.document.xml import read_records, write_xml
from jigsaw_service.errors import InvalidWorkspace

from . import cases
from .runs import MODES, Json, Run

FOLDER = Path(__file__).parent
WORKSPACES = FOLDER.parent / "workspaces"
# Bytes of a file whose records aren't written down, only what is written of them.
LARGE = 6000


def vectors() -> dict[str, str]:
    """The text of each file."""
    contents = {
        "reducer.json": [*_rules(), *_runs()],
        "xml.json": [*_documents(), *_files()],
        "difference.json": list(_differences()),
    }
    told = json.dumps(limits_told(), indent=2) + "\n"
    return {"limits.json": told} | {name: _lines(items) for name, items in contents.items()}


def _lines(items: list[Json]) -> str:
    """One vector a line, so that a change of one is a change of one line."""
    texts = (json.dumps(item, ensure_ascii=False, separators=(",", ":")) for item in items)
    return "[\n" + ",\n".join(texts) + "\n]\n"


def _recorded(name: str, start: Json, batches: list[list[Json]]) -> Json:
    records = Records.from_json(start)
    played: list[Any] = []
    for ops in batches:
        patch = reduce(records, ops)
        apply(records, patch)
        played.append({"ops": ops, "patch": deepcopy(patch)})
    return {"name": name, "start": start, "batches": played, "end": records.to_json()}


def _rules() -> Iterator[Json]:
    for name, start, ops in cases.OPERATIONS:
        yield _recorded(name, start, [ops])


def _runs() -> Iterator[Json]:
    for mode in MODES:
        for seed in range(4):
            run = Run(seed, mode)
            start = Records()
            apply(start, reduce(start, run.start()))
            batches = [ops for ops, _ in zip(run.batches(), range(20), strict=False)]
            yield _recorded(f"{mode} {seed}", start.to_json(), batches)


def _documents() -> Iterator[Json]:
    for name, xml in cases.XML.items():
        inspect(xml.encode())
        records = read_records(xml.encode())
        written = write_xml(records).decode()
        yield {"name": name, "xml": xml, "records": records.to_json(), "written": written}


def _files() -> Iterator[Json]:
    for path in sorted(WORKSPACES.glob("*.xml")):
        xml = path.read_bytes()
        try:
            inspect(xml)
        except InvalidWorkspace:
            continue
        records = read_records(xml)
        vector: Json = {"name": path.name, "file": path.name}
        if len(xml) < LARGE:
            vector["records"] = records.to_json()
        yield {**vector, "written": write_xml(records).decode()}


def _differences() -> Iterator[Json]:
    """From states of runs to later ones, with and without what XML doesn't say."""
    for mode in MODES:
        for seed in range(2):
            run = Run(seed, mode)
            old = Records()
            apply(old, reduce(old, run.start()))
            new = Records.from_json(old.to_json())
            for ops, _ in zip(run.batches(), range(8), strict=False):
                apply(new, reduce(new, ops))
            for later in new, read_records(write_xml(new)):
                patch = {"blocks": {}, "vars": {}, **difference(old, later)}
                yield {"old": old.to_json(), "new": later.to_json(), "patch": patch}
