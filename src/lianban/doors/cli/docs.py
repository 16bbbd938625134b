"""``lianban docs``: the diagrams of the documentation, made from the code, and a check that they are current."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from lianban.doors.cli.speaking import print_json, say
from lianban.engines.errors import YourMistake
from lianban.records import server

app = typer.Typer(add_completion=False)
ROOMS = ("config", "doors", "actions", "records", "engines")
PAGE = Path("docs") / "explanation" / "architecture.md"


class DocsOutOfDate(YourMistake):
    code = "LB-CLI-016"
    zh = "{page} 中的图与代码不一致：{blocks}。请运行 lianban docs 重新生成并提交。"
    en = "The diagrams of {page} differ from the code: {blocks}. Run: lianban docs, and commit."


@app.command()
def docs(
    check: Annotated[bool, typer.Option("--check", help="只检查，不改写。Check only.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON。")] = False,
) -> None:
    """由代码生成架构页中的图。Make the diagrams of the architecture page from the code."""
    page = Path(server.project_folder()) / PAGE
    text = page.read_text("utf-8")
    made, changed = text, []
    for name, draw in _BLOCKS.items():
        block = f"<!-- generated: {name} -->\n{draw()}\n<!-- end -->"
        fresh, found = re.subn(
            rf"<!-- generated: {name} -->.*?<!-- end -->", block.replace("\\", r"\\"), made, flags=re.S
        )
        if not found or fresh != made:
            changed.append(name)
        made = fresh
    if check and changed:
        raise DocsOutOfDate(page=str(PAGE), blocks=", ".join(changed))
    if not check and made != text:
        page.write_text(made, "utf-8")
    if as_json:
        print_json({"page": str(PAGE), "changed": changed})
        return
    say(f"{PAGE}：图与代码一致。", f"{PAGE}: the diagrams are those of the code.")


def _rooms() -> str:
    """Which room imports which, as import-linter's own graph sees it."""
    import grimp

    graph = grimp.build_graph("lianban", "feeldmn", cache_dir=None)
    arrows: set[tuple[str, str]] = set()
    for module in graph.modules:
        for imported in graph.find_modules_directly_imported_by(module):
            pair = (_room(module), _room(imported))
            if pair[0] != pair[1] and all(pair):
                arrows.add(pair)
    lines = ["```mermaid", "flowchart LR"]
    lines += [f"    {room}[{room}]" for room in (*ROOMS, "feeldmn")]
    lines += [f"    {a} --> {b}" for a, b in sorted(arrows)]
    return "\n".join([*lines, "```"])


def _room(module: str) -> str:
    parts = module.split(".")
    if parts[0] == "feeldmn":
        return "feeldmn"
    return parts[1] if len(parts) > 1 and parts[1] in ROOMS else ""


def _engines() -> str:
    """The engines, with the first sentence of what each says of itself, and what it leans on."""
    import importlib

    import grimp

    graph = grimp.build_graph("lianban", cache_dir=None)
    rows = ["| Engine | What it is for | Leans on |", "|---|---|---|"]
    for name in sorted(graph.find_children("lianban.engines")):
        if not graph.find_children(name):
            continue
        said = (importlib.import_module(name).__doc__ or "").strip().split("\n\n")[0].replace("\n", " ")
        leans = {
            other.split(".")[2]
            for module in graph.find_descendants(name)
            for other in graph.find_modules_directly_imported_by(module)
            if other.startswith("lianban.engines.") and not other.startswith(name) and other.count(".") >= 2
        } - {"errors"}
        rows.append(f"| `{name.rpartition('.')[2]}` | {said} | {', '.join(sorted(leans)) or '—'} |")
    return "\n".join(rows)


def _tables() -> str:
    """Tables and their references, as the models say."""
    _django()
    from django.apps import apps

    lines = ["```mermaid", "erDiagram"]
    for model in sorted(apps.get_app_config("records").get_models(), key=lambda one: one._meta.db_table):
        for column in model._meta.fields:
            if column.is_relation and column.related_model is not None:
                target = column.related_model._meta.db_table
                lines.append(f'    {target} ||--o{{ {model._meta.db_table} : "{column.name}"')
    return "\n".join([*lines, "```"])


def _abilities() -> str:
    """What a drawing may ask of the kernel by name."""
    from lianban.engines.scenes.abilities import HUMAN_ACTIONS, SERVICE_TYPES

    rows = ["| Name in a drawing | 做什么 | Asked by |", "|---|---|---|"]
    rows += [f"| `{name}` | {said} | a user task |" for name, said in HUMAN_ACTIONS.items()]
    rows += [f"| `{name}` | {said} | a service or send task |" for name, said in SERVICE_TYPES.items()]
    return "\n".join(rows)


def _life_cycle() -> str:
    """The drawing of one scene, as the compiler understood it."""
    from lianban.engines.process import mermaid
    from lianban.engines.scenes import load_scene

    scene = load_scene(Path(server.project_folder()) / "scenes" / "assistance")
    return f"```mermaid\n{mermaid(scene.process.graph).strip()}\n```"


def _django() -> None:
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianban.config.settings")
    import django

    django.setup()


_BLOCKS: dict[str, Callable[[], str]] = {
    "rooms": _rooms,
    "engines": _engines,
    "life cycle": _life_cycle,
    "abilities": _abilities,
    "tables": _tables,
}
