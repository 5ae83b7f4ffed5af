"""Output of a cell for a line of `%jigsaw`."""

from . import command, leftover_xml, output, place
from .kernel import kernel_id


def show(line: str, connection_file: str, *, through: str = "") -> dict[str, str]:
    """The output for `line`, by MIME type; raises CannotShow.

    `through`: the cell magic by which this kernel runs what it does not speak itself.
    """
    wanted = command.read(line)
    service = place.service_url()
    frame = place.frame_url(service, wanted, kernel_id(connection_file), through=through)
    offer = leftover_xml.left_xml(wanted.workspace)
    return output.bundle(wanted, frame, place.page_url(service, wanted), offer)
