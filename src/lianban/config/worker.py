"""``python -m lianban.config.worker [--once [--as-of INSTANT]] [--json]``: wires the jobs to the database role of the worker.

Wiring is this room's: the command line starts this program instead of importing another door.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from datetime import datetime


def main(arguments: list[str]) -> None:
    os.environ["LIANBAN_ROLE"] = "worker"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianban.config.settings")
    import django

    from lianban.records import server

    server.ensure()
    django.setup()
    from lianban.doors.jobs import worker

    if "--once" in arguments:
        as_of = _as_of(arguments)
        done = worker.catch_up(as_of)
        done["ledger_placed"] = 0 if as_of else worker.sequence_all()
        if "--json" in arguments:
            print(json.dumps(done))
        return
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        asyncio.run(worker.run())
    except KeyboardInterrupt:
        return


def _as_of(arguments: list[str]) -> datetime | None:
    """``--as-of INSTANT``: the moment a demo city's past is lived up to. Nobody else's clocks run by another time than now."""
    from django.conf import settings

    if "--as-of" not in arguments:
        return None
    if not settings.DEMO:
        raise SystemExit("--as-of: LIANBAN_DEMO=1")
    return datetime.fromisoformat(arguments[arguments.index("--as-of") + 1])


if __name__ == "__main__":
    main(sys.argv[1:])
