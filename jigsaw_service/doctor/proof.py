"""Proof to the running service that its caller may read its cookie secret.

A proof holds for some minutes. Those for the probes go out by the public URL, to any server that
answers there; so what only the service itself is asked takes another.
"""

import hashlib
from enum import Enum

from tornado.web import create_signed_value, decode_signed_value

HEADER = "X-Jigsaw-Doctor"
_DAYS = 10 / (24 * 60)


class Purpose(Enum):
    """Purpose of a proof: what it opens."""

    PROBES = "probes"
    INSIDE = "inside"


def prove(secret: bytes, purpose: Purpose) -> str:
    """A proof, made now."""
    return create_signed_value(_key(secret), purpose.value, "doctor").decode()


def proves(secret: bytes, purpose: Purpose, shown: str) -> bool:
    """True if `shown` was made for this purpose, under this secret, lately."""
    return bool(decode_signed_value(_key(secret), purpose.value, shown, max_age_days=_DAYS))


def _key(secret: bytes) -> bytes:
    return hashlib.sha256(b"jigsaw doctor" + secret).digest()
