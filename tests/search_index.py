"""The search index, brought up to date at once instead of in pauses."""

from jigsaw_service.storage.database import Database
from jigsaw_service.workspaces.search import index


async def catch_up(database: Database) -> None:
    """Index all that waits now."""
    while await index.index_some(database):
        pass
