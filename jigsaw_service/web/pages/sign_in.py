"""Sign-in: the page that the Hub sends people back to."""

from jupyterhub.services.auth import HubOAuthCallbackHandler

from ..access import Caller
from ..draining import DrainingHandler
from ..headers import page_headers
from ..route import route

_ONCE_MORE = "jigsaw-sign-in-once-more"


@route("oauth_callback", Caller.ANYBODY)
class OAuthCallbackHandler(DrainingHandler, HubOAuthCallbackHandler):
    """OAuth callback, where the Hub sends people back to."""

    def initialize(self) -> None:
        super().initialize()
        self.hub_auth = self.settings["services"].auth

    def set_default_headers(self) -> None:
        page_headers(self)

    async def get(self) -> None:
        """Finish the sign-in; one that is too old or foreign starts once more.

        The cookie keeps a browser that loses every state from going round for ever.
        """
        state = self.get_argument("state", "")
        fault = self.get_query_argument("error", "")
        if fault and self.hub_auth.knows(state):
            words = self.get_query_argument("error_description", "")
            self.settings["services"].incidents.sign_in_refused(fault, words)
        if state and not self.hub_auth.knows(state) and not self.get_cookie(_ONCE_MORE):
            self.set_cookie(_ONCE_MORE, "1", path=self.hub_auth.base_url, max_age=60, httponly=True)
            self.redirect(self.hub_auth.base_url)
            return
        self.clear_cookie(_ONCE_MORE, path=self.hub_auth.base_url)
        await HubOAuthCallbackHandler.get(self)
