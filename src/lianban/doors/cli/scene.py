"""``lianban scene``: make, check, test and deploy the scenes in the folder ``scenes``."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

import lianban
from lianban.doors.cli.readiness import with_records
from lianban.doors.cli.speaking import english, print_json, say
from lianban.engines import scenes
from lianban.engines.scenes.rehearsal import Rehearsed, rehearse
from lianban.engines.scenes.scaffold import new_scene
from lianban.records import server

app = typer.Typer(no_args_is_help=True, add_completion=False, help="应用场景：新建、检查、测试、部署。")

Names = Annotated[list[str] | None, typer.Argument(help="场景名称；不写则为全部。Names; all when left out.")]
Folder = Annotated[
    Path | None,
    typer.Option(
        "--folder", envvar="LIANBAN_SCENES", help="场景文件夹。The folder of scenes.", show_default=False
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON。")]


@app.command()
def new(
    name: Annotated[str, typer.Argument(help="英文代码，如 relief。A code, like relief.")],
    zh: Annotated[str, typer.Option("--zh", help="中文名称。Title in Chinese.")] = "新场景",
    en: Annotated[str, typer.Option("--en", help="英文名称。Title in English.")] = "New scene",
    folder: Folder = None,
    as_json: AsJson = False,
) -> None:
    """新建一个可以运行的小场景，标明要改的地方。Make a small scene that runs, with what to change marked."""
    written = new_scene(_root(folder), name, zh, en)
    if as_json:
        print_json([str(_shown(path)) for path in written])
        return
    for path in written:
        print(_shown(path))
    say(
        f"已新建。下一步：按 scenes/README.md 修改，然后运行 lianban scene check {name} 和 lianban scene test {name}。",
        f"Made. Next: change it as scenes/README.md says, then run lianban scene check {name} and lianban scene test {name}.",
    )


@app.command()
def check(names: Names = None, folder: Folder = None, as_json: AsJson = False) -> None:
    """检查场景：指出文件、行号、问题和改法。Check scenes: file, line, what was found, what to do."""
    root = _root(folder)
    found = {name: scenes.check_scene(root / name) for name in _chosen(root, names)}
    if as_json:
        print_json({name: [problem.as_dict() for problem in problems] for name, problems in found.items()})
    else:
        for name, problems in found.items():
            if not problems:
                say(f"✓ {name}：没有问题。", f"✓ {name}: nothing wrong.")
            for problem in problems:
                print(f"✗ {_shown(root / name)}/{problem.text('en' if english() else 'zh')}")
    if any(found.values()):
        raise typer.Exit(1)


@app.command("test")
def play(names: Names = None, folder: Folder = None, as_json: AsJson = False) -> None:
    """运行场景的测试：逐条给出结果。Play the tests of scenes, sentence by sentence."""
    root = _root(folder)
    played = {name: rehearse(scenes.load_scene(root / name), root / name) for name in _chosen(root, names)}
    if as_json:
        print_json({name: [_as_dict(entry) for entry in entries] for name, entries in played.items()})
    else:
        for name, entries in played.items():
            for entry in entries:
                _tell(root / name, entry)
    everything = [entry for entries in played.values() for entry in entries]
    failed = sum(not entry.passed for entry in everything)
    if not as_json:
        say(
            f"共 {len(everything)} 条测试，{len(everything) - failed} 条通过，{failed} 条未通过。",
            f"{len(everything)} tests: {len(everything) - failed} passed, {failed} failed.",
        )
    if failed:
        raise typer.Exit(1)


@app.command()
def deploy(as_json: AsJson = False) -> None:
    """部署新的流程图；在办事项仍按原来的版本办理。Store new drawings; open matters keep the version they have."""
    with_records(server.Role.OWNER)
    from django.db import connection, transaction

    from lianban.records.scenes import deploy as deploy_drawings

    with transaction.atomic(), connection.cursor() as cursor:
        made = deploy_drawings(cursor, datetime.now(UTC))
    if as_json:
        print_json([{"scene": name, "version": version} for name, version in made])
        return
    for name, version in made:
        say(
            f"{name}：已部署第 {version} 版流程图。", f"{name}: version {version} of its drawing is deployed."
        )
    if not made:
        say("没有新的流程图。", "There is no new drawing.")


def _tell(folder: Path, entry: Rehearsed) -> None:
    language = "en" if english() else "zh"
    print(f"{'✓' if entry.passed else '✗'} {folder.name}: {entry.title.text(language)}")
    if entry.failure is not None:
        print(f"  {_shown(folder)}/{entry.file}:{entry.failed_at}: {entry.failure.text(language)}")


def _as_dict(entry: Rehearsed) -> dict[str, Any]:
    failure = entry.failure.as_dict() if entry.failure else None
    return {
        "title": entry.title.as_dict(),
        "file": entry.file,
        "line": entry.line,
        "passed": entry.passed,
        "failure": failure,
        "failed_at": entry.failed_at or None,
    }


def _root(folder: Path | None) -> Path:
    """The folder of scenes: the option, else LIANBAN_SCENES (as the settings have it), else the project's."""
    return folder or Path(
        os.environ.get("LIANBAN_SCENES", Path(lianban.__file__).resolve().parents[2] / "scenes")
    )


def _chosen(root: Path, names: Sequence[str] | None) -> list[str]:
    """The scenes named, or all. An unknown name is told by the loader, with what is near."""
    chosen = list(names or scenes.scene_names(root))
    if not chosen:
        say(f"{root} 中没有应用场景。", f"There are no scenes in {root}.", to_stderr=True)
        raise typer.Exit(2)
    return chosen


def _shown(path: Path) -> str:
    """Relative to where the caller stands, so that editors and terminals can open it."""
    return os.path.relpath(path)
