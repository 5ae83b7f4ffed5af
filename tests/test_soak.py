"""A short soak; `make soak` goes on for as long as asked."""

from pathlib import Path

from .soak.soak import soak

SECONDS = 6.0


async def test_l1_to_l4_hold_though_the_service_is_killed_in_mid_edit(
    empty_url: str, tmp_path: Path
) -> None:
    processes = 1 if empty_url.startswith("sqlite") else 2
    assert await soak(tmp_path, empty_url, processes, SECONDS, seed=1) == []
