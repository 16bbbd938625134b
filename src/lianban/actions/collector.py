"""What the collector of garbage need not look at again."""

from __future__ import annotations

import atexit
import gc
from functools import cache


@cache
def keep_what_is_loaded() -> None:
    """After a process's first act its modules, scenes and drawings are there to stay: some two hundred thousand objects.

    An act on a thousand tasks makes enough new ones for the collector to walk all of them again and again, which took a fifth
    of the act's time. At the end of the process it looks at everything once more, or extension modules report leaks.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000)
    atexit.register(gc.unfreeze)
