"""How the C libraries below a model use memory and threads. Each function answers whether the
machine has what it sets: glibc's allocator, an OpenBLAS.

Why: a speech model allocates and frees hundreds of megabytes a batch. glibc hands them back to the
system at each free and has them zeroed page by page at the next use: half of the processor's time
of an encoder in a virtual machine. And numpy's OpenBLAS keeps a thread spinning for a while after
each large product, on the processor that the model wants next.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8
"""Of glibc's malloc.h."""
LARGEST_KEPT = 1 << 30
"""Bytes of one allocation that is kept for the next when it is freed. Smaller limits cost more
memory, not less: with 256 MiB, pieces of the heap lay beside the mapped blocks."""


def keep_freed_memory() -> bool:
    """Let freed memory be used again at once instead of going back to the system. To be called as
    the process begins: threads that have allocated already keep to their own ways."""
    mallopt = _of_libc("mallopt")
    if mallopt is None:
        return False
    done = [
        mallopt(M_ARENA_MAX, 1),  # a thread's own arena cannot keep blocks above 64 MiB
        mallopt(M_MMAP_THRESHOLD, LARGEST_KEPT),
        mallopt(M_TRIM_THRESHOLD, 2 * LARGEST_KEPT - 1),
    ]
    return all(done)


def give_back_memory() -> bool:
    """Hand freed memory to the system: a model was let go, or a recording was heard."""
    malloc_trim = _of_libc("malloc_trim")
    if malloc_trim is None:
        return False
    malloc_trim(0)
    return True


def use_one_blas_thread() -> bool:
    """Keep numpy's matrix products in the caller's thread; those of features are small."""
    from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]

    blas = ThreadpoolController().select(user_api="blas")
    blas.limit(limits=1)
    return len(blas) > 0


def _of_libc(name: str) -> Callable[..., Any] | None:
    try:
        return ctypes.CDLL(None)[name]
    except (AttributeError, OSError, TypeError):  # another libc; Windows has no whole process
        return None
