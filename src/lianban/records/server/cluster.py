"""The cluster on disk: made once, checked at every start, configured for a laptop that must not lose anything."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from lianban.records.server.account import Account
from lianban.records.server.binaries import Binaries
from lianban.records.server.errors import (
    AnotherServerHoldsTheData,
    DataFolderOfAnotherVersion,
    DataFolderUnusable,
    ServerDidNotStart,
)
from lianban.records.server.passwords import make_private_folder, role_passwords
from lianban.records.server.places import PORT, Places
from lianban.records.server.roles import Role

_HBA = """\
# Written by Lianban. The only way in is the socket, which only its owner can reach, and a password.
local   all          all   scram-sha-256
local   replication  all   scram-sha-256
"""


def check_version(places: Places, binaries: Binaries) -> None:
    """Refuse a cluster of another major version. PostgreSQL would refuse as well, in words for few."""
    try:
        found = (places.cluster / "PG_VERSION").read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return
    if found != str(binaries.major):
        raise DataFolderOfAnotherVersion(
            folder=str(places.folder), found_version=found, our_version=binaries.version
        )


def make_cluster(places: Places, binaries: Binaries, account: Account, lock: int) -> None:
    """``initdb`` beside the final place, then a rename: killed half-way, the next start begins anew.

    ``initdb`` inherits the open ``lock`` under which we run. If we are killed it goes on for a second, and the lock
    with it, so that the next start does not sweep the folder away under its hands.
    """
    if (places.cluster / "PG_VERSION").exists():
        return
    if places.cluster.exists() and any(places.cluster.iterdir()):
        raise DataFolderUnusable(
            folder=str(places.cluster), reason="it is not empty and holds no PostgreSQL cluster"
        )
    blocked = account.unreachable(places.folder)
    if blocked:
        raise DataFolderUnusable(
            folder=str(places.folder),
            reason=f"the server runs as uid {account.uid}, which may not pass {blocked}",
        )
    half = places.folder / "postgres.making"
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir(mode=0o700)
    account.give(half)
    handle, password_file = tempfile.mkstemp(dir=half.parent, prefix=".initdb-")
    try:
        os.write(handle, role_passwords(places)[Role.SUPERUSER].encode() + b"\n")
        os.close(handle)
        account.give(Path(password_file))
        # The builtin C.UTF-8 sorts bytes (as C does, so prefix searches use indexes) and knows upper from lower
        # case beyond ASCII, on every machine alike: no locale of the operating system is asked.
        command = [binaries.program("initdb"), "-D", str(half), "-U", Role.SUPERUSER.value, "-E", "UTF8"]
        command += ["--no-locale", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        command += ["-A", "scram-sha-256", f"--pwfile={password_file}", "--no-instructions"]
        if not wants_fsync():
            command.append("--no-sync")
        made = subprocess.run(
            command, capture_output=True, text=True, errors="replace", cwd="/", env=server_environment(),
            pass_fds=[lock], **account.as_arguments(),
        )  # fmt: skip
        if made.returncode:
            raise ServerDidNotStart(
                log=" / ".join(made.stderr.split("\n")[-4:]).strip(" /"), folder=str(places.folder)
            )
        if places.cluster.exists():
            places.cluster.rmdir()
        half.rename(places.cluster)
    finally:
        Path(password_file).unlink(missing_ok=True)
        shutil.rmtree(half, ignore_errors=True)


def configure(places: Places, account: Account) -> None:
    """Write our settings anew at every start, so that an update of Lianban reaches existing folders.

    An operator's own settings go into ``postgres/local.conf``; they win, and are never touched.
    """
    make_socket_folder(places, account)
    make_private_folder(places.log, 0o700)
    if not account.is_us and places.log.stat().st_uid == 0:
        account.give(places.log)
    _write(places.cluster / "pg_hba.conf", _HBA, account)
    _write(places.cluster / "lianban.conf", _settings(places), account)
    main = places.cluster / "postgresql.conf"
    text = main.read_text(encoding="utf-8")
    if "include 'lianban.conf'" not in text:
        _write(main, text + "\ninclude 'lianban.conf'\ninclude 'local.conf'\n", account)
    own = places.cluster / "local.conf"
    if not own.exists():
        _write(
            own,
            "# Settings of this deployment. They win over lianban.conf; Lianban never changes this file.\n",
            account,
        )


def make_socket_folder(places: Places, account: Account) -> None:
    """A folder that only the server's account may enter. In ``/tmp`` one laid by a stranger is refused."""
    folder = places.socket
    try:
        folder.mkdir(mode=0o700)
        account.give(folder)
    except FileExistsError:
        about = folder.lstat()
        if folder.is_symlink() or about.st_uid != account.uid or about.st_mode & 0o077:
            raise DataFolderUnusable(
                folder=str(folder), reason="the socket folder is not private to the account of the server"
            ) from None


def set_superuser_password(places: Places, binaries: Binaries, account: Account) -> None:
    """Give the superuser the password of the file, without the old one: the server is down and we hold its folder.

    PostgreSQL's single-user mode exists for this. The statement goes through standard input and not through the
    command line, where others could read it.
    """
    password = role_passwords(places)[Role.SUPERUSER].replace("'", "''")
    command = [
        binaries.program("postgres"),
        "--single",
        "-D",
        str(places.cluster),
        "-c",
        "logging_collector=off",
        "postgres",
    ]
    done = subprocess.run(
        command, input=f"ALTER ROLE {Role.SUPERUSER} PASSWORD '{password}';\n", capture_output=True, text=True,
        errors="replace", cwd="/", env=server_environment(), **account.as_arguments(),
    )  # fmt: skip
    if done.returncode or "ERROR" in done.stdout + done.stderr:
        raise ServerDidNotStart(
            log=" / ".join(done.stderr.strip().split("\n")[-3:]), folder=str(places.folder)
        )


def remove_stale_pid_file(places: Places) -> None:
    """Remove a ``postmaster.pid`` whose process is gone or is some other program.

    After a crash of the machine, or in a container, its number is soon another program's, and PostgreSQL
    would then refuse to start for ever.
    """
    pid = recorded_pid(places)
    if pid is None or not is_alive(pid):
        return  # PostgreSQL itself replaces the file of a process that is gone
    if is_postmaster_of(pid, places):
        raise AnotherServerHoldsTheData(folder=str(places.folder), pid=pid)
    (places.cluster / "postmaster.pid").unlink(missing_ok=True)


def recorded_pid(places: Places) -> int | None:
    try:
        return int((places.cluster / "postmaster.pid").read_text(encoding="utf-8").split("\n")[0])
    except (OSError, ValueError):
        return None


def is_ready(places: Places) -> bool:
    """What ``pg_ctl --wait`` looks at: the eighth line of the pid file, once the server takes connections."""
    try:
        lines = (places.cluster / "postmaster.pid").read_text(encoding="utf-8").split("\n")
        return len(lines) > 7 and lines[7].strip() == "ready" and is_postmaster_of(int(lines[0]), places)
    except (OSError, ValueError):
        return False


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def is_postmaster_of(pid: int, places: Places) -> bool:
    """Whether ``pid`` is a PostgreSQL server of this cluster: it works inside its data folder."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
        return ") Z " not in state and os.path.samefile(os.readlink(f"/proc/{pid}/cwd"), places.cluster)
    except FileNotFoundError:
        if Path("/proc/self").exists():
            return False
    except OSError:
        return False
    said = subprocess.run(["ps", "-p", str(pid), "-o", "command="], capture_output=True, text=True)
    return "postgres" in said.stdout and str(places.cluster) in said.stdout


def wants_fsync() -> bool:
    """Durability is promised; only a test server, whose data nobody misses, may turn it off."""
    return os.environ.get("LIANBAN_TEST_FSYNC", "").strip().lower() != "off"


def server_environment() -> dict[str, str]:
    """The environment of the server's programs: nothing of ours that could point them elsewhere."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PG", "LC_", "LANG"))}
    return kept | {"LC_ALL": "C", "TZ": "UTC"}


def _settings(places: Places) -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    shared = max(128, min(memory // 16, 1024))
    fsync = "on" if wants_fsync() else "off"
    values = {
        "listen_addresses": "",
        "port": PORT,
        "unix_socket_directories": str(places.socket),
        "unix_socket_permissions": "0700",
        "max_connections": 200,
        "superuser_reserved_connections": 3,
        "password_encryption": "scram-sha-256",
        # memory: a sixteenth of the machine, so that a laptop stays usable
        "shared_buffers": f"{shared}MB",
        "effective_cache_size": f"{max(256, memory // 2)}MB",
        "work_mem": "16MB",
        "maintenance_work_mem": "128MB",
        "jit": "off",
        "random_page_cost": 1.1,
        # durability
        "fsync": fsync,
        "full_page_writes": fsync,
        "synchronous_commit": "on",
        "wal_level": "replica",
        "wal_compression": "on",
        "max_wal_size": "2GB",
        "checkpoint_timeout": "15min",
        # every instant is stored and shown to us in UTC
        "timezone": "UTC",
        "log_timezone": "UTC",
        # a week of logs, and no personal data in them: no statements, no parameters, no rows
        "logging_collector": "on",
        "log_directory": str(places.log),
        "log_filename": "postgres-%a.log",
        "log_file_mode": "0600",
        "log_rotation_age": "1d",
        "log_rotation_size": 0,
        "log_truncate_on_rotation": "on",
        "log_statement": "none",
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
        "log_parameter_max_length": 0,
        "log_parameter_max_length_on_error": 0,
        "idle_in_transaction_session_timeout": "10min",
    }
    lines = ["# Written by Lianban at every start. Put your own settings into local.conf beside this file."]
    lines += [f"{name} = '{_quoted(value)}'" for name, value in values.items()]
    return "\n".join(lines) + "\n"


def _quoted(value: object) -> str:
    return str(value).replace("\\", "\\\\").replace("'", "''")


def _write(file: Path, text: str, account: Account) -> None:
    if file.exists() and file.read_text(encoding="utf-8") == text:
        return
    half = file.with_name(file.name + ".new")
    half.write_text(text, encoding="utf-8")
    half.chmod(0o600)
    account.give(half)
    half.replace(file)
