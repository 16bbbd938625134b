"""The embedded database: made, shared, stopped with its last user, and whole after any kill."""

import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from lianban.records import server
from lianban.records.server import cluster, errors

HOLD = """
from lianban.records import server
import psycopg, sys
running = server.ensure()
print("ready", flush=True)
sys.stdin.readline()
"""


def line_of(process) -> str:
    return process.stdout.readline().strip()


@pytest.fixture(scope="module")
def running(shared_folder):
    running = server.ensure(shared_folder / "running")
    yield running
    running.stop()


@pytest.fixture
def ready_folder(own_data_folder, prepared):
    """A data folder with a cluster in it, at the place where ``program`` looks."""
    return prepared(own_data_folder)


def test_server_roles_none_rises(running):
    """Every working role logs in with its own password and may not rise above row-level security."""
    for role in server.WORKING_ROLES:
        with psycopg.connect(**running.dsn(role)) as connection:
            row = connection.execute(
                "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user"
            ).fetchone()
            assert row == (False, False, False, False)
            assert connection.execute("SELECT current_database()").fetchone() == ("lianban",)


def test_server_password_of_another_role_is_refused(running):
    """The private socket is not trusted by itself: a wrong password does not get in."""
    wrong = running.dsn(server.Role.OWNER) | {"password": running.dsn(server.Role.APP)["password"]}
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(**wrong)


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="looks into /proc")
def test_server_listens_on_no_port(running):
    """No TCP port is opened: the only way in is the socket, in a folder only its owner may enter."""
    with psycopg.connect(**running.dsn("app")) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
    pid = cluster.recorded_pid(running.places)
    listening = _listening_inodes()
    open_files = {os.readlink(f"/proc/{pid}/fd/{entry}") for entry in os.listdir(f"/proc/{pid}/fd")}
    assert not {f"socket:[{inode}]" for inode in listening} & open_files
    assert stat.S_IMODE(running.places.socket.stat().st_mode) == 0o700


def _listening_inodes() -> set[str]:
    """The sockets that listen on TCP on this machine, by their kernel number."""
    inodes = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in Path(table).read_text().split("\n")[1:]:
            fields = line.split()
            if len(fields) > 9 and fields[3] == "0A":
                inodes.add(fields[9])
    return inodes


def test_server_secrets_are_private(running):
    """Passwords and data can be read by their owner alone."""
    assert stat.S_IMODE(running.places.passwords.stat().st_mode) == 0o600
    assert stat.S_IMODE(running.places.secrets.stat().st_mode) == 0o700
    assert stat.S_IMODE(running.places.cluster.stat().st_mode) == 0o700


def test_server_settings_keep_durability_and_no_personal_data(running, monkeypatch):
    """Statements, parameters and rows stay out of the log, and fsync is on unless a test turned it off."""
    with psycopg.connect(**running.dsn("app")) as connection:
        shown = {
            name: connection.execute(f"SHOW {name}").fetchone()[0]
            for name in (
                "log_statement",
                "log_error_verbosity",
                "log_parameter_max_length_on_error",
                "timezone",
            )
        }
    assert shown == {
        "log_statement": "none",
        "log_error_verbosity": "terse",
        "log_parameter_max_length_on_error": "0",
        "timezone": "UTC",
    }
    monkeypatch.delenv("LIANBAN_TEST_FSYNC")
    assert cluster.wants_fsync()
    assert "fsync = 'on'" in cluster._settings(running.places)


def test_server_text_is_utf8_and_knows_case_beyond_ascii(running):
    """Chinese is stored whole, sorted by code point on every machine alike, and full-width letters have a case."""
    with psycopg.connect(**running.dsn("app")) as connection:
        assert connection.execute("SELECT lower('ＡＢ联办'), '丙' < '办'").fetchone() == ("ａｂ联办", True)
        assert connection.info.encoding == "utf-8"


def test_server_long_path_uses_short_socket(tmp_path):
    """A socket's path may have some hundred bytes only, so a deep data folder gets its socket elsewhere."""
    deep = server.Places(tmp_path / ("很深的文件夹" * 10))
    assert len(os.fsencode(deep.socket)) < 90
    assert deep.socket.parent == Path("/tmp")
    assert server.Places(Path("/srv/联办")).socket == Path("/srv/联办/socket")


def test_server_is_shared_and_stops_with_its_last_user(program, ready_folder):
    """The second program uses the server of the first; it stops when both have ended, and not before."""
    places = server.Places(ready_folder)
    first = program(HOLD)
    assert line_of(first) == "ready"
    pid = cluster.recorded_pid(places)
    second = program(HOLD)
    assert line_of(second) == "ready"
    assert cluster.recorded_pid(places) == pid
    first.communicate("\n")
    time.sleep(0.6)
    assert cluster.is_ready(places)
    second.communicate("\n")
    assert not cluster.is_alive(pid) or not cluster.is_postmaster_of(pid, places)


def test_server_stops_after_kill_9_of_its_user(program, ready_folder, wait_for):
    """A program that is killed cannot say goodbye; the server stops all the same, and starts again."""
    places = server.Places(ready_folder)
    first = program(HOLD)
    assert line_of(first) == "ready"
    pid = cluster.recorded_pid(places)
    first.kill()
    wait_for(lambda: not cluster.is_postmaster_of(pid, places))
    assert line_of(program(HOLD)) == "ready"


def test_server_killed_comes_back_with_what_was_committed(program, ready_folder, wait_for):
    """After kill -9 of the server its guardian starts it again; what was committed is there."""
    places = server.Places(ready_folder)
    assert line_of(program(HOLD)) == "ready"
    owner = server.dsn_for("owner", places=places)
    with psycopg.connect(**owner) as connection:
        connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n")
    pid = cluster.recorded_pid(places)
    os.kill(pid, signal.SIGKILL)
    wait_for(lambda: cluster.is_ready(places) and cluster.recorded_pid(places) != pid)
    with psycopg.connect(**owner) as connection:
        assert connection.execute("SELECT count(*), sum(n) FROM kept").fetchone() == (1000, 500500)


def test_server_guardian_killed_the_next_program_takes_over(program, ready_folder, wait_for):
    """Kill -9 of the guardian leaves the server running; the next program brings a new guardian that ends it."""
    places = server.Places(ready_folder)
    first = program(HOLD)
    assert line_of(first) == "ready"
    os.kill(int(places.guardian_lock.read_text()), signal.SIGKILL)
    pid = cluster.recorded_pid(places)
    second = program(HOLD)
    assert line_of(second) == "ready"
    assert cluster.recorded_pid(places) == pid
    first.kill()
    second.kill()
    wait_for(lambda: not cluster.is_postmaster_of(pid, places))


def test_server_guardian_and_server_killed_together(program, ready_folder):
    """After kill -9 of everything at once, the next start recovers."""
    places = server.Places(ready_folder)
    first = program(HOLD)
    assert line_of(first) == "ready"
    with psycopg.connect(**server.dsn_for("owner", places=places)) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS n")
    for pid in (int(places.guardian_lock.read_text()), cluster.recorded_pid(places), first.pid):
        os.kill(pid, signal.SIGKILL)
    second = program(HOLD)
    assert line_of(second) == "ready"
    with psycopg.connect(**server.dsn_for("owner", places=places)) as connection:
        assert connection.execute("SELECT n FROM kept").fetchone() == (7,)


def test_server_stale_pid_file_of_another_program(ready_folder):
    """A pid file whose number belongs to some other program by now does not keep the server down."""
    places = server.Places(ready_folder)
    first = server.ensure(ready_folder)
    first.stop()
    file = places.cluster / "postmaster.pid"
    file.write_text(f"{os.getpid()}\n{places.cluster}\n1\n5432\n{places.socket}\n\n1 1\nready   \n")
    assert not first.running()
    assert server.ensure(ready_folder).running()
    first.stop()


def test_server_first_starts_at_once_make_one_cluster(program, own_data_folder):
    """Several programs that start in a new folder at the same moment end up with one server."""
    programs = [program(HOLD) for _ in range(3)]
    assert [line_of(process) for process in programs] == ["ready"] * 3
    with psycopg.connect(**server.dsn_for("app", places=server.Places(own_data_folder))) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_server_killed_while_making_the_cluster(program, own_data_folder, wait_for):
    """A first start that was cut off leaves nothing that hinders the next one."""
    first = program(HOLD)
    wait_for(
        lambda: (own_data_folder / "postgres.making").exists() or (own_data_folder / "postgres").exists()
    )
    first.kill()
    assert line_of(program(HOLD)) == "ready"


def test_server_data_of_another_version_is_refused(ready_folder):
    """A folder made by another PostgreSQL is refused with the remedy, and nothing in it is changed."""
    places = server.Places(ready_folder)
    server.ensure(ready_folder).stop()
    (places.cluster / "PG_VERSION").write_text("17\n")
    before = sorted((file, file.stat().st_mtime_ns) for file in places.cluster.rglob("*"))
    with pytest.raises(errors.DataFolderOfAnotherVersion, match="lianban backup"):
        server.ensure(ready_folder)
    assert sorted((file, file.stat().st_mtime_ns) for file in places.cluster.rglob("*")) == before


def test_server_folder_of_something_else_is_refused(own_data_folder):
    """A folder called postgres that holds other things is not overwritten."""
    (own_data_folder / "postgres").mkdir(parents=True)
    if os.geteuid() == 0:
        os.chown(own_data_folder / "postgres", 65534, 65534)
    (own_data_folder / "postgres" / "letter.txt").write_text("important")
    with pytest.raises(errors.DataFolderUnusable, match="no PostgreSQL cluster"):
        server.ensure(own_data_folder)
    assert (own_data_folder / "postgres" / "letter.txt").read_text() == "important"


def test_server_mode_of_a_given_folder_stays(own_data_folder):
    """The mode of a folder that was there before is its owner's business."""
    own_data_folder.mkdir(parents=True)
    own_data_folder.chmod(0o755)
    server.ensure(own_data_folder).stop()
    assert stat.S_IMODE(own_data_folder.stat().st_mode) == 0o755


def test_server_new_passwords_also_when_the_file_is_lost(ready_folder, wait_for):
    """A lost password file is named as the trouble, and new passwords bring the data back."""
    places = server.Places(ready_folder)
    running = server.ensure(ready_folder)
    before = running.dsn("app")["password"]
    running.stop()
    places.passwords.unlink()
    with pytest.raises(errors.RolePasswordsUnusable, match="lianban database passwords"):
        server.ensure(ready_folder)
    wait_for(lambda: not running.running())
    server.renew_passwords(ready_folder)
    running = server.ensure(ready_folder)
    assert running.dsn("app")["password"] != before
    psycopg.connect(**running.dsn("app")).close()
    running.stop()


def test_server_new_passwords_refused_while_in_use(running):
    """Passwords are not changed under a program that is using them."""
    before = running.dsn("app")
    with pytest.raises(errors.ServerInUse):
        server.renew_passwords(running.places.folder)
    assert running.dsn("app") == before


def test_server_readable_password_file_is_refused(own_data_folder, monkeypatch):
    """A password file that others can read is not used."""
    server.dsn_for("app", places=server.Places(own_data_folder))
    server.Places(own_data_folder).passwords.chmod(0o644)
    with pytest.raises(errors.RolePasswordsUnusable, match="others can read it"):
        server.dsn_for("app", places=server.Places(own_data_folder))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_server_as_root_needs_a_folder_its_account_reaches(tmp_path):
    """Root is told, before anything is made, that the service account cannot enter a private folder."""
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    with pytest.raises(errors.DataFolderUnusable, match="may not pass"):
        server.ensure(private / "data")
    assert not (private / "data" / "postgres").exists()


NOBODY = {"user": 65534, "group": 65534, "extra_groups": [], "cwd": "/"}


@pytest.fixture
def python_of_nobody():
    """A Python that an ordinary user can run with our code, and the environment it needs."""
    path = os.pathsep.join(
        entry
        for entry in sys.path
        if entry and os.path.isdir(entry) and not entry.startswith(os.path.expanduser("~root") + os.sep)
    )
    for python in (sys.executable, f"/usr/bin/python3.{sys.version_info[1]}"):
        environment = {"PATH": os.environ["PATH"], "PYTHONPATH": path}
        try:
            tried = subprocess.run(
                [python, "-c", "import lianban, psycopg"], env=environment, check=False, **NOBODY
            )
        except OSError:
            continue
        if tried.returncode == 0:
            return python, environment
    pytest.skip("the environment is in a folder that an ordinary user cannot reach")


@pytest.mark.skipif(
    os.geteuid() != 0, reason="only root can become somebody else; the other tests ran as a user"
)
def test_server_as_an_ordinary_user(python_of_nobody):
    """An ordinary user's server runs as that user, in a folder of that user."""
    python, environment = python_of_nobody
    top = Path("/var/tmp") / f"lianban-user-{os.getpid()}"
    top.mkdir(mode=0o755)
    try:
        os.chown(top, 65534, 65534)
        code = HOLD + "print(psycopg.connect(**running.dsn('app')).execute('SELECT 1').fetchone())"
        environment |= {
            "LIANBAN_DATA_FOLDER": str(top / "数据"),
            "LIANBAN_TEST_FSYNC": "off",
            "HOME": str(top),
        }
        done = subprocess.run(
            [python, "-c", code], input="\n", env=environment, capture_output=True, text=True, timeout=60,
            check=False, **NOBODY,
        )  # fmt: skip
        assert done.stdout.split("\n")[:2] == ["ready", "(1,)"], done.stderr
        assert (top / "数据" / "postgres").stat().st_uid == 65534
    finally:
        subprocess.run(["rm", "-rf", str(top)], check=True)
