#!/usr/bin/env bash
#
# ipyparallel 9.2.0: one client that does not read makes the controller grow by all that engines publish.
#
# Every client subscribes to everything that engines publish, the data of other clients' tasks included, and both ends set
# the high-water mark of their sockets to 0, "no limit".  So a client that is stopped (a suspended notebook, a laptop that
# sleeps, a debugger) is kept a copy of each message in the memory of the controller, also with --nodb, where the
# controller keeps no results.  It is given back when that client reads on or ends.
#
# Seen here, where one engine calls publish_data 100 times with 4 MB, resident memory of the controller:
#
#     nobody is stopped:      + 11 MB
#     one client is stopped:  + 389 MB
#     that client has ended:  + 7 MB
#
# Whoever watches what engines publish has to take all of it at once, and to unsubscribe when nobody looks.
#
# Ends with 0 if that is so, and otherwise with 1.

set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check ipyparallel==9.2.0 ipykernel==7.4.0 \
    jupyter-client==8.10.0 pyzmq==27.3.0 numpy >&2
cd "$folder"

cat >run.py <<'PYTHON'
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

os.environ["IPYTHONDIR"] = os.getcwd()

import ipyparallel

place = Path("profile_default").absolute()
place.mkdir()
file = place / "security" / "ipcontroller-client.json"
options = [f"--profile-dir={place}", "--log-level=40"]
quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


def simulate():
    import time

    import numpy
    from ipyparallel.datapub import publish_data

    for step in range(100):
        publish_data({"density": numpy.full(500_000, float(step))})
        time.sleep(0.01)


def family(process):
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return [process, *(each for child in children for each in family(int(child)))]


def megabytes():
    lines = [line for each in family(controller.pid) for line in open(f"/proc/{each}/status")]
    return sum(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) // 1024


def settled():
    """Return the memory when it has stayed the same for a second."""
    seen = [megabytes()]
    while len(seen) < 11 or max(seen[-10:]) - min(seen[-10:]) > 1:
        time.sleep(0.1)
        seen.append(megabytes())
    return seen[-1]


controller = subprocess.Popen([sys.executable, "-m", "ipyparallel.controller", "--nodb", *options], **quiet)
while not file.exists():
    time.sleep(0.1)
engine = subprocess.Popen([sys.executable, "-m", "ipyparallel.engine", *options], **quiet)
try:
    client = ipyparallel.Client(str(file))
    client.wait_for_engines(1, timeout=120)
    simulate.__module__ = "__main__"
    begin = settled()
    client[0].apply_sync(simulate)
    alone = settled() - begin
    print(f"nobody is stopped:      + {alone} MB")
    connect = f"import ipyparallel, time; c = ipyparallel.Client({str(file)!r}); print(1, flush=True); time.sleep(1000)"
    other = subprocess.Popen([sys.executable, "-c", connect], stdout=subprocess.PIPE)
    other.stdout.readline()
    os.kill(other.pid, signal.SIGSTOP)
    begin = settled()
    client[0].apply_sync(simulate)
    stopped = settled() - begin
    print(f"one client is stopped:  + {stopped} MB")
    other.kill()
    other.wait()
    gone = settled() - begin
    print(f"that client has ended:  + {gone} MB")
    client.close()
finally:
    engine.kill()
    controller.terminate()
    engine.wait()
    controller.wait()
raise SystemExit(not (alone < 100 and stopped > 300))
PYTHON

venv/bin/python run.py
