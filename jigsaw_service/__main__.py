"""`python -m jigsaw_service`, the same as `jigsaw-service`."""

from .app import main

main()
