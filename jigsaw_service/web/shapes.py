"""The JSON we accept: strict types, and no field that we don't know."""

import unicodedata
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, model_validator

from ..languages import LANGUAGES

_NOT_IN_NAMES = frozenset(["Cc", "Cs", "Zl", "Zp"])
"""Unicode's controls, surrogates, line and paragraph separators."""


def has_controls(text: str) -> bool:
    return any(unicodedata.category(sign) in _NOT_IN_NAMES for sign in text)


def _plain(text: str) -> str:
    if has_controls(text):
        raise ValueError("use letters and spaces, no control characters")
    if not text.strip():
        raise ValueError("give it at least one letter")
    return text.strip()


_LINE = r"[^\x00-\x1f\x7f-\x9f\u2028\u2029]*"
# The same two rules, as callers read them.
_PATTERN = {"pattern": rf"^{_LINE}[^\s\x00-\x1f\x7f-\x9f]{_LINE}$"}

Name = Annotated[
    str, Field(min_length=1, max_length=200, json_schema_extra=_PATTERN), AfterValidator(_plain)
]
HubName = Annotated[
    str, Field(min_length=1, max_length=255, json_schema_extra=_PATTERN), AfterValidator(_plain)
]
_KNOWN_LANGUAGE: dict[str, Any] = {"enum": list(LANGUAGES)}
LanguageName = Annotated[str, Field(max_length=64, json_schema_extra=_KNOWN_LANGUAGE)]


class Shape(BaseModel):
    """Base of all bodies."""

    model_config = ConfigDict(extra="forbid", strict=True)


class NewWorkspace(Shape):
    """Without `xml`, it begins empty. `file`: the XML is not, or not all, by the caller.

    `notebook_name`: by which notebooks find it. Where there is one of that name and language
    already, it is the answer (200), and nothing is made.
    """

    name: Name
    language: LanguageName
    xml: str | None = None
    file: bool = False
    notebook_name: Name | None = None


class WorkspaceChanges(Shape):
    """What is left out stays; `kernel_name` null: choose a kernel by language again."""

    name: Name = ""
    kernel_name: Name | None = None


class NewCopy(Shape):
    """Without `name`, it is called after the origin; `revision`: an old one instead of the head."""

    name: Name | None = None
    revision: Annotated[int, Field(ge=1, le=999_999_999)] | None = None


class NewImport(Shape):
    """`name` and `language` are for files that don't say; zips may."""

    name: Name | None = None
    language: LanguageName | None = None


class RevisionChanges(Shape):
    """null takes the label away."""

    label: Name | None


_LABEL: TypeAdapter[str] = TypeAdapter(Name, config=ConfigDict(strict=True))


def label_of(value: Any) -> str:
    """A label that came by another way than a body; ValueError if it is none."""
    return _LABEL.validate_python(value)


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
    everyone: Annotated[bool, Field(json_schema_extra={"const": True})] = True
    role: GrantedRole

    @model_validator(mode="after")
    def _one_grantee(self) -> "NewShare":
        if len(self.model_fields_set & {"user", "group", "everyone"}) != 1:
            raise ValueError("send exactly one of user, group and everyone")
        if not self.everyone:
            raise ValueError("everyone must be true")
        return self


class ShareChanges(Shape):
    """The role that it shall be."""

    role: GrantedRole


_TEN_YEARS = 10 * 365 * 24 * 3600


class NewLink(Shape):
    """`expires_in` seconds; what is left out, or null, has no end."""

    kind: Literal["view", "edit", "copy"]
    expires_in: Annotated[int, Field(ge=1, le=_TEN_YEARS)] | None = None
    max_uses: Annotated[int, Field(ge=1, le=1_000_000)] | None = None


class LinkCode(Shape):
    """What stands behind the # of a share link."""

    code: Annotated[str, Field(min_length=1, max_length=200)]


class AcceptLink(LinkCode):
    """`allow_view`: the origin's owner may look at the copy; until that is taken back."""

    allow_view: bool = False


class OriginChanges(Shape):
    """Whether the origin's owner may look at the copy."""

    allow_view: bool


class NewTransfer(Shape):
    """Who shall have it, by their name on the Hub."""

    to: HubName
