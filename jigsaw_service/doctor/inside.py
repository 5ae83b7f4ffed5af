"""The checks from inside: what the Hub, the database and this machine tell the service."""

from .examination import Check

INSIDE: list[Check] = []
