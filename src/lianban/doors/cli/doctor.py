"""``lianban doctor``: looks over the machine and says what is missing and what to do."""

from __future__ import annotations

from typing import Annotated

import typer

from lianban.doors.cli import examination
from lianban.doors.cli.speaking import pick, print_json, say

app = typer.Typer(add_completion=False, help="检查这台机器。")


@app.command()
def doctor(as_json: Annotated[bool, typer.Option("--json", help="输出 JSON。")] = False) -> None:
    """检查版本、磁盘、数据库、前端部件、字体、Chromium、真实输入。不改动任何东西。"""
    findings = [look() for look in examination.LOOKS]
    if as_json:
        print_json([finding.as_dict() for finding in findings])
    else:
        for finding in findings:
            say(
                f"{finding.mark} {finding.name_zh}：{finding.zh}",
                f"{finding.mark} {finding.name_en}: {finding.en}",
            )
    if any(finding.grade is examination.Grade.BROKEN for finding in findings):
        say(
            pick("请先处理标有 ✗ 的各项。", "See to the lines marked ✗ first."),
            "See to the lines marked ✗ first.",
            to_stderr=True,
        )
        raise typer.Exit(1)
