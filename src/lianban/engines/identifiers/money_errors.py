"""What can be wrong with a written amount. Amounts are shown as they came."""

from __future__ import annotations

from lianban.engines.errors import YourMistake


class InvalidMoney(YourMistake):
    """Root of the money errors; ``found["text"]`` is what was written."""

    code = "LB-IDENTIFIERS-060"
    zh = "“{text}”不是金额。请写成如 11500元、4700万元 或 人民币壹佰万元整。"
    en = '"{text}" is not an amount of money. Write it as 11500元, 4700万元 or 人民币壹佰万元整.'


class MoneyUnitMissing(InvalidMoney):
    code = "LB-IDENTIFIERS-061"
    zh = "“{text}”没有写单位，不能确定是元还是万元。请补写单位。"
    en = '"{text}" has no unit: it could be yuan or ten thousand yuan. Add the unit.'


class AmbiguousMoney(InvalidMoney):
    """Two readings are possible; the sentence gives both."""

    code = "LB-IDENTIFIERS-062"
    zh = "“{text}”有两种读法：{first} 或 {second}。请写明。"
    en = '"{text}" can be read in two ways: {first} or {second}. Write it so that only one is meant.'


class MoneyFraction(InvalidMoney):
    code = "LB-IDENTIFIERS-063"
    zh = "“{text}”精确到分以下。金额最小单位为分，请核对小数位。"
    en = '"{text}" goes below one fen. Amounts end at fen; check the decimals.'


class OtherCurrency(InvalidMoney):
    code = "LB-IDENTIFIERS-064"
    zh = "“{text}”是{currency}，此处只记人民币。请按文书写明的汇率折算后填写。"
    en = '"{text}" is in {currency}; only renminbi is recorded here. Convert it at the rate the document names.'


class MoneyDisagrees(InvalidMoney):
    code = "LB-IDENTIFIERS-065"
    zh = "“{text}”大小写不一致：大写为 {words}，小写为 {digits}。请核对文书。"
    en = '"{text}" contradicts itself: the words say {words}, the digits {digits}. Check the document.'


class MoneyTooLarge(InvalidMoney):
    code = "LB-IDENTIFIERS-066"
    zh = "“{text}”超过一万万亿元，无法表示。请核对位数。"
    en = '"{text}" is ten quadrillion yuan or more, which cannot be written. Count the digits.'


class InexactMoney(InvalidMoney):
    """Capitals are for cheques and judgments: a figure that nobody gave exactly cannot stand there."""

    code = "LB-IDENTIFIERS-067"
    zh = "“{text}”不是准确金额，不能写成大写。请先核定金额。"
    en = '"{text}" is not an exact amount and cannot be written in capitals. Have the amount established first.'
