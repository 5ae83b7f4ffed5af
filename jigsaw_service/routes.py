"""Every address of the service and its handler; nothing else."""

from tornado.web import RequestHandler

from .web import health, jupyter, oauth, pages, runs, user
from .web.assets import StaticFiles

ID = r"[A-Za-z0-9_-]{1,64}"

Route = tuple[str, type[RequestHandler]]

PAGES: list[Route] = [
    (r"", pages.HomePage),
    (rf"w/(?P<workspace_id>{ID})", pages.EditorPage),
    (r"signed-in", pages.SignedInPage),
    (r"output-frame", pages.OutputFrame),
    (r"oauth_callback", oauth.OAuthCallback),
    (r"static/(.*)", StaticFiles),
]

API: list[Route] = [
    (r"health", health.Health),
    (r"ready", health.Ready),
    (r"api/user", user.CurrentUser),
    # running
    (r"api/server", jupyter.Server),
    (r"api/server/progress", jupyter.ServerProgress),
    (r"api/jupyter/api/kernels/[^/]*/channels", jupyter.KernelSocket),
    (r"api/jupyter/.*", jupyter.JupyterRelay),
    (rf"api/workspaces/(?P<workspace_id>{ID})/execute", runs.Execute),
]
