"""What a check found."""

from __future__ import annotations

from dataclasses import dataclass

from feeldmn.errors import Position, Severity


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to look at in a model.

    `code` is stable: `feel.syntax`, `dmn.import`, `dmn.reference`, `check.unknown_name`, `check.type`,
    `check.gap`, `check.overlap`, `check.unreachable`, `check.not_analysed`. `rows` shows a gap or an overlap as
    rows of the table: one text per input column, in the words of unary tests. `rules` are the rules concerned.
    `line` is the line of the DMN file, 0 when it is not known.
    """

    code: str
    severity: Severity
    message: str
    where: str = ""
    position: Position | None = None
    rows: tuple[tuple[str, ...], ...] = ()
    rules: tuple[int, ...] = ()
    line: int = 0

    def __str__(self) -> str:
        place = ", ".join(part for part in (self.where, str(self.position or "")) if part)
        text = f"{place}: {self.message} [{self.code}]"
        return "\n".join([text, *("  | " + " | ".join(row) + " |" for row in self.rows)])
