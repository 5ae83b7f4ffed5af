"""Browser for tests: the system's Chromium where there is one, else Playwright's."""

import os
import shutil
from typing import Any

from playwright.async_api import expect

# However slow the machine is: what a person waits for is the order of things, not a time.
expect.set_options(timeout=60_000)

LAUNCH: dict[str, Any] = {
    "executable_path": shutil.which("chromium") or shutil.which("google-chrome"),
    # Root, as in containers, has no sandbox; nothing here loads a stranger's page.
    "chromium_sandbox": os.geteuid() != 0,
    "args": ["--disable-background-networking", "--disable-component-update", "--disable-sync"],
}
