"""`api/export`: all that I own."""

from datetime import datetime, timezone

from tornado.iostream import StreamClosedError

from ...workspaces import account_export
from ...workspaces.export import file_stem
from ..base import ApiHandler
from .workspaces import attachment


class Takeaway(ApiHandler):
    """`api/export`: a zip of everything the caller owns, sent while it is made."""

    async def get(self) -> None:
        today = datetime.now(timezone.utc).date().isoformat()
        name = attachment(f"{file_stem(self.user.name)} {today}.zip")
        self.set_header("Content-Type", "application/zip")
        self.set_header("Content-Disposition", name)
        self.set_header("Cache-Control", "private, no-cache")
        try:
            async for piece in account_export.pieces(self.services.database, self.user.id):
                self.write(piece)
                await self.flush()
        except StreamClosedError:
            # Whoever asked has gone away.
            return
        self.finish()
