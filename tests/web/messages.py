"""Every message of the pages: from the templates and from Python, as gettext would find them."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from babel.messages.extract import extract_python
from django.utils.translation.template import templatize

import lianban.doors.web

WEB = Path(lianban.doors.web.__file__).parent
CATALOGUE = WEB / "locale" / "en" / "LC_MESSAGES" / "django.po"
KEYWORDS = {"_": None, "gettext": None, "gettext_lazy": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}


def messages() -> dict[str | tuple[str, str], set[str]]:
    """Message id (a pair where it has a plural) → the files it stands in."""
    found: dict[str | tuple[str, str], set[str]] = {}
    for file in sorted([*WEB.rglob("*.html"), *WEB.rglob("*.py")]):
        text = file.read_text("utf-8")
        source = templatize(text) if file.suffix == ".html" else text
        name = str(file.relative_to(WEB))
        for _line, function, message, _comments in extract_python(
            BytesIO(source.encode()), KEYWORDS, [], {"encoding": "utf-8"}
        ):
            key = message if isinstance(message, str) else tuple(message)
            if function == "ngettext" and isinstance(message, tuple):
                key = (message[0], message[1])
            if key:
                found.setdefault(key, set()).add(name)
    return found
