#!/bin/sh
# Astropy reads missing elements of unsigned FITS integers as ordinary numbers.
#
# astropy 8.0.2, numpy 2.3.5.  FITS stores unsigned integers as signed ones with BZERO at half of their range, and BLANK
# names the stored integer that stands for no value.  Without BZERO, elements that are BLANK come as NaN.  With BZERO,
# astropy.io.fits by default (uint=True) gives an array of unsigned integers, in which BLANK + BZERO is a number like any
# other: no NaN, no mask, no warning, in a plain image and in a tile-compressed one alike.  With uint=False they are NaN, but
# 64-bit integers then are doubles, of which neighbours are one.
#
# So a reader that wants both has to open with do_not_scale_image_data=True and apply BZERO and BLANK itself.
#
# Seen:
#   16 bits: signed [1.0, nan], unsigned [32769, 32771], packed [32769, 32771], uint=False [32769.0, nan]
#   and likewise with 32 and 64 bits.
# Exits with 0 while that is so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check "astropy==8.0.2" "numpy==2.3.5"
"$folder/venv/bin/python" -W error - <<'PYTHON'
import io

import numpy as np
from astropy.io import fits

BLANK = 3


def with_cards(written, **cards):
    """Return a FITS file whose last header has more cards."""
    begin = written.rindex(b"XTENSION") if b"XTENSION" in written else 0
    end = written.index(b"END" + b" " * 77, begin)
    more = "".join(f"{name:<8}= {value:>20}".ljust(80) for name, value in cards.items()).encode()
    header = written[begin:end] + more + b"END".ljust(80)
    rest = begin + -(-(end + 80 - begin) // 2880) * 2880
    return io.BytesIO(written[:begin] + header.ljust(-(-len(header) // 2880) * 2880) + written[rest:])


def read(hdu, zero, **options):
    """Return the first row of an image that holds 1 and BLANK."""
    written = io.BytesIO()
    hdu.writeto(written)
    file = with_cards(written.getvalue(), BSCALE=1, BZERO=zero, BLANK=BLANK)
    with fits.open(file, **options) as hdus:
        return hdus[-1].data[0].tolist()


for bits in (16, 32, 64):
    stored = np.array([[1, BLANK]] * 4, f">i{bits // 8}")
    half = 2 ** (bits - 1)
    signed = read(fits.PrimaryHDU(stored), 0)
    unsigned = read(fits.PrimaryHDU(stored), half)
    packed = read(fits.CompImageHDU(stored, compression_type="GZIP_1"), half)
    floating = read(fits.PrimaryHDU(stored), half, uint=False)
    print(f"{bits} bits: signed {signed}, unsigned {unsigned}, packed {packed}, uint=False {floating}")
    assert signed[0] == 1 and np.isnan(signed[1])
    assert unsigned == packed == [half + 1, half + BLANK]
    assert floating[0] == float(half + 1) and np.isnan(floating[1])
PYTHON
