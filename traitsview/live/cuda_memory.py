"""Copies arrays out of the memory of a GPU by the driver of CUDA alone.

For objects that have nothing but ``__cuda_array_interface__``, see the page of that name in the documentation of Numba.
"""

from __future__ import annotations

import ctypes
from math import prod
from typing import Any

import numpy as np

__all__ = ["copied"]


def copied(interface: dict[str, Any]) -> np.ndarray:
    """Return a copy of the array that an interface describes.

    Raises
    ------
    ValueError
        If its elements are not in C order, or CUDA refuses.
    """
    dtype, shape = np.dtype(interface["typestr"]), tuple(interface["shape"])
    if interface.get("strides") is not None and interface["strides"] != _strides(shape, dtype.itemsize):
        raise ValueError("its elements are not in C order in the memory of the GPU; publish a contiguous copy")
    array = np.empty(shape, dtype)
    try:
        driver = ctypes.CDLL("libcuda.so.1")
    except OSError as error:
        raise ValueError(f"the driver of CUDA cannot be loaded: {error}") from error
    stream = interface.get("stream")
    # 1 and 2 are the default streams, of the old kind and of one for each thread, in the interface as in CUDA.
    if stream is not None:
        _check(driver.cuStreamSynchronize(ctypes.c_void_p(int(stream))))
    address = ctypes.c_uint64(int(interface["data"][0]))
    _check(driver.cuMemcpyDtoH_v2(ctypes.c_void_p(array.ctypes.data), address, ctypes.c_size_t(array.nbytes)))
    return array


def _strides(shape: tuple[int, ...], itemsize: int) -> tuple[int, ...]:
    return tuple(itemsize * prod(shape[at + 1 :]) for at in range(len(shape)))


def _check(result: int) -> None:
    if result:
        raise ValueError(f"CUDA cannot copy it, its error has the number {result}")
