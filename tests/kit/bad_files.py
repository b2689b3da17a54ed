"""Makes files in the current folder: each is broken in one way, a few are right."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

import numpy as np
from astropy.io import fits


def good_npy() -> None:
    np.save("good.npy", np.arange(600.0).reshape(20, 30))


def good_fits() -> None:
    hdus = [fits.PrimaryHDU(), fits.ImageHDU(np.ones((4, 5)), name="SCI"), fits.ImageHDU(np.ones(7), name="SPEC")]
    fits.HDUList(hdus).writeto("good.fits")


def cube_fits() -> None:
    hdu = fits.PrimaryHDU(np.arange(60.0).reshape(3, 4, 5))
    hdu.header["CTYPE3"] = "FREQ"
    hdu.writeto("cube.fits")


def saved(array: object) -> Callable[[], None]:
    """Return a maker of ``bad.npy`` that holds `array`."""
    return lambda: np.save("bad.npy", array, allow_pickle=True)


def holding(name: str, content: bytes) -> Callable[[], None]:
    """Return a maker of the file `name` with that content."""
    return lambda: Path(name).write_bytes(content) and None


def npy_with(header: str, content: bytes = b"") -> Callable[[], None]:
    """Return a maker of ``bad.npy`` with that header."""
    raw = header.encode()
    return holding("bad.npy", b"\x93NUMPY\x01\x00" + len(raw).to_bytes(2, "little") + raw + content)


def truncated_npy() -> None:
    np.save("bad.npy", np.zeros((100, 100)))
    os.truncate("bad.npy", 40_000)


def truncated_fits() -> None:
    fits.PrimaryHDU(np.zeros((100, 100))).writeto("bad.fits")
    os.truncate("bad.fits", 40_000)


def truncated_compressed_fits() -> None:
    fits.CompImageHDU(np.random.default_rng(1).random((200, 200))).writeto("bad.fits")
    os.truncate("bad.fits", os.path.getsize("bad.fits") // 2)


def lying_fits() -> None:
    fits.PrimaryHDU(np.zeros((2, 2))).writeto("bad.fits")
    text = Path("bad.fits").read_bytes()
    lie = b"NAXIS1  =         999999999999"
    Path("bad.fits").write_bytes(text.replace(b"NAXIS1  =                    2", lie))


def fits_with(card: str) -> Callable[[], None]:
    """Return a maker of ``bad.fits``, in which `card` replaces the card with the same keyword."""

    def make() -> None:
        fits.PrimaryHDU(np.zeros((2, 2))).writeto("bad.fits")
        text = Path("bad.fits").read_bytes()
        at = text.index(card[:8].ljust(8).encode())
        Path("bad.fits").write_bytes(text[:at] + card.ljust(80).encode() + text[at + 80 :])

    return make


def table_fits() -> None:
    column = fits.Column("flux", "E", array=np.ones(3))
    fits.HDUList([fits.PrimaryHDU(), fits.BinTableHDU.from_columns([column])]).writeto("table.fits")


def folder() -> None:
    os.mkdir("folder.npy")


def pipe() -> None:
    os.mkfifo("pipe.npy")


def listening_socket() -> None:
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind("socket.npy")


def looping_link() -> None:
    os.symlink("loop.npy", "loop.npy")


def dangling_link() -> None:
    os.symlink("nowhere.npy", "dangling.npy")


def file_in_the_way() -> None:
    good_npy()
    Path("file").write_text("x")


def nothing() -> None:
    pass
