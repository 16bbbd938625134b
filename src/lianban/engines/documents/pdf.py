"""Rendering to PDF with Typst: PDF/A-2a for the archive and PDF/UA-1 for screen readers.

Data reaches the typesetter as one JSON input and is only ever shown as text, never read as code. The same
template, fields, fonts and ``created_at`` give the same bytes, in any process.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import threading
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import typst

from lianban.engines.documents.blocks import expand, strings
from lianban.engines.documents.errors import RenderingFailed, TimeWithoutZone
from lianban.engines.documents.fields import FieldType, check_fields
from lianban.engines.documents.numerals import arabic_date, yuan
from lianban.engines.documents.template import LAYOUT, Template, say
from lianban.engines.documents.typefaces import Typefaces, find_typefaces
from lianban.engines.documents.verification import Verification, content_digest

Fonts = str | Path | Iterable[str | Path] | Typefaces

_STANDARDS: list[Any] = ["a-2a", "ua-1"]
_DRAW = "\n#show: official\n#draw()\n"


def verification_text(template: Template, fields: Mapping[str, Any], *, address: str = "") -> str:
    """The text of the QR code: ``<address>/verify/<hash>?no=<document number>``.

    ``address`` is the public address of the deployment, such as ``https://lianban.example``.
    """
    return verification(template, fields, address=address).text


def verification(template: Template, fields: Mapping[str, Any], *, address: str = "") -> Verification:
    """The number and content hash of a document, from its raw fields."""
    values = check_fields(template.zh, template.fields, fields)
    return _verification(template, values, address)


def _verification(template: Template, values: Mapping[str, Any], address: str) -> Verification:
    return Verification(
        number=str(values.get("number") or ""),
        digest=content_digest(template.digest, values),
        address=address.rstrip("/"),
    )


def render_pdf(
    template: Template,
    fields: Mapping[str, Any],
    *,
    fonts: Fonts,
    created_at: dt.datetime,
    address: str = "",
) -> bytes:
    """One document as PDF. Errors: fields missing, unknown or wrong; fonts or glyphs missing.

    ``fonts``: the folder(s) with the two families, or :class:`Typefaces`. ``created_at``: an aware time; it
    is what the file says about itself, not the date of the document, which is a field.
    """
    (made,) = render_pdfs(template, [fields], fonts=fonts, created_at=created_at, address=address, threads=1)
    return made


def render_pdfs(
    template: Template,
    batch: Iterable[Mapping[str, Any]],
    *,
    fonts: Fonts,
    created_at: dt.datetime,
    address: str = "",
    threads: int | None = None,
) -> Iterator[bytes]:
    """Many documents of one template, in the order given; fonts and layout are read once.

    The typesetter runs outside Python's lock, so threads (default: one a core) add speed. The first document
    that cannot be rendered raises its error; what was yielded before stays good.
    """
    typefaces = find_typefaces(fonts)
    stamp = _stamp(created_at)
    compilers = _Compilers(typefaces)
    workers = threads or os.cpu_count() or 1

    def one(fields: Mapping[str, Any]) -> bytes:
        source, inputs = _prepare(template, fields, typefaces, address)
        return _compile(template, source, inputs, compilers, stamp)

    rest = iter(batch)
    with ThreadPoolExecutor(workers, thread_name_prefix="typst") as pool:
        # A bounded window: a batch of a hundred thousand is neither read nor held at once.
        waiting = [pool.submit(one, fields) for fields in islice(rest, workers * 2)]
        try:
            while waiting:
                done = waiting.pop(0).result()
                waiting.extend(pool.submit(one, fields) for fields in islice(rest, 1))
                yield done
        finally:
            for future in waiting:
                future.cancel()


@dataclass(frozen=True)
class SealPlace:
    """Where a seal belongs: its page from 1, and its centre in mm from the page's left and upper edge."""

    page: int
    x: float
    y: float
    label: str


def seal_places(
    template: Template, fields: Mapping[str, Any], *, fonts: Fonts, address: str = ""
) -> tuple[SealPlace, ...]:
    """The places of the seals, in order, for the service that puts electronic seals on the PDF."""
    typefaces = find_typefaces(fonts)
    source, inputs = _prepare(template, fields, typefaces, address)
    try:
        found = typst.Compiler(
            source,
            root=str(template.folder),
            font_paths=typefaces.loaded,
            ignore_system_fonts=True,
            sys_inputs=inputs,
        ).query("<seal>", field="value")
    except typst.TypstError as error:
        raise RenderingFailed(template=template.zh, problem=error.message) from error
    return tuple(
        SealPlace(seal["page"], round(seal["x"], 1), round(seal["y"], 1), seal["label"])
        for seal in json.loads(found)
    )


@dataclass
class _Compilers:
    """One compiler a thread: a compiler holds the state of its last document."""

    typefaces: Typefaces

    def __post_init__(self) -> None:
        self._local = threading.local()

    def get(self, root: Path) -> typst.Compiler:
        known: dict[Path, typst.Compiler] = self._local.__dict__.setdefault("known", {})
        if root not in known:
            known[root] = typst.Compiler(
                b"", root=str(root), font_paths=self.typefaces.loaded, ignore_system_fonts=True
            )
        return known[root]


def _prepare(
    template: Template, fields: Mapping[str, Any], typefaces: Typefaces, address: str
) -> tuple[bytes, dict[str, str]]:
    """The source (trusted: layout and template) and the inputs (data) of one document."""
    values = check_fields(template.zh, template.fields, fields)
    nodes = expand(template.blocks, template.fields, values, say)
    check = _verification(template, values, address)
    shown = {field.name: _shown(field.type, values[field.name]) for field in template.fields}
    typefaces.require([*strings(nodes), *strings(shown), *check.lines])
    document = {
        "style": template.style.value,
        "title": _title(template, check.number),
        "organ": next((node["organ"] for node in nodes if node.get("organ")), ""),
        "keywords": [part for part in (check.number, check.digest) if part],
        "families": {
            "serif": [typefaces.serif, typefaces.sans, *typefaces.others],
            "title": [typefaces.title, typefaces.serif, typefaces.sans, *typefaces.others],
            "sans": [typefaces.sans, typefaces.serif, *typefaces.others],
        },
        "nodes": nodes,
        "fields": shown,
        "verification": {"svg": check.svg(), "text": check.text, "lines": check.lines},
    }
    body = template.typst if template.typst is not None else _DRAW
    return (_layout() + body).encode(), {"document": json.dumps(document, ensure_ascii=False)}


def _shown(kind: FieldType, value: Any) -> Any:
    """A field as a layout of its own sees it: text, or lists of text."""
    if value is None:
        return ""
    if kind is FieldType.DATE:
        return arabic_date(value)
    if kind is FieldType.MONEY:
        return yuan(value)
    return str(value) if kind is FieldType.INTEGER else value


def _title(template: Template, number: str) -> str:
    return f"{template.zh} {number}".strip()


def _compile(
    template: Template, source: bytes, inputs: dict[str, str], compilers: _Compilers, stamp: int
) -> bytes:
    try:
        made = compilers.get(template.folder).compile(
            source, format="pdf", sys_inputs=inputs, timestamp=stamp, pdf_standards=_STANDARDS
        )
    except typst.TypstError as error:
        raise RenderingFailed(template=template.zh, problem=error.message) from error
    return bytes(made)  # type: ignore[arg-type]


def _stamp(created_at: dt.datetime) -> int:
    if created_at.tzinfo is None:
        raise TimeWithoutZone(found=created_at.isoformat())
    return int(created_at.timestamp())


@cache
def _layout() -> str:
    return LAYOUT.read_text(encoding="utf-8")
