"""``lianban serve``: pages, API, streams and the background worker, until Ctrl-C."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from typing import Annotated

import typer

from lianban.doors.cli.jobs import PROGRAM as WORKER
from lianban.doors.cli.readiness import with_database
from lianban.doors.cli.speaking import say
from lianban.engines.errors import YourMistake

app = typer.Typer(add_completion=False)
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class PortTaken(YourMistake):
    code = "LB-CLI-010"
    zh = "端口 {port} 已被占用。请停止占用它的程序，或换一个端口：PORT={other} make demo。"
    en = "The port {port} is taken. Stop what uses it, or choose another: PORT={other} make demo."


class DemoBeyondLoopback(YourMistake):
    code = "LB-CLI-011"
    zh = "演示模式只能监听本机地址，不能监听 {host}：演示账号的密码是公开的。"
    en = "Demo mode listens on this machine only, not on {host}: the demo passwords are public."


@app.command()
def serve(
    host: Annotated[str, typer.Option(envvar="HOST", help="监听地址。Address.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(envvar="PORT", help="端口。Port.")] = 8000,
    workers: Annotated[int, typer.Option(help="网页进程数。Processes for pages.")] = 1,
) -> None:
    """运行网页、接口、实时更新与后台作业，直到 Ctrl-C。Pages, API, streams and jobs, until Ctrl-C."""
    run(host, port, workers)


def run(host: str, port: int, workers: int = 1) -> None:
    """Serve until a signal. The worker is a process of its own, so that each keeps to one database role."""
    if os.environ.get("LIANBAN_DEMO") and host not in _LOOPBACK:
        raise DemoBeyondLoopback(host=host)
    wait_for_port(host, port)
    with_database()
    os.environ["LIANBAN_ROLE"] = "app"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianban.config.settings")
    # A session of its own: Ctrl-C reaches us alone, and we end the worker in order.
    worker = subprocess.Popen(WORKER, start_new_session=True)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    from granian import Granian
    from granian.constants import Interfaces

    say(
        f"联办已启动：http://{host}:{port} （Ctrl-C 停止）",
        f"Lianban runs: http://{host}:{port} (Ctrl-C stops)",
    )
    try:
        Granian(
            "lianban.config.asgi:application", address=host, port=port, interface=Interfaces.ASGI, workers=workers,
            blocking_threads=1, websockets=False, log_enabled=False, workers_kill_timeout=5, respawn_failed_workers=True,
        ).serve()  # fmt: skip
    except KeyboardInterrupt:
        pass
    finally:
        worker.terminate()
        try:
            worker.wait(10)
        except subprocess.TimeoutExpired:
            worker.kill()
        say("已停止。", "Stopped.", to_stderr=True)
        sys.stdout.flush()


def wait_for_port(host: str, port: int) -> None:
    """Wait a moment for the port: processes of a program that was just killed need one to notice and leave."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    until = time.monotonic() + 3
    while True:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
                return
            except OSError as error:
                if time.monotonic() > until:
                    raise PortTaken(port=port, other=port + 1) from error
        time.sleep(0.2)
