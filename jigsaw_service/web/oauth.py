"""Sign-in through the Hub.

What an OAuth round trip must remember (where the person was going, the PKCE
verifier) travels encrypted in the round trip's own state, under the cookie
secret. A restart in mid-sign-in, or another process answering the callback,
loses nothing.
"""

import base64
import hashlib
import json
import secrets
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from jupyterhub.services.auth import HubOAuth, HubOAuthCallbackHandler

from .headers import page_headers

_ROUND_TRIP_SECONDS = 600
_ONCE_MORE = "jigsaw-sign-in-once-more"


class ServiceAuth(HubOAuth):
    """HubOAuth with a state that needs no memory, and without tokens in URLs."""

    def remember_with(self, cookie_secret: bytes) -> None:
        """Derive the key of the round trip's state from the cookie secret."""
        key = hashlib.sha256(b"jigsaw oauth state" + cookie_secret).digest()
        self._state_key = Fernet(base64.urlsafe_b64encode(key))

    def generate_state(self, next_url: str | None = None, **extra_state: Any) -> str:
        state = {"next_url": next_url, "nonce": secrets.token_urlsafe(8), **extra_state}
        return self._state_key.encrypt(json.dumps(state).encode()).decode()

    def _decode_state(self, state_id: str | bytes, /) -> dict[str, Any]:
        try:
            state = self._state_key.decrypt(state_id, ttl=_ROUND_TRIP_SECONDS)
        except InvalidToken:
            return {}
        decoded: dict[str, Any] = json.loads(state)
        return decoded

    def clear_oauth_state(self, state_id: str) -> None:
        """Nothing is kept, so nothing is to clear."""

    def knows(self, state_id: str) -> bool:
        """Whether this state was made by us, lately, under the present cookie secret."""
        return bool(self._decode_state(state_id))

    def _get_token_url(self, handler: Any) -> str:
        """Hub tokens never stand in a URL, not even of a socket."""
        return ""


class OAuthCallback(HubOAuthCallbackHandler):
    """Where the Hub sends people back to."""

    def initialize(self) -> None:
        self.hub_auth = self.settings["parts"].auth

    def set_default_headers(self) -> None:
        page_headers(self)

    async def get(self) -> None:
        """Finish the sign-in; one that is too old or foreign starts once more.

        The cookie keeps a browser that loses every state from going round for ever.
        """
        state = self.get_argument("state", "")
        if state and not self.hub_auth.knows(state) and not self.get_cookie(_ONCE_MORE):
            self.set_cookie(_ONCE_MORE, "1", path=self.hub_auth.base_url, max_age=60, httponly=True)
            self.redirect(self.hub_auth.base_url)
            return
        self.clear_cookie(_ONCE_MORE, path=self.hub_auth.base_url)
        await super().get()
