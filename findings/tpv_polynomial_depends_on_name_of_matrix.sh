#!/bin/sh
# One linear transformation, written as CDELTi or as CDi_j, gives two positions under TPV; without PV cards there is one
# position for the whole image.
#
# astropy 8.0.2 with the WCSLIB 8.6 that it brings, NumPy 2.3.5.  The convention (fits.gsfc.nasa.gov/registry/tpvwcs)
# applies the polynomial to intermediate world coordinates, in degrees.  WCSLIB does so where the matrix is CDi_j; where
# the same steps are CDELTi it applies it before they are scaled, to pixels, without a warning.  It also takes 0 for the
# linear terms PV1_1 and PV2_1 where they are missing, so that every pixel lies at CRVAL.  Seen, for pixel (30.5, 26.5):
#
#   PV1_1 1, PV1_4 1, PV2_1 1   CDi_j    83.459693 50.099915
#                               CDELTi   81.885649 50.087376     (1.57 degrees of right ascension away)
#   no PV card                  CDi_j    83.6      50            (that is CRVAL; TAN has 83.444104 50.099896)
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

CD = {"CD1_1": -0.01, "CD2_2": 0.01}
CDELT = {"CDELT1": -0.01, "CDELT2": 0.01}
TERMS = {"PV1_1": 1.0, "PV1_4": 1.0, "PV2_1": 1.0}


def position(projection, *cards):
    header = fits.Header()
    header["CTYPE1"], header["CTYPE2"] = f"RA---{projection}", f"DEC--{projection}"
    header["CRVAL1"], header["CRVAL2"], header["CRPIX1"], header["CRPIX2"] = 83.6, 50.0, 20.5, 16.5
    for each in cards:
        header.update(each)
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        found = WCS(header).wcs_pix2world([[30.5, 26.5]], 1)[0]
    assert not told
    print(projection, *cards, found)
    return found


tan = position("TAN", CD)
np.testing.assert_allclose(position("TAN", CDELT), tan, atol=1e-12)
xi = -0.1
with_cd = position("TPV", CD, TERMS)
# By the definition of the convention: xi' = xi + xi**2.
np.testing.assert_allclose(with_cd, position("TAN", {"CD1_1": (xi + xi**2) / 10, "CD2_2": 0.01}), atol=1e-9)
with_cdelt = position("TPV", CDELT, TERMS)
assert 1.5 < with_cd[0] - with_cdelt[0] < 1.6
np.testing.assert_allclose(position("TPV", CD), [83.6, 50.0], atol=1e-12)
PYTHON
