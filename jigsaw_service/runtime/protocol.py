"""Protocol: the numbers that service and editor share, read by both from `protocol.json`.

Close codes of the live socket and of kernels' sockets are by slug (RFC 6455 §7.4.2: 4000 to 4999
are private). The editor reads the same file in `editor/src/api/protocol.ts`.
"""

import json
from pathlib import Path
from typing import Any

_SHARED: dict[str, Any] = json.loads(Path(__file__).with_suffix(".json").read_text("utf-8"))

# Of live messages; a browser with another one is refused.
VERSION: int = _SHARED["version"]
LIVE_CLOSED: dict[str, int] = _SHARED["live_closed"]
KERNEL_CLOSED: dict[str, int] = _SHARED["kernel_closed"]
