"""``lianban machine``: keys with which an agency's own system calls the API."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from lianban.doors.cli.readiness import with_records
from lianban.doors.cli.speaking import print_json, say
from lianban.engines.errors import YourMistake
from lianban.records import server

app = typer.Typer(no_args_is_help=True, add_completion=False, help="单位系统的接口账号。")
AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON。")]


class UnknownMachine(YourMistake):
    code = "LB-CLI-013"
    zh = "没有名为“{name}”的有效接口账号。"
    en = "There is no live machine account called “{name}”."


@app.command()
def create(
    agency: Annotated[str, typer.Argument(help="单位代码。Code of the agency.")],
    post: Annotated[str, typer.Argument(help="以哪个岗位办理。The post it acts in.")],
    name: Annotated[str, typer.Argument(help="用途，如“不动产登记系统”。What it is.")],
    as_json: AsJson = False,
) -> None:
    """新建账号；密钥只显示这一次。Make an account; its key is shown once."""
    with_records(server.Role.OWNER)
    from django.db import connection, transaction

    from lianban.records import machines
    from lianban.records.keys import encoded_key

    with transaction.atomic(), connection.cursor() as cursor:
        account, key = machines.create(cursor, agency, post, name, datetime.now(UTC))
    if as_json:
        print_json({"account": account, "key": encoded_key(key)})
        return
    say(f"账号 {account} 的密钥（只显示一次）：", f"The key of {account}, shown once:")
    typer.echo(encoded_key(key))


@app.command()
def revoke(name: Annotated[str, typer.Argument(help="账号名称。Its name.")], as_json: AsJson = False) -> None:
    """停用账号，立即生效。Revoke at once."""
    with_records(server.Role.OWNER)
    from django.db import connection, transaction

    from lianban.records import machines

    with transaction.atomic(), connection.cursor() as cursor:
        revoked = machines.revoke(cursor, name, datetime.now(UTC))
    if not revoked:
        raise UnknownMachine(name=name)
    if as_json:
        print_json({"revoked": revoked})
        return
    say(f"已停用 {revoked} 个。", f"{revoked} revoked.")
