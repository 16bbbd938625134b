"""Throughput of official documents, beside docxtpl + LibreOffice in the same run.

    python -m benchmarks.documents [--count 100] [--fonts frontend/.parts]

Data: the enforcement ruling of tests/documents/samples.py (2 pages), with another number for each copy. The
peer fills the same sentences into the same Word template with docxtpl and lets LibreOffice turn all files
into PDF in one call, its fastest way. It prints "absent" where LibreOffice is not installed.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.deployment import tell
from benchmarks.table import PROJECT, BenchRow, NotHere

sys.path.insert(0, str(PROJECT / "tests" / "documents"))

from samples import CREATED_AT, SAMPLES

from lianban.engines.documents import (
    Kind,
    find_typefaces,
    load_template,
    render_docx,
    render_pdf,
    render_pdfs,
)


def rows(full: bool) -> list[BenchRow]:
    return measure(200 if full else 60, PROJECT / "frontend" / ".parts")


def measure(count: int, folder: Path) -> list[BenchRow]:
    """``count`` copies of the ruling with the typefaces of ``folder``."""
    if not any(folder.glob("**/*.?tf")):
        raise NotHere(f"no typefaces in {folder}; `make demo` or `lianban parts fetch` fetches them")
    template = load_template(Kind.ENFORCEMENT_RULING)
    batch = [
        {**SAMPLES[Kind.ENFORCEMENT_RULING], "number": f"（2026）浙1099执{index}号之一"}
        for index in range(1, count + 1)
    ]

    start = time.perf_counter()
    fonts = find_typefaces(folder)
    cold = render_pdf(template, batch[0], fonts=fonts, created_at=CREATED_AT)
    tell(f"  first document, fonts read: {(time.perf_counter() - start) * 1000:.0f} ms, {len(cold)} bytes")

    # Times of creation differ between rounds, so that no round finds the pages of the one before.
    ours: dict[str, float] = {}
    for name, threads in (("1 thread", 1), (f"{os.cpu_count()} threads", os.cpu_count())):
        fresh = [{**fields, "cause": f"{name}{fields['cause']}"} for fields in batch]
        start = time.perf_counter()
        made = list(render_pdfs(template, fresh, fonts=fonts, created_at=CREATED_AT, threads=threads))
        ours[name] = report(f"lianban, PDF in a batch, {name}", time.perf_counter() - start, made)

    start = time.perf_counter()
    words = [render_docx(template, fields, created_at=CREATED_AT) for fields in batch]
    docx_seconds = time.perf_counter() - start
    report("lianban, DOCX (docxtpl)", docx_seconds, words)

    data = f"{count} copies of a ruling of 2 pages, each with its own number"
    best, rate = max(ours.items(), key=lambda item: item[1])
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        return [
            BenchRow(
                "Official documents as PDF",
                data,
                "docxtpl + LibreOffice: not installed",
                f"{rate:,.0f}/s ({best})",
            )
        ]
    with tempfile.TemporaryDirectory() as place:
        for index, word in enumerate(words):
            Path(place, f"{index}.docx").write_bytes(word)
        start = time.perf_counter()
        subprocess.run(
            [office, f"-env:UserInstallation=file://{place}/profile", "--headless", "--convert-to", "pdf",
             "--outdir", f"{place}/out", *(f"{place}/{index}.docx" for index in range(len(words)))],
            check=True,
            capture_output=True,
        )  # fmt: skip
        seconds = docx_seconds + time.perf_counter() - start
        made = [Path(place, "out", f"{index}.pdf").read_bytes() for index in range(len(words))]
    peer = report("docxtpl + LibreOffice, PDF, one call", seconds, made)
    return [
        BenchRow("Official documents as PDF", data, f"docxtpl + LibreOffice, one call: {peer:,.1f}/s",
                 f"{rate:,.0f}/s ({best})", rate / peer)
    ]  # fmt: skip


def report(name: str, seconds: float, made: list[bytes]) -> float:
    assert len({hashlib.sha256(document).digest() for document in made}) == len(made)
    rate = len(made) / seconds
    tell(f"  {name:40s} {len(made)} in {seconds:6.2f} s = {rate:7.1f} a second")
    return rate
