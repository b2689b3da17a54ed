"""The failure modes that are thought of, and what is expected in each.

``docs/fault_table.py`` makes the table of them, with the tests that prove each.
"""

from __future__ import annotations

__all__ = ["SECTIONS"]

_LATER = "not built yet: "

#: For each section its title, and for each row its number, the failure, the behaviour expected, and why no test proves
#: it, where none does.
SECTIONS: tuple[tuple[str, tuple[tuple[str, str, str, str], ...]], ...] = (
    (
        "Network",
        (
            (
                "N1",
                "The line loses everything, without a word",
                "Stale within 3 s, lost within 10 s, back by itself",
                "",
            ),
            ("N2", "The connection ends in the middle of an answer", "No half tile; asked for again", ""),
            ("N3", "Long round trips, loss, little bandwidth", "The newest view comes first", ""),
            ("N4", "The bandwidth collapses", "The newest view does not fall behind", ""),
            ("N5", "One direction stalls", "As N1: what counts is an answer, not a connection", ""),
            ("N6", "Bytes are changed on the way", "The connection ends; nothing wrong is shown", ""),
            ("N7", "ssh dies or is killed", "Another ssh, the same server, the same view", ""),
            ("N8", "The host's key is unknown or has changed", "Refused, in ssh's own words", ""),
            ("N9", "The viewer sleeps; its network is another one", "Back at the first try; clocks do not matter", ""),
            ("N10", "The host believes that an old connection lives", "The newer one takes its place at once", ""),
            ("N11", "Two connections claim one session", "One has it, nobody hangs", ""),
            ("N12", "No such name, no route, nobody or somebody else listens", "One line that says which", ""),
            ("N13", "Another version of the protocol", "Both are named, and which to upgrade", ""),
            ("N14", "Tiny packets", "Works, slower", ""),
        ),
    ),
    (
        "Host",
        (
            ("S1", "The host is killed", "Told at once; the same view and the same pixels afterwards", ""),
            ("S2", "The host is stopped, or computes for long", "Stale and lost; or busy, and neither", ""),
            (
                "S3",
                "The batch job is near its end",
                "Warned in time",
                _LATER + "servers in batch jobs are not known as such",
            ),
            ("S4", "The host starts again, and the file is another one", "Said; never mixed with the old one", ""),
            ("S5", "A request fails inside the host", "An error for that request only", ""),
            ("S6", "A computation does not end", "Nobody else waits; it ends when it is not wanted", ""),
            ("S7", "A library crashes", "The host starts again, the file is named; given up after three times", ""),
            ("S8", "Memory is short", "Caches shrink before anything is swapped", ""),
            ("S9", "No descriptors are left", "The server goes on", ""),
            ("S10", "The disk is full", "Looking goes on", ""),
            ("S11", "A dead socket lies there; many servers start at once", "Removed if dead and ours; one winner", ""),
            ("S12", "The runtime folder vanishes", "The server makes another one and is found", ""),
            ("S13", "Nobody needs the server any more", "It ends after a while and leaves nothing", ""),
            ("S14", "Many viewers", "Each has its turn", ""),
            ("S15", "One viewer is stuck", "The others do not notice; what waits for it is bounded", ""),
            ("S16", "A simulation publishes to slow viewers", "It never waits", _LATER + "publishing"),
            ("S17", "A publisher ends or changes its shape", "Said", _LATER + "publishing"),
            ("S18", "A frame is written while it is read", "Never shown", _LATER + "publishing"),
            ("S19", "Frames come faster than they are shown", "The newest wins", _LATER + "publishing"),
            ("S20", "A kernel is busy", "Said; nothing queues", _LATER + "kernels"),
            ("S21", "A kernel starts again, a variable is gone", "Said", _LATER + "kernels"),
            ("S22", "An engine of a cluster dies", "Its tiles are hatched", _LATER + "kernels"),
            ("S23", "The wall clock jumps", "Nothing happens", ""),
        ),
    ),
    (
        "Viewer",
        (
            ("G1", "The host is slow while the user drags", "The window never waits for a socket", ""),
            ("G2", "An answer to an old request arrives late", "Dropped", ""),
            ("G3", "A reply is huge", "Refused before memory is taken", ""),
            ("G4", "NaN, infinite, constant, tiny or enormous values", "A defined picture, in words too", ""),
            ("G5", "The window is closed in the middle of something", "It waits for nothing, and leaves nothing", ""),
            ("G6", "A handler fails", "Said once; the window lives", ""),
            ("G7", "The display is lost, or a signal comes", "Ends, whatever its host does", ""),
            ("G8", "The settings make no sense", "Defaults, and it is said", ""),
            ("G9", "Thousands of images are opened and closed", "Nothing grows", ""),
            ("G10", "An enormous part is exported", "Its size is said; it can be given up", _LATER + "export of parts"),
            ("G11", "The host is hostile", "Nothing it sends is run; sizes are bounded", ""),
        ),
    ),
    (
        "Data",
        (
            ("D1", "A file is cut short", "The sizes found and expected are said", ""),
            ("D2", "A file shrinks, is replaced or removed while it is looked at", "Said, and nothing crashes", ""),
            ("D3", "A file is being written", "Said", ""),
            ("D4", "A header lies", "Refused before memory is taken", ""),
            ("D5", "A file holds Python objects", "Refused", ""),
            ("D6", "A small file unpacks to an enormous one", "Refused at a limit", ""),
            ("D7", "Headers are changed at random", "Only our own errors", ""),
            ("D8", "It is a pipe, a device, a folder, a dangling link", "Refused at once", ""),
            ("D9", "Reading fails", "The system's reason, and the file", ""),
            ("D10", "Files of 2^63 bytes", "No wrap-around", ""),
            ("D11", "A file points at another one outside", "Refused", _LATER + "formats that do so, such as HDF5"),
        ),
    ),
    (
        "Security",
        (
            ("X1", "Another user tries every endpoint", "No connection", ""),
            ("X2", "Strangers are silent, slow or enormous", "Each costs little, for a short time", ""),
            ("X3", "A wrong token or certificate", "Refused, without a hint why", ""),
            ("X4", "Paths that lead out of what is served", "Refused", ""),
            ("X5", "Expressions that escape", "Refused", _LATER + "expressions"),
            ("X6", "Known attacks on rpyc", "Refused", ""),
            ("X7", "Somebody else made the runtime folder before", "Refused", ""),
            ("X8", "Secrets in logs, arguments, environments", "None", ""),
            ("X9", "Host names that are options", "Refused by grammar", ""),
            ("X10", "A secret file that others can read", "Refused", ""),
            ("X11", "Any umask", "The same modes", ""),
            ("X12", "A token that may only look", "It may only look", _LATER + "tokens for others"),
        ),
    ),
)
