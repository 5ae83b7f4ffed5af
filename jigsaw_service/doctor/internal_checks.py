"""Checks from inside: what the Hub, the database and this machine tell the service."""

from . import hub_config, hub_settings, kernels, rights, state
from .runner import Check, InTurn

INSIDE: list[Check | InTurn] = [
    InTurn(
        (
            [rights.hub_answers],
            [
                rights.service_token,
                rights.person_token,
                rights.refused_sign_ins,
                hub_settings.public_url,
                state.clock,
                kernels.kernels,
                kernels.frames_in_notebooks,
            ],
        )
    ),
    hub_config.hub_config,
    hub_settings.notebook_origins,
    hub_settings.internal_ssl,
    state.database,
    state.cookie_secret,
    state.port,
]
