"""`%jigsaw` in kernels that build on MetaKernel, instead of MetaKernel's own."""

from typing import Any

from metakernel import Magic

from . import command
from .command import CannotShow
from .show import show


class JigsawMagic(Magic):
    """Takes the line as it is: MetaKernel's reader would take some names for Python."""

    def line_jigsaw(self, *words: str) -> None:
        """
        %jigsaw LANGUAGE [-w NAME] [-h PIXELS] - build a program of blocks, run it in this kernel

        Examples:
            %jigsaw Python
            %jigsaw Python -w maze -h 600
        """
        self._show(" ".join(words))

    def call_magic(self, mtype: str, name: str, code: str, args: Any) -> Any:
        self.code = code
        self._show(args if isinstance(args, str) else " ".join(map(str, args)))
        return self

    def _show(self, line: str) -> None:
        kernel = self.kernel
        try:
            connection = getattr(kernel.parent, "connection_file", "") or ""
            kernel.Display(show(line, connection, through=self._through(line)))
        except CannotShow as why:
            kernel.Error(str(why))

    def _through(self, line: str) -> str:
        """Python runs in a kernel of another language by MetaKernel's `%%python`."""
        wanted = command.read(line).language.kernel_language
        own = str((getattr(self.kernel, "language_info", None) or {}).get("name", "")).lower()
        return wanted if wanted != own and wanted in ("python",) else ""


def register_magics(kernel: Any) -> None:
    """Entry point by which MetaKernel asks a module for its magics."""
    kernel.register_magics(JigsawMagic)
