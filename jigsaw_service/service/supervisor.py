"""Supervisor, started by the Hub: holds the port, and restarts the service at once after a crash.

The Hub itself looks only every 30 seconds. Calls in between wait in the port's queue and are
answered by the next one. A service that crashes again and again is given longer and longer
pauses; one that ends at its very start has told of a mistake in its configuration, and that is
the end of this process too. Small: it loads nothing but Python's own modules.
"""

import os
import select
import signal
import socket
import subprocess
import sys
import time

from ..runtime.listen import HANDED_ON, bind

# Tells the service how the one before it ended.
CRASHED = "JIGSAW_CRASHED"
_START_SECONDS = 10
# A process that lived longer than that does not crash in a loop.
_LONG_SECONDS = 60
_LONGEST_PAUSE = 16
# Sooner than the Hub's own timeout, after which it kills us instead of the service.
_STOP_SECONDS = 25
_LOOK_SECONDS = 1.0
_STOP = (signal.SIGINT, signal.SIGTERM)


def pause_after(crashes: int) -> int:
    """Seconds to wait after so many crashes in a row: none after the first."""
    return min((1 << crashes) // 4, _LONGEST_PAUSE)


class Supervisor:
    """Runs `command` on `sockets`, again and again, until it is told to stop."""

    def __init__(self, command: list[str], sockets: list[socket.socket]) -> None:
        self._command = command
        self._sockets = sockets
        self._parent = os.getppid()
        self._stopping = False
        self._ears = _ears()

    def run(self) -> int:
        """Run until told to stop, or a start fails; the exit status."""
        crashes, crashed = 0, ""
        while True:
            began = time.monotonic()
            status = self._watch(self._start(crashed))
            lived = time.monotonic() - began
            if self._stopping or (status > 0 and not crashed and lived < _START_SECONDS):
                return max(status, 0)
            crashes = 1 if lived > _LONG_SECONDS else crashes + 1
            crashed = f"ended with status {status}" if status >= 0 else f"died of signal {-status}"
            self._pause(pause_after(crashes))

    def _start(self, crashed: str) -> "subprocess.Popen[bytes]":
        numbers = [one.fileno() for one in self._sockets]
        told = {"JIGSAW_MANAGED": "1", HANDED_ON: ",".join(map(str, numbers))}
        if crashed:
            told[CRASHED] = crashed
        return subprocess.Popen(  # noqa: S603 - ourselves
            self._command, pass_fds=numbers, env=os.environ | told
        )

    def _watch(self, service: "subprocess.Popen[bytes]") -> int:
        """Wait until it has ended, as we tell it once we are to stop."""
        while not self._stopping:
            if (status := service.poll()) is not None:
                return status
            self._listen(_LOOK_SECONDS)
        for one in self._sockets:
            # Nobody shall wait in a queue that nobody serves.
            one.close()
        service.terminate()
        try:
            return service.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            service.kill()
            return service.wait()

    def _pause(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while not self._stopping and (left := until - time.monotonic()) > 0:
            self._listen(min(left, _LOOK_SECONDS))

    def _listen(self, seconds: float) -> None:
        """Wait for a signal, or so long. A Hub that was killed can't stop us any more."""
        if select.select([self._ears], [], [], seconds)[0]:
            self._stopping |= any(number in _STOP for number in os.read(self._ears, 64))
        self._stopping |= os.getppid() != self._parent


def _ears() -> int:
    """A file from which the numbers of signals are read as they come.

    A Hub that was started in the background ignores SIGINT, and children inherit that.
    """
    ears, mouth = os.pipe()
    os.set_blocking(mouth, False)
    signal.set_wakeup_fd(mouth)
    for number in (*_STOP, signal.SIGCHLD):
        signal.signal(number, lambda *_: None)
    return ears


def main() -> None:
    """Entry point of `python -m jigsaw_service.service.supervisor`; options as `jigsaw-service`."""
    url = os.environ.get("JUPYTERHUB_SERVICE_URL")
    if not url:
        sys.exit("JUPYTERHUB_SERVICE_URL is not set: the Hub starts this service, see `deploy/`.")
    command = [sys.executable, "-m", "jigsaw_service", *sys.argv[1:]]
    sys.exit(Supervisor(command, bind(url)).run())


if __name__ == "__main__":
    main()
