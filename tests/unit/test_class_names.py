"""House rule: a class name means one thing, wherever in the service one reads it."""

import ast
from collections import defaultdict
from pathlib import Path

import jigsaw_service

ROOT = Path(jigsaw_service.__file__).parent


def test_no_class_name_is_declared_twice() -> None:
    declared = defaultdict(list)
    for file in sorted(ROOT.rglob("*.py")):
        if "node_modules" in file.parts:
            continue
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.ClassDef):
                declared[node.name].append(f"{file.relative_to(ROOT)}:{node.lineno}")

    assert len(declared) > 200
    assert {name: places for name, places in declared.items() if len(places) > 1} == {}
