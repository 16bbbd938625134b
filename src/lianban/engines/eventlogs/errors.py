"""Errors of reading a log. Each names the line, what was found there and what to do."""

from __future__ import annotations

from lianban.engines.errors import YourMistake


class LogUnreadable(YourMistake):
    """The file is not there, is no file, or may not be read."""

    code = "LB-EVENTLOGS-001"
    zh = "日志文件“{file}”无法打开：{problem}。请检查路径与权限。"
    en = 'The log "{file}" cannot be opened: {problem}. Check its path and permissions.'


class LogEmpty(YourMistake):
    """The file has no bytes."""

    code = "LB-EVENTLOGS-002"
    zh = "日志文件“{file}”是空的。请重新导出。"
    en = 'The log "{file}" is empty. Export it again.'


class NoCases(YourMistake):
    """The file is well formed and holds no event of any case."""

    code = "LB-EVENTLOGS-003"
    zh = "日志“{file}”中没有案件：读到 {found}。请确认导出时选中了案件与事件。"
    en = 'The log "{file}" has no cases: found {found}. Make sure that the export includes cases and events.'


class LogBroken(YourMistake):
    """The file ends too early or breaks the rules of XML, CSV or gzip."""

    code = "LB-EVENTLOGS-004"
    zh = "日志“{file}”第 {line} 行损坏或被截断：{problem}。请重新导出或重新传输，并核对文件大小。"
    en = 'The log "{file}" is broken or cut off at line {line}: {problem}. Export or transfer it again and compare its size.'


class WrongEncoding(YourMistake):
    """A line holds bytes that the file's encoding does not allow: mixed encodings, or another one."""

    code = "LB-EVENTLOGS-005"
    zh = "日志“{file}”第 {line} 行不是 {encoding} 编码（{found}）。若整个文件为其他编码（如 GB18030），请指明；若编码混杂，请统一后再导入。"
    en = (
        'Line {line} of the log "{file}" is not {encoding} ({found}). If the whole file has another encoding '
        "(such as GB18030), say so; if encodings are mixed, unify them first."
    )


class ColumnMissing(YourMistake):
    """A CSV log has no column for the case, the activity or the time."""

    code = "LB-EVENTLOGS-006"
    zh = "日志“{file}”第 1 行缺少{role_zh}列“{column}”。现有列：{found}。{suggestion_zh}请指明列名。"
    en = (
        'The log "{file}" has no column for the {role_en} ("{column}") in line 1. Its columns: {found}. '
        "{suggestion_en}Name the column to use."
    )


class ColumnTwice(YourMistake):
    """A needed column's name stands twice in the header."""

    code = "LB-EVENTLOGS-007"
    zh = "日志“{file}”第 1 行有两个“{column}”列，无法判断用哪一个。请改名或删去其一。"
    en = 'Line 1 of the log "{file}" has two columns "{column}", and which one counts cannot be told. Rename or remove one.'


class RowLength(YourMistake):
    """A row has more or fewer fields than the header."""

    code = "LB-EVENTLOGS-008"
    zh = "日志“{file}”第 {line} 行有 {found} 个字段，表头有 {expected} 个。请检查分隔符与引号。"
    en = 'Line {line} of the log "{file}" has {found} fields, the header has {expected}. Check delimiters and quotes.'


class ValueMissing(YourMistake):
    """An event has no case, no activity or no time."""

    code = "LB-EVENTLOGS-009"
    zh = "日志“{file}”第 {line} 行的事件缺少{role_zh}（{column}）。请补全该值，或删去该事件后重新导出。"
    en = 'The event in line {line} of the log "{file}" has no {role_en} ({column}). Fill it in, or leave the event out and export again.'


class TimeUnreadable(YourMistake):
    """A time cannot be read without guessing."""

    code = "LB-EVENTLOGS-010"
    zh = "日志“{file}”第 {line} 行的时间“{found}”无法识别。请写成 2026-01-31T09:30:00+08:00 的形式，或指明时间格式。"
    en = (
        'The time "{found}" in line {line} of the log "{file}" cannot be read. '
        "Write it as 2026-01-31T09:30:00+08:00, or state its format."
    )


class UnsafeXml(YourMistake):
    """A document type or entity declaration: no XES log needs one, and one can exhaust the machine."""

    code = "LB-EVENTLOGS-011"
    zh = "日志“{file}”第 {line} 行含有 DOCTYPE 或实体声明，出于安全不予读取。XES 日志不需要它，请去掉后重试。"
    en = 'Line {line} of the log "{file}" declares a DOCTYPE or entities, which is refused for safety. XES needs none: remove it.'


class LogTooLarge(YourMistake):
    """The log, unpacked, is larger than the limit."""

    code = "LB-EVENTLOGS-012"
    zh = "日志“{file}”解压后超过 {limit} 字节。请拆分后导入，或由管理员提高上限。"
    en = 'The log "{file}" is larger than {limit} bytes when unpacked. Split it, or let an operator raise the limit.'


class NotXes(YourMistake):
    """The file is XML, and no XES log."""

    code = "LB-EVENTLOGS-013"
    zh = "“{file}”是 XML 文件但不是 XES 日志：根元素为 <{found}>，应为 <log>。请导出为 XES 或 CSV。"
    en = '"{file}" is XML but no XES log: its root is <{found}>, not <log>. Export it as XES or CSV.'
