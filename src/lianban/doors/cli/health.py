"""``lianban health``: whether the deployment can work now, for monitoring. Starts and changes nothing."""

from __future__ import annotations

import shutil
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Annotated, Any

import typer

import lianban
from lianban.doors.cli.speaking import pick, print_json, say
from lianban.engines.errors import LianbanError
from lianban.records import server
from lianban.records.health import WORKER_BEHIND, database_health

app = typer.Typer(add_completion=False)

_LEAST_DISK = 2**29  # bytes; PostgreSQL stops when it cannot write its log


@app.command()
def health(
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON。")] = False,
    url: Annotated[
        str, typer.Option(help="同时请求正在运行的网页服务，如 http://127.0.0.1:8000/health。")
    ] = "",
) -> None:
    """数据库是否应答、表结构是否最新、磁盘是否够用、后台任务是否跟上。一切正常时退出码为 0，否则为 1。"""
    checks = {"database": _database(), "disk": _disk()}
    if checks["database"]["well"]:
        checks["worker"] = _worker()
    checks |= {"web": _web(url)} if url else {}
    well = all(check["well"] for check in checks.values())
    if as_json:
        print_json({"well": well, "checks": checks})
    else:
        for name, check in checks.items():
            facts = "，".join(f"{key}={value}" for key, value in check.items() if key != "well")
            say(
                f"{'✓' if check['well'] else '✗'} {name}: {facts}",
                f"{'✓' if check['well'] else '✗'} {name}: {facts}",
            )
    if not well:
        raise typer.Exit(1)


def _database() -> dict[str, Any]:
    import psycopg

    began = time.perf_counter()
    try:
        running = server.current()
        if not running.running():
            return {"well": False, "found": pick("数据库未运行", "the database does not run")}
        with psycopg.connect(**running.dsn(server.Role.OWNER), connect_timeout=5) as connection:
            milliseconds = round((time.perf_counter() - began) * 1000, 1)
            applied: set[str] = set()
            if connection.execute("SELECT to_regclass('django_migrations')").fetchone() != (None,):
                rows = connection.execute(
                    "SELECT name FROM django_migrations WHERE app = 'records'"
                ).fetchall()
                applied = {row[0] for row in rows}
            version = connection.info.parameter_status("server_version")
    except (LianbanError, psycopg.Error) as error:
        said = (
            pick(error.text("zh"), error.text("en"))
            if isinstance(error, LianbanError)
            else type(error).__name__
        )
        return {"well": False, "found": said}
    ours = {
        file.stem for file in (Path(lianban.__file__).parent / "records" / "migrations").glob("[0-9]*.py")
    }
    missing = sorted(ours - applied)
    return {
        "well": not missing,
        "version": version,
        "milliseconds": milliseconds,
        "migrations_missing": missing,
    }


def _worker() -> dict[str, Any]:
    """How long what is due has waited for a worker. Asked of a database that answered and has every migration."""
    import psycopg

    with (
        psycopg.connect(**server.current().dsn(server.Role.OWNER), connect_timeout=5) as connection,
        connection.cursor() as cursor,
    ):
        found = database_health(cursor)
    waited = {name: found[name] for name in found if name.endswith(("_seconds", "_overdue"))}
    if not found["worker_behind"]:
        return {"well": True, **waited}
    return {"well": False, **waited, "todo": pick(WORKER_BEHIND.zh, WORKER_BEHIND.en)}


def _disk() -> dict[str, Any]:
    folder = server.data_folder()
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    return {"well": free >= _LEAST_DISK, "free_mib": free // 2**20}


def _web(url: str) -> dict[str, Any]:
    if not url.startswith(("http://", "https://")):
        raise typer.BadParameter("http://…")
    began = time.perf_counter()
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - the scheme was checked
            status = answer.status
    except urllib.error.HTTPError as error:
        status = error.code
    except OSError as error:
        return {"well": False, "found": str(error)}
    return {
        "well": status < 400,
        "status": status,
        "milliseconds": round((time.perf_counter() - began) * 1000, 1),
    }
