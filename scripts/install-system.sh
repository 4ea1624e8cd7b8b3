#!/bin/sh
# Installs the system packages that are missing, by apt where that is allowed; else says what to install.
# Usage: install-system.sh run|test
set -eu
purpose=${1:-run}
packages="libpangoft2-1.0-0 libharfbuzz-subset0 fonts-liberation2"
[ "$purpose" = test ] && packages="$packages chromium poppler-utils qpdf softhsm2 libnss3-tools"
"${PYTHON:-python3}" -c 'import ensurepip' 2>/dev/null || packages="$packages python3-venv"

if ! command -v dpkg-query >/dev/null 2>&1; then
    echo "Máy này không phải Debian/Ubuntu. Hãy tự cài các gói tương đương: $packages" >&2
    exit 0
fi

missing=""
for package in $packages; do
    status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
    [ "$status" = installed ] || missing="$missing $package"
done
[ -z "$missing" ] && exit 0

if [ "$(id -u)" = 0 ]; then
    as_root=""
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
    as_root="sudo -n"
else
    as_root=no
fi
if [ "$as_root" = no ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "Thiếu gói hệ thống và không có quyền cài. Hãy nhờ quản trị máy chạy rồi gọi lại lệnh make:" >&2
    echo "    apt-get install --no-install-recommends$missing" >&2
    exit 1
fi

echo "Cài gói hệ thống:$missing"
DEBIAN_FRONTEND=noninteractive
export DEBIAN_FRONTEND
# The package lists of a fresh machine are empty or old: fetch them first.
$as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq || true
# shellcheck disable=SC2086 -- a list of words on purpose
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null || {
    echo "apt không cài được. Hãy chạy tay rồi gọi lại lệnh make:" >&2
    echo "    apt-get install --no-install-recommends$missing" >&2
    exit 1
}
