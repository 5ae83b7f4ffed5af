"""The service's word on documents and operations, for tests of the editor.

`python -m tests.vectors.judge`: each line asks `{xml, batches}` and is answered by one, `{refused}`
or `{written, patches, end}`, where a batch that is refused has no patch; or it asks `{xml}` or
`{json}`, and is answered with the other.
"""

import json
import sys
from typing import Any

from jigsaw_service.document.blockly_json.reading import read_json, to_xml
from jigsaw_service.document.blockly_json.writing import to_json
from jigsaw_service.document.operations import check_result, read_batch
from jigsaw_service.document.records import Records, apply
from jigsaw_service.document.reducer import reduce
from jigsaw_service.document.validation import inspect
from jigsaw_service.document.xml import read_records, write_xml
from jigsaw_service.errors import JigsawError
from jigsaw_service.runtime.limits import Limits

_LIMITS = Limits()


def judge(xml: str, batches: list[Any]) -> dict[str, Any]:
    """Judge the XML and the batches as the service does."""
    try:
        inspect(xml.encode())
    except JigsawError as refused:
        return {"refused": refused.detail}
    records = read_records(xml.encode())
    written = write_xml(records).decode()
    patches = [_patch(records, batch) for batch in batches]
    return {"written": written, "patches": patches, "end": write_xml(records).decode()}


def _patch(records: Records, batch: Any) -> Any:
    try:
        patch = reduce(records, read_batch(batch, _LIMITS))
    except JigsawError:
        return None
    # As it travels: nothing of it is the records' own.
    told = json.dumps(patch)
    inverse = apply(records, patch)
    try:
        check_result(records, patch, _LIMITS.workspace_bytes)
    except JigsawError:
        apply(records, inverse)
        return None
    return json.loads(told)


def _answer(asked: dict[str, Any]) -> dict[str, Any]:
    if "batches" in asked:
        return judge(**asked)
    if "json" in asked:
        return {"xml": to_xml(read_json(asked["json"].encode())).decode()}
    return {"json": to_json(asked["xml"].encode())}


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(_answer(json.loads(line))), flush=True)
