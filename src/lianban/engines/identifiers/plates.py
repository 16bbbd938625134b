"""Vehicle plates 机动车号牌 (GA 36): ordinary, new-energy and the special ones."""

from __future__ import annotations

import re

from lianban.engines.identifiers.characters import compact
from lianban.engines.identifiers.errors import UnknownPrefix, WrongCharacter, WrongForm
from lianban.engines.identifiers.labels import IdentifierKind
from lianban.engines.identifiers.masks import mask

PROVINCES = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新"
# Army plates of 2012: a letter for the body, a letter for its part.
_MILITARY = "VKHBSLJNGCEMOAXRTUYZPWD"
# I and O are not used after the issuing office's letter: they look like 1 and 0.
_SERIAL = "[A-HJ-NP-Z0-9]"
_DOTS = re.compile(r"[·•.・]")

FORMS: tuple[tuple[re.Pattern[str], str, str], ...] = tuple(
    (re.compile(pattern), form, example)
    for pattern, form, example in (
        # GA 36-2018: small vehicles D/F (pure electric A–E… by area) and five more; large ones end in D or F.
        (rf"[{PROVINCES}][A-Z][A-HJK]{_SERIAL}\d{{4}}", "new-energy", "浙AD12345"),
        (rf"[{PROVINCES}][A-Z]\d{{5}}[A-HJK]", "new-energy, large", "浙A12345D"),
        (rf"[{PROVINCES}][A-Z]{_SERIAL}{{4}}警", "police", "浙A1234警"),
        (rf"[{PROVINCES}][A-Z]{_SERIAL}{{4}}学", "driving school", "浙A1234学"),
        (rf"[{PROVINCES}][A-Z]{_SERIAL}{{4}}挂", "trailer", "浙A1234挂"),
        (rf"[{PROVINCES}][A-Z]{_SERIAL}{{4}}试", "test", "浙A1234试"),
        (rf"[{PROVINCES}][A-Z]{_SERIAL}{{4}}超", "outsize", "浙A1234超"),
        (rf"粤Z{_SERIAL}{{4}}[港澳]", "Hong Kong, Macau", "粤Z1234港"),
        (rf"[{PROVINCES}][A-Z]{_SERIAL}{{4}}领|\d{{6}}使|使\d{{6}}", "consulate, embassy", "沪A1234领"),
        (rf"[{PROVINCES}][A-Z]{_SERIAL}{{5}}", "ordinary", "浙A12345"),
        (r"WJ[" + PROVINCES + r"]?\d{4}[0-9A-Z]", "armed police", "WJ浙1234A"),
        (rf"[{_MILITARY}][A-Z]\d{{5}}", "military", "VA12345"),
        (
            rf"[{PROVINCES}]\d{{2}}-?\d{{5}}|[{PROVINCES}][A-Z]?临\d{{4,5}}|临[{PROVINCES}][A-Z]\d{{4,5}}",
            "tractor, temporary",
            "浙0112345",
        ),
        (rf"[{PROVINCES}][A-Z]{_SERIAL}{{3}}应急", "emergency rescue", "京A123应急"),
    )
)


def check_plate(text: str) -> tuple[str, str]:
    """The plate without dots and spaces, and its form. Says which character cannot stand where."""
    kind = IdentifierKind.PLATE
    plate = _DOTS.sub("", compact(text))
    for pattern, form, _example in FORMS:
        if pattern.fullmatch(plate):
            return plate, form
    masked = mask(kind, plate)
    if len(plate) in (7, 8) and plate[0] not in PROVINCES + _MILITARY + "W临使0123456789":
        raise UnknownPrefix(kind=kind.value, prefix=plate[0], masked=masked)
    if len(plate) in (7, 8) and plate[0] in PROVINCES:
        if not re.fullmatch("[A-Z0-9]", plate[1]):
            raise WrongCharacter(
                kind=kind.value, position=2, character=plate[1], expected="A-Z", masked=masked
            )
        for position, character in enumerate(plate[2:], start=3):
            if character in "IO":
                raise WrongCharacter(
                    kind=kind.value,
                    position=position,
                    character=character,
                    expected="0-9 A-H J-N P-Z",
                    masked=masked,
                )
    raise WrongForm(kind=kind.value, expected=", ".join(row[2] for row in FORMS[:6]), masked=masked)
