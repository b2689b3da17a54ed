"""Names of colormaps: where they are looked up, what hides what, and what goes wrong with files and plugins."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from types import SimpleNamespace

import numpy as np
import pytest
from kit.patience import PATIENCE

from traitsview.color.catalogue import Catalogue, catalogue, colormap
from traitsview.color.colormap import Colormap
from traitsview.color.shelves import entry_points, folders
from traitsview.errors import ColormapError

RED, GREEN, BLUE = (1.0, 0.0, 0.0, 1.0), (0.0, 1.0, 0.0, 1.0), (0.0, 0.0, 1.0, 1.0)


def ramp(name="mine", first=RED, last=BLUE, **attributes):
    return Colormap.from_colors(name, [first, last], **attributes)


def first_of(found):
    return tuple(found.lut(2)[0])


def text_of(first):
    """Return a text file of a ramp from one colour to blue."""
    return "".join(f"{r:.2f} {g:.2f} {b:.2f}\n" for r, g, b, _ in (first, (0.5, 0.5, 0.5, 1), BLUE))


@pytest.fixture
def user(tmp_path, monkeypatch):
    """The user's folder."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("TRAITSVIEW_COLORMAP_PATH", raising=False)
    folder = tmp_path / "config" / "traitsview" / "colormaps"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def local(tmp_path, user, monkeypatch):
    """Two folders of ``$TRAITSVIEW_COLORMAP_PATH``."""
    found = [tmp_path / "first", tmp_path / "second"]
    for folder in found:
        folder.mkdir()
    monkeypatch.setenv("TRAITSVIEW_COLORMAP_PATH", os.pathsep.join(map(str, found)))
    return found


@pytest.fixture
def plugins(monkeypatch):
    """Whose entry points are ``plugins[name] = value``."""
    offered = {}

    def found(group):
        assert group == "traitsview.colormaps"
        return [SimpleNamespace(name=name, value=f"{name}:it", load=load) for name, load in offered.items()]

    monkeypatch.setattr(entry_points, "entry_points", found)
    return offered


@pytest.fixture
def reads(monkeypatch):
    """The names of the files that were read."""
    from traitsview.color.shelves import sidecar

    found = []
    load = sidecar.load_colormaps

    def counting(path, *words, **options):
        if "config" in os.fspath(path):
            found.append(os.path.basename(path))
        return load(path, *words, **options)

    monkeypatch.setattr(sidecar, "load_colormaps", counting)
    return found


def ids(known, *namespaces):
    return [entry.id for entry in known.entries() if entry.namespace in namespaces]


def test_all_of_cmap_is_there_with_its_categories():
    found = [entry for entry in Catalogue().entries() if entry.origin == "cmap"]
    assert len(found) == len({entry.id for entry in found}) > 600
    by_id = {entry.id: entry for entry in found}
    assert by_id["crameri:batlow"].category == "sequential"
    assert by_id["crameri:vik"].category == "diverging"
    assert by_id["crameri:romaO"].category == "cyclic"
    assert by_id["okabeito:okabeito"].category == "categorical"


def test_the_names_of_matplotlib_are_all_there():
    import matplotlib

    known = Catalogue()
    for name in matplotlib.colormaps:
        assert known.get(name).name == name


@pytest.mark.parametrize("name", ["Viridis", "BIDS:viridis", "Crameri:Batlow", "matplotlib:viridis", "rdbu_R"])
def test_capitals_do_not_count(name):
    assert Catalogue().get(name).lut(16).shape == (16, 4)


def test_a_map_has_the_usual_spelling_of_its_name():
    known = Catalogue()
    assert known.get(" VIRIDIS ").name == "viridis"
    assert known.get("CRAMERI:BATLOW_R").name == "crameri:batlow_r"
    assert known.get("viridis") is known.get("Viridis")


def test_the_catalogue_of_the_process_is_one():
    assert catalogue() is catalogue()
    assert colormap("viridis") is catalogue().get("viridis")


def test_reversing_exchanges_under_and_over_and_leaves_the_rest():
    known = Catalogue()
    known.add(ramp(under=GREEN, over=BLUE, bad=RED, limits=(1, 5), hinge=2.0, licence="free"))
    plain, turned = known.get("mine"), known.get("mine_r")
    np.testing.assert_allclose(turned.lut(8), plain.lut(8)[::-1])
    assert (turned.under, turned.over, turned.bad) == (BLUE, GREEN, RED)
    assert (turned.limits, turned.hinge, turned.licence, turned.name) == ((1, 5), 2.0, "free", "mine_r")


def test_hard_steps_and_flat_colours_are_reversed_too():
    stops = [(0, RED), (0.25, GREEN), (0.25, BLUE), (1, RED)]
    turned = Colormap.from_stops("x", stops).reversed("x_r")
    assert turned.stops == ((0, RED), (0.75, BLUE), (0.75, GREEN), (1, RED))
    flat = Colormap.from_colors("y", [RED, GREEN, BLUE], flat=True).reversed("y_r")
    assert [color for _, color in flat.stops] == [BLUE, GREEN, RED]
    assert flat.discrete == 3


def test_a_name_that_ends_in_r_is_not_taken_for_a_reverse():
    known = Catalogue()
    known.add(ramp("abc", RED))
    known.add(ramp("abc_r", GREEN))
    assert first_of(known.get("abc_r")) == GREEN
    assert first_of(known.get("abc_r_r")) == BLUE


@pytest.mark.parametrize("wrong", ["virdis", "viridis_rr", "crameri:batlov"])
def test_an_unknown_name_is_answered_with_the_nearest(wrong):
    with pytest.raises(ColormapError, match=r"nearest: \S+"):
        Catalogue().get(wrong)


@pytest.mark.parametrize("name", ["x.lut", "X.CPT", "maps/x", "./viridis.json", "x.lut_r"])
def test_what_looks_like_a_file_is_said_to_be_loaded_in_another_way(name):
    with pytest.raises(ColormapError, match=r"a file is loaded with load_colormap\(\)"):
        catalogue().get(name)


def test_the_nearest_names_include_the_users(user):
    (user / "my_lovely_map.txt").write_text(text_of(RED))
    with pytest.raises(ColormapError, match="user:my_lovely_map"):
        Catalogue().get("my_lovly_map")


def test_a_file_dropped_into_the_folder_has_a_name(user):
    known = Catalogue()
    assert ids(known, "user") == []
    (user / "sea.v2.final.txt").write_text(text_of(GREEN))
    assert first_of(known.get("sea.v2.final")) == GREEN
    assert known.get("user:sea.v2.final_r").name == "user:sea.v2.final_r"
    assert first_of(known.get("sea.v2.final.txt")) == GREEN
    assert ids(known, "user") == ["user:sea.v2.final"]
    [entry] = [entry for entry in known.entries() if entry.namespace == "user"]
    assert (entry.category, entry.path, entry.mine) == ("mine", user / "sea.v2.final.txt", True)


def test_what_is_nearer_to_the_user_hides_the_rest_and_deletes_nothing(user, local, plugins):
    plugins["plug"] = lambda: lambda: [ramp("gray", (0.1, 0, 0, 1)), ramp("hot", (0.1, 0, 0, 1))]
    (local[1] / "gray.txt").write_text(text_of((0.2, 0, 0, 1)))
    (local[0] / "gray.txt").write_text(text_of((0.3, 0, 0, 1)))
    (user / "gray.txt").write_text(text_of((0.4, 0, 0, 1)))
    known = Catalogue()
    known.add(ramp("gray", (0.5, 0, 0, 1)))
    for name, red in [
        ("gray", 0.5),
        ("session:gray", 0.5),
        ("user:gray", 0.4),
        ("local:gray", 0.3),
        ("local:second/gray.txt", 0.2),
        ("plug:gray", 0.1),
        ("hot", 0.1),
        ("matlab:gray", 0.0),
    ]:
        assert known.get(name).lut(2)[0, 0] == pytest.approx(red), name
    every = [entry.id for entry in known.entries()]
    assert len(every) == len(set(every))


def test_each_place_hides_the_ones_below(user, local, plugins):
    named = "lagoon"  # as a shipped one
    plugins["plug"] = lambda: lambda: [ramp(named, (0.125, 0, 0, 1)), ramp("hot", (0.125, 0, 0, 1))]
    assert first_of(Catalogue().get("hot")) == (0.125, 0, 0, 1)
    assert Catalogue().entry(named).id == "traitsview:lagoon"
    (local[1] / f"{named}.txt").write_text(text_of((0.25, 0, 0, 1)))
    assert Catalogue().entry(named).path == local[1] / f"{named}.txt"
    (local[0] / f"{named}.txt").write_text(text_of((0.25, 0, 0, 1)))
    assert Catalogue().entry(named).path == local[0] / f"{named}.txt"
    (user / f"{named}.txt").write_text(text_of((0.25, 0, 0, 1)))
    assert Catalogue().entry(named).id == f"user:{named}"
    known = Catalogue()
    known.add(ramp(named))
    assert known.entry(f"{named}_r").id == f"session:{named}"
    assert known.entry("nothing") is None


def test_a_reverse_follows_what_hides(user):
    (user / "gray.txt").write_text(text_of(GREEN))
    assert tuple(Catalogue().get("gray_r").lut(2)[1]) == GREEN


def test_two_files_of_one_name_are_both_there(user):
    (user / "a.csv").write_text("0.25,0,0\n0.5,0.5,0.5\n")
    (user / "a.txt").write_text("0.75 0 0\n0.5 0.5 0.5\n")
    known = Catalogue()
    assert ids(known, "user") == ["user:a", "user:a.txt"]
    assert known.get("a").lut(2)[0, 0] == 0.25
    assert known.get("a.txt").lut(2)[0, 0] == 0.75
    assert known.get("user:a.csv").lut(2)[0, 0] == 0.25


def test_looking_reads_no_file_and_asking_reads_one_once(user, reads):
    for name in "abc":
        (user / f"{name}.txt").write_text(text_of(RED))
    known = Catalogue()
    known.entries()
    assert known.refresh() is False
    known.get("viridis")
    assert reads == []
    assert known.get("b") is known.get("b")
    known.get("user:b_r")
    assert reads == ["b.txt"]


def test_a_file_that_changes_is_read_again(user, reads):
    path = user / "a.txt"
    path.write_text(text_of(RED))
    known = Catalogue()
    assert first_of(known.get("a")) == RED
    path.write_text("# other colours\n" + text_of(GREEN))
    assert known.refresh() is True
    assert known.refresh() is False
    assert first_of(known.get("a")) == GREEN
    path.write_text("# and again, without a refresh\n" + text_of(BLUE))
    assert first_of(known.get("a")) == BLUE
    assert len(reads) == 3


def test_a_file_that_goes_is_gone(user):
    (user / "a.txt").write_text(text_of(RED))
    known = Catalogue()
    known.get("a")
    (user / "a.txt").unlink()
    with pytest.raises(ColormapError):
        known.get("user:a")
    assert ids(known, "user") == []


def test_one_bad_file_hides_no_other_and_is_listed_with_its_reason(user):
    (user / "bad.txt").write_text("0 0 0\n0.5 x 0\n")
    (user / "good.txt").write_text(text_of(RED))
    known = Catalogue()
    assert ids(known, "user") == ["user:bad", "user:good"]
    assert known.failures() == ()
    assert known.look_inside() is True
    assert known.look_inside() is False
    [(path, reason)] = known.failures()
    assert path == str(user / "bad.txt")
    assert reason.startswith("bad.txt:2: ")
    for _ in range(2):
        with pytest.raises(ColormapError, match=r"bad\.txt:2: "):
            known.get("bad")
    assert first_of(known.get("good")) == RED
    (user / "bad.txt").write_text(text_of(RED))
    known.refresh()
    assert known.failures() == ()


def test_a_reader_that_breaks_is_one_bad_file(user, monkeypatch, caplog):
    from traitsview.color.shelves import sidecar

    def broken(path, *words, **options):
        raise IndexError("oh")

    monkeypatch.setattr(sidecar, "load_colormaps", broken)
    (user / "a.txt").write_text(text_of(RED))
    known = Catalogue()
    known.look_inside()
    assert any("unexpected IndexError" in reason for _, reason in known.failures())


def test_what_is_no_colormap_file_is_left_alone(user):
    for name in (
        "README",
        "README.txt",
        "LICENSE.txt",
        ".hidden.txt",
        "a.txt~",
        "a.toml",
        "photo.jpeg",
        ".a.txt.1.part",
    ):
        (user / name).write_text("x")
    (user / "folder.txt").mkdir()
    (user / "dangling.txt").symlink_to(user / "nowhere")
    os.mkfifo(user / "pipe.txt")
    known = Catalogue()
    known.look_inside()
    assert ids(known, "user") == []
    assert known.failures() == ()


@pytest.mark.parametrize("name", ["a:b.txt", "\x1b[31mred.txt", "ünï ço.txt", "quote'd.txt", "-.txt"])
def test_odd_file_names_have_printable_ids(user, name):
    (user / name).write_text(text_of(RED))
    known = Catalogue()
    [id] = ids(known, "user")
    assert id.isprintable()
    assert id.count(":") == 1
    assert first_of(known.get(id)) == RED


def test_a_file_name_that_is_no_text_does_no_harm(user):
    with open(os.fsencode(user) + b"/\xff.txt", "w") as file:
        file.write(text_of(RED))
    known = Catalogue()
    [id] = ids(known, "user")
    assert first_of(known.get(id)) == RED


def test_folders_that_are_not_there_are_named_for_the_watch(user, tmp_path, monkeypatch):
    monkeypatch.setenv("TRAITSVIEW_COLORMAP_PATH", f"{tmp_path / 'none'}{os.pathsep}{os.pathsep}~/maps")
    monkeypatch.setenv("HOME", str(tmp_path))
    known = Catalogue()
    assert known.folders() == (user, tmp_path / "none", tmp_path / "maps")
    assert known.refresh() is False
    (tmp_path / "none").mkdir()
    (tmp_path / "none" / "a.txt").write_text(text_of(RED))
    assert known.refresh() is True
    assert ids(known, "local") == ["local:a"]


def test_a_relative_config_home_is_as_good_as_none(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CONFIG_HOME", "here")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert Catalogue().folders()[0] == tmp_path / ".config" / "traitsview" / "colormaps"


def test_sidecar_decides_what_a_file_leaves_open(user):
    (user / "a.txt").write_text("0 0 0\n1 0 1\n1 1 1\n")
    (user / "a.toml").write_text(
        "title = 'All mine'\ncategory = 'diverging'\nscale = '255'\nhinge = 0\nlimits = [-2, 3]\nlicence = 'free'\n"
    )
    known = Catalogue()
    [entry] = [entry for entry in known.entries() if entry.namespace == "user"]
    assert (entry.title, entry.category, entry.mine) == ("All mine", "diverging", True)
    found = known.get("a")
    assert found.lut(2)[1, 0] == pytest.approx(1 / 255)
    assert (found.limits, found.hinge, found.licence) == ((-2, 3), 0, "free")


def test_a_sidecar_that_changes_counts_at_once(user):
    (user / "a.txt").write_text("0 0 0\n1 0 1\n1 1 1\n")
    known = Catalogue()
    assert known.get("a").lut(2)[1, 0] == 1
    (user / "a.toml").write_text("scale = '255'\n")
    assert known.refresh() is True
    assert known.get("a").lut(2)[1, 0] == pytest.approx(1 / 255)


def test_a_bad_sidecar_is_a_failure_and_hides_no_other(user):
    (user / "a.txt").write_text(text_of(RED))
    (user / "a.toml").write_text("scal = '1'\n")
    (user / "b.txt").write_text(text_of(RED))
    known = Catalogue()
    assert ids(known, "user") == ["user:a", "user:b"]
    [(path, reason)] = known.failures()
    assert path == str(user / "a.txt")
    assert reason == "a.toml: unknown key 'scal'; did you mean scale?"
    with pytest.raises(ColormapError, match="unknown key"):
        known.get("a")


def test_session_maps_keep_their_ids_and_none_is_lost():
    known = Catalogue()
    assert known.add(ramp("user:mine")) == "session:mine"
    assert known.add(ramp("mine")) == "session:mine"
    assert known.add(ramp("mine", GREEN)) == "session:mine (2)"
    assert known.add(ramp("mine", GREEN)) == "session:mine (2)"
    assert first_of(known.get("mine")) == RED
    assert first_of(known.get("mine (2)_r")) == BLUE
    assert ids(known, "session") == ["session:mine", "session:mine (2)"]


def test_a_file_is_opened_for_the_session_and_again_when_it_has_changed(tmp_path):
    path = tmp_path / "sea.txt"
    path.write_text(text_of(RED))
    known = Catalogue()
    assert known.add_file(path) == ["session:sea"]
    path.write_text(text_of(GREEN))
    assert first_of(known.get("sea")) == RED
    assert known.add_file(str(path)) == ["session:sea"]
    assert first_of(known.get("sea")) == GREEN
    other = tmp_path / "other"
    other.mkdir()
    (other / "sea.txt").write_text(text_of(BLUE))
    assert known.add_file(other / "sea.txt") == ["session:sea (2)"]
    with pytest.raises(ColormapError):
        known.add_file(tmp_path / "none.txt")


def test_opening_a_file_reads_what_stands_beside_it_unless_told_otherwise(tmp_path):
    path = tmp_path / "sea.txt"
    path.write_text("0 0 0\n1 0 1\n1 1 1\n")
    (tmp_path / "sea.toml").write_text("scale = '255'\ncyclic = true\n")
    known = Catalogue()
    [id] = known.add_file(path)
    assert known.get(id).lut(2)[1, 0] == pytest.approx(1 / 255)
    assert known.get(id).cyclic
    [id] = known.add_file(path, scale="1")
    assert known.get(id).lut(2)[1, 0] == 1


def test_plugins_give_functions_and_folders(user, plugins, tmp_path):
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "sea.txt").write_text(text_of(GREEN))
    package = SimpleNamespace(__path__=[str(tmp_path / "package")])
    plugins["folder"] = lambda: package
    plugins["function"] = lambda: lambda: iter([ramp("one"), ramp("two", GREEN, cyclic=True)])
    known = Catalogue()
    assert ids(known, "folder", "function") == ["folder:sea", "function:one", "function:two"]
    assert first_of(known.get("sea")) == GREEN
    categories = {entry.id: entry.category for entry in known.entries() if entry.namespace == "function"}
    assert categories == {"function:one": "sequential", "function:two": "cyclic"}
    assert known.failures() == ()


def test_a_plugin_that_raises_hides_no_other(user, plugins, caplog):
    def broken():
        raise ZeroDivisionError("division\nby zero")

    plugins["absent"] = broken
    plugins["broken"] = lambda: broken
    plugins["number"] = lambda: 3
    plugins["wrong"] = lambda: lambda: [ramp("one"), "two"]
    plugins["user"] = lambda: lambda: [ramp("one")]
    plugins["crameri"] = lambda: lambda: [ramp("batlow")]
    plugins["good"] = lambda: lambda: [ramp("one")]
    known = Catalogue()
    assert first_of(known.get("good:one")) == RED
    assert first_of(known.get("crameri:batlow")) != RED
    found = dict(known.failures())
    assert len(found) == 6
    assert all(reason.isprintable() for reason in found.values())
    assert "it gave a str among its colormaps" in found["traitsview.colormaps: wrong = wrong:it"]
    reason = found["traitsview.colormaps: broken = broken:it"]
    assert reason == "ZeroDivisionError: division by zero; ask those who made it"


def test_real_entry_points_are_found(tmp_path, user):
    """As of an installed package: metadata in a folder on the path."""
    (tmp_path / "seas.py").write_text(
        "from traitsview.api import Colormap\n"
        "def maps(): return [Colormap.from_colors('sea', [(0, 0, 1, 1), (1, 1, 1, 1)])]\n"
    )
    metadata = tmp_path / "seas-1.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: seas\nVersion: 1\n")
    (metadata / "entry_points.txt").write_text("[traitsview.colormaps]\nseas = seas:maps\n")
    code = "from traitsview.api import colormap; print(colormap('seas:sea').name, colormap('sea').lut(2)[0, 2])"
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=PATIENCE, check=True)
    assert done.stdout == "seas:sea 1.0\n"


def test_making_one_imports_no_cmap_and_looks_nowhere():
    code = (
        "import sys, os\nfrom traitsview.color.catalogue import catalogue\n"
        "looked = []\nsys.addaudithook(lambda name, words: looked.append(name) if name == 'os.scandir' else None)\n"
        "catalogue()\nassert 'cmap' not in sys.modules and not looked\n"
        "catalogue().entries()\nassert 'cmap' in sys.modules and looked"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=PATIENCE)


def test_threads_may_ask_and_change_at_once(user):
    for number in range(20):
        (user / f"m{number}.txt").write_text(text_of(RED))
    known = Catalogue()
    faults = []

    def ask(seed):
        rng = np.random.default_rng(seed)
        try:
            for _ in range(60):
                number = rng.integers(20)
                match rng.integers(6):
                    case 0:
                        known.refresh()
                    case 1:
                        known.entries()
                    case 2:
                        known.look_inside()
                    case 3:
                        known.add(ramp(f"s{number}", (number / 20, 0, 0, 1)))
                    case 4:
                        part = user / f".m{number}.{seed}"
                        part.write_text("#" * rng.integers(50) + "\n" + text_of(RED))
                        part.replace(user / f"m{number}.txt")
                    case _:
                        assert first_of(known.get(f"user:m{number}")) == RED
        except BaseException as error:
            faults.append(error)

    threads = [threading.Thread(target=ask, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert not faults
    assert len(ids(known, "user")) == 20


def test_many_files_are_looked_at_quickly(user, reads):
    for number in range(2000):
        (user / f"map{number}.txt").write_text("0 0 0\n")
    shelf = folders.Folders("user", lambda: (user,))
    assert len(shelf.entries()) == 2000
    assert shelf.refresh() is False
    assert reads == []


def collection_of(*names):
    """Return a ParaView file of maps."""
    points = [0, 0, 0, 0, 1, 1, 1, 1]
    return json.dumps([{"Name": name, "ColorSpace": "RGB", "RGBPoints": points} for name in names])


def test_the_maps_of_a_file_with_several_are_known_once_it_has_been_read(user, reads):
    (user / "many.json").write_text(collection_of("Cool: one", "Warm", "Warm"))
    known = Catalogue()
    assert ids(known, "user") == ["user:many"]
    assert reads == []
    assert known.look_inside() is True
    assert ids(known, "user") == ["user:many/Cool- one", "user:many/Warm", "user:many/Warm (2)"]
    for name in ("user:many/Warm", "many/warm", "Warm", "user:warm", "many.json/Warm"):
        assert first_of(known.get(name)) == (0, 0, 0, 1)
    assert known.get("warm_r").lut(2)[0, 0] == 1
    assert reads == ["many.json"]


def test_a_map_in_a_file_that_was_not_read_is_found_by_name(user):
    (user / "many.json").write_text(collection_of("Cool", "Warm"))
    assert first_of(Catalogue().get("Warm")) == (0, 0, 0, 1)
    assert first_of(Catalogue().get("user:many/Cool")) == (0, 0, 0, 1)


def test_the_name_of_a_file_with_several_says_which_there_are(user):
    (user / "many.json").write_text(collection_of("Cool", "Warm"))
    known = Catalogue()
    for _ in range(2):
        with pytest.raises(ColormapError) as caught:
            known.get("many")
        assert str(caught.value) == "many.json: it holds 2 colormaps; choose one: 'user:many/Cool', 'user:many/Warm'"
    assert ids(known, "user") == ["user:many/Cool", "user:many/Warm"]


def test_a_file_with_one_map_is_called_as_the_file(user):
    (user / "single.json").write_text(collection_of("Cool"))
    known = Catalogue()
    known.look_inside()
    assert ids(known, "user") == ["user:single"]


def test_all_maps_of_an_opened_file_are_there(tmp_path):
    (tmp_path / "many.json").write_text(collection_of("Cool", "Warm"))
    known = Catalogue()
    assert known.add_file(tmp_path / "many.json") == ["session:many/Cool", "session:many/Warm"]
    assert first_of(known.get("session:many/Warm")) == (0, 0, 0, 1)
