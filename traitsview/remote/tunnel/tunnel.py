"""Many connections over one stream of bytes, for example that of ssh.

Each connection is a channel; `tunnel_frame` has the frames that are sent.

The credit of a channel is the number of bytes that one side may still send on it.  The other side gives new credit for
the bytes that its socket has taken.  If nobody reads from a channel, its credit comes to an end.  Then this channel
stalls and the others go on, and never are more bytes held for it than its first credit.

Channels are read one after the other, 64 KiB of each, so that a short message does not wait behind a picture.
"""

from __future__ import annotations

import contextlib
import selectors
import socket
import threading
import time
from collections.abc import Callable

from ...errors import HostGone
from .byte_stream import ByteStream
from .call_queue import CallQueue
from .selector import InterestSet
from .tunnel_channel import Channel
from .tunnel_frame import DATA_BYTES, HEADER_BYTES, FrameKind, FrameReader, frame, put_data_header, words_frame
from .write_buffer import WriteBuffer

__all__ = ["CHANNELS", "TO_HOST_BYTES", "TO_VIEWER_BYTES", "Tunnel"]

#: The credit of a channel, in bytes: pictures go to the viewer, requests to the host.
TO_VIEWER_BYTES = 4 << 20
TO_HOST_BYTES = 1 << 18

#: Channels that are open at once.
CHANNELS = 256

#: Bytes read from the stream at once.
_READ_BYTES = 1 << 18

#: When more bytes than these wait to be written, nothing more is read from the stream.
_BACKLOG_BYTES = 1 << 20

#: Times that each channel may be read before the stream is read again.
_CHANNEL_READS = 8


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
    parting : callable, optional
        Called by the thread of `run` when a socket of this side has ended; returns the reason, which is sent to the
        other side, or "" for none.

    Attributes
    ----------
    why : str
        Why the tunnel ended.
    words : str
        What the other side said last about a channel that it closed; it may be wrong or hostile.
    said : int
        How often the other side has said something.
    """

    def __init__(
        self,
        stream: ByteStream,
        answer: Callable[[int], socket.socket | None] | None = None,
        silence: float | None = None,
        parting: Callable[[], str] = str,
    ) -> None:
        self._stream = stream
        self._parting = parting
        self._answer = answer
        self._silence = silence
        self.why = self.words = ""
        self.said = 0
        self._ending = False
        self._calls = CallQueue()
        self._heard = threading.Condition()
        self._heard_at = time.monotonic()
        self._channels: dict[int, Channel] = {}
        self._last = 0
        self._reader = FrameReader()
        # The channel whose data are being read, and the words that are being read.
        self._target: Channel | None = None
        self._said = bytearray()
        self._out = WriteBuffer(stream)
        self._blocked = False
        self._buffer = memoryview(bytearray(_READ_BYTES))
        self._piece = memoryview(bytearray(HEADER_BYTES + DATA_BYTES))
        self._interest: InterestSet[Channel | Callable[[int], None]] = InterestSet()

    @property
    def alive(self) -> bool:
        """Whether it has not ended."""
        return not self._calls.closed and not self._ending

    @property
    def silent_for(self) -> float:
        """Seconds since anything was heard from the other side."""
        return time.monotonic() - self._heard_at

    def connect(self, timeout: float = 0.0) -> socket.socket:
        """Return a new connection to the other side, at once; raises `HostGone` if the tunnel has ended.

        `timeout` has no effect, since nothing is waited for: a `Link` gives a timeout to everything that it dials.
        """
        ours, theirs = socket.socketpair()
        for sock in (ours, theirs):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, TO_HOST_BYTES * 4)
        theirs.setblocking(False)
        if not self._calls.post(lambda: self._open(theirs)):
            ours.close()
            theirs.close()
            raise HostGone("lost contact with the host", self.why)
        return ours

    def supply(self, number: int, sock: socket.socket) -> None:
        """Give channel `number`, which the other side has opened, its socket."""
        if not self._calls.post(lambda: self._supplied(number, sock)):
            sock.close()

    def refuse(self, number: int, words: str) -> None:
        """Close channel `number`, which the other side has opened, and say why."""
        self._calls.post(lambda: self._refused(number, words))

    def answers_within(self, timeout: float) -> bool:
        """Return whether anything is heard from the other side within `timeout` seconds of asking."""
        with self._heard:
            before = self._heard_at
        self._calls.post(lambda: self._send(FrameKind.PING))
        with self._heard:
            return self._heard.wait_for(lambda: self._heard_at > before or not self.alive, timeout) and self.alive

    def close(self) -> None:
        """End the tunnel; `run` returns soon."""
        self._ending = True
        self._calls.post(lambda: None)

    def run(self, first: bytes = b"", early: bytes = b"", side: tuple[int, Callable[[], bool]] | None = None) -> None:
        """Carry bytes until the stream ends or `close` is called.

        Parameters
        ----------
        first : bytes
            Bytes that are sent before everything else.
        early : bytes
            Bytes that were read from the stream already.
        side : (int, callable), optional
            A descriptor, and a function that is called when it can be read and returns false at its end.
        """
        try:
            self._interest.set(self._calls.fileno(), selectors.EVENT_READ, lambda events: self._calls.empty())
            if side is not None:
                self._interest.set(side[0], selectors.EVENT_READ, lambda events: self._read_side(*side))
            self._out.write(memoryview(first))
            self._take_frames(memoryview(early))
            while not self._ending:
                self._turn()
        except (EOFError, OSError) as error:
            self.why = self.why or str(error) or type(error).__name__
        finally:
            self._end()

    # ---- the thread of `run` from here on: waiting --------------------------

    def _turn(self) -> None:
        """Wait until something can be read or written, and do so."""
        self._out.flush()
        self._block()
        self._watch_stream()
        readable = []
        for owner, events in self._interest.wait(self._patience()):
            if not isinstance(owner, Channel):
                owner(events)
            elif self._is_open(owner):
                if events & selectors.EVENT_WRITE:
                    self._write_channel(owner)
                if events & selectors.EVENT_READ:
                    readable.append(owner)
        for _ in range(_CHANNEL_READS):
            readable = [channel for channel in readable if not self._blocked and self._read_channel(channel)]
            if not readable:
                break

    def _patience(self) -> float | None:
        """Return how long to wait; raises EOFError if nothing was heard for too long."""
        if self._silence is None:
            return None
        left = self._silence - self.silent_for
        if left <= 0:
            raise EOFError(f"nothing was heard for {self._silence:.0f} s")
        return left

    def _watch_stream(self) -> None:
        read = selectors.EVENT_READ if len(self._out) < _BACKLOG_BYTES else 0
        write = selectors.EVENT_WRITE if self._out.pending else 0
        reading, writing = self._stream.reading(), self._stream.writing()
        if reading == writing:
            self._interest.set(reading, read | write, self._read_stream)
        else:
            self._interest.set(reading, read, self._read_stream)
            self._interest.set(writing, write, self._read_stream)

    def _watch(self, channel: Channel) -> None:
        """Wait for what may happen next on the socket of a channel."""
        if channel.sock is not None:
            self._interest.set(channel.sock.fileno(), channel.events(not self._blocked), channel)

    def _block(self) -> None:
        """Read from no socket while the stream takes nothing."""
        blocked = bool(self._out)
        if self._blocked != blocked:
            self._blocked = blocked
            for channel in self._channels.values():
                self._watch(channel)

    # ---- from the stream ----------------------------------------------------

    def _read_stream(self, events: int) -> None:
        # What waits to be written is written before each turn.
        while events & selectors.EVENT_READ and len(self._out) < _BACKLOG_BYTES:
            try:
                count = self._stream.read(self._buffer)
            except BlockingIOError:
                return
            if not count:
                raise EOFError("the connection was closed")
            with self._heard:
                self._heard_at = time.monotonic()
                self._heard.notify_all()
            self._take_frames(self._buffer[:count])

    def _read_side(self, descriptor: int, read: Callable[[], bool]) -> None:
        if not read():
            self._interest.set(descriptor, 0, self._read_stream)

    def _take_frames(self, data: memoryview) -> None:
        for kind, number, size, part in self._reader.read(data):
            if part is None:
                self._take(kind, number, size)
            elif kind == FrameKind.WORDS:
                self._said += part
                if len(self._said) == size:
                    self.words = self._said.decode(errors="replace")
                    self.said += 1
            elif self._target is not None:
                self._target.deliver(part)
                self._settle(self._target)

    def _take(self, kind: FrameKind, number: int, size: int) -> None:
        """Do what the head of a frame says; its body, if it has one, comes afterwards."""
        channel = self._channels.get(number)
        if kind == FrameKind.PING:
            self._send(FrameKind.PONG)
        elif kind == FrameKind.WORDS:
            self._said.clear()
        elif kind == FrameKind.OPEN:
            self._accept(number, size)
        elif kind == FrameKind.DATA:
            self._target = channel
            if channel is not None:
                channel.expect(size)
        elif channel is not None and kind == FrameKind.CREDIT:
            channel.credit += size
            self._watch(channel)
        elif channel is not None and kind == FrameKind.CLOSE:
            channel.ending = True
            self._settle(channel)

    def _accept(self, number: int, credit: int) -> None:
        """Take in a channel that the other side opens."""
        if self._answer is None or number in self._channels:
            raise EOFError(f"it sent a frame of kind {FrameKind.OPEN}")
        if len(self._channels) >= CHANNELS:
            self._send(FrameKind.CLOSE, number)
            return
        self._channels[number] = Channel(number, None, credit, TO_HOST_BYTES)
        sock = self._answer(number)
        if sock is not None:
            self._supplied(number, sock)

    # ---- channels -----------------------------------------------------------

    def _open(self, sock: socket.socket) -> None:
        if len(self._channels) >= CHANNELS:
            sock.close()
            return
        self._last += 1
        channel = self._channels[self._last] = Channel(self._last, sock, TO_HOST_BYTES, TO_VIEWER_BYTES)
        self._send(FrameKind.OPEN, channel.number, TO_VIEWER_BYTES)
        self._watch(channel)

    def _supplied(self, number: int, sock: socket.socket) -> None:
        channel = self._channels.get(number)
        # The channel may have been closed, and opened again with another socket.
        if channel is None or channel.sock is not None:
            sock.close()
        else:
            channel.join(sock)
            self._write_channel(channel)

    def _refused(self, number: int, words: str) -> None:
        self._write(words_frame(number, words))
        self._send(FrameKind.CLOSE, number)
        channel = self._channels.get(number)
        if channel is not None:
            self._drop(channel)

    def _is_open(self, channel: Channel) -> bool:
        """Return whether a channel is still open; another event may have closed it a moment ago."""
        return self._channels.get(channel.number) is channel

    def _write_channel(self, channel: Channel) -> None:
        channel.flush()
        self._settle(channel)

    def _settle(self, channel: Channel) -> None:
        """Give the other side credit for what the socket of a channel has taken, and wait for the next event."""
        due = channel.credit_due()
        if due:
            self._send(FrameKind.CREDIT, channel.number, due)
        if channel.ending and not channel.waiting:
            self._drop(channel)
        else:
            self._watch(channel)

    def _read_channel(self, channel: Channel) -> bool:
        """Send at most 64 KiB of what a channel's socket has; return whether there may be more."""
        if not self._is_open(channel):
            return False
        count = channel.read(self._piece[HEADER_BYTES:])
        if count is None:
            return False
        if not count:
            if words := self._parting():
                self._write(words_frame(channel.number, words))
            self._send(FrameKind.CLOSE, channel.number)
            self._drop(channel)
            return False
        put_data_header(self._piece, channel.number, count)
        self._write(self._piece[: HEADER_BYTES + count])
        if not channel.credit:
            self._watch(channel)
        return count == DATA_BYTES

    def _drop(self, channel: Channel) -> None:
        """Forget a channel and close its socket."""
        self._channels.pop(channel.number, None)
        if self._target is channel:
            self._target = None
        if channel.sock is not None:
            self._interest.set(channel.sock.fileno(), 0, channel)
            channel.sock.close()

    # ---- to the stream ------------------------------------------------------

    def _send(self, kind: FrameKind, number: int = 0, size: int = 0) -> None:
        self._write(frame(kind, number, size))

    def _write(self, data: memoryview) -> None:
        self._out.write(data)
        self._block()

    def _end(self) -> None:
        """Close everything; whoever waits at a connection sees its end."""
        left = self._calls.close()
        with self._heard:
            self._heard.notify_all()
        for call in left:
            # A socket that it brings is closed with the channels.
            with contextlib.suppress(OSError, EOFError):
                call()
        for channel in tuple(self._channels.values()):
            self._drop(channel)
        self._interest.close()
        self._stream.close()
