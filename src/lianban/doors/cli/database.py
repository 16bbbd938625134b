"""``lianban database``: the server in the data folder."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from typing import Annotated

import typer

from lianban.doors.cli.readiness import with_database, with_records
from lianban.doors.cli.speaking import print_json, say
from lianban.engines.errors import YourMistake
from lianban.records import server

app = typer.Typer(no_args_is_help=True, add_completion=False, help="数据库。")

AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON。")]


class NotOurServer(YourMistake):
    code = "LB-CLI-004"
    zh = "正在使用 LIANBAN_DATABASE_URL 指向的服务器，它由其管理员管理，本命令只用于自带的数据库。"
    en = "The server of LIANBAN_DATABASE_URL is in use, which its own administrator runs; this command is for the embedded one."


@app.command()
def status(as_json: AsJson = False) -> None:
    """数据库在哪里、是否在运行。Where the database is and whether it runs."""
    places = server.Places(server.data_folder())
    found = {
        "data_folder": str(places.folder),
        "embedded": "LIANBAN_DATABASE_URL" not in os.environ,
        "running": server.current().running(),
        "host": server.current().dsn(server.Role.APP)["host"],
    }
    if as_json:
        print_json(found)
        return
    say(f"数据文件夹：{found['data_folder']}", f"Data folder: {found['data_folder']}")
    say(f"运行中：{'是' if found['running'] else '否'}", f"Running: {'yes' if found['running'] else 'no'}")


@app.command()
def migrate(as_json: AsJson = False) -> None:
    """建立或升级表结构（可重复运行）。Make or upgrade the tables."""
    running = with_records(server.Role.OWNER)
    from django.core.management import call_command
    from django.db import connections

    from lianban.records.server import migrations

    with connections["owner"].cursor() as cursor:
        migrations.check_unchanged(cursor, running.places.folder)
        call_command("migrate", database="owner", interactive=False, verbosity=0 if as_json else 1)
        migrations.remember(cursor)
        cursor.execute("SELECT name FROM django_migrations WHERE app = 'records' ORDER BY id")
        applied = [row[0] for row in cursor.fetchall()]
    if as_json:
        print_json({"applied": applied})


@app.command()
def run() -> None:
    """保持数据库运行，直到 Ctrl-C。Keep the server running until Ctrl-C."""
    with_database()
    say(
        "数据库运行中，Ctrl-C 停止（若别的程序仍在使用，则由最后一个停止）。",
        "The database runs. Ctrl-C ends our use of it.",
    )
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    while True:
        time.sleep(3600)


@app.command()
def passwords(as_json: AsJson = False) -> None:
    """为全部数据库角色生成新密码（密码文件丢失时也用它）。须先停止正在使用数据库的程序。"""
    if "LIANBAN_DATABASE_URL" in os.environ:
        raise NotOurServer
    server.renew_passwords()
    if as_json:
        print_json({"renewed": [role.value for role in server.WORKING_ROLES]})
        return
    say("已生成新密码。", "New passwords are set.")


@app.command()
def shell(role: str = typer.Option("app", help="app、owner、worker、auditor、signin 或 super。")) -> None:
    """以某个角色打开 psql。Open psql as a role."""
    running = with_database()
    dsn = running.dsn(role)
    environment = os.environ | {"PGPASSWORD": str(dsn["password"])}
    command = [server.program("psql"), "-h", str(dsn["host"]), "-p", str(dsn["port"]), "-U", str(dsn["user"])]
    raise typer.Exit(subprocess.run([*command, str(dsn["dbname"])], env=environment, check=False).returncode)
