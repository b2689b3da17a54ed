"""Opens files below the served folders and no others, whatever names, links and renames are tried."""

from __future__ import annotations

import ctypes
import errno
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ...errors import SourceNotFound, SourceUnreadable, SourceUnsupported, quoted
from ...sources.address import parse_address
from ...sources.files.regular_file import RegularFile, reason_of
from ...sources.image_source import ImageSource, never
from ...sources.picture import DEFAULT_PICTURE, Picture
from ...sources.questions.kernel_access import KernelAccess, KernelDoor
from ...sources.questions.question import Question
from ...sources.wrapped_source import WrappedSource

__all__ = ["ServedFolders", "open_beneath", "open_no_program"]

_READ = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY
_FOLDER = os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC

# openat2 of Linux 5.6 and newer, for which the C library has no function; numbered alike on all processors but Alpha.
_OPENAT2 = 437
_RESOLVE = 0x02 | 0x04 | 0x08  # RESOLVE_NO_MAGICLINKS, RESOLVE_NO_SYMLINKS, RESOLVE_BENEATH

#: Schemes of programs in which expressions are evaluated.
_PROGRAMS = ("kernel", "engines", "dask", "yt")

#: Tries to open a file whose links are changed meanwhile.
_TRIES = 4

#: Errors of such a try.
_MOVED = (errno.ELOOP, errno.EXDEV, errno.EAGAIN, errno.ENOTDIR, errno.EINVAL)


class _OpenHow(ctypes.Structure):
    _fields_ = [("flags", ctypes.c_uint64), ("mode", ctypes.c_uint64), ("resolve", ctypes.c_uint64)]


@dataclass(slots=True)
class _Root:
    """A folder that is held open, and the one file in it that may be opened; if `file` is empty, all may."""

    folder: str
    descriptor: int
    file: str = ""

    def renew(self) -> None:
        """If the folder was removed, open the folder that has its name now."""
        if os.fstat(self.descriptor).st_nlink == 0:
            descriptor = _folder_at(self.folder)
            os.dup2(descriptor, self.descriptor, inheritable=False)
            os.close(descriptor)


class ServedFolders:
    """The files and folders that may be opened, with everything below them.

    First the links in a path are followed, by name, to find the served folder that holds the file.  Then the file is
    opened from the descriptor of that folder, following no link at all.  So a link that somebody puts into the path
    between the two steps leads nowhere.

    Any thread may call any method.

    Parameters
    ----------
    paths : sequence of str

    Raises
    ------
    SourceNotFound, SourceUnreadable
        If one of them cannot be opened.
    """

    def __init__(self, paths: Sequence[str]) -> None:
        self._roots: list[_Root] = []
        #: The paths that may be opened, without links.
        self.paths = tuple(os.path.realpath(os.path.expanduser(path)) for path in paths)
        try:
            for path in self.paths:
                self._roots.append(_root(path))
        except BaseException:
            self.close()
            raise

    def open_source(self, text: str) -> ImageSource:
        """Return the image that `text` names, as `open_source` does, if its file is below the folders."""
        from ...sources.registry import open_file

        address = parse_address(text)
        if address.host or address.scheme != "file":
            raise SourceUnsupported(f"cannot open {quoted(text)}", "this server opens files only", "give a file")
        path = os.path.expanduser(address.path)
        return open_file(RegularFile(path, lambda: self.open(path)), address)

    def open(self, path: str) -> int:
        """Return a descriptor to read the file at `path` from; relative paths start at the working directory.

        Raises
        ------
        SourceUnreadable
            If it is not below the folders.
        OSError, ValueError
            If it cannot be opened.
        """
        moved: OSError | None = None
        for _ in range(_TRIES):
            try:
                beneath = next(self._beneath(os.path.realpath(path)), None)
                if beneath is None:
                    raise SourceUnreadable(
                        f"cannot open {quoted(path)}",
                        "it is outside of the served folders",
                        "serve its folder, with 'traitsview serve FOLDER'",
                    )
                root, name = beneath
                root.renew()
                return open_beneath(root.descriptor, name)
            except OSError as error:
                if error.errno not in _MOVED:
                    raise
                moved = error
        if isinstance(moved, NotADirectoryError):
            raise moved
        why = "it is behind links that lead in circles, or change while it is opened"
        raise SourceUnreadable(f"cannot open {quoted(path)}", why, "give it without links") from moved

    def close(self) -> None:
        """Close the folders; sources that are open stay open."""
        for root in self._roots:
            os.close(root.descriptor)
        self._roots.clear()

    def _beneath(self, real: str) -> Iterator[tuple[_Root, str]]:
        """Yield each root above a path without links, and the rest of the path."""
        for root in self._roots:
            start = root.folder.rstrip("/") + "/"
            if real.startswith(start) and root.file in ("", real[len(start) :]):
                yield root, real[len(start) :]


def open_no_program(text: str) -> ImageSource:
    """Return the source that `text` names on this machine, unless code would have to run in another program for it.

    Raises
    ------
    SourceUnsupported
        If it would.
    """
    from ...sources.registry import open_address

    address = parse_address(text)
    if address.scheme in _PROGRAMS:
        why = "this server listens on the network, and runs no code in other programs for those who come over it"
        raise SourceUnsupported(f"cannot open {quoted(text)}", why, "reach the host by ssh, without --listen")
    return _WithoutConsole(open_address(address))


class _WithoutConsole(WrappedSource):
    """A source that tells nobody how to reach the kernel beside it: who can reach a kernel can run code."""

    def answers(
        self, question: Question[Any], picture: Picture = DEFAULT_PICTURE, stale: Callable[[], bool] = never
    ) -> Iterator[Any]:
        if isinstance(question, KernelAccess):
            return iter([KernelDoor()])
        return super().answers(question, picture, stale)


def open_beneath(folder: int, path: str, flags: int = _READ) -> int:
    """Return a descriptor of what is at `path` below the open `folder`, following no link at all.

    Raises
    ------
    OSError
        ELOOP if there is a link, EXDEV if the path leads out of the folder, or another error of opening.
    ValueError
        If the path holds a NUL.
    """
    name = os.fsencode(path)
    if b"\0" in name:
        raise ValueError("embedded null byte")
    try:
        return _openat2(folder, name, flags)
    except OSError as error:
        # An old kernel does not know the call, and some containers forbid calls that they do not know.
        if error.errno not in (errno.ENOSYS, errno.EPERM):
            raise
    return _open_part_by_part(folder, name, flags)


def _openat2(folder: int, name: bytes, flags: int) -> int:
    how = _OpenHow(flags, 0, _RESOLVE)
    call = ctypes.CDLL(None, use_errno=True).syscall
    call.restype = ctypes.c_long
    descriptor = call(
        ctypes.c_long(_OPENAT2), ctypes.c_int(folder), name, ctypes.byref(how), ctypes.c_size_t(ctypes.sizeof(how))
    )
    if descriptor < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return int(descriptor)


def _open_part_by_part(folder: int, name: bytes, flags: int) -> int:
    *above, last = name.split(b"/")
    if name.startswith(b"/") or b".." in (*above, last):
        raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))
    at = os.dup(folder)
    try:
        for part in above:
            if part in (b"", b"."):
                continue
            try:
                below = os.open(part, _FOLDER | os.O_NOFOLLOW, dir_fd=at)
            except NotADirectoryError as error:
                raise _link_or(error, part, at) from error
            os.close(at)
            at = below
        return os.open(last or b".", flags | os.O_NOFOLLOW, dir_fd=at)
    finally:
        os.close(at)


def _link_or(error: OSError, part: bytes, at: int) -> OSError:
    """Return ELOOP if a part of a path is a link (with O_DIRECTORY the error is ENOTDIR then), else `error`."""
    try:
        os.readlink(part, dir_fd=at)
    except OSError:
        return error
    return OSError(errno.ELOOP, os.strerror(errno.ELOOP))


def _root(path: str) -> _Root:
    what = f"cannot serve {quoted(path)}"
    folder, file = (path, "") if os.path.isdir(path) else os.path.split(path)
    try:
        if file:
            os.stat(path)
        return _Root(folder, _folder_at(folder), file)
    except FileNotFoundError as error:
        raise SourceNotFound(what, "no such file or folder", "check the name") from error
    except (OSError, ValueError) as error:
        raise SourceUnreadable(what, reason_of(error)) from error


def _folder_at(path: str) -> int:
    """Return a descriptor of the folder at an absolute path that holds no links."""
    top = os.open("/", _FOLDER)
    try:
        return open_beneath(top, path.strip("/") or ".", _FOLDER)
    finally:
        os.close(top)
