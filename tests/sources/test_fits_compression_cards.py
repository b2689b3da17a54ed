"""Cards of tile-compressed images that FITS does not allow, or that contradict each other or the table, are refused."""

import numpy as np
import pytest
from astropy.io import fits

from traitsview.errors import SourceUnreadable, SourceUnsupported
from traitsview.sources.files.fits.compression_cards import CompressionCards, Unsupported, check_table
from traitsview.sources.registry import open_source

CODECS = ["RICE_1", "GZIP_1", "GZIP_2", "HCOMPRESS_1", "PLIO_1", "NOCOMPRESS"]

RICE = {
    "ZCMPTYPE": "RICE_1",
    "ZBITPIX": 16,
    "ZNAXIS": 2,
    "ZNAXIS1": 10,
    "ZNAXIS2": 7,
    "ZTILE1": 4,
    "ZTILE2": 5,
    "ZNAME1": "BLOCKSIZE",
    "ZVAL1": 32,
    "ZNAME2": "BYTEPIX",
    "ZVAL2": 2,
}


@pytest.fixture
def table(tmp_path):
    """Return a table of four tiles of quantized elements.  They are never decoded."""
    array = np.random.default_rng(1).normal(100, 9, (48, 64)).astype("f4")
    path = tmp_path / "a.fits"
    hdu = fits.CompImageHDU(array, tile_shape=(24, 32), quantize_level=4, quantize_method=1, dither_seed=7)
    hdu.writeto(path)
    with fits.open(path, memmap=False) as hdus:
        yield hdus[1]._bintable


def test_shapes_of_image_and_tiles_are_read_from_the_cards():
    cards = CompressionCards.of(RICE)
    assert (cards.codec, cards.shape, cards.tile, cards.grid) == ("RICE_1", (7, 10), (5, 4), (2, 3))
    assert cards.rows_of((slice(0, 5), slice(3, 5))).tolist() == [0, 1]
    assert cards.rows_of((-1, slice(None, None, -9))).tolist() == [3, 4, 5]
    assert cards.rows_of((slice(0, 7, 6), slice(0, 10, 9))).tolist() == [0, 1, 2, 3, 4, 5]
    assert cards.rows_of((slice(5, 7), slice(8, 9))).tolist() == [5]


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("ZCMPTYPE", "RICE_2", "ZCMPTYPE is 'RICE_2', it must be one of RICE_1"),
        ("ZBITPIX", 12, "ZBITPIX is 12, it must be one of 8, 16, 32, 64, -32, -64"),
        ("ZBITPIX", "16", "ZBITPIX is '16', it must be"),
        ("ZNAXIS", 0, "ZNAXIS is 0, it must be a whole number, 1 to 999"),
        ("ZNAXIS1", "x", "ZNAXIS1 is 'x', it must be a whole number, 0 or more"),
        ("ZTILE1", 0, "ZTILE1 is 0, it must be a whole number, 1 or more"),
        ("ZTILE2", True, "ZTILE2 is True, it must be"),
        ("ZTILE2", 2.5, "ZTILE2 is 2.5, it must be"),
        ("ZVAL1", 24, "ZVAL1, which is BLOCKSIZE, is 24, it must be one of 16, 32"),
        ("ZVAL2", 3, "ZVAL2, which is BYTEPIX, is 3, it must be one of 1, 2, 4, 8"),
        ("ZVAL2", "2", "ZVAL2, which is BYTEPIX, is '2', it must be one of"),
    ],
)
def test_forbidden_values_are_named(name, value, said):
    with pytest.raises(ValueError, match=said):
        CompressionCards.of({**RICE, name: value})


@pytest.mark.parametrize("name", ["ZCMPTYPE", "ZBITPIX", "ZNAXIS", "ZNAXIS2", "ZTILE1", "ZVAL2"])
def test_missing_cards_are_named(name):
    with pytest.raises(ValueError, match=f"{name} is missing"):
        CompressionCards.of({key: value for key, value in RICE.items() if key != name})


def test_valid_cards_without_a_decoder_are_not_called_broken():
    with pytest.raises(Unsupported, match="BYTEPIX is 8"):
        CompressionCards.of({**RICE, "ZVAL2": 8})
    wide = {"ZNAXIS1": 2**16, "ZNAXIS2": 2**16, "ZTILE1": 2**16, "ZTILE2": 2**16}
    with pytest.raises(Unsupported, match="ZTILEn tell of tiles of 4294967296 elements"):
        CompressionCards.of({**RICE, **wide})
    assert CompressionCards.of({**RICE, **wide, "ZTILE2": 1}).grid == (2**16, 1)
    assert CompressionCards.of({**RICE, **wide, "ZCMPTYPE": "GZIP_1"}).grid == (1, 1)


def test_parameters_of_other_algorithms_are_ignored():
    assert CompressionCards.of({**RICE, "ZNAME1": "NOISEBIT", "ZVAL1": 4.5}).tile == (5, 4)
    assert CompressionCards.of({**RICE, "ZCMPTYPE": "GZIP_1", "ZVAL1": 24}).tile == (5, 4)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("NAXIS1", 25, "NAXIS1 is 25, it must be 32 as TFORMn say"),
        ("NAXIS2", 3, "NAXIS2 is 3, it must be 4, the number of tiles"),
        ("PCOUNT", -1, "PCOUNT is -1, it must be a whole number"),
        ("PCOUNT", 0, "column 1 says in row 1 that its tile has .* PCOUNT and THEAP leave 0 bytes"),
        ("THEAP", 5, "THEAP is 5, it must be a whole number, 128 to"),
        ("ZQUANTIZ", "DITHER", "ZQUANTIZ is 'DITHER', it must be one of NO_DITHER"),
        ("ZDITHER0", 10001, "ZDITHER0 is 10001, it must be a whole number, 1 to 10000"),
        ("ZDITHER0", None, "ZDITHER0 is missing"),
        ("ZTILE1", 64, "NAXIS2 is 4, it must be 2"),
    ],
)
def test_cards_that_contradict_the_table_are_named(table, name, value, said):
    check_table(CompressionCards.of(table.header), table)
    if value is None:
        del table.header[name]
    else:
        table.header[name] = value
    with pytest.raises(ValueError, match=said):
        check_table(CompressionCards.of(table.header), table)


def test_tile_of_another_size_than_in_the_cards_is_named():
    cards = CompressionCards.of({**RICE, "ZCMPTYPE": "HCOMPRESS_1"})

    def start(rows, columns):
        return b"\xdd\x99" + np.array([rows, columns, 0], ">i4").tobytes() + bytes(11)

    cards.check_tile(0, start(5, 4), 40)
    cards.check_tile(5, start(2, 2), 40)
    with pytest.raises(ValueError, match="the tile in row 1 has 4 × 4 elements, it must have 5 × 4 as ZTILEn say"):
        cards.check_tile(0, start(4, 4), 40)
    for other in (b"", bytes(25), start(5, 4)[:20]):
        with pytest.raises(ValueError, match="the tile in row 1 is none of HCOMPRESS_1"):
            cards.check_tile(0, other, len(other))


def test_list_longer_than_in_its_descriptor_is_named():
    cards = CompressionCards.of({**RICE, "ZCMPTYPE": "PLIO_1"})
    for words in ([0, 7, -100, 9, 0, 0, 0], [0, 7, -100, 9, 0, 0, 0, 1, 2], [0, 0, 9, 0, 0, 0, 0]):
        start = np.array(words, ">i2").tobytes()[: cards.start]
        cards.check_tile(0, start, 18)
        with pytest.raises(ValueError, match="the tile in row 1 is longer than its descriptor says"):
            cards.check_tile(0, start, 16)


@pytest.mark.parametrize("codec", CODECS)
def test_error_of_a_file_with_a_wrong_card_is_one_sentence_with_its_name(tmp_path, codec):
    path = tmp_path / "x.fits"
    fits.CompImageHDU(np.arange(64, dtype="i2").reshape(8, 8), compression_type=codec, tile_shape=(4, 4)).writeto(path)
    text = path.read_bytes()
    path.write_bytes(text.replace(b"ZBITPIX =                   16", b"ZBITPIX =                   12"))
    with pytest.raises(SourceUnreadable, match=r"^cannot open '.*x\.fits': it is broken FITS \(.*BITPIX") as caught:
        open_source(path)
    assert "\n" not in str(caught.value)


def test_file_without_a_decoder_is_not_called_broken(tmp_path, monkeypatch):
    path = tmp_path / "x.fits"
    fits.CompImageHDU(np.arange(64, dtype="i2").reshape(8, 8)).writeto(path)

    def of(header):
        raise Unsupported("BYTEPIX is 8, there are decoders for 1, 2 and 4")

    monkeypatch.setattr(CompressionCards, "of", of)
    with pytest.raises(SourceUnsupported, match=r"x\.fits': BYTEPIX is 8, there are decoders for 1, 2 and 4; "):
        open_source(path)
