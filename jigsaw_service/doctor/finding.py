"""A finding: what is wrong, where, and the line that mends it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any


class Place(Enum):
    """Place of a fault, and what its lines of mending are written in."""

    NGINX = "nginx"
    APACHE = "Apache"
    HUB = "jupyterhub_config.py"
    SERVICE = "the service's configuration"
    SHELL = "a shell on the Hub's machine"


@dataclass(frozen=True, slots=True)
class Finding:
    """Finding: one thing that is wrong."""

    name: str
    """Name in kebab-case; documentation and tests know it by this."""
    says: str
    """Text for an admin, of one or two sentences: the fault, and what it breaks."""
    where: str
    """Source: what was asked, and what came back."""
    mend: Mapping[Place, str] = field(default_factory=dict)
    """The line to write, by the place to write it."""

    def as_json(self) -> dict[str, Any]:
        """JSON object, as `doctor --json` and `api/doctor` tell it."""
        return {
            "name": self.name,
            "says": self.says,
            "where": self.where,
            "mend": [{"place": place.value, "line": line} for place, line in self.mend.items()],
        }
