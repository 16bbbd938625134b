"""A file of decision tables: read within bounds, checked, each finding anchored at its cell, rule or decision.

The checks are those of feeldmn (:meth:`feeldmn.Model.check`), whose messages are English; here each gets a Chinese
sentence that says what to do, and the id of the element of the file that an editor can point at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

import feeldmn

MAX_BYTES = 5 * 1024 * 1024
MAX_DEPTH = 100
#: A table of 2,000 rules and ten columns has 45,000.
MAX_ELEMENTS = 50_000
MAX_DECISIONS = 500
_ROWS = 3  # of a gap or an overlap that are shown
_DOCTYPE = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_DECISION = re.compile(r"""(?:decision|business knowledge model) (['"])(?P<name>.*?)\1""")

# Those of DMN itself, and what bpmn.io's and Camunda's editors write for themselves.
_KNOWN_NAMESPACES = (
    "http://www.omg.org/spec/", "https://www.omg.org/spec/", "http://bpmn.io/schema/", "http://camunda.org/schema/",
)  # fmt: skip
# What to do, by the code of a finding. The message itself follows in English, with names and positions.
_ADVICE = {
    "feel.syntax": "不是正确的 FEEL 表达式。请改正该单元格",
    "dmn.hit_policy": "命中策略不存在。请在表格左上角重新选择",
    "dmn.language": "表达式用了 FEEL 以外的语言。请改写为 FEEL",
    "dmn.depth": "表达式嵌套太深。请拆成几个决策",
    "dmn.type_cycle": "类型只由自身定义。请改正该类型",
    "dmn.import": "引用的模型不存在。请把内容放进本文件",
    "dmn.reference": "连线指向不存在的元素。请重新连线",
    "dmn.duplicate_id": "编号重复。请给每个元素各自的编号",
    "dmn.cycle": "决策绕一圈又要求它自己，无法计算。请删去其中一条连线",
    "check.unknown_name": "用到了此处不认识的名称。请连上提供它的输入或决策，或改正名称",
    "check.unknown_type": "类型没有定义。请改用已有的类型",
    "check.type": "类型不合。请改正单元格或列的类型",
    "check.overlap": "几条规则同时命中，而命中策略不允许。请收窄其中一条，或改用其他命中策略",
    "check.gap": "有些情形没有规则命中。请补充规则或默认输出",
    "check.unreachable": "这条规则永远轮不到。请检查它之前的规则",
    "check.not_analysed": "此表未作空缺与重叠分析",
}
# The same in English, behind the message, where the message does not say it itself.
_ADVICE_EN = {
    "feel.syntax": "Correct the cell.",
    "dmn.hit_policy": "Choose one at the top left of the table.",
    "dmn.language": "Write it in FEEL.",
    "dmn.type_cycle": "Correct the type.",
    "dmn.import": "Put what it imports into this file.",
    "dmn.reference": "Connect it again.",
    "dmn.cycle": "Remove one of the requirements.",
    "check.unknown_name": "Connect the input or decision that gives it, or correct the name.",
    "check.unknown_type": "Use a type that exists.",
    "check.type": "Correct the cell or the type of its column.",
    "check.overlap": "Narrow one of the rules, or choose another hit policy.",
    "check.unreachable": "Check the rules before it.",
}


class TableUnreadable(Exception):
    """The file cannot be kept or opened at all; ``zh`` and ``en`` say why. Internal: callers name the file."""

    def __init__(self, zh: str, en: str, line: int = 0) -> None:
        self.zh, self.en, self.line = zh, en, line
        super().__init__(en)


@dataclass(frozen=True, slots=True)
class TableFinding:
    """One finding: ``element`` is the id of the cell, rule or decision, ``within`` that of the decision around it."""

    is_error: bool
    code: str
    element: str
    within: str
    name: str
    line: int
    zh: str
    en: str


def read_table(dmn: bytes, source: str) -> feeldmn.Model:
    """The model of a DMN file. Raises :class:`TableUnreadable`: too large, too deep, with entities, no DMN."""
    if len(dmn) > MAX_BYTES:
        raise TableUnreadable(
            f"文件有 {len(dmn):,} 字节，上限为 {MAX_BYTES:,} 字节。请拆成几个文件。",
            f"The file has {len(dmn):,} bytes; the limit is {MAX_BYTES:,}. Split it.",
        )
    if found := _DOCTYPE.search(dmn):
        raise TableUnreadable(
            "文件含有文档类型或实体声明，DMN 不需要，也可能是攻击。请删去 <!DOCTYPE …> 后重试。",
            "The file declares a document type or entities, which DMN does not need and attacks do. Remove <!DOCTYPE …>.",
            dmn.count(b"\n", 0, found.start()) + 1,
        )
    try:
        model = feeldmn.read_dmn(dmn, source=source)
    except feeldmn.DmnReadError as error:
        raise TableUnreadable(
            f"不能读取：{error}。请在决策表编辑器中打开并重新保存。",
            f"It cannot be read: {error}. Open it in an editor of decision tables and save it again.",
            error.position.line if error.position else 0,
        ) from None
    _check_shape(dmn)
    if len(model.decisions) > MAX_DECISIONS:
        raise TableUnreadable(
            f"文件有 {len(model.decisions):,} 个决策，上限为 {MAX_DECISIONS}。请拆成几个文件。",
            f"The file has {len(model.decisions):,} decisions; the limit is {MAX_DECISIONS}. Split it.",
        )
    return model


def check_table(model: feeldmn.Model, dmn: bytes) -> list[TableFinding]:
    """Everything the static check finds, anchored. Errors keep a table from being published, others do not."""
    root = tree(dmn)
    anchors = _Anchors(root)
    found = list(_of_the_file(root, anchors))
    for one in model.check():
        if one.code == "dmn.duplicate_id":
            continue  # told above, of cells and rules too
        element, within, name = anchors.of(one)
        advice = _ADVICE.get(one.code, "有误。请改正")
        said = one.message + "".join(f"; | {' | '.join(row)} |" for row in one.rows[:_ROWS])
        found.append(
            TableFinding(
                one.severity is feeldmn.Severity.ERROR, one.code, element, within, name, one.line,
                _in_chinese(one, advice, said), f"{said[0].upper()}{said[1:]}. {_ADVICE_EN.get(one.code, '')}".rstrip(),
            )
        )  # fmt: skip
    return found


def _in_chinese(one: feeldmn.Finding, advice: str, said: str) -> str:
    """The advice with what it is about: rules and cases by themselves where they say it all, else the library's words."""
    if one.code not in ("check.gap", "check.overlap", "check.unreachable"):
        return f"{advice}。（{said}）"
    rules = f"规则 {'、'.join(map(str, one.rules))}：" if one.rules else ""
    cases = "；".join(f"| {' | '.join(row)} |" for row in one.rows[:_ROWS])
    return f"{rules}{advice}。" + (f"例如：{cases}" if cases else "")


def _of_the_file(root: etree._Element, anchors: _Anchors) -> Iterator[TableFinding]:
    """What is wrong with the file before anything in it is read: ids used twice, elements nobody knows."""
    seen: dict[str, int] = {}
    for element in root.iter(etree.Element):
        key, name = element.get("id"), etree.QName(element)
        line = element.sourceline or 0
        if key and key in seen:
            yield TableFinding(
                True, "dmn.duplicate_id", *anchors.around(element), line,
                f"编号“{key}”在第 {seen[key]} 行已经用过。请改用另一个编号。",
                f'The id "{key}" is already used on line {seen[key]}. Choose another.',
            )  # fmt: skip
        elif key:
            seen[key] = line
        if not (name.namespace or "").startswith(_KNOWN_NAMESPACES):
            yield TableFinding(
                True, "dmn.unknown_namespace", *anchors.around(element), line,
                f"元素 {name.localname} 属于未知的命名空间 {name.namespace or '（无）'}，不知其含义。请删去。",
                f"The element {name.localname} is of the unknown namespace {name.namespace or '(none)'}: nobody can know"
                " what it means. Remove it.",
            )  # fmt: skip


class _Anchors:
    """From the line of a finding to the nearest element with an id."""

    def __init__(self, root: etree._Element) -> None:
        self.by_line: dict[int, list[etree._Element]] = {}
        self.by_name: dict[str, etree._Element] = {}
        for element in root.iter(etree.Element):
            self.by_line.setdefault(element.sourceline or 0, []).append(element)
        for element in root:
            if isinstance(element.tag, str) and element.get("name"):
                self.by_name.setdefault(element.get("name"), element)

    def of(self, finding: feeldmn.Finding) -> tuple[str, str, str]:
        """(id, id of the decision around it, its name); empty where the finding is about the whole file."""
        at = self._element(finding)
        return self.around(at, finding.rules[0] if finding.rules else 0) if at is not None else ("", "", "")

    def around(self, at: etree._Element | None, rule: int = 0) -> tuple[str, str, str]:
        """The same for an element; ``rule`` names, from 1, a rule of the table it is in."""
        assert at is not None
        top = at
        while (parent := top.getparent()) is not None and parent.getparent() is not None:
            top = parent
        rules = list(top.iter("{*}rule")) if rule else []
        if 0 < rule <= len(rules) and rules[rule - 1].get("id"):
            at = rules[rule - 1]
        while at is not None and not at.get("id"):
            at = at.getparent()
        inside = top.getparent() is not None
        return (
            (at.get("id") or "") if at is not None else "",
            (top.get("id") or "") if inside else "",
            (top.get("name") or "") if inside else "",
        )

    def _element(self, finding: feeldmn.Finding) -> etree._Element | None:
        here = self.by_line.get(finding.line, []) if finding.line else []
        named = _DECISION.search(finding.where)
        decision = self.by_name.get(named["name"]) if named else None
        # A file written on one line says nothing by its lines: then the decision is named.
        if decision is not None and finding.position is None and decision.sourceline == finding.line:
            return decision
        if decision is not None:
            here = [element for element in here if element is decision or _inside(element, decision)]
            return here[-1] if here and len(here) <= 8 else decision
        return here[-1] if here and len(here) <= 8 else None


def _inside(element: etree._Element, decision: etree._Element) -> bool:
    return any(parent is decision for parent in element.iterancestors())


def tree(dmn: bytes) -> etree._Element:
    """The elements of a file, without entities or network. Raises what lxml raises for what is not well-formed."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    return etree.fromstring(dmn, parser)


def _check_shape(dmn: bytes) -> None:
    root = tree(dmn)
    depth = count = 0
    for kind, element in _walk(root):
        depth += kind
        count += kind == 1
        if depth > MAX_DEPTH:
            raise TableUnreadable(
                f"元素嵌套超过 {MAX_DEPTH} 层。请拆成几个决策。",
                f"Elements are nested deeper than {MAX_DEPTH}. Split it into several decisions.",
                element.sourceline or 0,
            )
    if count > MAX_ELEMENTS:
        raise TableUnreadable(
            f"文件有 {count:,} 个元素，上限为 {MAX_ELEMENTS:,}。请拆成几个文件。",
            f"The file has {count:,} elements; the limit is {MAX_ELEMENTS:,}. Split it.",
        )


def _walk(root: etree._Element) -> Iterator[tuple[int, etree._Element]]:
    for event, element in etree.iterwalk(root, events=("start", "end")):
        yield (1 if event == "start" else -1), element
