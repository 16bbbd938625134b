"""Call activities that name another process of the same file: built in, pinned, and bounded."""

from __future__ import annotations

import time

import pytest
from process_drawings import HEAD, NOW, Drawing

from lianban.engines.process import DrawingRefused, RowState, Simulation, compile_bpmn


def process(key: str, *calls: str, tasks: tuple[str, ...] = ()) -> Drawing:
    """A process that does its tasks and then calls others, one after the other."""
    drawing, way = Drawing(key), [f"{key}_start"]
    drawing.element("startEvent", f"{key}_start")
    way += [drawing.user(task) for task in tasks]
    for number, called in enumerate(calls):
        extension = f'<zeebe:calledElement processId="{called}" />'
        way.append(drawing.element("callActivity", f"{key}_call{number}", extensions=extension))
    way.append(drawing.end(f"{key}_end"))
    drawing.path(*way)
    return drawing


def file(*drawings: Drawing, executable: tuple[str, ...] | None = None) -> bytes:
    """One file with all of these processes, each marked executable as modelers do, unless ``executable`` names some."""
    parts = []
    for drawing in drawings:
        mark = "true" if executable is None or drawing.process_id in executable else "false"
        parts += [
            f'<bpmn:process id="{drawing.process_id}" isExecutable="{mark}">',
            *drawing.lines,
            "</bpmn:process>",
        ]
    return (HEAD + "\n".join(parts) + "</bpmn:definitions>").encode()


def problems(xml: bytes):
    with pytest.raises(DrawingRefused) as found:
        compile_bpmn(xml, source="file")
    return [(one.code, one.element) for one in found.value.problems]


@pytest.mark.parametrize("executable", [None, ("main",)])
def test_call_within_the_file_runs_to_the_end(executable):
    """The caller runs the called process twice, each time with tasks of its own; nobody has to mark which one is called."""
    xml = file(
        process("main", "check", "check", tasks=("draft",)),
        process("check", tasks=("look",)),
        executable=executable,
    )
    simulation = Simulation(compile_bpmn(xml, source="file"), NOW)
    assert simulation.graph.process_id == "main"
    for element in ("draft", "main_call0/look", "main_call1/look"):
        assert [task.element for task in simulation.tasks] == [element]
        simulation.complete(element)
    assert simulation.ended is RowState.DONE
    assert not [one for one in simulation.graph.notices if one.element == "check"]


def test_called_process_is_pinned_by_the_hash():
    """Another step in what is called, at any depth, is another version of the caller; what nobody calls is not."""

    def graph(deepest: tuple[str, ...], aside: tuple[str, ...] = ("x",)):
        return compile_bpmn(
            file(process("main", "middle"), process("middle", "deep"), process("deep", tasks=deepest),
                 process("aside", tasks=aside), executable=("main",)),
            source="file",
        )  # fmt: skip

    assert "main_call0/middle_call0/a" in graph(("a",)).nodes
    assert graph(("a",)).hash == graph(("a",)).hash == graph(("a",), ("y",)).hash
    assert graph(("a",)).hash != graph(("a", "b")).hash


@pytest.mark.parametrize(
    ("drawings", "at"),
    [
        ([process("main", "main")], "main_call0"),
        ([process("main", "a"), process("a", "b"), process("b", "a")], "b_call0"),
        ([process("p0", "p1"), *(process(f"p{n}", f"p{n + 1}") for n in range(1, 30)), process("p30")], "p20_call0"),
    ],
)  # fmt: skip
def test_calls_without_end_are_refused(drawings, at):
    """A process that calls itself, by itself or by others, and calls too deep, are refused at the call."""
    assert problems(file(*drawings, executable=(drawings[0].process_id,))) == [("endless-call", at)]


def test_problem_of_a_called_process_is_told_at_its_element():
    """What is wrong in the called process stands at its own element, once, however often it is called."""
    wrong = process("check", tasks=("look",))
    wrong.user("unreachable", role="")
    found = problems(file(process("main", "check", "check"), wrong))
    assert {element for _, element in found} == {"unreachable"} and len(found) == len(set(found))


def test_calls_that_double_are_bounded():
    """Each process calls the next one twice: the drawing is refused before it fills the memory."""
    chain = [process(f"p{n}", f"p{n + 1}", f"p{n + 1}") for n in range(18)]
    began = time.process_time()
    found = problems(file(*chain, process("p18", tasks=("work",))))
    assert {code for code, _ in found} == {"too-many-elements"}
    assert all("_call" in element for _, element in found)
    assert time.process_time() - began < 20
