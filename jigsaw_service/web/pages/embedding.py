"""The pages that may stand in a notebook: `embed…`, and `signed-in`.

Who may frame them is told exactly: with path routing our own origin, which is
also that of everybody's notebooks; under `subdomain_host` only the caller's own
servers, and the origins that the operator names. A frame cannot show the Hub's
own sign-in; a page of ours offers it there, in a window of its own.
"""

import re
from typing import Any

from tornado.web import create_signed_value, decode_signed_value

from ...errors import BadRequest, NotSignedIn
from ...jupyter.servers import origin_of
from ...runtime.languages import language_named
from ...runtime.roles import Action
from ...workspaces import store
from ..access import Caller
from ..api.jupyter import owner_of
from ..headers import page_headers
from ..requests import label_of
from ..route import route
from .pages import PageHandler, opened

_KERNEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,63}")
# Cell magics by which a kernel of another language runs the code.
_THROUGH = {"", "python"}
_FRAMED_BY = "jigsaw-framed-by"


class FramedPageHandler(PageHandler):
    """Base of the pages that may be framed by the caller's own notebooks."""

    # Those that may frame this page, where they are not our own.
    origins: tuple[str, ...] = ()

    def set_default_headers(self) -> None:
        # Also for what is said of an error, for which all headers are made anew.
        # A sign-in in a frame goes by the Hub, which may be at another origin.
        ancestors = " ".join(["'self'", *self.origins])
        page_headers(self, frame_ancestors=ancestors, frames=self.services.auth.hub_host)

    async def prepare(self) -> None:
        await self.require_ready()
        try:
            await self.identify()
        except NotSignedIn:
            self._offer_sign_in()
        else:
            await self._let_in()

    async def _let_in(self) -> None:
        if self.hub_auth.hub_host:
            found = await self.services.servers.origins(owner_of(self))
            self._frame_by(*sorted(found | set(self.services.notebook_origins)))
            self._hear_of_framer()
            self._remember()
        self._renew_a_narrow_token()

    def _frame_by(self, *origins: str) -> None:
        self.origins = origins
        self.set_default_headers()

    def _hear_of_framer(self) -> None:
        """Note a framer of another origin: the browser refuses it, and tells only us, before."""
        headers = self.request.headers
        framer = origin_of(headers.get("Referer", ""))
        framed = headers.get("Sec-Fetch-Dest") in ("iframe", "frame")
        known = {*self.origins, self.services.public_origin, self.hub_auth.hub_host}
        if framed and framer and framer not in known:
            self.services.incidents.frame_refused(framer)

    def _remember(self) -> None:
        """Remember the origins for when the sign-in has ended, and the caller isn't known."""
        value = create_signed_value(
            self.services.cookie_secret, _FRAMED_BY, " ".join(self.origins)
        ).decode()
        self.set_cookie(
            _FRAMED_BY, value, path=self.services.prefix, expires_days=30, httponly=True
        )

    def _offer_sign_in(self) -> None:
        """Offer the sign-in: in a frame by a page of ours; elsewhere, or unknown, at the Hub."""
        framed = self.request.headers.get("Sec-Fetch-Dest") in ("iframe", "frame")
        if framed and self.hub_auth.hub_host:
            kept = decode_signed_value(
                self.services.cookie_secret, _FRAMED_BY, self.get_cookie(_FRAMED_BY) or ""
            )
            framed = kept is not None
            self._frame_by(*(kept or b"").decode().split())
        if framed:
            self.page("sign-in")
        else:
            self.redirect(self.get_login_url())

    def framed(self, **more: Any) -> dict[str, Any]:
        """Page config of a frame: what it is told of the notebook around it."""
        kernel = self.get_query_argument("kernel_id", "")
        if kernel and not _KERNEL.fullmatch(kernel):
            raise BadRequest("kernel_id: send the id of one of your kernels.", field="kernel_id")
        through = self.get_query_argument("through", "")
        if through not in _THROUGH:
            raise BadRequest("through: send python, or leave it out.", field="through")
        return {
            "kernel_id": kernel or None,
            "server": owner_of(self).server,
            "through": through,
            "origins": list(self.origins),
            **more,
        }


@route("embed/{workspace_id}", Action.READ)
class FramedEditorPageHandler(FramedPageHandler):
    """`embed/{id}`: the editor without the service's own header."""

    async def get(self, workspace_id: str) -> None:
        async with self.services.database.read() as db:
            found = await self.find(db, workspace_id)
            told = await opened(db, found)
        self.page("framed", title=found.workspace.name, frame=self.framed(), **told)


@route("embed", Caller.SIGNED_IN)
class NotebookPageHandler(FramedPageHandler):
    """`embed?name=…&language=…`: the caller's own workspace of that name in notebooks.

    Where there is none, the page makes it: looking at an address changes nothing.
    """

    async def get(self) -> None:
        language = language_named(self.get_query_argument("language", "").lower()).name
        name = self._name()
        async with self.services.database.read() as db:
            found = await store.of_notebook(db, self.user, language, name)
            told = found and await opened(db, found)
        if found and told:
            self.page("framed", title=found.workspace.name, frame=self.framed(), **told)
        else:
            wanted = {"name": name, "language": language}
            self.page("notebook", title=name, frame=self.framed(), wanted=wanted)

    def _name(self) -> str:
        # Not by tornado's reader, which drops control characters.
        sent = self.request.query_arguments.get("name", [b""])[-1]
        try:
            return label_of(sent.decode())
        except ValueError as error:
            raise BadRequest("name: send 1 to 200 letters, in one line.", field="name") from error


@route("signed-in", Caller.SIGNED_IN)
class SignedInPageHandler(FramedPageHandler):
    """`signed-in`: what a pop-up or a frame opens to renew the sign-in."""

    def _offer_sign_in(self) -> None:
        self.redirect(self.get_login_url())

    async def get(self) -> None:
        self.page("signed-in")
