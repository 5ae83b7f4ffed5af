"""Checks that go by the public URL, as a browser does."""

from .proxy_headers import claims_go_no_further, host_is_kept, policy_is_kept, scheme_is_told
from .proxy_transport import bodies_pass, events_flow, paths_are_kept, slash_is_added
from .reach import hub_answers
from .runner import Check, InTurn
from .service import service_answers
from .sockets import others_are_not_upgraded, sockets_open, sockets_stay_open

STAGES: InTurn = InTurn(
    (
        [hub_answers],
        [service_answers],
        [
            slash_is_added,
            scheme_is_told,
            host_is_kept,
            sockets_open,
            others_are_not_upgraded,
            sockets_stay_open,
            events_flow,
            bodies_pass,
            paths_are_kept,
            policy_is_kept,
            claims_go_no_further,
        ],
    )
)
OUTSIDE: list[Check | InTurn] = [STAGES]
