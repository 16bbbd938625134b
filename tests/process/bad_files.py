"""Drawings and tables that nobody means well, and a program that examines them under a limit of memory.

Run as a program: ``python bad_files.py SCENE`` examines every case and prints one line of JSON each.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path

MEMORY = 1024 * 1024 * 1024
"""Address space of the program, in bytes: interpreter and libraries take a third of it."""
BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
_HEAD = (
    f'<bpmn:definitions xmlns:bpmn="{BPMN}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="defs" '
    'targetNamespace="x"><bpmn:process id="p" isExecutable="true">'
)
_TAIL = "</bpmn:process></bpmn:definitions>"
_DMN = '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="defs" name="x" namespace="n">'
_BOMB = "<!DOCTYPE x [<!ENTITY a0 'ha'>{}]>".format(
    "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12))
)
_OUTSIDE = '<!DOCTYPE x [<!ENTITY secret SYSTEM "file:///etc/passwd">]>'


def drawing(inner: str) -> str:
    return _HEAD + inner + _TAIL


def decision(inner: str, key: str = "d", more: str = "") -> str:
    return f'<decision id="{key}" name="{key}"><variable id="v_{key}" name="{key}"/>{inner}</decision>{more}'


def table(rules: int, columns: int) -> str:
    """A table whose ranges overlap in more ways than can be looked at."""
    inputs = "".join(
        f'<input id="i{c}"><inputExpression id="e{c}" typeRef="number"><text>x{c}</text></inputExpression></input>'
        for c in range(columns)
    )
    rows = "".join(
        f'<rule id="r{r}">'
        + "".join(
            f'<inputEntry id="r{r}_{c}"><text>[{(r * 7 + c * 3) % 997}..{(r * 11 + c) % 997 + 5}]</text></inputEntry>'
            for c in range(columns)
        )
        + f'<outputEntry id="r{r}_o"><text>{r}</text></outputEntry></rule>'
        for r in range(rules)
    )
    return decision(
        f'<decisionTable id="t" hitPolicy="UNIQUE">{inputs}<output id="o" name="d"/>{rows}</decisionTable>'
    )


def flow(key: str, source: str, target: str, inner: str = "") -> str:
    return (
        f'<bpmn:sequenceFlow id="{key}" sourceRef="{source}" targetRef="{target}">{inner}</bpmn:sequenceFlow>'
    )


def diamonds(count: int) -> str:
    """Inclusive choices one after the other, whose ways could be combined without end."""
    parts, before = ['<bpmn:startEvent id="s"/>'], "s"
    for n in range(count):
        condition = (
            '<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">=a</bpmn:conditionExpression>'
        )
        parts += [
            f'<bpmn:inclusiveGateway id="g{n}" default="d{n}"/><bpmn:task id="u{n}"/><bpmn:task id="w{n}"/>'
            f'<bpmn:inclusiveGateway id="j{n}"/>',
            flow(f"x{n}", before, f"g{n}"), flow(f"d{n}", f"g{n}", f"u{n}"), flow(f"c{n}", f"g{n}", f"w{n}", condition),
            flow(f"k{n}", f"u{n}", f"j{n}"), flow(f"l{n}", f"w{n}", f"j{n}"),
        ]  # fmt: skip
        before = f"j{n}"
    return drawing("".join(parts) + '<bpmn:endEvent id="e"/>' + flow("last", before, "e"))


def drawings() -> dict[str, bytes]:
    plain = drawing('<bpmn:startEvent id="s"/><bpmn:endEvent id="e"/>' + flow("f", "s", "e"))
    many = range(100_000)
    texts = {
        "broken": plain[:-20], "empty": "", "no xml": "流程图", "html": "<html><body>x</body></html>",
        "billion laughs": _BOMB + plain.replace('id="s"', 'id="s" name="&a11;"'),
        "external entity": _OUTSIDE + plain.replace('id="s"', 'id="s" name="&secret;"'),
        "parameter entity": '<!DOCTYPE x SYSTEM "http://example.com/x.dtd">' + plain,
        "missing reference": drawing('<bpmn:startEvent id="s"/>' + flow("f", "s", "nowhere")),
        "duplicate id": drawing('<bpmn:startEvent id="s"/><bpmn:task id="s"/>'),
        "unknown namespace": drawing('<bpmn:startEvent id="s"/><z:step xmlns:z="urn:other" id="q"/>'),
        "six megabytes": plain.replace('id="s"', f'id="s" name="{"x" * 6_000_000}"'),
        "nearly five megabytes": drawing(f'<bpmn:startEvent id="s" name="{"x" * 4_800_000}"/>'),
        "nested a hundred thousand deep": _HEAD + "<bpmn:subProcess>" * 100_000,
        "nested 150 deep": drawing("".join(f'<bpmn:subProcess id="p{n}">' for n in range(150)) + "</bpmn:subProcess>" * 150),
        "100,000 tasks": drawing("".join(f'<bpmn:task id="t{n}"/>' for n in many)),
        "100,000 strangers": drawing("".join(f'<z:q xmlns:z="z" id="q{n}"/>' for n in many)),
        "60,000 loose flows": drawing('<bpmn:startEvent id="s"/>' + "".join(
            flow(f"f{n}", "s", f"q{n}") for n in range(40_000))),
        "600 inclusive choices": diamonds(600),
        "an expression of 400 KB": drawing(
            '<bpmn:startEvent id="s"/><bpmn:exclusiveGateway id="g" default="b"/><bpmn:endEvent id="e"/>' + flow("a", "s", "g")
            + flow("b", "g", "e") + flow("c", "g", "e", "<bpmn:conditionExpression>=" + "(" * 200_000 + "1" + ")" * 200_000
                                         + "</bpmn:conditionExpression>")),
    }  # fmt: skip
    return {name: text.encode() for name, text in texts.items()} | {
        "not utf-8": plain.replace('id="s"', 'id="s" name="流程"').encode("gbk"),
        "utf-16 with entities": (_OUTSIDE + plain).encode("utf-16"),
        "nul": plain.encode().replace(b'id="s"', b'id="s\0"'),
    }


def tables() -> dict[str, bytes]:
    literal = '<literalExpression id="x{0}"><text>1</text></literalExpression>'
    ring = "".join(
        decision(f'<informationRequirement id="q{n}"><requiredDecision href="#d{(n + 1) % 400}"/></informationRequirement>'
                 + literal.format(n), f"d{n}")
        for n in range(400)
    )  # fmt: skip
    texts = {
        "broken": _DMN + decision(literal.format(1)), "no dmn": drawing(""), "empty": "",
        "billion laughs": _BOMB + _DMN + "<description>&a11;</description></definitions>",
        "external entity": _OUTSIDE + _DMN + "<description>&secret;</description></definitions>",
        "cycle of two": _DMN + decision('<informationRequirement id="r1"><requiredDecision href="#b"/></informationRequirement>'
                                        + literal.format(1), "a")
        + decision('<informationRequirement id="r2"><requiredDecision href="#a"/></informationRequirement>' + literal.format(2), "b")
        + "</definitions>",
        "cycle of 400": _DMN + ring + "</definitions>",
        "missing reference": _DMN + decision(
            '<informationRequirement id="r1"><requiredDecision href="#nowhere"/></informationRequirement>' + literal.format(1))
        + "</definitions>",
        "duplicate id": _DMN + decision(literal.format(1), "d") + decision(literal.format(2), "d") + "</definitions>",
        "unknown namespace": _DMN + '<z:q xmlns:z="urn:other" id="q"/></definitions>',
        "six megabytes": _DMN + f"<description>{'x' * 6_000_000}</description></definitions>",
        "nested a hundred thousand deep": _DMN + "<context>" * 100_000,
        "100,000 elements": _DMN + "".join(decision(literal.format(n), f"d{n}") for n in range(25_000)) + "</definitions>",
        "1,000 rules of five ranges": _DMN + table(1_000, 5) + "</definitions>",
        "300 rules of twenty ranges": _DMN + table(300, 20) + "</definitions>",
        "an expression of 200 KB": _DMN + decision(
            f'<literalExpression id="x"><text>{"[" * 200_000}</text></literalExpression>') + "</definitions>",
    }  # fmt: skip
    return {name: text.encode() for name, text in texts.items()}


def examined(folder: Path) -> Iterator[dict[str, object]]:
    """Each case, with what was said, the seconds of CPU it took and the most memory until then."""
    from lianban.engines.errors import LianbanError
    from lianban.engines.scenes import load_scene
    from lianban.engines.scenes.editing import examine_file

    scene = load_scene(folder)
    for file, cases in (("process.bpmn", drawings()), ("decisions/x.dmn", tables())):
        for name, content in cases.items():
            began = time.process_time()
            said: list[dict[str, object]] = []
            refused = ""
            try:
                found = examine_file(scene, file, content)
                said = [one.as_dict() for one in found.findings]
            except LianbanError as error:
                refused = error.code
                said = [{"element": "", "zh": error.text("zh"), "en": error.text("en"), "severity": "error",
                         "code": error.code, "status": error.status}]  # fmt: skip
            except BaseException as error:  # the test says which case raised what
                refused = repr(error)[:200]
            yield {
                "file": file, "case": name, "refused": refused, "said": said, "seconds": time.process_time() - began,
                "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            }  # fmt: skip


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    for line in examined(Path(sys.argv[1])):
        print(json.dumps(line, ensure_ascii=False), flush=True)
