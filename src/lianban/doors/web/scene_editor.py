"""The editor of a scene's drawing and tables: open, save (checked at once), compare, publish, discard.

The script of the page sends the file as it is, not as a form: a drawing may be larger than what a form may be.
"""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lianban.actions.discard_draft import discard_draft
from lianban.actions.errors import DraftGone, PublishedMeanwhile, SceneFileUnknown
from lianban.actions.permissions import may, require
from lianban.actions.publish_draft import publish_draft
from lianban.actions.save_draft import save_draft
from lianban.actions.scene_files import DRAWING, examine, require_file, require_owner
from lianban.doors.web.migration_reports import named, report
from lianban.doors.web.reading import a_number, acting_of
from lianban.doors.web.scene_words import TYPE, english, finding, standing
from lianban.doors.web.scenes import file_differences, offers
from lianban.engines.errors import LianbanError
from lianban.engines.migration import route
from lianban.engines.scenes.editing import Examined, FileTooLarge
from lianban.engines.scenes.table_view import tables_shown
from lianban.engines.scenes.tables import MAX_BYTES
from lianban.records import drafts, people, publications, scenes

# A table that is begun on a page: one decision with one input and no rule yet.
_NEW_TABLE = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" xmlns:dmndi="https://www.omg.org/spec/DMN/20191111/DMNDI/" xmlns:dc="http://www.omg.org/spec/DMN/20180521/DC/" id="definitions_{name}" name="{name}" namespace="https://lianban.example/decisions">
  <decision id="{name}" name="{name}">
    <variable id="variable_{name}" name="{name}" />
    <decisionTable id="table_{name}" hitPolicy="UNIQUE">
      <input id="input_1" label="">
        <inputExpression id="expression_1" typeRef="string"><text></text></inputExpression>
      </input>
      <output id="output_1" name="{name}" typeRef="string" />
    </decisionTable>
  </decision>
  <dmndi:DMNDI>
    <dmndi:DMNDiagram id="diagram_{name}">
      <dmndi:DMNShape id="shape_{name}" dmnElementRef="{name}"><dc:Bounds height="80" width="180" x="160" y="100" /></dmndi:DMNShape>
    </dmndi:DMNDiagram>
  </dmndi:DMNDI>
</definitions>
"""


# What dmn-js says, in Chinese; the keys are its own texts.
_TABLES = {
    "View DRD": "看决策图", "Decision name": "决策名称", "Decision name: ": "决策名称：", "Add rule": "添加规则", "Add input": "添加输入列",
    "Hit policy:": "命中策略：", "Input expression": "输入表达式", "Input expression: ": "输入表达式：", "Input label: ": "输入标题：",
    "Output label: ": "输出标题：", "Output name: ": "输出名称：", "Input type": "输入类型", "Output type": "输出类型",
    "Add input column left": "在左侧添加输入列", "Add input column right": "在右侧添加输入列", "Add values": "添加取值",
    "Add output column left": "在左侧添加输出列", "Add output column right": "在右侧添加输出列", "Annotation": "说明",
    "Add predefined values": "添加预设取值", "Clear predefined values": "清除预设取值", "Predefined values": "预设取值",
    "Remove input column": "删除输入列", "Remove output column": "删除输出列", "Copy rule": "复制规则", "Cut rule": "剪切规则",
    "Paste rule above": "粘贴到上方", "Paste rule below": "粘贴到下方", "Move rule": "移动规则", "Enter expression": "填写表达式",
    "Add cell description": "添加单元格说明", "Remove cell description": "删除单元格说明", "Edit": "编辑", "Yes": "是", "No": "否",
    "Create knowledge model": "新建知识模型", "Add text annotation": "添加注释", "Connect to other element": "连到另一元素",
    "Append decision": "接一个决策", "Append input data": "接一个输入数据", "Append knowledge source": "接一个依据",
    "Append business knowledge model": "接一个知识模型", "Activate hand tool": "移动画布", "Activate lasso tool": "框选",
    "Expression language": "表达式语言", "Expression language:": "表达式语言：", "Variable name": "变量名称", "Variable type": "变量类型",
    "Variable name:": "变量名称：", "Variable type:": "变量类型：", "Search in diagram": "在图中查找", "Resize": "调整大小",
    "Add output": "添加输出列", "Hit policy": "命中策略", "Hit Policy": "命中策略", "Input": "输入", "Output": "输出",
    "And": "与", "When": "当", "Then": "则", "Annotations": "说明", "Create decision": "新建决策",
    "Create input data": "新建输入数据", "Create knowledge source": "新建依据", "Connect": "连线", "Remove": "删除",
    "Delete": "删除", "Add rule above": "在上方添加规则", "Add rule below": "在下方添加规则", "Remove rule": "删除规则",
    "Clear rule": "清空规则", "Copy": "复制", "Cut": "剪切", "Paste": "粘贴", "Expression": "表达式", "Label": "标题",
    "Input label": "输入标题", "Output label": "输出标题", "Output name": "输出名称", "Type": "类型", "Unique": "唯一",
    "First": "首个", "Priority": "优先级", "Any": "任一", "Collect": "汇总", "Rule order": "规则次序",
    "Output order": "输出次序", "Empty": "空", "Change type": "更改类型", "Open": "打开", "Edit input": "编辑输入",
    "Edit output": "编辑输出",
}  # fmt: skip


def _words(scene: str, file: str, base: int, revision: int) -> dict[str, Any]:
    """What the script says, in the reader's language, and where it begins."""
    return {
        "scene": scene, "file": file, "name": file.rpartition("/")[2], "save": f"/scenes/{scene}/draft/{file}",
        "base": base, "revision": revision, "english": english(), "largest": MAX_BYTES,
        "tables": {} if english() else _TABLES,
        "saved": _("已保存，没有错误。"), "savedWithErrors": _("已保存为草稿，有 {n} 处错误，改正后才能发布。"),
        "errors": _("{n} 处错误"), "none": _("没有错误"), "more": _("另有 {n} 处，改正上面的之后再看。"),
        "failed": _("没有保存：服务器没有应答。您的改动还在，请稍后再试，或先下载文件。"),
        "signedOut": _("没有保存：登录已过期。请在另一个标签页登录，再回到这里保存；您的改动还在。"),
        "keep": _("下载我的版本"), "theirs": _("打开对方的版本"), "saveFirst": _("有改动未保存。请先保存草稿，再比较和发布。"),
        "tooLarge": _("文件超过 5 MB，没有打开。"), "notOpened": _("文件不能打开。"), "select": _("在图上选一个元素。"), "yes": _("是"),
        "types": {code: str(name) for code, name in TYPE.items()},
        "fields": {
            "name": _("名称"), "role": _("岗位"), "form": _("表单"), "action": _("办理动作"), "clock": _("时限"),
            "called": _("调用的流程"), "service": _("处理程序"), "letter": _("函件种类"), "decision": _("决策"), "result": _("结果变量"), "stage": _("阶段"),
            "condition": _("条件（以 = 开头）"), "isDefault": _("默认出口"), "timeDuration": _("多久之后"),
            "timeDate": _("在何时"), "timeCycle": _("每隔多久"),
        },
    }  # fmt: skip


def _said(examined: Examined) -> dict[str, Any]:
    return {
        "findings": [finding(one) for one in examined.findings],
        "errors": examined.errors,
        "more": examined.more,
    }


@require_GET
def edit(request: HttpRequest, scene: str, file: str) -> HttpResponse:
    """The open draft, else the live version; on a narrow screen to read only."""
    acting, pack = acting_of(request), scenes.scene(scene)
    require(acting, "save_draft")
    require_file(scene, file)
    with connection.cursor() as cursor:
        require_owner(acting, cursor, scene)
        draft, live = drafts.open_draft(cursor, scene, file), publications.live(cursor, scene, file)
        if live is not None and live.withdrawn and draft is None:
            raise SceneFileUnknown(scene=scene, file=file)
        if draft is not None:
            text = draft.content
        elif live is not None:
            text = publications.text_of(cursor, live)
        else:
            text = _NEW_TABLE.format(name=file.removeprefix("decisions/").removesuffix(".dmn"))
        examined = examine(cursor, scene, file, text.encode("utf-8"))
        names = people.names(cursor, [draft.officer if draft else None])
        known = offers(cursor, pack)
    number = live.number if live else 0
    context = {
        "pack": pack, "file": file, "is_drawing": file == DRAWING, "draft": draft, "live": live,
        "standing": standing(draft, names.get(draft.officer, "")) if draft else "",
        "text": text, "said": _said(examined), "findings": _said(examined)["findings"], "offers": known,
        "number": number,
        "outdated": draft is not None and draft.base != number, "may_publish": may(acting, "publish_draft"),
        "tables": tables_shown(text.encode("utf-8")) if file != DRAWING else (),
        "words": _words(scene, file, draft.base if draft else number, draft.revision if draft else 0),
    }  # fmt: skip
    response = render(request, "scene_editor.html", context)
    # bpmn-js and dmn-js set style attributes on what they draw: this page alone relaxes styles, not scripts.
    response.shows_drawing = True
    return response


@require_POST
def save(request: HttpRequest, scene: str, file: str) -> JsonResponse:
    """Save what the editor sends: 200 with what is wrong; 409 where somebody saved in between; 413, 422 where the file
    cannot be kept. Nothing is ever half saved, and the editor keeps what it has."""
    acting = acting_of(request)
    try:
        content = _body(request, file)
        saved = save_draft(
            acting, scene, file, content, _number(request, "base"), _number(request, "revision")
        )
    except LianbanError as error:
        request.failed = True
        said = {"code": error.code, "message": error.text(get_language() or "zh")}
        return JsonResponse({"error": said}, status=error.status)
    with connection.cursor() as cursor:
        who = people.name(cursor, saved.draft.officer)
    return JsonResponse(
        {"revision": saved.draft.revision, "base": saved.draft.base, "standing": standing(saved.draft, who)}
        | _said(saved.examined)
    )


def _body(request: HttpRequest, file: str) -> bytes:
    """The file, read no further than what a file may have."""
    size = request.headers.get("Content-Length", "")
    content = request.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise FileTooLarge(file=file, size=int(size) if size.isdigit() else len(content), limit=MAX_BYTES)
    return content


def _number(request: HttpRequest, name: str) -> int:
    """A number of the address; what is none counts as 0, which no draft and no version has."""
    return a_number(request.GET.get(name, ""))


@require_POST
def discard(request: HttpRequest, scene: str, file: str) -> HttpResponse:
    discard_draft(acting_of(request), scene, file, a_number(request.POST.get("revision", "")))
    return HttpResponseRedirect(f"/scenes/{scene}")


@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest, scene: str, file: str) -> HttpResponse:
    """What publishing would change: the difference to the live version, and what open matters could follow."""
    acting, pack = acting_of(request), scenes.scene(scene)
    refused: LianbanError | None = None
    if request.method == "POST":
        revision, reason = a_number(request.POST.get("revision", "")), request.POST.get("reason", "")
        try:
            made = publish_draft(acting, scene, file, revision, reason)
        except LianbanError as error:
            if error.status == 403 or isinstance(error, DraftGone | PublishedMeanwhile):
                raise
            refused = error
        else:
            before = request.POST.get("before", "")
            if file == DRAWING and request.POST.get("migrate") and before.isdigit():
                return HttpResponseRedirect(f"/scenes/{scene}/migrate?from={before}")
            return HttpResponseRedirect(f"/scenes/{scene}?done=published&version={made.number}")
    require(acting, "save_draft")
    require_file(scene, file)
    with connection.cursor() as cursor:
        require_owner(acting, cursor, scene)
        draft, live = drafts.open_draft(cursor, scene, file), publications.live(cursor, scene, file)
        if draft is None:
            raise DraftGone(file=file)
        examined = examine(cursor, scene, file, draft.content.encode("utf-8"))
        lines, found, rests = [], None, []
        if not examined.errors:
            lines = file_differences(cursor, file, live, draft.content, graph=examined.graph)
            if (
                file == DRAWING
                and live is not None
                and live.drawing is not None
                and examined.graph is not None
            ):
                way = route(scenes.graph_of(cursor, live.drawing), examined.graph)
                found = report(
                    cursor, acting, live.drawing, way, {"from": live.number, "draft": draft.revision}
                )
                rests = named(found, way.old)
        names = people.names(cursor, [draft.officer])
    context = {
        "pack": pack, "file": file, "draft": draft, "live": live, "lines": lines, "report": found,
        "rests": rests, "standing": standing(draft, names.get(draft.officer, "")),
        "findings": _said(examined)["findings"], "errors": examined.errors, "is_drawing": file == DRAWING,
        "outdated": draft.base != (live.number if live else 0), "may_publish": may(acting, "publish_draft"),
        "refused": refused.text(get_language() or "zh") if refused else "", "reason": request.POST.get("reason", ""),
    }  # fmt: skip
    return render(request, "scene_publish.html", context, status=refused.status if refused else 200)


@require_GET
def new_table(request: HttpRequest, scene: str) -> HttpResponse:
    """Begin a table: the address of its editor, by the name that was typed."""
    file = f"decisions/{request.GET.get('name', '').strip()}.dmn"
    require_file(scene, file)
    return HttpResponseRedirect(f"/scenes/{scenes.scene(scene).name}/edit/{file}")
