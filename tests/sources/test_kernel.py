"""Running kernels: their arrays are shown, whatever their cells do, and nobody in front of them notices."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from kit.kernels import Kernel
from kit.patience import PATIENCE, attempts

from traitsview.errors import RequestError, SourceUnreadable
from traitsview.geometry import Viewport
from traitsview.sources.registry import open_source
from traitsview.sources.services.kernel.kernel_namespace import KernelNamespace
from traitsview.testing.namespace_tests import NamespaceTests, first, said, shown


@pytest.fixture(scope="module")
def started():
    kernel = Kernel()
    yield kernel
    kernel.close()


@pytest.fixture
def kernel(started):
    """A kernel without variables."""
    yield started
    if not started.is_running:
        started.start()
    started.run("%reset -f")


@pytest.fixture
def namespace(kernel):
    with KernelNamespace(str(kernel.file)) as namespace:
        yield namespace


class TestKernelNamespace(NamespaceTests):
    @pytest.fixture(autouse=True)
    def _kernel(self, kernel):
        self.kernel = kernel

    def make_namespace(self, arrays):
        self.kernel.set(arrays)
        return KernelNamespace(str(self.kernel.file))

    def change(self, name, array):
        self.kernel.set({name: array})

    def remove(self, name):
        self.kernel.run(f"del {name}")

    def end(self):
        self.kernel.kill()


def threads_of(kernel):
    return kernel.value("[t.name for t in __import__('threading').enumerate()].count('traitsview')")


BUSY = {
    "sleeps": "import time\ntime.sleep(0.01)",
    "computes": "sum(range(1000))",
    "waits in C": "import ctypes\nctypes.CDLL(None).usleep(10000)",
}


@pytest.mark.fault("S20")
@pytest.mark.parametrize("cell", BUSY)
def test_a_kernel_that_is_busy_is_attached_to_and_answers(kernel, cell):
    kernel.set({"rho": np.ones((700, 900), np.float32)})
    with kernel.busy(BUSY[cell]), open_source(f"kernel:{kernel.file}?rho") as source:
        assert first(source).shape == (700, 900)
        assert (source.render(Viewport((3.0, 3.0), (0, 0), (200, 200))) == 1).all()
        assert source.frame.state == ""


@pytest.mark.fault("S20")
def test_a_kernel_that_answers_nothing_is_busy_and_is_asked_once(kernel, namespace):
    kernel.set({"rho": np.ones((3, 4))})
    kernel.run("asked = []\nget_ipython().events.register('pre_execute', lambda a=asked: a.append(1))")
    before = int(kernel.value("len(asked)"))
    with namespace.open("rho") as source:
        kernel.stop()
        try:
            assert said(source, "busy") == "the kernel is busy"
            for _ in range(3):
                source.wait_newer(0, 0.1)
        finally:
            kernel.go_on()
        first(source)
        assert source.frame.state == ""
    assert int(kernel.value("len(asked)")) - before == 1


@pytest.mark.fault("S20")
def test_what_a_busy_cell_changes_is_shown_while_it_runs(kernel, namespace):
    kernel.run("import numpy as np\nrho = np.zeros((300, 400))\nk = 0")
    with namespace.open("rho") as source, kernel.busy("k += 1\nrho[:] = k"):
        before = 0.0
        for _ in range(3):
            version = first(source).version
            while source.wait_newer(version, PATIENCE) == version:
                pass
            (value,) = source.sample([(1.5, 1.5)])
            assert value > before
            before = value


@pytest.mark.fault("S20")
def test_c_code_that_holds_the_interpreter_is_said_and_nothing_queues(kernel, namespace):
    kernel.set({"rho": np.ones((3, 4))})
    with namespace.open("rho") as source:
        first(source)
        request = kernel.begin("import ctypes\nctypes.PyDLL(None).sleep(6)")
        said(source, "the kernel is busy in C code")
        kernel.wait(request)
        kernel.run("rho = rho + 1")
        shown(source, 2)
        assert source.frame.state == ""


def test_a_cell_that_waits_for_input_gets_it(kernel):
    kernel.set({"rho": np.ones((3, 4))})
    request = kernel.begin("rho = rho + float(input())\nrho = rho + float(input())")
    kernel.client.get_stdin_msg(timeout=PATIENCE)
    with open_source(f"kernel:{kernel.file}?rho") as source:
        shown(source, 1)
        kernel.client.input("1")
        kernel.client.get_stdin_msg(timeout=PATIENCE)  # input is still allowed
        shown(source, 2)
        kernel.client.input("3")
        kernel.wait(request)
        shown(source, 5)


def test_a_thread_of_the_user_prints_into_its_own_cell_while_we_look(kernel):
    kernel.set({"rho": np.ones((3, 4))})
    request = kernel.begin(
        "import threading, time\ngo = threading.Event()\n"
        "def say():\n    go.wait()\n    print('from the thread')\n"
        "t = threading.Thread(target=say)\nt.start()"
    )
    kernel.wait(request)
    kernel.printed()
    with open_source(f"kernel:{kernel.file}?rho") as source:
        first(source)
        source.render(Viewport((1.0, 1.0), (0, 0), (3, 4)))
        later = kernel.begin("go.set(); t.join()")
        kernel.wait(later)
        # With a front end of one user, threads print into the cell that runs, and never into a request of ours.
        texts = kernel.printed()
        assert list(texts.values()) == ["from the thread\n"]
        assert set(texts) <= {request, later}


def test_the_figure_that_a_cell_is_drawing_is_not_touched(kernel):
    kernel.set({"rho": np.ones((3, 4))})
    kernel.run("%matplotlib inline\nimport matplotlib.pyplot as plt")
    drawing = kernel.busy("if not plt.get_fignums():\n    made = globals().get('made', 0) + 1\n    plt.plot([1, 2])")
    with drawing, open_source(f"kernel:{kernel.file}?rho") as source:
        first(source)
    assert kernel.value("made") == "1"


def test_attaching_leaves_no_name_and_no_line_in_the_history_and_no_thread(kernel):
    kernel.set({"rho": np.ones((3, 4))})
    before = kernel.value("(sorted(globals()), len(In))")
    with open_source(f"kernel:{kernel.file}?rho") as source:
        first(source)
        assert threads_of(kernel) == "1"
    assert kernel.value("(sorted(globals()), len(In))") == before
    for _ in attempts():
        if threads_of(kernel) == "0":
            break


def test_an_interrupt_ends_the_cell_and_not_us(kernel, namespace):
    kernel.set({"rho": np.ones((3, 4))})
    with namespace.open("rho") as source:
        first(source)
        request = kernel.begin(
            "try:\n    import time\n    begun = 1\n    time.sleep(1000)\nexcept KeyboardInterrupt:\n    rho = rho * 7"
        )
        with namespace.open("np.full((2, 2), begun)") as begun:
            first(begun)
        kernel.interrupt()
        kernel.wait(request)
        shown(source, 7)


@pytest.mark.fault("S21")
def test_a_kernel_that_was_started_anew_is_looked_into_again(kernel, namespace):
    kernel.set({"rho": np.ones((3, 4))})
    with namespace.open("rho") as source:
        version = first(source).version
        kernel.kill()
        assert said(source, "ended") == "the kernel has ended"
        assert (source.render(Viewport((1.0, 1.0), (0, 0), (3, 4))) == 1).all()
        kernel.start()
        assert said(source, "anew") == "the kernel was started anew: 'rho' is not there"
        kernel.set({"rho": np.full((3, 4), 2.0)})
        assert shown(source, 2).version > version


@pytest.mark.fault("S21")
@pytest.mark.slow
def test_a_kernel_that_is_started_anew_again_and_again_is_never_given_what_was_meant_for_the_last(kernel, namespace):
    with namespace.open("rho") as source:
        for value in range(1, 21):
            kernel.set({"rho": np.full((3, 4), value)})
            shown(source, value)
            kernel.restart()
            assert threads_of(kernel) in ("0", "1")


SAID = [
    ("[1, 2]", "cannot show 'v': it is a list, not an array; try np.asarray(v)"),
    ("'text'", "it is a str, not an array"),
    ("np.zeros((0, 3))", "it has no elements"),
    ("np.zeros(3, object)", "it holds Python objects"),
]


@pytest.mark.parametrize("error", ["SystemExit(3)", "KeyboardInterrupt()", "RecursionError()", "MemoryError()"])
def test_whatever_an_expression_raises_is_said_with_the_expression(kernel, namespace, error):
    kernel.run(f"def f():\n    raise {error}")
    with namespace.open("f()") as source:
        said(source, f"cannot show 'f()': it raises {error.partition('(')[0]}: ")
    assert kernel.is_running


@pytest.mark.parametrize(("value", "sentence"), SAID)
def test_what_is_no_image_is_said_until_it_is_one(kernel, namespace, value, sentence):
    kernel.run(f"import numpy as np\nv = {value}")
    with namespace.open("v") as source:
        said(source, sentence)
        kernel.run("v = np.ones((2, 2))")
        shown(source, 1)
        assert source.frame.state == ""


def test_an_expression_that_raises_is_said_and_the_last_frame_stays(kernel, namespace):
    kernel.run("import numpy as np\nn = 2\nrho = np.ones((2, 2))")
    with namespace.open("rho * (3 // n)") as source:
        shown(source, 1)
        kernel.run("n = 0")
        said(source, "cannot show 'rho * (3 // n)': it raises ZeroDivisionError: ")
        assert source.sample([(0.5, 0.5)]).tolist() == [1]
        kernel.run("n = 1")
        shown(source, 3)


def test_large_arrays_are_rendered_in_the_kernel(kernel, namespace):
    kernel.run("import numpy as np\nbig = np.broadcast_to(np.float32(3), (40_000, 50_000)).view()")
    with namespace.open("big") as source:
        assert first(source).shape == (40_000, 50_000)
        assert (source.render(Viewport((1.0, 1.0), (20_000, 30_000), (200, 300))) == 3).all()


def test_several_viewers_of_one_kernel_have_a_line_each(kernel):
    kernel.set({"rho": np.ones((3, 4))})
    with ThreadPoolExecutor(4) as threads:
        sources = list(threads.map(open_source, [f"kernel:{kernel.file}?rho"] * 4))
        assert [each.shape for each in threads.map(first, sources)] == [(3, 4)] * 4
        list(threads.map(lambda source: source.close(), sources))


def test_the_image_says_that_code_runs_there(kernel, namespace):
    kernel.set({"rho": np.ones((3, 4))})
    with namespace.open("rho") as source:
        (note,) = first(source).notes
        assert note == f"shown by code of traitsview that runs in the kernel (process {kernel.pid})"


@pytest.mark.parametrize(
    ("text", "kind", "sentence"),
    [
        ("?rho +", RequestError, "cannot show 'rho +': it is no expression of Python"),
        ("", RequestError, "no array is named; the kernel has 1 array: rho; write kernel:"),
    ],
)
def test_an_address_without_an_expression_is_refused(kernel, text, kind, sentence):
    kernel.set({"rho": np.ones((3, 4))})
    with pytest.raises(kind, match=sentence.replace("+", r"\+")):
        open_source(f"kernel:{kernel.file}{text}")


def test_an_older_kernel_of_the_same_name_is_no_kernel(kernel, tmp_path):
    file = tmp_path / "kernel-old.json"
    file.write_bytes(kernel.file.read_bytes())
    file.chmod(0o600)
    kernel.kill()
    with pytest.raises(SourceUnreadable, match="cannot look into kernel 'old': nobody answers there"):
        open_source(f"kernel:{file}?rho")
