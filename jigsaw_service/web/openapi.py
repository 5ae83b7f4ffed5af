"""OpenAPI 3.1: the description of the API, made of what its routes declare."""

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode

from .. import __version__, errors
from ..errors import JigsawError
from .access import in_words
from .lists import MAX_NUMBER
from .requests import RequestBody
from .responses import Problem
from .route import JSON, Content, Operation

_REF = "#/components/schemas/{model}"
_SUFFIX = re.compile("(Request|Response)$")
_PROBLEM = "application/problem+json"
_SIGNED_IN = (errors.NotSignedIn, errors.XsrfFailed, errors.NotReady, errors.HubUnavailable)
_ALWAYS = (errors.BadRequest, errors.TooLarge)
_ID = {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,64}$"}
_PATH_NUMBERS = {
    "number": {"type": "integer", "minimum": 0, "maximum": 9999},
    **{
        name: {"type": "integer", "minimum": 0, "maximum": MAX_NUMBER}
        for name in ("share_id", "link_id", "transfer_id", "collection_id", "entry_id")
    },
}


Operations = Mapping[tuple[str, str], Operation]


def document(prefix: str, operations: Operations) -> dict[str, Any]:
    """The description of the service under `prefix`; operations are by path and method."""
    paths: dict[str, dict[str, Any]] = {}
    for (path, method), operation in operations.items():
        paths.setdefault(f"/{path}", {})[method] = _operation(path, operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "jigsaw_service",
            "version": __version__,
            "description": "Block programs on JupyterHub. Times are ISO 8601 in UTC.",
        },
        "servers": [{"url": prefix.rstrip("/")}],
        "paths": paths,
        "components": {"schemas": _schemas(operations), "securitySchemes": _security_schemes()},
    }


def _security_schemes() -> dict[str, Any]:
    return {
        "token": {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`token …`: a JupyterHub API token of the caller's.",
        },
        "cookie": {
            "type": "oauth2",
            "description": "The Hub's sign-in in a browser; send X-XSRFToken with each request.",
            "flows": {
                "authorizationCode": {
                    "authorizationUrl": "/hub/api/oauth2/authorize",
                    "tokenUrl": "/hub/api/oauth2/token",
                    "scopes": {},
                }
            },
        },
    }


def _models(operations: Operations) -> list[type[BaseModel]]:
    """Every body that an operation names."""
    named: set[type[BaseModel]] = {Problem}
    for operation in operations.values():
        for content in (operation.body, *operation.responses.values()):
            for one in content if isinstance(content, tuple) else (content,):
                if isinstance(one, type):
                    named.add(one)
    return sorted(named, key=component_name)


def component_name(model: type[BaseModel]) -> str:
    """Name of a body in the document, which needs no suffix to say that it is one."""
    return _SUFFIX.sub("", model.__name__)


class _Schema(GenerateJsonSchema):
    """Schema that refers to bodies by the names of their components."""

    def normalize_name(self, name: str) -> str:
        return _SUFFIX.sub("", super().normalize_name(name))


def _schemas(operations: Operations) -> dict[str, Any]:
    schemas: dict[str, Any] = {}
    for model in _models(operations):
        described = model.model_json_schema(
            ref_template=_REF, schema_generator=_Schema, mode=_mode(model)
        )
        schemas |= described.pop("$defs", {}) | {component_name(model): described}
    return {name: _titled(name, schema) for name, schema in schemas.items()}


def _mode(model: type[BaseModel]) -> JsonSchemaMode:
    return "validation" if issubclass(model, RequestBody) else "serialization"


def _titled(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    """Schema by its component's name, without defaults: what a body leaves out stays as it is."""
    schema["title"] = name
    for described in schema.get("properties", {}).values():
        described.pop("default", None)
    return schema


def _operation(path: str, operation: Operation) -> dict[str, Any]:
    described: dict[str, Any] = {
        "summary": operation.summary,
        "description": _who(operation),
        "parameters": [*_path_parameters(path), *operation.parameters],
        "responses": _responses(operation),
        "security": [{"token": []}, {"cookie": []}] if operation.signed_in else [],
    }
    if operation.body:
        described["requestBody"] = {
            "required": operation.body_required,
            "content": _content(operation.body),
        }
    return described


def _who(operation: Operation) -> str:
    uses = (f"{use} {in_words(action)}".strip() for use, action in operation.uses.items())
    return " ".join([in_words(operation.who), *uses])


def _path_parameters(path: str) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": _PATH_NUMBERS.get(name, _ID)}
        for name in re.findall(r"{(\w+)}", path)
    ]


def _content(content: Content) -> dict[str, Any]:
    described: dict[str, Any] = {}
    for one in content if isinstance(content, tuple) else (content,):
        if isinstance(one, str):
            described[one] = {"schema": {} if "json" in one else {"type": "string"}}
        else:
            described[JSON] = {"schema": {"$ref": _REF.format(model=component_name(one))}}
    return described


def _responses(operation: Operation) -> dict[str, Any]:
    responses: dict[str, Any] = {}
    for status, content in operation.responses.items():
        response: dict[str, Any] = {"description": status.phrase}
        if content:
            response["content"] = _content(content)
        if names := operation.headers.get(status):
            response["headers"] = {name: {"schema": {"type": "string"}} for name in names}
        responses[str(int(status))] = response
    refusals = (*operation.refusals, *_ALWAYS, *(_SIGNED_IN if operation.signed_in else ()))
    return _refusals(refusals) | responses


def _refusals(refusals: tuple[type[JigsawError], ...]) -> dict[str, Any]:
    """Refusals as responses: one a status, naming its slugs."""
    slugs: dict[int, set[str]] = {}
    for refusal in refusals:
        slugs.setdefault(refusal.status, set()).add(refusal.slug)
    return {
        str(status): {
            "description": f"{HTTPStatus(status).phrase}: {', '.join(sorted(named))}",
            "content": {_PROBLEM: {"schema": {"$ref": _REF.format(model="Problem")}}},
        }
        for status, named in sorted(slugs.items())
    }
