"""The reference page of all clocks, written from the data: ``python -m lianban.engines.clocks.reference FOLDER [CSV]``.

Writes ``clocks.md`` into FOLDER and, given the table of worked examples, ``clocks-worked-examples.md`` beside it. A test
fails when the pages are not what the data says.
"""

from __future__ import annotations

import csv
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from .book import STANDARD_CLOCKS, ClockBook
from .letters import letter_kinds
from .rules import Bound, ClockRule, ClockVersion, Direction, ExtensionRule, Length, Nature, SetBy, Tag, Words

TAGS = {
    Tag.STATUTE: "V: the text of the law was read 已核对法律文本",
    Tag.QUOTED: "S: a page quotes the rule 转引",
    Tag.PRACTICE: "P: local practice 地方做法",
    Tag.UNVERIFIED: "U: unverified, a default that screens mark 未核实",
    Tag.SEED: "seed: a newspaper page of January 2022 报纸刊载",
    Tag.PRODUCT: "product: a default of this product or an agreement, no law behind it 产品默认或约定",
}
HEAD = """\
# Legal clocks 时限

<!-- Written by python -m lianban.engines.clocks.reference from the data. Do not edit. -->

Every period this product counts, with its source, its versions and what its end does. The data is in
`src/lianban/engines/clocks/data/`; a correction of the law is a new version there, never a change of an old one.

## How periods are counted

| Rule | What is done | Source |
|---|---|---|
| The first day | is not counted | 民事诉讼法（2023）第85条；民法典第201条 |
| Hours | of procedure start at the next full hour 次时; a trigger at exactly 09:00 starts at 10:00. Hours of substance and of custody run from the stated moment | 民诉解释第125条；民法典第201条 |
| Months and years | end on the corresponding day, else on the last day of the month; an extension in months is added before the day is looked for | 民法典第202条 |
| A last day on a rest day | moves to the first working day after it, if the period is for *doing* something. A period of *effect* (freeze, custody, exit ban), a minimum period and a period counted backwards never move | 民事诉讼法第85条；民法典第203条 |
| The end of a day | is 24:00 in Shanghai; the instant kept is the last microsecond before it | 民法典第203条 |
| Posted before the end | is in time | 民事诉讼法第85条 |
| 以上、以内、届满 | include the number | 民法典第1259条 |
| Days not counted | push the end back one for one; grounds that overlap count once. A pause from A to B takes out the days after A up to B | the rule of each clock |
| An obstacle | puts a party's period off by the time it took, if asked for within ten days after it | 民事诉讼法第86条 |
| A document that prints an end | the earlier of the printed and the computed end counts | 民诉解释第485条 |
| An old matter | is judged by the version in force on the day of the trigger, and cited by the article number of that day | `data/articles.toml` |

## The calendar

Published years {first}–{last}, from the notices of the State Council. What rests on a day without a notice is **provisional**
and marked so: later years are counted with weekends and the statutory days (which days are moved is not known); so are the
last {reach} days of {last}, because the next notice may reach back; earlier years are counted with weekends only, back to
{weekends}; before that a clock that needs rest days is refused. Loading a year's notice (holiday-cn JSON) recounts
provisional clocks and reports which dates moved.

## Tags of sources

{tags}

The tag speaks of the rule's text. The first day of a version (`from`) is the day since which the rule is known to have had
this content; before it, the clock is refused rather than guessed.

**⚠ unverified**: {unverified} of {count} clocks. Check the source before relying on them.
"""
IN_CODE = """\
## In code

```python
from lianban.engines import clocks
from lianban.engines.clocks import ClockBook

book = ClockBook.standard()
due = book.due("assistance.answer", started_at)        # an aware instant, or a date for clocks of days
due.legal_date, due.at, due.provisional, due.unverified, due.explain("zh"), due.explain("en")

clock = clocks.start(book, "business.first_instance", filed_at)
clock = clocks.pause(book, clock, "appraisal", at)     # and resume(), exclude(), restart()
clock = clocks.extend(book, clock, "president", granted_at=at, asked_on=day)
clock = clocks.suspend_for_obstacle(book, clock, begin, end, asked_on=day)
clock = clocks.expire(clock, now)                      # and finish(book, clock, at, posted_at=…)
row = clocks.to_json(clock)                            # plain JSON; from_json() gives it back

book = book.with_settings({"assistance.answer": 5})    # only where the data says so
book = book.with_calendar(book.calendar.with_notice_file(path))
for change in clocks.recount(book, rows):              # what moved, what is settled now
    ...

from lianban.engines.clocks.bulk import columns, due_between
due_between(book, columns(codes, triggers), first, last)   # numpy arrays, millions at once
```

Everything is pure: no wall clock is read, states are frozen, every verb gives a new one. What may not be is refused with
an error that names the date that would have been in time.
"""
FIELDS = """\
## The data files

One TOML file a field of work: `title`, then `[[clock]]` with `[[clock.version]]`, each version complete.

| Field | Meaning |
|---|---|
| `code`, `zh`, `en`, `trigger`, `expiry`, `note` | names and words in both languages |
| `whose` | who must act: court, party, agency, prosecutor, police, registry, mediator, other |
| `nature` | `act` (default), a period for doing something; `effect`, a period during which something holds |
| `basis` | `procedural` (default) or `substantive`: decides where hours start |
| `bound` | `latest` (default): done by the end; `earliest`: not before it |
| `direction` | `after` (default) the trigger, or `before` it |
| `obstacle` | true where a party may ask for the period to be put off |
| `printed_end` | true where a document prints an end and the earlier one counts |
| `from`, `to` | the days between which the version governs; `to` may be left out |
| `length` | `10 working days`, `6 months`, `at once`, `fixed` (with `fixed_from` and `fixed_until`, month, day and hour), or `document 15 days` where only a document can say |
| `first_day` | `next_day`, `next_hour`, `moment`, where it differs from what unit and basis say |
| `rolls` | false where a period of days does not move although it is for doing something |
| `set_by`, `least`, `most` | who may choose another length (`setting`, `document`) and in what range; without it the length is the law's |
| `law`, `article`, `edition`, `tag`, `note` | the source |
| `pauses`, `restarts` | grounds on which days are not counted, or the period begins anew |
| `extensions` | `approver`, `length` (left out: as the approver decides), `most_times` (0: no limit), `apply_by` before the end |
| `longest` | the outer limit with all extensions |
"""


def render(book: ClockBook, folder: Path = STANDARD_CLOCKS) -> str:
    """The page of all clocks of the shipped files, in Markdown."""
    calendar = book.calendar
    parts = [
        HEAD.format(
            first=calendar.first_year,
            last=calendar.last_year,
            reach=calendar.notice_reaches_back_days,
            weekends=calendar.weekends_from.isoformat(),
            tags="\n".join(f"- {text}" for text in TAGS.values()),
            unverified=sum(rule.unverified for rule in book),
            count=len(book),
        ),
        IN_CODE,
        FIELDS,
        "## Letters and their clocks 各类函件的回复时限\n",
        *_letters(book),
    ]
    for path in sorted(folder.glob("*.toml")):
        with path.open("rb") as file:
            data = tomllib.load(file)
        parts.append(f"\n## {data['title']['zh']} {data['title']['en']}\n\n" + _table(book, data["clock"]))
    parts.append(
        "\n## Article numbers through the editions 条文号对照\n\n" + "\n".join(_articles(book)) + "\n"
    )
    return "\n".join(parts)


def render_examples(book: ClockBook, table: Path) -> str:
    """The page of worked examples, from the CSV that is also the test."""
    lines = [
        "# Worked examples of legal clocks 期间计算实例",
        "",
        "<!-- Written by python -m lianban.engines.clocks.reference from the table. Do not edit. -->",
        "",
        "Each row is a test: trigger, rule, what else happened, end, and why. 边界 marks edges; 暂定 is provisional.",
        "",
        "| No | 时限 Clock | 起算 Trigger | 附加 More | 届满 End | | 理由 Why |",
        "|---|---|---|---|---|---|---|",
    ]
    with table.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            marks = " ".join(filter(None, (row["edge"], row["provisional"])))
            clock = f"{book.rule(row['clock']).name.zh} `{row['clock']}`"
            cells = (row["no"], clock, row["start"], row["more"], row["due"], marks, row["why"])
            lines.append("| " + " | ".join(_cell(cell) for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def _table(book: ClockBook, entries: list[dict[str, str]]) -> str:
    lines = [
        "| Clock 时限 | Length 期间 | Trigger → end 起算与届满 | Pauses and extensions 扣除与延长 | Source 依据 |",
        "|---|---|---|---|---|",
    ]
    for entry in entries:
        rule = book.rule(entry["code"])
        for number, version in enumerate(rule.versions):
            name = (
                f"`{rule.code}`<br>{rule.name.zh}<br>{rule.name.en}"
                if number == 0
                else f"`{rule.code}`, then"
            )
            cells = (name, _length(rule, version), _words(rule), _changes(version), _source(rule, version))
            lines.append("| " + " | ".join(_cell(cell) for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def _length(rule: ClockRule, version: ClockVersion) -> str:
    way = {
        (Direction.BEFORE, Bound.LATEST): "before 提前",
        (Direction.AFTER, Bound.EARLIEST): "at least 不少于",
    }.get((rule.direction, rule.bound), "")
    if version.needs_length:
        text = f"as the document says 以文书为准 ({version.length.unit.value.replace('_', ' ')})"
    else:
        text = f"**{version.length.text('zh')}** {version.length.text('en')}"
    if version.fixed_from and version.fixed_until:
        begin, end = (
            f"{m.month:02}-{m.day:02} {m.hour:02}:{m.minute:02}"
            for m in (version.fixed_from, version.fixed_until)
        )
        text = f"{begin} – {end}"
    kind = "effect 效力" if rule.nature is Nature.EFFECT else ("rolls 顺延" if version.rolls else "")
    parts = [f"{way} {text}".strip(), kind, *_open(version)]
    if version.longest:
        parts.append(f"at most 总计不超过 {version.longest.text('zh')}")
    return "<br>".join(part for part in parts if part)


def _open(version: ClockVersion) -> Iterator[str]:
    if version.adjustable:
        by = " / ".join(
            "setting 设定" if who is SetBy.SETTING else "document 文书"
            for who in sorted(version.adjustable.by)
        )
        yield f"{by}: {version.adjustable.least}–{version.adjustable.most or ''}"


def _words(rule: ClockRule) -> str:
    note = f"<br>*{rule.note}*" if rule.note else ""
    return f"{rule.trigger.zh} → {rule.expiry.zh}<br>{rule.trigger.en} → {rule.expiry.en}{note}"


def _changes(version: ClockVersion) -> str:
    lines = [f"⏸ `{p.code}` {p.name.zh} {p.name.en}" for p in version.pauses]
    lines += [f"↺ `{p.code}` {p.name.zh} {p.name.en}" for p in version.restarts]
    lines += [_extension(e) for e in version.extensions]
    return "<br>".join(lines)


def _extension(extension: ExtensionRule) -> str:
    length = extension.length or Words("由批准人定", "as decided")
    times = f"×{extension.most_times}" if extension.most_times else "×n"
    asked = (
        f", asked {extension.apply_by.text('en')} before 届满{extension.apply_by.text('zh')}前"
        if extension.apply_by
        else ""
    )
    by = f"{extension.approver.zh} {extension.approver.en}"
    return f"＋ `{extension.code}` {_both(length)} {times}, {by}{asked}"


def _both(length: Length | Words) -> str:
    return f"{length.text('zh')} {length.text('en')}"


def _source(rule: ClockRule, version: ClockVersion) -> str:
    until = f"–{version.to_day.isoformat()}" if version.to_day else ""
    mark = "⚠ " if version.source.unverified else ""
    note = f"<br>*{version.source.note}*" if version.source.note else ""
    return f"{mark}{version.source.text()} [{version.source.tag.value}]<br>{version.id}{until or ' –'}{note}"


def _letters(book: ClockBook) -> Iterator[str]:
    yield "| Letter 函件 | To 收件单位 | Reply 回复 | Urgent 紧急 | Then 其后 |\n|---|---|---|---|---|"
    for kind in letter_kinds().values():
        clocks = (
            f"{book.rule(code).versions[-1].length.text('zh')} `{code}`" if code else ""
            for code in (kind.reply, kind.urgent, kind.then)
        )
        yield "| " + " | ".join((_both(kind.name), _both(kind.to), *clocks)) + " |"


def _articles(book: ClockBook) -> Iterator[str]:
    for law, editions in book.articles.editions.items():
        yield f"### {law}\n"
        yield "| | " + " | ".join(f"{e.name}<br>from {e.from_day.isoformat()}" for e in editions) + " | |"
        yield "|---|" + "---|" * (len(editions) + 1)
        for row in book.articles.rows:
            if row.law == law:
                numbers = " | ".join(row.numbers.get(e.name, "—") for e in editions)
                yield f"| {row.about.zh} {row.about.en} | {numbers} | {'⚠ ' if row.tag is Tag.UNVERIFIED else ''}{row.tag.value} |"
        yield ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def main(arguments: list[str]) -> None:
    folder = Path(arguments[0])
    book = ClockBook.standard()
    (folder / "clocks.md").write_text(render(book), encoding="utf-8")
    if len(arguments) > 1:
        page = render_examples(book, Path(arguments[1]))
        (folder / "clocks-worked-examples.md").write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
