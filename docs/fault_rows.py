"""The known failure modes, and the expected behaviour in each.

``docs/fault_table.py`` makes a table of them, with the tests that prove each.
"""

from __future__ import annotations

__all__ = ["SECTIONS"]

_LATER = "not built yet: "

#: The sections: a title and rows.  A row is its number, the failure, the expected behaviour, and the reason why no test
#: proves it; empty if a test does.
SECTIONS: tuple[tuple[str, tuple[tuple[str, str, str, str], ...]], ...] = (
    (
        "Network",
        (
            (
                "N1",
                "The line loses everything, and no error comes",
                "The viewer says stale within 3 s and lost within 10 s, and reconnects by itself",
                "",
            ),
            ("N2", "The connection ends within an answer", "No half tile is shown; it is asked for again", ""),
            ("N3", "Long round trips, loss, little bandwidth", "The newest view comes first", ""),
            ("N4", "The bandwidth collapses", "The newest view does not fall behind", ""),
            ("N5", "One direction stalls", "As in N1: an answer counts, not a connection", ""),
            ("N6", "Bytes are changed on the way", "The connection ends; nothing wrong is shown", ""),
            ("N7", "ssh dies or is killed", "A new ssh reaches the same server, and the view is the same", ""),
            ("N8", "The host's key is unknown or has changed", "Refused, in ssh's own words", ""),
            ("N9", "The viewer sleeps; its network has changed", "The first try reconnects; clocks do not matter", ""),
            ("N10", "The host believes that an old connection lives", "The newer one replaces it at once", ""),
            ("N11", "Two connections claim one session", "One of them gets it; neither hangs", ""),
            ("N12", "No such name, no route, no server, or another server", "One line says which of these it is", ""),
            ("N13", "Another version of the protocol", "A message names both versions, and which end to upgrade", ""),
            ("N14", "Packets are tiny", "Everything works, slower", ""),
        ),
    ),
    (
        "Host",
        (
            ("S1", "The host is killed", "Said at once; afterwards the view and its pixels are the same", ""),
            ("S2", "The host is stopped, or computes for long", "Stopped: stale, then lost.  Computing: busy", ""),
            (
                "S3",
                "The batch job is near its end",
                "The user is warned in time",
                _LATER + "servers in batch jobs are not known as such",
            ),
            ("S4", "The host starts again, and the file has changed", "Said; old and new pixels are never mixed", ""),
            ("S5", "A request fails inside the host", "An error for that request only", ""),
            ("S6", "A computation does not end", "Nobody else waits; it ends when nobody wants it", ""),
            ("S7", "A library crashes", "The host starts again and names the file; it gives up after three times", ""),
            ("S8", "Memory is short", "Caches shrink before anything is swapped", ""),
            ("S9", "No descriptors are left", "The server goes on", ""),
            ("S10", "The disk is full", "Images can still be looked at", ""),
            ("S11", "A dead socket is left; many servers start at once", "Ours is removed; one server starts", ""),
            ("S12", "The runtime folder vanishes", "The server makes a new one, and viewers find it", ""),
            ("S13", "Nobody needs the server any more", "It ends after a while and leaves nothing behind", ""),
            ("S14", "Many viewers", "Each has its turn", ""),
            ("S15", "One viewer is stuck", "Others do not notice; the data that waits for it is bounded", ""),
            ("S16", "A simulation publishes to slow viewers", "It never waits", ""),
            ("S17", "A publisher ends or changes its shape", "Said", ""),
            ("S18", "A frame is written while it is read", "Never shown", ""),
            ("S19", "Frames come faster than they are shown", "The newest wins", ""),
            ("S20", "A kernel is busy", "Said; nothing queues", _LATER + "kernels"),
            ("S21", "A kernel starts again, and a variable is gone", "Said", _LATER + "kernels"),
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
            ("G4", "NaN, infinite, constant, tiny or enormous values", "A defined picture, and defined words", ""),
            ("G5", "The window is closed while work goes on", "It waits for nothing, and leaves nothing behind", ""),
            ("G6", "A handler fails", "Said once; the window goes on", ""),
            ("G7", "The display is lost, or a signal comes", "The viewer ends, whatever its host does", ""),
            ("G8", "The settings make no sense", "Defaults are used, and this is said", ""),
            ("G9", "Thousands of images are opened and closed", "Nothing grows", ""),
            ("G10", "An enormous part is exported", "Its size is said; it can be given up", _LATER + "export of parts"),
            ("G11", "The host is hostile", "Nothing that it sends is run; sizes are bounded", ""),
        ),
    ),
    (
        "Data",
        (
            ("D1", "A file is cut short", "A message gives the size found and the size expected", ""),
            ("D2", "A file shrinks, is replaced or removed while it is looked at", "Said, and nothing crashes", ""),
            ("D3", "A file is being written", "Said", ""),
            ("D4", "A header lies", "Refused before memory is taken", ""),
            ("D5", "A file holds Python objects", "Refused", ""),
            ("D6", "A small file unpacks to an enormous one", "Refused at a limit", ""),
            ("D7", "Headers are changed at random", "Only our own errors are raised", ""),
            ("D8", "A file is a pipe, a device, a folder or a dangling link", "Refused at once", ""),
            ("D9", "Reading fails", "The message has the system's reason, and the file", ""),
            ("D10", "Files of 2^63 bytes", "No wrap-around", ""),
            ("D11", "A file points at another one outside", "Refused", _LATER + "formats that do so, such as HDF5"),
        ),
    ),
    (
        "Security",
        (
            ("X1", "Another user tries every endpoint", "No connection", ""),
            ("X2", "Strangers are silent, slow or enormous", "Each costs little, and only for a short time", ""),
            ("X3", "A token or certificate is wrong", "Refused, without a hint why", ""),
            ("X4", "Paths that lead out of what is served", "Refused", ""),
            ("X5", "Expressions that escape", "Refused", _LATER + "expressions"),
            ("X6", "Known attacks on rpyc", "Refused", ""),
            ("X7", "Somebody else made the runtime folder before", "Refused", ""),
            ("X8", "Secrets could get into logs, arguments, environments", "None does", ""),
            ("X9", "Host names that are options", "Refused by grammar", ""),
            ("X10", "A secret file that others can read", "Refused", ""),
            ("X11", "Any umask", "Files have the same modes", ""),
            ("X12", "A token that may only look", "It may only look", _LATER + "tokens for others"),
        ),
    ),
)
