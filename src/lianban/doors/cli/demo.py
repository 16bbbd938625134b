"""``lianban demo``: from an empty folder to a running city, telling what happens."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Annotated

import typer

from lianban.doors.cli.jobs import PROGRAM as WORKER
from lianban.doors.cli.readiness import with_database, with_records
from lianban.doors.cli.speaking import pick, say
from lianban.engines.errors import OurFault, YourMistake

app = typer.Typer(add_completion=False)
_CLI = [sys.executable, "-m", "lianban.doors.cli"]
PASSWORD = "lianban-demo"  # noqa: S105  (fictional people; refused beyond loopback)
BATCH = "colombo"
CASES, LETTERS = "enforcement", "assistance"


class StageFailed(OurFault):
    code = "LB-CLI-014"
    zh = "演示的一步未完成：{stage}。以上是它的输出；改正后重新运行 make demo 即可，已完成的不会重做。"
    en = "A stage of the demo failed: {stage}. Its output is above; mend it and run make demo again: what is done stays."


@app.command()
def demo(
    port: Annotated[int, typer.Option(envvar="PORT", help="端口。Port.")] = 8000,
    scale: Annotated[
        float,
        typer.Option(
            envvar="CITY",
            help="演示城市的大小，0 为不载入执行案件。Size of the city; 0 leaves the cases out.",
        ),
    ] = 1.0,
    serve: Annotated[bool, typer.Option(envvar="SERVE", help="最后打开网页服务。Serve at the end.")] = True,
) -> None:
    """载入演示城市，办一遍主要事项，重放真实日志，打开网页。Load the demo city, run the main job, serve."""
    if os.environ.get("LIANBAN_DATABASE_URL"):
        raise DemoNeedsEmbedded
    if serve:
        from lianban.doors.cli.serve import wait_for_port

        wait_for_port("127.0.0.1", port)  # said now, not after a minute of loading
    os.environ["LIANBAN_DEMO"] = "1"
    began = time.perf_counter()
    with_database()
    say("— 准备 —", "— Preparing —")
    _stage("database", "migrate", quiet=True)
    _stage("messages", "compile", "--quiet", quiet=True)
    _stage("scene", "deploy", "--keep")
    _stage("city", "load", "--password", PASSWORD)
    with_records()
    _registries()
    living = _cases(scale)
    if _matters():
        from lianban.doors.cli import collide

        say("— 夜间查询：登记库 —", "— The night's queries: registries —")
        collide.show(collide.night())
    say("⑦ 存证：编入账本，独立核验", "7. The ledger: entries placed, then checked independently")
    _run([*WORKER, "--once"], quiet=True)
    shown = (CASES, LETTERS) if living else (LETTERS,)
    _stage("city", "coverage", *shown, "--brief", good=(0, 1))
    _stage("ledger", "verify")
    _proof()
    _figures()
    say(f"用时 {time.perf_counter() - began:.1f} 秒。", f"Took {time.perf_counter() - began:.1f} s.")
    if serve:
        _people(port)
        from lianban.doors.cli.serve import run

        run("127.0.0.1", port)


class NotADemo(YourMistake):
    code = "LB-CLI-017"
    status = 409
    zh = "虚构的登记库和案件只用于演示。请用 make demo，或设 LIANBAN_DEMO=1。"
    en = "Made-up registries and cases are for the demo only. Use make demo, or set LIANBAN_DEMO=1."


class DemoNeedsEmbedded(YourMistake):
    code = "LB-CLI-015"
    status = 409
    zh = "演示账号只用于自带的数据库，不会写入 LIANBAN_DATABASE_URL 指向的数据库。请取消该变量后再运行。"
    en = "The demo's people are refused in the database of LIANBAN_DATABASE_URL. Unset it, then run again."


def _matters() -> bool:
    """Letters: some on their way, those of the stories, and the main job. Whether the city had none before."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    from lianban.doors.cli import main_job
    from lianban.doors.cli.living import Living
    from lianban.doors.cli.officers import acting_as
    from lianban.records import matter_view

    demonstration = main_job.Demonstration()
    with acting_as(main_job.COURT["clerk"]):
        from django.db import connection

        with connection.cursor() as cursor:
            known = matter_view.heads(cursor, scene=main_job.SCENE, limit=1)
    if not known:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        with Progress(*columns, transient=True) as progress:
            bar = progress.add_task(
                pick("载入演示城市", "loading the demo city"), total=main_job.count_samples(demonstration)
            )
            made = main_job.leave_on_their_way(demonstration, lambda: progress.advance(bar))
            # A handful, whatever the size of the city; the worker has nothing to do in between.
            living = Living(LETTERS, main_job.COURT["clerk"])
            living.live()
            made += living.total
        say(f"演示城市已有在办事项 {made} 件。", f"The demo city has {made} matters on their way.")
    say("— 主要事项：一函发三十一个单位 —", "— The main job: one letter to thirty-one agencies —")
    handled = main_job.handle_one(demonstration)
    say(
        f"   共 {handled.acts} 步，{handled.seconds:.1f} 秒，每步都在同一事务里写下事件和存证。",
        f"   {handled.acts} acts in {handled.seconds:.1f} s, each with its event and ledger entry in one transaction.",
    )
    return not known


def _registries() -> None:
    """The city's registries and their index. One of them is late and one broken, so that both can be seen."""
    from django.conf import settings

    if not any(Path(settings.REGISTRY_DATA).glob("*")):
        _stage("registries", "sample")
        _run([*_CLI, "registries", "build", "--json"], quiet=True, good=(0, 1))


def _cases(scale: float) -> bool:
    """The city's enforcement cases, each lived through the actions up to today, and those that were closed before.

    Whether there are any now.
    """
    if scale <= 0:
        return False
    from django.db import connection
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    from lianban.doors.cli.living import Living
    from lianban.doors.cli.officers import acting_as
    from lianban.records import matter_view

    with acting_as("court.clerk"), connection.cursor() as cursor:
        if matter_view.heads(cursor, scene=CASES, limit=1):
            return True
    began = time.perf_counter()
    living = Living(CASES, "court.clerk", scale)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, transient=True) as progress:
        bar = progress.add_task(pick("载入执行案件", "loading the enforcement cases"), total=living.total)
        acts = living.live(
            lambda count: progress.advance(bar, count),
            lambda at: _run([*WORKER, "--once", "--as-of", at.isoformat()], quiet=True),
        )
    seconds = time.perf_counter() - began
    say(
        f"执行案件 {living.total:,} 件，办了 {acts:,} 步，{seconds:.0f} 秒。",
        f"{living.total:,} enforcement cases, {acts:,} acts, {seconds:.0f} s.",
    )
    return True


def _proof() -> None:
    """The newest entry's proof, checked by the script that shares no code with us."""
    from lianban.actions.sequence_ledger import signing_key
    from lianban.records import server

    project = server.project_folder()
    proof = server.data_folder() / "latest-proof.json"
    _stage("ledger", "prove", "--out", str(proof), quiet=True)
    key = signing_key().verifying_key().public.hex()
    _run([sys.executable, str(project / "docs" / "verify_ledger_proof.py"), str(proof), "--key", key])


def _figures() -> None:
    from lianban.doors.cli import replay
    from lianban.records import server

    say("— 真实法院日志：科伦坡（巴西）财税法院 —", "— A real court's log: Colombo, Brazil —")
    began = time.perf_counter()
    log = Path(server.project_folder()) / "scenes" / "observed" / "demo" / "colombo.csv.gz"
    found = replay.run(log, BATCH, "court.recorder")
    replay.show(found)
    seconds = time.perf_counter() - began
    say(
        f"   {found['events']:,} 个事件，{seconds:.1f} 秒。",
        f"   {found['events']:,} events in {seconds:.1f} s.",
    )


def _people(port: int) -> None:
    from django.conf import settings
    from rich.console import Console
    from rich.table import Table

    from lianban.engines.scenes.city import load_city

    table = Table(
        title=pick(f"演示账号（密码都是 {PASSWORD}）", f"Demo sign-ins (the password is {PASSWORD})")
    )
    table.add_column(pick("账号", "User name"))
    table.add_column(pick("身份", "Who"))
    for person in load_city(settings.SCENES / "city.yaml").sign_ins:
        table.add_row(person.username, pick(person.title.zh, person.title.en))
    Console().print(table)


def _stage(*arguments: str, quiet: bool = False, good: tuple[int, ...] = (0,)) -> None:
    _run([*_CLI, *arguments], quiet, good)


def _run(command: list[str], quiet: bool = False, good: tuple[int, ...] = (0,)) -> None:
    """One stage, in a process of its own: each acts in the database role that its work needs, and no other."""
    done = subprocess.run(command, capture_output=quiet, text=True, check=False)
    if done.returncode not in good:
        if quiet:
            print(done.stdout, done.stderr, sep="", file=sys.stderr)
        raise StageFailed(stage=" ".join(command[3:]) or command[-1])
