"""What the city shows of its scenes: every state, clock and alarm, each with how many matters show it now."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from lianban.doors.cli.speaking import pick, say
from lianban.engines.scenes.coverage import SORT_WORDS, Coverage, Line


def coverage_of(scene: str, officer: str, now: datetime | None = None) -> Coverage:
    """What the matters of ``scene`` show to an officer of the agency that leads them, now or at another moment."""
    from django.conf import settings
    from django.db import connection

    from lianban.actions import abilities, timing
    from lianban.doors.cli.officers import acting_as
    from lianban.engines.scenes.city import load_city
    from lianban.engines.scenes.stories import load_stories
    from lianban.records import coverage, scenes

    abilities.load()
    folder = Path(settings.SCENES)
    declared = scenes.scene(scene)
    stories = load_stories(declared, load_city(folder / "city.yaml"), folder / scene)
    verbs = {
        name: (verb.warned is not None, verb.expired is not None)
        for name, verb in abilities.CLOCK_VERBS.items()
    }
    with acting_as(officer, "核对演示城市") as acting, connection.cursor() as cursor:
        return coverage.coverage(cursor, declared, stories, timing.book(), verbs, now or acting.now)


def told() -> list[str]:
    """The scenes that have stories."""
    from django.conf import settings

    from lianban.engines.scenes.stories import FILE
    from lianban.records import scenes

    return [name for name in scenes.scenes() if (Path(settings.SCENES) / name / FILE).is_file()]


def show_lines(found: Coverage) -> None:
    """Every item, with how many matters show it, or why none can."""
    for line in found.lines:
        reason = line.reason
        say(
            f"{line.matters:>6}  {line.item.code}" + (f"（{reason.zh}）" if reason else ""),
            f"{line.matters:>6}  {line.item.code}" + (f" ({reason.en})" if reason else ""),
        )


def show(scene: str, found: Coverage) -> None:
    """One line for the whole scene, and a line for each item that is missing."""
    from lianban.records import scenes

    summary, title = found.summary(), scenes.scene(scene).title
    if found.missing:
        say(f"{title.zh}：{summary.zh}；看不到的：", f"{title.en}: {summary.en}; not to be seen:")
    else:
        say(f"{title.zh}：{summary.zh} 均可见。", f"{title.en}: {summary.en}, all to be seen.")
    for line in found.missing:
        say(f"   {SORT_WORDS[line.item.sort].zh} {line.item.code}", f"   {line.item.sort} {line.item.code}")
    for code in found.needless:
        say(f"   无须例外：{code}", f"   needs no exception: {code}")


def rows(lines: tuple[Line, ...]) -> list[dict[str, object]]:
    """The same for a program."""
    return [
        {"sort": line.item.sort.value, "code": line.item.code, "matters": line.matters,
         "reason": pick(line.reason.zh, line.reason.en) if line.reason else ""}
        for line in lines
    ]  # fmt: skip
