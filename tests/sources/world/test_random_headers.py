"""Random headers cost coordinates at most, and libraries never refuse axes that are certain."""

import random
from contextlib import nullcontext

import pytest

from traitsview.sources.world.axes import world_axes
from traitsview.sources.world.cards import read_cards
from traitsview.sources.world.labels import WorldLabels

SIMPLE = ["TAN", "SIN", "STG", "ARC", "ZEA", "TPV", "CAR", "CEA", "MER", "SFL", "PAR", "MOL", "AIT"]
OTHERS = ["AZP", "SZP", "ZPN", "AIR", "CYP", "COP", "COE", "COD", "COO", "BON", "PCO", "TSC", "CSC", "QSC", "HPX"]
OTHERS += ["XPH", "NCP", "GLS", "TNX", "ZPX", "TAB", "LOG", "XXX"]
PAIRS = [("RA--", "DEC-"), ("GLON", "GLAT"), ("HPLN", "HPLT"), ("DEC-", "RA--")]
LINES = ["RA---TAN", "FREQ", "WAVE-F2W", "VOPT-F2W", "WAVE-LOG", "STOKES", "x", "WAVE-TAB", "FELO-HEL", "GLON-CAR"]
UNITS = ["deg", "m", "Hz", "km/s", "x", "rad", "hours", "Sine Latitude"]
NUMBERS = [0.0, 1.0, -1.0, 90.0, -90.0, 180.0, 360.0, 1e-300, 1e300, -1e-5]


def number(rng):
    return rng.choice(
        [*NUMBERS, rng.uniform(-400, 400), rng.uniform(-1, 1), rng.gauss(0, 1) * 10 ** rng.randint(-12, 12)]
    )


def value(rng):
    return rng.choice(
        [repr(number(rng))] * 8 + ["'x'", "", "T", f"'{number(rng)}'", f"{number(rng):E}".replace("E", "D")]
    )


def header(rng):
    """Return random cards about the coordinates of a cube.  Few of them make sense together."""
    projection = rng.choice(SIMPLE if rng.random() < 0.6 else OTHERS)
    kinds = [f"{name}-{projection}" for name in rng.choice(PAIRS)] if rng.random() < 0.9 else rng.choices(LINES, k=3)
    cards = [f"CTYPE{n}  = '{kind}'" for n, kind in enumerate(kinds, 1)]
    for name, share in (("CRVAL", 0.8), ("CRPIX", 0.8), ("CDELT", 0.8), ("CROTA", 0.1)):
        for n in (1, 2, 3):
            if rng.random() < share:
                cards.append(f"{name}{n}  = {value(rng) if rng.random() < 0.3 else rng.uniform(-85, 85)}")
    i, j, p, q = (rng.randint(1, 4) for _ in range(4))
    more = [
        f"PC{i}_{j}   =",
        f"CD{i}_{j}   =",
        f"PV{i}_{rng.randint(0, 39)}   =",
        f"A_{p}_{q}   =",
        "PLTRAH  =",
        "VELREF  =",
    ]
    more += ["LONPOLE =", "LATPOLE =", "RESTFRQ =", "WCSAXES =", "EQUINOX =", "PROJP1  ="]
    cards += [f"{rng.choice(more)} {value(rng)}" for _ in range(rng.randint(0, 4))]
    others = [f"CUNIT{i}  = '{rng.choice(UNITS)}'", f"A_ORDER = {rng.choice([2, 3, 2.5])}", "B_ORDER = 2"]
    others += ["CPDIS1  = 'LOOKUP'", "DP1     = 'EXTVER: 1'", "PS3_0   = 'A'", "CNAME1  = 'x'", "CQDIS2  = 'TPD'"]
    others += ["CPDIS1  = 'Polynomial'", "DP1     = 'AXIS.1: 1'", f"PV{i}_3   = {rng.choice([1, 2])}"]
    others += [f"WAT1_001= 'wtype=tnx lngcor = \"{rng.choice([1, 3, 4])} 2 2 2 0 1 0 1 .1 .2 .3\"'"]
    return [card.ljust(80) for card in (*cards, *rng.sample(others, rng.randint(0, 3)))]


@pytest.mark.parametrize("seed", range(5))
def test_random_headers_raise_no_error_and_certain_ones_are_never_refused(seed):
    rng = random.Random(seed)
    certain = 0
    for _ in range(200):
        cards = header(rng)
        world = world_axes(read_cards(cards), (40, 32, 3))
        labels = WorldLabels(world, lambda: nullcontext(None))
        problem = labels.problem
        assert "\n" not in problem
        texts = labels([(1.5, 2.5), (39.0, 1.0), (-5.0, 7.0)], (rng.randint(0, 2),))
        assert len(texts) == 3
        if world.is_certain:
            certain += 1
            assert not labels._values().refusals, cards
    assert certain > 50
