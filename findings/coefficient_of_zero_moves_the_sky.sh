#!/bin/sh
# A coefficient of 0 moves the sky by 90 degrees.
#
# astropy 8.0.2 with the WCSLIB 8.6 that it brings, NumPy 2.3.5.  PVi_m beside TAN have two meanings: SCAMP's polynomial,
# and a native reference point and pole (FITS 4.0, section 8.3.4).  Which one counts is decided by whether a PV card with
# m > 4 is there, whatever its value.  So the linear solution of SCAMP, x = x and y = y, is another sky until a term that
# is 0 is added to it.  Starlink AST, which DS9 uses, decides by any PV card of the latitude.  Seen, for pixel (30.5, 16.5):
#
#   no PV card                          83.444428  49.999896
#   PVi_0 0, PVi_1 1, PVi_2 0          263.730517  39.998182
#   the same and PV2_5 0                83.444428  49.999896
#
# Ends with 1 if that is different.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet astropy==8.0.2 numpy==2.3.5
"$folder/venv/bin/python" - <<'PYTHON'
import warnings

import numpy as np
from astropy.io import fits
from astropy.wcs import WCS

LINEAR = {f"PV{i}_{m}": float(m == 1) for i in (1, 2) for m in (0, 1, 2)}


def position(cards):
    header = fits.Header()
    header["CTYPE1"], header["CTYPE2"] = "RA---TAN", "DEC--TAN"
    header["CRVAL1"], header["CRVAL2"], header["CRPIX1"], header["CRPIX2"] = 83.6, 50.0, 20.5, 16.5
    header["CD1_1"], header["CD2_2"] = -0.01, 0.01
    header.update(cards)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = WCS(header).wcs_pix2world([[30.5, 16.5]], 1)[0]
    print(found, cards)
    return found


plain = position({})
np.testing.assert_allclose(position(LINEAR), [263.73051729, 39.99818156], atol=1e-6)
np.testing.assert_allclose(position({**LINEAR, "PV2_5": 0.0}), plain, atol=1e-9)
PYTHON
