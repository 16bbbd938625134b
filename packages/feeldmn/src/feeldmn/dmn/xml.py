"""The XML of a DMN file: parsed without entities, DTD or network, and read by local names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import etree

from feeldmn.errors import DmnReadError, Position

#: The namespaces of DMN 1.1 to 1.6. What this library reads is the same in all of them.
MODEL_NAMESPACES = frozenset(
    {
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "https://www.omg.org/spec/DMN/20191111/MODEL/",
        "https://www.omg.org/spec/DMN/20211108/MODEL/",
        "https://www.omg.org/spec/DMN/20230324/MODEL/",
        "https://www.omg.org/spec/DMN/20240513/MODEL/",
    }
)
MAX_BYTES = 50_000_000


def parse(content: bytes, where: str) -> Any:
    """Return the `definitions` element; raises `DmnReadError` for what is not a DMN file."""
    if len(content) > MAX_BYTES:
        raise DmnReadError(
            f"the file is larger than {MAX_BYTES} bytes", where=where, remedy="split the model"
        )
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        line, column = error.position
        raise DmnReadError(
            f"the file is not well-formed XML: {error.msg}",
            where=where,
            position=Position(line, column, 0),
            remedy="export it again from the modeler",
        ) from None
    if root.getroottree().docinfo.doctype:
        raise DmnReadError(
            "the file has a document type declaration, which is refused: it can hide entities",
            where=where,
            remedy="remove the <!DOCTYPE …>",
        )
    if local(root) != "definitions" or namespace(root) not in MODEL_NAMESPACES:
        raise DmnReadError(
            "the file is not a DMN model",
            where=where,
            found=str(root.tag),
            remedy="hand in a file whose root is <definitions> of DMN 1.1 to 1.6",
        )
    return root


def local(element: Any) -> str:
    """Return the name of an element without its namespace; empty for comments."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def namespace(element: Any) -> str:
    """Return the namespace of an element."""
    tag = element.tag
    return tag[1:].partition("}")[0] if isinstance(tag, str) and tag.startswith("{") else ""


def children(element: Any, *names: str) -> Iterator[Any]:
    """Yield the child elements of the DMN namespace with one of these names (all of them without names)."""
    for child in element:
        if (
            isinstance(child.tag, str)
            and namespace(child) in MODEL_NAMESPACES
            and (not names or local(child) in names)
        ):
            yield child


def child(element: Any, *names: str) -> Any:
    """Return the first such child, or None."""
    return next(children(element, *names), None)


def text_of(element: Any) -> str:
    """Return the text of the `text` child (or of the element itself)."""
    if element is None:
        return ""
    inner = child(element, "text")
    return "".join((inner if inner is not None else element).itertext())


def line_of(element: Any) -> int:
    """Return the line of the text of an element in its file, 0 when it is not known."""
    if element is None:
        return 0
    inner = child(element, "text")
    return (inner if inner is not None else element).sourceline or 0
