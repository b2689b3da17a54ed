from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from traitsview.color.loaders.formats import load_colormap

ROWS = [[0, 0.1, 0.2], [0.5, 0.6, 0.4], [1, 0.9, 0.8]]


def test_the_matrix_that_comes_with_us():
    tundra = load_colormap(Path(__file__).parents[3] / "colormaps" / "tundra.m")
    assert (tundra.name, len(tundra.stops), tundra.warnings) == ("tundra", 6, ())
    np.testing.assert_allclose(tundra.lut(6)[[0, 5], :3], [[0.13, 0.10, 0.09], [0.90, 0.93, 0.96]])


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("mine = [0 0.1 0.2; 0.5 0.6 0.4; 1 0.9 0.8];\n", "mine"),
        ("mine = [ 0, 0.1, 0.2\n 0.5, 0.6, 0.4\n 1, 0.9, 0.8 ]\n", "mine"),
        ("% a map\nmine = [\n0 0.1 0.2 % first\n0.5 0.6 0.4;\n1 0.9 0.8;\n];", "mine"),
        ("[[0, 0.1, 0.2], [0.5, 0.6, 0.4], [1, 0.9, 0.8]]", "a"),
        ("mine = np.array([[0, 0.1, 0.2],\n [0.5, 0.6, 0.4],\n [1, 0.9, 0.8]])", "mine"),
        ("[[0.  0.1 0.2]\n [0.5 0.6 0.4]\n [1.  0.9 0.8]]\n", "a"),
        (
            "static const double mine[3][3] = {\n {0, 0.1, 0.2}, // first\n {0.5, 0.6, 0.4},\n {1, 0.9, 0.8},\n};\n",
            "mine",
        ),
        ("mine = [(0, 0.1, 0.2),\n (0.5, 0.6, 0.4),\n (1, 0.9, 0.8)]", "mine"),
    ],
)
@pytest.mark.parametrize("file", ["a.m", "a.txt", "a.json", "a.py"])
def test_matrices_of_several_languages(read, text, name, file):
    found = read(file, text)
    assert found.name == name
    np.testing.assert_allclose(found.lut(3)[:, :3], ROWS)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("mine = [0 0.1 0.2; 0.5 0.6", "a.m:1: '[0 0.1 0.2; 0.5 0.6' does not close the matrix; is the file whole?"),
        ("mine = [[0 0.1 0.2]\n [0.5 0.6 1];", "a.m:2: 2 brackets close and 3 open; each must be closed"),
        ("mine = [0 0.1 0.2\n0.5 abc 0.4];", "a.m:2: 'abc' is not a number; a number was expected"),
        ("mine = [0 0.1 0.2\n0.5 9999 0.4];", "a.m:2: green is 9999; it must be in 0 … 1"),
        ("mine = [0 0.1 0.2\n0.5 -5 0.4];", "a.m:2: green is -5; it must be in 0 … 1"),
        (
            "mine = [0 0.1 0.2\n0.5 0.4];",
            "a.m:2: 2 columns where the rows above have 3; every row must have as many columns",
        ),
        (
            "mine = [0 0 0; 1 1 1] * 0.5;",
            "a.m:1: '[0 0 0; 1 1 1] * 0.5;' does not close the matrix; is the file whole?",
        ),
        ("mine = [0 0 0; 1 rand 1];", "a.m:1: 'rand' is not a number; a number was expected"),
        (
            "function c = mine(n)\nc = [0 0 0; 1 1 1];",
            "a.m: it is a program; save the colours that it makes as text",
        ),
        (
            "mine = [0 0 0 1; 1 0 0 1];",
            "a.m:1: four columns may be position, red, green, blue or red, green, blue, alpha; "
            "say columns=xrgb or columns=rgba",
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_line(complaint, text, message):
    assert complaint("a.m", text) == message


@pytest.mark.parametrize("function", ["hsv2rgb", "lab2rgb", "flipud", "sqrt", "colors.hsv_to_rgb"])
def test_what_a_function_makes_of_a_matrix_is_not_guessed(complaint, function):
    assert complaint("a.m", f"map = {function}([0 1 1; 0.5 1 1]);\n") == (
        f"a.m:1: '{function}' makes other numbers of the matrix; give the colours themselves"
    )
