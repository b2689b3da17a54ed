"""Packed files open as the files in them, within limits of memory and space, or are refused in one line."""

import bz2
import gzip
import io
import lzma
import shutil
import zipfile
import zlib
from collections import namedtuple

import numpy as np
import pytest
from astropy.io import fits
from kit.descriptors import descriptors
from kit.patience import wait_until

from traitsview.errors import SourceError, SourceNotFound, SourceUnreadable, SourceUnsupported
from traitsview.geometry import Viewport
from traitsview.sources.files.unpacking import XzReader
from traitsview.sources.registry import open_source

ARRAY = np.arange(12, dtype=">i2").reshape(3, 4)


def zipped(content, name="a.fits", **options):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", **{"compression": zipfile.ZIP_DEFLATED, **options}) as archive:
        archive.writestr(name, content)
    return stream.getvalue()


PACKINGS = {"gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress, "zip": zipped}


def fits_bytes():
    stream = io.BytesIO()
    fits.HDUList([fits.PrimaryHDU(), fits.ImageHDU(ARRAY, name="SCI")]).writeto(stream)
    return stream.getvalue()


def npy_bytes(array=ARRAY):
    stream = io.BytesIO()
    np.save(stream, array)
    return stream.getvalue()


def whole(source):
    info = source.info
    return source.render(Viewport(info.element, (0, 0), info.shape, info.anchor))


@pytest.mark.parametrize("packing", PACKINGS)
@pytest.mark.parametrize("kind", ["fits", "npy"])
def test_packed_file_opens_as_the_file_in_it(tmp_path, packing, kind):
    content = fits_bytes() if kind == "fits" else npy_bytes()
    path = tmp_path / f"a.{kind}.{packing}"
    path.write_bytes(PACKINGS[packing](content) if packing != "zip" else zipped(content, f"a.{kind}"))
    before = descriptors()
    with open_source(path) as source:
        assert source.info.name == path.name
        np.testing.assert_array_equal(whole(source), ARRAY)
    del source  # a mapping goes with the array
    wait_until(lambda: not descriptors() - before)


@pytest.mark.parametrize("packing", PACKINGS)
def test_image_inside_a_packed_file_is_named_as_in_a_plain_one(tmp_path, packing):
    path = tmp_path / f"a.FITS.{packing.upper()}"
    path.write_bytes(PACKINGS[packing](fits_bytes()))
    for inside in ("1", "sci", "SCI,1"):
        with open_source(f"{path}::{inside}") as source:
            np.testing.assert_array_equal(whole(source), ARRAY)
    with pytest.raises(SourceNotFound, match=r"1 'SCI' \(3 × 4\)"):
        open_source(f"{path}::DQ")


@pytest.mark.parametrize("packing", ["gz", "bz2", "xz"])
def test_streams_packed_one_by_one_are_read_as_one_file(tmp_path, packing):
    content, pack = npy_bytes(), PACKINGS[packing]
    padding = b"\0" * 8 if packing == "xz" else b""
    path = tmp_path / f"a.npy.{packing}"
    path.write_bytes(pack(content[:70]) + padding + pack(content[70:]) + padding)
    with open_source(path) as source:
        np.testing.assert_array_equal(whole(source), ARRAY)


@pytest.mark.parametrize("packing", PACKINGS)
def test_every_truncated_or_damaged_packed_file_raises_a_source_error(tmp_path, packing):
    raw = PACKINGS[packing](fits_bytes())
    path = tmp_path / f"a.fits.{packing}"
    random = np.random.default_rng(5)
    mutants = [raw[: len(raw) * k // 20] for k in range(1, 20)]
    for _ in range(100):
        damaged = np.frombuffer(raw, np.uint8).copy()
        damaged[random.integers(0, damaged.size, 3)] = random.integers(0, 256, 3)
        mutants.append(damaged.tobytes())
    opened = 0
    for mutant in mutants:
        path.write_bytes(mutant)
        line = ""
        try:
            with open_source(path):
                opened += 1
        except SourceError as error:
            line = str(error)
        assert "\n" not in line
    assert opened < len(mutants) / 2


@pytest.mark.parametrize("packing", PACKINGS)
def test_file_that_would_fill_the_disk_is_not_unpacked(tmp_path, monkeypatch, packing):
    path = tmp_path / f"a.npy.{packing}"
    content = npy_bytes(np.zeros((2000, 2000)))
    path.write_bytes(zipped(content, "a.npy") if packing == "zip" else PACKINGS[packing](content))
    usage = namedtuple("usage", "free")(8_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: usage)
    with pytest.raises(SourceUnreadable, match="unpacks to more than 4,000,000 bytes, half of what is free"):
        open_source(path)


@pytest.mark.parametrize("packing", PACKINGS)
def test_packed_file_that_is_no_image_is_not_unpacked(tmp_path, monkeypatch, packing):
    path = tmp_path / f"a.fits.{packing}"
    path.write_bytes(PACKINGS[packing](bytes(10**7)))
    monkeypatch.setattr(shutil, "disk_usage", None)
    with pytest.raises(
        SourceUnsupported, match="of what is packed in it: it is named as FITS and begins with the bytes"
    ):
        open_source(path)


def test_xz_that_needs_much_memory_is_refused(tmp_path):
    path = tmp_path / "a.npy.xz"
    packed = bytearray(lzma.compress(npy_bytes(), check=lzma.CHECK_NONE))
    # The header of the one block: its size, flags, filter LZMA2, one byte of properties: the dictionary; then a CRC32.
    at = packed.index(b"\x21\x01") + 2
    packed[at] = 39  # 3 GiB
    packed[at + 4 : at + 8] = zlib.crc32(packed[12 : at + 4]).to_bytes(4, "little")
    path.write_bytes(packed)
    with pytest.raises(SourceUnreadable, match=r"cannot be unpacked \(.*emory"):
        open_source(path)


def test_xz_is_read_in_pieces_of_any_size():
    content = np.random.default_rng(1).integers(0, 4, 300_000, np.uint8).tobytes()
    reader = XzReader(io.BytesIO(lzma.compress(content[:99]) + lzma.compress(content[99:])))
    found = b""
    while part := reader.read(7919):
        found += part
    assert found == content


def test_archive_of_several_files_opens_the_one_that_is_named(tmp_path):
    path = tmp_path / "night.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("README.txt", "hello")
        archive.mkdir("raw")
        archive.writestr("raw/a.npy", npy_bytes())
        archive.writestr("raw/b.fits", fits_bytes())
    for inside in ("raw/a.npy", "raw/b.fits", "raw/b.fits::1"):
        with open_source(f"{path}::{inside}") as source:
            np.testing.assert_array_equal(whole(source), ARRAY)
    with pytest.raises(
        SourceUnsupported, match=r"holds 2 files: 'raw/a.npy', 'raw/b.fits'; choose one, as night.zip::raw"
    ):
        open_source(path)
    with pytest.raises(SourceNotFound, match=r"no such file in the archive, it holds 'raw/a\.npy', 'raw/b\.fits'"):
        open_source(f"{path}::c.npy")


def test_archive_opens_its_only_image_beside_other_files(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("__MACOSX/._a.npy", "x")
        archive.writestr("README.txt", "hello")
        archive.writestr("a.npy", npy_bytes())
    with open_source(path) as source:
        np.testing.assert_array_equal(whole(source), ARRAY)


def test_archive_without_files_or_with_a_password_is_refused(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.mkdir("raw")
    with pytest.raises(SourceUnsupported, match="the archive is empty"):
        open_source(path)
    raw = bytearray(zipped(npy_bytes(), "a.npy"))
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        raw[raw.index(mark) + flags] |= 1
    path.write_bytes(raw)
    with pytest.raises(SourceUnsupported, match=r"cannot be unpacked .*encrypted"):
        open_source(path)


def test_zip_methods_that_need_much_memory_are_refused(tmp_path):
    path = tmp_path / "a.zip"
    path.write_bytes(zipped(npy_bytes(), "a.npy", compression=zipfile.ZIP_LZMA))
    with pytest.raises(SourceUnsupported, match="method 14 of zip archives is not read here"):
        open_source(path)


def test_file_that_is_packed_twice_is_refused(tmp_path):
    path = tmp_path / "a.fits.gz"
    path.write_bytes(gzip.compress(gzip.compress(fits_bytes())))
    with pytest.raises(SourceUnsupported, match=r"of what is packed in it: .* begins with the mark of gzip"):
        open_source(path)
