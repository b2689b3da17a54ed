"""The command ``colormaps``, and ``--colormap`` with a file."""

from __future__ import annotations

import json

import numpy as np
import pytest
from PIL import Image

from traitsview.cli.colormaps import ACTIONS
from traitsview.cli.main import main
from traitsview.color.catalogue import catalogue, colormap
from traitsview.color.loaders.formats import load_colormap
from traitsview.color.shading import Shading

SEA = "0 0 0.5\n0.25 0.5 0.75\n1 1 1\n"
MANY = json.dumps(
    [
        {"Name": name, "ColorSpace": "RGB", "RGBPoints": [0, 0, 0, 0.5, 1, red, 1, 1]}
        for name, red in (("Cool to Warm", 1), ("Night", 0))
    ]
)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A working folder with colormap files, and the user's own one, which is empty."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("TRAITSVIEW_COLORMAP_PATH", raising=False)
    (tmp_path / "config" / "traitsview" / "colormaps").mkdir(parents=True)
    (tmp_path / "sea.txt").write_text(SEA)
    (tmp_path / "many.json").write_text(MANY)
    (tmp_path / "bad.txt").write_text("0 0 0\n0 x 0\n")
    catalogue.cache_clear()
    yield tmp_path
    catalogue.cache_clear()


@pytest.fixture
def user(folder):
    return folder / "config" / "traitsview" / "colormaps"


@pytest.fixture
def said(capsys):
    """Run a command line and return its exit code and the lines of its output and of its error output."""

    def run(line):
        words = line if isinstance(line, list) else line.split()
        code = main(["colormaps", *words])
        out = capsys.readouterr()
        return code, out.out.splitlines(), out.err.splitlines()

    return run


def test_each_action_has_help_with_examples(capsys):
    for action in ACTIONS:
        assert main(["colormaps", action, "--help"]) == 0
        text = capsys.readouterr().out
        assert text.startswith(f"usage: traitsview colormaps {action}")
        assert f"\n  traitsview colormaps {action} " in text


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("", "no action was given"),
        ("lst", "did you mean 'list'?"),
        ("frobnicate", "give one of list, show, check, convert"),
        ("show", "needs NAME|FILE"),
        ("show viridis --outptu x.png", "unknown option '--outptu'"),
        ("show viridis -o x.jpg", "end it in .png"),
        ("show nosuchmap", "unknown colormap 'nosuchmap'"),
        ("show ./none.cpt", "cannot read './none.cpt': no such file"),
        ("show sea.txt --scale 7", "unknown scale '7'"),
        ("show sea.txt --format cptt", "unknown colormap format 'cptt'; did you mean cpt?"),
        ("show many.json::Nigth", "no colormap 'Nigth' in 'many.json'; did you mean 'Night'?"),
        ("convert many.json out.csv", "it holds 2 colormaps, 'Cool to Warm', 'Night'; name one: 'many.json::Cool to"),
        ("convert viridis out.xyz", "cannot tell the format of out.xyz"),
        ("convert viridis out.csv --sample 0", "cannot take '0' colours"),
        ("convert viridis out.csv --sample 1e3", "cannot take '1e3' colours"),
        ("convert sea.txt sea.txt", "it is the file that is read"),
        ("convert viridis none/out.csv", "cannot write out.csv"),
    ],
)
def test_wrong_command_lines_are_answered_in_one_line(folder, said, line, why):
    code, out, err = said(line)
    assert code == 2
    assert out == []
    assert len(err) == 1
    assert why in err[0]


def test_list_has_a_line_for_each_colormap(folder, said):
    code, out, err = said("list")
    assert (code, err) == (0, [])
    assert len(out) > 650
    assert any(line.split() == ["crameri:batlow", "sequential", "cmap"] for line in out)


def test_list_takes_words_namespaces_and_categories(folder, said):
    assert {line.split()[1] for line in said("list diverging crameri")[1]} == {"diverging"}
    assert {line.split()[1] for line in said("list --category cyclic")[1]} == {"cyclic"}
    assert {line.split(":")[0] for line in said("list --namespace crameri")[1]} == {"crameri"}
    assert said("list no-such-thing")[:2] == (0, [])


def test_list_shows_the_users_files_and_which_of_them_cannot_be_read(folder, user, said):
    (user / "mine.txt").write_text(SEA)
    (user / "mine.toml").write_text("title = 'The deep sea'\n")
    (user / "many.json").write_text(MANY)
    (user / "bad.txt").write_text("0 0 0\n0 x 0\n")
    code, out, err = said("list --namespace user")
    assert code == 0
    assert [line.split("  ")[0] for line in out] == [
        "user:bad",
        "user:many/Cool to Warm",
        "user:many/Night",
        "user:mine",
    ]
    assert out[-1].endswith("The deep sea")
    assert err == ["traitsview: note: a file could not be read; see 'colormaps list --failures'"]
    code, out, err = said("list --failures")
    assert (code, err) == (0, [])
    assert len(out) == 1
    assert out[0].startswith(f"{user / 'bad.txt'}: bad.txt:2: ")


def test_show_describes_a_colormap(folder, said):
    assert said("show viridis") == (0, ["viridis: a gradient of 256 stops"], [])
    assert said("show many.json")[1] == [
        "many/Cool to Warm: a gradient of 2 stops",
        "many/Night: a gradient of 2 stops",
    ]
    assert said(["show", "many.json::night"])[1] == ["many/Night: a gradient of 2 stops"]


def test_show_paints_a_strip_into_a_terminal(folder, said, monkeypatch, capsys):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "40")
    assert main(["colormaps", "show", "matlab:gray"]) == 0
    strip = capsys.readouterr().out.splitlines()[1]
    assert strip.startswith("\x1b[48;2;0;0;0m ")
    assert strip.endswith("\x1b[48;2;255;255;255m \x1b[0m")
    assert strip.count("m ") == 40


def test_show_draws_the_colours_in_their_places(folder, said):
    (folder / "full.cpt").write_text("0 black 1 white\nB 0/255/0\nF 0/0/255\nN 255/0/0\n")
    assert said("show full.cpt tab10 -o out.png")[0] == 0
    with Image.open("out.png") as file:
        picture = np.asarray(file)
    seen = {tuple(color) for color in picture.reshape(-1, 3).tolist()}
    for color in ((255, 0, 0), (0, 255, 0), (0, 0, 255), (31, 119, 180), (23, 190, 207)):
        assert color in seen
    row = picture[12 + 38 + 24].tolist()
    order = [row.index([0, 255, 0]), row.index([0, 0, 0]), row.index([0, 0, 255]), row.index([255, 0, 0])]
    assert order == sorted(order)
    # Ten bins of one width, but for the lines between them.
    below = picture[128 + 12 + 38 + 24].tolist()
    widths = {below.count(color) for color in ([31, 119, 180], [255, 127, 14], [148, 103, 189], [23, 190, 207])}
    assert max(widths) - min(widths) <= 1


def test_show_leaves_no_file_if_it_fails(folder, said):
    assert said("show viridis bad.txt -o out.png")[0] == 2
    assert said("show viridis -o none/out.png")[0] == 1
    assert not list(folder.glob("*.png*"))


def test_check_calls_good_files_good(folder, said):
    assert said("check sea.txt many.json") == (
        0,
        ["sea.txt: good, a gradient of 3 stops", "many.json: good, 2 colormaps: 'Cool to Warm', 'Night'"],
        [],
    )
    assert said("check --quiet sea.txt") == (0, [], [])


def test_check_has_a_line_for_each_finding_and_ends_with_1(folder, said):
    (folder / "guess.txt").write_text("0 0 0\n0 1 0\n1 1 1\n")
    code, out, err = said("check bad.txt sea.txt none.txt guess.txt")
    assert (code, err) == (1, [])
    assert out[0].startswith("bad.txt:2: ")
    assert out[1] == "sea.txt: good, a gradient of 3 stops"
    assert out[2] == "cannot read none.txt: no such file or directory; check the path"
    assert out[4].startswith("guess.txt: warning: ")


def test_check_names_the_options_that_decide_how_a_file_is_read(folder, said):
    (folder / "percent.txt").write_text("0.1 0.2 0.3\n3 3 3\n")
    (folder / "read.me").write_text("This is no colormap.\n")
    (folder / "guess.txt").write_text("0 0 0\n0 1 0\n1 1 1\n")
    _, out, _ = said("check percent.txt read.me guess.txt")
    assert out[0].endswith("say --scale 100 or --scale 255")
    assert out[1].endswith("as in --format text")
    assert "say --scale 255 if" in out[3]


def test_check_reads_the_sidecar_of_a_file(folder, said):
    (folder / "sea.toml").write_text("limits = [0, 5]\n")
    assert said("check sea.txt")[1] == ["sea.txt: good, a gradient of 3 stops, for 0 … 5"]
    (folder / "sea.toml").write_text("limits = [5, 0]\n")
    assert said("check sea.txt")[:2] == (1, ["sea.toml: limits are 5 and 0; the first must be the smaller"])


def test_convert_writes_a_file_that_can_be_read_again(folder, said):
    assert said("convert crameri:batlow batlow.csv") == (0, [], [])
    written = load_colormap("batlow.csv")
    np.testing.assert_allclose(written.lut(256), colormap("crameri:batlow").lut(256), atol=1 / 255)
    assert said("convert batlow.csv few.txt --sample 5")[0] == 0
    assert len(load_colormap("few.txt").stops) == 5


def test_convert_chooses_a_map_and_names_it(folder, said):
    assert said(["convert", "many.json::Night", "night.json", "--to", "paraview", "--name", "Dark"])[0] == 0
    assert load_colormap("night.json").name == "Dark"


def test_a_colormap_file_colours_a_picture(folder, capsys):
    image = np.linspace(0, 1, 64).reshape(8, 8)
    np.save("ramp.npy", image)
    assert main(["render", "ramp.npy", "-o", "out.png", "--colormap", "sea.txt", "--limits", "0", "1"]) == 0
    with Image.open("out.png") as picture:
        expected = Shading((0, 1), load_colormap("sea.txt"), "linear").rgba(image)[..., :3]
        np.testing.assert_array_equal(np.asarray(picture), expected)
    (folder / "percent.txt").write_text("0.1 0.2 0.3\n3 3 3\n")
    argv = ["render", "ramp.npy", "-o", "out.png", "--colormap"]
    assert main([*argv, "many.json::night"]) == 0
    capsys.readouterr()
    for wrong, why in [
        ("bad.txt", "bad.txt:2: "),
        ("many.json", "it holds 2 colormaps"),
        ("./gone.cpt", "no such file"),
        ("gone.cpt", "cannot read 'gone.cpt': no such file"),
        ("gone/sea", "cannot read 'gone/sea': no such file"),
        ("percent.txt", 'say scale = "100" in percent.toml or scale = "255" in percent.toml'),
    ]:
        assert main([*argv, wrong]) == 2
        assert why in capsys.readouterr().err


def test_a_file_without_extension_is_a_name_unless_its_folder_is_given(folder, capsys):
    np.save("ramp.npy", np.linspace(0, 1, 64).reshape(8, 8))
    (folder / "viridis").write_text(SEA)
    for word, name in (("viridis", "viridis"), ("./viridis", "viridis")):
        assert main(["colormaps", "convert", word, f"{len(word)}.csv"]) == 0, name
    assert len(load_colormap("7.csv").stops) == 256
    assert len(load_colormap("9.csv").stops) == 3


def test_guesses_about_a_file_are_noted(folder, capsys):
    np.save("ramp.npy", np.linspace(0, 1, 64).reshape(8, 8))
    (folder / "guess.txt").write_text("0 0 0\n0 1 0\n1 1 1\n")
    assert main(["render", "ramp.npy", "-o", "out.png", "--colormap", "guess.txt"]) == 0
    assert capsys.readouterr().err.startswith("traitsview: note: guess.txt: ")
