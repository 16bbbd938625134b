"""Errors of the ledger engine (存证)."""

from __future__ import annotations

from lianban.engines.errors import OurFault, YourMistake


class NotCanonical(YourMistake):
    """A payload holds a value that has no single canonical JSON form."""

    code = "LB-LEDGER-001"
    zh = "存证内容中“{path}”的值不能写成唯一的 JSON（{problem}）。请改用文本、整数、真假值、列表或对象；金额用分的整数。"
    en = (
        'The value at "{path}" of the payload has no single JSON form ({problem}). '
        "Use text, integers, booleans, lists or objects; money as an integer number of fen."
    )


class WrongSalt(OurFault):
    """A salt of another length would make commitments guessable or ambiguous."""

    code = "LB-LEDGER-002"
    zh = "存证随机盐应为 {expected} 字节，实际为 {length} 字节。请用 new_salt() 取得。"
    en = "A salt has {expected} bytes, this one has {length}. Take it from new_salt()."


class UnknownAlgorithm(YourMistake):
    """The data names an algorithm that this version does not know."""

    code = "LB-LEDGER-003"
    zh = "不认识的算法“{name}”。本版本支持：{known}。请用更新的版本核验。"
    en = 'Unknown algorithm "{name}". This version knows: {known}. Verify with a newer version.'


class OutOfTree(YourMistake):
    """A proof was asked for a place or a size that the tree does not have."""

    code = "LB-LEDGER-004"
    zh = "存证树中没有所要求的位置：{asked}，而树的大小为 {size}。请检查序号与检查点。"
    en = "The tree has no such place: {asked}, while its size is {size}. Check the index and the checkpoint."


class NodeMissing(OurFault):
    """A stored node is missing or has the wrong length, so no proof can be made."""

    code = "LB-LEDGER-005"
    zh = "存证树缺少节点（层 {level}，序号 {index}）或其长度不对。请运行 lianban ledger verify 找出被改动之处。"
    en = (
        "The tree's node (level {level}, index {index}) is missing or has the wrong length. "
        "Run lianban ledger verify to find what was changed."
    )


class BadCheckpoint(YourMistake):
    """A checkpoint's text does not follow the signed-note format."""

    code = "LB-LEDGER-006"
    zh = "检查点第 {line} 行不合格式：{problem}，读到“{value}”。请使用原样导出的检查点文本。"
    en = 'Line {line} of the checkpoint is malformed: {problem}, found "{value}". Use its text exactly as exported.'


class BadProof(YourMistake):
    """A proof file lacks a field or a field has the wrong shape."""

    code = "LB-LEDGER-007"
    zh = "证明文件的“{field}”不合格式：{problem}。请使用原样导出的证明文件。"
    en = 'The field "{field}" of the proof is malformed: {problem}. Use the file exactly as exported.'


class DoesNotVerify(YourMistake):
    """Something was changed: a recomputed value differs from the stated one."""

    code = "LB-LEDGER-008"
    zh = "核验不通过：{what}与所存内容不符（应为 {expected}，实为 {actual}）。内容在存证之后被改动过。"
    en = (
        "Does not verify: {what} differs (expected {expected}, found {actual}). "
        "Something was changed after it was recorded."
    )
