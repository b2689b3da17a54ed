#!/usr/bin/env bash
#
# Numba 0.68.1: @njit(cache=True) can run code that was compiled for other types, in silence.
#
# The cache of a function is an index file, from types to the names of data files, and the data files.  A process that
# has compiled the function for new types reads the index, takes the first free name, writes the index, and then the
# data.  Nothing locks, and nothing compares the types of what was loaded with those that were asked for.  So when two
# processes compile one function at the same time for int32 and for float32, both take the name 1; the index that is
# written last may name the types of one, and the data that are written last may be the code of the other.  From then on,
# every process that calls the function with those types gets the code of the other ones, until the cache is removed.
#
# Seen here (the order of the steps is made sure of by pauses; without them it happens now and then):
#
#     total(float32 [1.5, 2.5]) = 2145386496.0, with code for int32
#
# The right answer is 4.0.  1.5 and 2.5 were read as if their bits were whole numbers.
#
# Ends with 0 if that is so, and otherwise with 1.

set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check numba==0.68.1 >&2
cd "$folder"

cat >total.py <<'PYTHON'
from numba import njit


@njit(cache=True)
def total(values):
    found = 0.0
    for value in values:
        found += value
    return found
PYTHON

cat >compile.py <<'PYTHON'
"""Compiles for the types in sys.argv[1], while another process does so for those in sys.argv[2]."""

import os
import sys
import time

import numpy as np
from numba.core.caching import IndexDataCacheFile
from total import total

mine, other = sys.argv[1:]


def done(what):
    open(f"{mine} {what}", "w").close()


def wait(who, what):
    while not os.path.exists(f"{who} {what}"):
        time.sleep(0.01)


def save_index(self, index, save=IndexDataCacheFile._save_index):
    done("has read the index")
    wait(other, "has read the index")
    if mine == "float32":
        wait("int32", "has written the index")
    save(self, index)
    done("has written the index")


def save_data(self, name, data, save=IndexDataCacheFile._save_data):
    if mine == "int32":
        wait("float32", "has written the data")
    save(self, name, data)
    done("has written the data")


IndexDataCacheFile._save_index = save_index
IndexDataCacheFile._save_data = save_data
total(np.zeros(3, mine))
PYTHON

cat >run.py <<'PYTHON'
import numpy as np
from total import total

found = total(np.array([1.5, 2.5], np.float32))
(types,) = total.overloads
print(f"total(float32 [1.5, 2.5]) = {found}, with code for {types[0].dtype}")
raise SystemExit(found == 4.0)
PYTHON

export NUMBA_CACHE_DIR="$folder/cache"
venv/bin/python compile.py int32 float32 &
venv/bin/python compile.py float32 int32
wait $!
venv/bin/python run.py
