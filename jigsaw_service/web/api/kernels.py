"""`api/kernelspecs`: the kernels on the caller's server, and what is known against them."""

from typing import Any

from ...jupyter.specs import kernelspecs
from ..access import Caller
from ..responses import KernelSpecsResponse
from ..route import JUPYTER_REFUSALS, OK, SERVER, operation, route
from .jupyter import OwnServerHandler


@route("api/kernelspecs")
class KernelSpecListHandler(OwnServerHandler):
    """Kernelspecs of the server, with what the service has heard of each."""

    @operation(
        "The kernels on the caller's server, and what is known against each.",
        Caller.SIGNED_IN,
        {OK: KernelSpecsResponse},
        parameters=(SERVER,),
        refusals=JUPYTER_REFUSALS,
    )
    async def get(self) -> None:
        default, specs = await kernelspecs(self.services.servers, self.owner)
        self.services.incidents.specs.listed(self.owner, frozenset(specs))
        items = [self._item(name, spec) for name, spec in specs.items()]
        self.answer({"default": default, "items": items})

    def _item(self, name: str, spec: dict[str, Any]) -> dict[str, Any]:
        known = self.services.incidents.specs
        failure = known.failure(self.owner, name)
        return {
            "name": name,
            "title": str(spec.get("display_name") or name),
            "language": str(spec.get("language") or ""),
            "why_not": failure.why if failure else None,
            "fault": failure.fault if failure else None,
            "only_yours": known.only_of(self.owner, name),
        }
