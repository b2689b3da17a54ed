#!/usr/bin/env bash
#
# Hypothesis 6.170.15: a filter that is a lambda can fail a property test with "dictionary changed size during iteration".
#
# When a filter rejects a value, Hypothesis describes the strategy for its statistics.  To describe a lambda that uses a
# module (as in ``.filter(lambda x: math.isfinite(x))``) it goes through ``sys.modules`` without copying it.  If another
# thread imports something at that moment, and a program that prepares something slow in the background does, the test
# fails, though neither the test nor the code under test is at fault.  A filter with a name, ``.filter(finite)``, is
# never described that way.
#
# Seen here, within some seconds:
#
#     RuntimeError: dictionary changed size during iteration
#
# Ends with 0 if that is so, and otherwise with 1.

set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check hypothesis==6.170.15 >&2
cd "$folder"
mkdir small
for number in $(seq 3000); do : >"small/small_$number.py"; done

cat >run.py <<'PYTHON'
import importlib
import math
import sys
import threading

import lambdas
from hypothesis import strategies as st

sys.path.append("small")
sys.setswitchinterval(1e-5)


def import_all():
    for number in range(1, 3001):
        importlib.import_module(f"small_{number}")


importing = threading.Thread(target=import_all)
importing.start()
try:
    for condition in lambdas.CONDITIONS:
        repr(st.floats().filter(condition))
except RuntimeError as error:
    print(f"RuntimeError: {error}")
    raise SystemExit(0)
finally:
    importing.join()
print("nothing failed")
raise SystemExit(1)
PYTHON
{
    echo "import math"
    echo "CONDITIONS = ["
    for number in $(seq 400); do echo "    lambda x: math.isfinite(x) and x < $number,"; done
    echo "]"
} >lambdas.py
venv/bin/python run.py
