"""Makes every step from this machine to a picture on a host, one after the other, and finds the one that fails."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING, Any

from ... import __version__
from ...errors import HostError, HostRefused, WireError, counted, quoted
from ...geometry import Viewport
from ...sources.address import Address
from ..protocol import hello
from ..routes.ssh_route import SshRoute
from ..ssh.ssh_ending import ended, silent
from ..tunnel import relay_words
from . import host_facts
from .finding import Finding, Steps, findings
from .reach_probe import NOISE_BYTES, ReachProbe
from .ssh_settings import SshSettings

if TYPE_CHECKING:
    from ...sources.image_source import ImageSource

__all__ = ["diagnose"]

#: The name of the command on the host, in messages.
_PROGRAM = "traitsview"

#: Seconds that a host has to say what runs there.
_ANSWER_SECONDS = 20.0

#: Seconds that a host has to write an image.
_WRITING_SECONDS = 60.0

#: Round trips that are made; the shortest one counts.
_ROUND_TRIPS = 5

#: Rows of the first picture, and of the first measurement.
_ROWS = 64

#: The second measurement fetches all rows, if that will take less than these seconds.
_LONGEST_SECONDS = 5.0


def diagnose(host: str, may_ask: bool = False) -> Iterator[Finding]:
    """Yield the result of each step, up to the first that fails.

    Parameters
    ----------
    host : str
        As in an `Address`.
    may_ask : bool
        Whether ssh may ask the user for a password if it needs one.
    """
    walk = _Walk(host, may_ask)
    try:
        yield from findings(walk.steps)
    finally:
        walk.close()


class _Walk:
    """The steps, with the results of earlier steps for later ones."""

    def __init__(self, host: str, may_ask: bool) -> None:
        self._host = host
        self._may_ask = may_ask
        self._undo = ExitStack()
        self._probe: ReachProbe
        self._server: dict[str, Any] = {}
        self._source: ImageSource | None = None
        route = SshSettings(host)
        self.steps: Steps = {
            "name": route.find,
            "network": route.knock,
            "login": self._login,
            "shell": self._shell,
            "command": self._command,
            "version": self._version,
            "server": self._found_server,
            "socket": self._socket,
            "picture": self._picture,
            "link": self._figures,
        }

    def close(self) -> None:
        """Leave the host, which removes the image there."""
        self._undo.close()

    def _login(self) -> str:
        probe = self._probe = self._undo.enter_context(closing(ReachProbe(self._host, batch=True)))
        asked = ""
        if probe.failed and self._may_ask and "Permission denied" in probe.words.line:
            probe = self._probe = self._undo.enter_context(closing(ReachProbe(self._host, batch=False)))
            asked = "; 'ssh-copy-id' saves typing the password"
        if probe.failed:
            raise probe.words.error("", self._host, batch=False)
        if probe.status is None and not (probe.facts or probe.noise or probe.patience.logged_in):
            raise self._silent()
        return f"ssh lets us in{asked}"

    def _silent(self) -> HostError:
        probe = self._probe
        return silent("", _PROGRAM, self._host, probe.patience.seconds, probe.words, probe.noise)

    # ---- being there --------------------------------------------------------

    def _shell(self) -> str:
        probe = self._probe
        remedy = "have the shell's startup files print and ask nothing where there is no terminal"
        begins = f", beginning with {_beginning(probe.noise)}" if probe.noise else ""
        if len(probe.noise) > NOISE_BYTES:
            raise WireError("", f"the shell there prints more than {NOISE_BYTES} bytes{begins}", remedy)
        if not probe.facts and probe.status is None:
            raise self._silent()
        if not probe.facts and probe.status == 0:
            raise WireError("", f"the shell there ends without running what it is told{begins}", remedy)
        return (
            f"prints {counted(len(probe.noise), 'byte')} first{begins}; they are skipped"
            if begins
            else "prints nothing first"
        )

    def _command(self) -> str:
        probe = self._probe
        said = probe.words.line or _beginning(probe.noise)[1:-1]
        if probe.status == 2:
            raise WireError("", f"traitsview there cannot do this ({said})", f"upgrade it there to {__version__}")
        if not probe.facts:
            assert probe.status is not None
            raise ended("", _PROGRAM, self._host, probe.status, probe.words, said)
        return f"traitsview runs there with Python {probe.facts.get('python')}, {probe.seconds:.1f} s after ssh began"

    def _version(self) -> str:
        there, protocols = self._probe.facts.get("version"), self._probe.facts.get("protocols")
        ours = [relay_words.VERSION, hello.VERSION]
        text = f"{there} there, {__version__} here"
        if protocols != ours:
            older = isinstance(protocols, list) and protocols < ours
            why = f"{text}, which do not understand each other (protocols {protocols} and {ours})"
            raise WireError("", why, f"upgrade traitsview {'there' if older else 'here'}")
        return text

    def _found_server(self) -> str:
        before = self._probe.facts.get("server") or {}
        began = time.monotonic()
        # This route stays open until the end, so that later routes use the same ssh.
        route = self._undo.enter_context(closing(SshRoute(Address("/", host=self._host))))
        try:
            link = route.reach(hello.new_viewer())
        except HostError as error:
            error.why = ": ".join(part for part in (error.what, error.why) if part)  # it names the folder
            raise
        took = time.monotonic() - began
        link.close()
        self._server = self._probe.ask("server", _ANSWER_SECONDS)
        record = self._server.get("server") or {}
        found = "found" if before.get("pid") == record.get("pid") else "started"
        return f"{found}, process {record.get('pid')}, since {record.get('started')}; ready in {took:.1f} s"

    def _socket(self) -> str:
        known = self._server.get("socket") or {}
        uid = self._server.get("uid")
        path, mode, folder = known.get("path"), known.get("mode"), known.get("folder_mode")
        if not (isinstance(mode, int) and isinstance(folder, int)):
            raise HostRefused("", f"{quoted(path)} is not there", "stop the server with 'traitsview serve --stop'")
        text = f"{quoted(path)}, mode {mode:03o} in a folder of mode {folder:03o}"
        if known.get("uid") != uid or known.get("folder_uid") != uid or mode & 0o077 or folder & 0o077:
            remedy = "stop the server, remove the folder, and start it again"
            raise HostRefused("", f"{text}, uid {known.get('uid')}: others may use it", remedy)
        return f"{text}, yours alone"

    # ---- seeing something ---------------------------------------------------

    def _picture(self) -> str:
        import numpy as np

        from ...sources.arrays.array_source import ArraySource
        from ..viewer.remote_source import RemoteSource

        paths = (self._server.get("server") or {}).get("paths")
        if paths:
            return f"not tried, because the server opens only {', '.join(map(quoted, paths))}"
        path = str(self._probe.ask("picture", _WRITING_SECONDS).get("picture"))
        began = time.monotonic()
        source = self._source = self._undo.enter_context(RemoteSource(SshRoute(Address(path, host=self._host))))
        local = ArraySource(host_facts.noise_image())
        if (source.info.shape, source.info.dtype) != (local.info.shape, local.info.dtype):
            raise WireError("", f"it is {source.info.shape} {source.info.dtype} there, and {local.info.shape} here")
        viewport = Viewport.fitting(local.info, (_ROWS, _ROWS))
        pixels = source.render(viewport)
        took = time.monotonic() - began
        if not np.array_equal(pixels, local.render(viewport)):
            raise WireError("", "the pixels that came are not those that were expected", "please report this")
        return f"{_ROWS} × {_ROWS} pixels are right, after {took:.2f} s"

    def _figures(self) -> str:
        source = self._source
        if source is None:
            return "not measured"
        trips = []
        for _ in range(_ROUND_TRIPS):
            began = time.monotonic()
            source.world([(0.5, 0.5)])
            trips.append(time.monotonic() - began)
        rows, columns = source.info.shape
        part = Viewport((1.0, 1.0), (0, 0), (_ROWS, columns))
        rate = _rate(source, part)
        if columns * rows * source.info.pixel_dtype.itemsize / rate < _LONGEST_SECONDS:
            rate = _rate(source, Viewport((1.0, 1.0), (0, 0), (rows, columns)))
        return f"round trip {min(trips) * 1e3:.3g} ms, {rate / 1e6:.3g} MB/s of pixels"


def _rate(source: ImageSource, viewport: Viewport) -> float:
    """Return the bytes of pixels per second at which a viewport comes."""
    began = time.monotonic()
    pixels = source.render(viewport)
    return pixels.nbytes / (time.monotonic() - began)


def _beginning(noise: bytes) -> str:
    return quoted(noise[:200].decode(errors="replace").strip(), 60)
