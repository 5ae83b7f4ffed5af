"""People on a real Hub: they sign in as a browser does, and call the service's API."""

import base64
import json
import re
from typing import Any
from urllib.parse import urljoin

import httpx


class Person:
    """Somebody with a browser's cookies; requests carry the page's XSRF token."""

    def __init__(self, service_url: str, name: str) -> None:
        self.name = name
        self.url = service_url
        self.http = httpx.Client(follow_redirects=True, timeout=60)

    def sign_in(self, password: str = "jigsaw") -> "Person":
        """Open the service and go through the Hub's own form, as a person does."""
        login = self.http.get(self.url, headers=NAVIGATE)
        login.raise_for_status()
        self.http.post(
            urljoin(
                str(login.url), re.search(r'action="([^"]+)"', login.text)[1].replace("&amp;", "&")
            ),
            data={
                "username": self.name,
                "password": password,
                "_xsrf": re.search(r'name="_xsrf" value="([^"]+)"', login.text)[1],
            },
            headers=NAVIGATE,
        ).raise_for_status()
        return self.open()

    def open(self, path: str = "") -> "Person":
        """Load a page, and with it the XSRF token."""
        page = self.http.get(self.url + path, headers=NAVIGATE)
        self.config: dict[str, Any] = page_config(page.text)
        return self

    @property
    def token(self) -> str:
        """The token that the Hub gave the service for this person, read from the signed cookie."""
        value = next(c.value for c in self.http.cookies.jar if c.name == "service-jigsaw")
        assert value
        field = value.strip('"').split("|")[4]
        return base64.b64decode(field.partition(":")[2]).decode()

    def call(self, method: str, path: str, **kwargs: Any) -> httpx.Response:
        """Call the API as the page's script does."""
        headers = {"X-XSRFToken": self.config["xsrf"], "Sec-Fetch-Mode": "cors"}
        headers |= kwargs.pop("headers", {})
        return self.http.request(method, self.url + path, headers=headers, **kwargs)


NAVIGATE = {"Sec-Fetch-Mode": "navigate", "Accept": "text/html"}


def page_config(html: str) -> dict[str, Any]:
    """Page config that a page tells its script."""
    found = re.search(r'id="page-config">(.*?)</script>', html, re.S)
    assert found, html[:2000]
    config: dict[str, Any] = json.loads(found[1])
    return config
