"""nginx and Apache with the very files of `deploy/`, on their own ports and certificate."""

import os
import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
NAME = "hub.example.com"
START_SECONDS = 20

# What Debian's nginx.conf and apache2.conf have around a site, as far as it is needed here.
_NGINX = """
{user} daemon off; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""
_APACHE_MODULES = "mpm_event authz_core ssl proxy proxy_http headers alias http2".split()
_APACHE = """
ServerRoot {folder}
PidFile {folder}/pid
ErrorLog {folder}/error.log
ServerName localhost
User www-data
Group www-data
Listen 127.0.0.1:{plain}
Listen 127.0.0.1:{tls}
{modules}
Include {folder}/site.conf
"""


@dataclass(frozen=True)
class Certificate:
    """For the public name and those below it, signed by itself."""

    certificate: Path
    key: Path

    @classmethod
    def make(cls, folder: Path) -> "Certificate":
        certificate, key = folder / "certificate.pem", folder / "key.pem"
        command = f"openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN={NAME}"
        names = f"subjectAltName=DNS:{NAME},DNS:*.{NAME}"
        files = ["-addext", names, "-out", str(certificate), "-keyout", str(key)]
        subprocess.run([*command.split(), *files], check=True, capture_output=True)
        return cls(certificate, key)

    def trusted(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.certificate))


@dataclass(frozen=True)
class Front:
    """One that runs: reached at `tls` and, without TLS, at `plain`, both on loopback."""

    kind: str
    plain: int
    tls: int
    certificate: Certificate


def rendered(
    kind: str,
    *,
    certificate: Certificate,
    upstream: int,
    plain: int,
    tls: int,
    base: str = "/jupyter/",
    people_have_domains: bool = False,
    patience: int = 0,
    faults: Mapping[str, str] | None = None,
) -> str:
    """The file of `deploy/` with what an admin changes in it, and nothing else.

    A Hub at the root loses what is said of `/jupyter`, and `/jupyter/` becomes `/`.
    `patience`: seconds, without the lines on sizes and buffers, as most are set up.
    `faults`: what stands in the file, and what they wrote instead.
    """
    text = (ROOT / f"deploy/{kind}/jupyterhub.conf").read_text()
    for right, wrong in (faults or {}).items():
        assert right in text, right
        text = text.replace(right, wrong)
    if patience:
        text = re.sub(r"\n *(proxy_buffering|client_max_body_size) .*", "", text)
        text = re.sub(r"(proxy_(read|send)_timeout) \S+;", rf"\1 {patience}s;", text)
        text = re.sub(r"timeout=\d+ flushpackets=on", f"timeout={patience}", text)
    if base == "/":
        text = re.sub(r"\n.*\^?/jupyter[$ ].*", "", text)
        text = text.replace("/jupyter/", "/")
    if people_have_domains:
        alias = f"\n    ServerAlias *.{NAME}"
        text = text.replace(f"server_name {NAME};", f"server_name {NAME} *.{NAME};")
        text = text.replace(f"    ServerName {NAME}", f"    ServerName {NAME}{alias}")
    for ours, theirs in {
        "listen 80": f"listen 127.0.0.1:{plain}",
        "listen 443": f"listen 127.0.0.1:{tls}",
        "*:80": f"127.0.0.1:{plain}",
        "*:443": f"127.0.0.1:{tls}",
        f"/etc/ssl/certs/{NAME}.pem": str(certificate.certificate),
        f"/etc/ssl/private/{NAME}.key": str(certificate.key),
        "127.0.0.1:8000": f"127.0.0.1:{upstream}",
    }.items():
        text = text.replace(ours, theirs)
    return text


@contextmanager
def running_front(
    kind: str, folder: Path, *, certificate: Certificate, upstream: int, **changes: object
) -> Iterator[Front]:
    """nginx or Apache before the Hub's proxy at `upstream`."""
    plain, tls = free_port(), free_port()
    site = rendered(
        kind, certificate=certificate, upstream=upstream, plain=plain, tls=tls, **changes
    )
    with serving(kind, folder, site, plain=plain, port=tls):
        yield Front(kind, plain, tls, certificate)


@contextmanager
def serving(kind: str, folder: Path, site: str, *, port: int, plain: int = 0) -> Iterator[None]:
    """nginx or Apache with that site, which listens on `port`; checked by its own syntax check."""
    folder.mkdir(parents=True)
    folder.chmod(0o755)
    (folder / "site.conf").write_text(site)
    config = folder / "server.conf"
    if kind == "nginx":
        # Its workers must be able to write into our folder, whose parents are ours alone.
        user = "user root;" if os.geteuid() == 0 else ""
        config.write_text(_NGINX.format(folder=folder, user=user))
        command = [_program("nginx"), "-e", f"{folder}/error.log", "-c", str(config)]
        check = [*command, "-t"]
    else:
        modules = "\n".join(
            f"LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so"
            for name in _APACHE_MODULES
        )
        config.write_text(_APACHE.format(folder=folder, plain=plain, tls=port, modules=modules))
        command = [_program("apache2"), "-f", str(config), "-D", "FOREGROUND"]
        check = [*command[:3], "-t"]
    checked = subprocess.run(check, capture_output=True, text=True)
    assert checked.returncode == 0 and "warn" not in checked.stderr, checked.stderr
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port, process, folder)
        yield
    finally:
        process.terminate()
        process.wait(20)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _program(name: str) -> str:
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin")
    if found is None:
        raise FileNotFoundError(f"{name} is missing: `make test` installs it")
    return found


def _wait_for(port: int, process: "subprocess.Popen[bytes]", folder: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError(f"It did not start: {(folder / 'error.log').read_text()}")
