"""`api/export`: all that I own."""

from datetime import datetime, timezone

from tornado.iostream import StreamClosedError

from ...workspaces import account_export
from ...workspaces.export import file_stem
from ..access import Caller
from ..base import ApiHandler
from ..route import OK, operation, route
from .workspaces import attachment


@route("api/export")
class AccountExportHandler(ApiHandler):
    """`api/export`: a zip of everything the caller owns, sent while it is made."""

    @operation(
        "Everything the caller owns, but what is in the trash, as a zip that can be imported.",
        Caller.SIGNED_IN,
        {OK: ("application/zip",)},
        headers={OK: ("Content-Disposition",)},
    )
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
            # The client has disconnected.
            return
        self.finish()
