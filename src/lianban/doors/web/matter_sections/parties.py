"""The parties of a matter, as options of a form: by their row, which is the matter's alone."""

from __future__ import annotations

from typing import Any

from lianban.engines.forms.model import Option
from lianban.engines.forms.words import Words
from lianban.records import matter_view
from lianban.records.matter_view import MatterHead


def options(cursor: Any, head: MatterHead) -> list[Option]:
    return [Option(str(one.id), Words(one.name, one.name)) for one in matter_view.parties(cursor, head.id)]
