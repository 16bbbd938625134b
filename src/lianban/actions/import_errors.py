"""What an import says when it cannot go on. Codes LB-ACTIONS-110 to 095."""

from __future__ import annotations

from lianban.engines.errors import YourMistake


class ImportNotFound(YourMistake):
    code = "LB-ACTIONS-110"
    status = 404
    zh = "找不到该导入，或它不是本单位的。请从“导入”页重新打开。"
    en = "There is no such import, or it is not your agency's. Open it again from the page Import."


class ImportNotReady(YourMistake):
    code = "LB-ACTIONS-111"
    status = 409
    zh = "导入“{file}”现在是“{state}”，还不能{act}。{todo_zh}"
    en = "The import “{file}” is “{state}”: {act_en} is not possible now. {todo_en}"


class ImportIsEmpty(YourMistake):
    code = "LB-ACTIONS-112"
    zh = "“{file}”只有表头，没有可导入的行。"
    en = "“{file}” holds heads and no row."


class ImportedBefore(YourMistake):
    code = "LB-ACTIONS-113"
    status = 409
    zh = "内容相同的文件已于{at}导入过（{file}）。如确需再次导入，请先修改文件。"
    en = "A file of the same content was imported at {at} ({file}). Change the file if it is to be imported again."
