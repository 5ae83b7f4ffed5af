"""`api/workspaces/{id}/shares`: who has access."""

from http import HTTPStatus
from typing import Any

from ...runtime.roles import Action, Role
from ...sharing import grants
from ...sharing.grants import Grantee
from ...storage.tables import Share
from ...workspaces import store
from ..base import ApiHandler
from ..lists import list_json
from ..schema import NewShare, ShareChanges


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


class ShareList(ApiHandler):
    """`api/workspaces/{id}/shares`: who has access besides the owner; give it to somebody."""

    async def get(self, workspace_id: str) -> None:
        async with self.services.database.read() as db:
            found = await store.find(db, self.user, workspace_id, Action.READ)
            shares = await grants.shares(db, found.workspace)
        self.answer(list_json(self, [share_json(share) for share in shares]))

    async def post(self, workspace_id: str) -> None:
        wanted = self.shape(NewShare)
        to = next(one for one in Grantee if one.value in wanted.model_fields_set)
        async with self.services.database.write(about=workspace_id) as db:
            found = await store.find(db, self.user, workspace_id, Action.SHARE, lock=True)
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


class ShareItem(ApiHandler):
    """`api/workspaces/{id}/shares/{share_id}`: change the role; take it back, or leave."""

    async def patch(self, workspace_id: str, share_id: str) -> None:
        wanted = self.shape(ShareChanges)
        async with self.services.database.write(about=workspace_id) as db:
            found = await store.find(db, self.user, workspace_id, Action.SHARE, lock=True)
            share = await grants.find_share(db, found.workspace, int(share_id))
            grants.change(db, self.user, share, Role[wanted.role.upper()])
        self.answer(share_json(share))

    async def delete(self, workspace_id: str, share_id: str) -> None:
        async with self.services.database.write(about=workspace_id) as db:
            found = await store.find(db, self.user, workspace_id, Action.LEAVE, lock=True)
            await grants.revoke(db, self.user, found, int(share_id))
        self.set_status(HTTPStatus.NO_CONTENT)
