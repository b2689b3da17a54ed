"""The images of one exposure lie beside each other as their headers say, with their values and their sky."""

import json

import numpy as np
import pytest
from astropy.io import fits

from traitsview.cli.main import main
from traitsview.errors import RequestError, SourceNotFound, SourceUnreadable, SourceUnsupported
from traitsview.geometry import Viewport
from traitsview.model.status_words import precision_text
from traitsview.opening import open_in_host
from traitsview.sources.arrays.mosaic import Affine, Mosaic, Part
from traitsview.sources.registry import open_source

ROWS, COLUMNS = 120, 200
DETECTOR = (1000 + np.arange(COLUMNS) + 10 * np.arange(ROWS)[:, None]).astype("u2")
OVERSCAN = 60000


def whole(source, plane=None):
    info = source.info
    return source.render(Viewport(info.element, (0, 0), info.shape, info.anchor), plane)


def amplifier(name, rows, columns, turned=(False, False), word="DETSEC", shift=0, binning=1, kind=fits.ImageHDU):
    """Return a quarter of the detector as it is read out: with overscan, and backwards along axes that are turned."""
    data = DETECTOR[rows, columns]
    data = data[:: -1 if turned[1] else 1, :: -1 if turned[0] else 1][::binning, ::binning]
    height, width = data.shape
    before = 7 if turned[0] else 0
    full = np.full((height + 3, width + 7), OVERSCAN, "u2")
    full[:height, before : before + width] = data
    hdu = kind(full, name=name)
    x = columns.start + 1 + shift, columns.stop + shift
    y = rows.start + 1, rows.stop
    x, y = (edges[::-1] if back else edges for edges, back in zip((x, y), turned, strict=True))
    hdu.header[word] = f"[{x[0]}:{x[1]},{y[0]}:{y[1]}]"
    hdu.header["DATASEC"] = f"[{before + 1}:{before + width},1:{height}]"
    hdu.header["BUNIT"] = "adu"
    return hdu


def quarters(gap=0, **options):
    low, high, left, right = slice(0, 60), slice(60, 120), slice(0, 100), slice(100, 200)
    return [
        amplifier("im1", low, left, **options),
        amplifier("im2", low, right, (True, False), shift=gap, **options),
        amplifier("im3", high, left, (False, True), **options),
        amplifier("im4", high, right, (True, True), shift=gap, **options),
    ]


def written(path, hdus):
    fits.HDUList([fits.PrimaryHDU(), *hdus]).writeto(path, overwrite=True)
    return path


@pytest.mark.parametrize("kind", [fits.ImageHDU, fits.CompImageHDU])
@pytest.mark.parametrize("word", ["DETSEC", "CCDSEC"])
def test_amplifiers_are_placed_by_their_sections_without_overscan(tmp_path, kind, word):
    path = written(tmp_path / "a.fits", quarters(kind=kind, word=word))
    for inside in ("mosaic", "MOSAIC", f"mosaic={word.lower()}"):
        with open_source(f"{path}::{inside}") as source:
            info = source.info
            assert (info.shape, info.dtype, info.unit, info.extent) == ((120, 200), "<u2", "adu", (0, 200, 0, 120))
            assert info.notes[0].startswith(f"4 images placed by {word}")
            np.testing.assert_array_equal(whole(source), DETECTOR)
            assert source.sample([(150.5, 100.5)]).tolist() == [DETECTOR[100, 150]]
            summary = source.summarize(exact=True)
            assert (summary.minimum, summary.maximum, summary.valid) == (1000, 2389, 24000)


@pytest.mark.parametrize("reduction", ["mean", "min", "max", "nearest"])
def test_any_part_at_any_resolution_equals_that_of_the_whole_image(tmp_path, reduction):
    path = written(tmp_path / "a.fits", quarters())
    with open_source(f"{path}::mosaic") as source, open_source(DETECTOR, origin="lower") as plain:
        for viewport in (
            Viewport((1, 1), (93, 55), (12, 17)),
            Viewport((2.3, 3.7), (-2, -2), (40, 95)),
            Viewport((0.3, 0.21), (310, 270), (30, 40)),
            Viewport((70, 50), (-1, -1), (5, 6)),
        ):
            np.testing.assert_array_equal(
                source.render(viewport, None, reduction), plain.render(viewport, None, reduction)
            )


def test_gaps_have_no_value_and_coordinates_are_pixels_of_the_detector(tmp_path):
    hdus = quarters(gap=5)
    for hdu in hdus:
        x1, x2 = hdu.header["DETSEC"].strip("[]").split(",")[0].split(":")
        y = hdu.header["DETSEC"].strip("[]").split(",")[1]
        hdu.header["DETSEC"] = f"[{int(x1) + 1000}:{int(x2) + 1000},{y}]"
    path = written(tmp_path / "a.fits", hdus)
    with open_source(f"{path}::mosaic") as source:
        assert source.info.extent == (1000, 1205, 0, 120)
        pixels = whole(source)
        assert np.isnan(pixels[:, 100:105]).all()
        np.testing.assert_array_equal(np.delete(pixels, slice(100, 105), axis=1), DETECTOR)
        assert np.isnan(source.sample([(1102.5, 50.5)])[0])


def test_binned_readout_is_placed_by_pixels_of_the_detector(tmp_path):
    path = written(tmp_path / "a.fits", quarters(binning=2))
    with open_source(f"{path}::mosaic") as source:
        assert (source.info.shape, source.info.extent) == ((60, 100), (0, 200, 0, 120))
        pixels = whole(source)
        np.testing.assert_array_equal(pixels[:30, :50], DETECTOR[:60:2, :100:2])


def test_amplifiers_of_two_binnings_share_the_finer_grid(tmp_path):
    hdus = [amplifier("im1", slice(0, 60), slice(0, 100)), amplifier("im2", slice(0, 60), slice(100, 200), binning=2)]
    path = written(tmp_path / "a.fits", hdus)
    with open_source(f"{path}::mosaic") as source:
        pixels = whole(source)
        np.testing.assert_array_equal(pixels[:, :100], DETECTOR[:60, :100])
        np.testing.assert_array_equal(pixels[:, 100:], DETECTOR[:60:2, 100:200:2].repeat(2, 0).repeat(2, 1))


def test_trimmed_elements_are_left_out(tmp_path):
    hdus = quarters()
    hdus[0].header["TRIMSEC"] = "[11:100,6:60]"
    path = written(tmp_path / "a.fits", hdus)
    with open_source(f"{path}::mosaic") as source:
        pixels = whole(source)
        assert np.isnan(pixels[:5, :100]).all()
        assert np.isnan(pixels[:60, :10]).all()
        np.testing.assert_array_equal(pixels[5:60, 10:], DETECTOR[5:60, 10:])


def test_images_without_sections_of_their_own_are_placed_whole(tmp_path):
    hdus = [fits.ImageHDU(DETECTOR[:, :80]), fits.ImageHDU(DETECTOR[:, 80:])]
    hdus[0].header["DETSEC"], hdus[1].header["DETSEC"] = "[1:80,1:120]", " [81:200, 1:120] "
    with open_source(f"{written(tmp_path / 'a.fits', hdus)}::mosaic") as source:
        np.testing.assert_array_equal(whole(source), DETECTOR)


def test_blank_and_scaled_parts_have_their_values(tmp_path):
    hdus = [fits.ImageHDU(np.array([[1, 2], [3, 4]], "i2")) for _ in range(2)]
    for k, hdu in enumerate(hdus):
        hdu.header["DETSEC"] = f"[{2 * k + 1}:{2 * k + 2},1:2]"
    hdus[0].header["BLANK"] = 3
    path = written(tmp_path / "a.fits", hdus)
    head, _, rest = path.read_bytes().rpartition(b"GCOUNT  =                    1")
    path.write_bytes(head + b"BSCALE  =                  0.5" + rest)
    with open_source(f"{path}::mosaic") as source:
        np.testing.assert_array_equal(whole(source), [[1, 2, 0.5, 1], [np.nan, 4, 1.5, 2]])
        assert source.summarize(exact=True).valid == 7
    with open_source(f"{path}::mosaic?blank=4") as source:
        assert source.summarize(exact=True).valid == 6


@pytest.mark.parametrize("base", [2**40, 2**60, 2**63 + 2**60])
def test_whole_numbers_stay_exact_beside_gaps(tmp_path, base):
    dtype = "i8" if base < 2**63 else "u8"
    hdus = [fits.ImageHDU(np.full((2, 2), base + k, dtype)) for k in range(2)]
    for k, hdu in enumerate(hdus):
        hdu.header["DETSEC"] = f"[{3 * k + 1}:{3 * k + 2},1:2]"
    with open_source(f"{written(tmp_path / 'a.fits', hdus)}::mosaic") as source:
        assert np.dtype(source.info.dtype) == dtype
        assert source.sample([(0.5, 0.5), (3.5, 0.5)]).tolist() == [base, base + 1]
        pixels = whole(source)[0]
        assert np.isnan(pixels).tolist() == [False, False, True, False, False]
        assert [int(pixels[k]) for k in (0, 1, 3, 4)] == [base, base, base + 1, base + 1]
        summary = source.summarize(exact=True)
        assert (summary.minimum, summary.maximum, summary.valid) == (base, base + 1, 8)


@pytest.mark.parametrize("other", ["i8", "f4", "f8"])
def test_whole_numbers_beside_other_dtypes_keep_every_digit_and_are_not_called_exact(tmp_path, other):
    hdus = [fits.ImageHDU(np.array([[2**63 + 1]], "u8")), fits.ImageHDU(np.array([[7]], other))]
    for k, hdu in enumerate(hdus):
        hdu.header["DETSEC"] = f"[{k + 1}:{k + 1},1:1]"
    with open_source(f"{written(tmp_path / 'a.fits', hdus)}::mosaic") as source:
        assert [int(value) for value in source.sample([(0.5, 0.5), (1.5, 0.5)])] == [2**63 + 1, 7]
        assert precision_text(source.summarize(), Viewport((1, 1), (0, 0), (1, 2)), source.info, "mean") != "exact"


SKY = {"CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN", "CRVAL1": 83.6, "CRVAL2": -5.4, "CUNIT1": "deg", "CUNIT2": "deg"}
STEP = 1e-3


def chip(rows, columns, turn=0, name="CHIP"):
    """Return a part of the field, turned by `turn` quarters, with cards that give each element its true position."""
    height = rows.stop - rows.start
    data = np.rot90(DETECTOR[rows, columns], -turn).astype("f4")
    hdu = fits.ImageHDU(np.ascontiguousarray(data), name=name)
    centre = np.array([100.5 - columns.start, 60.5 - rows.start])
    matrix = np.diag([-STEP, STEP])
    if turn:
        # Rows count upwards, so that rot90 to the right leads (x, y) to (height + 1 - y, x).
        centre, matrix = np.array([height + 1 - centre[1], centre[0]]), matrix @ np.array([[0, 1], [-1, 0]])
    hdu.header.update(SKY)
    hdu.header["CRPIX1"], hdu.header["CRPIX2"] = centre
    for i in (0, 1):
        for j in (0, 1):
            hdu.header[f"CD{i + 1}_{j + 1}"] = matrix[i, j]
    return hdu


@pytest.mark.parametrize("turn", [0, 1])
def test_images_are_placed_by_their_sky(tmp_path, turn):
    hdus = [chip(slice(0, 120), slice(0, 80)), chip(slice(0, 120), slice(90, 200), turn)]
    path = written(tmp_path / "a.fits", hdus)
    with open_source(f"{path}::mosaic") as source, open_source(f"{path}::1") as first:
        assert source.info.notes[0].startswith("2 images placed by their sky")
        assert source.info.extent == (0, 200, 0, 120)
        pixels = whole(source)
        np.testing.assert_array_equal(pixels[:, :80], DETECTOR[:, :80])
        assert np.isnan(pixels[:, 80:90]).all()
        np.testing.assert_array_equal(pixels[:, 90:], DETECTOR[:, 90:])
        # In the second image positions are those of the first image's sky.  In the gap there are none.
        texts = source.world([(20.5, 30.5), (150.5, 30.5), (85.5, 30.5), (-5, 5)])
        assert texts[2:] == ("", "")
        assert texts[:2] == first.world([(20.5, 30.5), (150.5, 30.5)])


def respelt(path, old, new):
    """Write numbers of cards in another spelling.  Astropy would correct it, so the bytes are replaced."""
    text = path.read_bytes()
    assert len(old) == len(new)
    assert old in text
    path.write_bytes(text.replace(old, new))


def test_cards_in_any_spelling_place_images(tmp_path):
    path = written(tmp_path / "a.fits", [chip(slice(0, 120), slice(0, 80)), chip(slice(0, 120), slice(90, 200))])
    with open_source(f"{path}::mosaic") as plain:
        pixels, places = whole(plain), plain.world([(20.5, 30.5), (150.5, 30.5)])
    respelt(path, b"=                 83.6", b"=              8.36D+1")
    respelt(path, b"=                0.001", b"=               '1D-3'")
    with open_source(f"{path}::mosaic") as source:
        np.testing.assert_array_equal(whole(source), pixels)
        assert source.world([(20.5, 30.5), (150.5, 30.5)]) == places
        assert source.info.world_problem == ""


def test_image_with_a_broken_sky_is_placed_by_sections_and_reports_it(tmp_path):
    hdus = [chip(slice(0, 120), slice(0, 80)), chip(slice(0, 120), slice(90, 200))]
    hdus[0].header["DETSEC"], hdus[1].header["DETSEC"] = "[1:80,1:120]", "[91:200,1:120]"
    hdus[1].header["CD2_2"] = "8,36"
    path = written(tmp_path / "a.fits", hdus)
    with open_source(f"{path}::mosaic") as source:
        assert source.info.world_problem == "CD2_2 is no number: '8,36'"
        there, nowhere = source.world([(20.5, 30.5), (150.5, 30.5)])
        assert there
        assert not nowhere
    with pytest.raises(
        SourceUnsupported, match=r"image 2 of 2 has no place on the sky: CD2_2 is no number: '8,36'; open"
    ):
        open_source(f"{path}::mosaic=wcs")


def test_images_with_skies_of_different_kinds_are_refused(tmp_path):
    hdus = [chip(slice(0, 120), slice(0, 80)), chip(slice(0, 120), slice(90, 200))]
    hdus[1].header["CTYPE1"], hdus[1].header["CTYPE2"] = "GLON-TAN", "GLAT-TAN"
    with pytest.raises(SourceUnsupported, match="image 2 of 2 has GLON on its sky, and the first one RA"):
        open_source(f"{written(tmp_path / 'a.fits', hdus)}::mosaic")


def test_polynomials_beside_tan_place_images_and_positions_alike(tmp_path):
    hdus = [chip(slice(0, 120), slice(0, 80)), chip(slice(0, 120), slice(90, 200))]
    for hdu in hdus:
        hdu.header.update({"PV1_0": 0.0, "PV1_1": 1.0, "PV1_2": 0.0, "PV2_0": 0.0, "PV2_1": 1.0, "PV2_2": 0.0})
    with open_source(f"{written(tmp_path / 'a.fits', hdus)}::mosaic") as source:
        assert source.info.extent == (0, 200, 0, 120)
        placed, ambiguous = source.info.notes
        assert placed.startswith("2 images placed by their sky")
        assert "SCAMP" in ambiguous
        np.testing.assert_array_equal(whole(source)[:, 90:], DETECTOR[:, 90:])


def test_world_coordinates_are_those_of_the_shown_plane(tmp_path):
    hdus = []
    for k in range(2):
        hdu = fits.ImageHDU(np.zeros((3, 2, 4), "f4"))
        hdu.header.update({"DETSEC": f"[{4 * k + 1}:{4 * k + 4},1:2]", "CTYPE1": "WAVE", "CUNIT1": "nm"})
        hdu.header.update(
            {"CD1_1": 1.0, "CD1_3": 100.0, "CD3_3": 1.0, "CRPIX1": 1.0, "CRPIX3": 1.0, "CRVAL1": 500.0 * k}
        )
        hdus.append(hdu)
    with open_source(f"{written(tmp_path / 'a.fits', hdus)}::mosaic") as source:
        for plane in range(3):
            left, right = source.world([(2.5, 0.5), (6.5, 0.5)], (plane,))
            assert (left, right) == (f"wavelength {100 * plane + 2}.0 nm", f"wavelength {100 * plane + 502}.0 nm")
        with pytest.raises(RequestError):
            source.world([(2.5, 0.5)], (3,))


def test_images_are_placed_by_sections_unless_the_user_wants_the_sky(tmp_path):
    hdus = [chip(slice(0, 120), slice(0, 80)), chip(slice(0, 120), slice(90, 200))]
    hdus[0].header["DETSEC"], hdus[1].header["DETSEC"] = "[1:80,1:120]", "[81:190,1:120]"
    path = written(tmp_path / "a.fits", hdus)
    with open_source(f"{path}::mosaic") as by_sections, open_source(f"{path}::mosaic=wcs") as by_sky:
        assert (by_sections.info.shape, by_sky.info.shape) == ((120, 190), (120, 200))


def test_images_that_are_turned_a_little_and_overlap_have_no_holes(tmp_path):
    hdus = [chip(slice(0, 120), slice(0, 110)), chip(slice(0, 120), slice(90, 200))]
    angle = np.radians(0.5)
    turned = np.diag([-STEP, STEP]) @ [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
    for i in (0, 1):
        for j in (0, 1):
            hdus[1].header[f"CD{i + 1}_{j + 1}"] = turned[i, j]
    path = written(tmp_path / "a.fits", hdus)
    with open_source(f"{path}::mosaic") as source:
        pixels = whole(source)
        row = 60 - round(source.info.extent[2])
        seen = pixels[row, -round(source.info.extent[0]) :][:195]
        assert np.isfinite(seen).all()
        np.testing.assert_array_equal(seen[:110], DETECTOR[60, :110])
        assert np.abs(seen[110:195] - DETECTOR[60, 110:195].astype(float)).max() <= 11


def test_seams_that_distortion_leaves_open_are_noted(tmp_path):
    hdus = [chip(slice(0, 120), slice(0, 80)), chip(slice(0, 120), slice(90, 200))]
    for hdu in hdus:
        hdu.header["CTYPE1"], hdu.header["CTYPE2"] = "RA---TAN-SIP", "DEC--TAN-SIP"
        hdu.header["A_ORDER"], hdu.header["A_2_0"], hdu.header["B_ORDER"], hdu.header["B_0_2"] = 2, 5e-4, 2, 5e-4
    with open_source(f"{written(tmp_path / 'a.fits', hdus)}::mosaic") as source:
        assert any(note.startswith("seams are off by up to ") for note in source.info.notes)


def test_images_of_one_name_make_a_mosaic_which_can_be_chosen_by_name(tmp_path):
    hdus = []
    for k in range(2):
        for name in ("SCI", "ERR"):
            hdu = fits.ImageHDU(np.full((2, 3), len(hdus), "i2"), name=name, ver=k + 1)
            hdu.header["DETSEC"] = f"[{3 * k + 1}:{3 * k + 3},1:2]"
            hdus.append(hdu)
    path = written(tmp_path / "a.fits", hdus)
    for inside, values in (
        ("mosaic", [0, 2]),
        ("mosaic,SCI", [0, 2]),
        ("mosaic,err", [1, 3]),
        ("mosaic=detsec,ERR", [1, 3]),
    ):
        with open_source(f"{path}::{inside}") as source:
            np.testing.assert_array_equal(whole(source)[0], np.repeat(values, 3))
    with pytest.raises(SourceNotFound, match="no image is called 'DQ'"):
        open_source(f"{path}::mosaic,DQ")


def test_image_named_mosaic_opens_by_its_name(tmp_path):
    path = written(tmp_path / "a.fits", [fits.ImageHDU(np.zeros((2, 3)), name="MOSAIC"), *quarters()])
    with open_source(f"{path}::mosaic") as source:
        assert source.info.shape == (2, 3)


def test_planes_stay_planes(tmp_path):
    cubes = [np.arange(12.0).reshape(2, 2, 3) + 100 * k for k in range(2)]
    hdus = [fits.ImageHDU(cube) for cube in cubes]
    for k, hdu in enumerate(hdus):
        hdu.header["DETSEC"] = f"[{3 * k + 1}:{3 * k + 3},1:2]"
    with open_source(f"{written(tmp_path / 'a.fits', hdus)}::mosaic") as source:
        assert [axis.size for axis in source.info.axes] == [2, 2, 6]
        np.testing.assert_array_equal(whole(source, (1,)), np.hstack([cube[1] for cube in cubes]))


@pytest.mark.parametrize("dtype", ["u1", "i2", "f4"])
def test_planes_can_be_colours_and_columns_cannot(tmp_path, dtype):
    cubes = [np.arange(6 * k, 6 * k + 6).reshape(3, 2, 1).astype(dtype) for k in range(3)]
    hdus = [fits.ImageHDU(cube) for cube in cubes]
    for k, hdu in enumerate(hdus):
        hdu.header["DETSEC"] = f"[{k + 1}:{k + 1},1:2]"
    path = f"{written(tmp_path / 'a.fits', hdus)}::mosaic"
    with open_source(path) as source:
        assert (source.info.kind, source.info.shape) == ("scalar", (2, 3))
    with open_source(path, kind="rgb") as source:
        np.testing.assert_array_equal(whole(source), np.moveaxis(np.concatenate(cubes, axis=2), 0, 2))
        assert source.world([(0.5, 0.5)]) == ("",)


@pytest.mark.parametrize(("orders", "origin"), [(("TOP-DOWN",) * 2, "upper"), (("TOP-DOWN", "BOTTOM-UP"), "lower")])
def test_origin_is_that_of_the_images_if_they_agree(tmp_path, orders, origin):
    hdus = [fits.ImageHDU(np.zeros((2, 2), "i2")) for _ in orders]
    for k, hdu in enumerate(hdus):
        hdu.header.update(DETSEC=f"[{2 * k + 1}:{2 * k + 2},1:2]", ROWORDER=orders[k])
    path = f"{written(tmp_path / 'a.fits', hdus)}::mosaic"
    with open_source(path) as source:
        assert source.info.origin == origin
        assert any("ROWORDER" in note for note in source.info.notes) == (origin == "upper")
    with open_source(path, origin="lower") as source:
        assert source.info.origin == "lower"
        assert not any("ROWORDER" in note for note in source.info.notes)


@pytest.mark.parametrize(
    ("cards", "words"),
    [
        ({"DETSEC": "[1:100,1:60"}, "DETSEC is no section: '[1:100,1:60'"),
        ({"DETSEC": ""}, "image 1 of 4 has no DETSEC"),
        ({"DATASEC": "[200:300,1:60]"}, "DATASEC and TRIMSEC leave nothing of 107 × 63 elements"),
        ({"DATASEC": "nonsense"}, "DATASEC is no section: 'nonsense'"),
    ],
)
def test_missing_and_broken_sections_are_named(tmp_path, cards, words):
    hdus = quarters()
    hdus[0].header.update(cards)
    path = written(tmp_path / "a.fits", hdus)
    with pytest.raises(SourceUnsupported) as caught:
        open_source(f"{path}::mosaic=detsec")
    assert words in str(caught.value)
    assert str(caught.value).endswith("open its images one by one")


def test_one_image_or_images_without_places_are_no_mosaic(tmp_path):
    path = written(tmp_path / "a.fits", quarters()[:1])
    with pytest.raises(SourceUnsupported, match="it has 1 image, and a mosaic is of two or more"):
        open_source(f"{path}::mosaic")
    path = written(tmp_path / "b.fits", [fits.ImageHDU(np.zeros((2, 3))) for _ in range(2)])
    with pytest.raises(SourceUnsupported, match="image 1 of 2 has no DETSEC, CCDSEC or positions on the sky"):
        open_source(f"{path}::mosaic")


@pytest.mark.parametrize(
    ("inside", "words"),
    [
        ("mosaic=sky", "'sky' is no way to place images; there are mosaic=detsec, mosaic=ccdsec, mosaic=wcs"),
        ("mosaic=sky,ERR", "'sky' is no way to place images; there are mosaic=detsec, mosaic=ccdsec, mosaic=wcs"),
        ("mosaic=", "'' is no way to place images; there are mosaic=detsec, mosaic=ccdsec, mosaic=wcs"),
        ("mosaic,SC", "no image is called 'SC'; there are 'SCI', 'ERR'"),
        ("mosaic=wcs,SC", "no image is called 'SC'; there are 'SCI', 'ERR'"),
    ],
)
def test_message_for_an_unknown_mosaic_lists_the_known_ones(tmp_path, inside, words):
    images = [fits.ImageHDU(np.zeros((2, 3)), name=name) for name in ("SCI", "ERR", "SCI", "ERR")]
    path = written(tmp_path / "a.fits", images)
    with pytest.raises(SourceNotFound) as caught:
        open_source(f"{path}::{inside}")
    assert str(caught.value).endswith(words)


def test_images_that_are_far_apart_are_no_mosaic(tmp_path):
    hdus = [chip(slice(0, 120), slice(0, 80)), chip(slice(0, 120), slice(90, 200))]
    hdus[1].header["CRVAL1"], hdus[1].header["CRVAL2"] = 263.6, 5.4
    with pytest.raises(SourceUnsupported, match="image 2 of 2 is too far away on the sky"):
        open_source(f"{written(tmp_path / 'a.fits', hdus)}::mosaic")


def test_section_with_one_digit_too_many_takes_no_memory(tmp_path):
    hdus = quarters()
    hdus[3].header["DETSEC"] = "[100000200:100000101,100000120:100000061]"
    with pytest.raises(
        SourceUnsupported, match=r"too far apart: 100,000,200 × 100,000,120 elements, of which they are 24,000"
    ):
        open_source(f"{written(tmp_path / 'a.fits', hdus)}::mosaic")


def test_note_of_an_image_on_a_detector_names_the_mosaic(tmp_path):
    path = written(tmp_path / "a.fits", quarters())
    for inside in ("", "::1", "::im4"):
        with open_source(f"{path}{inside}") as source:
            assert source.info.notes == ("it is one part of a detector; ::mosaic shows all of them beside each other",)
    with open_source(written(tmp_path / "b.fits", quarters()[:1])) as source:
        assert source.info.notes == ()


def test_host_and_command_show_the_same_mosaic(tmp_path, capsys):
    path = written(tmp_path / "a.fits", quarters(gap=5))
    with open_source(f"{path}::mosaic") as here, open_in_host(f"{path}::mosaic") as there:
        assert there.info == here.info
        np.testing.assert_array_equal(whole(there), whole(here))
    assert main(["info", f"{path}::mosaic", "--json"]) == 0
    known = json.loads(capsys.readouterr().out)
    assert (known["shape"], known["range"]["valid"]) == ([120, 205], 24000)


def test_mosaic_closes_its_file_and_cannot_be_read_after_it_shrinks(tmp_path):
    path = written(tmp_path / "a.fits", quarters())
    with open_source(f"{path}::mosaic") as source:
        path.write_bytes(path.read_bytes()[:9000])
        with pytest.raises(SourceUnreadable, match="shrank while it was open"):
            whole(source)


def test_only_images_in_the_viewport_are_read():
    class Watched:
        shape, dtype = (10, 10), np.dtype("f4")

        def __init__(self):
            self.read = []

        def __getitem__(self, key):
            self.read.append(key)
            return np.zeros((10, 10), "f4")[key]

    watched = [Watched() for _ in range(3)]
    parts = [Part(each, (0, 10, 0, 10), Affine(1, 0, -10 * k, 0, 1, 0)) for k, each in enumerate(watched)]
    mosaic = Mosaic(parts)
    assert mosaic.shape == (10, 30)
    mosaic[slice(2, 4), slice(11, 14)]
    assert [each.read for each in watched] == [[], [(slice(2, 4), slice(1, 4))], []]


def test_inverse_of_an_affine_map_leads_back():
    way = Affine(0.5, 0.1, 3.0, -0.2, 2.0, -7.0)
    np.testing.assert_allclose(way.inverse(*way(5.0, 6.0)), (5.0, 6.0))
    with pytest.raises(ValueError, match="no extent"):
        Affine(1, 1, 0, 1, 1, 0).inverse  # noqa: B018
