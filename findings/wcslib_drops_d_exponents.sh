#!/bin/sh
# WCSLIB reads 8.36D+01 as 8.36.
#
# astropy 8.0.2 with the WCSLIB 8.6 that it brings, NumPy 2.3.5.  FITS 4.0, section 4.2.4, allows D before an exponent.
# astropy.io.fits reads such a card as the number that it is.  WCS() of the same Header drops the exponent, without a
# warning.  Seen:
#
#   astropy.io.fits   CRVAL1 83.6   CDELT1 -0.001
#   astropy.wcs       CRVAL1 8.36   CDELT1 -1.0     (E in the place of D: 83.6, -0.001)
#
# Ends with 1 if that is different.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet astropy==8.0.2 numpy==2.3.5
"$folder/venv/bin/python" - <<'PYTHON'
import warnings

from astropy.io import fits
from astropy.wcs import WCS

numbers = {"CRVAL1": "8.36D+01", "CRVAL2": "-5.4", "CRPIX1": "20.5", "CRPIX2": "16.5", "CDELT1": "-1.0D-03", "CDELT2": "0.001"}


def read(letter):
    cards = ["CTYPE1  = 'RA---TAN'", "CTYPE2  = 'DEC--TAN'"]
    cards += [f"{name:<8}= {number.replace('D', letter):>20}" for name, number in numbers.items()]
    header = fits.Header.fromstring("".join(card.ljust(80) for card in cards))
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        wcs = WCS(header)
    return (header["CRVAL1"], header["CDELT1"]), (wcs.wcs.crval[0], wcs.wcs.cdelt[0]), len(told)


for letter in "DE":
    print(letter, *read(letter))
assert read("E") == ((83.6, -0.001), (83.6, -0.001), 0)
assert read("D") == ((83.6, -0.001), (8.36, -1.0), 0)
PYTHON
