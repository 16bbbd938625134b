"""Reading rendered documents back."""

import io
import re

import docx
import pypdf


def pdf_text(made: bytes) -> str:
    """The text of a PDF without white space: line breaks are layout, not content."""
    # The page number at the foot comes between the halves of a sentence that runs over.
    return "".join(re.sub(r"—\d+—$", "", page) for page in pdf_pages(made))


def pdf_pages(made: bytes) -> list[str]:
    return [squeezed(page.extract_text()) for page in pypdf.PdfReader(io.BytesIO(made)).pages]


def docx_paragraphs(made: bytes) -> list[str]:
    return [
        paragraph.text for paragraph in docx.Document(io.BytesIO(made)).paragraphs if paragraph.text.strip()
    ]


def docx_cells(made: bytes) -> list[str]:
    """Cells of the text and of the feet."""
    document = docx.Document(io.BytesIO(made))
    section = document.sections[0]
    places = [document, section.footer, section.even_page_footer]
    return [
        cell.text for place in places for table in place.tables for row in table.rows for cell in row.cells
    ]


def squeezed(text: str) -> str:
    # Letter-spacing and justification show up as spaces in what a reader extracts.
    return re.sub(r"\s+", "", text).replace("\u200b", "")
