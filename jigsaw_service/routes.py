"""Routes: every address of the service, as its handler declares it."""

from .web import assets
from .web.api import (
    account_export,
    audit_log,
    collections,
    copies,
    health,
    imports,
    jupyter,
    kernels,
    links,
    metrics,
    openapi,
    people,
    probes,
    provenance,
    revisions,
    runs,
    shares,
    transfers,
    user,
    workspaces,
)
from .web.api import doctor as doctor_api
from .web.pages import doctor, embedding, pages, sign_in
from .web.route import Operation, routes_of
from .web.socket import live

# They are tried in order, and of what people do, saving is the most frequent.
API = routes_of(
    workspaces,
    live,
    revisions,
    provenance,
    user,
    shares,
    links,
    copies,
    collections,
    transfers,
    people,
    audit_log,
    runs,
    jupyter,
    kernels,
    account_export,
    imports,
    openapi,
    health,
    metrics,
    doctor_api,
)
PAGES = routes_of(pages, embedding, doctor, sign_in, assets)
# The doctor's own, and no part of the API.
PROBES = routes_of(probes)

OPERATIONS: dict[tuple[str, str], Operation] = {
    (route.path, method): operation for route in API for method, operation in route.operations()
} | jupyter.RELAYED
RIGHTS = dict(row for route in API + PAGES + PROBES for row in route.rights())
