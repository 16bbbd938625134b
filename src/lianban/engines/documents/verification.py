"""How a paper copy is checked: a content hash, the text that carries it, and its QR code.

The hash is SHA-256 over the template's digest and the fields in canonical form, so that whoever holds the
record can compute it again; it says that number and content belong together. It does not replace the
electronic seal. The text is ``<address>/verify/<hash>?no=<number>``: a path, a document number, a hash, and
nothing about any person.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import segno

PATH = "/verify/"
_TEXT = re.compile(r"(?P<address>[^?]*?)/verify/(?P<digest>[0-9a-f]{64})\?no=(?P<number>.*)", re.DOTALL)


@dataclass(frozen=True)
class Verification:
    """What stands beside the QR code. ``text`` is what the code holds."""

    number: str
    digest: str
    address: str = ""

    @property
    def text(self) -> str:
        return f"{self.address}{PATH}{self.digest}?no={self.number}"

    @property
    def lines(self) -> tuple[str, ...]:
        """The same for the eye; the hash in groups of eight."""
        groups = " ".join(self.digest[start : start + 8] for start in range(0, 64, 8))
        where = f"{self.address}{PATH}" if self.address else "发文机关的核验页面"
        return (
            f"扫描二维码，或在 {where} 输入文号与校验码，核对本文书。",
            f"文号：{self.number or '—'}",
            f"校验码：{groups}",
        )

    def svg(self) -> str:
        """The QR code as SVG (medium error correction: a stamp or fold may cover a seventh of it)."""
        out = io.BytesIO()
        segno.make(self.text, error="m", micro=False, encoding="utf-8").save(
            out, kind="svg", border=2, xmldecl=False, svgns=True, nl=False, omitsize=True
        )
        return out.getvalue().decode()

    def png(self, scale: int = 6) -> bytes:
        """The QR code as PNG, for the DOCX."""
        out = io.BytesIO()
        segno.make(self.text, error="m", micro=False, encoding="utf-8").save(
            out, kind="png", border=2, scale=scale
        )
        return out.getvalue()


def content_digest(template_digest: str, values: Mapping[str, Any]) -> str:
    """SHA-256 in hex over the canonical JSON of template and checked fields."""
    canonical = json.dumps(
        {"template": template_digest, "fields": values},
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
        default=_iso,
    )
    return hashlib.sha256(canonical.encode()).hexdigest()


def parse_verification(text: str) -> Verification | None:
    """What a scanned text says, or None if it is not one of ours."""
    match = _TEXT.fullmatch(text.strip())
    return Verification(match["number"], match["digest"], match["address"]) if match else None


def _iso(value: object) -> str:
    if isinstance(value, dt.date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no canonical form")
