"""Both renderings of every kind: same words, same bytes each time, nothing evaluated, nothing lost."""

import datetime as dt
import hashlib
import io
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pypdf
import pytest
from reading import docx_cells, docx_paragraphs, pdf_pages, pdf_text, squeezed
from samples import CREATED_AT, SAMPLES

from lianban.engines.documents import (
    Kind,
    build_docx_template,
    load_template,
    render_docx,
    render_pdf,
    render_pdfs,
    seal_places,
    verification_text,
)
from lianban.engines.documents.errors import GlyphsMissing, TimeWithoutZone

KINDS = pytest.mark.parametrize("kind", list(Kind))


@KINDS
def test_pdf_holds_every_word_that_was_filled_in(kind, fonts):
    """Every text field is found in the PDF, whole."""
    template = load_template(kind)
    text = pdf_text(render_pdf(template, SAMPLES[kind], fonts=fonts, created_at=CREATED_AT))
    for name, value in SAMPLES[kind].items():
        if isinstance(value, str) and template.field(name).type not in ("date",):
            for line in value.splitlines():
                assert squeezed(line) in text, name
        if isinstance(value, list):
            for item in value:
                for part in item.values() if isinstance(item, dict) else [item]:
                    assert squeezed(part) in text, name


@KINDS
def test_docx_says_the_same_as_the_pdf(kind, fonts):
    """Every paragraph and cell of the DOCX stands in the PDF too: both come from the same blocks."""
    template = load_template(kind)
    text = pdf_text(render_pdf(template, SAMPLES[kind], fonts=fonts, created_at=CREATED_AT))
    made = render_docx(template, SAMPLES[kind], created_at=CREATED_AT)
    found = [*docx_paragraphs(made), *docx_cells(made)]
    assert len(found) > 10
    for paragraph in found:
        for line in paragraph.replace("\t", "\n").splitlines():
            if squeezed(line) == "——":
                continue  # the page number, which Word fills in
            assert squeezed(line) in text, line


@KINDS
def test_documents_are_byte_identical_in_another_process(kind, fonts):
    """A second process, with another hash seed and time zone, makes the same bytes."""
    program = (
        "import sys; sys.path.insert(0, sys.argv[1]); import hashlib\n"
        "from samples import SAMPLES, CREATED_AT\n"
        "from lianban.engines.documents import *\n"
        "t = load_template(sys.argv[2]); f = SAMPLES[Kind(sys.argv[2])]\n"
        "p = render_pdf(t, f, fonts=sys.argv[3:], created_at=CREATED_AT)\n"
        "d = render_docx(t, f, created_at=CREATED_AT)\n"
        "print(hashlib.sha256(p).hexdigest(), hashlib.sha256(d).hexdigest())\n"
    )
    there = subprocess.run(
        [sys.executable, "-c", program, str(Path(__file__).parent), str(kind), *map(str, fonts.folders)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONHASHSEED": "7", "TZ": "America/New_York"},
    ).stdout.split()
    template = load_template(kind)
    here = [
        render_pdf(template, SAMPLES[kind], fonts=fonts, created_at=CREATED_AT),
        render_docx(template, SAMPLES[kind], created_at=CREATED_AT),
    ]
    assert [hashlib.sha256(made).hexdigest() for made in here] == there


def test_time_of_creation_is_the_argument(fonts):
    """The file's dates are the argument, in both formats; a time without zone is refused."""
    template, fields = load_template(Kind.SERVICE_RECEIPT), SAMPLES[Kind.SERVICE_RECEIPT]
    about = pypdf.PdfReader(
        io.BytesIO(render_pdf(template, fields, fonts=fonts, created_at=CREATED_AT))
    ).metadata
    assert about is not None
    assert about.creation_date == CREATED_AT
    with zipfile.ZipFile(io.BytesIO(render_docx(template, fields, created_at=CREATED_AT))) as parts:
        assert "2026-11-24T01:00:00Z" in parts.read("docProps/core.xml").decode()
        assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    for render in (render_docx, lambda *given, **more: render_pdf(*given, fonts=fonts, **more)):
        with pytest.raises(TimeWithoutZone):
            render(template, fields, created_at=dt.datetime(2026, 1, 1))


HOSTILE = (
    '#eval("1+1") *粗* $x^2$ \\u{41} {{ 7*7 }} {% raw %} <w:p/> &amp; "]]> #sys.inputs // \\ @preview `x`'
)


@KINDS
def test_code_in_a_field_is_printed_as_it_stands(kind, fonts):
    """Typst, Jinja and XML in a field are letters like any others, in both formats."""
    template = load_template(kind)
    name = next(
        field.name
        for field in template.fields
        if field.name in ("cause", "subject", "facts", "payee", "payer")
    )
    fields = {**SAMPLES[kind], name: HOSTILE}
    shown = squeezed(HOSTILE)
    assert shown in pdf_text(render_pdf(template, fields, fonts=fonts, created_at=CREATED_AT))
    made = render_docx(template, fields, created_at=CREATED_AT)
    assert shown in squeezed("".join([*docx_paragraphs(made), *docx_cells(made)]))


def test_rare_characters_of_the_standard_list_are_drawn(fonts):
    """Rare characters of the national list 通用规范汉字表 (also beyond the BMP) are in the open fonts."""
    fields = {**SAMPLES[Kind.SERVICE_RECEIPT], "recipient": "䶮㛃𬭚𫖮頫"}
    made = render_pdf(load_template(Kind.SERVICE_RECEIPT), fields, fonts=fonts, created_at=CREATED_AT)
    assert "䶮㛃𬭚𫖮頫" in pdf_text(made)


def test_character_that_no_font_has_is_an_error(fonts):
    """Characters without glyph are listed with their code points; no box is ever printed."""
    fields = {**SAMPLES[Kind.SERVICE_RECEIPT], "recipient": "张𠮷\ue000某😀"}
    with pytest.raises(GlyphsMissing) as refusal:
        render_pdf(load_template(Kind.SERVICE_RECEIPT), fields, fonts=fonts, created_at=CREATED_AT)
    for code in ("U+20BB7", "U+E000", "U+1F600"):
        assert code in refusal.value.text("zh")
    assert refusal.value.found["count"] == 3


def test_name_of_a_hundred_characters_stays_on_the_page(fonts, tmp_path):
    """A name of 100 characters is printed whole, in letterhead, form, signature and bench."""
    long = "阿不都热依木·买买提明" * 9 + "库尔班"
    assert len(long) >= 100
    for kind, changes in {
        Kind.ENFORCEMENT_RULING: {
            "court": long[:60],
            "bench": [{"role": "审判员", "name": long}, {"role": "审判员", "name": "王某"}],
        },
        Kind.ASSISTANCE_LETTER: {"court": long[:60], "addressees": [long, long]},
        Kind.SERVICE_RECEIPT: {"recipient": long, "issuer": long},
        Kind.ANSWER_SHEET: {"organ": long[:60], "officer": long},
    }.items():
        fields = {**SAMPLES[kind], **changes}
        made = render_pdf(load_template(kind), fields, fonts=fonts, created_at=CREATED_AT)
        text = pdf_text(made)
        for value in changes.values():
            for item in value if isinstance(value, list) else [value]:
                assert squeezed(item["name"] if isinstance(item, dict) else item) in text
        assert_inside_the_page(made, tmp_path)


def assert_inside_the_page(made: bytes, folder: Path) -> None:
    """No text begins outside the paper's margins, and no ink is within 15 mm of the left and right edge."""
    outside: list[tuple[float, str]] = []
    for page in pypdf.PdfReader(io.BytesIO(made)).pages:

        def visit(text, transformation, matrix, font, size):
            x = transformation[4] + matrix[4]
            if text.strip() and not 51 < x < 595 - 51:
                outside.append((x, text))

        page.extract_text(visitor_text=visit)
    assert outside == []
    if shutil.which("pdftoppm"):
        (folder / "made.pdf").write_bytes(made)
        subprocess.run(["pdftoppm", "-r", "50.8", "-gray", "made.pdf", "ink"], cwd=folder, check=True)
        for image in folder.glob("ink*.pgm"):
            _, size, _, pixels = image.read_bytes().split(b"\n", 3)
            width = int(size.split()[0])
            rows = [pixels[start : start + width] for start in range(0, len(pixels), width)]
            # 50.8 dpi: two pixels a millimetre.
            assert all(set(row[:30]) | set(row[-30:]) == {255} for row in rows), image.name
            image.unlink()


def test_long_table_repeats_its_head_on_every_page(fonts):
    """400 hits run over pages: every row is there, and every page of rows shows the columns."""
    rows = [
        {
            "type": "存款",
            "identifier": f"{6222000000000000000 + index}",
            "content": f"某某银行临海支行活期账户第{index}号",
            "value": f"{index}.00元",
            "state": "未冻结",
        }
        for index in range(400)
    ]
    fields = {**SAMPLES[Kind.ANSWER_SHEET], "hits": rows}
    made = render_pdf(load_template(Kind.ANSWER_SHEET), fields, fonts=fonts, created_at=CREATED_AT)
    pages = pdf_pages(made)
    assert len(pages) > 8
    for page in pages:
        if "未冻结" in page:
            assert "登记编号" in page
    text = "".join(pages)
    for row in rows:
        assert row["identifier"] in text
    assert "共400条" in text


def test_answer_with_nothing_found_is_one_signed_page(fonts):
    """Nothing found is an answer too: one page, sealed; hits come after the seal."""
    fields = {**SAMPLES[Kind.ANSWER_SHEET], "result": "查无结果", "hits": []}
    template = load_template(Kind.ANSWER_SHEET)
    (page,) = pdf_pages(render_pdf(template, fields, fonts=fonts, created_at=CREATED_AT))
    assert "查无结果" in page
    assert "2026年11月25日" in page
    assert "查询明细" not in page
    (seal,) = seal_places(template, SAMPLES[Kind.ANSWER_SHEET], fonts=fonts)
    assert seal.page == 1


def test_very_long_text_is_printed_whole(fonts):
    """A hundred paragraphs of facts arrive complete and in order, with page numbers."""
    facts = "\n".join(f"第{index}段：" + "经查明，被执行人名下财产情况如下。" * 6 for index in range(100))
    fields = {**SAMPLES[Kind.ENFORCEMENT_RULING], "facts": facts}
    made = render_pdf(load_template(Kind.ENFORCEMENT_RULING), fields, fonts=fonts, created_at=CREATED_AT)
    pages = pdf_pages(made)
    text = "".join(pages)
    places = [text.index(f"第{index}段：") for index in range(100)]
    assert places == sorted(places)
    for index, page in enumerate(pages, start=1):
        assert f"—{index}—" in page


def test_page_holds_22_lines_of_28_characters(tmp_path, fonts):
    """The text area is that of GB/T 9704-2012, 5.2.3: 22 lines of 28 characters."""
    (tmp_path / "document.yaml").write_text(
        "kind: grid\ntitle: {zh: 试, en: Grid}\nstyle: court\n"
        "fields: [{name: body, zh: 正文, type: paragraphs}]\n"
        'blocks: [{text: {text: "{{ body }}", flush: true}}]\n',
        encoding="utf-8",
    )
    made = render_pdf(
        load_template(tmp_path), {"body": "测" * 28 * 22 + "终"}, fonts=fonts, created_at=CREATED_AT
    )
    first, second = pypdf.PdfReader(io.BytesIO(made)).pages
    lines = [line for line in first.extract_text().splitlines() if "测" in line]
    assert [len(line) for line in lines] == [28] * 22
    assert "终" in second.extract_text()
    assert [round(float(side) / 72 * 25.4) for side in first.mediabox[2:]] == [210, 297]


def test_signature_never_stands_alone(fonts):
    """However long the facts, the page with the signature holds words of the text (落款与正文同处一面)."""
    template = load_template(Kind.ENFORCEMENT_RULING)
    batch = [
        {**SAMPLES[Kind.ENFORCEMENT_RULING], "facts": "\n".join(["经查明，财产情况如下。"] * count)}
        for count in range(1, 24)
    ]
    for made in render_pdfs(template, batch, fonts=fonts, created_at=CREATED_AT):
        signed = next(page for page in pdf_pages(made) if "二〇二六年十一月二十四日" in page)
        assert "本裁定立即执行。" in signed


def test_ruling_ends_as_courts_end_it(fonts):
    """Judges, the date in Chinese numerals, then the clerk; the letter's date is in Arabic numerals."""
    ruling = pdf_text(
        render_pdf(
            load_template(Kind.ENFORCEMENT_RULING),
            SAMPLES[Kind.ENFORCEMENT_RULING],
            fonts=fonts,
            created_at=CREATED_AT,
        )
    )
    places = [ruling.rindex(word) for word in ("审判长", "人民陪审员", "二〇二六年十一月二十四日", "书记员")]
    assert places == sorted(places)


def test_letter_follows_the_letter_format(fonts):
    """信函格式: no number on the first page, the date in Arabic numerals (GB/T 9704-2012, 10.1 and 7.3.5.4)."""
    first, second = pdf_pages(
        render_pdf(
            load_template(Kind.ASSISTANCE_LETTER),
            SAMPLES[Kind.ASSISTANCE_LETTER],
            fonts=fonts,
            created_at=CREATED_AT,
        )
    )
    assert first.startswith("台州市临海区人民法院〔2026〕浙临协函12号协助调查函")
    assert "—1—" not in first
    assert "2026年11月24日" in second
    assert second.endswith("—2—")


def test_seal_places_are_where_the_rings_are(fonts):
    """The court's seal is over the date at the right (下弧骑年压月); a slip to return has a second place."""
    ruling = load_template(Kind.ENFORCEMENT_RULING)
    (seal,) = seal_places(ruling, SAMPLES[Kind.ENFORCEMENT_RULING], fonts=fonts)
    made = render_pdf(ruling, SAMPLES[Kind.ENFORCEMENT_RULING], fonts=fonts, created_at=CREATED_AT)
    page = pypdf.PdfReader(io.BytesIO(made)).pages[seal.page - 1]
    heights: dict[str, float] = {}

    def visit(text, transformation, matrix, font, size):
        for word in ("二〇二六年", "李某某", "书"):
            if word in text:
                heights.setdefault(word, 297 - transformation[5] / 72 * 25.4)

    page.extract_text(visitor_text=visit)
    top, bottom = seal.y - 21, seal.y + 21
    assert top < heights["二〇二六年"] < bottom
    assert heights["二〇二六年"] > seal.y + 10
    assert heights["李某某"] < top
    assert heights["书"] - 5 > bottom
    assert 105 < seal.x < 184
    notice = load_template(Kind.ASSISTANCE_NOTICE)
    places = seal_places(notice, SAMPLES[Kind.ASSISTANCE_NOTICE], fonts=fonts)
    assert [(place.page, place.label) for place in places] == [(2, "（院印）"), (3, "（单位印章）")]
    assert seal_places(load_template(Kind.SERVICE_RECEIPT), SAMPLES[Kind.SERVICE_RECEIPT], fonts=fonts) == ()


def test_batch_equals_one_by_one(fonts):
    """Documents made in a batch, on several threads, are those made singly, in order."""
    template = load_template(Kind.SERVICE_RECEIPT)
    batch = [{**SAMPLES[Kind.SERVICE_RECEIPT], "recipient": f"受送达人{index}"} for index in range(12)]
    single = [render_pdf(template, fields, fonts=fonts, created_at=CREATED_AT) for fields in batch]
    assert list(render_pdfs(template, batch, fonts=fonts, created_at=CREATED_AT, threads=3)) == single


def test_pdf_is_for_the_archive_and_for_screen_readers(fonts):
    """The file declares PDF/A-2a and PDF/UA-1, is tagged, in Chinese, titled, with all fonts embedded."""
    made = render_pdf(
        load_template(Kind.ANSWER_SHEET), SAMPLES[Kind.ANSWER_SHEET], fonts=fonts, created_at=CREATED_AT
    )
    reader = pypdf.PdfReader(io.BytesIO(made))
    root = reader.trailer["/Root"]
    xmp = root["/Metadata"].get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part>" in xmp
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in xmp
    assert "<pdfuaid:part>1</pdfuaid:part>" in xmp
    assert root["/MarkInfo"]["/Marked"]
    assert str(root["/Lang"]).lower().startswith("zh")
    assert reader.metadata is not None
    assert reader.metadata.title == "查询反馈单 〔2026〕临不动产查反7号"


@KINDS
def test_word_template_keeps_the_names_of_the_fields(kind):
    """The built DOCX template shows {{ names }}, so that a clerk can adapt it in Word."""
    with zipfile.ZipFile(io.BytesIO(build_docx_template(load_template(kind)))) as parts:
        body = parts.read("word/document.xml").decode()
    for field in load_template(kind).fields:
        assert field.name in body


def test_adapted_word_template_is_used(tmp_path):
    """A template's own document.docx replaces the one built from the blocks."""
    template = load_template(Kind.SERVICE_RECEIPT)
    (tmp_path / "document.yaml").write_text(
        (
            Path(__file__).parents[2] / "src/lianban/engines/documents/templates/service_receipt.yaml"
        ).read_text(encoding="utf-8"),
        encoding="utf-8",
    )
    import docx

    adapted = docx.Document(io.BytesIO(build_docx_template(template)))
    adapted.add_paragraph("本院自改：{{ recipient }}")
    adapted.save(str(tmp_path / "document.docx"))
    made = render_docx(load_template(tmp_path), SAMPLES[Kind.SERVICE_RECEIPT], created_at=CREATED_AT)
    assert "本院自改：临海区不动产登记中心" in docx_paragraphs(made)


@pytest.mark.skipif(
    not (shutil.which("zbarimg") and shutil.which("pdftoppm")), reason="needs zbar-tools and poppler-utils"
)
@KINDS
def test_printed_code_is_read_by_a_scanner(kind, fonts, tmp_path):
    """A scan of the last page at 150 dpi gives the verification text back."""
    template, address = load_template(kind), "https://lianban.example"
    made = render_pdf(template, SAMPLES[kind], fonts=fonts, created_at=CREATED_AT, address=address)
    (tmp_path / "made.pdf").write_bytes(made)
    pages = str(len(pdf_pages(made)))
    subprocess.run(
        ["pdftoppm", "-r", "150", "-png", "-singlefile", "-f", pages, "made.pdf", "page"],
        cwd=tmp_path,
        check=True,
    )
    seen = subprocess.run(
        ["zbarimg", "-q", "--raw", "page.png"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert seen.stdout.strip() == verification_text(template, SAMPLES[kind], address=address)


def test_verification_text_is_printed_and_in_both_formats(fonts):
    """The number and the hash stand beside the code, in PDF and DOCX alike."""
    template, fields = load_template(Kind.ASSISTANCE_LETTER), SAMPLES[Kind.ASSISTANCE_LETTER]
    address = "https://lianban.example"
    digest = verification_text(template, fields, address=address).split("/verify/")[1][:64]
    groups = "".join(digest)
    assert groups in pdf_text(
        render_pdf(template, fields, fonts=fonts, created_at=CREATED_AT, address=address)
    )
    made = render_docx(template, fields, created_at=CREATED_AT, address=address)
    assert groups in squeezed("".join(docx_cells(made)))
