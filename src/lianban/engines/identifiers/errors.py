"""What can be wrong with an identifier, said so that the reader can mend it.

Every sentence names the digit or character that is wrong and why. ``found`` carries at most a masked
form, a position and the single character there: identifiers are personal data and errors end up in logs.
"""

from __future__ import annotations

from typing import Any

from lianban.engines.errors import YourMistake
from lianban.engines.identifiers.labels import label

_COMPONENTS = {"year": "年", "month": "月", "day": "日"}


class InvalidIdentifier(YourMistake):
    """Root of the identifier errors. ``found["kind"]`` is the kind's code; sentences print its name."""

    code = "LB-IDENTIFIERS-001"
    zh = "{kind}“{masked}”无效。请对照证件原件核对。"
    en = 'The {kind} "{masked}" is not valid. Compare it with the document itself.'

    def text(self, language: str = "zh") -> str:
        """The sentence, with the kind's name in that language in place of its code."""
        english = language.startswith("en")
        shown: dict[str, Any] = {**self.found, "kind": label(str(self.found.get("kind", "")), english)}
        if not english and "component" in shown:
            shown["component"] = _COMPONENTS.get(shown["component"], shown["component"])
        template = self.en if english else self.zh
        return template.format_map(_Shown(shown))


class WrongLength(InvalidIdentifier):
    code = "LB-IDENTIFIERS-002"
    zh = "{kind}应为{expected}位，现有{length}位（{masked}）。请检查是否漏写或多写。"
    en = "A {kind} has {expected} characters; {length} were found ({masked}). Look for one left out or doubled."


class WrongCharacter(InvalidIdentifier):
    code = "LB-IDENTIFIERS-003"
    zh = "{kind}第{position}位“{character}”不对，此处只能是 {expected}（{masked}）。请改正该位。"
    en = 'Character {position} of the {kind} is "{character}", where only {expected} may stand ({masked}). Mend it.'


class WrongCheckDigit(InvalidIdentifier):
    """The check digit does not follow from the characters before it: one of them was miscopied."""

    code = "LB-IDENTIFIERS-004"
    zh = (
        "{kind}第{position}位校验码“{character}”不对：按 {standard} 推算应为“{expected}”（{masked}）。"
        "该位或其前面某一位抄错，请逐位核对。"
    )
    en = (
        'The check digit, character {position} of the {kind}, is "{character}"; {standard} gives "{expected}" '
        "({masked}). It or a character before it was miscopied: compare one by one."
    )


class ImpossibleBirthDate(InvalidIdentifier):
    """``component`` is ``year``, ``month`` or ``day``."""

    code = "LB-IDENTIFIERS-005"
    zh = "{kind}第{position}位起的出生日期不存在：{component} 为“{value}”（{masked}）。请核对出生日期各位。"
    en = (
        "The birth date from character {position} of the {kind} does not exist: "
        'its {component} is "{value}" ({masked}). Check those digits.'
    )


class BirthDateOutOfRange(InvalidIdentifier):
    code = "LB-IDENTIFIERS-006"
    zh = (
        "{kind}第{position}位起的出生日期不在合理范围：应在 {earliest} 至 {latest} 之间（{masked}）。请核对。"
    )
    en = (
        "The birth date from character {position} of the {kind} is out of range: "
        "{earliest} to {latest} is possible ({masked}). Check those digits."
    )


class UnknownAreaCode(InvalidIdentifier):
    code = "LB-IDENTIFIERS-007"
    zh = "{kind}第{position}位起的地区代码“{area}”从未使用过（{masked}）。请核对这几位。"
    en = (
        'The area code "{area}" from character {position} of the {kind} was never assigned ({masked}). '
        "Check those digits."
    )


class AreaCodeOutOfForce(InvalidIdentifier):
    """The area code existed, but not at any time when this number could have been issued."""

    code = "LB-IDENTIFIERS-008"
    zh = "{kind}第{position}位起的地区代码“{area}”仅在 {since} 至 {until} 使用，编号时尚未启用或已撤销（{masked}）。请核对地区和出生日期。"
    en = (
        'The area code "{area}" from character {position} of the {kind} was in use from {since} to {until} only, '
        "not when this number could have been issued ({masked}). Check the area and the birth date."
    )


class DemoNumberRefused(InvalidIdentifier):
    """The prefix 99 is unassigned and belongs to made-up people; only a demonstration may accept it."""

    code = "LB-IDENTIFIERS-009"
    zh = "{kind}的地区码为 99，是演示专用号码（{masked}），正式系统不受理。请填写真实号码。"
    en = "The area in the {kind} is 99, kept for demonstrations ({masked}); it is refused here. Enter the real number."


class UnknownRegistrar(InvalidIdentifier):
    code = "LB-IDENTIFIERS-010"
    zh = "{kind}前两位“{character}”不是登记管理部门和机构类别代码（{masked}）。企业为 91，个体工商户为 92，机关为 11。"
    en = (
        'The {kind} begins with "{character}", which names no registering department and category ({masked}). '
        "Companies begin with 91, individual businesses with 92, state organs with 11."
    )


class WrongForm(InvalidIdentifier):
    """The text has none of the published forms of its kind; ``expected`` shows them by example."""

    code = "LB-IDENTIFIERS-011"
    zh = "{kind}“{masked}”不符合已公布的任何一种格式（如 {expected}）。请对照证件核对。"
    en = 'The {kind} "{masked}" has none of the published forms (such as {expected}). Compare it with the document.'


class UnknownPrefix(InvalidIdentifier):
    code = "LB-IDENTIFIERS-012"
    zh = "{kind}开头的“{prefix}”不存在（{masked}）。请核对前几位。"
    en = 'The {kind} begins with "{prefix}", which is not in use ({masked}). Check its beginning.'


class UnknownKind(InvalidIdentifier):
    code = "LB-IDENTIFIERS-013"
    zh = "没有名为“{kind}”的证件种类。可用：{known}。"
    en = 'There is no kind of identifier named "{kind}". There are: {known}.'


class _Shown(dict[str, Any]):
    """A missing field must not turn one error into another."""

    def __missing__(self, key: str) -> str:
        return "?"
