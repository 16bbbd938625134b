"""Official documents 文书: from a template and its fields to PDF and editable DOCX.

    from lianban.engines.documents import Kind, load_template, render_pdf

    template = load_template(Kind.ENFORCEMENT_RULING)
    pdf = render_pdf(template, fields, fonts="frontend/.parts", created_at=now)

Templates are data; see ``docs/reference/documents.md``. Layout follows GB/T 9704-2012 and the courts' own
standard (法〔2016〕221号). Nothing here reads the clock, the network or the machine's fonts.
"""

from lianban.engines.documents.docx import build_docx_template, render_docx
from lianban.engines.documents.fields import Column, Field, FieldType
from lianban.engines.documents.numbering import DocumentNumber, NumberPattern
from lianban.engines.documents.pdf import (
    SealPlace,
    render_pdf,
    render_pdfs,
    seal_places,
    verification,
    verification_text,
)
from lianban.engines.documents.schema import json_schema
from lianban.engines.documents.template import Kind, Style, Template, load_template
from lianban.engines.documents.typefaces import Typefaces, find_typefaces
from lianban.engines.documents.verification import Verification, parse_verification

__all__ = [
    "Column",
    "DocumentNumber",
    "Field",
    "FieldType",
    "Kind",
    "NumberPattern",
    "SealPlace",
    "Style",
    "Template",
    "Typefaces",
    "Verification",
    "build_docx_template",
    "find_typefaces",
    "json_schema",
    "load_template",
    "parse_verification",
    "render_docx",
    "render_pdf",
    "render_pdfs",
    "seal_places",
    "verification",
    "verification_text",
]
