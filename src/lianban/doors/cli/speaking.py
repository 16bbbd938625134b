"""What a command says, in the language of the terminal, and the one shape of its errors."""

from __future__ import annotations

import json
import os
import sys
from typing import Any

from lianban.engines.errors import LianbanError, YourMistake


def english() -> bool:
    """Whether the reader's terminal is English. Chinese is the default, also where no language is set."""
    for name in ("LIANBAN_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            return value.lower().startswith("en")
    return False


def pick(chinese: str, english_text: str) -> str:
    """The one of two texts that the reader reads."""
    return english_text if english() else chinese


def say(chinese: str, english_text: str, to_stderr: bool = False) -> None:
    """Print a sentence. Programs that asked for ``--json`` read standard output, so progress goes to stderr there."""
    stream = sys.stderr if to_stderr else sys.stdout
    try:
        print(pick(chinese, english_text), file=stream, flush=True)
    except UnicodeEncodeError:
        # A terminal without UTF-8 shows question marks rather than nothing.
        encoding = stream.encoding or "ascii"
        print(
            pick(chinese, english_text).encode(encoding, "replace").decode(encoding), file=stream, flush=True
        )


def print_json(value: Any) -> None:
    """One JSON document on standard output, Chinese unescaped."""
    print(json.dumps(value, ensure_ascii=False, indent=2, default=str), flush=True)


def print_error(error: LianbanError, as_json: bool) -> int:
    """Print an error of the family. Returns the exit code: 2 the caller's mistake, 3 our fault."""
    if as_json:
        print_json({"error": error.as_dict()})
    else:
        say(f"{error.text('zh')}（{error.code}）", f"{error.text('en')} ({error.code})", to_stderr=True)
    return 2 if isinstance(error, YourMistake) else 3
