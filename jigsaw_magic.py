"""MetaKernel's name for the module of `%jigsaw`: found before its own where this is installed."""

from jigsaw_service.notebook.metakernel import register_magics

__all__ = ["register_magics"]
