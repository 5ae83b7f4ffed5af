#!/usr/bin/env bash
# Installs what the tests need beside Python and npm packages: a Chromium, PostgreSQL, nginx, Apache, faketime, curl, Java.
# Debian's packages where apt-get works, Playwright's own Chromium elsewhere.
set -euo pipefail
bin=$1

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }
apt_install() {
  command -v apt-get >/dev/null || return 1
  as_root apt-get update -qq && as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$@" >/dev/null
}

if ! command -v chromium >/dev/null && ! command -v google-chrome >/dev/null; then
  apt_install chromium || "$bin/playwright" install --with-deps chromium
fi

if ! command -v initdb >/dev/null && ! ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; then
  apt_install postgresql ||
    { echo 'Install PostgreSQL (initdb and postgres) and run this again.' >&2; exit 1; }
fi

# They are to be started by the tests alone, not by their packages.
asleep() {
  local policy=/usr/sbin/policy-rc.d status=0
  if [ -e $policy ]; then "$@"; return; fi
  printf '#!/bin/sh\nexit 101\n' | as_root tee $policy >/dev/null
  as_root chmod +x $policy
  "$@" || status=$?
  as_root rm $policy
  return $status
}

PATH=$PATH:/usr/sbin
if ! command -v nginx >/dev/null || ! command -v apache2 >/dev/null || ! command -v openssl >/dev/null ||
  [ ! -e /usr/lib/apache2/modules/mod_security2.so ]; then
  command -v apt-get >/dev/null && asleep apt_install nginx-light apache2 libapache2-mod-security2 openssl ||
    { echo 'Install nginx, Apache (apache2) with mod_security and openssl and run this again.' >&2; exit 1; }
fi

# Puts a Hub's clock wrong.
command -v faketime >/dev/null || apt_install faketime ||
  { echo 'Install faketime and run this again.' >&2; exit 1; }

# Asks whether a process is ready, as docs/deployment.md does.
command -v curl >/dev/null || apt_install curl ||
  { echo 'Install curl and run this again.' >&2; exit 1; }

# Compiles and runs sketches of Processing.
command -v javac >/dev/null || apt_install default-jdk-headless ||
  { echo 'Install a Java development kit (javac) and run this again.' >&2; exit 1; }

# Looks at the unit in deploy/systemd.
command -v systemd-analyze >/dev/null || apt_install systemd ||
  { echo 'Install systemd (systemd-analyze) and run this again.' >&2; exit 1; }
