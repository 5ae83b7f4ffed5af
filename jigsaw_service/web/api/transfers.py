"""`api/workspaces/{id}/transfer`, `api/transfers`: give a workspace away; accept or decline."""

from http import HTTPStatus
from typing import Any

from ...runtime.roles import Action
from ...sharing import transfers
from ...workspaces import store
from ..base import ApiHandler
from ..lists import list_json
from ..schema import NewTransfer
from .workspaces import workspace_json


def transfer_json(offer: transfers.Offer) -> dict[str, Any]:
    return {
        "id": offer.transfer.id,
        "workspace_id": offer.workspace.id,
        "name": offer.workspace.name,
        "language": offer.workspace.language,
        "owner": offer.owner,
        "to": offer.transfer.name,
        "created": offer.transfer.created.isoformat(),
    }


class WorkspaceTransfer(ApiHandler):
    """`api/workspaces/{id}/transfer`: the offer that stands; make one, or take it back."""

    async def get(self, workspace_id: str) -> None:
        async with self.services.database.read() as db:
            found = await store.find(db, self.user, workspace_id, Action.REVIEW)
            offer = await transfers.standing(db, found.workspace)
        self.answer(transfer_json(offer))

    async def post(self, workspace_id: str) -> None:
        wanted = self.shape(NewTransfer)
        async with self.services.database.write() as db:
            found = await store.find(db, self.user, workspace_id, Action.TRANSFER, lock=True)
            offer, new = await transfers.offer(db, self.user, found, to=wanted.to)
        self.answer(transfer_json(offer), HTTPStatus.CREATED if new else HTTPStatus.OK)

    async def delete(self, workspace_id: str) -> None:
        async with self.services.database.write() as db:
            found = await store.find(db, self.user, workspace_id, Action.TRANSFER, lock=True)
            await transfers.withdraw(db, self.user, found.workspace)
        self.set_status(HTTPStatus.NO_CONTENT)


class TransferList(ApiHandler):
    """`api/transfers`: what others offer to me."""

    async def get(self) -> None:
        async with self.services.database.read() as db:
            offers = await transfers.offers(db, self.user)
        self.answer(list_json(self, [transfer_json(offer) for offer in offers]))


class TransferAccept(ApiHandler):
    """`api/transfers/{id}/accept`: the workspace is mine."""

    async def post(self, transfer_id: str) -> None:
        number = int(transfer_id)
        async with self.services.database.read() as db:
            workspace_id = (await transfers.find(db, self.user, number)).workspace.id
        async with self.services.database.write(about=workspace_id) as db:
            connection = await db.connection()
            await connection.run_sync(store.lock, workspace_id)
            mine = await transfers.accept(db, self.user, number, limits=self.services.limits)
        self.answer(workspace_json(mine))


class TransferDecline(ApiHandler):
    """`api/transfers/{id}/decline`: no, thank you."""

    async def post(self, transfer_id: str) -> None:
        async with self.services.database.write() as db:
            await transfers.decline(db, self.user, int(transfer_id))
        self.set_status(HTTPStatus.NO_CONTENT)
