"""The JSON we accept: strict types, and no field that we don't know."""

import unicodedata
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

_NOT_IN_NAMES = frozenset(["Cc", "Cs", "Zl", "Zp"])
"""Unicode's controls, surrogates, line and paragraph separators."""


def has_controls(text: str) -> bool:
    return any(unicodedata.category(sign) in _NOT_IN_NAMES for sign in text)


def _one_line(text: str) -> str:
    if has_controls(text):
        raise ValueError("use letters and spaces, no control characters")
    return text


_ONE_LINE = AfterValidator(_one_line)

Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), _ONE_LINE
]
HubName = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=255), _ONE_LINE
]


class Shape(BaseModel):
    """Base of all bodies."""

    model_config = ConfigDict(extra="forbid", strict=True)


class NewWorkspace(Shape):
    """Without `xml`, it begins empty."""

    name: Name
    language: Annotated[str, Field(max_length=64)]
    xml: str | None = None


class WorkspaceChanges(Shape):
    """What is left out stays; `kernel_name` null: choose a kernel by language again."""

    name: Name = ""
    kernel_name: Name | None = None


class NewCopy(Shape):
    """Without `name`, it is called after the origin."""

    name: Name | None = None


class NewImport(Shape):
    """`name` and `language` are for files that don't say; zips may."""

    name: Name | None = None
    language: Annotated[str, Field(max_length=64)] | None = None


class RevisionChanges(Shape):
    """null takes the label away."""

    label: Name | None


GrantedRole = Literal["viewer", "editor"]


class NewShare(Shape):
    """Exactly one of `user`, `group` and `everyone`."""

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [{"required": ["user"]}, {"required": ["group"]}, {"required": ["everyone"]}]
        }
    )

    user: HubName = ""
    group: HubName = ""
    everyone: Literal[True] | None = None
    role: GrantedRole

    @model_validator(mode="after")
    def _one_grantee(self) -> "NewShare":
        if len(self.model_fields_set & {"user", "group", "everyone"}) != 1:
            raise ValueError("send exactly one of user, group and everyone")
        if "everyone" in self.model_fields_set and self.everyone is None:
            raise ValueError("everyone must be true")
        return self


class ShareChanges(Shape):
    """The role that it shall be."""

    role: GrantedRole
