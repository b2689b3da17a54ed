"""Two network namespaces with a line of a given rate and round trip between them.

Without delay or loss the line is a pair of virtual Ethernet devices, whose rate the kernel limits.  With them it
is a process that carries packets between two TUN devices, because many kernels are built without netem.

    PYTHONPATH=tests python -m kit.shaped_network --rate 10e6 --round-trip 0.05 sh

runs a command at one end of such a line, for a look at it by hand.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import fcntl
import itertools
import os
import random
import select
import shutil
import struct
import subprocess
import sys
import time
from collections import deque
from pathlib import Path

__all__ = ["ShapedNetwork", "why_not_here"]

#: The longest time in seconds that a packet waits in a queue.  A packet that would wait longer is dropped.
QUEUE = 0.1

#: The least number of packets that a queue holds.
_FEWEST = 16

_CLONE_NEWNET = 0x40000000
_TUNSETIFF = 0x400454CA
_IFF_TUN, _IFF_NO_PI = 0x1, 0x1000

_numbers = itertools.count()


def why_not_here() -> str:
    """Return why no such network can be made on this machine, or an empty text if it can."""
    if os.geteuid() != 0:
        return "network namespaces need root"
    for program in ("ip", "tc"):
        if shutil.which(program) is None:
            return f"there is no program '{program}' (package iproute2)"
    if not os.path.exists("/dev/net/tun"):
        return "there is no /dev/net/tun"
    name = f"tv{os.getpid()}probe"
    tried = subprocess.run(["ip", "netns", "add", name], capture_output=True, text=True)
    if tried.returncode:
        return f"network namespaces cannot be made: {tried.stderr.strip()}"
    subprocess.run(["ip", "netns", "del", name], check=True)
    return ""


class ShapedNetwork:
    """A line between two hosts, each in a namespace of its own; a context manager that removes them.

    Parameters
    ----------
    rate_bits_per_second : float
        The rate in each direction; infinity for no limit.
    round_trip_seconds : float
        The delay of both directions together.
    jitter : float
        The most seconds of a random additional delay.  Packets stay in their order.
    loss : float
        The part of the packets that is dropped, 0 … 1.
    mtu : int
        The most bytes of a packet.

    Attributes
    ----------
    here, there : str
        The names of the namespaces.
    here_address, there_address : str
        Their IPv4 addresses.
    """

    here_address, there_address = "10.201.0.1", "10.201.0.2"

    def __init__(
        self,
        rate_bits_per_second: float,
        round_trip_seconds: float,
        jitter: float = 0,
        loss: float = 0,
        mtu: int = 1500,
    ) -> None:
        name = f"tv{os.getpid()}n{next(_numbers)}"
        self.here, self.there = f"{name}a", f"{name}b"
        self._mtu = mtu
        self._rate = rate_bits_per_second
        self._carried = bool(round_trip_seconds or jitter or loss)
        self._shape = (round_trip_seconds, jitter, loss)
        self._carrier: subprocess.Popen[str] | None = None
        self._processes: list[subprocess.Popen] = []

    def __enter__(self) -> ShapedNetwork:
        _remove_what_killed_runs_left()
        try:
            for namespace in (self.here, self.there):
                _ip("netns", "add", namespace)
                _ip("-n", namespace, "link", "set", "lo", "up")
            if self._carried:
                self._start_carrier()
            else:
                _ip("-n", self.here, "link", "add", "line", "type", "veth", "peer", "line", "netns", self.there)
            for namespace, address in ((self.here, self.here_address), (self.there, self.there_address)):
                _ip("-n", namespace, "addr", "add", f"{address}/24", "dev", "line")
                _ip("-n", namespace, "link", "set", "line", "mtu", str(self._mtu), "up")
            self.limit(self._rate)
        except BaseException:
            self._remove()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        self._remove()

    def run(self, namespace: str, argv: list[str], **options: object) -> subprocess.Popen:
        """Start a program in one of the namespaces.  It is killed when the network is removed."""
        process = subprocess.Popen(["ip", "netns", "exec", namespace, *argv], **options)
        self._processes.append(process)
        return process

    def down(self) -> None:
        """Drop every packet from now on; neither side is told."""
        if self._carrier is None:
            _ip("-n", self.there, "link", "set", "line", "down")
        else:
            self._tell("down")

    def up(self) -> None:
        """Carry packets again."""
        if self._carrier is None:
            _ip("-n", self.there, "link", "set", "line", "up")
        else:
            self._tell("up")

    def limit(self, rate_bits_per_second: float) -> None:
        """Change the rate, in both directions."""
        self._rate = rate_bits_per_second
        if self._carrier is not None:
            self._tell(f"rate {rate_bits_per_second}")
            return
        for namespace in (self.here, self.there):
            if rate_bits_per_second == float("inf"):
                subprocess.run(["tc", "-n", namespace, "qdisc", "del", "dev", "line", "root"], capture_output=True)
                continue
            # Bytes that may be sent at once: two of the kernel's big packets, or two milliseconds at the rate.
            burst = max(1 << 15, int(rate_bits_per_second / 8 * 0.002))
            shape = f"tbf rate {int(rate_bits_per_second)}bit burst {burst} latency {QUEUE * 1e3:g}ms"
            run = ["tc", "-n", namespace, "qdisc", "replace", "dev", "line", "root", *shape.split()]
            subprocess.run(run, check=True)

    def _start_carrier(self) -> None:
        numbers = map(str, self._shape)
        self._carrier = subprocess.Popen(
            [sys.executable, __file__, "--carry", self.here, self.there, str(self._mtu), *numbers],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._carrier.stdout is not None
        if self._carrier.stdout.readline() != "ready\n":
            raise OSError("the TUN devices of a shaped network cannot be made")

    def _tell(self, words: str) -> None:
        """Send an order to the carrier, and wait until it has been done."""
        assert self._carrier is not None
        assert self._carrier.stdin is not None
        assert self._carrier.stdout is not None
        self._carrier.stdin.write(words + "\n")
        self._carrier.stdin.flush()
        self._carrier.stdout.readline()

    def _remove(self) -> None:
        for process in self._processes:
            if process.poll() is None:
                process.kill()
            process.wait()
        if self._carrier is not None:
            with self._carrier:
                pass
        for namespace in (self.here, self.there):
            _delete(namespace)


def _delete(namespace: str) -> None:
    """Remove a namespace; it is busy for a moment after the last process in it has ended."""
    end = time.monotonic() + 60.0
    while subprocess.run(["ip", "netns", "del", namespace], capture_output=True).returncode:
        if not os.path.exists(f"/run/netns/{namespace}") or time.monotonic() > end:
            return
        time.sleep(0.01)


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True)


def _remove_what_killed_runs_left() -> None:
    for name in os.listdir("/run/netns") if os.path.isdir("/run/netns") else ():
        pid = name.removeprefix("tv").partition("n")[0]
        if name.startswith("tv") and pid.isdecimal() and not os.path.exists(f"/proc/{pid}"):
            _delete(name)


class _Direction:
    """Packets on their way from one device to the other."""

    def __init__(self, source: int, target: int, delay: float, jitter: float, loss: float, seed: int) -> None:
        self.source, self.target = source, target
        self.delay, self.jitter, self.loss = delay, jitter, loss
        self.byte_seconds = 0.0
        self.chance = random.Random(seed).random
        self.free = 0.0  # when the line has sent all that was given to it
        self.last = 0.0  # when the last packet arrives
        self.waiting: deque[tuple[float, bytes]] = deque()

    def take(self, open_: bool) -> None:
        """Read the packets of the device, and drop each or decide when it arrives."""
        for _ in range(64):
            try:
                packet = os.read(self.source, 65536)
            except BlockingIOError:
                return
            now = time.monotonic()
            begins = max(now, self.free)
            lasts = len(packet) * self.byte_seconds
            full = begins - now > max(QUEUE, _FEWEST * lasts)
            if not open_ or full or (self.loss and self.chance() < self.loss):
                continue
            self.free = begins + lasts
            due = self.free + self.delay + (self.jitter and self.jitter * self.chance())
            self.last = max(due, self.last)
            self.waiting.append((self.last, packet))

    def give(self) -> None:
        """Write the packets that arrive now."""
        now = time.monotonic()
        while self.waiting and self.waiting[0][0] <= now:
            # If the device is down or full the packet is lost, as on any line.
            with contextlib.suppress(OSError):
                os.write(self.target, self.waiting[0][1])
            self.waiting.popleft()


def _carry(here: str, there: str, mtu: int, round_trip: float, jitter: float, loss: float) -> None:
    """Carry packets between the namespaces until standard input ends."""
    devices = [_tun(namespace) for namespace in (here, there)]
    delay = round_trip / 2
    ways = [
        _Direction(devices[0], devices[1], delay, jitter, loss, 1),
        _Direction(devices[1], devices[0], delay, jitter, loss, 2),
    ]
    by_device = {way.source: way for way in ways}
    print("ready", flush=True)
    open_, orders = True, b""
    while True:
        now = time.monotonic()
        pause = min((max(0.0, way.waiting[0][0] - now) for way in ways if way.waiting), default=1.0)
        for ready in select.select([*devices, 0], [], [], pause)[0]:
            if ready in by_device:
                by_device[ready].take(open_)
                continue
            said = os.read(0, 4096)
            if not said:
                return
            *whole, orders = (orders + said).split(b"\n")
            for order in whole:
                word, _, number = order.decode().partition(" ")
                open_ = {"down": False, "up": True}.get(word, open_)
                for way in ways:
                    if word == "rate":
                        way.byte_seconds = 8 / float(number)
                        way.free = 0.0
                    elif word == "down":
                        way.waiting.clear()
                print("done", flush=True)
        for way in ways:
            way.give()


def _tun(namespace: str) -> int:
    """Return the descriptor of a new TUN device ``line`` in a namespace."""
    enter = ctypes.CDLL(None, use_errno=True).setns
    with open("/proc/self/ns/net") as mine, open(Path("/run/netns") / namespace) as other:
        if enter(other.fileno(), _CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), "cannot enter a network namespace")
        try:
            device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
            fcntl.ioctl(device, _TUNSETIFF, struct.pack("16sH22x", b"line", _IFF_TUN | _IFF_NO_PI))
        finally:
            enter(mine.fileno(), _CLONE_NEWNET)
    return device


def main() -> int:
    """Run a command in a namespace at one end of a line."""
    if sys.argv[1:2] == ["--carry"]:
        here, there, mtu, *numbers = sys.argv[2:]
        _carry(here, there, int(mtu), *map(float, numbers))
        return 0
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rate", type=float, default=100e6, help="bits per second")
    parser.add_argument("--round-trip", type=float, default=0.0, help="seconds")
    parser.add_argument("--jitter", type=float, default=0.0, help="seconds")
    parser.add_argument("--loss", type=float, default=0.0, help="0 … 1")
    parser.add_argument("--mtu", type=int, default=1500, help="bytes")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    with ShapedNetwork(options.rate, options.round_trip, options.jitter, options.loss, options.mtu) as network:
        return network.run(network.here, options.command or [os.environ.get("SHELL", "sh")]).wait()


if __name__ == "__main__":
    sys.exit(main())
