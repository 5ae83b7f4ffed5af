"""`api/kernelspecs`: the kernels on the caller's server, and what is known against them."""

import json
from typing import Any

from .jupyter import OwnServerHandler


class KernelSpecList(OwnServerHandler):
    """What the server lists, with what the service has heard of each."""

    async def get(self) -> None:
        _, _, content = await self.parts.servers.request(self.owner, "GET", "api/kernelspecs")
        listed = json.loads(content)
        specs: dict[str, Any] = listed["kernelspecs"]
        self.parts.heard.specs.listed(self.owner, frozenset(specs))
        items = [self._item(name, spec["spec"]) for name, spec in specs.items()]
        self.answer({"default": listed["default"], "items": items})

    def _item(self, name: str, spec: dict[str, Any]) -> dict[str, Any]:
        known = self.parts.heard.specs
        return {
            "name": name,
            "title": spec.get("display_name") or name,
            "language": spec.get("language") or "",
            "why_not": known.why_not(self.owner, name),
            "only_yours": known.only_of(self.owner, name),
        }
