"""The form of everything that crosses between a viewer and a host; nothing else knows it.

``pack_…`` make tuples of exact builtin values, ``unpack_…`` check every one of them and make our
own values again, or raise `WireError`.  Arrays travel beside the message as raw attachments; what
the message says of one is ``(number, dtype, shape, code)``.

Limits here are about what one message may ask for or bring; callers cut larger work into parts.
"""

from __future__ import annotations

from .arrays import RENDER_BYTES, pack_array, unpack_array
from .batches import (
    BATCH_BYTES,
    TILE_BYTES,
    Batch,
    Chunk,
    pack_batch,
    pack_chunk,
    unpack_batch,
    unpack_chunk,
    unpack_limit,
)
from .errors import pack_error, unpack_error
from .frames import pack_frame, pack_opened, unpack_frame, unpack_opened
from .images import INFO_BYTES, SUMMARY_BYTES, pack_info, pack_summary, unpack_info, unpack_summary
from .pairs import PAIR, as_pairs, from_pairs
from .questions import form_of, pack_answer, pack_question, unpack_answer, unpack_question
from .texts import TEXT, TEXTS, pack_source, pack_texts, unpack_source, unpack_text, unpack_texts
from .values import LONGEST_WAIT, pack_life, unpack_flag, unpack_life, unpack_sequence, unpack_wait
from .variables import pack_variables, unpack_variables
from .viewports import (
    POINTS,
    TILES,
    Place,
    pack_points,
    pack_tiles,
    pack_viewport,
    place_of,
    unpack_extent,
    unpack_place,
    unpack_points,
    unpack_tiles,
    unpack_viewport,
)
from .wishes import STAGES, pack_picture, pack_speeds, pack_stages, unpack_picture, unpack_speeds, unpack_stages

__all__ = [
    "BATCH_BYTES",
    "INFO_BYTES",
    "LONGEST_WAIT",
    "PAIR",
    "RENDER_BYTES",
    "POINTS",
    "STAGES",
    "SUMMARY_BYTES",
    "TEXT",
    "TEXTS",
    "TILES",
    "TILE_BYTES",
    "Batch",
    "Chunk",
    "Place",
    "as_pairs",
    "form_of",
    "from_pairs",
    "pack_answer",
    "pack_array",
    "pack_batch",
    "pack_error",
    "pack_frame",
    "pack_info",
    "pack_life",
    "pack_opened",
    "pack_picture",
    "pack_chunk",
    "pack_points",
    "pack_question",
    "pack_source",
    "pack_speeds",
    "pack_stages",
    "pack_summary",
    "pack_texts",
    "pack_variables",
    "pack_tiles",
    "pack_viewport",
    "place_of",
    "unpack_answer",
    "unpack_array",
    "unpack_batch",
    "unpack_error",
    "unpack_extent",
    "unpack_flag",
    "unpack_frame",
    "unpack_info",
    "unpack_life",
    "unpack_limit",
    "unpack_opened",
    "unpack_picture",
    "unpack_chunk",
    "unpack_place",
    "unpack_points",
    "unpack_question",
    "unpack_sequence",
    "unpack_source",
    "unpack_speeds",
    "unpack_stages",
    "unpack_summary",
    "unpack_text",
    "unpack_texts",
    "unpack_tiles",
    "unpack_variables",
    "unpack_viewport",
    "unpack_wait",
]
