"""FITS files with cards that are written as bytes.  Astropy would correct the cards."""

import numpy as np

SKY = (
    "CTYPE1  = 'RA---TAN'",
    "CTYPE2  = 'DEC--TAN'",
    "CRVAL1  = 83.6",
    "CRVAL2  = -5.4",
    "CRPIX1  = 20.5",
    "CRPIX2  = 16.5",
    "CDELT1  = -0.001",
    "CDELT2  = 0.001",
)

#: Where data point (13.5, 8.5) of `SKY` lies.
POINT, PLACE = (13.5, 8.5), "05h34m25.6s −05°24′27″"


def with_cards(cards, *others):
    """Return `cards` with the cards `others`, in the place of those with the same keyword, or behind all."""
    by_name = {_name(card): card for card in cards}
    return [*{**by_name, **{_name(card): card for card in others}}.values()]


def written(path, cards, shape=(32, 40)):
    """Write an image with these cards, of 40 × 32 elements by default, and return its path."""
    array = np.arange(np.prod(shape), dtype=">f4")
    first = [f"SIMPLE  = {'T':>20}", f"BITPIX  = {-32:>20}", f"NAXIS   = {len(shape):>20}"]
    sizes = [f"NAXIS{n}  = {size:>20}" for n, size in enumerate(reversed(shape), 1)]
    header = "".join(card.ljust(80) for card in (*first, *sizes, *cards, "END"))
    body = array.tobytes()
    path.write_bytes(
        header.ljust(-len(header) // 2880 * -2880).encode("latin1") + body.ljust(-len(body) // 2880 * -2880)
    )
    return path


def _name(card):
    return card[:8].partition("=")[0].strip().upper()
