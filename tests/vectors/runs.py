"""Long runs of operations by people who don't look: few blocks, so that they always meet."""

import random
from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]

IDS = "abcdefghijkl"
ODD_IDS = ["__proto__", "constructor", 'q"', "a&b", "1", "0", "<", "Σ😀", "~1", "next", "in A"]
VARIABLES = ["v", "w", 'u"&', "__proto__"]
NAMES = ["i", "i2", "j", "I"]
TYPES = ["t", "unknown.type", "procedures_defnoreturn", "procedures_defreturn"]
SHAPES: list[Json | None] = [
    None,
    {"in": [["A", "v"], ["DO", "s"]], "joints": "pn"},
    {"in": [["DO", "s"], ["A", "v"]], "joints": "pn"},
    {"in": [["A", "s"]], "joints": "pn"},
    {"in": [["A", "v"], ["B", "v"]], "joints": "o"},
    {"in": [["DO", "s"]], "joints": ""},
    {"in": [], "joints": "p"},
    {"in": [], "joints": "n"},
]
MUTATIONS = [
    '<mutation items="2"/>',
    '<mutation><arg name="i" varid="v"/></mutation>',
    '<mutation><arg varid="u&quot;&amp;"/></mutation>',
]
SHADOWS = [
    '<shadow type="math_number" id="s%d"><field name="NUM">1</field></shadow>',
    '<shadow type="variables_get" id="s%d"><field name="VAR" id="w">j</field></shadow>',
]
MODES = {
    #          new set  mv del var vdel
    "mixed": [(20, 20, 35, 12, 6, 7), IDS],
    "hot": [(2, 2, 93, 1, 1, 1), IDS[:9]],
    "deletes": [(40, 2, 33, 25, 0, 0), IDS],
    "shapes": [(15, 50, 35, 0, 0, 0), IDS[:8]],
    "variables": [(10, 40, 5, 5, 20, 20), IDS[:5]],
    "odd": [(20, 20, 35, 10, 7, 8), ODD_IDS],
}


class Run:
    """One seeded run: `batches` goes on for as long as it is asked."""

    def __init__(self, seed: int, mode: str) -> None:
        self._random = random.Random(f"{mode} {seed}")
        self._weights, ids = MODES[mode]
        self.ids = list(ids)
        self._shadows = 0

    def start(self) -> list[Json]:
        """Operations that fill an empty workspace."""
        return [self._new(block_id, {"at": self._at(0.5)}) for block_id in self.ids]

    def batches(self, most: int = 3) -> Iterator[list[Json]]:
        while True:
            yield [self.operation() for _ in range(self._random.randint(1, most))]

    def operation(self) -> Json:
        [kind] = self._random.choices(["new", "set", "mv", "del", "var", "vdel"], self._weights)
        block_id = self._some_id()
        if kind == "new":
            return self._new(block_id, {})
        if kind == "set":
            return {"op": "set", "id": block_id, "keys": self._keys()}
        if kind == "mv":
            return {"op": "mv", "id": block_id, "at": self._at(0.1)}
        if kind == "del":
            return {"op": "del", "ids": [self._some_id() for _ in range(self._one([1, 1, 2, 4]))]}
        variable: Json = {"op": kind, "id": self._one(VARIABLES)}
        if kind == "var":
            variable["name"] = self._one(NAMES)
            if self._random.random() < 0.3:
                variable["type"] = self._one(["", "Number"])
        return variable

    def _one(self, choices: Any) -> Any:
        return self._random.choice(choices)

    def _some_id(self) -> str:
        return "nobody" if self._random.random() < 0.02 else str(self._one(self.ids))

    def _new(self, block_id: str, keys: Json) -> Json:
        if self._random.random() < 0.05:
            at = self._at(0.7)
            return {"op": "new", "id": block_id, "record": {"t": "#comment", "at": at, "d": "Hi"}}
        record: Json = {"t": self._one(TYPES), "at": self._at(0.3), **keys}
        for key, value in self._keys().items():
            if value is not None:
                record[key] = value
        return {"op": "new", "id": block_id, "record": record}

    def _at(self, canvas: float) -> list[Any]:
        if self._random.random() < canvas:
            return [self._one([None, 0, 10, -5]), self._one([None, 0, 20])]
        parent = self._some_id()
        return [parent, *self._one([[], [], ["A", "v"], ["A", "s"], ["DO", "s"], ["B", "v"]])]

    def _keys(self) -> Json:
        keys: Json = {}
        for _ in range(self._random.randint(1, 3)):
            key = self._one(["m", "s", "f:NAME", "f:VAR", "sh:A", "ss:DO", "sn", "a:inline", "c"])
            keys[key] = self._value(key)
        return keys

    def _value(self, key: str) -> Any:
        if self._random.random() < 0.15:
            return None
        if key == "s":
            return self._one(SHAPES)
        if key == "m":
            return self._one(MUTATIONS)
        if key == "c":
            return "<comment>Why</comment>"
        if key == "f:NAME":
            return self._one(NAMES)
        if key == "f:VAR":
            field = {"var": self._one(VARIABLES)}
            return field | self._one([{}, {"name": self._one(NAMES), "type": ""}])
        if key == "a:inline":
            return self._one(["true", "false"])
        self._shadows += 1
        return self._one(SHADOWS) % self._shadows
