"""The columns a form has, and the heads of a table matched with them."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from lianban.engines.forms import Form
from lianban.engines.forms.model import FieldSpec, Option, Widget
from lianban.engines.forms.words import Words
from lianban.engines.scenes.refusals import refused

from .errors import HeadsWrong

_SPACE = re.compile(r"[\s_*＊:：()（）]+")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: where its cells go (the HTML name of a field, or a name of the importer's own), and what it is called."""

    name: str
    title: Words
    widget: Widget = Widget.TEXT
    options: tuple[Option, ...] = ()
    required: bool = False
    private: bool = False
    help: Words | None = None


@dataclass(frozen=True, slots=True)
class Matched:
    """Which column stands at which place of a table. Places without a column are heads left empty."""

    at: Mapping[int, Column] = field(default_factory=dict)

    def names(self) -> frozenset[str]:
        return frozenset(column.name for column in self.at.values())


def columns_of(
    form: Form, listed: Mapping[str, int] | None = None, own: Sequence[Column] = ()
) -> tuple[Column, ...]:
    """The columns of a form: one a field, and for a list of objects one a field and entry.

    ``listed`` says how many entries of a list a table may hold (``{"subjects": 4}``; 3 where it says nothing); ``own`` are the
    importer's columns, which come first.
    """
    return (*own, *_columns(form.fields(), listed or {}))


def match(heads: Sequence[str], columns: Sequence[Column]) -> Matched:
    """The columns under these heads. Raises :class:`HeadsWrong`, which names every head that does not fit.

    A head is a column's Chinese or English title or its name; spaces, stars, brackets and the width of letters do not count.
    A head that names what is never held (民族, 宗教 …) is refused, whatever stands below it.
    """
    known: dict[str, Column] = {}
    for column in columns:
        for text in (column.name, column.title.zh, column.title.en):
            known.setdefault(_key(text), column)
    at: dict[int, Column] = {}
    problems: list[tuple[str, str]] = []
    for place, head in enumerate(heads):
        if not head.strip():
            continue
        found = known.get(_key(head))
        if found is None:
            problems.append(_unknown(head, columns))
        elif found in at.values():
            problems.append((f"“{head}”出现两次。", f"“{head}” stands twice."))
        else:
            at[place] = found
    problems += [
        (f"缺少“{column.title.zh}”。", f"“{column.title.en}” is missing.")
        for column in columns
        if column.required and column not in at.values()
    ]
    if problems:
        raise HeadsWrong(
            count=len(problems),
            problems_zh="".join(zh for zh, _ in problems[:12]),
            problems_en=" ".join(en for _, en in problems[:12]),
        )
    return Matched(at)


def _unknown(head: str, columns: Sequence[Column]) -> tuple[str, str]:
    name = head.strip()[:40]
    if hit := refused("", name, name):
        return (f"“{name}”不能导入：{hit.zh}", f"“{name}” cannot be imported: {hit.en}")
    near = difflib.get_close_matches(
        name, [c.title.zh for c in columns] + [c.title.en for c in columns], n=1, cutoff=0.5
    )
    zh, en = (
        (f"是否为“{near[0]}”？", f" Did you mean “{near[0]}”?")
        if near
        else ("请删去该列。", " Remove the column.")
    )
    return f"没有名为“{name}”的列，{zh}", f"There is no column “{name}”.{en}"


def _key(text: str) -> str:
    return _SPACE.sub("", unicodedata.normalize("NFKC", text)).casefold()


def _columns(specs: Sequence[FieldSpec], listed: Mapping[str, int]) -> Iterator[Column]:
    for spec in specs:
        if spec.widget is Widget.GROUP:
            yield from _within(spec, spec.children, listed)
        elif spec.widget is Widget.ROWS:
            for index in range(listed.get(spec.path, 3)):
                for child in spec.children:
                    if child.widget in (Widget.GROUP, Widget.ROWS):
                        continue  # a table has no room for lists within lists
                    yield _column(child, spec.input_name(index, child), Words(
                        f"{spec.label.zh}{index + 1}·{child.label.zh}", f"{spec.label.en} {index + 1} · {child.label.en}"
                    ), required=child.required and index < (spec.min_items or 0))  # fmt: skip
        else:
            yield _column(spec, spec.path, spec.label, required=spec.required)


def _within(group: FieldSpec, children: Sequence[FieldSpec], listed: Mapping[str, int]) -> Iterator[Column]:
    """The columns of a group carry its name where the child's alone would not say enough."""
    for column in _columns(children, listed):
        title = Words(f"{group.label.zh}·{column.title.zh}", f"{group.label.en} · {column.title.en}")
        yield Column(column.name, title, column.widget, column.options, column.required and group.required,
                     column.private, column.help)  # fmt: skip


def _column(spec: FieldSpec, name: str, title: Words, *, required: bool) -> Column:
    return Column(name, title, spec.widget, spec.options, required, spec.private, spec.help)
