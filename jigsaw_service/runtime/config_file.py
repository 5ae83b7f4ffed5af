"""Config file of `--config`: taken as it is, or refused with the reason.

traitlets passes over one that isn't there, or fails; the service would then begin with
settings that nobody wants, such as another database.
"""

import sys
from pathlib import Path
from typing import NoReturn

from traitlets.config import Application
from traitlets.config.loader import JSONFileConfigLoader, PyFileConfigLoader

_LOADERS = {".py": PyFileConfigLoader, ".json": JSONFileConfigLoader}


def apply(name: str, to: Application) -> None:
    """Set what it says; end with status 2, and one sentence, if that can't be done."""
    file = Path(name).absolute()
    if file.suffix not in _LOADERS:
        _refuse(f"A file of configuration ends in .py or .json, unlike {file}.")
    if not file.is_file():
        _refuse(f"There is no file of configuration {file}.")
    try:
        to.update_config(_LOADERS[file.suffix](file.name, path=str(file.parent)).load_config())
    except Exception as error:
        _refuse(f"The configuration in {file} can't be used. {type(error).__name__}: {error}")


def _refuse(sentence: str) -> NoReturn:
    print(" ".join(sentence.split()), file=sys.stderr)
    sys.exit(2)
