#!/usr/bin/env bash
#
# astropy.io.fits shows BLANK = 0 as 0, not as NaN, though it shows any other BLANK as NaN.
#
# A FITS integer image names in BLANK the stored integer that means "no value" (FITS 4.0, section 4.4.2.5).  Zero is a
# common choice for masks and coadds.  astropy makes the image floating point because of BLANK, and then leaves the
# elements as they are when BLANK is 0: it tests `if self._blank:` where it means `is not None`.  So the mean, the minimum
# and the limits of such images are wrong, silently.  It is so for plain and for tile-compressed images.
#
# Seen with astropy 8.0.2 and numpy 2.3.5:
#
#     BLANK = 7 plain       float64 [0.0, 7.0, 2.0] -> [0.0, nan, 2.0]
#     BLANK = 0 plain       float64 [0.0, 7.0, 2.0] -> [0.0, 7.0, 2.0]
#     BLANK = 0 compressed  float64 [0.0, 7.0, 2.0] -> [0.0, 7.0, 2.0]
#
# Ends with 0 while this is so, and with 1 when it has changed.

set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check astropy==8.0.2 numpy==2.3.5
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
import sys

import numpy as np
from astropy.io import fits

stored = np.array([[0, 7, 2]], "i4")


def read(kind, blank, number):
    hdu = kind(stored)
    hdu.header["BLANK"] = blank
    hdu.writeto("image.fits", overwrite=True)
    return fits.getdata("image.fits", number)[0]


seen = {
    "BLANK = 7 plain     ": read(fits.PrimaryHDU, 7, 0),
    "BLANK = 0 plain     ": read(fits.PrimaryHDU, 0, 0),
    "BLANK = 0 compressed": read(fits.CompImageHDU, 0, 1),
}
for what, values in seen.items():
    print(what, values.dtype, stored[0].astype(float).tolist(), "->", values.tolist())
seven, zero, compressed = seen.values()
as_described = np.isnan(seven[1]) and zero.tolist() == compressed.tolist() == [0.0, 7.0, 2.0] and zero.dtype == "f8"
sys.exit(0 if as_described else 1)
PYTHON
