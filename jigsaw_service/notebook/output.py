"""Output of a cell: the frame, and a fallback where the service isn't."""

import json
import secrets
from html import escape
from importlib.resources import files

from .command import MagicCommand


def bundle(command: MagicCommand, frame: str, page: str, offer: str | None) -> dict[str, str]:
    """The output by MIME type; everything in the HTML is escaped."""
    name, language = command.workspace, command.language.title
    return {
        "text/plain": f"Jigsaw workspace “{name}” ({language}): {page}",
        "text/html": _html(command, frame, page, offer),
    }


def _html(command: MagicCommand, frame: str, page: str, offer: str | None) -> str:
    identity = f"jigsaw-{secrets.token_hex(8)}"
    name, title = escape(command.workspace), escape(command.language.title)
    offered = f' data-jigsaw-offer="{escape(offer)}"' if offer else ""
    return (
        f'<div id="{identity}" class="jigsaw"{offered}>'
        f'<iframe src="{escape(frame)}" title="Jigsaw: {name}" width="100%" '
        f'height="{command.height}" style="border:0" '
        'allow="clipboard-write"></iframe>'
        '<p class="jigsaw-note" hidden>The blocks did not come. Is the Jigsaw service on this '
        "Hub, and does your server’s page still have a network? Else ask your Hub’s admin.</p>"
        '<pre class="jigsaw-code" hidden></pre>'
        f'<p style="font-size:smaller"><a href="{escape(page)}" target="_blank" '
        f'rel="noopener">Jigsaw: {name}</a> ({title})</p>'
        f"<script>{_script(identity)}</script>"
        "</div>"
    )


def _script(identity: str) -> str:
    """Script of our own; of what somebody typed there is nothing in it."""
    listener = (files(__package__) / "frame.js").read_text(encoding="utf-8").strip()
    return f"{listener}({json.dumps(identity)}, (window.jigsawFrames ??= new Set()));"
