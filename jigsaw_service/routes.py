"""Every address of the service and its handler; nothing else."""

from tornado.web import RequestHandler

from .web.api import (
    account_export,
    audit_log,
    collections,
    copies,
    doctor,
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
from .web.assets import StaticFiles
from .web.pages import doctor as doctor_page
from .web.pages import embedding, pages, sign_in
from .web.socket import live

ID = r"[A-Za-z0-9_-]{1,64}"
NUMBER = r"[0-9]{1,9}"
ITEM = rf"api/workspaces/(?P<workspace_id>{ID})"

Route = tuple[str, type[RequestHandler]]

PAGES: list[Route] = [
    (r"", pages.HomePage),
    (rf"w/(?P<workspace_id>{ID})", pages.EditorPage),
    (r"s", pages.LinkPage),
    (r"embed", embedding.NotebookPage),
    (rf"embed/(?P<workspace_id>{ID})", embedding.FramedEditorPage),
    (r"signed-in", embedding.SignedInPage),
    (r"doctor", doctor_page.DoctorPage),
    (r"output-frame", pages.OutputFrame),
    (r"oauth_callback", sign_in.OAuthCallback),
    (r"static/(.*)", StaticFiles),
]

PROBES: list[Route] = [
    (r"_doctor/headers", probes.Headers),
    (r"_doctor/inside", probes.Inside),
    (r"_doctor/echo/(.*)", probes.Echo),
    (r"_doctor/events", probes.Events),
    (r"_doctor/upload", probes.Upload),
    (r"_doctor/socket", probes.Socket),
]
"""Of the doctor's, and no part of the API."""

API: list[Route] = [
    (r"health", health.Health),
    (r"ready", health.Ready),
    (r"metrics", metrics.MetricsPage),
    (r"api/openapi\.json", openapi.OpenApi),
    (r"api/user", user.CurrentUser),
    # workspaces
    (r"api/languages", workspaces.Languages),
    (r"api/workspaces", workspaces.WorkspaceList),
    (ITEM, workspaces.WorkspaceItem),
    (rf"{ITEM}/restore", workspaces.WorkspaceRestore),
    (rf"{ITEM}/xml", workspaces.WorkspaceXml),
    (rf"{ITEM}/copy", workspaces.WorkspaceCopy),
    (rf"{ITEM}/export", workspaces.WorkspaceExport),
    (rf"{ITEM}/revisions", revisions.RevisionList),
    (rf"{ITEM}/revisions/(?P<number>{NUMBER})", revisions.RevisionItem),
    (rf"{ITEM}/revisions/(?P<number>{NUMBER})/restore", revisions.RevisionRestore),
    (rf"{ITEM}/history", revisions.History),
    (rf"{ITEM}/live", live.LiveHandler),
    (rf"{ITEM}/shares", shares.ShareList),
    (rf"{ITEM}/shares/(?P<share_id>{NUMBER})", shares.ShareItem),
    (rf"{ITEM}/links", links.LinkList),
    (rf"{ITEM}/links/(?P<link_id>{NUMBER})", links.LinkItem),
    (rf"{ITEM}/contributors", provenance.ContributorList),
    (rf"{ITEM}/copies", copies.CopyList),
    (rf"{ITEM}/collections", collections.CollectionList),
    (rf"{ITEM}/collections/(?P<collection_id>{NUMBER})", collections.CollectionItem),
    (
        rf"{ITEM}/collections/(?P<collection_id>{NUMBER})/entries/(?P<entry_id>{NUMBER})",
        collections.CollectionEntry,
    ),
    (rf"{ITEM}/origin", copies.CopyOrigin),
    (rf"{ITEM}/transfer", transfers.WorkspaceTransfer),
    (rf"{ITEM}/people", people.People),
    (rf"{ITEM}/events", audit_log.EventList),
    (r"api/links/preview", links.LinkPreview),
    (r"api/links/accept", links.LinkAccept),
    (r"api/transfers", transfers.TransferList),
    (rf"api/transfers/(?P<transfer_id>{NUMBER})/accept", transfers.TransferAccept),
    (rf"api/transfers/(?P<transfer_id>{NUMBER})/decline", transfers.TransferDecline),
    (r"api/export", account_export.Takeaway),
    (r"api/imports", imports.ImportList),
    (rf"api/imports/(?P<import_id>{ID})", imports.ImportItem),
    (rf"api/imports/(?P<import_id>{ID})/parts/(?P<number>[0-9]{{1,4}})", imports.ImportPart),
    (rf"api/imports/(?P<import_id>{ID})/finish", imports.ImportFinish),
    (r"api/doctor", doctor.Doctor),
    # running
    (r"api/server", jupyter.Server),
    (r"api/server/progress", jupyter.ServerProgress),
    (r"api/kernelspecs", kernels.KernelSpecList),
    (r"api/jupyter/api/kernels/[^/]*/channels", jupyter.KernelSocket),
    (r"api/jupyter/.*", jupyter.JupyterRelay),
    (rf"{ITEM}/execute", runs.Execute),
    (rf"{ITEM}/run", runs.LastRun),
]
