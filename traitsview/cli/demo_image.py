"""The image of the demonstration: a made-up spiral galaxy among stars, as a telescope would see it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from .output_file import whole_file

if TYPE_CHECKING:
    import numpy as np

__all__ = ["demo_file", "strips"]

#: Rows and columns of the image.
SIZE = 8192

# The version of the picture: a file that an older version made is not shown.
_RECIPE = 1

# Rows that are made at once.
_STRIP_ROWS = 256

# The diffuse light is computed at a resolution that is coarser by this factor.
_COARSE_FACTOR = 4

# A FITS file is a whole number of blocks.
_BLOCK_BYTES = 2880


def demo_file(size: int = SIZE, report: Callable[[str], None] | None = None) -> Path:
    """Return the image as a FITS file in the user's cache.  It is made now unless it is there and complete.

    Parameters
    ----------
    size : int
        Rows and columns, a multiple of 256.
    report : callable, optional
        Called again and again with the progress in one line.
    """
    folder = cache_folder()
    path = folder / f"demo-{size}-{_RECIPE}.fits"
    header = _header(size)
    length = -(-(len(header) + 4 * size * size) // _BLOCK_BYTES) * _BLOCK_BYTES
    if _is_whole(path, header, length):
        return path
    with whole_file(path) as stream:
        stream.write(header)
        for done, strip in enumerate(strips(size), 1):
            stream.write(strip.astype(">f4").data)
            if report is not None:
                report(
                    f"making the demo image, {4e-6 * size * size:.0f} MB, once: {100 * done * _STRIP_ROWS // size} %"
                )
        stream.write(bytes(length - stream.tell()))
    return path


def cache_folder() -> Path:
    """Return the folder of the user for files that can be made again; it is made if it is missing."""
    base = os.environ.get("XDG_CACHE_HOME", "")
    home = Path(base) if os.path.isabs(base) else Path(os.path.expanduser("~")) / ".cache"
    if sys.platform == "darwin" and not base:
        home = Path(os.path.expanduser("~/Library/Caches"))
    folder = home / "traitsview"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return Path.cwd()
    return folder


def _is_whole(path: Path, header: bytes, length: int) -> bool:
    try:
        with open(path, "rb") as stream:
            return os.fstat(stream.fileno()).st_size == length and stream.read(len(header)) == header
    except OSError:
        return False


def _header(size: int) -> bytes:
    scale = 0.2 / 3600 * SIZE / size
    cards = [
        ("SIMPLE", "T"),
        ("BITPIX", "-32"),
        ("NAXIS", "2"),
        ("NAXIS1", f"{size}"),
        ("NAXIS2", f"{size}"),
        ("OBJECT", "'made up '"),
        ("BUNIT", "'electron'"),
        ("RADESYS", "'ICRS    '"),
        ("CTYPE1", "'RA---TAN'"),
        ("CTYPE2", "'DEC--TAN'"),
        ("CUNIT1", "'deg     '"),
        ("CUNIT2", "'deg     '"),
        ("CRVAL1", "202.4696"),
        ("CRVAL2", "47.1952"),
        ("CRPIX1", f"{size / 2 + 0.5}"),
        ("CRPIX2", f"{size / 2 + 0.5}"),
        ("CDELT1", f"{-scale:.12E}"),
        ("CDELT2", f"{scale:.12E}"),
    ]
    lines = [f"{name:<8}= " + (f"{value:<20}" if value[0] == "'" else f"{value:>20}") for name, value in cards]
    text = "".join(f"{line:<80}" for line in [*lines, "END"])
    return text.ljust(-(-len(text) // _BLOCK_BYTES) * _BLOCK_BYTES).encode("ascii")


def strips(size: int, seed: int = 7) -> Iterator[np.ndarray]:
    """Yield the image as float32 arrays of 256 rows each, from the bottom up; the same for the same seed."""
    import numpy as np

    random = np.random.default_rng(seed)
    light = _diffuse(size // _COARSE_FACTOR, random)
    sources = _point_sources(size, light, random)
    for first in range(0, size, _STRIP_ROWS):
        strip = _finer(light, first, _STRIP_ROWS, size)
        _paint(strip, first, sources)
        noise = random.standard_normal(strip.shape, np.float32)
        noise *= np.sqrt(strip + 40.0)
        strip += noise
        yield strip


def _diffuse(n: int, random: np.random.Generator) -> np.ndarray:
    """Return the light of gas and unresolved stars on n × n points: a disc with two arms, a bulge, dust and cirrus."""
    import numpy as np

    y, x = np.ogrid[-1 : 1 : n * 1j, -1 : 1 : n * 1j]
    turbulence = _turbulence(n, 1.6, random)
    # The disc is inclined, turned by 30 degrees, and a little ragged.
    u = (x * 0.87 + y * 0.5) * 1.05
    v = (y * 0.87 - x * 0.5) * 1.55
    r = np.hypot(u, v) + 1e-6
    angle = np.arctan2(v, u) + 0.12 * turbulence
    phase = np.cos(2 * (angle - 3.3 * np.log(r + 0.035)))
    arms = np.exp(2.4 * (phase - 1)) * (1 - np.exp(-((r / 0.09) ** 2)))
    disc = np.exp(-r / 0.2) * (0.35 + 1.6 * arms * np.exp(0.55 * turbulence))
    lane = np.cos(2 * (angle - 3.3 * np.log(r + 0.035)) + 0.85)
    dust = 1 - 0.55 * np.exp(5 * (lane - 1)) * np.exp(-((r - 0.3) ** 2) / 0.07)
    bulge = 2.2 * np.exp(-((r / 0.018) ** 0.6))
    companion = 0.8 * np.exp(-((np.hypot(x - 0.56, (y - 0.52) * 1.2) / 0.012) ** 0.62))
    cirrus = 0.012 * np.exp(0.9 * _turbulence(n, 1.4, random))
    light: np.ndarray = (60 + 2600 * (disc * dust + bulge + companion + cirrus)).astype(np.float32)
    return light


def _turbulence(n: int, slope: float, random: np.random.Generator) -> np.ndarray:
    """Return n × n numbers of mean 0 and deviation 1, correlated over all distances."""
    import numpy as np

    k = np.hypot(np.fft.fftfreq(n)[:, None], np.fft.rfftfreq(n)[None, :])
    k[0, 0] = np.inf
    waves = np.fft.rfft2(random.standard_normal((n, n), np.float32)) * k**-slope
    field = np.fft.irfft2(waves, (n, n))
    scaled: np.ndarray = field / field.std()
    return scaled


def _point_sources(size: int, light: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Return stars and small galaxies as rows of (y, x, peak, radius, axis ratio, angle), sorted by y."""
    import numpy as np

    unit = size / SIZE
    field, members, galaxies = int(9000 * unit), int(30000 * unit), int(1500 * unit)
    share = np.cumsum(((light - light.min()) ** 0.8).ravel(), dtype=np.float64)
    places = np.searchsorted(share, random.random(members) * share[-1])
    coarse = light.shape[0]
    within = np.stack(np.divmod(places, coarse), axis=1) + random.random((members, 2))
    y, x = np.concatenate(
        [random.random((field, 2)) * size, within * _COARSE_FACTOR, random.random((galaxies, 2)) * size]
    ).T
    peak = np.concatenate(
        [
            60 * random.pareto(0.75, field).clip(0.2, 3000),
            60 * random.pareto(1.3, members).clip(0.5, 300),
            50 * random.pareto(1.2, galaxies).clip(0.5, 40),
        ]
    )
    stars = field + members
    radius = np.concatenate([np.full(stars, 1.7), 2.5 + 5.0 * random.gamma(1.5, 1.0, galaxies).clip(0, 6)])
    ratio = np.concatenate([np.ones(stars), random.uniform(0.25, 1, galaxies)])
    angle = np.concatenate([np.zeros(stars), random.uniform(0, np.pi, galaxies)])
    found = np.stack([y, x, peak, radius, ratio, angle], axis=1)
    sorted_: np.ndarray = found[np.argsort(y)]
    return sorted_


def _paint(strip: np.ndarray, first: int, sources: np.ndarray, widest: int = 160) -> None:
    """Add the sources that reach into a strip: stars have a core and faint wings, galaxies an exponential profile."""
    import numpy as np

    rows, columns = strip.shape
    low, high = np.searchsorted(sources[:, 0], (first - widest, first + rows + widest))
    for y, x, peak, radius, ratio, angle in sources[low:high]:
        reach = int(min(widest, radius * (4 + 2.2 * np.log1p(peak / 100) ** 1.6)))
        j0, j1 = max(0, int(y) - first - reach), min(rows, int(y) - first + reach + 1)
        i0, i1 = max(0, int(x) - reach), min(columns, int(x) + reach + 1)
        if j0 >= j1 or i0 >= i1:
            continue
        dy = np.arange(j0, j1, dtype=np.float32)[:, None] + np.float32(first + 0.5 - y)
        dx = np.arange(i0, i1, dtype=np.float32)[None, :] + np.float32(0.5 - x)
        if ratio < 1:
            c, s = np.float32(np.cos(angle)), np.float32(np.sin(angle))
            far = np.sqrt((dx * c + dy * s) ** 2 + ((dy * c - dx * s) / np.float32(ratio)) ** 2)
            strip[j0:j1, i0:i1] += np.float32(peak) * np.exp(far * np.float32(-1 / radius))
        else:
            # Moffat's profile, that of a star seen through the atmosphere.
            far = (dx * dx + dy * dy) * np.float32(1 / (2.2 * radius) ** 2)
            strip[j0:j1, i0:i1] += np.float32(peak) / (1 + far) ** 3


def _finer(light: np.ndarray, first: int, rows: int, columns: int) -> np.ndarray:
    """Return `rows` rows of the coarse light from `first` on, at full resolution, smoothly interpolated."""
    import numpy as np

    down, weights = _spline(light.shape[0], first, rows)
    band = sum(w[:, None] * light[at] for w, at in zip(weights, down, strict=True))
    across, weights = _spline(light.shape[1], 0, columns)
    fine: np.ndarray = np.zeros((rows, columns), np.float32)
    for w, at in zip(weights, across, strict=True):
        fine += w * band[:, at]
    return fine


def _spline(n: int, first: int, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the four neighbours of each fine place among n coarse ones, and their cubic weights."""
    import numpy as np

    place = (np.arange(first, first + count) + 0.5) / _COARSE_FACTOR - 0.5
    whole = np.floor(place).astype(int)
    t = (place - whole).astype(np.float32)
    weights = np.stack([(1 - t) ** 3, 3 * t**3 - 6 * t**2 + 4, -3 * t**3 + 3 * t**2 + 3 * t + 1, t**3]) / 6
    return np.clip(whole + np.arange(-1, 3)[:, None], 0, n - 1), weights.astype(np.float32)
