#!/bin/sh
# A term of 0 takes all later terms of IRAF's TNX polynomial away, and a blank at the end of a card takes the position.
#
# astropy 8.0.2 with the WCSLIB 8.6 that it brings, NumPy 2.3.5.  TNX adds a polynomial to the plane of TAN; its terms
# are a text that is cut into cards WATi_nnn of 68 characters (https://fits.gsfc.nasa.gov/registry/tnx.html).  WCSLIB's
# parser does not step over a term that is 0, and so reads it again for every term that follows; and it drops blanks
# at the end of each card, behind which it finds nothing more.  Seen, for pixel (30.5, 6.5), in degrees:
#
#   terms 0, 0 and 0.25 y            83.444751  49.899896  as without a polynomial: 0.25 y is lost
#   terms 1e-300, 1e-300 and 0.25 y  83.405939  49.899838
#   a blank at the end of a card     refused: "Internal error in wcslib header parser:"
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


def position(longitude, latitude, blanks=0):
    """Return the position with these terms of the polynomials, and whether a card before the last ends in a blank."""
    cards = ["CTYPE1  = 'RA---TNX'", "CTYPE2  = 'DEC--TNX'", "CRVAL1  = 83.6", "CRVAL2  = 50.0"]
    cards += ["CRPIX1  = 20.5", "CRPIX2  = 16.5", "CD1_1   = -0.01", "CD2_2   = 0.01"]
    spaced = False
    for axis, kind, name, terms in ((1, "ra", "lngcor", longitude), (2, "dec", "latcor", latitude)):
        text = f'wtype=tnx axtype={kind} {" " * blanks}{name} = "3. 2. 2. 2. -1. 1. -1. 1. {terms} "'
        parts = [text[at : at + 68] for at in range(0, len(text), 68)]
        spaced |= any(part.endswith(" ") for part in parts[:-1])
        cards += [f"WAT{axis}_{n:03d}= '{part}'" for n, part in enumerate(parts, 1)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        header = fits.Header.fromstring("".join(card.ljust(80) for card in cards))
        try:
            return WCS(header).wcs_pix2world([[30.5, 6.5]], 1)[0], spaced
        except ValueError as error:
            return str(error).strip(), spaced


found = [position(f"{zero} {zero} 0.25", f"{zero} {zero} {zero}")[0] for zero in ("0.", "1e-300")]
print(*found)
np.testing.assert_allclose(found, [[83.44475092, 49.89989647], [83.40593891, 49.89983818]], atol=1e-7)
answers = [position("1e-3 2e-3 3e-3", "1e-3 2e-3 3e-3", blanks) for blanks in range(20)]
refused = [at for at, (answer, _) in enumerate(answers) if "Internal error in wcslib header parser" in str(answer)]
print("refused with so many blanks before the name:", refused)
assert refused == [at for at, (_, spaced) in enumerate(answers) if spaced]
assert 0 < len(refused) < 20
PYTHON
