"""`api/workspaces/{id}/shares`: who has access."""

from http import HTTPStatus
from typing import Any

from ... import errors
from ...runtime.roles import Action, Role
from ...sharing import grants
from ...sharing.grants import Grantee
from ...storage.tables import Share
from ..base import ApiHandler
from ..lists import list_json
from ..requests import NewShare, ShareChanges
from ..responses import ShareResponse, SharesResponse
from ..route import CREATED, EMPTY, ITEM, OK, READ_REFUSALS, WRITE_REFUSALS, operation, route

ONES_OWN = " (one's own)"


def share_json(share: Share) -> dict[str, Any]:
    user = share.kind == Grantee.USER
    return {
        "id": share.id,
        "user": share.name if user else None,
        "group": share.name if share.kind == Grantee.GROUP else None,
        "everyone": share.kind == Grantee.EVERYONE,
        "role": Role(share.role).word,
        "signed_in": share.account_id is not None if user else None,
        "created": share.created.isoformat(),
    }


@route(f"{ITEM}/shares")
class ShareListHandler(ApiHandler):
    """`api/workspaces/{id}/shares`: who has access besides the owner; give it to somebody."""

    @operation(
        "Who has access, besides the owner.",
        Action.READ,
        {OK: SharesResponse},
        refusals=READ_REFUSALS,
    )
    async def get(self, workspace_id: str) -> None:
        async with self.services.database.read() as db:
            found = await self.find(db, workspace_id)
            shares = await grants.shares(db, found.workspace)
        self.answer(list_json(self, [share_json(share) for share in shares]))

    @operation(
        "Give access; again changes the role.",
        Action.SHARE,
        {OK: ShareResponse, CREATED: ShareResponse},
        body=NewShare,
        refusals=(*WRITE_REFUSALS, errors.Conflict),
    )
    async def post(self, workspace_id: str) -> None:
        wanted = self.parse_body(NewShare)
        to = next(one for one in Grantee if one.value in wanted.model_fields_set)
        async with self.services.database.write(about=workspace_id) as db:
            found = await self.find(db, workspace_id, lock=True)
            granted = await grants.grant(
                db,
                self.user,
                found.workspace,
                to=to,
                name="" if to is Grantee.EVERYONE else getattr(wanted, to.value),
                role=Role[wanted.role.upper()],
            )
        status = HTTPStatus.CREATED if granted.new else HTTPStatus.OK
        self.answer(share_json(granted.share), status)


@route(f"{ITEM}/shares/{{share_id}}")
class ShareItemHandler(ApiHandler):
    """`api/workspaces/{id}/shares/{share_id}`: change the role; take it back, or leave."""

    @operation(
        "Change the role.",
        Action.SHARE,
        {OK: ShareResponse},
        body=ShareChanges,
        refusals=WRITE_REFUSALS,
    )
    async def patch(self, workspace_id: str, share_id: str) -> None:
        wanted = self.parse_body(ShareChanges)
        async with self.services.database.write(about=workspace_id) as db:
            found = await self.find(db, workspace_id, lock=True)
            share = await grants.find_share(db, found.workspace, int(share_id))
            grants.change(db, self.user, share, Role[wanted.role.upper()])
        self.answer(share_json(share))

    @operation(
        "Take access back, or leave.",
        Action.SHARE,
        {EMPTY: None},
        refusals=WRITE_REFUSALS,
        uses={ONES_OWN: Action.LEAVE},
    )
    async def delete(self, workspace_id: str, share_id: str) -> None:
        async with self.services.database.write(about=workspace_id) as db:
            found = await self.find(db, workspace_id, use=ONES_OWN, lock=True)
            await grants.revoke(db, self.user, found, int(share_id))
        self.set_status(HTTPStatus.NO_CONTENT)
