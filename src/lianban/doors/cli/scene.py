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
def deploy(
    replace: Annotated[
        list[str] | None,
        typer.Option(
            "--replace", help="以文件夹为准的场景。Scenes whose folder wins over a published version."
        ),
    ] = None,
    keep: Annotated[
        bool,
        typer.Option(
            "--keep", help="两边都改过时，网页上的版本照旧在用，不算失败。A conflict is no failure."
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """部署新的流程图和决策表；在办事项仍按原来的版本办理。Make what is new in the folder live."""
    with_records(server.Role.OWNER)
    from django.db import connection, transaction

    from lianban.records.publications import Outcome
    from lianban.records.scenes import deploy as deploy_scenes

    with transaction.atomic(), connection.cursor() as cursor:
        made = deploy_scenes(cursor, datetime.now(UTC), replace or ())
    conflicts = [one for one in made if one.outcome in (Outcome.CONFLICT, Outcome.UNFIT)]
    if as_json:
        print_json(
            [
                {"scene": one.scene, "file": one.file, "version": one.number, "outcome": one.outcome.value}
                for one in made
            ]
        )
    for one in made if not as_json else ():
        if one.outcome is Outcome.LIVE:
            say(
                f"{one.scene}：{one.file} 第 {one.number} 版已部署。",
                f"{one.scene}: version {one.number} of {one.file} is deployed.",
            )
        elif one.outcome is Outcome.WITHDRAWN:
            say(
                f"{one.scene}：{one.file} 已不在文件夹中，停用。",
                f"{one.scene}: {one.file} is no longer in the folder and no longer used.",
            )
        elif one.outcome is Outcome.UNFIT:
            say(
                f"{one.scene}：{one.file} 与网页上发布的版本不相配（流程图所用的决策缺失或重复），该场景没有部署。"
                f"请先 lianban scene export {one.scene} 取回网页上的版本，合并后再部署，或以文件夹为准：lianban scene deploy --replace {one.scene}。",
                f"{one.scene}: {one.file} does not go with what was published on a page (a decision the drawing asks for "
                f"would be missing, or there twice); nothing of the scene was deployed. Fetch the page's version by lianban "
                f"scene export {one.scene} and join the two, or let the folder win: lianban scene deploy --replace {one.scene}.",
                to_stderr=True,
            )
        else:
            say(
                f"{one.scene}：{one.file} 在文件夹中改过，又在网页上发布了第 {one.number} 版，未部署。"
                f"请先 lianban scene export {one.scene} 取回网页上的版本，或以文件夹为准：lianban scene deploy --replace {one.scene}。",
                f"{one.scene}: {one.file} was changed in the folder, and version {one.number} was published on a page; "
                f"nothing was deployed. Fetch the page's version by lianban scene export {one.scene}, or let the folder "
                f"win: lianban scene deploy --replace {one.scene}.",
                to_stderr=True,
            )
    if not made and not as_json:
        say("没有新的内容。", "There is nothing new.")
    if conflicts and not keep:
        raise typer.Exit(1)


@app.command()
def export(
    name: Annotated[str, typer.Argument(help="场景名称。The scene.")],
    folder: Folder = None,
    replace: Annotated[
        bool,
        typer.Option("--replace", help="覆盖文件夹中改过的文件。Over files that were changed in the folder."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """把网页上发布的流程图和决策表写回文件夹。Write what was published on a page back into the folder."""
    with_records(server.Role.WORKER)
    from django.db import connection

    from lianban.records import publications

    root = _root(folder) / name
    pack = scenes.load_scene(root)  # an unknown scene is told by the loader
    written, kept = [], []
    with connection.cursor() as cursor:
        newest: dict[str, publications.Publication] = {}
        for one in publications.published(cursor, name):
            if one.file not in newest or one.number > newest[one.file].number:
                newest[one.file] = one
        for one in newest.values():
            if one.in_folder or one.withdrawn:
                continue
            path = root / one.file
            known = publications.last_in_folder(cursor, name, one.file)
            if (
                path.exists()
                and not replace
                and publications.digest_in(pack, one.file) != (known and known.digest)
            ):
                kept.append(one.file)
                continue
            path.parent.mkdir(exist_ok=True)
            half = path.with_name(path.name + ".new")
            half.write_text(publications.text_of(cursor, one), "utf-8")
            half.replace(path)
            written.append({"file": one.file, "version": one.number, "path": _shown(path)})
    for file in kept:
        say(
            f"{_shown(root / file)} 改过而未部署，没有覆盖。请先另存它，再用 --replace。",
            f"{_shown(root / file)} was changed and not deployed; it was not written over. Keep a copy, then use --replace.",
            to_stderr=True,
        )
    if as_json:
        print_json(written)
    for line in written if not as_json else ():
        say(f"{line['path']}：第 {line['version']} 版。", f"{line['path']}: version {line['version']}.")
    if not written and not kept and not as_json:
        say("文件夹已与在用版本一致。", "The folder holds what is live already.")
    if kept:
        raise typer.Exit(1)


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
