#!/usr/bin/env bash
#
# Makes a fresh Debian or Ubuntu ready for one of the commands of the Makefile:
# system libraries, a virtual environment in .venv, and the packages in it.
#
#     tools/setup.sh EXTRAS          EXTRAS of pyproject.toml: viewer, viewer,test, …
#
# Things that are there already are left alone, so that a second call takes a moment and needs no network.
# PYTHON=/path/to/python chooses the interpreter of a new .venv.

set -euo pipefail
cd "$(dirname "$0")/.."
extras=$1

# Libraries that Qt, Enable and the tests load, and the packages that contain them.
libraries="
    libEGL.so.1             libegl1
    libGL.so.1              libgl1
    libxkbcommon.so.0       libxkbcommon0
    libdbus-1.so.3          libdbus-1-3
    libfontconfig.so.1      libfontconfig1
    libglib-2.0.so.0        libglib2.0-0
    libX11.so.6             libx11-6
    libX11-xcb.so.1         libx11-xcb1
    libgssapi_krb5.so.2     libgssapi-krb5-2
    libxcb-cursor.so.0      libxcb-cursor0
    libxcb-icccm.so.4       libxcb-icccm4
    libxcb-image.so.0       libxcb-image0
    libxcb-keysyms.so.1     libxcb-keysyms1
    libxcb-randr.so.0       libxcb-randr0
    libxcb-render-util.so.0 libxcb-render-util0
    libxcb-render.so.0      libxcb-render0
    libxcb-shape.so.0       libxcb-shape0
    libxcb-shm.so.0         libxcb-shm0
    libxcb-sync.so.1        libxcb-sync1
    libxcb-xfixes.so.0      libxcb-xfixes0
    libxcb-xinerama.so.0    libxcb-xinerama0
    libxcb-xkb.so.1         libxcb-xkb1
    libxkbcommon-x11.so.0   libxkbcommon-x11-0
"
programs="
    Xvfb                    xvfb
    xauth                   xauth
"
# The tests start ssh daemons of their own, and reach hosts by ssh and over lines between network namespaces.
test_programs="
    ssh                     openssh-client
    sshd                    openssh-server
    ip                      iproute2
    mpirun                  openmpi-bin
"
# Other programs, with which ours is compared in measurements.
bench_programs="
    Xtigervnc               tigervnc-standalone-server
    xtigervncviewer         tigervnc-viewer
"

say() { printf 'traitsview setup: %s\n' "$*" >&2; }
stop() { say "$@"; exit 1; }

[[ ",$extras," != *,bench,* ]] || programs+=$test_programs$bench_programs
[[ ",$extras," != *,test,* ]] || programs+=$test_programs

missing_packages() {
    local name package loadable
    loadable=$(PATH="$PATH:/sbin:/usr/sbin" ldconfig -p)
    while read -r name package; do
        [ -z "$name" ] || [[ $loadable == *"$name "* ]] || echo "$package"
    done <<<"$libraries"
    while read -r name package; do
        [ -z "$name" ] || PATH="$PATH:/sbin:/usr/sbin" command -v "$name" >/dev/null || echo "$package"
    done <<<"$programs"
    # Without any font the window shows no letter.
    [ -n "$(find -L /usr/share/fonts /usr/local/share/fonts -name '*.[to]tf' -print -quit 2>/dev/null)" ] || echo fonts-dejavu-core
    if [ ! -x .venv/bin/python ]; then
        local python
        python=$(find_python || true)
        if [ -z "$python" ]; then
            command -v python3 >/dev/null || echo python3 python3-venv
        elif ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
            "$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])'
        fi
    fi
}

# The first interpreter that pyproject.toml's requires-python allows.
find_python() {
    local candidate
    for candidate in ${PYTHON:-python3 python3.12 python3.11 python3.13}; do
        if "$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
    return 1
}

install_packages() {
    local line="apt-get update && apt-get install -y --no-install-recommends $*" sudo=()
    if ! command -v apt-get >/dev/null; then
        say "this is neither Debian nor Ubuntu; it lacks what these packages are there: $*"
        say "going on without; install your system's counterparts if something cannot be loaded"
        return
    fi
    if [ "$(id -u)" != 0 ]; then
        sudo -n true 2>/dev/null || stop "system packages are missing and this is not root; please run:  sudo sh -c '$line'"
        sudo=(sudo -n)
    fi
    if [[ " $* " == *" openssh-server "* ]] && [ -d /run/systemd/system ]; then
        # Installing sshd starts a daemon whose port is open to the world, which nobody has asked for.
        say "openssh-server is for the tests, which start it themselves; 'systemctl unmask ssh' lets the system do so too"
        "${sudo[@]}" systemctl --quiet mask ssh.service ssh.socket >&2 || true
    fi
    say "installing system packages: $*"
    "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive sh -c "exec </dev/null; apt-get -q update &&
        apt-get -q -o DPkg::Lock::Timeout=120 install -y --no-install-recommends $*" >&2 ||
        stop "system packages could not be installed; please run:  sudo sh -c '$line'"
}

make_venv() {
    local python
    python=$(find_python) ||
        stop "no Python 3.11, 3.12 or 3.13 found (${PYTHON:-python3} is $("${PYTHON:-python3}" -V 2>/dev/null || echo "not there")); install one and set PYTHON=/path/to/it"
    say "making .venv with $("$python" -V)"
    "$python" -m venv .venv >&2 || stop "'$python -m venv' failed; on Debian and Ubuntu:  sudo apt-get install -y python3-venv"
}

install_requirements() {
    say "installing traitsview[$extras] and what it needs into .venv"
    .venv/bin/python -m pip install --quiet --no-input --disable-pip-version-check \
        --constraint tools/constraints.txt --editable ".[$extras]" >&2 ||
        stop "pip could not install the packages; its reason is above"
}

if [ "$(uname)" = Linux ]; then
    packages=$(missing_packages | sort -u | tr '\n' ' ')
    [ -z "${packages// /}" ] || install_packages $packages
fi

# A .venv that was moved or whose interpreter was removed does not run.
.venv/bin/python -c '' 2>/dev/null || { rm -rf .venv; make_venv; }

stamp=.venv/ready-$extras
wanted=$(cat pyproject.toml setup.py tools/constraints.txt tools/setup.sh | cksum; .venv/bin/python -V; pwd)
if [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ]; then
    install_requirements
    printf '%s\n' "$wanted" >"$stamp"
fi
