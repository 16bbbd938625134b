"""Workers that are really killed, again and again, in the middle of their work. Tests and benchmarks share this.

``killing(work)`` makes a program to hand to a process of the worker's role. ``work`` is source text that defines
``work()``, which returns when nothing is left to do. The program loads everything, connects to nothing, then forks one
worker after another and kills each with SIGKILL at some instant, so that two hundred of them cost the start of one.
It prints two numbers: how many were killed, and how many of these had not yet finished.
"""

from __future__ import annotations

import os

KILLS = int(os.environ.get("KILLS", "10"))
"""How many, where nobody says another number: ten in the tests, two hundred in the benchmarks."""

_PROGRAM = """
import os, random, signal, time
from lianban.actions import abilities
from lianban.records import scenes
abilities.load()
scenes.scenes()
draw = random.Random({seed})
killed = midway = 0
for _ in range({kills}):
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        work()
        os.write(writer, b"done")
        time.sleep(60)
        os._exit(1)
    os.close(writer)
    time.sleep(draw.uniform({shortest}, {longest}))
    os.kill(child, signal.SIGKILL)
    died = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    killed += died
    midway += died and not os.read(reader, 4)
    os.close(reader)
print(killed, midway)
"""


def killing(
    work: str, kills: int = KILLS, shortest: float = 0.02, longest: float = 0.6, seed: int = 20260302
) -> str:
    """The program. A worker lives between ``shortest`` and ``longest`` seconds, drawn from ``seed``."""
    return work + _PROGRAM.format(seed=seed, kills=kills, shortest=shortest, longest=longest)


def killed(said: str) -> tuple[int, int]:
    """What the program printed: workers killed, and of these how many in the middle of their work."""
    all_of_them, midway = said.split()
    return int(all_of_them), int(midway)
