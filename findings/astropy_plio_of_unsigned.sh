#!/usr/bin/env bash
#
# astropy.io.fits reads masks of unsigned 16-bit integers that CFITSIO has packed by PLIO_1 as 32768 too large.
#
# FITS has no unsigned integers of 16 bits: they are stored less 32768, which BZERO says.  PLIO_1 is made for masks and has no
# negative numbers, so CFITSIO (fpack -p, and everything that writes by it) packs the values themselves and subtracts 32768
# after it has unpacked them, before BZERO is added.  No card says so, and the standard (FITS 4.0, section 10.4.3) does
# not, either.  astropy adds BZERO to what it has unpacked: flag 0 becomes 32768, and each bit mask has its highest bit set.
#
# Seen with astropy 8.0.2, fitsio 1.4.2 (CFITSIO 4) and numpy 2.3.5:
#
#     written  [0, 1, 7, 40000]
#     fitsio   [0, 1, 7, 40000]
#     astropy  [32768, 32769, 32775, 7232]
#
# Ends with 0 while this is so, and with 1 when it has changed.

set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    astropy==8.0.2 fitsio==1.4.2 numpy==2.3.5
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
import sys

import fitsio
import numpy as np
from astropy.io import fits

mask = np.array([[0, 1, 7, 40000]] * 2, "u2")
fitsio.write("mask.fits", mask, compress="PLIO", clobber=True)
seen = {"written": mask, "fitsio": fitsio.read("mask.fits", ext=1), "astropy": fits.getdata("mask.fits", 1)}
for who, values in seen.items():
    print(f"{who:8}", values[0].tolist())
off = (seen["astropy"] ^ mask) == 32768
sys.exit(0 if np.array_equal(seen["fitsio"], mask) and off.all() else 1)
PYTHON
