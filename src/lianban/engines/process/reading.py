"""Reads the bytes of a drawing safely: no entities, no network, bounded size and depth."""

from __future__ import annotations

import re

from lxml import etree

from lianban.engines.process.errors import DrawingRefused, Problem
from lianban.engines.process.profile import BPMN

MAX_BYTES = 5 * 1024 * 1024
MAX_DEPTH = 100
_DOCTYPE = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)


def read_drawing(xml: bytes, *, source: str) -> etree._Element:
    """The ``definitions`` element of a BPMN 2.0 file. Raises :class:`DrawingRefused`.

    A document type is refused as such: BPMN needs none, and all entity attacks begin with one.
    """
    if len(xml) > MAX_BYTES:
        raise _refused(
            source,
            "too-large",
            f"文件有 {len(xml)} 字节，上限为 {MAX_BYTES} 字节。请拆成几个流程，用调用活动相连。",
            f"The file has {len(xml)} bytes; the limit is {MAX_BYTES}. Split it into processes joined by call activities.",
        )
    if found := _DOCTYPE.search(xml):
        raise _doctype(source, xml.count(b"\n", 0, found.start()) + 1)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(xml, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        line = getattr(error, "lineno", 0) or 0
        raise _refused(
            source,
            "broken-xml",
            f"文件不是完整的 XML：{error}。请在 bpmn-js 或 Camunda Modeler 中打开并重新保存。",
            f"The file is not well-formed XML: {error}. Open it in bpmn-js or Camunda Modeler and save it again.",
            line,
        ) from None
    # An encoding other than UTF-8 can hide a document type from the search above.
    if root.getroottree().docinfo.doctype:
        raise _doctype(source, 1)
    if root.tag != f"{{{BPMN}}}definitions":
        name = etree.QName(root)
        raise _refused(
            source,
            "not-bpmn",
            f"根元素是 {name.localname}（命名空间 {name.namespace}），不是 BPMN 2.0 的 definitions。请上传 BPMN 2.0 文件。",
            f"The root element is {name.localname} in namespace {name.namespace}, not definitions of BPMN 2.0. Use a BPMN 2.0 file.",
            root.sourceline or 0,
        )
    _check_depth(root, source)
    return root


def _check_depth(root: etree._Element, source: str) -> None:
    depth = 0
    for action, element in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if action == "start" else -1
        if depth > MAX_DEPTH:
            raise _refused(
                source,
                "too-deep",
                f"元素嵌套超过 {MAX_DEPTH} 层。请用调用活动代替层层内嵌的子流程。",
                f"Elements are nested deeper than {MAX_DEPTH}. Use call activities instead of sub-processes in sub-processes.",
                element.sourceline or 0,
            )


def _doctype(source: str, line: int) -> DrawingRefused:
    return _refused(
        source,
        "document-type",
        "文件含有文档类型或实体声明，BPMN 不需要，也可能是攻击。请删去 <!DOCTYPE …> 后重试。",
        "The file declares a document type or entities, which BPMN does not need and attacks do. Remove <!DOCTYPE …>.",
        line,
    )


def _refused(source: str, code: str, zh: str, en: str, line: int = 0) -> DrawingRefused:
    return DrawingRefused(source, [Problem(code, "", "", line, zh, en)])
