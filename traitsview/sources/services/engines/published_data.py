"""What engines publish by ipyparallel's ``publish_data``: the newest of each engine, whoever started its task."""

from __future__ import annotations

import json
import threading
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ....errors import SourceUnreadable, TraitsviewError, printable, quoted
from ...arrays.array_source import ArraySource
from ...frame import Frame, Scalar
from ...framed.feed import Arrival, Feed
from ...image_info import ImageInfo
from ..far_array import image_of
from .door import EngineDoor

__all__ = ["Published", "PublishedFeed", "Subscription"]

#: When nobody has asked for so long, nothing is received any more.
WATCHED_SECONDS = 2.0

# Seconds between two looks whether something has come, while somebody waits.
_PAUSE_SECONDS = 0.005

#: Numbers of a scalar that are kept.
_KEPT_NUMBERS = 16384

#: The topic that ipyparallel publishes data under, and what ends it in a message.
_TOPIC = b"datapub"
_DELIMITER = b"<IDS|MSG>"


@dataclass(frozen=True, slots=True)
class Published:
    """A message of an engine that has the data, as it came; `count` is how many did, `moment` when it came."""

    message: tuple[bytes, ...]
    count: int
    moment: float


class Subscription:
    """Receives what the engines of a cluster publish, in a thread that lives while somebody asks.

    The controller sends to all who listen, and keeps what they do not take, without limit.  So all is taken at once,
    and only the newest message of each engine is kept.  It is unpacked when it is looked at.

    Parameters
    ----------
    connection : mapping
        What the connection file of the cluster says.
    name : str
        What is looked for in the data.
    """

    def __init__(self, connection: Mapping[str, Any], name: str) -> None:
        self.connection = connection
        self._name = name
        self._lock = threading.Lock()
        self._newest: dict[str, Published] = {}
        self._others: set[str] = set()
        self._asked = 0.0
        self._closed = False
        self._thread: threading.Thread | None = None

    @property
    def others(self) -> tuple[str, ...]:
        """The names of other data that came."""
        return tuple(sorted(self._others))

    def newest(self, engine: str) -> Published | None:
        """Return the newest message of an engine, which is known by its uuid."""
        with self._lock:
            self._asked = time.monotonic()
            if self._thread is None and not self._closed:
                self._thread = threading.Thread(target=self._receive, name="traitsview published data", daemon=True)
                self._thread.start()
            return self._newest.get(engine)

    def unpacked(self, published: Published) -> dict[str, Any]:
        """Return the data of a message; `SourceUnreadable` if it is not of this cluster, or cannot be unpacked.

        As in every client of ipyparallel, unpacking runs code that the engine chose: it is pickled.
        """
        from ipyparallel.serialize import deserialize_object
        from jupyter_client.session import Session

        connection = self.connection
        session = Session(
            key=str(connection["key"]).encode(),
            signature_scheme=connection["signature_scheme"],
            packer=connection["pack"],
            unpacker=connection["unpack"],
        )
        try:
            message = list(published.message)
            found = session.deserialize(message[message.index(_DELIMITER) + 1 :])
            data, _ = deserialize_object(found["buffers"])
            return dict(data)
        except Exception as error:  # a signature of another key, or a class that is not known here
            why = printable(" ".join(str(error).split()))[:300] or type(error).__name__
            raise SourceUnreadable(f"cannot unpack what {quoted(self._name)} is in", why) from error

    def close(self) -> None:
        """Receive nothing any more; return when the thread has ended."""
        self._closed = True
        thread = self._thread
        if thread is not None:
            thread.join()

    def _receive(self) -> None:
        import zmq

        context: Any = zmq.Context()
        listener = context.socket(zmq.SUB)
        try:
            listener.RCVHWM = 0  # all is taken at once
            listener.LINGER = 0
            self._protect(listener)
            listener.subscribe(_TOPIC)
            listener.connect(f"{self.connection['interface']}:{self.connection['iopub']}")
            while not self._over():
                if listener.poll(100):
                    self._take(listener.recv_multipart())
        finally:
            listener.close()
            context.term()

    def _over(self) -> bool:
        """Whether nobody wants more.  The thread is forgotten then, before another one may be wanted."""
        with self._lock:
            over = self._closed or time.monotonic() - self._asked > WATCHED_SECONDS
            if over and not self._closed:
                self._thread = None
            return over

    def _protect(self, listener: Any) -> None:
        import zmq

        server = self.connection.get("curve_serverkey")
        if server:
            listener.curve_serverkey = server.encode()
            listener.curve_publickey, listener.curve_secretkey = zmq.curve_keypair()

    def _take(self, message: list[bytes]) -> None:
        try:
            at = message.index(_DELIMITER)
            _, _, _, metadata, content = message[at + 1 : at + 6]
            engine, keys = str(json.loads(metadata)["engine"]), [str(key) for key in json.loads(content)["keys"]]
        except (ValueError, KeyError, TypeError):
            return  # it is no data
        with self._lock:
            if self._name not in keys:
                self._others.update(keys[: 100 - len(self._others)])
                return
            before = self._newest.get(engine)
            count = 1 + (before.count if before is not None else 0)
            self._newest[engine] = Published(tuple(message), count, time.monotonic())


class PublishedFeed(Feed):
    """What one engine publishes under a name: an array, a curve, or a number, of which the course is shown.

    The step is the number ``step`` that was published with it, or else the only integer that was.
    """

    def __init__(self, door: EngineDoor, subscription: Subscription, name: str) -> None:
        self._door = door
        self._subscription = subscription
        self._name = name
        self._closing = threading.Event()
        self._seen = 0
        self._state = f"waiting for {quoted(name)}"
        self._numbers: deque[float] = deque(maxlen=_KEPT_NUMBERS)

    @property
    def state(self) -> str:
        if self._door.lost:
            return "lost"
        others = "" if self._seen else ", ".join(self._subscription.others)
        return f"{self._state}; published now: {others}" if others and self._state else self._state

    @property
    def dark(self) -> bool:
        """Whether nothing is shown of the engine: it is lost."""
        return self._door.lost

    def next(self, timeout: float) -> Arrival | None:
        end = time.monotonic() + timeout
        told = self.state
        while not self._closing.is_set():
            published = self._subscription.newest(self._door.uuid)
            if published is not None and published.count != self._seen:
                return self._arrival(published)
            left = end - time.monotonic()
            if self.state != told or left <= 0:
                return None
            self._closing.wait(min(left, _PAUSE_SECONDS))
        return None

    def close(self) -> None:
        self._closing.set()

    def _arrival(self, published: Published) -> Arrival | None:
        self._seen = published.count
        try:
            data = self._subscription.unpacked(published)
            image, info = self._image(data[self._name])
        except TraitsviewError as error:
            self._state = str(error)
            return None
        self._state = ""
        scalars = tuple(_scalars(data, self._name))
        step, moment = _step_of(scalars), _time_of(scalars)
        info = replace(info, version=published.count)
        return Arrival(Frame(info, step, moment, published.moment, published.count, scalars), image, image.array.nbytes)

    def _image(self, value: Any) -> tuple[ArraySource, ImageInfo]:
        number = _number_of(value)
        if number is None:
            return image_of(value, self._name)
        self._numbers.append(float(number))
        return image_of(np.array(self._numbers), self._name, "frame")


def _number_of(value: Any) -> float | int | bool | None:
    if isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, (np.generic, np.ndarray)) and np.ndim(value) == 0 and value.dtype.kind in "buif":
        return value.item()  # type: ignore[no-any-return]
    return None


def _scalars(data: Mapping[str, Any], name: str) -> list[Scalar]:
    """Return the numbers that were published beside the data that is shown."""
    numbers = [(str(key), _number_of(value)) for key, value in data.items() if key != name]
    return [(key, number) for key, number in numbers if number is not None]


def _step_of(scalars: tuple[Scalar, ...]) -> int | None:
    """Return the number ``step``, or the only integer."""
    integers = {name: value for name, value in scalars if isinstance(value, int) and not isinstance(value, bool)}
    return integers.get("step", next(iter(integers.values())) if len(integers) == 1 else None)


def _time_of(scalars: tuple[Scalar, ...]) -> float | None:
    found = {name: float(value) for name, value in scalars}
    return found.get("time", found.get("t"))
