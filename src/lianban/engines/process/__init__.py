"""The process engine: standard BPMN drawings, compiled and stepped, with the state as rows.

::

    graph = compile_bpmn(xml, source="assistance.bpmn")
    opened = start(graph, matter={...}, variables={}, now=now, ids=uuid7, due=due, decide=decide)
    result = step(graph, state, [TaskCompleted(token_id)], matter={...}, now=now, ids=uuid7, due=due, decide=decide)

``step`` is pure: (graph, state, events) → (changes, effects). It works on partial state, so that a reply to
a fan-out of thirty-one letters reads and writes its own branch and one counter. What the drawing may
hold is in docs/reference/process.md, generated from :mod:`lianban.engines.process.profile`.
"""

from lianban.engines.process.compiling import compile_bpmn
from lianban.engines.process.describing import describe, mermaid
from lianban.engines.process.errors import (
    CannotSendBack,
    DrawingRefused,
    EndlessLoop,
    ExpressionFailed,
    NoFlowChosen,
    NothingToAsk,
    Problem,
    Stuck,
    TooManyBranches,
    UncaughtError,
    WorkIsOver,
    WrongEvent,
)
from lianban.engines.process.events import (
    BranchCancelled,
    CallService,
    CancelTree,
    Change,
    CloseScope,
    CloseTask,
    CloseTimer,
    CloseToken,
    CountDown,
    Effect,
    Ended,
    ErrorRaised,
    Event,
    MatterCancelled,
    MessageReceived,
    OpenScope,
    OpenTask,
    OpenTimer,
    OpenToken,
    RearmTimer,
    SentBack,
    ServiceCompleted,
    SetVariables,
    SignalReceived,
    Step,
    TaskCompleted,
    ThrowSignal,
    TimerFired,
)
from lianban.engines.process.graph import Body, Flow, Graph, Kind, Loop, Node
from lianban.engines.process.returning import return_targets
from lianban.engines.process.rows import (
    At,
    RowState,
    ScopeKind,
    ScopeRow,
    TaskRow,
    TimerRow,
    TokenRow,
)
from lianban.engines.process.simulating import Simulation, counting_ids, simulate
from lianban.engines.process.state import State, settle
from lianban.engines.process.stepping import start, step
from lianban.engines.process.timers import Duration, NotATimer, TimerSpec, timer_spec

__all__ = [
    "At",
    "Body",
    "BranchCancelled",
    "CallService",
    "CancelTree",
    "CannotSendBack",
    "Change",
    "CloseScope",
    "CloseTask",
    "CloseTimer",
    "CloseToken",
    "CountDown",
    "DrawingRefused",
    "Duration",
    "Effect",
    "Ended",
    "EndlessLoop",
    "ErrorRaised",
    "Event",
    "ExpressionFailed",
    "Flow",
    "Graph",
    "Kind",
    "Loop",
    "MatterCancelled",
    "MessageReceived",
    "NoFlowChosen",
    "Node",
    "NotATimer",
    "NothingToAsk",
    "OpenScope",
    "OpenTask",
    "OpenTimer",
    "OpenToken",
    "Problem",
    "RearmTimer",
    "RowState",
    "ScopeKind",
    "ScopeRow",
    "SentBack",
    "ServiceCompleted",
    "SetVariables",
    "SignalReceived",
    "Simulation",
    "State",
    "Step",
    "Stuck",
    "TaskCompleted",
    "TaskRow",
    "ThrowSignal",
    "TimerFired",
    "TimerRow",
    "TimerSpec",
    "TokenRow",
    "TooManyBranches",
    "UncaughtError",
    "WorkIsOver",
    "WrongEvent",
    "compile_bpmn",
    "counting_ids",
    "describe",
    "mermaid",
    "return_targets",
    "settle",
    "simulate",
    "start",
    "step",
    "timer_spec",
]
