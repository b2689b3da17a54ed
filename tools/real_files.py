"""Opens real files of other programs and compares our values with those that other readers found::

    python tools/real_files.py FOLDER

In FOLDER and below it lie the files, and files ``facts.json``: ``{"files": {PATH: {"images": [IMAGE, …]}}}``.  PATH is
relative to the folder of ``facts.json``.  IMAGE has these keys:

``inner``
    the name of the image inside the file,
``shape``, ``type``
    its axes, as the other reader gives them, and NumPy's name of its elements (``"numeric": false``: no numbers),
``min``, ``max``, ``mean``, ``nan``
    of its values (of the modulus if they are complex), and the number of NaN (``masked``: the number of masked values),
``samples``
    elements, ``{"index": […], "value": …}``; a complex value is ``[re, im]``,
``BUNIT``
    the unit of its values,
``world``
    the position of an element: ``pixel_xy`` is its index along each axis of FITS, from 0; ``value`` the coordinates, of
    the kinds ``ctype`` and in the units ``cunit``.

All keys but ``inner`` and ``shape`` may be missing.  A file of a known kind without facts has to open, or to be refused
in one sentence.  Each image is a line of the table: *equal*, *refused* with the sentence that the user would see, or
*DIFFERS*.  If one differs, the exit code is 1.
"""

from __future__ import annotations

import json
import math
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from traitsview.errors import TraitsviewError
from traitsview.geometry import Viewport
from traitsview.opening import open_source
from traitsview.sources.image_source import ImageSource

#: Endings that packing programs add to names.
PACKINGS = (".gz", ".bz2", ".xz", ".zip")


@dataclass(frozen=True)
class Kind:
    """A kind of file: the ends of its names, and how a SOURCE writes the name that facts call ``inner``."""

    name: str
    suffixes: tuple[str, ...]
    inside: Callable[[str], str] = str


#: Kinds of files that can be opened.  The number of a FITS HDU comes before its name: ``1 (SCI,1)``.
KINDS = (
    Kind("FITS", (".fits", ".fit", ".fts", ".fz"), lambda inner: inner.partition(" ")[0]),
    Kind("NumPy", (".npy", ".npz")),
)

#: Words for positions: an angle in sixtieths, an angle with a sign for its unit, and a number behind a name.
SIXTIETHS = re.compile(r"(-?)(\d+)([h°])(\d+)[m′](\d+(?:\.(\d+))?)[s″]")
ANGLE = re.compile(r"(?<!\S)([+-]?\d+(?:\.\d+)?)([°′″])")
NUMBER = re.compile(r" ([+-]?\d+(?:\.\d+)?(?:e[+-]\d+)?)(?: (\D.*))?$")
SIGNS = {"°": "deg", "′": "arcmin", "″": "arcsec"}

EQUAL, REFUSED, DIFFERS = "equal", "refused", "DIFFERS"


@dataclass(frozen=True)
class Verdict:
    """The result for one image."""

    file: str
    inner: str
    text: str
    word: str
    why: str = ""


def main(folder: Path) -> int:
    """Print the table; return the exit code."""
    facts = facts_in(folder)
    verdicts: list[Verdict] = []
    unknown: Counter[str] = Counter()
    for path in sorted(files_of(folder, facts)):
        kind = kind_of(path)
        if kind is None:
            unknown[path.suffix or path.name] += 1
            continue
        verdicts += examined(path, str(path.relative_to(folder)), kind, facts.get(path))
    print("\n".join(table(verdicts)))
    count = Counter(verdict.word for verdict in verdicts)
    print(", ".join(f"{count[word]} {word}" for word in (EQUAL, REFUSED, DIFFERS)))
    if unknown:
        print(
            f"{unknown.total()} of kinds that are not known yet:", ", ".join(f"{n} {end}" for end, n in unknown.items())
        )
    if not verdicts:
        print(f"there is no file of a known kind in {folder}")
    return 1 if count[DIFFERS] or not verdicts else 0


def facts_in(folder: Path) -> dict[Path, list[dict[str, Any]]]:
    """Return the images of each file that has facts."""
    found = {}
    for path in folder.rglob("facts.json"):
        for name, told in json.loads(path.read_text(encoding="utf-8"))["files"].items():
            found[path.parent / name] = told.get("images", [])
    return found


def files_of(folder: Path, facts: dict[Path, list[dict[str, Any]]]) -> set[Path]:
    """Return the files that have facts, and the other files of known kinds, without colormaps."""
    others = {path for path in folder.rglob("*") if path.is_file() and kind_of(path)}
    # Colour maps have no shape; 'make real-colormaps' looks at them.
    maps = {path for path, images in facts.items() if any("shape" not in image for image in images)}
    return (others | facts.keys()) - maps


def kind_of(path: Path) -> Kind | None:
    """Return the kind of a file, by its name; None for one that is not known."""
    name = path.name.lower()
    for packing in PACKINGS:
        name = name.removesuffix(packing)
    return next((kind for kind in KINDS if name.endswith(kind.suffixes)), None)


def examined(path: Path, name: str, kind: Kind, images: list[dict[str, Any]] | None) -> Iterator[Verdict]:
    """Yield the result for each image in a file."""
    if not images:
        # A file without facts has to give an image or a sentence; a file whose facts list no image, a sentence.
        yield verdict(str(path), name, {} if images is None else {"shape": []})
        return
    for image in images:
        yield verdict(f"{path}::{kind.inside(image['inner'])}", name, image)


def verdict(text: str, name: str, image: dict[str, Any]) -> Verdict:
    """Return the result for the image that `text` names; `image` are its facts, empty if there are none."""
    inner = str(image.get("inner", ""))
    try:
        with open_source(text.removesuffix("::")) as source:
            info = source.info
            sizes = [axis.size for axis in info.axes] + [info.channels] * (info.channels > 1)
            shown = f"{' × '.join(map(str, sizes))} {np.dtype(info.dtype).name}"
            if not is_image(image):
                return Verdict(name, inner, shown, DIFFERS, f"it is no image: {image}")
            why = "; ".join(differences(source, image)) if image else ""
            return Verdict(name, inner, shown, DIFFERS if why else EQUAL, why)
    except TraitsviewError as error:
        return Verdict(name, inner, "", REFUSED if is_sentence(error) else DIFFERS, str(error))
    except Exception as error:  # errors that nobody has foreseen are what this program looks for
        return Verdict(name, inner, "", DIFFERS, f"{type(error).__name__}: {error}")


def is_image(image: dict[str, Any]) -> bool:
    """Whether facts are about an image: numbers, two axes or more, and at least one element."""
    shape = image.get("shape", [1, 1])
    return len(shape) >= 2 and min(shape) > 0 and image.get("numeric", True)


def is_sentence(error: TraitsviewError) -> bool:
    """Whether an error says in one line what could not be done, and why."""
    return "\n" not in str(error) and bool(error.what and error.why)


def differences(source: ImageSource, image: dict[str, Any]) -> Iterator[str]:
    """Yield in words how an image differs from its facts."""
    info = source.info
    values, blank = values_of(source), blank_of(image)
    if blank is not None:
        values = np.where(np.isnan(values), blank, values)
    shape = tuple(image["shape"])
    if info.channels > 1 and values.shape != shape:
        values = np.moveaxis(values, -1, -3)  # planes that are shown as one image in colour
    if values.shape != shape:
        yield f"shape {values.shape}, right {shape}"
        return
    if np.dtype(info.dtype).name not in types_of(image):
        yield f"elements {np.dtype(info.dtype).name}, right {image['type']}"
    if "BUNIT" in image and info.unit != image["BUNIT"]:
        yield f"unit {info.unit!r}, right {image['BUNIT']!r}"
    near = 3e-7 if "float32" in image.get("type", "") or "complex64" in image.get("type", "") else 1e-12
    if np.isnan(values).sum() != image.get("nan", 0) + image.get("masked", 0):
        yield f"{np.isnan(values).sum()} without value, right {image.get('nan', 0) + image.get('masked', 0)}"
    good = values[~np.isnan(values)]
    finite = good[np.isfinite(good)]
    for word, of, function in (("min", good, np.min), ("max", good, np.max), ("mean", finite, np.mean)):
        if word in image and of.size and not same(function(of.astype(np.float64)), image[word], near):
            yield f"{word} {function(of):.17g}, right {image[word]}"
    for sample in image.get("samples", []):
        found = element(source, values, tuple(sample["index"]))
        found = blank if blank is not None and np.isnan(found) else found
        if not same(found, sample["value"], near):
            yield f"element {sample['index']} is {found}, right {sample['value']}"
    if "world" in image:
        yield from misplaced(source, image["world"])


def misplaced(source: ImageSource, world: dict[str, Any]) -> Iterator[str]:
    """Yield in words which numbers of a position are wrong, or that a position on the sky is missing."""
    info, (column, row, *others) = source.info, world["pixel_xy"]
    (x0, y0), (sx, sy) = info.anchor, info.element
    x, y = x0 + (column + 0.5) * sx, y0 + (row + 0.5) * sy
    plane = tuple(reversed(others)) if len(others) == len(info.planes) else None
    (text,) = source.world([(x, y)], plane)
    told = list(quantities(text))
    linear = [(axis, at) for axis, at in zip(info.axes[-2:], (y, x), strict=True) if axis.unit not in ("", "pixel")]
    linear += [
        (axis, axis.coordinates[at]) for axis, at in zip(info.planes, plane or (), strict=False) if axis.coordinates
    ]
    for number, unit, step in [*told, *((value, axis.unit, 0.0) for axis, value in linear)]:
        if not any(is_there(number, unit, step, *fact) for fact in zip(world["value"], world["cunit"], strict=True)):
            yield f"place {number:.9g} {unit} of {text!r}, right {world['value']}"
    if not told and not info.world_problem and any(re.match(r"(RA|.LON|..LN)-", kind) for kind in world["ctype"]):
        yield f"no place on the sky, right {world['value']}"


def quantities(text: str) -> Iterator[tuple[float, str, float]]:
    """Yield each number in the words for a position, its unit, and the size of one unit of its last digit."""
    for part in re.sub(r" \([^)]*\)", "", text).replace("−", "-").split(", "):
        sixtieths = list(SIXTIETHS.finditer(part))
        for sign, whole, hours, minutes, seconds, digits in (found.groups() for found in sixtieths):
            degree = 15.0 if hours == "h" else 1.0
            size = (int(whole) + int(minutes) / 60 + float(seconds) / 3600) * degree
            yield (-size if sign == "-" else size), "deg", degree / 3600 * 10.0 ** -len(digits or "")
        angles = [(number, SIGNS[sign]) for number, sign in ANGLE.findall(part)] if not sixtieths else []
        for number, unit in angles or ([] if sixtieths else NUMBER.findall(part)):
            mantissa, _, exponent = number.partition("e")
            yield float(number), unit, 10.0 ** (int(exponent or 0) - len(mantissa.partition(".")[2]))


def is_there(number: float, unit: str, step: float, value: float, other_unit: str) -> bool:
    """Whether a number that was rounded to whole steps is `value`.  If one unit is empty, it is that of the other."""
    from astropy.units import Unit

    ours, theirs = Unit(unit or other_unit), Unit(other_unit or unit)
    if not ours.is_equivalent(theirs):
        return False
    off = number - value * theirs.to(ours)
    if ours.is_equivalent(Unit("deg")):
        around = Unit("deg").to(ours) * 360
        off = (off + around / 2) % around - around / 2
    return abs(off) <= 0.51 * step + 1e-9 * abs(number)


def blank_of(image: dict[str, Any]) -> float | None:
    """Return the value of blank integers in readers that do not treat them as blank; None for readers that do.

    Astropy does not if BLANK is 0, or if integers are unsigned.
    """
    blank = image.get("BLANK")
    if not isinstance(blank, int) or image.get("BITPIX", 0) < 0 or image.get("nan", 0):
        return None
    return blank * float(image.get("BSCALE", 1)) + float(image.get("BZERO", 0))


def types_of(image: dict[str, Any]) -> set[str]:
    """Return the dtypes that are right for the elements of an image.

    Facts may give another dtype than ours: other readers use a floating-point dtype for integers of which some are
    blank, and for scaled integers one that cannot hold all values.
    """
    types = {image.get("type", "")}
    if "BLANK" in image and image.get("BITPIX", 0) > 0:
        types |= {f"int{image['BITPIX']}", "uint8"}
    if "BSCALE" in image or "BZERO" in image:
        types.add("float64")
    return types


def values_of(source: ImageSource) -> np.ndarray:
    """Return all values: the planes, rows, columns and channels of an image."""
    info = source.info
    whole = Viewport(info.element, (0, 0), info.shape, info.anchor)
    planes = [source.render(whole, plane, "nearest") for plane in product(*(range(axis.size) for axis in info.planes))]
    return np.stack(planes).reshape(*(axis.size for axis in info.planes), *planes[0].shape)


def element(source: ImageSource, values: np.ndarray, index: tuple[int, ...]) -> Any:
    """Return one element as it is stored; `index` is its index in `values`."""
    info = source.info
    if info.channels > 1:
        return values[index]
    (*plane, row, column), (x0, y0), (sx, sy) = index, info.anchor, info.element
    return source.sample([(x0 + (column + 0.5) * sx, y0 + (row + 0.5) * sy)], tuple(plane))[0]


def same(found: Any, right: Any, near: float) -> bool:
    """Whether a number is the right one.  Facts have words for numbers that JSON lacks: ``"nan"``."""
    if isinstance(right, list):
        return bool(same(found.real, right[0], near) and same(found.imag, right[1], near))
    if right in ("nan", "masked"):
        return bool(np.isnan(found))
    if isinstance(right, int) and isinstance(found, np.integer):
        return int(found) == right
    return math.isclose(float(found), float(right), rel_tol=near, abs_tol=1e-300)


def table(verdicts: list[Verdict]) -> Iterator[str]:
    """Yield a line for each image."""
    rows = [(verdict.file, verdict.inner, verdict.text) for verdict in verdicts]
    widths = [max((len(row[at]) for row in rows), default=0) for at in range(3)]
    for row, verdict in zip(rows, verdicts, strict=True):
        cells = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield f"{cells}  {verdict.word}{': ' + verdict.why if verdict.why else ''}"


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    if not Path(sys.argv[1]).is_dir():
        sys.exit(f"there is no folder {sys.argv[1]}")
    sys.exit(main(Path(sys.argv[1]).resolve()))
