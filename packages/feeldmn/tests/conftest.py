"""What the tests of the package share."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from feeldmn import compile_expression

PACKAGE = Path(__file__).resolve().parent.parent


@pytest.fixture
def feel() -> Callable[..., Any]:
    """Evaluate an expression; names are those of the context."""

    def evaluate(source: str, **context: Any) -> Any:
        return compile_expression(source, names=context)(context)

    return evaluate


@pytest.fixture
def why() -> Callable[..., list[str]]:
    """Return the codes of the diagnostics of an evaluation."""

    def codes(source: str, **context: Any) -> list[str]:
        return [
            found.code for found in compile_expression(source, names=context).evaluate(context).diagnostics
        ]

    return codes


def _absent(what: str) -> None:
    """Skip, except where everything must be there."""
    if os.environ.get("CI"):
        pytest.fail(f"{what} is absent, and CI is set")
    pytest.skip(f"{what} is absent")


@pytest.fixture(scope="session")
def kit() -> Path:
    """The DMN conformance kit, from LIANBAN_DATA."""
    data = Path(os.environ.get("LIANBAN_DATA", PACKAGE.parents[1] / "../shared/data"))
    folder = data / "standards" / "dmn-tck"
    if not (folder / "compliance-level-3").is_dir():
        _absent("the conformance kit (set LIANBAN_DATA)")
    return folder


@pytest.fixture(scope="session")
def feelin() -> Path:
    """The module of feelin, from FEELDMN_PEERS or .peers (`npm install --prefix .peers feelin`)."""
    folder = Path(os.environ.get("FEELDMN_PEERS", PACKAGE / ".peers"))
    module = folder / "node_modules" / "feelin" / "dist" / "index.js"
    if not module.is_file() or shutil.which("node") is None:
        pytest.skip("feelin or node is absent: npm install --prefix .peers feelin")
    return module
