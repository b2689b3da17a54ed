"""The server that outlives the terminal, in its own process: ``python -m traitsview.remote.user_server.daemon``.

It ends after the time without viewers that it was given, makes its folder again when that is removed, and logs which
viewers come and go.
"""

from __future__ import annotations

import argparse
import contextlib
import faulthandler
import logging
import os
import resource
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ... import __version__
from ...errors import HostRefused, TraitsviewError
from ...sources.address import tls_endpoint
from ..host import deadline
from ..host.code_cache import keep_code_in
from ..host.entrance import Entrance
from .presence import Presence
from .record import Lock, Record, pid_namespace, process_began
from .server_log import ServerLog
from .shares import Shares

if TYPE_CHECKING:
    from ...sources.image_source import ImageSource
    from ..tls.tls_listener import Listener

__all__ = ["Daemon", "serve"]

logger = logging.getLogger(__name__)

#: Seconds between two looks at the folder of the server and at its viewers.
_TICK_SECONDS = 1.0

#: Before it ends, the server waits so many seconds for viewers that found it a moment ago.
_LAST_CALL_SECONDS = 0.2

#: Bytes that libraries may write to stderr before the file is emptied.
_WORDS_BYTES = 1_000_000

#: Open files that the server asks for, as far as the limits allow.
_DESCRIPTORS = 4096


class Daemon:
    """The server of a user.

    Parameters
    ----------
    lock : Lock
        A lock that was taken; the daemon closes it.
    paths : sequence of str
        Files and folders that may be opened; all that the user can read if empty.
    persist : float or None
        The server ends after so many seconds without a viewer; None if it stays.
    log : ServerLog, optional
        The log, which moves with the folder.
    listen : str
        ``tls://HOST:PORT`` if the server listens on the network too.

    Raises
    ------
    HostRefused
        If the socket of the server cannot be made.
    """

    def __init__(
        self,
        lock: Lock,
        paths: Sequence[str] = (),
        persist: float | None = None,
        log: ServerLog | None = None,
        listen: str = "",
    ) -> None:
        from ...sources.tiles.held_tiles import HeldTiles
        from ..host.memory import cache_limit, is_tight
        from ..host.server import Server
        from ..host.source_pool import SourcePool, list_here, list_nothing

        self._presence = Presence(lock)
        self._log = log
        self._listen_at = listen
        self._network: Listener | None = None
        self._ended = threading.Event()
        self._seen = time.monotonic()
        self._complaint = ""
        self._notices: tuple[float, ...] = deadline.NOTICE_SECONDS
        opener, real = _opener(paths, listen)
        self._entrance = Entrance(self._presence.new_socket())
        lister = list_nothing if paths or listen else list_here
        self._pool = SourcePool(opener, tiles=HeldTiles(cache_limit(), is_tight), list_sources=lister)
        self._shares = Shares(lambda: self._server, lambda: self._network, real)
        self._server = Server(self._entrance, self._pool, self._shares)
        self.record = Record(
            pid=os.getpid(),
            began=process_began(os.getpid()) or 0,
            version=__version__,
            started=datetime.now().astimezone().isoformat(timespec="seconds"),
            paths=real,
            socket=str(self._presence.socket_path),
            persist=persist,
            namespace=pid_namespace(),
        )

    def run(self, ready: Callable[[Record], None]) -> None:
        """Serve until `stop`, or until the server has had no viewer for long enough.

        `ready` is called as soon as the server answers.

        Raises
        ------
        HostRefused
            If the record cannot be written, or the server cannot listen on the network.
        RequestError
            If the address to listen at makes no sense.
        """
        accepting = threading.Thread(target=self._server.serve_forever, name="traitsview entrance", daemon=True)
        try:
            if self._listen_at:
                self._join_network()
            try:
                self._presence.publish(self.record)
            except OSError as error:
                what = f"cannot start the server in {self._presence.folder}"
                remedy = "make room there, or set TRAITSVIEW_RUNTIME_DIR to another folder"
                raise HostRefused(what, str(error.strerror), remedy) from error
            accepting.start()
            ready(self.record)
            while not self._ended.wait(_TICK_SECONDS):
                self._shares.tidy()
                self._look()
        finally:
            self._presence.withdraw()
            self._shares.close()
            if self._network is not None:
                self._network.close()
            self._server.close()
            if accepting.is_alive():
                accepting.join(_TICK_SECONDS)
            self._presence.close()

    def stop(self) -> None:
        """Have the server end; signal handlers may call this."""
        self._ended.set()

    def _look(self) -> None:
        """Check the folder, the viewers, the memory and the time that is left, and do what they require."""
        try:
            if not self._presence.superseded and not self._presence.in_place:
                self._settle()
            self._count()
            self._pool.relieve()
            self._warn()
            self._trim()
            self._leave_if_unused()
        except (OSError, TraitsviewError) as error:
            # For example the disk is full, or the folder cannot be made yet.  The viewers that are connected go on.
            if str(error) != self._complaint:
                self._complaint = str(error)
                logger.warning("%s", error)
        else:
            self._complaint = ""

    def _settle(self) -> None:
        """Put the lock, the socket and the record in place again."""
        if not self._presence.settle(self._entrance):
            return
        self.record = replace(self.record, socket=str(self._presence.socket_path))
        self._presence.publish(self.record)
        if self._log is not None:
            self._log.move(self._presence.folder / "serve.log")
        logger.warning("what others find this server by was gone: it is in %s again", self._presence.folder)

    def _join_network(self) -> None:
        from ..tls.tls_listener import Listener, bridge_to

        self._network = Listener(*tls_endpoint(self._listen_at), bridge_to(lambda: self._presence.socket_path))
        self.record = replace(self.record, address=self._network.address)

    def _count(self) -> None:
        viewers = self._server.viewers
        if viewers:
            self._seen = time.monotonic()
        if viewers != self.record.viewers:
            self.record = replace(self.record, viewers=viewers)
            self._presence.publish(self.record)

    def _warn(self) -> None:
        """Log that the time of this process is nearly over."""
        left = deadline.seconds_left()
        if left is not None and self._notices and left <= self._notices[0]:
            logger.warning("the time of this host is over in %.0f s", left)
            self._notices = tuple(notice for notice in self._notices if notice < left)

    def _trim(self) -> None:
        """Empty the file of stderr when it is large, so that libraries do not fill the disk."""
        words = os.fstat(sys.__stderr__.fileno()) if sys.__stderr__ is not None else None
        path = self._presence.folder / "serve.words"
        if words is None or words.st_size <= _WORDS_BYTES or not path.exists():
            return
        if os.path.samestat(words, path.stat()):
            os.truncate(path, 0)
            logger.warning("emptied %s, which had grown to %d bytes", path.name, words.st_size)

    def _leave_if_unused(self) -> None:
        persist = 0.0 if self._presence.superseded else self.record.persist
        if persist is None or self._server.viewers or time.monotonic() - self._seen < persist:
            return
        self._presence.withdraw()
        # A viewer that has connected already is still let in, and then the server stays.
        self._ended.wait(_LAST_CALL_SECONDS)
        if not self._server.viewers:
            logger.info("leaving: nobody has come for %.0f s", persist)
            self._ended.set()


def serve(
    lock: Lock,
    paths: Sequence[str] = (),
    persist: float | None = None,
    ready: Callable[[Record], None] = lambda record: None,
    listen: str = "",
    ends_in: float | None = None,
) -> None:
    """Run the server in this process and its main thread, until a signal ends it or nobody needs it.

    The log is ``serve.log`` in the folder of `lock`.  Viewers are told when the process has to end: in `ends_in`
    seconds, or when its Slurm job ends.

    Raises
    ------
    HostRefused
        If the server cannot start.
    """
    os.set_inheritable(lock.descriptor, False)
    log = ServerLog(lock.folder / "serve.log")
    root = logging.getLogger()
    root.addHandler(log)
    root.setLevel(logging.INFO)
    _raise_limits()
    deadline.begin(deadline.of_job(os.environ) if ends_in is None else ends_in)
    daemon = Daemon(lock, paths, persist, log, listen)
    for sign in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(sign, lambda number, frame: daemon.stop())

    def begun(record: Record) -> None:
        until = "until it is stopped" if persist is None else f"until {persist:g} s without a viewer"
        what = ", ".join(record.paths) or "everything"
        logger.info("process %d, traitsview %s, serves %s %s", record.pid, record.version, what, until)
        if record.address:
            logger.info("listening on the network at %s", record.address)
        ready(record)

    daemon.run(begun)
    logger.info("process %d ends", daemon.record.pid)


def _opener(paths: Sequence[str], listen: str = "") -> tuple[Callable[[str], ImageSource], tuple[str, ...]]:
    """Return the function that opens sources below `paths`, and these paths without links.

    A server that listens on the network runs no code for those who come over it: it opens no running programs.
    """
    from ..host.source_pool import open_here
    from .served_folders import ServedFolders, open_no_program

    if not paths:
        return (open_no_program if listen else open_here), ()
    try:
        served = ServedFolders(paths)
    except TraitsviewError as error:
        raise HostRefused("cannot start the server", str(error)) from error
    return served.open_source, served.paths


def _raise_limits() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _DESCRIPTORS if hard == resource.RLIM_INFINITY else min(_DESCRIPTORS, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def main(args: Sequence[str] | None = None) -> int:
    """Run the server in the background; tell the process that started it ``ready``, or why the server cannot start."""
    parser = argparse.ArgumentParser(prog="traitsview-server")
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--lock", type=int, required=True, metavar="FD")
    parser.add_argument("--ready", type=int, required=True, metavar="FD")
    parser.add_argument("--persist", type=float)
    parser.add_argument("--deadline", type=float)
    parser.add_argument("--listen", default="")
    parser.add_argument("paths", nargs="*")
    options = parser.parse_args(args)
    faulthandler.enable()
    # Files that libraries write are for this user only, too.
    os.umask(0o077)

    def say(word: str) -> None:
        with contextlib.suppress(OSError), open(options.ready, "w", encoding="utf-8") as pipe:
            pipe.write(word)

    keep_code_in(options.folder / "numba")
    try:
        lock = Lock(options.folder, options.lock)
        serve(lock, options.paths, options.persist, lambda record: say("ready"), options.listen, options.deadline)
    except TraitsviewError as error:
        # The process that reads this says itself that the server cannot start.
        own = error.what == "cannot start the server"
        say("; ".join(part for part in (error.why, error.remedy) if part) if own else str(error))
        return 1
    except Exception as error:
        logger.exception("the server failed")
        say(f"{type(error).__name__}: {error}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
