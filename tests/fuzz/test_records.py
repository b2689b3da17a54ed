"""Files about servers, with any bytes, are read or refused; nothing else happens."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, fields

import pytest
from kit.fuzzing import fuzz
from kit.mutation import mutated

from traitsview.errors import HostRefused
from traitsview.remote.tls import credentials
from traitsview.remote.user_server.record import Record

VALUES = (None, True, 0, -1, 1.5, 1e400, 2**70, "", "x", "\x00", "a" * 5000, [], [[]], {}, [1, 2], "é")
RECORD = Record(1, 2, "0.1", "today", ("/a", "/b"), "/run/x.socket", 60.0)


def spoiled(rng, known):
    """Return the JSON of `known` after some accidents."""
    known = dict(known)
    for _ in range(rng.randrange(3)):
        key = rng.choice((*known, "other"))
        if rng.random() < 0.3:
            known.pop(key, None)
        else:
            known[key] = rng.choice(VALUES)
    data = json.dumps(known).encode()
    if rng.random() < 0.03:
        data = rng.choice((b"[" * 30_000, b"", b"\x00" * 100, b"NaN", b'"x"', b"{}", b"1" * 10_000))
    return mutated(rng, data) if rng.random() < 0.5 else data


@pytest.mark.fault("X7")
def test_any_record_of_a_server_is_read_or_refused(tmp_path):
    def check(data):
        (tmp_path / "serve.json").write_bytes(data)
        record = Record.read(tmp_path)
        if record is not None:
            for each in fields(Record):
                more = (int, type(None)) if each.name == "persist" else ()
                assert type(getattr(record, each.name)) in (type(getattr(RECORD, each.name)), *more)
            assert all(type(path) is str for path in record.paths)
            assert record.alive in (True, False)

    fuzz("records", lambda rng: spoiled(rng, asdict(RECORD)), check, share=1 / 4)


@pytest.mark.fault("X10")
def test_any_credentials_are_read_or_refused(tmp_path, monkeypatch):
    folder = tmp_path / "traitsview" / "servers"
    folder.mkdir(parents=True, mode=0o700)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    _, issued = credentials.issue("127.0.0.1", 4711)
    path = credentials.keep(issued)
    known = json.loads(path.read_text())

    def check(data):
        path.write_bytes(data)
        try:
            found = credentials.credentials_for("127.0.0.1", 4711)
        except HostRefused as error:
            line = str(error)
            assert line.isprintable()
            assert issued.token not in line
        else:
            assert all(type(getattr(found, name)) is type(value) for name, value in asdict(issued).items())

    fuzz("credentials", lambda rng: spoiled(rng, known), check, share=1 / 4)
    assert os.listdir(folder) == [path.name]
