"""What the C libraries are told holds for a whole process, so each test has one of its own. Where
the machine has no glibc, the functions must say that they did nothing."""

from __future__ import annotations

import platform
import subprocess
import sys

HAS_GLIBC = platform.libc_ver()[0] == "glibc"

USE_AND_FREE = """
def use_and_free():
    for round in range(20):
        faults.append(resource.getrusage(resource.RUSAGE_SELF).ru_minflt)
        np.ones(100 << 20, dtype=np.uint8)

faults = []
thread = threading.Thread(target=use_and_free)
thread.start()
thread.join()
print(told, faults[-1] - faults[1])
"""


def printed(script: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout.split()


def test_memory_that_a_thread_frees_is_used_again_without_asking_the_system() -> None:
    begin = "import resource, threading\nimport numpy as np\nfrom core.engines import native\n"
    told, kept = printed(f"{begin}told = native.keep_freed_memory(){USE_AND_FREE}")
    _, fresh = printed(f"{begin}told = False{USE_AND_FREE}")
    assert told == str(HAS_GLIBC)
    assert not HAS_GLIBC or int(kept) < int(fresh) / 10


def test_memory_of_a_model_that_was_let_go_goes_back_to_the_system() -> None:
    told, held, left = printed(
        "import psutil, threading, time\n"
        "import numpy as np\n"
        "from core.engines import native\n"
        "from core.engines.lifecycle import Resident\n"
        "told = native.keep_freed_memory()\n"
        "rss = lambda: psutil.Process().memory_info().rss >> 20\n"
        "before = rss()\n"
        "model = Resident(lambda: [np.ones(1 << 20, np.uint8) for _ in range(200)], idle=0.2)\n"
        "held = model.use(lambda _: rss(), check=lambda: None) - before\n"
        "end = time.monotonic() + 20\n"
        "while (model.is_loaded or rss() - before > 50) and time.monotonic() < end:\n"
        "    threading.Event().wait(0.05)\n"
        "print(told, held, rss() - before)"
    )
    assert told == str(HAS_GLIBC)
    assert int(held) >= 190
    assert not HAS_GLIBC or int(left) <= 50


def test_matrix_products_stay_in_one_thread() -> None:
    told, threads = printed(
        "import numpy\n"
        "from core.engines import native\n"
        "from threadpoolctl import threadpool_info\n"
        "told = native.use_one_blas_thread()\n"
        "pools = [pool for pool in threadpool_info() if pool['user_api'] == 'blas']\n"
        "print(told, max((pool['num_threads'] for pool in pools), default=1))"
    )
    assert told == "True" or sys.platform == "darwin"  # numpy uses Apple's own library there
    assert threads == "1"
