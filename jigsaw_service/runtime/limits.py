"""What one person may use, and how large things may be."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """What one person may use, and how large things may be. Sizes are bytes."""

    workspace_bytes: int = 2 * 1024 * 1024
    workspaces_per_user: int = 1000
    import_bytes: int = 64 * 1024 * 1024
    import_part_bytes: int = 512 * 1024
    imports_per_user: int = 4
    """Imports that were begun and not finished; the oldest of more gives way."""
    import_entries: int = 1000
    """Workspaces in one zip."""
    revision_minutes: int = 5
    revisions_all_days: int = 2
    """How long every automatic revision is kept; see `thinning` for those that are older."""
    revisions_hourly_days: int = 14
    revisions_daily_days: int = 90
    history_days: int = 7
    """How long the log of changes goes back, besides the revisions."""
    history_changes: int = 5000
    """How many changes of one workspace it holds at most."""
    connections_per_user: int = 50
    """Live sockets."""
    live_messages_per_second: int = 50
    """From one live socket, in the long run; for a while, ten times as many."""
    links_per_workspace: int = 100
    """Share links that were not revoked."""
    collections_per_workspace: int = 100
    trash_days: int = 30
    """How long the trash keeps a workspace."""
    events_days: int = 365
    """How long the record of what was done about a workspace is kept."""
