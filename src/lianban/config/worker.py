"""``python -m lianban.config.worker [--once] [--json]``: wires the jobs to the database role of the worker.

Wiring is this room's: the command line starts this program instead of importing another door.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys


def main(arguments: list[str]) -> None:
    os.environ["LIANBAN_ROLE"] = "worker"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianban.config.settings")
    import django

    from lianban.records import server

    server.ensure()
    django.setup()
    from lianban.doors.jobs import worker

    if "--once" in arguments:
        done = {
            "timers_fired": worker.fire_all_timers(), "measures_followed": worker.follow_all_measures(),
            "clocks_looked_at": worker.run_all_clocks(), "ledger_placed": worker.sequence_all(),
        }  # fmt: skip
        if "--json" in arguments:
            print(json.dumps(done))
        return
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        asyncio.run(worker.run())
    except KeyboardInterrupt:
        return


if __name__ == "__main__":
    main(sys.argv[1:])
