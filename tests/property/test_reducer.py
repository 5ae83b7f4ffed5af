"""Long runs of any operations on few blocks: nothing breaks, nothing is lost.

`tests/vectors/invariants.py` says what must hold; here it is held against long runs, and the
runs are held against reducers with a rule left out.
"""

import random
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jigsaw_service.document import reducer
from jigsaw_service.document.operations import read_batch
from jigsaw_service.document.records import Records
from jigsaw_service.errors import InvalidOperations
from jigsaw_service.runtime.limits import Limits
from tests.vectors.invariants import play, step
from tests.vectors.runs import MODES, Run

Draft = reducer.Draft


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from(sorted(MODES)))
def test_l4_long_runs_of_edits_lose_no_block_and_break_no_rule(seed: int, mode: str) -> None:
    play(seed, mode, operations=250)


@pytest.mark.parametrize("mode", MODES)
def test_runs_hold_only_operations_that_people_may_send(mode: str) -> None:
    run = Run(0, mode)

    for _ in range(500):
        ops = [run.operation()]
        assert read_batch(ops, Limits()) == ops


GARBAGE = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=3) | st.sampled_from("abcdef"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=6,
)


@settings(max_examples=300)
@given(st.integers(0, 2**32), st.sampled_from(sorted(MODES)), GARBAGE)
def test_what_isnt_refused_in_words_does_no_harm(seed: int, mode: str, garbage: Any) -> None:
    run, chance = Run(seed, mode), random.Random(seed)
    records = Records()
    step(records, run.start())

    for _ in range(20):
        ops = [spoilt(run.operation(), garbage, chance)]
        try:
            ops = read_batch(ops, Limits())
        except InvalidOperations as refusal:
            assert refusal.detail.startswith("ops[0]")
            assert refusal.detail.endswith(".")
        else:
            step(records, ops, with_xml=True)


def spoilt(value: Any, garbage: Any, chance: random.Random) -> Any:
    """The same with garbage somewhere in it."""
    if not isinstance(value, dict | list) or not value or chance.random() < 0.1:
        return garbage
    items = list(value.items()) if isinstance(value, dict) else list(enumerate(value))
    at, inner = chance.choice(items)
    if isinstance(value, dict) and chance.random() < 0.1:
        return {**value, str(garbage): inner}
    copy: Any = value.copy()
    copy[at] = spoilt(inner, garbage, chance)
    return copy


class NoCycleCheck(Draft):
    def _is_within(self, block_id: str, ancestor: str) -> bool:
        return False


class NoDisplacement(Draft):
    def _place(self, block_id: str, at: list[Any]) -> None:
        if self._fits(block_id, at):
            self._put_at(block_id, at)


class NoSurvivors(Draft):
    def _delete(self, ids: list[str]) -> None:
        for block_id in ids:
            if self._block(block_id) is not None:
                self._blocks[block_id] = None


class DeleteAllThatHangsOn(Draft):
    def _delete(self, ids: list[str]) -> None:
        waiting = [one for one in ids if self._block(one) is not None]
        for block_id in waiting:
            waiting.extend(self._children_of(block_id).values())
        super()._delete(waiting)


class NoGapClosed(Draft):
    def _gap_left_by(self, block_id: str, doomed: Mapping[str, None]) -> None:
        return None


class GapClosedWhateverTheJoint(Draft):
    def _gap_left_by(self, block_id: str, doomed: Mapping[str, None]) -> Any:
        record = self._block(block_id)
        return record and record["at"]


class NoShapeChecked(Draft):
    def _joins(self, block_id: str, at: list[Any]) -> bool:
        block, parent = self._block(block_id), self._block(at[0])
        if block is None or parent is None:
            return False
        return "#comment" not in (block["t"], parent["t"])


class NoReshaping(Draft):
    def _reshaped(self, block_id: str, record: dict[str, Any]) -> None:
        pass


class OnlyChildrenReshaped(Draft):
    def _reshaped(self, block_id: str, record: dict[str, Any]) -> None:
        for child in list(self._children_of(block_id).values()):
            if not self._joins(child, self._edit(child)["at"]):
                self._put_at(child, self._beside_root(child))


class NoUseCounts(Draft):
    def _in_use(self, variable_id: str) -> bool:
        return False


class EveryUseCounts(Draft):
    def _in_use(self, variable_id: str) -> bool:
        return True


class NoVariableComesBack(Draft):
    def _reference(self, field: dict[str, Any]) -> dict[str, Any]:
        return {"var": field["var"]}


class FieldsKeepNames(Draft):
    def _reference(self, field: dict[str, Any]) -> dict[str, Any]:
        super()._reference(field)
        return field


class CommentsInPrograms(Draft):
    def _joins(self, block_id: str, at: list[Any]) -> bool:
        block, parent = self._block(block_id), self._block(at[0])
        if block and parent and "#comment" in (block["t"], parent["t"]):
            return True
        return super()._joins(block_id, at)


class SecondOfOneId(Draft):
    def _new(self, block_id: str, record: dict[str, Any]) -> None:
        if (before := self._block(block_id)) is not None:
            self._unlink(block_id, before["at"])
            self._blocks[block_id] = None
        super()._new(block_id, record)


class SaysWhatDoesNotChange(Draft):
    def effects(self) -> dict[str, Any]:
        return {"blocks": self._blocks, "vars": self._vars}


class WorksOnTheRecords(Draft):
    def _edit(self, block_id: str) -> dict[str, Any]:
        return self._blocks.setdefault(block_id, self._base.blocks[block_id]) or {}


class NoVariableNamesUnique(Draft):
    def _variable(self, variable_id: str, name: str, kind: str) -> None:
        before = self._var(variable_id) or {"type": kind}
        self._vars[variable_id] = {**before, "name": name}


class NoProcedureNamesUnique(Draft):
    def _free_procedure_name(self, name: str, own: Any) -> str:
        return name


class NamesAreNeverReleased(Draft):
    def _note(self, record: dict[str, Any], key: str, sign: int) -> None:
        super()._note(record, key, max(sign, 0))


MUTANTS = [
    NoCycleCheck,
    NoDisplacement,
    NoSurvivors,
    DeleteAllThatHangsOn,
    NoGapClosed,
    GapClosedWhateverTheJoint,
    NoShapeChecked,
    NoReshaping,
    OnlyChildrenReshaped,
    NoUseCounts,
    EveryUseCounts,
    NoVariableComesBack,
    FieldsKeepNames,
    CommentsInPrograms,
    SecondOfOneId,
    SaysWhatDoesNotChange,
    WorksOnTheRecords,
    NoVariableNamesUnique,
    NoProcedureNamesUnique,
    NamesAreNeverReleased,
]


def patient(mutant: type[Draft]) -> type[Draft]:
    """The mutant, stopped when it runs in circles."""

    class Patient(mutant):  # type: ignore[misc, valid-type]
        _looks = 0

        def _block(self, block_id: str) -> Any:
            self._looks += 1
            assert self._looks < 100_000, "it runs in circles"
            return super()._block(block_id)

        def _children_of(self, block_id: str) -> Any:
            self._looks += 1
            assert self._looks < 100_000, "it runs in circles"
            return super()._children_of(block_id)

    return Patient


def breaks(seeds: int) -> bool:
    for seed in range(seeds):
        for mode in MODES:
            try:
                play(seed, mode, operations=250)
            except (AssertionError, KeyError):
                return True
    return False


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.__name__)
def test_the_runs_find_a_reducer_that_leaves_out_a_rule(
    mutant: type[Draft], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reducer, "Draft", patient(mutant))

    assert breaks(seeds=20)


def test_the_runs_find_nothing_where_no_rule_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reducer, "Draft", patient(Draft))

    assert not breaks(seeds=3)
