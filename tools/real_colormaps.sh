#!/usr/bin/env bash
#
# Fetches the colormap files of other programs, which are not ours to ship, and reads every one of them:
#
#     tools/real_colormaps.sh [FOLDER]
#
# They come from packages of Debian and PyPI, and stay in FOLDER, by default ~/.cache/traitsview/real-colormaps.  Files that
# are there already are not fetched again.  If FOLDER has a folder colormaps with such files and facts about them, nothing
# is fetched, and each file is compared with its facts: see tools/check_colormaps.py.

set -euo pipefail
cd "$(dirname "$0")/.."
folder=${1:-${TRAITSVIEW_REAL_COLORMAPS:-${XDG_CACHE_HOME:-$HOME/.cache}/traitsview/real-colormaps}}
debian="gmt-common saods9 gimp-data krita-data inkscape libncarg-data ncview ferret-datasets grass-core gwyddion-common
    libplplot-data qgis-providers-common"
pypi="trame-colormaps cmcrameri cmocean"

if [[ -n ${1:-} && -d $1/colormaps && ( -e $1/facts.json || -e $1/colormaps/facts.json ) ]]; then
    exec .venv/bin/python tools/check_colormaps.py "$1"
fi

say() { printf 'traitsview real-colormaps: %s\n' "$*" >&2; }

mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
case $folder/ in "$PWD"/*) say "$folder is in the repository; choose another folder"; exit 1 ;; esac
part=$(mktemp -d "$folder/part.XXXXXX")
trap 'rm -rf "$part"' EXIT

# Run the command in the other arguments, which fills $part/$1, and keep the result as $folder/$1.
fetch() {
    local name=$1
    [[ ! -d $folder/$name ]] || return 0
    say "fetching $name"
    mkdir "$part/$name"
    if "${@:2}" "$name" "$part/$name" >"$part/said" 2>&1; then
        mv "$part/$name" "$folder/$name"
    else
        say "$name cannot be had here: $(tail -n 1 "$part/said")"
    fi
}
from_debian() {
    (cd "$part" && apt-get -q download "$1" && dpkg -x "$1"_*.deb "$2" && rm "$1"_*.deb)
}
from_pypi() { .venv/bin/python -m pip install --quiet --no-input --no-deps --target "$2" "$1"; }

for name in $debian; do fetch "$name" from_debian; done
for name in $pypi; do fetch "$name" from_pypi; done

TRAITSVIEW_REAL_COLORMAPS=$folder .venv/bin/python -m pytest -q -s -rs tests/color/test_real_files.py
