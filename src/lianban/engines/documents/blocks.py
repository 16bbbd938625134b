"""The blocks a document is made of, and their expansion into plain nodes.

A block belongs to the template (``text: 本院在执行{{ creditor }}…``); a node belongs to one document (the
finished sentences). Both renderings start from the same blocks, so the PDF and the DOCX cannot disagree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from lianban.engines.documents.fields import Field

# Fills the values into a text.
Say = Callable[[str, Mapping[str, Any]], str]


class BlockType(StrEnum):
    """What a block draws."""

    LETTERHEAD = "letterhead"  # 发文机关标志, red
    TITLE = "title"  # organ and name of the document
    NUMBER = "number"  # 发文字号 or 案号
    ADDRESSEE = "addressee"  # 主送机关
    TEXT = "text"  # paragraphs
    SMALL = "small"  # notes under a form
    ATTACHMENTS = "attachments"  # 附件说明
    SIGNATURE = "signature"  # organ, date, seal
    BENCH = "bench"  # judges, date in Chinese numerals, seal, clerk
    NOTE = "note"  # 附注
    COPIES = "copies"  # 抄送
    TABLE = "table"  # the rows of a table field
    FORM = "form"  # labelled boxes
    SPACE = "space"  # blank lines
    PAGE = "page"  # a new page


@dataclass(frozen=True)
class Shape:
    """The settings of a block type with their defaults; ``main`` is what a bare value stands for."""

    main: str = ""
    needed: frozenset[str] = frozenset()
    settings: Mapping[str, Any] = field(default_factory=dict)
    # Settings that name a field instead of holding text.
    fields: frozenset[str] = frozenset()


def _shape(main: str, needed: str, fields: str = "", **settings: Any) -> Shape:
    return Shape(main, frozenset(needed.split()), settings, frozenset(fields.split()))


BLOCKS: Mapping[BlockType, Shape] = {
    BlockType.LETTERHEAD: _shape("organ", "organ", organ=""),
    BlockType.TITLE: _shape("text", "text", organ="", text="", spread=True, before=1),
    BlockType.NUMBER: _shape("text", "text", text="", flush=False, before=1, after=1),
    BlockType.ADDRESSEE: _shape("text", "text", text=""),
    BlockType.TEXT: _shape("text", "text", text="", flush=False, heading=False),
    BlockType.SMALL: _shape("text", "text", text=""),
    BlockType.ATTACHMENTS: _shape("field", "field", "field", field="", label="附件"),
    BlockType.SIGNATURE: _shape("organ", "organ date", organ="", date="", seal="（印章）", before=3),
    BlockType.BENCH: _shape(
        "people", "people date", "people clerks", people="", date="", clerks="", seal="（院印）"
    ),
    BlockType.NOTE: _shape("text", "text", text=""),
    BlockType.COPIES: _shape("field", "field", "field", field="", plain=False),
    BlockType.TABLE: _shape("field", "field", "field", field="", caption=""),
    BlockType.FORM: _shape("rows", "rows", rows=()),
    BlockType.SPACE: _shape("lines", "", lines=1),
    BlockType.PAGE: _shape("", ""),
}


@dataclass(frozen=True)
class Block:
    """One block of a template. ``when`` names the field without which the block is left out."""

    type: BlockType
    settings: Mapping[str, Any]
    when: str | None = None

    def texts(self) -> Iterator[str]:
        """Every setting that is text with ``{{ names }}``."""
        shape = BLOCKS[self.type]
        for name, value in self.settings.items():
            if isinstance(value, str) and name not in shape.fields:
                yield value
        if self.type is BlockType.FORM:
            for row in self.form_rows():
                for pair in row["pairs"]:
                    yield from (pair["label"], pair["text"], pair["foot"])

    def field_names(self) -> Iterator[str]:
        """Every field this block names directly."""
        for name in BLOCKS[self.type].fields:
            if self.settings.get(name):
                yield self.settings[name]
        if self.when:
            yield self.when

    def form_rows(self) -> list[dict[str, Any]]:
        """The rows of a form in full: ``lines`` of height, and pairs of label, text and foot."""
        rows = []
        for row in self.settings.get("rows", ()):
            pairs = row.get("pairs") or [row]
            rows.append(
                {
                    "lines": row.get("lines", 1),
                    "pairs": [
                        {key: str(pair.get(key, "")) for key in ("label", "text", "foot")} for pair in pairs
                    ],
                }
            )
        return rows


def expand(
    blocks: tuple[Block, ...], fields: tuple[Field, ...], values: Mapping[str, Any], say: Say
) -> list[dict[str, Any]]:
    """The nodes of one document: plain data, every sentence finished, nothing left to evaluate."""
    drawn = (_node(block, fields, values, say) for block in blocks if not block.when or values[block.when])
    nodes = [node for node in drawn if node is not None]
    # The signature keeps company: with the last words of the text before it, and with the note after it.
    for node, after in zip(nodes, [*nodes[1:], {"type": None}], strict=True):
        if node["type"] == BlockType.TEXT:
            node["keep"] = after["type"] in (BlockType.SIGNATURE, BlockType.BENCH)
        if node["type"] == BlockType.SIGNATURE:
            node["keep"] = after["type"] == BlockType.NOTE
    return nodes


def _node(
    block: Block, fields: tuple[Field, ...], values: Mapping[str, Any], say: Say
) -> dict[str, Any] | None:
    named = BLOCKS[block.type].fields
    node: dict[str, Any] = {"type": block.type.value}
    for name, value in block.settings.items():
        if isinstance(value, str) and name not in named:
            node[name] = say(value, values)
        else:
            node[name] = value
    kind = block.type
    if kind in (BlockType.TEXT, BlockType.SMALL):
        node["paragraphs"] = [line.strip() for line in node.pop("text").splitlines() if line.strip()]
        return node if node["paragraphs"] else None
    if kind in (BlockType.ATTACHMENTS, BlockType.COPIES):
        node["items"] = values[node.pop("field")]
        return node if node["items"] else None
    if kind is BlockType.BENCH:
        node["people"] = values[node["people"]]
        node["clerks"] = values[node["clerks"]] if node["clerks"] else []
    if kind is BlockType.TABLE:
        declared = next(field for field in fields if field.name == node["field"])
        node["columns"] = [{"zh": column.zh, "width": column.width} for column in declared.columns]
        node["rows"] = [
            [row[column.name] for column in declared.columns] for row in values[node.pop("field")]
        ]
        return node if node["rows"] else None
    if kind is BlockType.FORM:
        node["rows"] = [
            {
                "lines": row["lines"],
                "pairs": [{key: say(text, values) for key, text in pair.items()} for pair in row["pairs"]],
            }
            for row in block.form_rows()
        ]
    return node


def strings(nodes: Any) -> Iterator[str]:
    """Every text that will be printed, for the check of glyphs."""
    if isinstance(nodes, str):
        yield nodes
    elif isinstance(nodes, Mapping):
        for key, value in nodes.items():
            if key != "type":
                yield from strings(value)
    elif isinstance(nodes, list | tuple):
        for item in nodes:
            yield from strings(item)
