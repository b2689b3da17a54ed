"""No module contains forbidden code; the tests read the source."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2] / "traitsview"
MODULES = {path.relative_to(ROOT).as_posix(): path for path in sorted(ROOT.rglob("*.py"))}

#: Modules that turn data into programs, or open a port that everybody may use.
MODULES_NOT_USED = {
    *("pickle", "_pickle", "cPickle", "dill", "cloudpickle", "joblib", "marshal", "shelve", "yaml", "jsonpickle"),
    *("code", "codeop", "runpy", "pty", "telnetlib", "ftplib", "smtplib"),
    *("http", "socketserver", "xmlrpc", "wsgiref", "asyncore", "urllib.request"),
}

#: Modules of rpyc that we use.  Servers, classic mode, netrefs and ``obtain`` are in others.
OF_RPYC = {
    "rpyc.core",
    "rpyc.core.brine",
    "rpyc.core.channel",
    "rpyc.core.consts",
    "rpyc.core.protocol",
    "rpyc.core.stream",
}

CALLS = {
    *("eval", "exec", "compile", "__import__", "execfile"),
    *("os.system", "os.popen", "os.spawnl", "os.spawnv", "os.execl", "os.execv", "os.execvp", "os.execve", "os.fork"),
    *("subprocess.getoutput", "subprocess.getstatusoutput", "tempfile.mktemp"),
    *("obtain", "rpyc.utils.classic.obtain", "np.frompyfunc"),
}

#: Modules that may use TCP: for TLS, to find out why a host cannot be reached, and to find a display.
TCP = {
    *("remote/tls/tls_handshake.py", "remote/tls/tls_listener.py"),
    *("remote/diagnosis/tls_findings.py", "remote/diagnosis/ssh_settings.py"),
    "display.py",
    # Kernels of this machine, which listen there.
    "sources/services/kernel/connection_file.py",
    # Controllers of clusters: whether the one of a connection file is still there.
    "sources/services/engines/cluster.py",
}
#: Evaluates what a user asks for in a program of that user; it runs inside that program.
EVALUATES = {"sources/services/far_arrays.py": {"eval", "compile"}}

#: Becomes the viewer of a calculation: the interpreter that runs already, with words of ours.
BECOMES = {"live/start_viewer.py": {"os.execv"}}

#: Modules that may listen at a socket.
LISTEN = {
    *("remote/protocol/endpoint.py", "remote/tls/tls_listener.py"),
    # In a folder that nobody else can enter, for one connection.
    "sources/services/kernel/first_contact.py",
}

CLOCKS = ("time.time", "time.localtime", "datetime.now", "datetime.utcnow")
LINE = (ast.Constant, ast.JoinedStr, ast.BinOp)

#: Modules that may read the time of day, which is for people: in a log, in a record, in the window.
CLOCK = {
    "remote/user_server/daemon.py": {"datetime.now"},
    # A batch system gives the end of a job as a time of day.  It is turned into seconds once.
    "remote/host/deadline.py": {"time.time"},
    "remote/user_server/server_log.py": {"time.time", "datetime.now", "time.strftime", "time.localtime"},
}


def name_of(node: ast.AST) -> str:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{name_of(node.value)}.{node.attr}"
    return ""


def imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and not node.level:
        return [f"{node.module}.{alias.name}" for alias in node.names]
    return []


def keyword_of(call: ast.Call, name: str) -> object:
    """Return the constant that a call has for a keyword argument, or None."""
    for each in call.keywords:
        if each.arg == name:
            return each.value.value if isinstance(each.value, ast.Constant) else "unknown"
    return None


def offences(tree: ast.AST, module: str):
    """Yield each forbidden act of a module and its line."""
    for node in ast.walk(tree):
        for name in imported(node):
            tops = {name, name.rpartition(".")[0], name.partition(".")[0]}
            if tops & MODULES_NOT_USED:
                yield node.lineno, f"imports {name}"
            if name.startswith("rpyc") and not tops & OF_RPYC:
                yield node.lineno, f"imports {name}"
        if isinstance(node, ast.Attribute) and module not in TCP and node.attr.startswith("AF_INET"):
            yield node.lineno, "names the internet"
        if isinstance(node, ast.Call):
            yield from ((node.lineno, what) for what in wrong_calls(node, name_of(node.func), module))


def wrong_calls(call: ast.Call, name: str, module: str):
    allowed = EVALUATES.get(module, set()) | BECOMES.get(module, set())
    if (name in CALLS and name not in allowed) or name.endswith(".obtain"):
        yield f"calls {name}"
    if keyword_of(call, "shell") or keyword_of(call, "allow_pickle"):
        yield f"{name} with shell or pickle"
    if name in ("np.load", "numpy.load") and keyword_of(call, "allow_pickle") is not False:
        yield "loads without allow_pickle=False"
    if name.endswith(("Popen", "subprocess.run", "check_output")) and call.args and isinstance(call.args[0], LINE):
        yield "runs a line for a shell"
    if name in ("socket.create_server", "socket.create_connection", "socket.getaddrinfo") and module not in TCP:
        yield f"calls {name}"
    if name == "socket.socket" and not call.args and keyword_of(call, "fileno") is None:
        yield "makes a socket of the internet"
    if name.endswith(".listen") and module not in LISTEN and name != "endpoint.listen":
        yield "listens"
    if module.startswith("remote/") and name in CLOCKS and name not in CLOCK.get(module, ()):
        yield f"reads the wall clock by {name}"


@pytest.mark.fault("G11", "X2", "X6", "S23")
@pytest.mark.parametrize("module", MODULES)
def test_no_module_runs_data_or_opens_a_plain_port(module):
    tree = ast.parse(MODULES[module].read_text(encoding="utf-8"))
    assert not [f"traitsview/{module}:{line}: {what}" for line, what in offences(tree, module)]


WRONG = """
import pickle, marshal
from http.server import HTTPServer
from rpyc.utils.server import ThreadedServer
import rpyc
eval("1")
os.system("ls")
subprocess.run("ls", shell=True)
subprocess.Popen(f"ls {x}")
np.load(f)
np.load(f, allow_pickle=True)
socket.socket(socket.AF_INET)
socket.socket()
socket.create_server(("", 1))
s.listen(5)
time.time()
"""


def test_check_finds_forbidden_code():
    lines = {line for line, _ in offences(ast.parse(WRONG), "remote/x.py")}
    assert lines == set(range(2, len(WRONG.splitlines()) + 1))
    right = "np.load(f, allow_pickle=False)\nsubprocess.run([a, b])\nsocket.socket(socket.AF_UNIX)\ntime.monotonic()"
    assert not list(offences(ast.parse(right), "remote/x.py"))
