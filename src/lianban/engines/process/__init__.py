"""The process engine: standard BPMN drawings, compiled and stepped, with the state as rows.

::

    graph = compile_bpmn(xml, source="assistance.bpmn")
    opened = start(graph, matter={...}, variables={}, now=now, ids=uuid7, due=due, decide=decide)
    result = step(graph, state, [TaskCompleted(token_id)], matter={...}, now=now, ids=uuid7, due=due, decide=decide)

``step`` is pure: (graph, state, events) → (changes, effects). It works on partial state, so that a reply to
a fan-out of thirty-one letters reads and writes its own branch and one counter. What the drawing may
hold is in docs/reference/process.md, generated from :mod:`lianban.engines.process.profile`.
"""
