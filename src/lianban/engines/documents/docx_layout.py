"""The official layout in Word: builds the DOCX template of a kind from its blocks.

Measures are those of ``layout.typ``. Word on an official's desk has 仿宋 and 黑体, so the file names them;
a title in 小标宋 falls back to 宋体 where that is not installed. Positions are kept simple on purpose (tabs,
indents, tables): the file is there to be edited.
"""

from __future__ import annotations

import re
from typing import Any

import docx
from docx.document import Document
from docx.enum.section import WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.shared import Mm, Pt, RGBColor
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from lianban.engines.documents.blocks import Block, BlockType
from lianban.engines.documents.docx_xml import (
    add_border,
    add_page_number,
    add_run,
    fill_cell,
    set_font,
    set_widths,
    space_characters,
)
from lianban.engines.documents.template import Style, Template

BODY, HEADING, TITLE, DIGITS = "仿宋", "黑体", "方正小标宋简体", "宋体"
RED = RGBColor(0xD7, 0x00, 0x0F)
PITCH = Pt(28.95)
TEXT_WIDTH = Mm(156)

_STATEMENT = re.compile(r"\{%-?\s*(.*?)\s*-?%\}")
_ONLY_A_NAME = re.compile(r"\{\{\s*([a-z][a-z0-9_]*)\s*\}\}")


def lay_out(template: Template) -> Document:
    """A Word document with the page, styles, foot and blocks of the template."""
    return _Word(template).document


class _Word:
    def __init__(self, template: Template) -> None:
        self.template = template
        self.document = docx.Document()
        self.page()
        self.foot()
        closing = [block for block in template.blocks if block.type is BlockType.COPIES]
        for block in template.blocks:
            if block.type is not BlockType.COPIES:
                self.block(block)
        for block in closing:
            self.block(block)
        self.verification()

    # -- page --------------------------------------------------------------------------------------------

    def page(self) -> None:
        section = self.document.sections[0]
        section.start_type = WD_SECTION.NEW_PAGE
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.bottom_margin = Mm(37), Mm(35)
        section.left_margin, section.right_margin = Mm(28), Mm(26)
        letter = self.template.style is Style.LETTER
        section.header_distance, section.footer_distance = Mm(15), Mm(24 if letter else 11)
        section.different_first_page_header_footer = letter
        self.document.settings.odd_and_even_pages_header_footer = True
        normal = self.document.styles["Normal"]
        set_font(normal, BODY, 16)
        # Word has no 15.75 pt: 16 pt set closer by a quarter of a point puts 28 characters on a line, without
        # a character grid, which word processors read in different ways.
        space_characters(normal, -0.25)
        form = normal.paragraph_format
        form.space_before = form.space_after = Pt(0)
        form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, PITCH
        form.widow_control = False

    def foot(self) -> None:
        section = self.document.sections[0]
        for footer, odd in ((section.footer, True), (section.even_page_footer, False)):
            if self.template.style is Style.LETTER:
                number = footer.paragraphs[0]
            else:
                # The verification code stands beside the page number; in Word on every page.
                widths = [Mm(20), Mm(112), Mm(24)] if odd else [Mm(24), Mm(20), Mm(112)]
                table = footer.add_table(1, 3, TEXT_WIDTH)
                table.autofit = False
                set_widths(table, widths)
                cells = list(table.rows[0].cells)
                number = (cells.pop() if odd else cells.pop(0)).paragraphs[0]
                self.code(*cells)
                # Word wants a paragraph after a table; the one that was there moves behind, and is made thin.
                footer._element.append(footer.paragraphs[0]._p)
                footer.paragraphs[0].paragraph_format.line_spacing = Pt(1)
            number.alignment = WD_ALIGN_PARAGRAPH.RIGHT if odd else WD_ALIGN_PARAGRAPH.LEFT
            indent = number.paragraph_format
            indent.right_indent, indent.left_indent = (Pt(14), None) if odd else (None, Pt(14))
            add_run(number, "— ", DIGITS, 14)
            add_page_number(number, DIGITS, 14)
            add_run(number, " —", DIGITS, 14)
        if self.template.style is Style.LETTER:
            add_border(section.first_page_footer.paragraphs[0], "top", "thinThickSmallGap", 24)

    # -- blocks ------------------------------------------------------------------------------------------

    def block(self, block: Block) -> None:
        if block.when:
            self.statement(f"if {block.when}")
        getattr(self, f"add_{block.type.value}")(block.settings)
        if block.when:
            self.statement("endif")

    def statement(self, words: str) -> None:
        self.document.add_paragraph("{%p " + words + " %}")

    def paragraph(self, text: str = "", *, indent: float = 0, align: Any = None) -> Paragraph:
        paragraph = self.document.add_paragraph()
        if indent:
            paragraph.paragraph_format.first_line_indent = Pt(16 * indent)
        if align is not None:
            paragraph.alignment = align
        if text:
            add_run(paragraph, text, BODY, 16)
        return paragraph

    def blank(self, lines: float) -> None:
        for _ in range(round(lines)):
            self.paragraph()

    def add_letterhead(self, settings: Any) -> None:
        paragraph = self.paragraph(align=WD_ALIGN_PARAGRAPH.CENTER)
        paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
        add_run(paragraph, settings["organ"], TITLE, 32, color=RED)
        # The double line is 170 mm long: 7 mm beyond the text on either side.
        paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Mm(-7)
        add_border(paragraph, "bottom", "thickThinSmallGap", 24)

    def add_title(self, settings: Any) -> None:
        self.blank(settings["before"])
        for text, spread in ((settings["organ"], False), (settings["text"], settings["spread"])):
            if not text:
                continue
            paragraph = self.paragraph(align=WD_ALIGN_PARAGRAPH.CENTER)
            paragraph.paragraph_format.line_spacing = Pt(33)
            run = add_run(paragraph, text, TITLE, 22)
            if spread:
                space_characters(run, 11)

    def add_number(self, settings: Any) -> None:
        self.blank(settings["before"])
        paragraph = self.paragraph(settings["text"], align=WD_ALIGN_PARAGRAPH.RIGHT)
        if self.template.style is Style.LETTER:
            # 7/8 of a character below the double line.
            paragraph.paragraph_format.space_before = Pt(14)
        if not settings["flush"]:
            paragraph.paragraph_format.right_indent = Pt(32)
        self.blank(settings["after"])

    def add_addressee(self, settings: Any) -> None:
        self.paragraph(settings["text"] + "：")

    def add_text(self, settings: Any) -> None:
        self.lines(settings["text"], indent=0 if settings["flush"] else 2, heading=settings["heading"])

    def add_small(self, settings: Any) -> None:
        self.lines(settings["text"], indent=0, size=10.5)

    def lines(self, text: str, *, indent: float, heading: bool = False, size: float = 16) -> None:
        """Each line is a paragraph; a line that is a Jinja statement takes its paragraph away with it."""
        for line in filter(None, map(str.strip, text.splitlines())):
            statement = _STATEMENT.fullmatch(line)
            name = _ONLY_A_NAME.fullmatch(line)
            if statement and line.count("{%") == 1:
                self.statement(statement[1])
                continue
            if name:
                self.statement(f"if {name[1]}")
            paragraph = self.paragraph(indent=indent)
            add_run(paragraph, line, HEADING if heading else BODY, size)
            paragraph.paragraph_format.keep_with_next = heading
            if size < 12:
                paragraph.paragraph_format.line_spacing = Pt(16)
            if name:
                self.statement("endif")

    def add_attachments(self, settings: Any) -> None:
        name = settings["field"]
        self.statement(f"if {name}")
        self.blank(1)
        self.statement(f"for attachment in {name}")
        label = settings["label"] + "："
        text = (
            "{% if loop.first %}"
            + label
            + "{% else %}"
            + "　" * len(label)
            + "{% endif %}{% if "
            + name
            + "|length > 1 %}{{ loop.index }}.{% endif %}{{ attachment }}"
        )
        paragraph = self.paragraph(text)
        form = paragraph.paragraph_format
        form.left_indent, form.first_line_indent = Pt(16 * (3.5 + len(label))), Pt(-16 * (1.5 + len(label)))
        self.statement("endfor")
        self.statement("endif")

    def add_signature(self, settings: Any) -> None:
        self.blank(settings["before"])
        for text in (settings["organ"], settings["date"]):
            paragraph = self.paragraph(text, align=WD_ALIGN_PARAGRAPH.CENTER)
            # Organ and date centred over each other in the right half of the page.
            paragraph.paragraph_format.left_indent = Mm(66)
            paragraph.paragraph_format.keep_with_next = text == settings["organ"]

    def add_bench(self, settings: Any) -> None:
        self.blank(2)
        self.people(settings["people"])
        self.blank(3)
        date = self.paragraph(settings["date"], align=WD_ALIGN_PARAGRAPH.RIGHT)
        date.paragraph_format.right_indent = Pt(32)
        self.blank(1)
        if settings["clerks"]:
            self.people(settings["clerks"])

    def people(self, name: str) -> None:
        self.statement(f"for person in {name}")
        paragraph = self.paragraph("{{ person.role|spread }}\t{{ person.name }}")
        start = TEXT_WIDTH - Pt(16 * 15.5)
        paragraph.paragraph_format.left_indent = start
        paragraph.paragraph_format.tab_stops.add_tab_stop(start + Pt(16 * 9.5))
        paragraph.paragraph_format.keep_with_next = True
        self.statement("endfor")

    def add_note(self, settings: Any) -> None:
        self.blank(1)
        self.paragraph("（" + settings["text"] + "）", indent=2)

    def add_copies(self, settings: Any) -> None:
        name = settings["field"]
        self.statement(f"if {name}")
        paragraph = self.paragraph()
        add_run(paragraph, "抄送：{{ " + name + "|join('，') }}。", BODY, 14)
        form = paragraph.paragraph_format
        form.left_indent, form.right_indent, form.first_line_indent = Pt(56), Pt(14), Pt(-42)
        if not settings["plain"]:
            add_border(paragraph, "top", "single", 8, "000000")
            add_border(paragraph, "bottom", "single", 8, "000000")
        self.statement("endif")

    def add_space(self, settings: Any) -> None:
        self.blank(settings["lines"])

    def add_page(self, settings: Any) -> None:
        self.document.add_page_break()

    # -- tables ------------------------------------------------------------------------------------------

    def add_table(self, settings: Any) -> None:
        field = self.template.field(settings["field"])
        self.statement(f"if {field.name}")
        if settings["caption"]:
            caption = self.paragraph(align=WD_ALIGN_PARAGRAPH.CENTER)
            add_run(caption, settings["caption"], HEADING, 12)
        table = self.document.add_table(rows=4, cols=len(field.columns) + 1, style="Table Grid")
        table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
        total = sum(column.width for column in field.columns)
        room = TEXT_WIDTH - Mm(13)
        set_widths(table, [Mm(13), *(int(room * column.width / total) for column in field.columns)])
        head, opening, body, ending = table.rows
        body._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        head._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        fill_cell(opening.cells[0], "{%tr for row in " + field.name + " %}", BODY, 10.5)
        fill_cell(ending.cells[0], "{%tr endfor %}", BODY, 10.5)
        labels = ["序号", *(column.zh for column in field.columns)]
        values = ["{{ loop.index }}", *("{{ row." + column.name + " }}" for column in field.columns)]
        for index, (label, value) in enumerate(zip(labels, values, strict=True)):
            fill_cell(head.cells[index], label, HEADING, 10.5, centred=True)
            fill_cell(body.cells[index], value, BODY, 10.5, centred=index == 0)
        self.statement("endif")

    def add_form(self, settings: Any) -> None:
        rows = Block(BlockType.FORM, settings).form_rows()
        self.thin(12)
        table = self.document.add_table(rows=len(rows), cols=4, style="Table Grid")
        table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
        set_widths(table, [Mm(31), Mm(47), Mm(31), Mm(47)])
        for row, line in zip(table.rows, rows, strict=True):
            row.height = Pt(22 * line["lines"] + 10)
            cells = list(row.cells)
            if len(line["pairs"]) == 1:
                cells = [cells[0], cells[1].merge(cells[3])]
            for index, pair in enumerate(line["pairs"]):
                fill_cell(cells[2 * index], pair["label"], HEADING, 12, centred=True)
                fill_cell(cells[2 * index + 1], pair["text"], BODY, 14)
                if pair["foot"]:
                    foot = cells[2 * index + 1].add_paragraph()
                    foot.alignment = WD_ALIGN_PARAGRAPH.RIGHT
                    add_run(foot, pair["foot"], BODY, 12)

    def verification(self) -> None:
        """The code at the end of a letter; in the other styles it stands in the foot."""
        if self.template.style is Style.LETTER:
            table = self.document.add_table(rows=1, cols=2)
            table.autofit = False
            set_widths(table, [Mm(21), Mm(134)])
            self.code(*table.rows[0].cells)
            self.thin(1)

    def code(self, left: _Cell, right: _Cell) -> None:
        mark = left.paragraphs[0]
        mark.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
        mark.add_run("{{ verification.qr }}")
        for index in range(3):
            paragraph = right.paragraphs[0] if index == 0 else right.add_paragraph()
            paragraph.paragraph_format.line_spacing = Pt(9.5)
            add_run(paragraph, "{{ verification.lines[" + str(index) + "] }}", HEADING, 6.5)

    def thin(self, points: float) -> None:
        """A gap that is lower than a line."""
        self.document.add_paragraph().paragraph_format.line_spacing = Pt(points)
