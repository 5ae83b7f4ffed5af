"""Request bodies in JSON: strict types, and no field that we don't know."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, model_validator

from ..document.names import LONGEST, PATTERN, read_name, read_title
from ..runtime.languages import LANGUAGES

_PATTERN = {"pattern": PATTERN}
_KERNEL = r"^[A-Za-z0-9._-]{1,200}$"

Name = Annotated[
    str,
    Field(min_length=1, max_length=LONGEST, json_schema_extra=_PATTERN),
    AfterValidator(read_title),
]
HubName = Annotated[
    str, Field(min_length=1, max_length=255, json_schema_extra=_PATTERN), AfterValidator(read_name)
]
# As Jupyter has them (jupyter_client.kernelspec, `_is_valid_kernel_name`).
KernelName = Annotated[str, Field(pattern=_KERNEL)]
_KNOWN_LANGUAGE: dict[str, Any] = {"enum": list(LANGUAGES)}
LanguageName = Annotated[str, Field(max_length=64, json_schema_extra=_KNOWN_LANGUAGE)]


class RequestBody(BaseModel):
    """Base of all request bodies."""

    model_config = ConfigDict(extra="forbid", strict=True)


class NewWorkspace(RequestBody):
    """Without `xml`, it begins empty. `file`: the XML is not, or not all, by the caller.

    `notebook_name`: by which notebooks find it. Where there is one of that name and language
    already, it is the answer (200), and nothing is made.
    """

    name: Name
    language: LanguageName
    xml: str | None = None
    file: bool = False
    notebook_name: Name | None = None


class WorkspaceChanges(RequestBody):
    """What is left out stays; `kernel_name` null: choose a kernel by language again."""

    name: Name = ""
    kernel_name: KernelName | None = None


class NewCopy(RequestBody):
    """Without `name`, it is called after the origin; `revision`: an old one instead of the head."""

    name: Name | None = None
    revision: Annotated[int, Field(ge=1, le=999_999_999)] | None = None


class NewImport(RequestBody):
    """`name` and `language` are for files that don't say; zips may. Any text makes a name."""

    name: Annotated[str, Field(max_length=1000)] | None = None
    language: LanguageName | None = None


class RevisionChanges(RequestBody):
    """null takes the label away."""

    label: Name | None


_LABEL: TypeAdapter[str] = TypeAdapter(Name, config=ConfigDict(strict=True))


def label_of(value: Any) -> str:
    """A label that came by another way than a body; ValueError if it is none."""
    return _LABEL.validate_python(value)


GrantedRole = Literal["viewer", "editor"]


class NewShare(RequestBody):
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


class ShareChanges(RequestBody):
    """The role that it shall be."""

    role: GrantedRole


_TEN_YEARS = 10 * 365 * 24 * 3600


class NewLink(RequestBody):
    """`expires_in` seconds; what is left out, or null, has no end."""

    kind: Literal["view", "edit", "copy"]
    expires_in: Annotated[int, Field(ge=1, le=_TEN_YEARS)] | None = None
    max_uses: Annotated[int, Field(ge=1, le=1_000_000)] | None = None


class LinkCode(RequestBody):
    """What stands behind the # of a share link."""

    code: Annotated[str, Field(min_length=1, max_length=200)]


class AcceptLink(LinkCode):
    """`allow_view`: the origin's owner may look at the copy; until that is taken back."""

    allow_view: bool = False


class OriginChanges(RequestBody):
    """Whether the origin's owner may look at the copy."""

    allow_view: bool


class NewTransfer(RequestBody):
    """Who shall have it, by their name on the Hub."""

    to: HubName
