"""What is said about a table as a whole. What is wrong with one row is a value, not an error."""

from __future__ import annotations

from lianban.engines.errors import YourMistake


class TableUnreadable(YourMistake):
    code = "LB-IMPORTS-001"
    zh = "无法读取“{file}”：{problem_zh}。请另存为 .xlsx 或 UTF-8 编码的 .csv 后再上传。"
    en = "“{file}” cannot be read: {problem_en}. Save it as .xlsx or as .csv in UTF-8 and hand it in again."


class TableTooLarge(YourMistake):
    code = "LB-IMPORTS-002"
    status = 413
    zh = "“{file}”有 {found} {what_zh}，最多 {most}。请拆成几个文件。"
    en = "“{file}” has {found} {what_en}; at most {most} are taken. Split it into several files."


class HeadsWrong(YourMistake):
    """The first row does not fit. Nothing was read beyond it."""

    code = "LB-IMPORTS-003"
    status = 422
    zh = "表头有 {count} 处问题：{problems_zh}"
    en = "The heads have {count} problems: {problems_en}"
