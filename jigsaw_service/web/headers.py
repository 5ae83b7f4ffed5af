"""Security headers of everything we answer.

Our pages share an origin with everybody's notebooks, so one injected script
would be everybody's account: nothing runs but our own files.
"""

from tornado.httputil import HTTPServerRequest
from tornado.web import RequestHandler

from ..runtime.logs import current_request, new_request_id

_PAGE_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        # Blockly writes its style elements at run time, and has no way to take a nonce.
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "media-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "frame-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
    ]
)

# A stranger's code runs in the frame: an opaque origin, and no way to call home.
_OUTPUT_FRAME_POLICY = "; ".join(
    [
        "sandbox allow-scripts",
        "default-src 'none'",
        "script-src 'self' 'unsafe-inline'",
        "style-src 'self' 'unsafe-inline'",
        "img-src data: blob:",
        "media-src data: blob:",
        "font-src data:",
        "connect-src 'none'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'self'",
    ]
)

_DATA_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"


def _common(handler: RequestHandler, policy: str, referrer: str = "same-origin") -> None:
    handler.set_header("Content-Security-Policy", policy)
    handler.set_header("X-Content-Type-Options", "nosniff")
    handler.set_header("Referrer-Policy", referrer)
    handler.set_header("X-Request-Id", request_id(handler.request))
    handler.clear_header("Server")


def request_id(request: HTTPServerRequest) -> str:
    """Request id: the same for all that is done and logged for this request."""
    known: str = getattr(request, "jigsaw_id", "") or new_request_id()
    request.jigsaw_id = known  # type: ignore[attr-defined]
    current_request.set(known)
    return known


def page_headers(
    handler: RequestHandler,
    *,
    frame_ancestors: str = "'none'",
    frames: str = "",
    referrer: str = "same-origin",
) -> None:
    """Headers of our own pages; `frame_ancestors` are CSP sources that may frame the page.

    `frames`: another origin that the page may frame.
    """
    policy = _PAGE_POLICY.replace("frame-src 'self'", f"frame-src 'self' {frames}".strip())
    _common(handler, f"{policy}; frame-ancestors {frame_ancestors}", referrer)
    if frame_ancestors == "'none'":
        # A page that opened this one, or was opened by it, has no handle on it.
        handler.set_header("Cross-Origin-Opener-Policy", "same-origin")
    handler.set_header("Cache-Control", "no-store")


def data_headers(handler: RequestHandler) -> None:
    """Headers of API answers: even when opened as a page, nothing in them runs."""
    _common(handler, _DATA_POLICY)
    handler.set_header("Cache-Control", "no-store")


def output_frame_headers(handler: RequestHandler) -> None:
    """Headers of the frame that shows untrusted output."""
    _common(handler, _OUTPUT_FRAME_POLICY)


def static_headers(handler: RequestHandler) -> None:
    """Headers of built files; the opaque origin of the output frame may read them too."""
    _common(handler, "default-src 'none'; style-src 'unsafe-inline'; sandbox")
    handler.set_header("Access-Control-Allow-Origin", "*")
    handler.set_header("Cross-Origin-Resource-Policy", "cross-origin")
