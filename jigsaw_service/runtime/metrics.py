"""Metrics for Prometheus: of this process alone, and without names of people."""

import asyncio
import time

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
)

_EVERY_SECONDS = 0.25


class Metrics:
    """Names follow JupyterHub's own."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        PlatformCollector(registry=registry)
        GCCollector(registry=registry)
        self.requests = Histogram(
            "jigsaw_request_duration_seconds",
            "How long requests took",
            ["method", "handler", "code"],
            registry=registry,
        )
        self.executions = Counter(
            "jigsaw_executions", "Runs by api/…/execute", ["status"], registry=registry
        )
        self.execution_seconds = Histogram(
            "jigsaw_execution_duration_seconds", "How long these took", registry=registry
        )
        self.loop_interval = Histogram(
            "jigsaw_event_loop_interval_seconds",
            f"Seconds between two turns that should be {_EVERY_SECONDS} apart",
            buckets=(0.26, 0.275, 0.3, 0.35, 0.5, 1, 2.5, 5, 10),
            registry=registry,
        )
        self.websockets = Gauge("jigsaw_websockets", "Open sockets", ["kind"], registry=registry)
        self.rooms = Gauge("jigsaw_rooms", "Workspaces that are open", registry=registry)
        self.active_users = Gauge(
            "jigsaw_active_users", "People seen lately", ["period"], registry=registry
        )
        self.workspaces = Gauge("jigsaw_workspaces", "All workspaces", registry=registry)
        self.revision = Gauge(
            "jigsaw_db_revision_info",
            "The schema that this version needs",
            ["revision"],
            registry=registry,
        )

    async def watch_loop(self) -> None:
        """Measure for ever how late the event loop is."""
        last = time.perf_counter()
        while True:
            await asyncio.sleep(_EVERY_SECONDS)
            now = time.perf_counter()
            self.loop_interval.observe(now - last)
            last = now
