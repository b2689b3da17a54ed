#!/usr/bin/env bash
#
# ipykernel 7.4.0, ipython 9.18.1, matplotlib 3.10.7: a silent request over a kernel's control channel, which another
# thread of the kernel serves while a cell runs, calls the user's callbacks for "post_execute".  One of them is that of
# Matplotlib's inline backend: it shows and closes the figure that the cell is just drawing.
#
# Seen: the cell that draws one figure, and waits, finds no figure any more:   figures after the request: 0
# Fails if the figure is kept.

set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q ipykernel==7.4.0 ipython==9.18.1 jupyter_client==8.10.0 matplotlib==3.10.7
"$folder/venv/bin/python" - <<'END'
import time
from jupyter_client.manager import start_new_kernel

manager, client = start_new_kernel()
try:
    client.execute("%matplotlib inline\nimport matplotlib.pyplot as plt", reply=True, timeout=120)
    cell = client.execute("import time\nplt.plot([1, 2])\nready = 1\nend = time.time() + 20\n"
                          "while plt.get_fignums() and time.time() < end: time.sleep(0.05)\nleft = len(plt.get_fignums())")
    time.sleep(5)
    content = dict(code="1", silent=True, store_history=False, user_expressions={}, allow_stdin=True, stop_on_error=False)
    client.control_channel.send(client.session.msg("execute_request", content))
    while client.get_shell_msg(timeout=120)["parent_header"].get("msg_id") != cell:
        pass
    reply = client.execute("", user_expressions={"left": "left"}, reply=True, timeout=120)
    left = reply["content"]["user_expressions"]["left"]["data"]["text/plain"]
    print("figures after the request:", left)
    assert left == "0"
finally:
    client.stop_channels()
    manager.shutdown_kernel(now=True)
END
