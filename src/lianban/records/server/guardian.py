"""The guardian: one small process per data folder that runs the server while anybody uses it.

Every process that uses the server holds a shared lock on ``users.lock``; the kernel lets go of it when the process
ends, however it ends. The guardian keeps trying for the exclusive lock: the moment it gets it, nobody is left and it
stops the server. So Ctrl-C, a crash and ``kill -9`` all end the same way, two programs share one server, and the
last one out turns off the light. If the server itself is killed, the guardian starts it again and PostgreSQL
recovers. If the guardian is killed, the server goes on, and the next program to come starts a new guardian, which
takes it over.

Run as ``python -m lianban.records.server.guardian DATA_FOLDER`` by :mod:`lianban.records.server.supervisor` only.
"""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

from lianban.engines.errors import LianbanError
from lianban.records.server import cluster
from lianban.records.server.account import server_account
from lianban.records.server.binaries import binaries_for
from lianban.records.server.places import Places

_LOOK_EVERY = 0.2  # seconds between two looks at the locks and the server
_STARTS_A_MINUTE = 6  # a server that keeps dying is a fault to be seen, not to be hidden


class Guardian:
    """Holds the guardian's lock while :meth:`watch` runs."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self.account = server_account(places.cluster)
        self.binaries = binaries_for(self.account)
        self.child: subprocess.Popen[bytes] | None = None
        self.starts: list[float] = []
        self.asked_to_stop = False

    def watch(self) -> int:
        """Run the server until nobody uses it. Returns the exit code of the process."""
        users = os.open(self.places.users_lock, os.O_RDWR | os.O_CREAT, 0o600)
        while True:
            if not self._server_lives() and not self._start():
                return 1
            time.sleep(_LOOK_EVERY)
            if self.asked_to_stop or _nobody_left(users):
                # The exclusive lock stays ours until this process ends, so newcomers wait for the stop.
                self._stop()
                return 0

    def ask_to_stop(self, _signal: int, _frame: FrameType | None) -> None:
        self.asked_to_stop = True

    def _server_lives(self) -> bool:
        if self.child is not None:
            if self.child.poll() is None:
                return True
            self.child = None
        pid = cluster.recorded_pid(self.places)
        return pid is not None and cluster.is_postmaster_of(pid, self.places)

    def _start(self) -> bool:
        now = time.monotonic()
        self.starts = [moment for moment in self.starts if now - moment < 60]
        if len(self.starts) >= _STARTS_A_MINUTE:
            print("the server died too often; giving up", flush=True)
            return False
        if self.starts:
            # Children of a killed server need a moment to notice; until then PostgreSQL refuses to start.
            time.sleep(0.5 * len(self.starts))
        self.starts.append(now)
        cluster.remove_stale_pid_file(self.places)
        print(f"{time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime())} starting", flush=True)
        self.child = subprocess.Popen(
            [self.binaries.program("postgres"), "-D", str(self.places.cluster)],
            stdin=subprocess.DEVNULL,
            cwd="/",
            env=cluster.server_environment(),
            **self.account.as_arguments(),
        )
        return True

    def _stop(self) -> None:
        """Fast shutdown: sessions are ended, everything is written; harder only if that hangs."""
        pid = self.child.pid if self.child else cluster.recorded_pid(self.places)
        if pid is None:
            return
        for how, patience in ((signal.SIGINT, 60.0), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 5.0)):
            if not self._server_lives():
                return
            os.kill(pid, how)
            until = time.monotonic() + patience
            while self._server_lives() and time.monotonic() < until:
                time.sleep(0.02)


def _nobody_left(users: int) -> bool:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _detach() -> int:
    """Leave the process that started us, so that neither its terminal nor its end reaches the server.

    Returns a pipe; the process that started us goes on once something is written to it, or we are gone.
    """
    reading, writing = os.pipe()
    if os.fork():
        os.close(writing)
        os.read(reading, 1)
        os._exit(0)
    os.close(reading)
    return writing


def main(folder: str) -> int:
    places = Places(Path(folder))
    starter = _detach()
    lock = os.open(places.guardian_lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return 0  # there is a guardian already
    os.truncate(lock, 0)
    os.write(lock, f"{os.getpid()}\n".encode())
    os.close(starter)
    try:
        guardian = Guardian(places)
        signal.signal(signal.SIGTERM, guardian.ask_to_stop)
        signal.signal(signal.SIGINT, guardian.ask_to_stop)
        return guardian.watch()
    except LianbanError as error:
        print(f"{error.code}: {error}", flush=True)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
