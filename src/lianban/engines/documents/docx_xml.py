"""What Word can do and python-docx has no word for: East Asian fonts, borders, spacing, fields."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Pt, RGBColor
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

LATIN = "Times New Roman"


def set_font(target: Any, name: str, size: float) -> None:
    target.font.name, target.font.size = LATIN, Pt(size)
    fonts = target.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:eastAsia"), name)


def add_run(paragraph: Paragraph, text: str, name: str, size: float, color: RGBColor | None = None) -> Any:
    run = paragraph.add_run(text)
    set_font(run, name, size)
    if color is not None:
        run.font.color.rgb = color
    return run


def space_characters(target: Any, points: float) -> None:
    """Extra space after each character, of a run or a style."""
    spacing = OxmlElement("w:spacing")
    spacing.set(qn("w:val"), str(round(points * 20)))
    target.element.get_or_add_rPr().insert_element_before(
        spacing, "w:w", "w:kern", "w:position", "w:sz", "w:szCs", "w:highlight", "w:u", "w:lang"
    )


def set_widths(table: Table, widths: Sequence[int]) -> None:
    """Column widths both in the grid, which LibreOffice reads, and in the cells, which Word reads."""
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Length(width)
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Length(width)
            cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER


def fill_cell(cell: _Cell, text: str, name: str, size: float, *, centred: bool = False) -> None:
    for index, line in enumerate(text.split("\n")):
        paragraph = cell.paragraphs[0] if index == 0 else cell.add_paragraph()
        paragraph.paragraph_format.line_spacing = Pt(max(size * 1.5, 16))
        if centred:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        add_run(paragraph, line, name, size)


def add_border(paragraph: Paragraph, side: str, kind: str, eighths: int, color: str = "D7000F") -> None:
    properties = paragraph._p.get_or_add_pPr()
    borders = properties.find(qn("w:pBdr"))
    if borders is None:
        borders = OxmlElement("w:pBdr")
        properties.insert_element_before(
            borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:snapToGrid", "w:spacing", "w:ind", "w:jc"
        )
    line = OxmlElement(f"w:{side}")
    for name, value in (("val", kind), ("sz", str(eighths)), ("space", "4"), ("color", color)):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)


def add_page_number(paragraph: Paragraph, name: str, size: float) -> None:
    """The field that Word fills with the number of the page."""
    run = add_run(paragraph, "", name, size)
    for kind, text in (("begin", ""), ("", " PAGE "), ("end", "")):
        if text:
            element = OxmlElement("w:instrText")
            element.set(qn("xml:space"), "preserve")
            element.text = text
        else:
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
        run._element.append(element)
