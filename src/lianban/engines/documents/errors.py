"""What can go wrong with an official document, in the one family of errors."""

from __future__ import annotations

from lianban.engines.errors import OurFault, YourMistake


class UnknownKind(YourMistake):
    code = "LB-DOCUMENTS-001"
    status = 404
    zh = "没有“{kind}”这种文书。现有：{known}。请改用其中之一，或给出文书模板文件夹的路径。"
    en = 'There is no document of kind "{kind}". Known: {known}. Use one of them, or the path of a template.'


class TemplateBroken(OurFault):
    code = "LB-DOCUMENTS-002"
    zh = "文书模板“{template}”不能用：{where}：{problem}。请改正模板后重新载入。"
    en = 'The document template "{template}" cannot be used: {where}: {problem}. Mend the template and load again.'


class FieldsMissing(YourMistake):
    code = "LB-DOCUMENTS-003"
    status = 422
    zh = "“{template}”缺少必填项：{fields}。请补齐后再生成。"
    en = 'The "{template}" lacks required fields: {fields}. Fill them in and render again.'


class FieldsUnknown(YourMistake):
    code = "LB-DOCUMENTS-004"
    status = 422
    zh = "“{template}”没有这些项：{fields}。可用的项：{known}。请删除或改名。"
    en = 'The "{template}" has no such fields: {fields}. It has: {known}. Remove or rename them.'


class FieldWrong(YourMistake):
    """``expected`` says what it takes in both languages."""

    code = "LB-DOCUMENTS-005"
    status = 422
    zh = "“{template}”的“{label}”（{field}）填写有误：应为{expected}，收到{received}。请改正。"
    en = 'Field "{field}" ({label}) of "{template}" is wrong: expected {expected}, found {received}. Correct it.'


class FontsMissing(OurFault):
    code = "LB-DOCUMENTS-006"
    zh = (
        "缺少生成文书所需的字体：{families}（已查找：{folders}）。"
        "请先运行 `lianban parts fetch` 取得 frontend/assets.lock 所列字体包，或把含有这些字体的文件夹交给程序。"
    )
    en = (
        "The fonts for documents are missing: {families} (looked in: {folders}). Run `lianban parts fetch` for the "
        "font packages of frontend/assets.lock, or hand over a folder that holds these families."
    )


class GlyphsMissing(YourMistake):
    code = "LB-DOCUMENTS-007"
    status = 422
    zh = (
        "字体中没有这些字：{characters}（{count} 个）。为免文书上出现空框，未予生成。"
        "请核对用字，或在字体文件夹中加入含有这些字的字体后重试。"
    )
    en = (
        "The fonts have no glyph for: {characters} ({count} in all). Nothing was rendered, so that no empty box "
        "is printed. Check the characters, or add a font that has them to the font folder and try again."
    )


class NumberWrong(YourMistake):
    """``problem`` says what is wrong in both languages."""

    code = "LB-DOCUMENTS-008"
    status = 422
    zh = "文号“{text}”不合“{pattern}”的式样：{problem}。请按式样填写，例如：{example}。"
    en = 'Document number "{text}" does not fit the pattern "{pattern}": {problem}. Write it like: {example}.'


class RenderingFailed(OurFault):
    code = "LB-DOCUMENTS-009"
    zh = "文书“{template}”排版失败：{problem}。请检查该模板的版式文件。"
    en = 'Typesetting "{template}" failed: {problem}. Check the layout file of this template.'


class TimeWithoutZone(YourMistake):
    code = "LB-DOCUMENTS-010"
    zh = "生成时间 {found} 没有时区。请给出带时区的时间，例如 2026-11-24T09:00:00+08:00。"
    en = (
        "The time of creation {found} has no time zone. Give one that has, such as 2026-11-24T09:00:00+08:00."
    )
