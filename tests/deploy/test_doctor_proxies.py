"""The doctor, from outside: every fault is made on a real nginx or Apache before a real Hub.

Each is a small edit of the very files in `deploy/`; as they are, nothing is found.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from jigsaw_service.doctor.probe import session

from .clinic import Clinic
from .conftest import HubOf
from .fronts import NAME, Front


@dataclass(frozen=True)
class Fault:
    """Fault that an admin wrote, and the name by which it is found."""

    name: str
    kind: str
    edits: Mapping[str, str]
    visit: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.name}-{self.kind}"


def without(*lines: str) -> dict[str, str]:
    return dict.fromkeys(lines, "")


_LOOP = "location = /jupyter/ { return 302 /jupyter/; }"
_SLASH = "location = /jupyter { return 308 /jupyter/$is_args$args; }"
_POLICY = "Content-Security-Policy \"frame-src 'none'\""
_NO_SCHEME = without(
    "proxy_set_header X-Scheme $scheme;", "proxy_set_header X-Forwarded-Proto $scheme;"
)
_MODULES = "/usr/lib/apache2/modules"
# mod_security as Debian recommends it, and not only detecting.
_INSPECTS = {
    "<VirtualHost *:80>": f"""
LoadModule unique_id_module {_MODULES}/mod_unique_id.so
LoadModule security2_module {_MODULES}/mod_security2.so
Include /etc/modsecurity/modsecurity.conf-recommended
SecRuleEngine On
SecAuditEngine Off
<VirtualHost *:80>"""
}
FAULTS = [
    Fault("location-wrong", "nginx", {"location /jupyter/ {": "location /jhub/ {"}),
    Fault(
        "prefix-lost",
        "nginx",
        {"proxy_pass http://127.0.0.1:8000;": "proxy_pass http://127.0.0.1:8000/;"},
    ),
    Fault(
        "redirect-loop",
        "nginx",
        {"location /jupyter/ {": f"{_LOOP} location /jupyter/ {{"},
    ),
    Fault("slash-missing", "nginx", {"return 308 /jupyter/$is_args$args": "return 404"}),
    Fault(
        "redirect-leaves",
        "nginx",
        without(
            "absolute_redirect off;", "location = /jupyter { return 308 /jupyter/$is_args$args; }"
        ),
    ),
    Fault("scheme-lost", "nginx", _NO_SCHEME),
    Fault("host-lost", "nginx", {"Host $http_host": "Host $proxy_host"}),
    Fault("address-believed", "nginx", without("proxy_set_header X-Real-IP $remote_addr;")),
    Fault("claims-passed-on", "nginx", without('proxy_set_header Forwarded "";')),
    Fault("upgrade-dropped", "nginx", without("proxy_set_header Upgrade $ws_upgrade;")),
    Fault("connection-rewritten", "nginx", without("proxy_set_header Connection $ws_connection;")),
    Fault(
        "socket-refused",
        "nginx",
        {"location /jupyter/ {": "location ~ socket$ { return 403; } location /jupyter/ {"},
    ),
    Fault(
        "other-upgrades-break",
        "nginx",
        {
            "Upgrade $ws_upgrade": "Upgrade $http_upgrade",
            "Connection $ws_connection": "Connection upgrade",
        },
    ),
    Fault("events-held-back", "nginx", without("proxy_buffering off;")),
    Fault("bodies-limited", "nginx", without("client_max_body_size 64m;")),
    Fault("paths-altered", "nginx", {"http://127.0.0.1:8000;": "http://127.0.0.1:8000/jupyter/;"}),
    Fault(
        "policy-altered",
        "nginx",
        {"absolute_redirect off;": f"add_header {_POLICY} always; absolute_redirect off;"},
    ),
    Fault("sockets-cut", "nginx", {"timeout 300s": "timeout 2s"}, {"idle_seconds": 5}),
    Fault("location-wrong", "apache", {"ProxyPass        /jupyter/": "ProxyPass        /jhub/"}),
    Fault("prefix-lost", "apache", {"127.0.0.1:8000/jupyter/ nocanon": "127.0.0.1:8000/ nocanon"}),
    Fault("slash-missing", "apache", without("RedirectMatch 308 ^/jupyter$ /jupyter/")),
    Fault(
        "redirect-leaves",
        "apache",
        {"^/jupyter$ /jupyter/": "^/jupyter$ http://127.0.0.1/jupyter/"},
    ),
    Fault(
        "scheme-lost",
        "apache",
        without(
            "RequestHeader set X-Scheme expr=%{REQUEST_SCHEME}",
            "RequestHeader set X-Forwarded-Proto expr=%{REQUEST_SCHEME}",
        ),
    ),
    Fault("host-lost", "apache", {"ProxyPreserveHost On": "ProxyPreserveHost Off"}),
    Fault("address-believed", "apache", without("RequestHeader set X-Real-IP expr=%{REMOTE_ADDR}")),
    Fault("claims-passed-on", "apache", without("RequestHeader unset Forwarded early")),
    Fault("upgrade-dropped", "apache", without(" upgrade=websocket")),
    Fault(
        "bodies-limited",
        "apache",
        _INSPECTS | without("SecRequestBodyNoFilesLimit 67108864"),
    ),
    Fault(
        "events-held-back",
        "apache",
        _INSPECTS
        | {
            "SecResponseBodyAccess Off": "SecResponseBodyAccess On\n"
            "SecResponseBodyMimeType text/html text/event-stream"
        },
    ),
    Fault("paths-altered", "apache", without(" nocanon", "AllowEncodedSlashes NoDecode")),
    Fault(
        "policy-altered",
        "apache",
        {"ProxyRequests Off": f"Header set {_POLICY}"},
    ),
    Fault(
        "sockets-cut",
        "apache",
        {"timeout=300": "timeout=2", "ProxyRequests Off": "Timeout 2"},
        {"idle_seconds": 5},
    ),
]


@pytest.mark.parametrize("kind", ["nginx", "apache"])
async def test_nothing_is_found_with_the_files_of_deploy(clinic: Clinic, kind: str) -> None:
    with clinic.front(kind) as front:
        assert await clinic.names(front.tls, idle_seconds=1) == set()


async def test_nothing_is_found_where_apache_looks_into_what_it_passes_on(clinic: Clinic) -> None:
    with clinic.front("apache", faults=_INSPECTS) as front:
        assert await clinic.names(front.tls, idle_seconds=1) == set()


async def test_nothing_is_found_where_people_reach_the_hubs_own_proxy(clinic: Clinic) -> None:
    url = f"http://127.0.0.1:{clinic.hub.port}/jupyter/"
    assert await clinic.names(None, public_url=url) == set()


@pytest.mark.parametrize("kind", ["nginx", "apache"])
async def test_nothing_is_found_where_people_have_domains(
    hub_of: HubOf, clinic: Clinic, kind: str
) -> None:
    hub = hub_of("with-domains")
    origin = hub.url.partition("/jupyter/")[0]
    with clinic.front(kind, upstream=hub.port, people_have_domains=True) as front:
        names = await replace(clinic, hub=hub).names(front.tls, service_origin=origin)
    assert names == set()


@pytest.mark.parametrize("kind", ["nginx", "apache"])
async def test_a_scheme_that_only_x_scheme_would_have_told_is_found(
    hub_of: HubOf, clinic: Clinic, kind: str
) -> None:
    """The Hub's proxy adds itself to X-Forwarded-Proto, and the Hub goes by the last."""
    hub = hub_of("without-public-url")
    there = replace(clinic, hub=hub)
    x_scheme = {
        "nginx": "proxy_set_header X-Scheme $scheme;",
        "apache": "RequestHeader set X-Scheme expr=%{REQUEST_SCHEME}",
    }
    with clinic.front(kind, upstream=hub.port) as front:
        assert await there.names(front.tls) == set()
        assert await cookies_are_secure(there, front)
    with clinic.front(kind, upstream=hub.port, faults=without(x_scheme[kind])) as front:
        assert await there.names(front.tls) == {"scheme-lost"}
        assert not await cookies_are_secure(there, front)


async def cookies_are_secure(clinic: Clinic, front: Front) -> bool:
    """True if the cookie that the Hub sets at a sign-in is Secure."""
    trusting = clinic.certificate.trusted()
    async with session(f"127.0.0.1:{front.tls}", trusting=trusting) as http:
        page = f"https://{NAME}/jupyter/hub/login"
        async with http.get(page) as shown:
            xsrf = shown.cookies["_xsrf"].value
        form = {"username": "alice", "password": "jigsaw", "_xsrf": xsrf}
        cookies = {"Cookie": f"_xsrf={xsrf}"}
        async with http.post(page, data=form, headers=cookies, allow_redirects=False) as signed_in:
            return bool(signed_in.cookies["jupyterhub-hub-login"]["secure"])


@pytest.mark.parametrize("fault", FAULTS, ids=str)
async def test_a_fault_is_found_by_its_name_and_no_other(clinic: Clinic, fault: Fault) -> None:
    with clinic.front(fault.kind, faults=fault.edits) as front:
        assert await clinic.names(front.tls, **fault.visit) == {fault.name}
