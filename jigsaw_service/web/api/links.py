"""`api/workspaces/{id}/links`, `api/links/…`: make share links; look at one, and accept it."""

from http import HTTPStatus
from typing import Any

from jupyterhub.utils import get_browser_protocol

from ... import errors
from ...runtime.roles import Action
from ...sharing import links
from ..access import Caller
from ..base import ApiHandler
from ..lists import list_json
from ..requests import AcceptLink, LinkCode, NewLink
from ..responses import AcceptedLinkResponse, LinkPreviewResponse, LinksResponse, MadeLinkResponse
from ..route import CREATED, EMPTY, ITEM, OK, OWNER_REFUSALS, WRITE_REFUSALS, operation, route


def link_json(listed: links.ListedLink) -> dict[str, Any]:
    link = listed.link
    return {
        "id": link.id,
        "kind": link.kind,
        "prefix": link.code_prefix,
        "created": link.created.isoformat(),
        "created_by": listed.made_by,
        "expires": link.expires and link.expires.isoformat(),
        "max_uses": link.max_uses,
        "uses": link.uses,
    }


@route(f"{ITEM}/links")
class LinkListHandler(ApiHandler):
    """`api/workspaces/{id}/links`: those that were not revoked; make one."""

    @operation(
        "The share links that were not revoked.",
        Action.REVIEW,
        {OK: LinksResponse},
        refusals=OWNER_REFUSALS,
    )
    async def get(self, workspace_id: str) -> None:
        async with self.services.database.read() as db:
            found = await self.find(db, workspace_id)
            listed = await links.listed(db, found.workspace)
        self.answer(list_json(self, [link_json(one) for one in listed]))

    @operation(
        "Make a share link; its address is told this once.",
        Action.SHARE,
        {CREATED: MadeLinkResponse},
        body=NewLink,
        refusals=(*WRITE_REFUSALS, errors.TooManyRequests),
    )
    async def post(self, workspace_id: str) -> None:
        wanted = self.parse_body(NewLink)
        async with self.services.database.write() as db:
            found = await self.find(db, workspace_id, lock=True)
            made = await links.make(
                db,
                self.user,
                found.workspace,
                kind=links.LinkKind(wanted.kind),
                expires_in=wanted.expires_in,
                max_uses=wanted.max_uses,
                limits=self.services.limits,
            )
        # In the fragment, which browsers keep to themselves.
        url = f"{self._origin()}{self.services.prefix}s#{made.code}"
        self.answer({**link_json(made), "url": url}, HTTPStatus.CREATED)

    def _origin(self) -> str:
        """Origin by which the caller found us; only they are told, so a lie harms nobody."""
        here = f"{get_browser_protocol(self.request)}://{self.request.host}"
        return self.services.public_origin or here


@route(f"{ITEM}/links/{{link_id}}")
class LinkItemHandler(ApiHandler):
    """`api/workspaces/{id}/links/{link_id}`: revoke it."""

    @operation(
        "Revoke it: nobody accepts it any more. What it gave stays.",
        Action.SHARE,
        {EMPTY: None},
        refusals=WRITE_REFUSALS,
    )
    async def delete(self, workspace_id: str, link_id: str) -> None:
        async with self.services.database.write() as db:
            found = await self.find(db, workspace_id, lock=True)
            await links.revoke(db, self.user, found.workspace, int(link_id))
        self.set_status(HTTPStatus.NO_CONTENT)


class CodeHandler(ApiHandler):
    """Base of handlers that are sent a code; how many wrong ones is counted."""

    async def workspace_of(self, code: str) -> str:
        """The workspace that the code leads to; NotFound, or TooManyRequests."""
        throttle = self.services.link_throttle
        throttle.guess(self.user.id)
        async with self.services.database.read() as db:
            workspace_id = await links.workspace_of(db, code)
        throttle.right(self.user.id)
        return workspace_id


@route("api/links/preview")
class LinkPreviewHandler(CodeHandler):
    """`api/links/preview`: whose, what, which role; changes nothing."""

    @operation(
        "What a share link gives; changes nothing.",
        Caller.CODE,
        {OK: LinkPreviewResponse},
        body=LinkCode,
        refusals=(errors.NotFound, errors.LinkGone, errors.TooManyRequests),
    )
    async def post(self) -> None:
        wanted = self.parse_body(LinkCode)
        await self.workspace_of(wanted.code)
        async with self.services.database.read() as db:
            found = await links.visit(db, self.user, wanted.code)
        self.answer(
            {
                "kind": found.kind.value,
                "role": found.kind.role.word,
                "owner": found.owner,
                "name": found.workspace.name,
                "language": found.workspace.language,
                "expires": found.link.expires and found.link.expires.isoformat(),
                "accepted": found.gives_nothing_new,
            }
        )


@route("api/links/accept")
class LinkAcceptHandler(CodeHandler):
    """`api/links/accept`: take the role, or a copy."""

    @operation(
        "Take what a share link gives: a role, or a copy. Again changes nothing.",
        Caller.CODE,
        {OK: AcceptedLinkResponse},
        body=AcceptLink,
        refusals=(errors.NotFound, errors.LinkGone, errors.TooManyRequests),
    )
    async def post(self) -> None:
        wanted = self.parse_body(AcceptLink)
        workspace_id = await self.workspace_of(wanted.code)
        async with self.services.database.write(about=workspace_id) as db:
            accepted = await links.accept(
                db,
                self.user,
                wanted.code,
                allow_view=wanted.allow_view,
                limits=self.services.limits,
            )
        self.answer({"workspace_id": accepted.workspace_id, "role": accepted.role.word})
