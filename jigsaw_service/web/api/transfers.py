"""`api/workspaces/{id}/transfer`, `api/transfers`: give a workspace away; accept or decline."""

from http import HTTPStatus
from typing import Any

from ... import errors
from ...runtime.roles import Action
from ...sharing import transfers
from ...workspaces import store
from ..access import Caller
from ..base import ApiHandler
from ..lists import list_json
from ..requests import NewTransfer
from ..responses import TransferResponse, TransfersResponse, WorkspaceResponse
from ..route import (
    CREATED,
    EMPTY,
    ITEM,
    OK,
    OWNER_REFUSALS,
    READ_REFUSALS,
    WRITE_REFUSALS,
    operation,
    route,
)
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


@route(f"{ITEM}/transfer")
class WorkspaceTransferHandler(ApiHandler):
    """`api/workspaces/{id}/transfer`: the offer that stands; make one, or take it back."""

    @operation(
        "To whom it is offered; 404: to nobody.",
        Action.REVIEW,
        {OK: TransferResponse},
        refusals=OWNER_REFUSALS,
    )
    async def get(self, workspace_id: str) -> None:
        async with self.services.database.read() as db:
            found = await self.find(db, workspace_id)
            offer = await transfers.standing(db, found.workspace)
        self.answer(transfer_json(offer))

    @operation(
        "Offer it to somebody, and to nobody else. When they accept, the owner becomes an editor.",
        Action.TRANSFER,
        {OK: TransferResponse, CREATED: TransferResponse},
        body=NewTransfer,
        refusals=(*WRITE_REFUSALS, errors.Conflict),
    )
    async def post(self, workspace_id: str) -> None:
        wanted = self.parse_body(NewTransfer)
        async with self.services.database.write() as db:
            found = await self.find(db, workspace_id, lock=True)
            offer, new = await transfers.offer(db, self.user, found, to=wanted.to)
        self.answer(transfer_json(offer), HTTPStatus.CREATED if new else HTTPStatus.OK)

    @operation("Take the offer back.", Action.TRANSFER, {EMPTY: None}, refusals=WRITE_REFUSALS)
    async def delete(self, workspace_id: str) -> None:
        async with self.services.database.write() as db:
            found = await self.find(db, workspace_id, lock=True)
            await transfers.withdraw(db, self.user, found.workspace)
        self.set_status(HTTPStatus.NO_CONTENT)


@route("api/transfers")
class TransferListHandler(ApiHandler):
    """`api/transfers`: what others offer to me."""

    @operation(
        "The workspaces that are offered to the caller.", Caller.SIGNED_IN, {OK: TransfersResponse}
    )
    async def get(self) -> None:
        async with self.services.database.read() as db:
            offers = await transfers.offers(db, self.user)
        self.answer(list_json(self, [transfer_json(offer) for offer in offers]))


@route("api/transfers/{transfer_id}/accept")
class TransferAcceptHandler(ApiHandler):
    """`api/transfers/{id}/accept`: the workspace is mine."""

    @operation(
        "Become the owner.",
        Caller.RECIPIENT,
        {OK: WorkspaceResponse},
        refusals=(errors.NotFound, errors.TooManyRequests),
    )
    async def post(self, transfer_id: str) -> None:
        number = int(transfer_id)
        async with self.services.database.read() as db:
            workspace_id = (await transfers.find(db, self.user, number)).workspace.id
        async with self.services.database.write(about=workspace_id) as db:
            connection = await db.connection()
            await connection.run_sync(store.lock, workspace_id)
            mine = await transfers.accept(db, self.user, number, limits=self.services.limits)
        self.answer(workspace_json(mine))


@route("api/transfers/{transfer_id}/decline")
class TransferDeclineHandler(ApiHandler):
    """`api/transfers/{id}/decline`: no, thank you."""

    @operation("Say no.", Caller.RECIPIENT, {EMPTY: None}, refusals=READ_REFUSALS)
    async def post(self, transfer_id: str) -> None:
        async with self.services.database.write() as db:
            await transfers.decline(db, self.user, int(transfer_id))
        self.set_status(HTTPStatus.NO_CONTENT)
