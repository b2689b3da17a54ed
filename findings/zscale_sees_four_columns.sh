#!/bin/sh
# zscale of an image of 256 columns and 250 rows looks at columns 0, 64, 128 and 192 and at nothing else.
#
# astropy 8.0.2, NumPy 2.3.5.  ZScaleInterval takes every n-th pixel of the flattened image, n = pixels / 1000, here 64.
# Where n and the number of columns have a large common divisor, a few columns stand for all; what repeats with them, such as
# the edges of a detector's amplifiers, makes the limits.  Seen, for values of 100 +- 5 in which four columns are 0:
#
#   columns 0, 64, 128, 192 are 0    0.0 ... 0.0
#   columns 1, 65, 129, 193 are 0    83.4 ... 114.0
#   the first image, pixels in random order    70.1 ... 119.5
#
# Ends with 1 if that is different.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet astropy==8.0.2 numpy==2.3.5
"$folder/venv/bin/python" - <<'PYTHON'
import numpy as np
from astropy.visualization import ZScaleInterval

random = np.random.default_rng(0)
values = random.normal(100, 5, (250, 256)).astype(np.float32)
first, second = values.copy(), values.copy()
first[:, 0::64] = 0
second[:, 1::64] = 0
seen = [ZScaleInterval().get_limits(image) for image in (first, second, random.permutation(first.ravel()))]
for low, high in seen:
    print(f"{low:.1f} ... {high:.1f}")
assert tuple(seen[0]) == (0, 0)
assert all(60 < low < 90 and 110 < high < 130 for low, high in seen[1:])
PYTHON
