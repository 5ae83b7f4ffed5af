"""Browser for tests: the system's Chromium where there is one, else Playwright's."""

import os
import shutil
from typing import Any

LAUNCH: dict[str, Any] = {
    "executable_path": shutil.which("chromium") or shutil.which("google-chrome"),
    # Root, as in containers, has no sandbox; nothing here loads a stranger's page.
    "chromium_sandbox": os.geteuid() != 0,
    "args": ["--disable-background-networking", "--disable-component-update", "--disable-sync"],
}
