"""The files of a scene's folder: which may be there, and the one hash over those that decide behaviour."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

from lianban.engines.scenes.problems import nearest
from lianban.engines.scenes.reading import Findings

# What may stand in a folder. The words explain the folder to whoever put something else there.
ALLOWED = (
    "scene.yaml",
    "process.bpmn",
    "clocks.toml",
    "signals.yaml",
    "indicators.yaml",
    "README.md",
    "decisions/*.dmn",
    "forms/*.yaml",
    "documents/*.yaml",
    "documents/*/document.yaml",
    "documents/*/document.typ",
    "documents/*/document.docx",
    "demo/*.yaml",
    "demo/*.csv",
    "demo/*.csv.gz",
    "demo/*.md",
    "tests/*.yaml",
)
_PATTERNS = tuple(re.compile(re.escape(name).replace(r"\*", r"[A-Za-z0-9_.-]+") + r"\Z") for name in ALLOWED)
# Files that explain or try out a scene and never change what it does.
_WITHOUT_EFFECT = ("README.md", "tests/", "demo/")
MAX_TOTAL = 16 * 1024 * 1024  # bytes of a whole folder, its document templates included


def scene_files(folder: Path) -> Iterator[tuple[str, Path]]:
    """(relative name, path) of every file, sorted by name; editors' hidden files are passed over."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        hidden = any(part.startswith(".") or part == "__pycache__" for part in name.split("/"))
        if not hidden and (path.is_symlink() or not path.is_dir()):
            yield name, path


def check_files(folder: Path, findings: Findings) -> bool:
    """Note each file that may not be there. ``False`` if a link leads out: then nothing may be read at all."""
    total, safe = 0, True
    for name, path in scene_files(folder):
        if path.is_symlink():
            findings.note(
                name,
                0,
                "不能使用符号链接。请放入文件本身。",
                "Links are not allowed. Put the file itself here.",
            )
            safe = False
            continue
        total += path.stat().st_size
        if path.suffix in (".py", ".pyc", ".pyi", ".pyx", ".so", ".ipynb"):
            findings.note(
                name,
                0,
                "应用场景里不能有程序。需要新能力时，请在引擎中增加一项有名称、有测试的能力。",
                "A scene holds no program. If it needs more, give an engine a named, tested ability.",
            )
        elif not any(pattern.match(name) for pattern in _PATTERNS):
            near = nearest(name, ALLOWED)
            findings.note(
                name,
                0,
                f"应用场景文件夹中没有这种文件。{near[0]}",
                f"A scene's folder has no such file. {near[1]}",
            )
    if total > MAX_TOTAL:
        findings.note(
            "",
            0,
            f"文件夹共 {total:,} 字节，超过 {MAX_TOTAL:,}。请减小文书模板。",
            f"The folder has {total:,} bytes, more than {MAX_TOTAL:,}. Make the templates smaller.",
        )
    return safe


def fingerprint(folder: Path) -> str:
    """SHA-256 (hex) over the names, lengths and bytes of the files that decide what a scene does."""
    digest = hashlib.sha256()
    for name, path in scene_files(folder):
        if name.startswith(_WITHOUT_EFFECT):
            continue
        content = path.read_bytes()
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()
