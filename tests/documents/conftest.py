"""The fonts for documents: from ``LIANBAN_FONTS``, or the fetched front-end parts."""

import os
from pathlib import Path

import pytest

from lianban.engines.documents import Typefaces, find_typefaces
from lianban.engines.documents.errors import FontsMissing

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def fonts() -> Typefaces:
    folder = Path(os.environ.get("LIANBAN_FONTS", PROJECT / "frontend" / ".parts"))
    try:
        return find_typefaces(folder)
    except FontsMissing as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(error))
