"""Other ways to hand the arrays of a calculation to somebody who watches.

Each is a context manager that takes an array like those that are published, and gives ``call(array, step)``.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
from xvfb import x_display

__all__ = ["WAYS"]

Call = Callable[[np.ndarray, int], object]

_DRAIN = """
import socket, sys
with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as line:
    while line.recv(1 << 20):
        pass
"""

_SUBSCRIBE = """
import sys, zmq
line = zmq.Context().socket(zmq.SUB)
line.subscribe(b"")
line.connect(sys.argv[1])
print("ready", flush=True)
while True:
    line.recv_multipart()
"""


@contextmanager
def socket_writes(array: np.ndarray) -> Iterator[Call]:
    """Write each update to the socket of one viewer: the way of asyncplot."""
    import pickle

    with socket.create_server(("127.0.0.1", 0)) as server:
        viewer = subprocess.Popen([sys.executable, "-c", _DRAIN, str(server.getsockname()[1])])
        line, _ = server.accept()
        with line:
            yield lambda array, step: line.sendall(pickle.dumps((array, step), protocol=5))
        viewer.wait()


@contextmanager
def published_data(array: np.ndarray) -> Iterator[Call]:
    """Call ``publish_data`` of ipyparallel, with one client that listens."""
    import zmq
    from ipyparallel.engine.datapub import ZMQDataPublisher
    from jupyter_client.session import Session

    context = zmq.Context()
    line = context.socket(zmq.PUB)
    port = line.bind_to_random_port("tcp://127.0.0.1")
    command = [sys.executable, "-c", _SUBSCRIBE, f"tcp://127.0.0.1:{port}"]
    client = subprocess.Popen(command, stdout=subprocess.PIPE)
    assert client.stdout is not None
    client.stdout.readline()
    try:
        publisher = ZMQDataPublisher(session=Session(key=b"x" * 32), pub_socket=line)
        yield lambda array, step: publisher.publish_data({"density": array, "step": step})
    finally:
        client.kill()
        client.wait()
        client.stdout.close()
        line.close(0)
        context.term()


@contextmanager
def rerun_log(array: np.ndarray) -> Iterator[Call]:
    """Log to a server of rerun in the same process, which nobody watches."""
    import rerun

    rerun.init("traitsview bench", spawn=False)
    rerun.serve_grpc(grpc_port=_free_port(), server_memory_limit="64MB")

    def log(array: np.ndarray, step: int) -> None:
        rerun.set_time("step", sequence=step)
        rerun.log("density", rerun.Tensor(array))

    yield log
    rerun.disconnect()


@contextmanager
def pyplot_pause(array: np.ndarray) -> Iterator[Call]:
    """Draw in the calculation itself: ``set_data`` and ``plt.pause(0.001)``, without a screen."""
    import matplotlib

    with x_display("1280x1024x24") as display:
        if display is None:
            raise ImportError("Xvfb is not installed")
        os.environ["DISPLAY"] = display
        matplotlib.use("qtagg")
        import matplotlib.pyplot as plt

        figure = plt.figure()
        image = figure.add_subplot().imshow(array)

        def show(array: np.ndarray, step: int) -> None:
            image.set_data(array)
            plt.pause(0.001)

        yield show
        plt.close(figure)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


#: By name.  Each raises `ImportError` if its library is not installed.
WAYS = {
    "asyncplot's way: a socket write": socket_writes,
    "ipyparallel publish_data": published_data,
    "rerun.log": rerun_log,
    "plt.pause": pyplot_pause,
}
