"""Setting: what the Hub and the operator told the service of this set-up."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Setting:
    """Settings of the set-up, each "" where it isn't known here."""

    service_url: str = ""
    """URL at which the service listens, as `http://127.0.0.1:10110`."""
    service_name: str = ""
    told_public_url: str = ""
    """Public URL by the Hub; "" unless the Hub was told it."""
    db_url: str = ""
    cookie_secret_file: str = ""
    cookie_secret: bytes = b""
    """Secret in use, which only the running service knows."""
    notebook_origins: tuple[str, ...] = ()
    """Origins as they were written."""
    certificate: str = ""
    """Certificate of the service, which the Hub hands out with `internal_ssl`."""


NOTHING_TOLD = Setting()
