"""One entrance for every kind of identifier."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from lianban.engines.identifiers.credit_codes import check_credit_code, check_organisation_code
from lianban.engines.identifiers.errors import UnknownKind
from lianban.engines.identifiers.labels import IdentifierKind
from lianban.engines.identifiers.masks import mask
from lianban.engines.identifiers.permits import PERMIT_CHECKS
from lianban.engines.identifiers.phones import check_phone
from lianban.engines.identifiers.plates import check_plate
from lianban.engines.identifiers.resident_ids import check_resident_id
from lianban.engines.identifiers.vessels import check_vessel

# H1234567801 and H12345678 are one holder's first and later card.
_LASTING = {
    (IdentifierKind.HK_MACAU_PERMIT, "card of 1999, with number of issue"): 9,
    (IdentifierKind.TAIWAN_PERMIT, "booklet, with number of issue"): 8,
}


@dataclass(frozen=True)
class Identifier:
    """A checked identifier. Its ``repr`` shows the masked form only, so that a log line cannot leak it.

    ``form`` is the published form it has (``18``, ``15``, ``new-energy``…). Birth date and sex are not
    kept: where a rule needs them, :mod:`lianban.engines.identifiers.resident_ids` reads them off.
    """

    kind: IdentifierKind
    normalised: str = field(repr=False)
    masked: str
    form: str

    @property
    def lasting(self) -> str:
        """The part that stays when the document is renewed: travel permits of the older cards end with the
        number of the issue. Two documents of one holder are compared by it. Personal data like the whole.
        """
        kept = _LASTING.get((self.kind, self.form))
        return self.normalised[:kept]

    def __str__(self) -> str:
        return self.masked


def check_identifier(
    kind: IdentifierKind | str, text: str, *, demo: bool = False, on: date | None = None
) -> Identifier:
    """Check ``text`` as an identifier of ``kind`` and return its normalised form.

    ``demo`` accepts numbers of made-up people and firms (area 99), and is given only in demo mode. ``on``
    is the day by which the identifier had been issued. Raises a subclass of
    :class:`~lianban.engines.identifiers.errors.InvalidIdentifier` that names the digit and the reason and
    carries only the masked form.
    """
    try:
        kind = IdentifierKind(kind)
    except ValueError:
        raise UnknownKind(kind=str(kind), known=", ".join(IdentifierKind)) from None
    match kind:
        case IdentifierKind.RESIDENT_ID:
            normalised, form = check_resident_id(text, demo=demo, on=on)
        case IdentifierKind.CREDIT_CODE:
            normalised, form = check_credit_code(text, demo=demo), "18"
        case IdentifierKind.ORGANISATION_CODE:
            normalised, form = check_organisation_code(text), "9"
        case IdentifierKind.PHONE:
            normalised, form = check_phone(text)
        case IdentifierKind.PLATE:
            normalised, form = check_plate(text)
        case IdentifierKind.VESSEL:
            normalised, form = check_vessel(text)
        case _:
            normalised, form = PERMIT_CHECKS[kind](text, on)
    return Identifier(kind, normalised, mask(kind, normalised), form)
