"""Where everything is in the shared memory of a publisher.  This is the one place that says so.

A publisher has up to three pieces of memory, each a memfd.

*Control block*, four pages: 64 words (signed integers of 64 bits), then texts.  It says who publishes, until when
somebody watches, how many frames were published, and where the newest one is.

*Slots*: the frames that were copied, in turn.  A slot is 32 words (its head), the scalars, the form and the arrays.
The form is JSON: names, dtypes, shapes and places of the arrays, names of the scalars, extent, unit.  The frame with
the sequence number ``n`` is in slot ``n % slots``, and is whole if the words `BEGUN` and `DONE` of the slot are both
``n``.

*Series*: the scalars of the last 65,536 frames.  The head, 16 KB, is the number of bytes of a text as a word, and the
text, the names as a JSON list.  Then come rows of floats: the count of the frame, its step, its time, the scalars.

All numbers are in the order of bytes of the machine.  The first four words of the control block never change their
meaning; when anything else does, `VERSION` grows.
"""

from __future__ import annotations

import struct

MAGIC = int.from_bytes(b"tv.live\0", "little")
VERSION = 1

#: The name of the memfd of a control block begins so; then comes the name of the publisher.
MEMFD_PREFIX = "traitsview.live:"

#: Bytes of a name, in UTF-8.  The name of a memfd has at most 249.
NAME_BYTES = 200

#: Nanoseconds for which somebody who looks is taken to watch.
WATCH_NANOSECONDS = 2_000_000_000

WORD = struct.Struct("=q")
FLOAT = struct.Struct("=d")

# Words of the control block.  The first four are there in every version.
MAGIC_WORD = 0
VERSION_WORD = 1
PID = 2
START_TICKS = 3  # when the process was started, in clock ticks since boot: /proc/PID/stat, field 22
CREATED = 4  # nanoseconds of CLOCK_MONOTONIC, as every moment here
WATCHED_UNTIL = 5  # written by those who watch
COUNT = 6  # frames published so far
NEWEST = 7  # the sequence number of the newest frame in a slot, 0 if there is none
SLOTS_FD = 8  # the number of the memfd in the process of the publisher, 0 if there is none
SLOTS_INODE = 9
SLOTS = 10  # how many
SLOT_BYTES = 11  # of each
ENDED = 12  # 0 while the calculation goes on, or the moment when it ended
HAS_STEP = 13
STEP = 14  # of the newest frame, whether or not it is in a slot
SERIES_FD = 15
SERIES_INODE = 16
SERIES_COLUMNS = 17  # numbers in a row
NAME_LENGTH = 18
WHY_LENGTH = 19  # bytes of the text that says why the calculation ended
CONSOLE_LENGTH = 20  # bytes of the path of the connection file of a kernel in the calculation
SERIES_WRITTEN = 22  # rows of the series that were ever written
ANNOUNCED_LENGTH = 21  # bytes of the form of the first frame, as far as it is known before anybody watches

NAME_AT = 512
WHY_AT = 1024
WHY_BYTES = 512
CONSOLE_AT = 2048
CONSOLE_BYTES = 1024
FIRST_BYTES = 4096  # what is read of it each time
ANNOUNCED_AT = FIRST_BYTES
ANNOUNCED_BYTES = 12288
CONTROL_BYTES = ANNOUNCED_AT + ANNOUNCED_BYTES

# Words of the head of a slot.
BEGUN = 0
DONE = 1
SLOT_COUNT = 2  # of frames published up to this one
SLOT_MOMENT = 3  # when it was published; no two frames of a publisher have the same
SLOT_HAS_STEP = 4
SLOT_STEP = 5
SLOT_HAS_TIME = 6
SLOT_TIME = 7  # a float
SLOT_SCALARS = 8  # how many
SLOT_FORM_BYTES = 9
SLOT_WORDS = 32

#: A scalar is two words: one of these, and a number, an integer or a float as the first one says.
FLOATING, INTEGER, BOOLEAN = 0, 1, 2

SCALARS_AT = 8 * SLOT_WORDS
MOST_SCALARS = 256
FORM_AT = SCALARS_AT + 16 * MOST_SCALARS
ARRAYS_AT = 32768
FORM_BYTES = ARRAYS_AT - FORM_AT

#: The names of a frame, their characters, and the axes of an array.
MOST_NAMES = 256
NAME_CHARACTERS = 256
MOST_AXES = 32

#: No array is larger than this, in bytes or in elements along one axis, and no slot is.
LARGEST_BYTES = 1 << 46

#: Arrays begin at multiples of this.
ALIGNMENT = 64

# The series of scalars.
SERIES_ROWS = 65536
SERIES_PLACES = SERIES_ROWS + 1  # one of them may just be written
SERIES_TEXT_AT = 8
SERIES_AT = 16384
#: The first numbers of a row: the count, the step, and the time, NaN where there is none.
SERIES_FIRST = 3
#: Scalars that are kept as series; all are in the frames.
MOST_SERIES = 32


def aligned(at: int, to: int = ALIGNMENT) -> int:
    """Return the next multiple of `to` that is not before `at`."""
    return -(-at // to) * to
