"""Sign-in through the Hub.

What an OAuth round trip must remember (where the person was going) travels,
signed under the cookie secret, in the round trip's own state. The PKCE verifier
(RFC 7636) is not to be seen there: it is worked out from a nonce in the state and
the secret. A restart in mid-sign-in, or another process answering the callback,
loses nothing.
"""

import base64
import hashlib
import hmac
import json
import secrets
from typing import Any

from jupyterhub.services.auth import HubOAuth
from tornado.web import RequestHandler, create_signed_value, decode_signed_value

from ..errors import NotAllowed

_ROUND_TRIP_DAYS = 600 / 86400
_SIGNED_AS = "state"


class ServiceAuth(HubOAuth):
    """HubOAuth with a state that needs no memory, and without tokens in URLs."""

    def remember_with(self, cookie_secret: bytes) -> None:
        """Derive the keys of the round trip from the cookie secret."""
        self._state_key = hashlib.sha256(b"jigsaw oauth state" + cookie_secret).digest()
        self._verifier_key = hashlib.sha256(b"jigsaw oauth verifier" + cookie_secret).digest()

    def require_use(self, model: dict[str, Any]) -> None:
        """Raise NotAllowed unless the Hub's answer is on a person whom it lets in here."""
        if not self.check_scopes(self.access_scopes, model):
            raise NotAllowed("The Hub does not let you use this service; ask your Hub's admin.")
        if model["kind"] != "user":
            raise NotAllowed("Workspaces belong to people; this is the token of a service.")

    def is_by_token(self, handler: RequestHandler) -> bool:
        """True if the caller was recognised by a token of the request, and not by a cookie.

        JupyterHub keeps that to itself, and `get_token` won't do: a request with a wrong token
        and a good cookie is by cookie, and has to show an XSRF token.
        """
        return getattr(handler, "_token_authenticated", False) is True

    def generate_pkce_code_challenge(self, method: str = "S256") -> tuple[str, str, str]:
        """A verifier that we can work out again, its challenge and the method."""
        verifier = self._verifier(secrets.token_urlsafe(16))
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest())
        return verifier, challenge.decode().rstrip("="), method

    def _verifier(self, nonce: str) -> str:
        mac = hmac.new(self._verifier_key, nonce.encode(), hashlib.sha256)
        return f"{nonce}.{mac.hexdigest()}"

    def generate_state(
        self, next_url: str | None = None, *, code_verifier: str = "", **extra_state: Any
    ) -> str:
        nonce = code_verifier.partition(".")[0] or secrets.token_urlsafe(16)
        state = {"next_url": next_url, "nonce": nonce, **extra_state}
        if code_verifier:
            state["pkce"] = True
        return create_signed_value(self._state_key, _SIGNED_AS, json.dumps(state)).decode()

    # JupyterHub reads the state by this name, for its own callback handler.
    def _decode_state(self, state_id: str | bytes, /) -> dict[str, Any]:
        signed = decode_signed_value(
            self._state_key, _SIGNED_AS, state_id, max_age_days=_ROUND_TRIP_DAYS
        )
        state: dict[str, Any] = json.loads(signed) if signed else {}
        if state.pop("pkce", False):
            state["code_verifier"] = self._verifier(state["nonce"])
        return state

    def clear_oauth_state(self, state_id: str) -> None:
        """Clear nothing, as nothing is kept."""

    def knows(self, state_id: str) -> bool:
        """True if this state was made by us, lately, under the present cookie secret."""
        return bool(self._decode_state(state_id))

    # `allow_token_in_url` is passed over for sockets.
    def _get_token_url(self, handler: Any) -> str:
        """Hub tokens never stand in a URL, not even of a socket."""
        return ""
