"""Coordinates and distortions from tables in other HDUs are right, or a message has the card with the wrong table."""

from contextlib import ExitStack, nullcontext

import numpy as np
import pytest
from astropy.io import fits
from astropy.wcs import WCS
from kit.raw_headers import PLACE, POINT, SKY

from traitsview.sources.registry import open_source
from traitsview.sources.world.axes import world_axes
from traitsview.sources.world.cards import read_cards
from traitsview.sources.world.values import WorldValues


@pytest.fixture
def opened_with(tmp_path):
    """Yield a function that opens an image with cards, and more HDUs in its file."""
    with ExitStack() as open_sources:

        def open_image(cards, *hdus, shape=(32, 40)):
            primary = fits.PrimaryHDU(np.zeros(shape, np.float32))
            primary.header.extend(fits.Card.fromstring(card) for card in cards)
            path = tmp_path / "image.fits"
            fits.HDUList([primary, *hdus]).writeto(path, overwrite=True)
            return open_sources.enter_context(open_source(path))

        yield open_image


def table(name="T", version=1, **columns):
    """Return a table of one row.  Its arrays have the axis order of NumPy."""
    made = []
    for column, values in columns.items():
        array = np.asarray(values, float)
        sizes = ",".join(map(str, reversed(array.shape)))
        made.append(fits.Column(column, f"{array.size}D", dim=f"({sizes})", array=array[np.newaxis]))
    hdu = fits.BinTableHDU.from_columns(made, name=name)
    hdu.ver = version
    return hdu


WAVE = ["CTYPE1  = 'WAVE-TAB'", "CUNIT1  = 'nm'", "CTYPE2  = 'X'", "PS1_0   = 'T'", "PS1_1   = 'C'", "CRPIX1  = 1.0"]
INDEX = [*WAVE, "PS1_2   = 'I'"]
VALUES = [10.0, 20.0, 40.0, 80.0]


def waves(source, *columns):
    texts = source.world([(column, 0.5) for column in columns])
    return [float(text.split()[1]) if "wavelength" in text else None for text in texts]


def test_without_an_index_the_coordinate_is_the_place_in_the_array(opened_with):
    source = opened_with([*WAVE, "CRVAL1  = 1.0"], table(C=np.reshape(VALUES, (4, 1))))
    assert waves(source, 0.5, 1.5, 2.0, 3.5, 0.0, 4.0) == [10, 20, 30, 80, 5, 100]
    assert waves(source, -0.1, 4.1) == [None, None]


@pytest.mark.parametrize(
    ("index", "cards", "column", "wave"),
    [
        ([1, 2, 4, 8], ["CRVAL1  = 3.0"], 0.5, 30),
        ([8, 4, 2, 1], ["CRVAL1  = 3.0"], 0.5, 30),
        ([1, 2, 4, 8], ["CRVAL1  = 1.0", "CDELT1  = 0.5"], 4.5, 30),
        ([1, 2, 2, 8], ["CRVAL1  = 5.0"], 0.5, 60),
    ],
)
def test_place_in_an_index_is_interpolated(opened_with, index, cards, column, wave):
    source = opened_with([*INDEX, *cards], table(C=np.reshape(VALUES, (4, 1)), I=index))
    assert waves(source, column) == [wave]


@pytest.mark.parametrize("seed", range(3))
def test_tables_of_several_axes_give_the_values_of_wcslib(seed):
    rng = np.random.default_rng(seed)
    indices = {f"I{m}": np.sort(rng.normal(size=size)) for m, size in ((1, 5), (2, 4), (3, 3))}
    cards = []
    for n, m in enumerate(rng.permutation(3) + 1, 1):
        cards += [f"CTYPE{n}  = 'XX{n}--TAB'", f"PS{n}_0   = 'COORDS'", f"PV{n}_1   = 2", f"PV{n}_3   = {m}"]
        cards += [f"PS{n}_1   = 'C'", f"PS{n}_2   = 'I{m}'", f"CRPIX{n}  = 3.0", f"CDELT{n}  = 0.3"]
    hdus = fits.HDUList([fits.PrimaryHDU(), table("COORDS", 2, C=rng.normal(size=(3, 4, 5, 3)), **indices)])
    pixels = rng.uniform(0, 6, size=(100, 3))
    expected = WCS(fits.Header(map(fits.Card.fromstring, cards)), hdus).wcs_pix2world(pixels, 1)
    world = world_axes(read_cards(card.ljust(80) for card in cards), (5, 4, 3))
    found = WorldValues(world, lambda: nullcontext(hdus))(pixels)
    assert 10 < np.isfinite(found).all(axis=1).sum() < 100
    np.testing.assert_allclose(found, expected, rtol=1e-13, atol=1e-13)


@pytest.mark.parametrize(
    ("others", "columns", "problem"),
    [
        (["PV1_3   = 1.25"], {}, "PV1_3 should count the axes of the table, and is 1.25"),
        (["PV1_1   = 7"], {}, "PS1_0 names no table with a row: 'T,7'"),
        (["PV1_1   = 1D20"], {}, "PS1_0 names no table with a row: 'T,1e+20'"),
        (["PS1_1   = 'NONE'"], {}, "PS1_1 names no column of numbers: 'NONE'"),
        (["PS1_2   = 'C'"], {}, ""),
        ([], {"C": np.ones((4, 2))}, "PS1_1 names no array of 1 coordinate: its shape is (4, 2)"),
        ([], {"C": np.ones((2, 4, 1))}, "PS1_1 names no array of 1 coordinate: its shape is (2, 4, 1)"),
        ([], {"I": [1, 2, 3]}, "PS1_2 names an index of 3 elements in place of 4"),
        ([], {"I": [1, 3, 2, 4]}, "PS1_2 names an index that is not sorted"),
    ],
)
def test_wrong_table_is_named_and_spoils_its_axis_only(opened_with, others, columns, problem):
    known = {"C": np.reshape(VALUES, (4, 1)), "I": [1, 2, 4, 8], **columns}
    names = {card[:8] for card in others}
    source = opened_with([*(card for card in INDEX if card[:8] not in names), *others], table(**known))
    assert source.info.world_problem == (f"CTYPE1 'WAVE-TAB' cannot be computed: {problem}" if problem else "")
    assert source.world([(1.5, 2.5)])[0].endswith("X 3.0")


def test_axes_of_two_tables_do_not_depend_on_each_other(opened_with):
    cards = [*WAVE[:2], "CTYPE2  = 'FREQ-TAB'", *WAVE[3:], "PS2_0   = 'GONE'", "PS2_1   = 'C'", "CRVAL1  = 1.0"]
    source = opened_with(cards, table(C=np.reshape(VALUES, (4, 1))))
    assert waves(source, 1.5) == [20]
    assert (
        source.info.world_problem == "CTYPE2 'FREQ-TAB' cannot be computed: PS2_0 names no table with a row: 'GONE,1'"
    )


def lookup(value, name="WCSDVARR", version=1, **cards):
    hdu = fits.ImageHDU(np.full((3, 3), value, np.float32), name=name)
    hdu.ver = version
    for key, number in {"CRVAL1": 1.0, "CRVAL2": 1.0, "CRPIX1": 1.0, "CRPIX2": 1.0, "CDELT1": 20.0, **cards}.items():
        hdu.header[key] = number
    return hdu


def fields(records, **numbers):
    return [f"{records:<8}= '{name.replace('__', '.')}: {number}'" for name, number in numbers.items()]


def test_tables_of_distortions_correct_pixels(opened_with):
    cards = [*SKY, "CPDIS1  = 'LOOKUP'", *fields("DP1", EXTVER=2, NAXES=2, AXIS__1=1, AXIS__2=2)]
    source = opened_with(cards, lookup(7.0), lookup(1.0, version=2))
    assert source.info.world_problem == ""
    assert source.world([(POINT[0] - 1, POINT[1])])[0].startswith(PLACE)
    source = opened_with([*SKY, "D2IMDIS2= 'Lookup'"], lookup(2.0, "D2IMARR"))
    assert source.world([(POINT[0], POINT[1] - 2)])[0].startswith(PLACE)
    source = opened_with([*SKY, "AXISCORR= 1"], lookup(3.0, "D2IMARR"))
    assert source.world([(POINT[0] - 3, POINT[1])])[0].startswith(PLACE)


def test_table_of_swapped_axes_is_looked_up_along_its_own_axes(opened_with):
    hdu = lookup(0.0, CRVAL1=1.0, CDELT1=16.0, CDELT2=20.0)
    hdu.data[:] = [[0], [1], [2]]  # grows with the second axis of the table, which is x
    turned = fields("DP1", AXIS__1=2, AXIS__2=1)
    source = opened_with([*SKY, "CPDIS1  = 'LOOKUP'", *turned], hdu)
    # At the pixel x = 1 + 12 it is 0.6.
    assert source.world([(12.5, POINT[1])]) == opened_with(SKY).world([(13.1, POINT[1])])


@pytest.mark.parametrize(
    ("cards", "problem"),
    [
        (["CPDIS1  = 'TPD'"], "CPDIS1 is a distortion that cannot be computed: 'TPD'"),
        (["CPDIS2  = 'Polynomial'"], "CPDIS2 is a distortion that cannot be computed: 'Polynomial'"),
        (["CQDIS1  = 'TPD'"], "CQDIS1 is a distortion that cannot be computed: 'TPD'"),
        (["D2IMDIS1= 'x'"], "D2IMDIS1 is a distortion that cannot be computed: 'x'"),
        (["AXISCORR= 5"], "AXISCORR is no pixel axis: 5"),
        (["AXISCORR= 'x'"], "AXISCORR is no number: 'x'"),
        (["CPDIS1  = 'LOOKUP'", *fields("DP1", NAXES=3)], "DP1 is no table along the pixel axes 1 and 2"),
        (["CPDIS1  = 'LOOKUP'", *fields("DP1", AXIS__1=9)], "DP1 is no table along the pixel axes 1 and 2"),
        (["CPDIS1  = 'LOOKUP'", *fields("DP1", EXTVER="x")], "DP1.EXTVER is no number: 'x'"),
        (["CPDIS1  = 'LOOKUP'", *fields("DP1", EXTVER=1e300)], "DP1.EXTVER is no version of an HDU: 1e+300"),
        (["CPDIS1  = 'LOOKUP'", "DP1     = 'EXTVER'"], "DP1 has no field and number: 'EXTVER'"),
    ],
)
def test_distortion_that_cannot_be_computed_is_named_and_gives_no_position(opened_with, cards, problem):
    source = opened_with([*SKY, *cards], lookup(1.0))
    assert source.world([POINT]) == ("",)
    assert source.info.world_problem == problem


@pytest.mark.parametrize(
    ("hdus", "problem"),
    [
        ([], "CPDIS1 needs a table in the HDU WCSDVARR,1"),
        ([table("WCSDVARR", C=[1.0])], "CPDIS1 needs an image of two axes with a step in the HDU WCSDVARR,1"),
        ([lookup(1.0, CDELT1=0.0)], "CPDIS1 needs an image of two axes with a step in the HDU WCSDVARR,1"),
        ([lookup(1.0, CDELT1="x")], "CPDIS1 needs a table in the HDU WCSDVARR,1"),
    ],
)
def test_missing_table_of_a_distortion_is_named(opened_with, hdus, problem):
    source = opened_with([*SKY, "CPDIS1  = 'LOOKUP'"], *hdus)
    assert source.world([POINT]) == ("",)
    assert source.info.world_problem == f"CTYPE1 'RA---TAN' and CTYPE2 'DEC--TAN' cannot be computed: {problem}"


def test_distortion_of_another_axis_does_not_spoil_the_sky(opened_with):
    cards = [*SKY, "CTYPE3  = 'FREQ'", "CPDIS3  = 'TPD'"]
    source = opened_with(cards, shape=(2, 32, 40))
    assert source.world([POINT])[0].startswith(PLACE)
    assert source.info.world_problem == "CPDIS3 is a distortion that cannot be computed: 'TPD'"
