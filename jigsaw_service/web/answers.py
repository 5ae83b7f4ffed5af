"""The JSON we answer with, as shapes: what `openapi.json` promises and tests hold us to."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

RoleWord = Literal["viewer", "editor", "owner"]
Id = Annotated[str, Field(pattern="^[A-Za-z0-9_-]{1,64}$")]
Next = Annotated[str | None, Field(description="Where the list goes on; null at its end.")]


class Answer(BaseModel):
    """Base of all answers."""

    model_config = ConfigDict(extra="forbid")


class Problem(BaseModel):
    """RFC 9457. Branch on the last segment of `type`; `detail` is for people."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str = ""


class Health(Answer):
    status: Literal["ok"]
    version: str


class Ready(Answer):
    """`missing` holds slugs: what keeps the service from serving."""

    ready: bool
    missing: list[str]


class CurrentUser(Answer):
    name: str
    groups: list[str]


class Language(Answer):
    name: str
    title: str
    kernel_language: str
    file_extension: str


class Languages(Answer):
    items: list[Language]
    next: Next


class Workspace(Answer):
    id: Id
    name: str
    language: str
    kernel_name: str | None
    owner: str
    role: Annotated[RoleWord, Field(description="What the caller is to it.")]
    revision: Annotated[int, Field(ge=1, description="Number of the last revision.")]
    clock: Annotated[int, Field(ge=1, description="Counts the committed changes.")]
    created: datetime
    modified: datetime
    modified_by: Annotated[str, Field(description="Who changed the blocks last.")]
    trashed: datetime | None
    copied_from: str | None


class Workspaces(Answer):
    items: list[Workspace]
    next: Next


class Saved(Answer):
    revision: Annotated[int, Field(ge=1)]
    clock: Annotated[int, Field(ge=1)]


class Revision(Answer):
    number: Annotated[int, Field(ge=1)]
    kind: Literal["creation", "automatic", "upload", "import", "restore", "copy"]
    authors: Annotated[list[str], Field(description="Whose edits it contains.")]
    created: datetime
    label: str | None
    blocks: int
    bytes: int


class Revisions(Answer):
    items: list[Revision]
    next: Next


class Change(Answer):
    clock: Annotated[int, Field(ge=1)]
    author: str
    created: datetime
    patch: Annotated[
        dict[str, Any] | None,
        Field(description="See docs/live.md; null where it was cleared away with age."),
    ]


class Changes(Answer):
    items: list[Change]
    next: Next


class Share(Answer):
    """Held by exactly one of `user`, `group` and, when true, `everyone`."""

    id: int
    user: str | None
    group: str | None
    everyone: bool
    role: Literal["viewer", "editor"]
    signed_in: Annotated[
        bool | None, Field(description="Whether the user has ever been here; null for others.")
    ]
    created: datetime


class Shares(Answer):
    items: list[Share]
    next: Next


class Import(Answer):
    id: Id
    part_size: Annotated[int, Field(description="The most bytes in a part.")]


class ServerState(Answer):
    state: Literal["stopped", "starting", "ready"]
    progress: Annotated[int | None, Field(description="Percent.")]
