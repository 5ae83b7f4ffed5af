"""The lines that mend a proxy: those of `deploy/`, as a test compares."""

from urllib.parse import urlsplit

from .finding import Place
from .runner import Visit

Mend = dict[Place, str]

_WHOLE_WAY = (
    "ProxyPass        /jupyter/ http://127.0.0.1:8000/jupyter/ "
    "nocanon upgrade=websocket timeout=300 flushpackets=on"
)

LOCATION: Mend = {
    Place.NGINX: "location /jupyter/ {\nproxy_pass http://127.0.0.1:8000;",
    Place.APACHE: _WHOLE_WAY,
}
SLASH: Mend = {
    Place.NGINX: "location = /jupyter { return 308 /jupyter/$is_args$args; }",
    Place.APACHE: "RedirectMatch 308 ^/jupyter$ /jupyter/",
}
REDIRECT: Mend = {
    Place.NGINX: "absolute_redirect off;\n" + SLASH[Place.NGINX],
    Place.APACHE: SLASH[Place.APACHE],
}
SCHEME: Mend = {
    Place.NGINX: "proxy_set_header X-Scheme $scheme;\nproxy_set_header X-Forwarded-Proto $scheme;",
    Place.APACHE: "RequestHeader set X-Scheme expr=%{REQUEST_SCHEME}\n"
    "RequestHeader set X-Forwarded-Proto expr=%{REQUEST_SCHEME}",
}
HOST: Mend = {
    Place.NGINX: "proxy_set_header Host $http_host;",
    Place.APACHE: "ProxyPreserveHost On",
}
ADDRESS: Mend = {
    Place.NGINX: "proxy_set_header X-Real-IP $remote_addr;\n"
    "proxy_set_header X-Forwarded-For $remote_addr;",
    Place.APACHE: "RequestHeader unset X-Forwarded-For early\n"
    "RequestHeader set X-Real-IP expr=%{REMOTE_ADDR}",
}
CLAIMS: Mend = {
    Place.NGINX: "proxy_set_header X-Forwarded-Host $http_host;\n"
    'proxy_set_header X-Forwarded-Port "";\n'
    'proxy_set_header X-Forwarded-Server "";\n'
    'proxy_set_header Forwarded "";',
    Place.APACHE: "RequestHeader unset X-Forwarded-Host early\n"
    "RequestHeader unset X-Forwarded-Server early\n"
    "RequestHeader unset X-Forwarded-Port early\n"
    "RequestHeader unset Forwarded early",
}
UPGRADE: Mend = {
    Place.NGINX: "proxy_set_header Upgrade $ws_upgrade;",
    Place.APACHE: _WHOLE_WAY,
}
CONNECTION: Mend = {
    Place.NGINX: "proxy_set_header Connection $ws_connection;",
    Place.APACHE: _WHOLE_WAY,
}
ONLY_SOCKETS: Mend = {
    Place.NGINX: 'map $http_upgrade $ws_upgrade {\ndefault "";\n~*^websocket$ websocket;\n}\n'
    'map $http_upgrade $ws_connection {\ndefault "";\n~*^websocket$ upgrade;\n}\n'
    + UPGRADE[Place.NGINX]
    + "\n"
    + CONNECTION[Place.NGINX],
    Place.APACHE: _WHOLE_WAY,
}
EVENTS: Mend = {
    Place.NGINX: "proxy_buffering off;",
    Place.APACHE: f"{_WHOLE_WAY}\nSecResponseBodyAccess Off",
}
BODIES: Mend = {
    Place.NGINX: "client_max_body_size 64m;",
    Place.APACHE: "SecRequestBodyLimit 67108864\nSecRequestBodyNoFilesLimit 67108864",
}
PATHS: Mend = {
    Place.NGINX: "proxy_pass http://127.0.0.1:8000;",
    Place.APACHE: "AllowEncodedSlashes NoDecode\n" + _WHOLE_WAY,
}
IDLE: Mend = {
    Place.NGINX: "proxy_read_timeout 300s;\nproxy_send_timeout 300s;",
    Place.APACHE: _WHOLE_WAY,
}


def at(visit: Visit, lines: Mend) -> Mend:
    """The lines for a Hub at this base URL."""
    base = urlsplit(visit.public_url).path or "/"
    bare = base.rstrip("/")
    return {
        place: line.replace("/jupyter/", base).replace("/jupyter", bare)
        for place, line in lines.items()
    }
