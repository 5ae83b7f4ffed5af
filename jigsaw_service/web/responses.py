"""Response bodies in JSON: what `openapi.json` promises and tests hold us to.

The document calls them like the classes, without `Response`.
"""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from ..jupyter.specs import Fault

RoleWord = Literal["viewer", "editor", "owner"]
Id = Annotated[str, Field(pattern="^[A-Za-z0-9_-]{1,64}$")]
Next = Annotated[str | None, Field(description="Where the list goes on; null at its end.")]


class ResponseBody(BaseModel):
    """Base of all response bodies."""

    model_config = ConfigDict(extra="forbid")


class Problem(BaseModel):
    """RFC 9457. Branch on the last segment of `type`; `detail` is for people."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str = ""


class HealthResponse(ResponseBody):
    status: Literal["ok"]
    version: str


class ReadyResponse(ResponseBody):
    """`missing` holds slugs: what keeps the service from serving."""

    ready: bool
    missing: list[str]


class CurrentUserResponse(ResponseBody):
    name: str
    groups: list[str]


class LanguageResponse(ResponseBody):
    name: str
    title: str
    kernel_language: str
    file_extension: str


class LanguagesResponse(ResponseBody):
    items: list[LanguageResponse]
    next: Next


class WorkspaceResponse(ResponseBody):
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


class EditedCodeResponse(ResponseBody):
    """Of a notebook whose code was edited since its export, and isn't in the blocks it brought."""

    workspace_id: Id
    code: str


class ImportedResponse(ResponseBody):
    items: list[WorkspaceResponse]
    next: Next
    edited: Annotated[
        list[EditedCodeResponse], Field(description="Told once, by the first answer.")
    ]
    recoded: Annotated[
        list[Id],
        Field(description="Workspaces whose files were in UTF-16 or UTF-32. Told once."),
    ]


class ListedWorkspaceResponse(WorkspaceResponse):
    contains: Annotated[
        list[str], Field(description="Words in its blocks that `q` has found, and in no name.")
    ]


class WorkspacesResponse(ResponseBody):
    """A page may be short, or empty, though `next` goes on."""

    items: list[ListedWorkspaceResponse]
    next: Next


class SavedResponse(ResponseBody):
    revision: Annotated[int, Field(ge=1)]
    clock: Annotated[int, Field(ge=1)]


class RevisionResponse(ResponseBody):
    number: Annotated[int, Field(ge=1)]
    clock: Annotated[int, Field(ge=1, description="Of the state that it holds.")]
    kind: Literal["creation", "automatic", "upload", "import", "restore", "copy"]
    authors: Annotated[list[str], Field(description="Whose edits it contains.")]
    created: datetime
    label: str | None
    blocks: int
    bytes: int
    thinned: Annotated[bool, Field(description="Its content was cleared away with age.")]


class RevisionsResponse(ResponseBody):
    items: list[RevisionResponse]
    next: Next


class ContributorResponse(ResponseBody):
    name: str
    you: Annotated[
        bool, Field(description="Whether it is the caller; one of their name may be another.")
    ]


class ContributorsResponse(ResponseBody):
    """Everybody who had a hand in what a workspace holds."""

    items: list[ContributorResponse]
    next: Next
    files: Annotated[
        int, Field(ge=0, description="What came in as a file; nobody knows whose it is.")
    ]


class ChangeResponse(ResponseBody):
    clock: Annotated[int, Field(ge=1)]
    author: str
    created: datetime
    patch: Annotated[
        dict[str, Any] | None,
        Field(description="See docs/live.md; null where it was cleared away with age."),
    ]


class ChangesResponse(ResponseBody):
    items: list[ChangeResponse]
    next: Next


class ShareResponse(ResponseBody):
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


class SharesResponse(ResponseBody):
    items: list[ShareResponse]
    next: Next


class LinkResponse(ResponseBody):
    """A share link; what it leads to is known only to those who have the whole of it."""

    id: int
    kind: Literal["view", "edit", "copy"]
    prefix: Annotated[str, Field(description="The first letters of its code.")]
    created: datetime
    created_by: str
    expires: datetime | None
    max_uses: Annotated[int | None, Field(ge=1)]
    uses: Annotated[int, Field(ge=0, description="How many it has given something new.")]


class LinksResponse(ResponseBody):
    items: list[LinkResponse]
    next: Next


class MadeLinkResponse(LinkResponse):
    url: Annotated[str, Field(description="Told this once. The code stands in the fragment.")]


class LinkPreviewResponse(ResponseBody):
    """Whose, what, which role."""

    kind: Literal["view", "edit", "copy"]
    role: Annotated[RoleWord, Field(description="What one becomes: to a copy, its owner.")]
    owner: str
    name: str
    language: str
    expires: datetime | None
    accepted: Annotated[bool, Field(description="Accepting gives the caller nothing new.")]


class AcceptedLinkResponse(ResponseBody):
    workspace_id: Annotated[Id, Field(description="The workspace, or the caller's own copy.")]
    role: Annotated[RoleWord, Field(description="What the caller is to it now.")]


class CopyResponse(ResponseBody):
    """A copy that somebody made by a link of kind `copy`."""

    id: int
    user: Annotated[str, Field(description="Who made it.")]
    created: datetime
    modified: datetime
    allow_view: Annotated[bool, Field(description="Whether the origin's owner may look at it.")]
    workspace_id: Annotated[Id | None, Field(description="null unless they may.")]
    name: Annotated[str | None, Field(description="null unless they may.")]


class CopiesResponse(ResponseBody):
    items: list[CopyResponse]
    next: Next


class CollectionResponse(ResponseBody):
    """What was taken of the copies at one time."""

    id: int
    created: datetime
    collected: Annotated[int, Field(ge=0, description="How many copies it holds.")]
    missing: Annotated[int, Field(ge=0, description="How many could not be had.")]


class CollectionsResponse(ResponseBody):
    items: list[CollectionResponse]
    next: Next


class CollectedCopyResponse(ResponseBody):
    id: int
    user: Annotated[str, Field(description="Who made the copy.")]
    name: str
    revision: Annotated[int, Field(ge=1, description="Of the copy, at that time.")]
    clock: Annotated[int, Field(ge=1)]
    modified: datetime
    blocks: int
    bytes: int


class MissingCopyResponse(ResponseBody):
    user: str
    reason: Annotated[
        Literal["private", "trashed"],
        Field(description="Its maker lets nobody look at it, or it is in their trash."),
    ]


class CollectionDetailsResponse(CollectionResponse):
    items: list[CollectedCopyResponse]
    not_collected: list[MissingCopyResponse]


class OriginResponse(ResponseBody):
    """What a copy was made from."""

    workspace_id: Id
    owner: str
    created: Annotated[datetime, Field(description="When the copy was made.")]
    allow_view: Annotated[bool, Field(description="Whether that owner may look at the copy.")]


class TransferResponse(ResponseBody):
    """An offer that was neither accepted nor declined yet."""

    id: int
    workspace_id: Id
    name: str
    language: str
    owner: str
    to: str
    created: datetime


class TransfersResponse(ResponseBody):
    items: list[TransferResponse]
    next: Next


class EventResponse(ResponseBody):
    id: int
    kind: Literal[
        "share-granted",
        "share-changed",
        "share-revoked",
        "left",
        "link-made",
        "link-used",
        "link-revoked",
        "view-allowed",
        "view-withdrawn",
        "collected",
        "collection-deleted",
        "transfer-offered",
        "transfer-withdrawn",
        "transfer-declined",
        "transferred",
        "revision-restored",
        "trashed",
        "restored",
        "deleted",
    ]
    user: Annotated[str | None, Field(description="Who did it; null: the service.")]
    created: datetime
    details: Annotated[dict[str, Any], Field(description="To or of whom, which role, which link.")]


class EventsResponse(ResponseBody):
    items: list[EventResponse]
    next: Next


class KnownPersonResponse(ResponseBody):
    name: str


class KnownPeopleResponse(ResponseBody):
    items: list[KnownPersonResponse]
    next: Next


class ImportResponse(ResponseBody):
    id: Id
    part_size: Annotated[int, Field(description="The most bytes in a part.")]


class ServerStateResponse(ResponseBody):
    state: Literal["stopped", "starting", "ready"]
    progress: Annotated[int | None, Field(description="Percent.")]


class KernelSpecResponse(ResponseBody):
    name: str
    title: str
    language: str
    why_not: Annotated[
        str | None, Field(description="It did not start here lately, and this was said of it.")
    ]
    fault: Annotated[
        Fault | None,
        Field(
            description="`refused` by the server, whose words `why_not` has; its program `ended` "
            "at once; or it was `silent` for a minute."
        ),
    ]
    only_yours: Annotated[bool, Field(description="Others' servers that are known don't list it.")]


class KernelSpecsResponse(ResponseBody):
    default: Annotated[str, Field(description="The name of the server's own choice.")]
    items: list[KernelSpecResponse]


class RunKernelResponse(ResponseBody):
    id: str
    busy: bool


class RunMessageResponse(ResponseBody):
    msg_type: str
    content: dict[str, Any]


class RunInputResponse(ResponseBody):
    header: dict[str, Any]
    prompt: str
    password: bool


class RunStateResponse(ResponseBody):
    id: Annotated[str, Field(description="Of the request that began it.")]
    date: Annotated[str, Field(description="When it was first heard, by the kernel's clock.")]
    end: Annotated[
        Literal["done", "restarted", "died"] | None, Field(description="Null while it runs.")
    ]
    seconds: float
    complete: Annotated[bool, Field(description="All that it has sent is known.")]
    input: Annotated[RunInputResponse | None, Field(description="What it asks just now.")]
    messages: list[RunMessageResponse]
    next: Annotated[int, Field(description="The number of the next message.")]


class LastRunResponse(ResponseBody):
    kernel: RunKernelResponse | None
    run: RunStateResponse | None
    source: Annotated[str, Field(description="The process that tells, which counts for itself.")]


class MendResponse(ResponseBody):
    place: Annotated[str, Field(description="Where the line belongs.")]
    line: str


class DoctorFindingResponse(ResponseBody):
    name: Annotated[str, Field(description="As in the documentation.")]
    says: str
    where: str
    mend: list[MendResponse]


class DiagnosisResponse(ResponseBody):
    findings: list[DoctorFindingResponse]
    not_looked_at: Annotated[list[str], Field(description="And what it would take.")]
