#!/usr/bin/env bash
# Installs what the tests need beside Python and npm packages: a Chromium and PostgreSQL.
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
