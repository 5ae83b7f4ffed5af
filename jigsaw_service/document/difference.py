"""Difference: the patch that leads from one state of a workspace to another."""

from typing import Any

from .records import Patch, Record, Records, changed_keys, on_canvas


def difference(old: Records, new: Records) -> Patch:
    """Patch that `apply(old, …)` needs to make `new` of it.

    A shape outlives a state that knows none, such as one from a file, while the mutation is the
    same and what hangs on the block fits.
    """
    blocks: dict[str, Any] = {
        block_id: None for block_id in old.blocks if block_id not in new.blocks
    }
    for block_id, record in new.blocks.items():
        before = old.blocks.get(block_id)
        if before is None:
            blocks[block_id] = record
        elif changed := changed_keys(before, _keep_shape(before, record, new, block_id)):
            blocks[block_id] = changed
    variables: dict[str, Any] = {
        variable_id: None for variable_id in old.vars if variable_id not in new.vars
    }
    for variable_id, variable in new.vars.items():
        if old.vars.get(variable_id) != variable:
            variables[variable_id] = variable
    patch: Patch = {}
    if blocks:
        patch["blocks"] = blocks
    if variables:
        patch["vars"] = variables
    return patch


def _keep_shape(before: Record, after: Record, new: Records, block_id: str) -> Record:
    same_kind = before["t"] == after["t"] and before.get("m") == after.get("m")
    if "s" in after or "s" not in before or not same_kind:
        return after
    return {**after, "s": before["s"]} if _suits(before["s"], after["at"], new, block_id) else after


def _suits(shape: Record, at: list[Any], new: Records, block_id: str) -> bool:
    """True if a block of this shape can stand where it does and hold what it does."""
    joints, inputs = shape["joints"], shape["in"]
    if not on_canvas(at) and ("o" if at[2:] == ["v"] else "p") not in joints:
        return False
    for child in new.children_of(block_id).values():
        place = new.blocks[child]["at"][1:]
        if place not in inputs if place else "n" not in joints:
            return False
    return True
