"""Rendering to DOCX with docxtpl, for an editor's hand: same blocks, same sentences as the PDF.

The Word template is built from the blocks by :func:`build_docx_template` and keeps the field names as
``{{ name }}``, so that a clerk can adapt it in Word and put it back as ``document.docx``. The same template,
fields and ``created_at`` give the same bytes.
"""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage
from jinja2 import TemplateError

from lianban.engines.documents.docx_layout import lay_out
from lianban.engines.documents.errors import RenderingFailed, TimeWithoutZone
from lianban.engines.documents.fields import FieldType, check_fields
from lianban.engines.documents.pdf import verification
from lianban.engines.documents.template import Template, environment

# The zip format knows no earlier day; what matters is that it is always the same.
_EPOCH = (1980, 1, 1, 0, 0, 0)


def build_docx_template(template: Template) -> bytes:
    """The Word file with ``{{ names }}`` for a template: its own ``document.docx``, or one built from blocks."""
    if template.docx is not None:
        return template.docx
    return _built(template)


@lru_cache(maxsize=64)
def _built(template: Template) -> bytes:
    out = io.BytesIO()
    lay_out(template).save(out)
    return _fixed(out.getvalue())


def render_docx(
    template: Template, fields: Mapping[str, Any], *, created_at: dt.datetime, address: str = ""
) -> bytes:
    """One document as DOCX. Word brings its own fonts (仿宋, 黑体, 宋体), so no font folder is needed."""
    if created_at.tzinfo is None:
        raise TimeWithoutZone(found=created_at.isoformat())
    values = check_fields(template.zh, template.fields, fields)
    check = verification(template, fields, address=address)
    word = DocxTemplate(io.BytesIO(build_docx_template(template)))
    context = {field.name: _shown(field.type, values[field.name]) for field in template.fields}
    qr = InlineImage(word, io.BytesIO(check.png()), width=Mm(18), height=Mm(18))
    context["verification"] = {"qr": qr, "lines": list(check.lines), "text": check.text}
    try:
        word.render(context, environment(autoescape=True), autoescape=True)
    except (TemplateError, ValueError) as error:
        raise RenderingFailed(template=template.zh, problem=str(error)) from error
    about = word.docx.core_properties
    stamp = created_at.astimezone(dt.UTC).replace(tzinfo=None, microsecond=0)
    about.title, about.author, about.last_modified_by = f"{template.zh} {check.number}".strip(), "", ""
    about.keywords, about.comments, about.revision = check.digest, "", 1
    about.created, about.modified = stamp, stamp
    out = io.BytesIO()
    word.save(out)
    return _fixed(out.getvalue())


def _shown(kind: FieldType, value: Any) -> Any:
    """docxtpl makes a new paragraph of ``\\a``."""
    return value.replace("\n", "\a") if kind is FieldType.PARAGRAPHS else value


def _fixed(made: bytes) -> bytes:
    """The same package with fixed times and order of parts: no clock in the bytes."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(made)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as target,
    ):
        names = sorted(source.namelist(), key=lambda name: (name != "[Content_Types].xml", name))
        for name in names:
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            info.create_system = 3
            target.writestr(info, source.read(name))
    return out.getvalue()
