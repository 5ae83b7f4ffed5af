"""Limits: what one person may use, and how large things may be. Each is declared here alone."""

from dataclasses import dataclass, field


def _setting(value: int, about: str) -> int:
    """A limit that an admin may set, under its own name."""
    limit: int = field(default=value, metadata={"help": about})
    return limit


@dataclass(frozen=True)
class Limits:
    """Limits on what one person may use, and on the size of things. Sizes are bytes."""

    workspace_bytes: int = _setting(2 * 1024 * 1024, "Largest workspace, in bytes.")
    workspaces_per_user: int = _setting(1000, "How many workspaces one person may own.")
    import_bytes: int = _setting(64 * 1024 * 1024, "Largest import, in bytes.")
    import_part_bytes: int = 512 * 1024
    imports_per_user: int = 4
    """Imports that were begun and not finished; the oldest of more gives way."""
    import_entries: int = 1000
    """Workspaces in one zip."""
    revision_minutes: int = 5
    revisions_all_days: int = _setting(
        2,
        "How many days every automatic revision is kept. Revisions that somebody named, "
        "uploaded or restored are always kept.",
    )
    revisions_hourly_days: int = _setting(
        14, "Up to this age in days, one automatic revision an hour is kept."
    )
    revisions_daily_days: int = _setting(
        90, "Up to this age in days, one automatic revision a day is kept; then one a week."
    )
    history_days: int = _setting(
        7, "How many days of single changes are kept, for playback. Revisions are kept anyway."
    )
    history_changes: int = _setting(
        5000, "How many single changes of a workspace are kept at most."
    )
    connections_per_user: int = _setting(50, "How many editors one person may have open at once.")
    live_messages_per_second: int = _setting(
        50,
        "How many changes a second one editor may send in the long run; "
        "for a while, ten times as many.",
    )
    links_per_workspace: int = 100
    """Share links that were not revoked."""
    collections_per_workspace: int = 100
    trash_days: int = _setting(30, "How many days the trash keeps a workspace.")
    events_days: int = _setting(
        365, "How many days the record of who shared, transferred or deleted what is kept."
    )
