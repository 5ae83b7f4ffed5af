"""Check: the service answers at its public URL, and knows the doctor."""

from collections.abc import AsyncIterator

from .finding import Finding, Place
from .probe import ask
from .runner import Visit

_FOLDER = {Place.SHELL: "cd /srv/jigsaw && jigsaw-service doctor"}


async def service_answers(visit: Visit) -> AsyncIterator[Finding]:
    """Check: the service answers, and by our proof its probes."""
    reply = await ask(visit, f"{visit.service_url}health")
    name = visit.service_prefix.rstrip("/").rpartition("/")[2]
    entry = {Place.HUB: f'register(c, name="{name}")'}
    if reply.status == 200 and "status" in reply.json:
        probe = await ask(visit, f"{visit.service_url}_doctor/headers")
        if probe.status != 200 or "headers" not in probe.json:
            says = (
                "The service doesn't know the doctor, so no more can be seen: run it as the user "
                "and in the folder of the service, whose cookie secret opens the probes; or the "
                "service is older than this program."
            )
            yield Finding("probes-refused", says, str(probe), _FOLDER)
    elif reply.is_of_hubs_proxy and reply.status == 503:
        says = "The Hub knows the service, which doesn't answer: it is down, or its `url` is wrong."
        look = {
            Place.SHELL: "systemctl status jigsaw-service",
            Place.HUB: '"url": "http://127.0.0.1:10110",',
        }
        yield Finding("service-down", says, str(reply), look)
    elif reply.is_of_hub or reply.is_of_hubs_proxy:
        says = f"The Hub knows no service of the name {name}."
        yield Finding("service-unknown", says, str(reply), entry)
    else:
        says = "What answers at the service's address is something else."
        yield Finding("not-the-service", says, str(reply), entry)
