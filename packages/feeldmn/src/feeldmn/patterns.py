"""Regular expressions of XML Schema and XPath (F&O 7.6) on the `regex` library, with a bound on their time."""

from __future__ import annotations

from functools import lru_cache

import regex

from feeldmn.errors import LimitExceeded
from feeldmn.runtime import FeelNull

#: Seconds one match may take; a pattern that backtracks without end is stopped.
TIMEOUT = 0.5
_FLAGS = {"s": regex.DOTALL, "m": regex.MULTILINE, "i": regex.IGNORECASE, "x": regex.VERBOSE}
_ESCAPES = {
    "i": r"[_:\p{L}]",
    "I": r"[^_:\p{L}]",
    "c": r"[-._:\p{L}\p{N}\p{M}]",
    "C": r"[^-._:\p{L}\p{N}\p{M}]",
}


@lru_cache(maxsize=512)
def compile_pattern(pattern: str, flags: str) -> regex.Pattern[str]:
    """Compile an XPath regular expression; raises `FeelNull` when it is none or a flag is unknown."""
    options = regex.VERSION1
    for flag in flags:
        if flag not in _FLAGS and flag != "q":
            raise FeelNull("feel.pattern", f"the flag {flag!r} is unknown: use s, m, i, x or q")
        options |= _FLAGS.get(flag, 0)
    try:
        if "q" in flags:
            return regex.compile(regex.escape(pattern), options & ~regex.VERBOSE)
        plain = _without_space(pattern) if "x" in flags else pattern
        return regex.compile(_translate(plain, any_character="s" in flags), options & ~regex.VERBOSE)
    except (regex.error, RecursionError, OverflowError, ValueError) as error:
        raise FeelNull(
            "feel.pattern", f"the pattern {pattern!r:.80} is no regular expression: {error}"
        ) from None


def _without_space(pattern: str) -> str:
    """Remove white space outside of character classes, as the flag `x` asks."""
    out, in_class, escaped = [], 0, False
    for char in pattern:
        if not escaped:
            in_class += (char == "[") - (char == "]" and in_class > 0)
        if in_class or not char.isspace():
            out.append(char)
            escaped = char == "\\" and not escaped
    return "".join(out)


def _translate(pattern: str, *, any_character: bool) -> str:
    """Rewrite what XPath writes differently: `[a-z-[aeiou]]`, `\\i`, `\\c`, and what it does not allow."""
    out: list[str] = []
    at, in_class = 0, 0
    while at < len(pattern):
        char = pattern[at]
        if char == "\\" and at + 1 < len(pattern):
            following = pattern[at + 1]
            if following in _ESCAPES:
                out.append(_ESCAPES[following])
            elif following.isalpha() and following not in "nrtdDwWsSpP":
                raise FeelNull("feel.pattern", f"the escape \\{following} is unknown in XPath patterns")
            elif following == "0" or (in_class and following.isdecimal()):
                raise FeelNull("feel.pattern", "a back-reference starts with 1 to 9 and lies outside of [ ]")
            elif following in "pP" and pattern.startswith("{Is", at + 2):
                out.append(f"\\{following}{{In")  # a block, such as \p{IsBasicLatin}
                at += 5
                continue
            else:
                out.append(char + following)
            at += 2
            continue
        if char == "[":
            if in_class and pattern[at - 1] == "-":
                out.append("-[")  # a subtraction: the `-` before it is already there, regex writes `--`
            elif in_class:
                raise FeelNull("feel.pattern", "inside [ ] an opening bracket is written \\[")
            else:
                out.append("[")
            in_class += 1
        elif char == "]" and in_class:
            in_class -= 1
            out.append("]")
        elif in_class and char in "&~|" and out and out[-1] == char:
            out.append("\\" + char)
        elif (
            char == "("
            and not in_class
            and pattern.startswith("(?", at)
            and not pattern.startswith("(?:", at)
        ):
            raise FeelNull("feel.pattern", "(? is not allowed in XPath patterns except as (?:")
        elif char == "." and not in_class and not any_character:
            out.append("[^\\n\\r]")
        else:
            out.append(char)
        at += 1
    return "".join(out)


def _too_slow(pattern: regex.Pattern[str]) -> LimitExceeded:
    return LimitExceeded(
        f"the pattern {pattern.pattern!r:.80} took more than {TIMEOUT} seconds",
        code="feel.limit.pattern",
        remedy="write it without nested repetitions",
    )


def matches(pattern: regex.Pattern[str], text: str) -> bool:
    """Say whether the pattern matches some part of the text."""
    try:
        return pattern.search(text, timeout=TIMEOUT) is not None
    except TimeoutError:
        raise _too_slow(pattern) from None


def replace(pattern: regex.Pattern[str], text: str, replacement: str) -> str:
    """Replace all matches; `$0` to `$9` and `\\$`, `\\\\` as XPath reads them."""
    template = _template(replacement, pattern.groups)
    try:
        return pattern.sub(
            lambda match: "".join(match[part] or "" if isinstance(part, int) else part for part in template),
            text,
            timeout=TIMEOUT,
        )
    except TimeoutError:
        raise _too_slow(pattern) from None


def _template(replacement: str, groups: int) -> list[str | int]:
    parts: list[str | int] = []
    at = 0
    while at < len(replacement):
        char = replacement[at]
        following = replacement[at + 1 : at + 2]
        if char == "\\":
            if following not in ("\\", "$") or not following:
                raise FeelNull("feel.pattern", "in a replacement, a backslash stands before \\ or $ only")
            parts.append(following)
            at += 2
        elif char == "$":
            if not following.isdecimal():
                raise FeelNull(
                    "feel.pattern", "in a replacement, $ is followed by a digit; write \\$ for the sign"
                )
            end = at + 2
            while (
                end < len(replacement)
                and replacement[end].isdecimal()
                and int(replacement[at + 1 : end + 1]) <= groups
            ):
                end += 1
            number = int(replacement[at + 1 : end])
            parts.append(number if number <= groups else "")
            at = end
        else:
            parts.append(char)
            at += 1
    return parts


def split(pattern: regex.Pattern[str], text: str) -> list[str]:
    """Split the text at every match that is not empty."""
    parts: list[str] = []
    start = 0
    try:
        for match in pattern.finditer(text, timeout=TIMEOUT):
            if match.end() > match.start():
                parts.append(text[start : match.start()])
                start = match.end()
    except TimeoutError:
        raise _too_slow(pattern) from None
    parts.append(text[start:])
    return parts
