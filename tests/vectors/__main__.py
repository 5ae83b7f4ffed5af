"""Records the vectors anew: `python -m tests.vectors`."""

from . import FOLDER, vectors

for name, text in vectors().items():
    (FOLDER / name).write_text(text, encoding="utf-8")
