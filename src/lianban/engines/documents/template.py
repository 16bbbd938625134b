"""Templates of official documents: data that a scene keeps in its ``documents/`` folder.

A template is a folder (or a single YAML file) with ``document.yaml``: titles, source of the form, number
pattern, declared fields, and the blocks that make up the document in order. Beside it may stand

- ``document.typ``: a layout of its own in Typst, used for the PDF instead of the blocks; it finds the data
  in ``doc`` and may use every function of ``layout.typ``;
- ``document.docx``: a Word file with the same field names as ``{{ name }}``, used for the DOCX instead of
  the one built from the blocks.

Text in blocks is Jinja in a sandbox. Every name it uses must be a declared field: a slip is found when the
template is loaded, not when a clerk needs the document.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from jinja2 import StrictUndefined, TemplateSyntaxError, meta
from jinja2 import Template as JinjaTemplate
from jinja2.sandbox import ImmutableSandboxedEnvironment
from ruamel.yaml import YAML, YAMLError

from lianban.engines.documents.blocks import BLOCKS, Block, BlockType
from lianban.engines.documents.errors import TemplateBroken, UnknownKind
from lianban.engines.documents.fields import Column, Field, FieldType
from lianban.engines.documents.numbering import NumberPattern
from lianban.engines.documents.numerals import arabic_date, chinese_date, spread, yuan
from lianban.engines.identifiers.chinese_numerals import to_chinese
from lianban.engines.identifiers.money import to_capitals

BUILT_IN = Path(__file__).parent / "templates"
LAYOUT = Path(__file__).parent / "layout.typ"


class Kind(StrEnum):
    """The documents that come with Lianban."""

    ASSISTANCE_LETTER = "assistance_letter"  # 协助调查函
    ASSISTANCE_NOTICE = "assistance_notice"  # 协助执行通知书
    ENFORCEMENT_RULING = "enforcement_ruling"  # 执行裁定书
    ANSWER_SHEET = "answer_sheet"  # 查询反馈单
    PROCURATORIAL_RECOMMENDATION = "procuratorial_recommendation"  # 检察建议书
    SERVICE_RECEIPT = "service_receipt"  # 送达回证
    DISTRIBUTION_PLAN = "distribution_plan"  # 财产分配方案
    PAYOUT_NOTICE = "payout_notice"  # 案款发放通知书
    FUND_RECEIPT = "fund_receipt"  # 案款收据


class Style(StrEnum):
    """Which standard the page follows."""

    LETTER = "letter"  # GB/T 9704-2012, 10.1 信函格式
    COURT = "court"  # 法〔2016〕221号; procuratorates print theirs alike
    FORM = "form"  # a sheet with boxes or rows


@dataclass(frozen=True, eq=False)
class Template:
    """A checked template. ``digest`` identifies its content: it enters the hash of every document.

    Load it once and keep it: what is derived from it is remembered per object.
    """

    kind: str
    version: str
    zh: str
    en: str
    style: Style
    source: str
    number: NumberPattern | None
    fields: tuple[Field, ...]
    blocks: tuple[Block, ...]
    folder: Path
    typst: str | None
    docx: bytes | None
    digest: str

    def field(self, name: str) -> Field:
        """The declared field of that name; KeyError if there is none."""
        return {field.name: field for field in self.fields}[name]


def environment(*, autoescape: bool = False) -> ImmutableSandboxedEnvironment:
    """The sandboxed Jinja that block texts and DOCX templates run in, with the filters they may use."""
    # Plain text is not HTML: escaping is switched on only for the XML of a DOCX.
    made = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, autoescape=autoescape, trim_blocks=True, lstrip_blocks=True
    )
    made.filters.update(
        chinese_date=lambda day: chinese_date(day) if day else "",
        arabic_date=lambda day: arabic_date(day) if day else "",
        yuan=lambda fen: "" if fen is None else yuan(fen),
        capitals=lambda fen: "" if fen is None else to_capitals(fen),
        ordinal=to_chinese,
        spread=spread,
    )
    return made


def say(text: str, values: Mapping[str, Any]) -> str:
    """A block's text with the values in it."""
    return _compiled(text).render(values).strip()


@lru_cache(maxsize=4096)
def _compiled(text: str) -> JinjaTemplate:
    # Compiling costs a hundred times what filling in costs; texts are few, documents are many.
    return environment().from_string(text)


def load_template(path_or_kind: str | Path | Kind) -> Template:
    """The template of a built-in :class:`Kind`, or of a folder or YAML file of a scene."""
    if isinstance(path_or_kind, str) and not isinstance(path_or_kind, Kind):
        looks_like_path = "/" in path_or_kind or "\\" in path_or_kind or path_or_kind.endswith(".yaml")
        path_or_kind = Path(path_or_kind) if looks_like_path else _kind(path_or_kind)
    if isinstance(path_or_kind, Kind):
        return _built_in(path_or_kind)
    path = path_or_kind / "document.yaml" if path_or_kind.is_dir() else path_or_kind
    if not path.is_file():
        raise UnknownKind(kind=str(path_or_kind), known="、".join(Kind))
    return _read(path)


def _kind(name: str) -> Kind:
    try:
        return Kind(name)
    except ValueError as error:
        raise UnknownKind(kind=name, known="、".join(Kind)) from error


@cache
def _built_in(kind: Kind) -> Template:
    return _read(BUILT_IN / f"{kind}.yaml")


def _read(path: Path) -> Template:
    return _Reader(path).template()


class _Reader:
    """Reads one template file; every complaint says where."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self.data = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
        except (YAMLError, UnicodeDecodeError) as error:
            raise self.broken("YAML", str(error)) from error
        if not isinstance(self.data, dict):
            raise self.broken("YAML", "the file must hold a mapping")

    def template(self) -> Template:
        known = {"kind", "version", "title", "style", "source", "number", "fields", "blocks"}
        self.only("top level", self.data, known)
        fields = tuple(self.field(item) for item in self.need("fields", list))
        names = [field.name for field in fields]
        if len(set(names)) != len(names):
            raise self.broken("fields", "a name is declared twice")
        blocks = tuple(self.block(index, item) for index, item in enumerate(self.data.get("blocks") or []))
        typst, docx = self.beside("document.typ"), self.beside("document.docx")
        source = typst.decode("utf-8") if typst is not None else None
        if not blocks and source is None:
            raise self.broken("blocks", "there are neither blocks nor a document.typ")
        if source is not None and re.search(r"[\"'`]\s*@", source):
            raise self.broken(
                "document.typ", "packages (@…) are not allowed: nothing is fetched while rendering"
            )
        self.names_used(blocks, set(names))
        if docx is not None:
            self.names_in_word(docx, set(names))
        title = self.need("title", dict)
        self.only("title", title, {"zh", "en"})
        try:
            style = Style(self.need("style", str))
        except ValueError as error:
            raise self.broken("style", "must be one of " + ", ".join(Style)) from error
        number = self.data.get("number")
        return Template(
            kind=self.need("kind", str),
            version=str(self.data.get("version", "1")),
            zh=str(title.get("zh", "")),
            en=str(title.get("en", "")),
            style=style,
            source=str(self.data.get("source", "")),
            number=NumberPattern(number) if number else None,
            fields=fields,
            blocks=blocks,
            folder=self.path.parent,
            typst=source,
            docx=docx,
            digest=_digest(self.data, typst, docx),
        )

    def field(self, item: Any) -> Field:
        where = f"fields: {item.get('name', '?') if isinstance(item, dict) else item}"
        if not isinstance(item, dict) or not re.fullmatch(r"[a-z][a-z0-9_]*", str(item.get("name", ""))):
            raise self.broken(where, "needs a name of small letters, digits and _")
        self.only(where, item, {"name", "zh", "en", "type", "required", "options", "columns"})
        if not item.get("zh"):
            raise self.broken(where, "needs a Chinese label (zh)")
        try:
            kind = FieldType(item.get("type", "text"))
        except ValueError as error:
            raise self.broken(where, "type must be one of " + ", ".join(FieldType)) from error
        columns = tuple(
            Column(str(column["name"]), str(column["zh"]), float(column.get("width", 1)))
            for column in item.get("columns", [])
        )
        options = tuple(str(option) for option in item.get("options", []))
        if (kind is FieldType.TABLE) != bool(columns) or (kind is FieldType.CHOICE) != bool(options):
            raise self.broken(where, "a table needs columns, a choice needs options, and only they")
        return Field(
            name=item["name"],
            zh=str(item["zh"]),
            en=str(item.get("en", item["name"])),
            type=kind,
            required=bool(item.get("required", True)),
            options=options,
            columns=columns,
        )

    def block(self, index: int, item: Any) -> Block:
        if not isinstance(item, dict) or len(item) != 1:
            raise self.broken(f"blocks[{index}]", "each block is one word with its settings")
        ((word, settings),) = item.items()
        where = f"blocks[{index}] {word}"
        try:
            kind = BlockType(word)
        except ValueError as error:
            raise self.broken(where, "must be one of " + ", ".join(BlockType)) from error
        shape = BLOCKS[kind]
        if not isinstance(settings, dict):
            settings = {} if settings is None else {shape.main: settings}
        self.only(where, settings, {*shape.settings, "when"})
        lacking = shape.needed - set(settings)
        if lacking:
            raise self.broken(where, "lacks " + ", ".join(sorted(lacking)))
        when = settings.pop("when", None)
        return Block(kind, {**shape.settings, **settings}, when)

    def names_used(self, blocks: tuple[Block, ...], declared: set[str]) -> None:
        """Every name in every text must be a declared field."""
        parser = environment()
        for index, block in enumerate(blocks):
            for text in block.texts():
                where = f"blocks[{index}] {block.type}"
                try:
                    used = meta.find_undeclared_variables(parser.parse(text))
                except TemplateSyntaxError as error:
                    raise self.broken(where, str(error)) from error
                if used - declared:
                    raise self.broken(where, "uses undeclared " + ", ".join(sorted(used - declared)))
            for name in block.field_names():
                if name not in declared:
                    raise self.broken(f"blocks[{index}] {block.type}", f"uses undeclared {name}")

    def names_in_word(self, docx: bytes, declared: set[str]) -> None:
        """The same for a Word file; it may also use ``verification``."""
        # Imported here: only scenes with a Word file of their own need it while loading.
        from docxtpl import DocxTemplate

        try:
            used = DocxTemplate(io.BytesIO(docx)).get_undeclared_template_variables(environment())
        except (BadZipFile, KeyError, ValueError, TemplateSyntaxError) as error:
            raise self.broken("document.docx", str(error)) from error
        undeclared = used - declared - {"verification"}
        if undeclared:
            raise self.broken("document.docx", "uses undeclared " + ", ".join(sorted(undeclared)))

    def beside(self, name: str) -> bytes | None:
        # Only a folder of its own may hold a layout: the built-in kinds share one folder.
        file = self.path.parent / name
        return file.read_bytes() if self.path.name == "document.yaml" and file.is_file() else None

    def need(self, name: str, kind: type) -> Any:
        value = self.data.get(name)
        if not isinstance(value, kind) or not value:
            raise self.broken(name, f"is missing or not a {kind.__name__}")
        return value

    def only(self, where: str, mapping: Mapping[str, Any], known: set[str]) -> None:
        unknown = set(map(str, mapping)) - known
        if unknown:
            raise self.broken(where, "unknown " + ", ".join(sorted(unknown)))

    def broken(self, where: str, problem: str) -> TemplateBroken:
        return TemplateBroken(template=self.path.stem, where=where, problem=problem)


def _digest(data: Any, typst: bytes | None, docx: bytes | None) -> str:
    """Over the parsed content, so that a comment in the file changes nothing."""
    canonical = json.dumps(data, ensure_ascii=False, sort_keys=True, default=str).encode()
    parts = [canonical, typst or b"", docx or b""]
    return hashlib.sha256(b"\0".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()
