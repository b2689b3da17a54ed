"""Many connections over one stream of bytes, such as that of ssh.

A frame is a header, ``!BII``: kind, channel, size; and, if it is *data*, so many bytes.

======  ======================================================================
open    a new channel; size: how much the other side may send on it
data    size: how many bytes follow, at most 65,536
credit  size: how much more the other side may send
close   there is no more on this channel, in either direction
ping    a sign of life is wanted: *pong*
words   size: how many bytes of text follow, at most 4,096: why a channel is closed
======  ======================================================================

A channel that nobody reads uses its credit up and then stalls by itself, without the others; what is kept for it is
never more than that credit.  Channels take turns, 64 KiB each, so that a short word does not wait behind a picture.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import socket
import struct
import threading
import time
from collections import deque
from collections.abc import Callable
from enum import IntEnum

from ...errors import HostGone
from .byte_stream import ByteStream

__all__ = ["CHANNELS", "PIECE", "TO_HOST", "TO_VIEWER", "Tunnel"]

#: Bytes of one *data* frame at most.
PIECE = 1 << 16

#: Bytes on their way on one channel that were not taken yet: pictures one way, requests the other.
TO_VIEWER = 4 << 20
TO_HOST = 1 << 18

#: Bytes of text that say why a channel is closed, at most.
_WORDS = 4096

#: Channels that are open at once.
CHANNELS = 256

#: Bytes read from the stream at once.
_READ = 1 << 18

#: Bytes of frames that wait for the stream, above which nothing more is read from it.
_BACKLOG = 1 << 20

#: Turns that channels have before the stream is read again.
_TURNS = 8

_HEADER = struct.Struct("!BII")
_READ_EVENT, _WRITE_EVENT = selectors.EVENT_READ, selectors.EVENT_WRITE


class Kind(IntEnum):
    """What a frame is."""

    OPEN = 1
    DATA = 2
    CREDIT = 3
    CLOSE = 4
    PING = 5
    PONG = 6
    WORDS = 7


class _Channel:
    """One connection: a socket here, and what may be sent and has to be written for it."""

    __slots__ = ("allowance", "credit", "deaf", "ending", "events", "number", "owed", "sock", "waiting", "window")

    def __init__(self, number: int, sock: socket.socket | None, credit: int, window: int) -> None:
        self.number = number
        self.sock = sock
        #: What we may send, and the other side.
        self.credit = credit
        self.window = self.allowance = window
        #: What was taken here since the last credit for it.
        self.owed = 0
        self.waiting = bytearray()
        self.events = 0
        #: The other side has closed it; nobody here listens any more.
        self.ending = self.deaf = False


class Tunnel:
    """One end of the stream.  `run` is called by one thread; the other methods may be called by any.

    Parameters
    ----------
    stream : ByteStream
        Closed when the tunnel ends.
    answer : callable, optional
        Called by the thread of `run` with the number of each channel that the other side opens; returns a connected
        socket at once, or None to `supply` it later.  Without it the other side may open none.
    silence : float, optional
        Seconds without a byte after which the tunnel ends.

    Attributes
    ----------
    why : str
        Why it ended.
    words : str
        What the other side said last about a channel that it closed; not to be trusted.
    """

    def __init__(
        self,
        stream: ByteStream,
        answer: Callable[[int], socket.socket | None] | None = None,
        silence: float | None = None,
    ) -> None:
        self._stream = stream
        self._answer = answer
        self._silence = silence
        self.why = self.words = ""
        self._lock = threading.Lock()
        self._ended = False
        self._ending = False
        self._todo: deque[Callable[[], None]] = deque()
        self._channels: dict[int, _Channel] = {}
        self._last = 0
        self._wakeup = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._heard = threading.Condition(self._lock)
        self._heard_at = time.monotonic()
        # Of the frame that is being read: the beginning of its header, or its channel and what is left of its data.
        self._head = bytearray()
        self._target: _Channel | bytearray | None = None
        self._left = 0
        self._out = bytearray()
        self._blocked = False
        self._stream_events = 0
        self._buffer = memoryview(bytearray(_READ))
        self._piece = memoryview(bytearray(_HEADER.size + PIECE))
        self._selector = selectors.DefaultSelector()

    @property
    def alive(self) -> bool:
        """Whether it has not ended."""
        return not self._ended and not self._ending

    @property
    def silent_for(self) -> float:
        """Seconds since anything was heard from the other side."""
        return time.monotonic() - self._heard_at

    def connect(self, timeout: float = 0.0) -> socket.socket:
        """Return a new connection to the other side, at once; raises `HostGone` if the tunnel has ended."""
        ours, theirs = socket.socketpair()
        for sock in (ours, theirs):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, TO_HOST * 4)
        theirs.setblocking(False)
        if not self._do(lambda: self._open(theirs)):
            ours.close()
            theirs.close()
            raise HostGone("lost contact with the host", self.why)
        return ours

    def supply(self, number: int, sock: socket.socket) -> None:
        """Give channel `number`, which the other side has opened, its socket."""
        if not self._do(lambda: self._supplied(number, sock)):
            sock.close()

    def refuse(self, number: int, words: str) -> None:
        """Close channel `number`, which the other side has opened, and say why."""
        self._do(lambda: self._refused(number, words))

    def answers_within(self, timeout: float) -> bool:
        """Return whether anything is heard from the other side within `timeout` seconds of asking."""
        with self._heard:
            before = self._heard_at
        self._do(lambda: self._send(Kind.PING))
        with self._heard:
            return self._heard.wait_for(lambda: self._heard_at > before or self._ended, timeout) and not self._ended

    def close(self) -> None:
        """End it; `run` returns soon."""
        self._ending = True
        self._do(lambda: None)

    def run(self, first: bytes = b"", early: bytes = b"", side: tuple[int, Callable[[], bool]] | None = None) -> None:
        """Carry bytes until the stream ends or `close` is called.

        Parameters
        ----------
        first : bytes
            What is sent before everything else.
        early : bytes
            What was read from the stream already.
        side : (int, callable), optional
            A descriptor, and what reads from it when it can be read; false when it has ended.
        """
        try:
            self._selector.register(self._wakeup, _READ_EVENT, self._wake)
            if side is not None:
                self._selector.register(side[0], _READ_EVENT, side)
            self._write_stream(memoryview(first))
            self._parse(memoryview(early))
            while not self._ending:
                self._turn()
        except (EOFError, OSError) as error:
            self.why = self.why or str(error) or type(error).__name__
        finally:
            self._end()

    # In the thread of `run` from here on.

    def _do(self, what: Callable[[], None]) -> bool:
        """Have the thread of `run` do something; False if it has ended."""
        with self._lock:
            if self._ended:
                return False
            self._todo.append(what)
            os.eventfd_write(self._wakeup, 1)
            return True

    def _wake(self) -> None:
        with contextlib.suppress(BlockingIOError):
            os.eventfd_read(self._wakeup)
        while self._todo:
            self._todo.popleft()()

    def _turn(self) -> None:
        """Wait until something can be read or written, and do so."""
        self._flush()
        self._watch_stream()
        wait = None
        if self._silence is not None:
            wait = self._silence - self.silent_for
            if wait <= 0:
                raise EOFError(f"nothing was heard for {self._silence:.0f} s")
        readable = []
        for key, events in self._selector.select(wait):
            channel = key.data
            if isinstance(channel, _Channel):
                if self._channels.get(channel.number) is not channel:
                    continue  # closed a moment ago
                if events & _WRITE_EVENT:
                    self._write_local(channel)
                if events & _READ_EVENT:
                    readable.append(channel)
            elif isinstance(channel, tuple):
                if not channel[1]():
                    self._selector.unregister(key.fd)
            elif callable(channel):
                channel()
            elif events & _READ_EVENT and key.fd == self._stream.reading():
                self._read_stream()
        for _ in range(_TURNS):
            readable = [channel for channel in readable if not self._blocked and self._read_local(channel)]
            if not readable:
                break

    def _read_stream(self) -> None:
        while len(self._out) < _BACKLOG:
            try:
                count = self._stream.read(self._buffer)
            except BlockingIOError:
                return
            if not count:
                raise EOFError("the connection was closed")
            with self._heard:
                self._heard_at = time.monotonic()
                self._heard.notify_all()
            self._parse(self._buffer[:count])

    def _parse(self, data: memoryview) -> None:
        while data:
            if self._left:
                part, data = data[: self._left], data[self._left :]
                self._left -= len(part)
                if isinstance(self._target, bytearray):
                    self._target += part
                    if not self._left:
                        self.words = self._target.decode(errors="replace")
                elif self._target is not None:
                    self._deliver(self._target, part)
                continue
            missing = _HEADER.size - len(self._head)
            self._head += data[:missing]
            data = data[missing:]
            if len(self._head) == _HEADER.size:
                kind, number, size = _HEADER.unpack(self._head)
                self._head.clear()
                self._take(kind, number, size)

    def _take(self, kind: int, number: int, size: int) -> None:
        """Do what a header says."""
        channel = self._channels.get(number)
        if kind == Kind.DATA:
            if size > PIECE or (channel is not None and size > channel.allowance):
                raise EOFError(f"it sent {size} bytes where {channel.allowance if channel else PIECE} were allowed")
            if channel is not None:
                channel.allowance -= size
            self._target, self._left = channel, size
        elif kind == Kind.CREDIT:
            if channel is not None:
                channel.credit += size
                self._watch(channel)
        elif kind == Kind.CLOSE:
            if channel is not None:
                channel.ending = True
                if not channel.waiting:
                    self._drop(channel)
        elif kind == Kind.OPEN and self._answer is not None and channel is None:
            self._accept(number, size, self._answer)
        elif kind == Kind.PING:
            self._send(Kind.PONG)
        elif kind == Kind.WORDS and size <= _WORDS:
            self._target, self._left = bytearray(), size
        elif kind != Kind.PONG:
            raise EOFError(f"it sent a frame of kind {kind}")

    def _accept(self, number: int, credit: int, answer: Callable[[int], socket.socket | None]) -> None:
        if len(self._channels) >= CHANNELS:
            self._send(Kind.CLOSE, number)
            return
        channel = self._channels[number] = _Channel(number, None, credit, TO_HOST)
        sock = answer(number)
        if sock is not None:
            self._join(channel, sock)

    def _supplied(self, number: int, sock: socket.socket) -> None:
        channel = self._channels.get(number)
        # It may have been closed, and opened again, which had another one supplied.
        if channel is None or channel.sock is not None:
            sock.close()
        else:
            self._join(channel, sock)

    def _refused(self, number: int, words: str) -> None:
        data = words.encode()[:_WORDS]
        self._write_stream(memoryview(_HEADER.pack(Kind.WORDS, number, len(data)) + data))
        self._send(Kind.CLOSE, number)
        channel = self._channels.get(number)
        if channel is not None:
            self._drop(channel)

    def _join(self, channel: _Channel, sock: socket.socket) -> None:
        sock.setblocking(False)
        channel.sock = sock
        self._write_local(channel)

    def _open(self, sock: socket.socket) -> None:
        if len(self._channels) >= CHANNELS:
            sock.close()
            return
        self._last += 1
        channel = self._channels[self._last] = _Channel(self._last, sock, TO_HOST, TO_VIEWER)
        self._send(Kind.OPEN, channel.number, TO_VIEWER)
        self._watch(channel)

    def _deliver(self, channel: _Channel, part: memoryview) -> None:
        """Write to the socket of a channel, or keep what it does not take."""
        if channel.deaf:
            return
        count = 0
        if channel.sock is not None and not channel.waiting:
            try:
                count = channel.sock.send(part)
            except BlockingIOError:
                pass
            except OSError:
                channel.deaf = True
                return
            self._credit(channel, count)
        if count < len(part):
            channel.waiting += part[count:]
            self._watch(channel)

    def _write_local(self, channel: _Channel) -> None:
        """Write what waits for the socket of a channel."""
        if self._channels.get(channel.number) is not channel:
            return
        if channel.waiting and channel.sock is not None:
            try:
                count = channel.sock.send(channel.waiting)
            except BlockingIOError:
                count = 0
            except OSError:
                channel.deaf = True
                count = len(channel.waiting)
            del channel.waiting[:count]
            self._credit(channel, count)
        if channel.ending and not channel.waiting:
            self._drop(channel)
        else:
            self._watch(channel)

    def _credit(self, channel: _Channel, count: int) -> None:
        """Let the other side send as much again, not in every small piece."""
        channel.owed += count
        if channel.owed >= channel.window // 4 and not channel.ending:
            self._send(Kind.CREDIT, channel.number, channel.owed)
            channel.allowance += channel.owed
            channel.owed = 0

    def _read_local(self, channel: _Channel) -> bool:
        """Send a piece of what a channel's socket has; whether there may be more."""
        if channel.sock is None or not channel.credit or self._channels.get(channel.number) is not channel:
            return False
        start = _HEADER.size
        try:
            count = channel.sock.recv_into(self._piece[start : start + min(PIECE, channel.credit)])
        except BlockingIOError:
            return False
        except OSError:
            count = 0
        if not count:
            self._send(Kind.CLOSE, channel.number)
            self._drop(channel)
            return False
        _HEADER.pack_into(self._piece, 0, Kind.DATA, channel.number, count)
        self._write_stream(self._piece[: start + count])
        channel.credit -= count
        if not channel.credit:
            self._watch(channel)
        return count == PIECE

    def _send(self, kind: Kind, number: int = 0, size: int = 0) -> None:
        self._write_stream(memoryview(_HEADER.pack(kind, number, size)))

    def _write_stream(self, data: memoryview) -> None:
        """Write to the stream, or keep what it does not take."""
        while data and not self._out:
            try:
                data = data[self._stream.write(data) :]
            except BlockingIOError:
                break
        self._out += data
        self._block(bool(self._out))

    def _flush(self) -> None:
        if self._stream.unsent:
            self._stream.flush()
        while self._out:
            try:
                with memoryview(self._out) as data:
                    count = self._stream.write(data)
            except BlockingIOError:
                break
            del self._out[:count]
        self._block(bool(self._out))

    def _block(self, blocked: bool) -> None:
        """Read from no socket while the stream takes nothing."""
        if self._blocked != blocked:
            self._blocked = blocked
            for channel in self._channels.values():
                self._watch(channel)

    def _watch(self, channel: _Channel) -> None:
        """Wait for what may happen next on the socket of a channel."""
        sock, events = channel.sock, 0
        if sock is None:
            return
        if channel.credit and not self._blocked and not channel.ending:
            events |= _READ_EVENT
        if channel.waiting:
            events |= _WRITE_EVENT
        self._register(sock.fileno(), channel.events, events, channel)
        channel.events = events

    def _watch_stream(self) -> None:
        reading, writing = self._stream.reading(), self._stream.writing()
        read = _READ_EVENT if len(self._out) < _BACKLOG else 0
        write = _WRITE_EVENT if self._out or self._stream.unsent else 0
        events = read | write << 2
        if events != self._stream_events:
            was, self._stream_events = self._stream_events, events
            if reading == writing:
                self._register(reading, (was | was >> 2) & 3, read | write, None)
            else:
                self._register(reading, was & 3, read, None)
                self._register(writing, was >> 2, write, None)

    def _register(self, descriptor: int, was: int, events: int, data: object) -> None:
        if was == events:
            return
        if not events:
            self._selector.unregister(descriptor)
        elif not was:
            self._selector.register(descriptor, events, data)
        else:
            self._selector.modify(descriptor, events, data)

    def _drop(self, channel: _Channel) -> None:
        """Forget a channel and close its socket."""
        self._channels.pop(channel.number, None)
        if self._target is channel:
            self._target = None
        if channel.sock is not None:
            self._register(channel.sock.fileno(), channel.events, 0, channel)
            channel.events = 0
            channel.sock.close()

    def _end(self) -> None:
        """Close everything; whoever waits at a connection is told so by its end."""
        with self._lock:
            self._ended = True
            waiting = tuple(self._todo)
            self._todo.clear()
            self._heard.notify_all()
        for what in waiting:
            # Whatever it brings is closed with the channels.
            with contextlib.suppress(OSError, EOFError):
                what()
        for channel in tuple(self._channels.values()):
            self._drop(channel)
        self._selector.close()
        os.close(self._wakeup)
        self._stream.close()
