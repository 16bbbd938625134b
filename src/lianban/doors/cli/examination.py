"""The looks that ``lianban doctor`` takes. Each changes nothing and never fails: it finds."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from lianban.engines.errors import LianbanError
from lianban.records import server


class Grade(Enum):
    FINE = "fine"
    WANTING = "wanting"
    """Works without it; something is left out."""
    BROKEN = "broken"


_MARKS = {Grade.FINE: "✓", Grade.WANTING: "–", Grade.BROKEN: "✗"}
_LEAST_DISK = 2 * 2**30  # bytes: environment, a demo city and a day's work


@dataclass(frozen=True)
class Finding:
    """What one look found, and what to do about it."""

    key: str
    name_zh: str
    name_en: str
    grade: Grade
    zh: str
    en: str

    @property
    def mark(self) -> str:
        return _MARKS[self.grade]

    def as_dict(self) -> dict[str, Any]:
        return {"look": self.key, "grade": self.grade.value, "message": {"zh": self.zh, "en": self.en}}


def python() -> Finding:
    version = platform.python_version()
    grade = Grade.FINE if sys.version_info >= (3, 11) else Grade.BROKEN
    said = f"Python {version}, {platform.system()} {platform.machine()}"
    return Finding("python", "版本", "versions", grade, said, said)


def disk() -> Finding:
    folder = _existing(server.data_folder())
    free = shutil.disk_usage(folder).free
    grade = Grade.FINE if free >= _LEAST_DISK else Grade.BROKEN
    size = f"{free / 2**30:.1f} GiB"
    advice = (
        ("", "")
        if grade is Grade.FINE
        else (
            "，至少需要 2 GiB，请清理或另选 LIANBAN_DATA_FOLDER",
            "; 2 GiB are needed: make room or choose another LIANBAN_DATA_FOLDER",
        )
    )
    return Finding(
        "disk",
        "磁盘",
        "disk",
        grade,
        f"{folder} 可用 {size}{advice[0]}",
        f"{size} free at {folder}{advice[1]}",
    )


def database() -> Finding:
    try:
        current = server.current()
        version = server.version()
        if current.running():
            return Finding(
                "database",
                "数据库",
                "database",
                Grade.FINE,
                f"PostgreSQL {version}，运行中",
                f"PostgreSQL {version}, running",
            )
        server.check(current.places)
        return Finding(
            "database",
            "数据库",
            "database",
            Grade.FINE,
            f"PostgreSQL {version}，未运行（用到时自动启动）",
            f"PostgreSQL {version}, not running (starts when needed)",
        )
    except LianbanError as error:
        return Finding("database", "数据库", "database", Grade.BROKEN, error.text("zh"), error.text("en"))


def parts() -> Finding:
    done = subprocess.run(
        [sys.executable, "-m", "lianban.doors.web.parts", "check"],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode == 0:
        return Finding("parts", "前端部件", "front-end parts", Grade.FINE, "齐全", "all there")
    return Finding(
        "parts",
        "前端部件",
        "front-end parts",
        Grade.BROKEN,
        "缺失或损坏，请运行 lianban parts fetch",
        "missing or damaged: run lianban parts fetch",
    )


def fonts() -> Finding:
    listed = (
        subprocess.run(["fc-list", ":lang=zh", "family"], capture_output=True, text=True, check=False).stdout
        if shutil.which("fc-list")
        else ""
    )
    families = sorted({line.split(",")[0] for line in listed.split("\n") if line})
    if families:
        said = ", ".join(families[:3])
        return Finding("fonts", "中文字体", "Chinese fonts", Grade.FINE, said, said)
    return Finding(
        "fonts", "中文字体", "Chinese fonts", Grade.WANTING,
        "系统中没有（文书自带字体，不受影响；截图会缺字：apt-get install fonts-noto-cjk）",
        "none on the system (documents carry their own; screenshots lack characters: apt-get install fonts-noto-cjk)",
    )  # fmt: skip


def chromium() -> Finding:
    found = next(
        filter(
            None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"))
        ),
        None,
    )
    if found:
        return Finding("chromium", "Chromium", "Chromium", Grade.FINE, found, found)
    return Finding(
        "chromium", "Chromium", "Chromium", Grade.WANTING,
        "没有：浏览器测试会跳过（apt-get install chromium）", "none: browser tests are skipped (apt-get install chromium)",
    )  # fmt: skip


def real_inputs() -> Finding:
    folder = Path(os.environ.get("LIANBAN_DATA") or server.project_folder().parent / "shared" / "data")
    if folder.is_dir():
        return Finding("data", "真实输入", "real inputs", Grade.FINE, str(folder), str(folder))
    return Finding(
        "data", "真实输入", "real inputs", Grade.WANTING,
        f"{folder} 不存在：用到它们的测试会跳过（LIANBAN_DATA=路径）", f"no {folder}: tests that need them are skipped (LIANBAN_DATA=PATH)",
    )  # fmt: skip


LOOKS: tuple[Callable[[], Finding], ...] = (python, disk, database, parts, fonts, chromium, real_inputs)


def _existing(folder: Path) -> Path:
    while not folder.exists():
        folder = folder.parent
    return folder
