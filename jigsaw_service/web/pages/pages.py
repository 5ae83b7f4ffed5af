"""The pages: one template, and a JSON config that tells the script which page it is."""

import json
from contextlib import suppress
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, select_autoescape
from markupsafe import Markup
from sqlalchemy.ext.asyncio import AsyncSession

from ... import __version__
from ...document import revisions
from ...document.validation import limits_told
from ...errors import JigsawError, NotFound, NotReady, NotSignedIn
from ...runtime.roles import Action
from ...workspaces.store import Found
from ..access import Caller
from ..api.workspaces import languages_json, workspace_json
from ..assets import PageFiles
from ..base import BaseHandler
from ..headers import output_frame_headers, page_headers
from ..route import route

LOCALES = ("en", "de", "ar")
_RIGHT_TO_LEFT = {"ar"}
_RENEWED = "jigsaw-sign-in-renewed"
_MAIN = "src/main.ts"
_FEW_BYTES = 64 * 1024
# Scripts that draw a page, begun with it: without them there is nothing to be seen.
_SHOWING = {
    "home": "src/pages/home.ts",
    "editor": "src/pages/editor.ts",
    "link": "src/pages/link.ts",
    "framed": "src/pages/framed.ts",
    "doctor": "src/pages/doctor.ts",
}
# The texts that a page of blocks goes on to import, where they are not the English that it has.
_TEXTS_OF_BLOCKS = (
    "node_modules/blockly/msg/{locale}.js",
    "src/canvas/texts/blocklyTexts.{locale}.ts",
    "src/canvas/texts/messages.{locale}.ts",
    "src/languages/{language}/messages.{locale}.ts",
)


@lru_cache
def _templates() -> Environment:
    folder = Path(__file__).parents[2] / "templates"
    return Environment(loader=FileSystemLoader(folder), autoescape=select_autoescape())


class PageHandler(BaseHandler):
    """A page for people: sends them to sign in, and tells a refusal as a page."""

    needs_sign_in = True

    def set_default_headers(self) -> None:
        page_headers(self)

    async def prepare(self) -> None:
        if self.request.path != self.services.prefix:
            # The bare prefix is what the Hub itself asks at start-up: that goes to sign in.
            await self.require_ready()
        if not self.needs_sign_in:
            return
        try:
            await self.identify()
        except NotSignedIn:
            self.redirect(self.get_login_url())
        else:
            self._renew_a_narrow_token()

    def _renew_a_narrow_token(self) -> None:
        """Sign in again where the token is older than what the Hub now lets it do.

        Tried once a while: a Hub that doesn't grant the scopes at all would send
        people round for ever.
        """
        own = f"!user={self.user.name}"
        narrow = not {f"servers{own}", f"access:servers{own}"} <= self.scopes
        if narrow and not self.hub_auth.is_by_token(self):
            if not self.get_cookie(_RENEWED):
                self.set_cookie(
                    _RENEWED, "1", path=self.services.prefix, max_age=300, httponly=True
                )
                self.hub_auth.clear_cookie(self)
                self.redirect(self.get_login_url())

    def page(self, name: str, *, title: str = "Jigsaw", **config: Any) -> None:
        """Finish with the page `name`; `config` is what its script is told beside the usual."""
        self.finish(self._render(name, title, config))

    def _render(self, name: str, title: str, config: dict[str, Any]) -> str:
        static = f"{self.services.prefix}static/"
        locale = self._locale_tag()
        user = getattr(self, "user", None)
        whole = {
            "page": name,
            "prefix": self.services.prefix,
            "hub": self.services.hub_prefix,
            "static": static,
            "user": user and {"name": user.name, "groups": sorted(user.groups)},
            "xsrf": self.xsrf_token.decode() if user else "",
            "locale": locale,
            "locales": LOCALES,
            "version": __version__,
            "limits": limits_told(self.services.limits.workspace_bytes),
            **config,
        }
        return (
            _templates()
            .get_template("page.html")
            .render(
                config=whole,
                config_json=_script_json(whole),
                direction="rtl" if locale in _RIGHT_TO_LEFT else "ltr",
                title=title,
                static=static,
                files=self._files(name, whole),
            )
        )

    def _files(self, name: str, config: dict[str, Any]) -> PageFiles:
        language = (config.get("workspace") or {}).get("language")
        locale = config["locale"]
        begun = [_MAIN, *filter(None, [_SHOWING.get(name)])]
        expected = [f"src/i18n/{locale}.ts"]
        if language:
            # The modules that know Blockly come with it: every language imports them.
            expected.append(f"src/languages/{language}/index.ts")
            expected += (
                texts.format(locale=locale, language=language) for texts in _TEXTS_OF_BLOCKS
            )
        return self.services.assets.page(begun, expected)

    def _locale_tag(self) -> str:
        """The first of our locales that `?lang=` or the browser asks for."""
        wanted = [self.get_query_argument("lang", "")]
        accepted = self.request.headers.get("Accept-Language", "")
        wanted += [part.partition(";")[0].strip() for part in accepted.split(",")]
        known = (tag.partition("-")[0].lower() for tag in wanted)
        return next((tag for tag in known if tag in LOCALES), LOCALES[0])

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        error = self.refusal((kwargs.get("exc_info") or (None, None))[1])
        self.set_status(error.status)
        for header, value in error.headers.items():
            self.set_header(header, value)
        told = {
            "slug": error.slug,
            "status": error.status,
            "title": error.title,
            "detail": error.detail,
        }
        try:
            self.page("problem", title=error.title, problem=told)
        except FileNotFoundError:
            # The editor was never built; say so in plain text.
            self.set_header("Content-Type", "text/plain; charset=utf-8")
            self.finish(f"{error.title}. The editor is not built: run `make build`.")


def _script_json(config: dict[str, Any]) -> Markup:
    """JSON that cannot end the script element it stands in."""
    text = json.dumps(config, ensure_ascii=True)
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))  # noqa: S704


async def opened(db: AsyncSession, found: Found) -> dict[str, Any]:
    """Workspace as its editor is told: with its blocks, which would be asked for next.

    Large ones are left out, as the page itself would come late with them.
    """
    told: dict[str, Any] = {"workspace": workspace_json(found)}
    with suppress(JigsawError):
        # The page asks again, and tells what is wrong.
        document = await revisions.small_head(db, found.workspace, _FEW_BYTES)
        if document:
            xml = document.xml.decode("utf-8-sig", "replace")
            told["head"] = {"xml": xml, "etag": revisions.etag(found.workspace)}
    return told


@route("", Caller.SIGNED_IN)
class HomePageHandler(PageHandler):
    """`` (the bare prefix): my workspaces and those shared with me."""

    async def get(self) -> None:
        # Told ahead: what is typed right after "New workspace" belongs into its dialog.
        self.page("home", languages=languages_json())


@route("w/{workspace_id}", Action.READ)
class EditorPageHandler(PageHandler):
    """`w/{id}`: the editor; `?revision=N`: an old one, to look at; `&compare=M`: beside another."""

    async def get(self, workspace_id: str) -> None:
        async with self.services.database.read() as db:
            found = await self.find(db, workspace_id)
            config = await opened(db, found)
        for name in "revision", "compare":
            number = self.get_query_argument(name, "")
            if number:
                is_now = name == "compare" and number == "now"
                config[name] = number if is_now else self._revision(number)
        self.page("editor", title=f"{found.workspace.name} – Jigsaw", **config)

    def _revision(self, text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) < 10):
            raise NotFound("Revisions have whole numbers.")
        return int(text)


@route("s", Caller.ANYBODY)
class LinkPageHandler(PageHandler):
    """`s#CODE`: a share link. Shown to anybody; `?sign-in` sends who isn't signed in to do so.

    The code stands in the fragment: neither we nor any log gets to see it.
    """

    def set_default_headers(self) -> None:
        page_headers(self, referrer="no-referrer")

    async def prepare(self) -> None:
        await self.require_ready()
        try:
            await self.identify()
        except NotSignedIn:
            if "sign-in" in self.request.query_arguments:
                self.redirect(self.get_login_url())

    async def get(self) -> None:
        self.page("link")


@route("output-frame", Caller.ANYBODY)
class OutputFrameHandler(PageHandler):
    """`output-frame`: shows what our page posts to it, in an origin of its own."""

    needs_sign_in = False

    def set_default_headers(self) -> None:
        output_frame_headers(self)

    async def get(self) -> None:
        self.set_header("Cache-Control", "public, max-age=300")
        self.finish(
            _templates()
            .get_template("output_frame.html")
            .render(static=f"{self.services.prefix}static/", **self._frame_files())
        )

    def _frame_files(self) -> dict[str, Any]:
        folder = self.services.static_path / "assets"
        script = next(folder.glob("outputFrame-*.js"), None)
        if script is None:
            raise NotReady("The editor is not built: run `make build`.")
        styles = [f"assets/{path.name}" for path in folder.glob("outputFrame-*.css")]
        return {"script": f"assets/{script.name}", "files": PageFiles([], styles, [])}


class UnknownPageHandler(PageHandler):
    """Every other address."""

    async def get(self, *_args: str) -> None:
        raise NotFound("There is no such page.")

    def refusal(self, error: BaseException | None) -> JigsawError:
        refused = super().refusal(error)
        return NotFound() if refused.status == HTTPStatus.METHOD_NOT_ALLOWED else refused
