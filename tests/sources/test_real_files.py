"""`make real-files` finds each difference between a source and the facts that other programs found in its file."""

import importlib.util
import json
import sys
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits

SCRIPT = Path(__file__).parents[2] / "tools/real_files.py"
ARRAY = np.arange(24, dtype=">i2").reshape(2, 3, 4)
FACTS = {
    "inner": "1 (SCI,1)",
    "shape": [2, 3, 4],
    "type": "int16",
    "min": 0,
    "max": 23,
    "mean": 11.5,
    "samples": [{"index": [1, 1, 2], "value": 18}],
    "BUNIT": "Jy",
}


@pytest.fixture
def script(monkeypatch):
    spec = importlib.util.spec_from_file_location("real_files", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, module)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def folder(tmp_path):
    hdu = fits.ImageHDU(ARRAY, name="SCI")
    hdu.header["BUNIT"] = "Jy"
    (tmp_path / "deep").mkdir()
    fits.HDUList([fits.PrimaryHDU(), hdu]).writeto(tmp_path / "deep/a.fits")
    return tmp_path


def judged(script, folder, capsys, facts, name="a.fits"):
    (folder / "deep/facts.json").write_text(json.dumps({"files": {name: {"images": facts}}}))
    code = script.main(folder)
    return code, capsys.readouterr().out


def test_image_that_agrees_with_the_facts_is_equal(script, folder, capsys):
    code, out = judged(script, folder, capsys, [FACTS])
    assert code == 0
    assert "deep/a.fits  1 (SCI,1)  2 × 3 × 4 int16  equal" in out
    assert "1 equal, 0 refused, 0 DIFFERS" in out


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"shape": [2, 4, 3]}, "shape (2, 3, 4), right (2, 4, 3)"),
        ({"type": "int32"}, "elements int16, right int32"),
        ({"min": 1}, "min 0, right 1"),
        ({"max": 24}, "max 23, right 24"),
        ({"mean": 11.50001}, "mean 11.5, right 11.50001"),
        ({"nan": 1}, "0 without value, right 1"),
        ({"samples": [{"index": [0, 0, 1], "value": 2}]}, "element [0, 0, 1] is 1, right 2"),
        ({"BUNIT": "K"}, "unit 'Jy', right 'K'"),
        ({"numeric": False}, "it is no image"),
    ],
)
def test_each_difference_is_reported(script, folder, capsys, wrong, words):
    code, out = judged(script, folder, capsys, [{**FACTS, **wrong}])
    assert code == 1
    assert words in out


SKY = {"CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN", "CRVAL1": 359.999, "CRVAL2": -5.4, "CUNIT1": "deg", "CUNIT2": "deg"}
STEPS = {"CRPIX1": 2.0, "CRPIX2": 2.0, "CDELT1": -0.001, "CDELT2": 0.001}
THIRD = {"CTYPE3": "FREQ", "CUNIT3": "GHz", "CRVAL3": 1.0, "CDELT3": 0.5, "CRPIX3": 1.0}
PLACE = {
    "ctype": ["RA---TAN", "DEC--TAN", "FREQ"],
    "cunit": ["deg", "deg", "Hz"],
    "pixel_xy": [2, 1, 1],
    "value": [359.99799558, -5.39999999, 1.5e9],
}


@pytest.mark.parametrize(
    ("cards", "place", "words"),
    [
        ({}, {}, ""),
        (
            {},
            {"value": [359.9984, -5.4, 1.5e9]},
            "place 359.997917 deg of '23h59m59.5s −05°24′00″ (ICRS assumed)', right",
        ),
        ({}, {"value": [359.998, -5.3998, 1.5e9]}, "place -5.4 deg of"),
        ({}, {"value": [359.998, -5.4, 1.6e9]}, "place 1.5 GHz of"),
        ({"CTYPE1": "GLON-TAN", "CTYPE2": "GLAT-TAN"}, {}, ""),
        ({"CTYPE1": "GLON-TAN", "CTYPE2": "GLAT-TAN"}, {"value": [0.0, -5.4, 1.5e9]}, "place 359.998 deg of"),
        ({"CTYPE1": "X", "CTYPE2": "Y"}, {"value": [359.998, -5.4, 1.5e9]}, ""),
        ({"CTYPE1": "X", "CTYPE2": "Y"}, {"value": [359.998, -5.45, 1.5e9]}, "place -5.4 deg of"),
        ({"CTYPE1": "X", "CTYPE2": "Y", "CDELT1": 0.001}, {"value": [0.5, -5.4, 1.5e9]}, "place 360 deg of ''"),
        ({"CRVAL1": 1e4, "CUNIT1": ""}, {}, "place"),
        ({"CRVAL1": "8,36"}, {}, ""),
        ({"CTYPE1": "", "CTYPE2": "", "CUNIT1": "", "CUNIT2": ""}, {}, "no place on the sky, right"),
    ],
)
def test_positions_are_compared_to_the_digits_shown(script, folder, capsys, cards, place, words):
    hdu = fits.PrimaryHDU(ARRAY)
    hdu.header.update({**SKY, **STEPS, **THIRD, **cards})
    hdu.writeto(folder / "deep/a.fits", overwrite=True)
    image = {"inner": "0 (PRIMARY,1)", "shape": [2, 3, 4], "type": "int16", "world": {**PLACE, **place}}
    code, out = judged(script, folder, capsys, [image])
    assert code == (1 if words else 0), out
    assert words in out


def test_refused_file_is_listed_with_its_message(script, folder, capsys):
    code, out = judged(script, folder, capsys, [{**FACTS, "inner": "0"}])
    assert code == 0
    assert "refused: cannot open" in out
    assert "it is no data, not an image of two axes or more" in out


def test_unexpected_exception_is_a_difference(script, folder, capsys, monkeypatch):
    def broken(text):
        raise KeyError("CTYPE1")

    monkeypatch.setattr(script, "open_source", broken)
    code, out = judged(script, folder, capsys, [FACTS])
    assert code == 1
    assert "DIFFERS: KeyError: 'CTYPE1'" in out


def test_files_without_facts_are_opened_and_unknown_kinds_are_counted(script, folder, capsys):
    np.save(folder / "b.npy", np.ones((2, 3, 3), complex))
    (folder / "deep/c.npy").write_bytes(b"hello")
    code, out = judged(script, folder, capsys, [FACTS], "d.h5")
    assert code == 0
    assert "2 equal, 1 refused, 0 DIFFERS" in out
    assert "1 of kinds that are not known yet: 1 .h5" in out


def test_values_of_every_sort_are_compared(script, tmp_path, capsys):
    deep = tmp_path / "deep"
    deep.mkdir()
    np.save(deep / "complex.npy", np.array([[3 + 4j, 0]], "c8"))
    np.save(deep / "nan.npy", np.array([[np.nan, -np.inf, 2.0]]))
    np.save(deep / "bool.npy", np.array([[True, False]]))
    np.save(deep / "long.npy", np.array([[2**63 + 1, 5]], "u8"))
    np.savez(deep / "rgb.npz", rgb=np.arange(12, dtype="u1").reshape(2, 2, 3))
    facts = {
        "complex.npy": {"type": "complex64", "max": 5, "samples": [{"index": [0, 0], "value": [3, 4]}]},
        "nan.npy": {"nan": 1, "min": "-inf", "mean": 2.0, "samples": [{"index": [0, 0], "value": "nan"}]},
        "bool.npy": {"type": "bool", "max": True, "samples": [{"index": [0, 0], "value": True}]},
        "long.npy": {"type": "uint64", "samples": [{"index": [0, 0], "value": 2**63 + 1}]},
        "rgb.npz": {"inner": "rgb", "shape": [2, 2, 3], "samples": [{"index": [1, 0, 2], "value": 8}]},
    }
    shapes = {"complex.npy": [1, 2], "nan.npy": [1, 3], "bool.npy": [1, 2], "long.npy": [1, 2]}
    types = {"nan.npy": "float64", "rgb.npz": "uint8"}
    files = {
        name: {"images": [{"inner": "", "shape": shapes.get(name), "type": types.get(name), **image}]}
        for name, image in facts.items()
    }
    (deep / "facts.json").write_text(json.dumps({"files": files}))
    assert script.main(tmp_path) == 0
    assert "5 equal" in capsys.readouterr().out


def test_folder_without_files_is_a_failure(script, tmp_path, capsys):
    assert script.main(tmp_path) == 1
    assert "no file of a known kind" in capsys.readouterr().out


@pytest.mark.parametrize(("dtype", "blank", "shown"), [("i4", 0, 0), ("u2", -32768, 0)])
def test_blank_elements_need_not_have_the_numbers_of_other_programs(script, tmp_path, capsys, dtype, blank, shown):
    (tmp_path / "deep").mkdir()
    hdu = fits.PrimaryHDU(np.array([[0, 5], [7, 0]], dtype))
    hdu.header["BLANK"] = blank
    hdu.writeto(tmp_path / "deep/a.fits")
    cards = {"BITPIX": 8 * np.dtype(dtype).itemsize, "BLANK": blank, "BZERO": 32768 if dtype == "u2" else 0}
    values = {"min": shown, "max": 7, "mean": 3.0, "samples": [{"index": [0, 0], "value": shown}]}
    image = {"inner": "0 (PRIMARY,1)", "shape": [2, 2], "type": f"{'u' * (dtype == 'u2')}int{cards['BITPIX']}", **cards}
    code, out = judged(script, tmp_path, capsys, [{**image, **values}])
    assert code == 0, out
    code, out = judged(script, tmp_path, capsys, [{**image, **values, "max": 8}])
    assert code == 1
    assert "max 7, right 8" in out
