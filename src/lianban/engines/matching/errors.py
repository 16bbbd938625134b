"""The members of the error family that matching raises."""

from __future__ import annotations

from lianban.engines.errors import OurFault, YourMistake
from lianban.engines.scenes.problems import SceneRefused


class RegistriesRefused(SceneRefused):
    """Declarations of registries do not load. ``problems`` holds every finding, sorted by file and line."""

    code = "LB-MATCHING-001"
    status = 422
    zh = "登记库声明“{scene}”不能加载，发现 {count} 处问题：\n{list_zh}"
    en = 'The declarations of registries in "{scene}" do not load; {count} problem(s) found:\n{list_en}'


class NoIndex(OurFault):
    code = "LB-MATCHING-002"
    status = 503
    zh = "文件夹 {folder} 中没有碰撞索引。请先运行建立索引。"
    en = "There is no collision index in {folder}. Build it first."


class IndexUnreadable(OurFault):
    code = "LB-MATCHING-003"
    status = 503
    zh = "碰撞索引 {folder} 不能读取：{found}。请重建索引。"
    en = "The collision index in {folder} cannot be read: {found}. Build it again."


class IndexBusy(YourMistake):
    code = "LB-MATCHING-004"
    status = 409
    zh = "碰撞索引 {folder} 正在重建。请等待完成后再试。"
    en = "The collision index in {folder} is being built. Try again when that is done."


class UnknownRegistry(YourMistake):
    code = "LB-MATCHING-005"
    status = 404
    zh = "没有代码为“{registry}”的登记库。现有：{known}。"
    en = 'There is no registry with the code "{registry}". There are: {known}.'


class NotAKey(YourMistake):
    code = "LB-MATCHING-006"
    zh = "“{kind}”不能用于数据碰撞，只能用居民身份证号和统一社会信用代码。请改用其中之一，或转人工查询。"
    en = '"{kind}" cannot be matched; only resident numbers and credit codes can. Use one of them, or ask a person.'
