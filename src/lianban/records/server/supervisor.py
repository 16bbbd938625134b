"""Starting, sharing and stopping the server, from the side of a program that wants to use it."""

from __future__ import annotations

import atexit
import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from lianban.records.server import cluster, preparation
from lianban.records.server.account import server_account
from lianban.records.server.addresses import External, dsn_for, external
from lianban.records.server.binaries import binaries_for, installed_binaries
from lianban.records.server.errors import DataFolderUnusable, ServerDidNotStart, ServerInUse
from lianban.records.server.passwords import make_private_folder, renew, role_passwords
from lianban.records.server.places import Places, data_folder
from lianban.records.server.roles import Role

_LONGEST_START = 900.0  # seconds; recovery after a crash replays at most max_wal_size

Report = Callable[[str, str], None]
"""Told what is being waited for, in Chinese and English."""


class Server:
    """One data folder's server, shared with every other program that uses it.

    ``start`` and ``stop`` say that this process begins and ends its use; the server runs while anybody's lasts. A
    process that ends, however it ends, ends its use as well.
    """

    def __init__(self, places: Places) -> None:
        self.places = places
        self._use: int | None = None

    def dsn(self, role: Role | str, database: str | None = None) -> dict[str, Any]:
        """Arguments for ``psycopg.connect(**…)``: host, port, user, password, dbname."""
        return dsn_for(role, database, self.places)

    def running(self) -> bool:
        """Whether the server takes connections now, whoever started it."""
        return cluster.is_ready(self.places)

    def start(self, report: Report | None = None) -> Server:
        """Begin to use the server: make it, start it, wait for its recovery, as far as any is needed."""
        if self._use is not None and self.running():
            return self
        _usable_folder(self.places)
        with _held(self.places.transition_lock) as lock:
            if self._use is None:
                use = os.open(self.places.users_lock, os.O_RDWR | os.O_CREAT, 0o600)
                fcntl.flock(use, fcntl.LOCK_SH)  # waits while the last server is being stopped
                self._use = use
                atexit.register(self.stop)
            try:
                self._run(report, lock)
                preparation.prepare_own(self)
            except BaseException:
                self._let_go()
                raise
        return self

    def stop(self) -> None:
        """End our use. Returns once the server is down, or at once where others still use it."""
        if self._use is None:
            return
        self._let_go()
        if _others_use(self.places):
            return
        until = time.monotonic() + 80
        while _is_held(self.places.guardian_lock) and time.monotonic() < until:
            time.sleep(0.02)

    def _let_go(self) -> None:
        if self._use is not None:
            os.close(self._use)
            self._use = None
            atexit.unregister(self.stop)

    def _run(self, report: Report | None, lock: int) -> None:
        account = server_account(self.places.cluster)
        binaries = binaries_for(account)
        cluster.check_version(self.places, binaries)
        if not (self.places.cluster / "PG_VERSION").exists():
            cluster.make_cluster(self.places, binaries, account, lock)
        if not _is_held(self.places.guardian_lock):
            if not self.running():
                cluster.configure(self.places, account)
            _start_guardian(self.places)
        self._wait(report)

    def _wait(self, report: Report | None) -> None:
        began = time.monotonic()
        told = False
        while not self.running():
            waited = time.monotonic() - began
            if not _is_held(self.places.guardian_lock) or waited > _LONGEST_START:
                raise ServerDidNotStart(log=_end_of_log(self.places), folder=str(self.places.folder))
            if report and not told and waited > 3:
                report(
                    "数据库正在恢复上次未写完的内容，请稍候……",
                    "The database is recovering what was in flight; please wait…",
                )
                told = True
            time.sleep(0.02)


class ExternalServer(Server):
    """The server of ``LIANBAN_DATABASE_URL``: prepared and checked, never started or stopped by us."""

    def __init__(self, places: Places, address: External) -> None:
        super().__init__(places)
        self.address = address

    def running(self) -> bool:
        return preparation.answers(self.address)

    def start(self, report: Report | None = None) -> Server:
        preparation.prepare_external(self.address, role_passwords(self.places))
        return self

    def stop(self) -> None:
        return None


_in_use: dict[Path, Server] = {}


def ensure(folder: Path | None = None, report: Report | None = None) -> Server:
    """The running server of ``folder`` (default: the deployment's data folder), used by this process from now on.

    Roles and database exist when it returns. With ``LIANBAN_DATABASE_URL`` set and no ``folder`` given, that server
    is checked and prepared instead. May be called any number of times. Raises one of
    :mod:`lianban.records.server.errors`.
    """
    address = None if folder else external()
    places = Places((folder or data_folder()).absolute())
    if address:
        return ExternalServer(places, address).start(report)
    server = _in_use.setdefault(places.folder, Server(places))
    return server.start(report)


def current() -> Server:
    """The deployment's server, neither started nor used: to ask whether it runs, and where it is."""
    address = external()
    places = Places(data_folder())
    return ExternalServer(places, address) if address else _in_use.get(places.folder, Server(places))


def version() -> str:
    """The version of PostgreSQL that this deployment uses, as the server says it."""
    address = external()
    return preparation.version_of(address) if address else installed_binaries().version


def check(places: Places) -> None:
    """Raise what :func:`ensure` would raise for a folder that cannot be used. Changes and starts nothing."""
    binaries = binaries_for(server_account(places.cluster))
    cluster.check_version(places, binaries)


def program(name: str) -> str:
    """The path of one of PostgreSQL's client programs, such as ``pg_dump``, that fits the server."""
    return installed_binaries().program(name)


def renew_passwords(folder: Path | None = None) -> None:
    """New passwords for every role, also where the old ones were lost. Nobody may be using the server."""
    places = Places((folder or data_folder()).absolute())
    account = server_account(places.cluster)
    with _held(places.transition_lock), _nobody_using(places):
        renew(places)
        places.prepared.unlink(missing_ok=True)
        if (places.cluster / "PG_VERSION").exists():
            cluster.remove_stale_pid_file(places)
            cluster.set_superuser_password(places, binaries_for(account), account)


@contextmanager
def _nobody_using(places: Places) -> Iterator[None]:
    """Hold the folder with the server down. Called while nobody can start it: under the transition lock."""
    until = time.monotonic() + 80
    while _is_held(places.guardian_lock):
        if _others_use(places) or time.monotonic() > until:
            raise ServerInUse(folder=str(places.folder))
        time.sleep(0.02)  # its last user has just left, and it is being stopped
    handle = os.open(places.users_lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise ServerInUse(folder=str(places.folder)) from error
    finally:
        os.close(handle)


def _usable_folder(places: Places) -> None:
    try:
        make_private_folder(places.folder, 0o711 if os.geteuid() == 0 else 0o700)
    except OSError as error:
        raise DataFolderUnusable(folder=str(places.folder), reason=str(error.strerror)) from error
    if not os.access(places.folder, os.W_OK | os.X_OK):
        raise DataFolderUnusable(folder=str(places.folder), reason="this account may not write there")


def _start_guardian(places: Places) -> None:
    with places.guardian_log.open("wb") as log:
        subprocess.run(
            [sys.executable, "-m", "lianban.records.server.guardian", str(places.folder)],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/", start_new_session=True, check=False,
            env=_guardian_environment(),
        )  # fmt: skip


def _guardian_environment() -> dict[str, str]:
    # The guardian works from “/”, so relative entries of the path would point elsewhere.
    path = os.pathsep.join(
        str(Path(entry).absolute()) for entry in sys.path if entry and Path(entry).is_dir()
    )
    return os.environ | {"PYTHONPATH": path, "PYTHONUTF8": "1"}


@contextmanager
def _held(lock: Path) -> Iterator[int]:
    handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield handle
    finally:
        os.close(handle)


def _is_held(lock: Path) -> bool:
    return not _can_lock(lock, fcntl.LOCK_EX)


def _others_use(places: Places) -> bool:
    # Exclusive refused and shared granted: somebody shares it. Shared refused: the guardian is stopping the server.
    return not _can_lock(places.users_lock, fcntl.LOCK_EX) and _can_lock(places.users_lock, fcntl.LOCK_SH)


def _can_lock(lock: Path, how: int) -> bool:
    try:
        handle = os.open(lock, os.O_RDWR)
    except FileNotFoundError:
        return True
    try:
        fcntl.flock(handle, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(handle)
    return True


def _end_of_log(places: Places) -> str:
    lines = []
    newest = sorted(places.log.glob("postgres-*.log"), key=lambda file: file.stat().st_mtime)[-1:]
    for file in [places.guardian_log, *newest]:
        if file.exists():
            lines += file.read_text(encoding="utf-8", errors="replace").strip().split("\n")[-3:]
    return " / ".join(line for line in lines if line) or "—"
