"""`traitsview info` prints the facts about an image for people and for programs."""

import json

import numpy as np
import pytest
from astropy.io import fits

from traitsview.cli.first_frame import wait_for_frame
from traitsview.cli.main import main
from traitsview.sources.framed.framed_source import FramedSource
from traitsview.testing.feeds import ScriptedFeed


@pytest.fixture(autouse=True)
def _folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def told(capsys, *argv):
    assert main(["info", *argv]) == 0
    return capsys.readouterr().out


def test_json_has_the_facts_that_programs_need(capsys):
    np.save("a.npy", np.arange(12, dtype=">i2").reshape(3, 4))
    known = json.loads(told(capsys, "a.npy", "--json"))
    assert known["shape"] == [3, 4]
    assert known["dtype"] == ">i2"
    assert known["extent"] == [0, 4, 0, 3]
    assert [axis["name"] for axis in known["axes"]] == ["y", "x"]
    assert known["levels"] == []
    assert (known["range"]["minimum"], known["range"]["maximum"], known["range"]["exact"]) == (0, 11, True)
    assert known["range"]["percentiles"]["50"] == 5.5


def test_json_has_no_nan(capsys):
    np.save("a.npy", np.full((3, 4), np.nan))
    assert json.loads(told(capsys, "a.npy", "--json"))["range"]["minimum"] is None


def test_text_shows_axes_units_and_sky(capsys):
    hdu = fits.PrimaryHDU(np.arange(24, dtype=np.float32).reshape(2, 3, 4))
    sky = {"CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN", "CTYPE3": "FREQ", "CUNIT3": "GHz", "CDELT3": 0.5, "BUNIT": "Jy"}
    hdu.header.update(sky)
    hdu.writeto("cube.fits")
    text = told(capsys, "cube.fits")
    for words in (
        "3 × 4",
        "float32, big-endian",
        "freq, 2 elements",
        "GHz",
        "0 … 11 Jy",
        "from all 12 values of the plane freq=0\n",
        "ICRS",
        "RA---TAN",
    ):
        assert words in text


def test_problem_of_coordinates_is_shown_outside_the_header(capsys):
    hdu = fits.PrimaryHDU(np.arange(12, dtype=np.float32).reshape(3, 4))
    hdu.header.update({"CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN", "CDELT1": "8,36"})
    hdu.writeto("lost.fits")
    known = json.loads(told(capsys, "lost.fits", "--json"))
    assert known["world_problem"] == "CDELT1 is no number: '8,36'"
    assert (known["center"], known["notes"]) == ("", [])
    assert "  problem  CDELT1 is no number: '8,36'\n  world    " in told(capsys, "lost.fits")


def test_ambiguous_coordinates_are_shown_with_the_reading_that_was_chosen(capsys):
    hdu = fits.PrimaryHDU(np.arange(12, dtype=np.float32).reshape(3, 4))
    hdu.header.update({"CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN", "PV1_1": 1.0, "PV1_2": 0.0})
    hdu.writeto("scamp.fits")
    known = json.loads(told(capsys, "scamp.fits", "--json"))
    assert known["world_problem"] == ""
    (note,) = known["notes"]
    assert "SCAMP" in note
    assert f"  note     {note}\n" in told(capsys, "scamp.fits")


def test_number_one_is_followed_by_a_singular(capsys):
    fits.PrimaryHDU(np.ones((1, 1, 1), np.float32)).writeto("one.fits")
    text = told(capsys, "one.fits")
    assert "axis3, 1 element\n" in text
    assert "from all 1 value of the plane axis3=0\n" in text


def test_json_names_the_plane_of_the_range(capsys):
    np.save("cube.npy", np.zeros((2, 1, 3, 4)))
    assert json.loads(told(capsys, "cube.npy", "--json"))["range"]["plane"] == {"axis 0": 0, "axis 1": 0}
    np.save("a.npy", np.zeros((3, 4)))
    assert json.loads(told(capsys, "a.npy", "--json"))["range"]["plane"] == {}
    assert "of the plane" not in told(capsys, "a.npy")


def several(names):
    images = [fits.ImageHDU(np.zeros((3, 4)), name=name) for name in names]
    return fits.HDUList([fits.PrimaryHDU(), *images, fits.BinTableHDU(name="LOG")])


@pytest.mark.parametrize("inside", ["", "::2", "::ERR", "::?kind=scalar"])
def test_shown_image_and_other_images_of_a_file_are_named(capsys, inside):
    several(["SCI", "ERR", ""]).writeto("a.fits")
    shown = "2 'ERR'" if inside in ("::2", "::ERR") else "1 'SCI'"
    assert f"  image    {shown}, of 3 images: 1 'SCI', 2 'ERR', 3\n" in told(capsys, f"a.fits{inside}")
    known = json.loads(told(capsys, f"a.fits{inside}", "--json"))
    assert known["image"] == shown[0]
    assert known["images"] == [{"image": n, "title": title} for n, title in (("1", "SCI"), ("2", "ERR"), ("3", ""))]


def test_many_images_are_counted_and_some_listed(capsys):
    several([f"CCD{n}" for n in range(1, 21)]).writeto("a.fits")
    (line,) = (line for line in told(capsys, "a.fits").splitlines() if line.startswith("  image"))
    assert line.endswith(", 8 'CCD8' and 12 more")
    assert "of 20 images" in line


def test_single_image_has_no_list_and_broken_headers_end_the_list(capsys):
    several([""]).writeto("a.fits")
    assert "image " not in told(capsys, "a.fits")
    several(["SCI", "ERR", "DQ"]).writeto("b.fits")
    with open("b.fits", "r+b") as file:
        data = file.read()
        file.seek(data.index(b"XTENSION", data.index(b"ERR")))
        file.write(b"\xff" * 2880)
    assert "1 'SCI', of 2 images" in told(capsys, "b.fits")


def test_range_from_a_sample_is_called_so(capsys):
    np.save("large.npy", np.zeros((5000, 5000), np.uint8))
    assert "from a sample of" in told(capsys, "large.npy")


def test_values_that_are_not_finite_are_counted(capsys):
    np.save("a.npy", np.array([[1.0, np.nan], [np.inf, 2.0]]))
    assert "2 not finite" in told(capsys, "a.npy")
    np.save("b.npy", np.full((2, 2), np.nan))
    assert "none of 4 values is finite" in told(capsys, "b.npy")


@pytest.mark.parametrize("base", [2**60, 2**63])
def test_whole_numbers_are_shown_in_every_digit(capsys, base):
    np.save("a.npy", (np.arange(40, dtype=np.uint64) + np.uint64(base)).reshape(5, 8))
    known = json.loads(told(capsys, "a.npy", "--json"))["range"]
    assert (known["minimum"], known["maximum"]) == (base, base + 39)
    assert base <= known["percentiles"]["0.5"] <= base + 1
    assert known["std"] == pytest.approx(np.arange(40).std())
    assert f"{base} … {base + 39}" in told(capsys, "a.npy")


def test_stored_numbers_are_shown_beside_their_values(capsys):
    hdu = fits.PrimaryHDU(np.arange(12, dtype="u2").reshape(3, 4))
    hdu.writeto("a.fits")
    known = json.loads(told(capsys, "a.fits", "--json"))
    assert known["dtype"] == "<u2"
    assert known["stored"] == {"dtype": ">i2", "scale": 1.0, "offset": 32768.0, "nodata": None}
    assert "as int16, big-endian; x stands for x + 32768" in told(capsys, "a.fits")
    np.save("b.npy", np.zeros((3, 4), "<f4"))
    known = json.loads(told(capsys, "b.npy", "--json"))
    assert known["stored"] == {"dtype": "<f4", "scale": 1.0, "offset": 0.0, "nodata": None}
    assert "stored" not in told(capsys, "b.npy")


def test_choices_made_when_a_file_was_read_are_shown(capsys):
    hdu = fits.PrimaryHDU(np.zeros((3, 4)))
    hdu.header["ROWORDER"] = "TOP-DOWN"
    hdu.writeto("a.fits")
    assert json.loads(told(capsys, "a.fits", "--json"))["notes"][0].startswith("the first row is at the top")
    assert "note     the first row is at the top" in told(capsys, "a.fits")


@pytest.mark.parametrize(
    "values",
    [10 + 1e-9 * np.linspace(0, 1, 100).reshape(10, 10), np.float32(1e6) + np.arange(100).reshape(10, 10) / 16],
    ids=["near ten", "near a million"],
)
def test_ends_of_a_range_have_enough_digits_to_differ(capsys, values):
    np.save("a.npy", values)
    lines = told(capsys, "a.npy").splitlines()
    at = next(row for row, line in enumerate(lines) if line.split()[:1] == ["range"])
    low, high = lines[at].removeprefix("  range    ").split(" … ")
    mean = lines[at + 1].split(",")[0].removeprefix("           mean ")
    percentiles = [part.split(": ")[1] for part in lines[at + 2].split(", ")]
    texts = [low, *percentiles, high]
    assert sorted(set(texts), key=float) == texts
    assert float(low) < float(mean) < float(high)


def test_a_frame_that_is_there_is_taken_however_short_the_wait_is():
    feed = ScriptedFeed()
    feed.show(np.ones((3, 4)), 5)
    with FramedSource(feed, "script") as source:
        wait_for_frame(source, "script", 0.0)
        assert source.frame.step == 5
