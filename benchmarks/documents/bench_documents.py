"""Throughput of official documents, beside docxtpl + LibreOffice in the same run.

    python benchmarks/documents/bench_documents.py [--count 100] [--fonts frontend/.parts]

Data: the enforcement ruling of tests/documents/samples.py (2 pages), with another number for each copy. The
peer fills the same sentences into the same Word template with docxtpl and lets LibreOffice turn all files
into PDF in one call, its fastest way. It prints "absent" where LibreOffice is not installed.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT / "tests" / "documents"))

from samples import CREATED_AT, SAMPLES  # noqa: E402

from lianban.engines.documents import (  # noqa: E402
    Kind,
    find_typefaces,
    load_template,
    render_docx,
    render_pdf,
    render_pdfs,
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--fonts", type=Path, default=PROJECT / "frontend" / ".parts")
    given = parser.parse_args()
    print(f"machine: {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    template = load_template(Kind.ENFORCEMENT_RULING)
    batch = [
        {**SAMPLES[Kind.ENFORCEMENT_RULING], "number": f"（2026）浙1099执{index}号之一"}
        for index in range(1, given.count + 1)
    ]

    start = time.perf_counter()
    fonts = find_typefaces(given.fonts)
    cold = render_pdf(template, batch[0], fonts=fonts, created_at=CREATED_AT)
    print(f"first document, fonts read: {(time.perf_counter() - start) * 1000:.0f} ms, {len(cold)} bytes")

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

    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        print("docxtpl + LibreOffice: absent")
        return
    with tempfile.TemporaryDirectory() as folder:
        for index, word in enumerate(words):
            Path(folder, f"{index}.docx").write_bytes(word)
        start = time.perf_counter()
        subprocess.run(
            [office, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "pdf",
             "--outdir", f"{folder}/out", *(f"{folder}/{index}.docx" for index in range(len(words)))],
            check=True,
            capture_output=True,
        )  # fmt: skip
        seconds = docx_seconds + time.perf_counter() - start
        made = [Path(folder, "out", f"{index}.pdf").read_bytes() for index in range(len(words))]
    peer = report("docxtpl + LibreOffice, PDF, one call", seconds, made)
    print("ratio to the peer: " + ", ".join(f"{rate / peer:.1f}× ({name})" for name, rate in ours.items()))


def report(name: str, seconds: float, made: list[bytes]) -> float:
    assert len({hashlib.sha256(document).digest() for document in made}) == len(made)
    rate = len(made) / seconds
    print(f"{name:40s} {len(made)} in {seconds:6.2f} s = {rate:7.1f} a second")
    return rate


if __name__ == "__main__":
    main()
