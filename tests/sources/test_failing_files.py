"""Files with bytes that cannot be read, lie, or are too many give one of our own errors in one line."""

from __future__ import annotations

import errno
import os
import random

import numpy as np
import pytest
from astropy.io import fits

from traitsview.errors import SourceError, SourceUnreadable
from traitsview.geometry import Viewport
from traitsview.sources.registry import open_source

#: The number of files with changed headers of each kind; ``make fuzz`` takes more.
MUTANTS = int(os.environ.get("TRAITSVIEW_FUZZ", "2000"))

#: The largest file that Linux knows, less a page.
LARGEST = 2**63 - 4096


def looked_at(path):
    """Ask a file as a viewer does, for pixels, samples and world coordinates."""
    with open_source(path) as source:
        info = source.info
        top = Viewport(info.element, (0, 0), tuple(min(n, 64) for n in info.shape), info.anchor)
        source.render(top)
        source.render(Viewport.fitting(info, (32, 32)))
        source.world([(0.5, 0.5)])
        source.sample([(0.5, 0.5)])
        return source.render(top)


def written(folder, kind):
    array = np.random.default_rng(1).random((48, 64)).astype(np.float32)
    path = folder / f"image.{kind}"
    if kind == "npy":
        np.save(path, array)
    elif kind == "mosaic.fits":
        hdus = [fits.ImageHDU(array[:, at : at + 32]) for at in (0, 32)]
        for at, hdu in enumerate(hdus):
            hdu.header.update(
                {"INHERIT": True, "DETSEC": f"[{32 * at + 1}:{32 * at + 32},48:1]", "DATASEC": "[1:32,1:48]"}
            )
            hdu.header.update({"CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN", "CRPIX1": 32.0 - 32 * at, "CDELT1": -0.1})
        fits.HDUList([fits.PrimaryHDU(header=fits.Header({"BUNIT": "Jy"})), *hdus]).writeto(path)
    else:
        header = fits.Header(
            {"CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN", "CRVAL1": 10.0, "CRVAL2": 20.0, "CDELT1": -0.1}
        )
        header.update({"CDELT2": 0.1, "CRPIX1": 32.0, "CRPIX2": 24.0, "BUNIT": "Jy", "BSCALE": 2.0, "BZERO": 1.0})
        fits.PrimaryHDU(array, header).writeto(path)
    return path


def mutant(raw, length, chance):
    """Return `raw` with random changes in its first `length` bytes."""
    data = bytearray(raw)
    for _ in range(chance.choice((1, 1, 2, 4, 12))):
        at = chance.randrange(length)
        way = chance.randrange(5)
        if way == 0:
            data[at] = chance.randrange(256)
        elif way == 1:
            data[at] = chance.choice(b"0123456789-+.,'(){}[]<>=/ \x00\xff")
        elif way == 2:
            data[at : at + chance.randrange(1, 20)] = b""
        elif way == 3:
            data[at:at] = chance.choice((b"9" * 30, b"-1", b"1e999", b"nan", b"\x00" * 8, b"'", b"(" * 40))
        else:
            other = chance.randrange(length)
            size = chance.randrange(1, 80)
            data[at : at + size] = raw[other : other + size]
    return bytes(data)


@pytest.mark.slow
@pytest.mark.timeout(max(600, MUTANTS // 10))
@pytest.mark.fault("D4")
@pytest.mark.fault("D7")
def test_mosaic_with_changed_headers_opens_or_raises_our_own_error(tmp_path):
    chance = random.Random(8)
    raw = written(tmp_path, "mosaic.fits").read_bytes()
    path = tmp_path / "mutant.fits"
    for number in range(MUTANTS // 5):
        # The primary header has a few cards, and those of the first extension follow.
        path.write_bytes(raw[:2880] + mutant(raw[2880:], 25 * 80, chance))
        for inside in ("::1", "::mosaic", "::mosaic=wcs"):
            said = ""
            try:
                looked_at(f"{path}{inside}")
            except SourceError as error:
                said = str(error)
            assert "\n" not in said, number


@pytest.mark.timeout(120)
@pytest.mark.fault("D4")
@pytest.mark.fault("D7")
@pytest.mark.parametrize("kind", ["npy", "fits"])
def test_file_with_a_changed_header_opens_or_raises_our_own_error(tmp_path, kind):
    chance = random.Random(8)
    raw = written(tmp_path, kind).read_bytes()
    path = tmp_path / f"mutant.{kind}"
    shown = 0
    for number in range(MUTANTS):
        path.write_bytes(mutant(raw, 128 if kind == "npy" else 25 * 80, chance))
        said = ""
        try:
            looked_at(path)
            shown += 1
        except SourceError as error:
            said = str(error)
        assert "\n" not in said, number
    # Some changes are harmless, and some are not.
    assert MUTANTS // 100 < shown < MUTANTS


FAILURES = {
    errno.EIO: "input/output error",
    errno.ESTALE: "stale file handle",
    errno.EACCES: "no permission",
    errno.EDQUOT: "disk quota exceeded",
    errno.ENOMEM: "cannot allocate memory",
}


@pytest.mark.fault("D9")
@pytest.mark.parametrize("number", FAILURES)
@pytest.mark.parametrize("kind", ["npy", "fits"])
def test_failed_reading_names_the_reason_and_the_file_at_each_call(tmp_path, monkeypatch, number, kind):
    path = written(tmp_path, kind)
    true = looked_at(path)
    for name in ("open", "pread", "preadv", "fstat"):
        real, calls = getattr(os, name), 0
        for fails_at in range(1, 30):
            calls = 0

            def failing(*args, name=name, real=real, fails_at=fails_at, **options):
                nonlocal calls
                calls += 1
                if calls == fails_at:
                    raise OSError(number, os.strerror(number))
                return real(*args, **options)

            error, seen = None, None
            with monkeypatch.context() as patched:
                patched.setattr(os, name, failing)
                try:
                    seen = looked_at(path)
                except SourceError as caught:
                    error = caught
            if calls < fails_at:
                break
            if error is None:
                # astropy takes it for the end of a file in which it has found the image already.
                assert kind == "fits", f"call {fails_at} of {name} failed and nobody was told"
                np.testing.assert_array_equal(seen, true)
                continue
            assert f"image.{kind}" in str(error)
            assert FAILURES[number] in str(error).lower()
            assert "\n" not in str(error)


@pytest.mark.fault("D9")
def test_failed_mapping_names_the_reason_and_the_file(tmp_path, monkeypatch):
    def failing(*args, **options):
        raise OSError(errno.ENODEV, os.strerror(errno.ENODEV))

    path = written(tmp_path, "npy")
    monkeypatch.setattr(np, "memmap", failing)
    with pytest.raises(SourceUnreadable, match=r"image\.npy.*cannot be mapped into memory: no such device"):
        open_source(path)


@pytest.mark.fault("D10")
@pytest.mark.parametrize("kind", ["npy", "fits"])
def test_empty_files_are_called_empty(tmp_path, kind):
    path = tmp_path / f"image.{kind}"
    path.touch()
    with pytest.raises(SourceUnreadable, match="empty"):
        open_source(path)


@pytest.mark.fault("D10")
@pytest.mark.parametrize(
    "shape",
    ["(4294967296, 2147483648)", "(2305843009213693952, 4)", "(18446744073709551616, 1)", "(9223372036854775807, 3)"],
)
def test_sizes_beyond_64_bits_do_not_wrap(tmp_path, shape):
    path = tmp_path / "image.npy"
    head = f"{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}".ljust(117) + "\n"
    path.write_bytes(b"\x93NUMPY\x01\x00" + len(head).to_bytes(2, "little") + head.encode())
    with pytest.raises(SourceUnreadable):
        open_source(path)


def sparse(path, size):
    """Make a sparse file of `size` bytes, or of the most that the file system allows; return its size."""
    while True:
        try:
            os.truncate(path, size)
            return size
        except OSError:
            size //= 2


@pytest.mark.fault("D10")
def test_sparse_file_of_the_largest_size_is_shown_or_refused_and_read_once(tmp_path):
    path = tmp_path / "image.npy"
    path.touch()
    size = sparse(path, LARGEST)
    assert size > 2**40
    # As many rows of 4 KiB as there are, less the one of the header.
    rows = size // 4096 - 1
    head = f"{{'descr': '|u1', 'fortran_order': False, 'shape': ({rows}, 4096), }}".ljust(117) + "\n"
    with path.open("r+b") as stream:
        stream.write(b"\x93NUMPY\x01\x00" + len(head).to_bytes(2, "little") + head.encode())
        stream.seek(128 + 4096 * (rows - 1))
        stream.write(b"\x07" * 4096)
    if size > 2**46:  # more than an address space has on most machines
        with pytest.raises(SourceUnreadable, match="cannot be mapped into memory"):
            open_source(path)
        return
    with open_source(path) as source:
        assert source.info.shape == (rows, 4096)
        last = Viewport((1.0, 1.0), (0, rows - 4), (4, 8), source.info.anchor)
        pixels = source.render(last)
        assert sorted({*pixels.ravel().tolist()}) == [0, 7]
