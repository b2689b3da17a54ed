% Tundra: peat, moss, lichen, cotton grass and a pale sky
tundra = [ 0.13 0.10 0.09
           0.33 0.26 0.17
           0.47 0.45 0.24
           0.60 0.65 0.45
           0.79 0.80 0.70
           0.90 0.93 0.96 ];
