"""Mistakes of users: command lines that fail, each with the exit code and with words of the message."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from . import bad_files


@dataclass(frozen=True)
class Case:
    """One command line that fails.

    Attributes
    ----------
    argv : str
        The words after ``traitsview``, which hold no spaces.
    code : int
        The exit code.
    words : tuple of str
        Texts that the message must contain.
    make : callable
        Makes the files of the case in the current folder.
    """

    argv: str
    code: int
    words: tuple[str, ...]
    make: Callable[[], None] = bad_files.nothing


def render(source: str, words: tuple[str, ...], make: Callable[[], None] = bad_files.nothing, code: int = 1) -> Case:
    return Case(f"render {source} -o out.png", code, words, make)


def asked(options: str, *words: str, make: Callable[[], None] = bad_files.good_npy, source: str = "good.npy") -> Case:
    return Case(f"render {source} -o out.png {options}", 2, words, make)


TRUE = "{'descr': '<f8', 'fortran_order': False, 'shape': (%s), }\n"

FILES = [
    render("none.npy", ("'none.npy'", "no such file")),
    render("none.fits", ("no such file",)),
    render("file/inside.npy", ("part of its path is a file",), bad_files.file_in_the_way),
    render("folder.npy", ("it is a directory",), bad_files.folder),
    render(".", ("it is a directory",)),
    render("pipe.npy", ("it is a pipe",), bad_files.pipe),
    render("socket.npy", ("it is a socket",), bad_files.listening_socket),
    render("/dev/zero", ("it is a device",)),
    render("loop.npy", ("symbolic links",), bad_files.looping_link),
    render("dangling.npy", ("no such file",), bad_files.dangling_link),
    render("x" * 300 + ".npy", ("…", "name too long")),
    render("bad.npy", ("empty (0 bytes)",), bad_files.holding("bad.npy", b"")),
    render("bad.fits", ("empty (0 bytes)",), bad_files.holding("bad.fits", b"")),
    render("bad.npy", ("named as NumPy .npy", "the text 'hello"), bad_files.holding("bad.npy", b"hello world\n" * 9)),
    render("bad.npy", ("begins as FITS", "rename it to end in .fits"), bad_files.holding("bad.npy", b"SIMPLE  =    T")),
    render("bad.fits", ("begins as NumPy .npy",), bad_files.holding("bad.fits", b"\x93NUMPY\x01\x00")),
    render("bad.fits", ("begins as a zip archive",), bad_files.holding("bad.fits", b"PK\x03\x04xxxx")),
    render(
        "bad.xyz", ("unknown kind of file", "de ad be ef", ".npy"), bad_files.holding("bad.xyz", b"\xde\xad\xbe\xef")
    ),
    render("photo.jpg", ("unknown kind of file", "JPEG"), bad_files.holding("photo.jpg", b"\xff\xd8\xff\xe0" * 9)),
    render("two.npz", ("named as NumPy .npz", "a zip archive"), bad_files.holding("two.npz", b"PK\x03\x04xxxx")),
    render("bad.zip", ("cannot be unpacked", "copied whole"), bad_files.holding("bad.zip", b"PK\x03\x04xxxx")),
    render("bad.fits.xz", ("named as xz", "the text 'hello"), bad_files.holding("bad.fits.xz", b"hello world\n" * 9)),
    render("bad.fits.bz2", ("cannot be unpacked",), bad_files.holding("bad.fits.bz2", b"BZh9hello world\n" * 9)),
    render("bad.npy", ("truncated (40,000 of 80,128 bytes)",), bad_files.truncated_npy),
    render("bad.npy", ("truncated", "800,000,000,000,0"), bad_files.npy_with(TRUE % "10000000, 10000000")),
    render("bad.npy", ("header is broken", "negative"), bad_files.npy_with(TRUE % "-2, 3", bytes(48))),
    render("bad.npy", ("header is broken",), bad_files.npy_with("{'descr': '<f8'}\n")),
    render("bad.npy", ("header is broken",), bad_files.npy_with("exit()\n")),
    render("bad.npy", ("Python objects",), bad_files.saved(np.array([[{}, []]], object))),
    render(
        "bad.npy", ("fields 'a', 'b'",), bad_files.saved(np.zeros((2, 2), "i4,f4").view([("a", "i4"), ("b", "f4")]))
    ),
    render("bad.npy", ("str",), bad_files.saved(np.array([["a", "b"]]))),
    render("bad.npy", ("datetime64",), bad_files.saved(np.zeros((2, 2), "M8[s]"))),
    render("bad.npy", ("0 axes", "2 or more"), bad_files.saved(np.float64(3))),
    render("bad.npy", ("1 axis", "shape (9,)", "2 or more"), bad_files.saved(np.zeros(9))),
    render("bad.npy", ("no elements", "(0, 5)"), bad_files.saved(np.zeros((0, 5)))),
    render("good.npy::1", ("one array",), bad_files.good_npy),
    render("bad.fits", ("truncated (40,000 of 82,880 bytes)",), bad_files.truncated_fits),
    render("bad.fits", ("cannot",), bad_files.truncated_compressed_fits),
    render("bad.fits", ("truncated",), bad_files.lying_fits),
    render("bad.fits", ("BITPIX", "7"), bad_files.fits_with("BITPIX  =                    7")),
    render("bad.fits", ("broken FITS",), bad_files.fits_with("NAXIS1  = 'two     '")),
    render(
        "bad.fits", ("broken FITS",), bad_files.holding("bad.fits", b"SIMPLE  =                    T" + b" " * 9000)
    ),
    render("table.fits", ("no image of two axes", "1 (a table)"), bad_files.table_fits),
    render("good.fits::SPEC", ("7, not an image of two axes", "1 'SCI' (4 × 5)"), bad_files.good_fits),
    render("good.fits::NONE", ("no such HDU", "1 'SCI' (4 × 5)"), bad_files.good_fits),
    render("good.fits::9", ("no such HDU among 3",), bad_files.good_fits),
    render("none.fits.gz", ("no such file",)),
    Case("info none.npy", 1, ("no such file",)),
    Case("view none.npy --screenshot out.png", 1, ("no such file",)),
    Case("view bad.npy --screenshot out.png", 1, ("truncated (40,000 of 80,128 bytes)",), bad_files.truncated_npy),
]

ADDRESSES = [
    # A name that is longer than names can be is looked up nowhere.
    render(f"{'n' * 70}:run.npy", ("cannot reach 'nnn", "ssh says: Could not resolve hostname", "check the name")),
    render("me:secret@login3:run.npy", ("holds a password", "ssh asks for it"), code=2),
    render("live:nobody --wait 0.01", ("waiting for 'nobody'", "wait longer with --wait SECONDS")),
    render("kernel:1?rho", ("there is no kernel '1'",)),
    render("engines:mpi?rho", ("there is no IPython profile 'mpi'",)),
    render("dask:tcp://x?rho", ("'dask:' sources",)),
    render("yt:out?field=density", ("'yt:' sources",)),
    render("::1", ("names no file",), code=2),
    render("a;b:run.npy", ("not a host name",), code=2),
    Case("view -oProxyCommand=x:run.npy x", 2, ("unknown option",)),
]

OPTIONS = [
    Case("", 2, ("no source was given",)),
    Case("rendr good.npy", 2, ("did you mean 'render'?",), bad_files.good_npy),
    Case("render", 2, ("needs -o/--output",)),
    Case("render good.npy", 2, ("needs -o/--output",), bad_files.good_npy),
    Case("render good.npy other.npy -o out.png", 2, ("'other.npy' has no place",), bad_files.good_npy),
    Case("info", 2, ("needs SOURCE",)),
    Case("info good.npy --jsn", 2, ("unknown option '--jsn'", "did you mean '--json'?"), bad_files.good_npy),
    Case("--colourmap=viridis good.npy", 2, ("did you mean '--colormap'?",), bad_files.good_npy),
    asked("--size", "expected one argument"),
    asked("--size big", "'big'", "1920x1080"),
    asked("--size 0x5", "at least 1x1"),
    asked("--size -5x5", "--size"),
    asked("--size 99999x99999", "268,435,456 pixels"),
    asked("--extent 0 1 0", "four numbers"),
    asked("--extent 0 1 0 nan", "not finite"),
    asked("--extent 5 1 0 1", "X0 < X1"),
    asked("--extent -1e3 inf 0 1", "not finite"),
    asked("--reduction avg", "one of mean, min, max, nearest, mode"),
    asked("--reduction maen", "did you mean 'mean'?"),
    asked("--scale lgo", "did you mean 'log'?"),
    asked("--colormap virids", "unknown colormap 'virids'", "viridis"),
    asked("--colormap=", "colormap"),
    asked("--scale power:x", "a number was expected"),
    asked("--extent 0,5 1,5 0 1", "write 0.5, with a point"),
    asked("--limits 100,5 300,5", "write 100.5, with a point"),
    asked("--limits -100,5 3", "write -100.5, with a point"),
    asked("--scale power:0,5", "write 0.5, with a point"),
    asked("--blank 0,5", "write 0.5, with a point"),
    asked("--limits 3 3", "differ"),
    asked("--limits 9% 1%", "rise"),
    asked("--limits 0sigma", "above 0"),
    asked("--limits 3", "limits '3'"),
    asked("--limits nan 3", "finite"),
    asked("--limits most", "minmax, zscale"),
    asked("--limits 120%", "at most 100"),
    asked("--plane time=1", "no axes but those displayed"),
    asked(
        "--plane freq=3",
        "out of range for axis 'freq'",
        "freq=INDEX, from 0 to 2",
        make=bad_files.cube_fits,
        source="cube.fits",
    ),
    asked("--plane freq=-1", "out of range", make=bad_files.cube_fits, source="cube.fits"),
    asked("--plane freq=one", "freq=INDEX", make=bad_files.cube_fits, source="cube.fits"),
    asked("--plane feq=1", "did you mean 'freq'?", make=bad_files.cube_fits, source="cube.fits"),
    asked("--plane 1", "freq=INDEX", make=bad_files.cube_fits, source="cube.fits"),
    Case("render good.npy -o out.gif", 2, ("'.gif'", ".png or .npy"), bad_files.good_npy),
    Case("render good.npy -o out", 2, (".png or .npy",), bad_files.good_npy),
    Case("render good.npy -o none/out.png", 1, ("no folder 'none'",), bad_files.good_npy),
    Case("render good.npy -o good.npy", 2, ("the source itself",), bad_files.good_npy),
    Case("render good.npy -o /proc/out.png", 1, ("cannot write",), bad_files.good_npy),
    Case("render good.npy -o /dev/full/out.npy", 1, ("cannot write",), bad_files.good_npy),
    Case("view good.npy --size 99999x5 --screenshot out.png", 2, ("at most 16384",), bad_files.good_npy),
    Case("view good.npy --screenshot out.gif", 2, ("end it in .png",), bad_files.good_npy),
    Case("view good.npy --screenshot none/out.png", 2, ("no folder 'none'",), bad_files.good_npy),
    Case("view good.npy good.npy --screenshot out.png", 2, ("2 sources", "one source"), bad_files.good_npy),
    Case("view good.npy --plane t=1 --screenshot out.png", 2, ("no axes but those displayed",), bad_files.good_npy),
    Case("demo --elements 7", 2, ("multiple of 1024",)),
    Case("demo --off-screen -o demo.gif", 2, ("end it in .png",)),
]

CASES = FILES + ADDRESSES + OPTIONS
