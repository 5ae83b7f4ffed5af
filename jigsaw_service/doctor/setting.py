"""Setting: what the Hub and the operator told the service of this set-up."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Setting:
    """Each is "" where it isn't known to whoever runs the checks."""

    service_url: str = ""
    """URL at which the service listens, as `http://127.0.0.1:10110`."""
    service_name: str = ""
    told_public_url: str = ""
    """Public URL by the Hub; "" unless the Hub was told it."""
    db_url: str = ""
    cookie_secret_file: str = ""
    cookie_secret: bytes = b""
    """The one in use, which only the running service knows."""
    notebook_origins: tuple[str, ...] = ()
    """As they were written."""
    certificate: str = ""
    """The service's own, which the Hub hands out with `internal_ssl`."""


NOTHING_TOLD = Setting()
