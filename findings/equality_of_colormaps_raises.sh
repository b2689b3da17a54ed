#!/bin/sh
# Two colormaps of cmap that have not equally many colours cannot be compared: == raises.
#
# cmap 0.8.0, NumPy 2.3.5.  ColorStops.__eq__ gives both arrays to numpy.allclose.  So a list that is searched for a colormap,
# a dataclass with one in it and a cache whose keys have one fail for some colormaps and not for others.  Seen:
#
#   red, blue == red, white          False
#   red, blue == red, green, blue    ValueError: operands could not be broadcast together with shapes (2,5) (3,5)
#   viridis in [okabeito]            ValueError: operands could not be broadcast together with shapes (8,5) (256,5)
#
# Ends with 1 if that is different.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet cmap==0.8.0 numpy==2.3.5
"$folder/venv/bin/python" - <<'PYTHON'
from cmap import Colormap


def told(question):
    try:
        return str(question())
    except ValueError as error:
        return f"ValueError: {error}"


two, other, three = Colormap(["red", "blue"]), Colormap(["red", "white"]), Colormap(["red", "green", "blue"])
seen = [
    told(lambda: two == other),
    told(lambda: two == three),
    told(lambda: Colormap("bids:viridis") in [Colormap("okabeito:okabeito")]),
]
print(*seen, sep="\n")
assert seen[0] == "False"
assert seen[1].startswith("ValueError") and seen[2].startswith("ValueError")
PYTHON
