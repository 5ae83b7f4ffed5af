"""Starts the demo: a real JupyterHub with the service, on this machine alone.

Usage: demo.py [PORT]. Prints one line `URL: …` once everything answers, and
stops everything on Ctrl+C. What it keeps lies in `.demo/` (or $JIGSAW_DEMO_DIR).
"""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).parents[2]
CONFIG = os.environ.get("JIGSAW_DEMO_CONFIG", Path(__file__).with_name("jupyterhub_config.py"))
START_SECONDS = 120
STOP_SECONDS = 40


def main() -> int:
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 8000
    folder = Path(os.environ.get("JIGSAW_DEMO_DIR", ROOT / ".demo")).absolute()
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port(wanted)
    if wanted and port != wanted:
        print(f"Port {wanted} is taken; using {port} instead.", flush=True)
    # A Hub in the background of a script would inherit a deaf ear for Ctrl+C.
    signal.signal(signal.SIGTERM, _interrupt)
    signal.signal(signal.SIGINT, _interrupt)
    print("Starting JupyterHub …", flush=True)
    hub = start_hub(folder, port)
    try:
        return watch(hub, port, folder)
    except KeyboardInterrupt:
        print("\nStopping …", flush=True)
        return 0
    finally:
        stop(hub, folder)


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def free_port(wanted: int = 0) -> int:
    """`wanted` where it is free on loopback, else any free port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", wanted))
            return int(probe.getsockname()[1])
    return free_port()


def start_hub(folder: Path, port: int) -> subprocess.Popen[bytes]:
    """JupyterHub in a process group of its own, so that all of it can be stopped."""
    ports = [port, free_port(), free_port(), free_port()]
    environment = os.environ | {
        "JIGSAW_DEMO_DIR": str(folder),
        "JIGSAW_DEMO_PORTS": ",".join(map(str, ports)),
        "JIGSAW_DEMO_PROXY": "\n".join(proxy_command()),
    }
    with (folder / "jupyterhub.log").open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "jupyterhub", "-f", str(CONFIG)],
            cwd=folder,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def proxy_command() -> list[str]:
    """configurable-http-proxy as installed for the demo, else the one on PATH."""
    ours = ROOT / "deploy/demo/node_modules/configurable-http-proxy/bin/configurable-http-proxy"
    return ["node", str(ours)] if ours.exists() else ["configurable-http-proxy"]


def watch(hub: subprocess.Popen[bytes], port: int, folder: Path) -> int:
    """Wait until the service is ready, say so, and stay until the Hub ends."""
    url = f"http://127.0.0.1:{port}/jupyter/services/jigsaw/"
    deadline = time.monotonic() + START_SECONDS
    while not answers(url + "ready"):
        if hub.poll() is not None or time.monotonic() > deadline:
            print(f"JupyterHub did not start. The end of {folder / 'jupyterhub.log'}:")
            print("".join((folder / "jupyterhub.log").read_text().splitlines(True)[-30:]))
            return 1
        time.sleep(0.2)
    print(
        "This is a demo, for this machine alone: everybody has the same password.\n"
        "People: teacher, alice, bob, carol. Password: jigsaw. Stop with Ctrl+C.\n"
        f"URL: {url}",
        flush=True,
    )
    return hub.wait()


def answers(url: str) -> bool:
    """True if `url` answers 200."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def stop(hub: subprocess.Popen[bytes], folder: Path) -> None:
    """Stop the Hub in order, then whatever is left of its group, and its proxy."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hub.poll() is None:
        hub.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            hub.wait(STOP_SECONDS)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(hub.pid, signal.SIGKILL)
    # A Hub that fails while it starts leaves the proxy, and the file that names it, behind.
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        os.kill(int((folder / "proxy.pid").read_text().split()[0]), signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(main())
