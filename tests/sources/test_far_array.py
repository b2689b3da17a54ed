"""Arrays in another program: what is sent there renders as every source does, and says what cannot be shown."""

from __future__ import annotations

import ast
import json
import subprocess
import sys

import numpy as np
import pytest

from traitsview.errors import FrameGone, RequestError, SourceNotFound, SourceUnreadable, SourceUnsupported
from traitsview.geometry import Viewport
from traitsview.sources.services.far_arrays import FarArrays
from traitsview.sources.services.far_bundle import _modules, far_name, far_text
from traitsview.sources.services.far_image import FarImage, answered
from traitsview.sources.services.far_words import info_of
from traitsview.testing.image_source_tests import ImageSourceTests


@pytest.fixture(scope="module")
def far():
    """The class `FarArrays` as another program has it, which gets it as text."""
    exec(far_text(), {})
    yield sys.modules[f"{far_name()}.sources.services.far_arrays"].FarArrays
    for name in [name for name in sys.modules if name.partition(".")[0] == far_name()]:
        del sys.modules[name]


def asking(arrays):
    """Return how `arrays` are asked over a line that takes text and bytes alone."""

    def ask(question):
        words, buffers = arrays.answer(json.loads(json.dumps(question)))
        return json.loads(json.dumps(words)), [bytes(buffer) for buffer in buffers]

    return ask


def looked(ask, expression, **options):
    """Return the answer to what an expression shows."""
    return answered(ask, {"do": "look", "expression": expression, **options}, expression)


def image(ask, expression):
    words, _ = looked(ask, expression)
    return FarImage(ask, expression, words["version"], info_of(words["info"]))


class TestFarImage(ImageSourceTests):
    @pytest.fixture(autouse=True)
    def _far(self, far):
        self.far = far

    def make_source(self, array, **options):
        return image(asking(self.far(lambda: {"a": array})), "a")

    def test_the_extent_places_the_image(self):
        """Variables have no extent of their own."""

    def test_large_offsets_keep_their_precision(self):
        """Variables have no extent of their own."""

    def test_the_information_is_that_of_the_image(self):
        with self.make_source(np.ones((31, 43), np.uint16)) as source:
            info = source.info
            assert (info.name, info.kind, info.live, info.shape) == ("a", "scalar", True, (31, 43))
            assert info.extent == (0.0, 43.0, 0.0, 31.0)


@pytest.fixture
def names():
    return {"np": np, "rho": np.arange(12.0).reshape(3, 4)}


@pytest.fixture
def ask(names):
    return asking(FarArrays(lambda: names))


def version(ask, expression):
    return looked(ask, expression)[0]["version"]


def test_the_package_is_made_once_and_leaves_no_other_name(far):
    names = {}
    exec(far_text(), names)
    assert set(names) == {"__builtins__"}
    assert sys.modules[f"{far_name()}.sources.services.far_arrays"].FarArrays is far


def test_the_text_needs_numpy_alone_and_no_compiler():
    code = "import sys\nsys.modules['traitsview'] = sys.modules['numba'] = None\n" + far_text()
    code += f"far = sys.modules['{far_name()}.sources.services.far_arrays']\n"
    code += "print(far.FarArrays(dict).answer({'do': 'variables'})[0])"
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True)
    assert "'variables': []" in done.stdout


def test_the_text_is_one_of_python_3_9():
    for name, text in _modules():
        ast.parse(text or "", name, feature_version=(3, 9))
        for node in ast.walk(ast.parse(text or "")):
            if isinstance(node, ast.Call):
                assert {each.arg for each in node.keywords}.isdisjoint({"slots", "weakref_slot", "strict"}), name
            if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Tuple):
                assert not any(isinstance(each, ast.Starred) for each in node.slice.elts), name
            if isinstance(node, ast.ImportFrom):
                assert "Self" not in {alias.name for alias in node.names}, name


def test_a_variable_that_is_bound_again_or_changed_in_place_has_another_version(names, ask):
    first = version(ask, "rho")
    assert version(ask, "rho") == first
    names["rho"][1, 1] = 50
    second = version(ask, "rho")
    assert second != first
    names["rho"] = names["rho"].copy()
    assert version(ask, "rho") != second


@pytest.mark.parametrize("expression", ["np.sqrt(rho)", "rho * 2", "rho[1:] - rho[:-1]", "np.stack([r for r in rho])"])
def test_an_expression_is_computed_again_when_what_it_is_computed_from_has_changed(names, ask, expression):
    first = version(ask, expression)
    assert version(ask, expression) == first
    names["rho"][:] += 1
    assert version(ask, expression) != first


def test_what_is_another_one_each_time_is_computed_once(names, ask):
    assert version(ask, "np.random.rand(5, 6)") == version(ask, "np.random.rand(5, 6)")


@pytest.mark.parametrize("expression", ["rho", "rho[1:]", "rho[1:][::2].T"])
def test_looking_at_an_array_does_not_keep_it(names, ask, expression):
    shown = image(ask, expression)
    assert np.isfinite(shown.render(Viewport((1.0, 1.0), (0, 0), (1, 1)))).all()
    del names["rho"]
    with pytest.raises(FrameGone, match="it is not there any more"):
        shown.render(Viewport((1.0, 1.0), (0, 0), (1, 1)))


def test_an_attribute_that_is_made_anew_each_time_is_shown(names, ask):
    class Run:
        @property
        def field(self):
            return np.ones((3, 4))

    names["run"] = Run()
    assert (image(ask, "run.field").render(Viewport((1.0, 1.0), (0, 0), (3, 4))) == 1).all()


def test_an_array_of_one_axis_is_a_curve(names, ask):
    names["x"] = np.arange(7.0)
    words, _ = looked(ask, "x")
    assert (words["info"]["curves"], words["info"]["shape"]) == (["x"], [1, 7])
    assert words["info"]["extent"][:2] == [-0.5, 6.5]
    assert words["info"]["axes"][-1]["name"] == "index"


def test_a_small_array_comes_whole(names, ask):
    words, (elements,) = looked(ask, "rho", copy=1000)
    np.testing.assert_array_equal(elements, names["rho"])
    assert looked(ask, "rho", copy=1000, seen=words["version"])[1] == []
    assert looked(ask, "rho", copy=10)[1] == []


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ([1, 2], r"cannot show 'v': it is a list, not an array; try np.asarray\(v\)"),
        ((1, 2), "it is a tuple, not an array; try"),
        ("text", "it is a str, not an array; name a variable with 2 axes or more"),
        (None, "it is None, not an array"),
        (3.5, "it is a float, not an array"),
        (np.float64(3), "it is a float64, not an array"),
        (np, "it is a module, not an array"),
        (np.ndarray, "it is a type, not an array"),
        (np.array(3.0), "it has no axes"),
        (np.zeros((0, 4)), r"it has no elements, shape \(0, 4\)"),
        (np.array([[None]]), "it holds Python objects"),
        (np.array([["a"]]), "it holds str"),
        (np.zeros((2, 2), [("a", "f4")]), "it holds records with the fields 'a'"),
    ],
)
def test_what_is_no_image_is_said_why(names, ask, value, said):
    names["v"] = value
    with pytest.raises(SourceUnsupported, match=said):
        looked(ask, "v")


class Lazy:
    """An array that would be computed when it is read."""

    dtype = np.dtype("f8")

    def __init__(self, *shape):
        self.shape = shape
        self.read = 0

    def __getitem__(self, at):
        found = np.broadcast_to(1.0, self.shape)[at]
        self.read += found.size
        return found


def test_a_lazy_array_of_20_gb_is_never_computed_whole(names, ask):
    names["lazy"] = lazy = Lazy(50_000, 50_000)
    with pytest.raises(SourceUnsupported, match=r"20 GB would be read or computed .* this Lazy; show a part"):
        looked(ask, "lazy")
    assert lazy.read == 0
    lazy.shape = (5000, 1000, 500)
    assert (image(ask, "lazy").render(Viewport((1.0, 1.0), (0, 0), (10, 10)), (7,)) == 1).all()
    assert lazy.read == 100


@pytest.mark.parametrize(
    ("expression", "kind", "said"),
    [
        ("sigma", SourceNotFound, "cannot show 'sigma': 'sigma' is not there"),
        ("rho / zero", SourceNotFound, "'zero' is not there"),
        ("rho[7]", SourceUnreadable, "it raises IndexError: index 7 is out of bounds"),
        ("rho.sigma", SourceUnreadable, "it raises AttributeError"),
        ("rho +", RequestError, "it is no expression of Python"),
        ("rho = 3", RequestError, "it is no expression of Python"),
        ("", RequestError, "it is no expression of Python"),
    ],
)
def test_an_expression_that_fails_is_said_why(ask, expression, kind, said):
    with pytest.raises(kind, match=said):
        looked(ask, expression)


def test_the_variables_are_the_arrays_with_their_shapes(names, ask):
    names.update(_hidden=np.ones((2, 2)), text="a", lazy=Lazy(50_000, 50_000), none=np.zeros((0, 3)))
    words, _ = answered(ask, {"do": "variables"}, "")
    assert words["variables"] == [["rho", [3, 4], "<f8"], ["lazy", [50_000, 50_000], "<f8"]]


@pytest.mark.parametrize("question", [{"do": "render"}, {"do": "nothing"}, {}, {"do": "render", "expression": "rho"}])
def test_a_question_that_is_none_is_answered_with_an_error(ask, question):
    with pytest.raises((SourceUnreadable, RequestError)):
        answered(ask, question, "rho")


def test_a_value_and_the_one_before_it_stay_if_that_is_wanted(ask, names):
    names["rho"] = np.full((3, 4), 1.0)
    first = second = image(lambda question: ask({**question, "keep": 1000}), "rho")
    viewport = Viewport((1.0, 1.0), (0, 0), (3, 4))
    for value in (2.0, 3.0):
        names["rho"] = np.full((3, 4), value)
        before, second = second, image(lambda question: ask({**question, "keep": 1000}), "rho")
        assert (before.render(viewport).min(), second.render(viewport).min()) == (value - 1, value)
    with pytest.raises(FrameGone):
        first.render(viewport)
    names["rho"][:] = 4.0  # in place: nobody has the values of before
    third = image(lambda question: ask({**question, "keep": 1000}), "rho")
    assert third.render(viewport).min() == 4.0
    with pytest.raises(FrameGone):
        second.render(viewport)
    looked(ask, "rho", keep=10)  # it is still the same
    names["rho"] = np.full((3, 4), 5.0)
    looked(ask, "rho", keep=10)
    with pytest.raises(FrameGone):
        third.render(viewport)
