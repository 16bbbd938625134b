"""What can go wrong with a drawing, and with a step."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from lianban.engines.errors import OurFault, YourMistake


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding in a drawing: where, what, and what to do about it, in both languages.

    ``element`` is the id in the file (``""`` for the file itself), ``line`` counts from 1.
    """

    code: str
    element: str
    name: str
    line: int
    zh: str
    en: str

    def as_dict(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "element": self.element,
            "name": self.name,
            "line": self.line,
            "zh": self.zh,
            "en": self.en,
        }


class DrawingRefused(YourMistake):
    """The drawing cannot be deployed. ``found["problems"]`` lists every finding, not only the first."""

    code = "LB-PROCESS-001"
    status = 422
    zh = "流程图 {source} 不能部署，发现 {count} 处问题：\n{list_zh}"
    en = "The drawing {source} cannot be deployed; {count} problem(s) found:\n{list_en}"

    def __init__(self, source: str, problems: Iterable[Any], **_: Any) -> None:
        self.problems = tuple(p if isinstance(p, Problem) else Problem(**p) for p in problems)
        super().__init__(
            source=source,
            count=len(self.problems),
            problems=[problem.as_dict() for problem in self.problems],
            list_zh="\n".join(_line(problem, problem.zh) for problem in self.problems),
            list_en="\n".join(_line(problem, problem.en) for problem in self.problems),
        )


def _line(problem: Problem, text: str) -> str:
    label = " ".join(part for part in (problem.element, f"“{problem.name}”" if problem.name else "") if part)
    return f"- {problem.line}: {label or 'file'}: {text}"


class WorkIsOver(YourMistake):
    """An event names a token, timer or scope that is not live any more (or never was)."""

    code = "LB-PROCESS-002"
    status = 409
    zh = "这项工作已经办结、撤回或不存在（{what} {id}）。请刷新后查看最新状态。"
    en = "This work is already done, withdrawn or unknown ({what} {id}). Refresh to see the present state."


class WrongEvent(YourMistake):
    """An event does not fit the element its token rests at."""

    code = "LB-PROCESS-003"
    status = 409
    zh = "“{name}”（{element}）处不能进行此操作：{event}。请按该环节应办的事项办理。"
    en = '{event} is not possible at "{name}" ({element}). Do what this step of the process asks for.'


class NoFlowChosen(YourMistake):
    """No condition of an exclusive or inclusive choice holds and there is no default flow."""

    code = "LB-PROCESS-004"
    status = 422
    zh = "“{name}”（{element}）没有一个出口条件成立，且未设默认出口。请检查数据 {values}，或在流程图中设置默认出口。"
    en = 'No outgoing condition of "{name}" ({element}) holds and it has no default flow. Check the data {values}, or draw a default flow.'


class ExpressionFailed(YourMistake):
    """An expression of the drawing gave something that cannot be used where it stands."""

    code = "LB-PROCESS-005"
    status = 422
    zh = "“{name}”（{element}）的表达式 {expression} 得到 {value}，此处需要{wanted_zh}。请检查所填数据或修改流程图。"
    en = 'The expression {expression} of "{name}" ({element}) gave {value} where {wanted_en} is needed. Check the data or the drawing.'


class EndlessLoop(YourMistake):
    """Automatic steps run in a circle without ever waiting for anybody."""

    code = "LB-PROCESS-006"
    status = 422
    zh = "流程在自动环节中循环不止，已停止：{elements}。请在该循环中加入人工环节、定时或可以成立的退出条件。"
    en = "Automatic steps run in a circle and were stopped: {elements}. Put a task, a timer or a reachable exit into the loop."


class Stuck(YourMistake):
    """A join waits for a token that can never come."""

    code = "LB-PROCESS-007"
    status = 422
    zh = "“{name}”（{element}）等待的分支不会再到达，流程将永远停在此处。请修改流程图：分与合应使用同类网关。"
    en = '"{name}" ({element}) waits for a branch that can never arrive. Mend the drawing: split and join with the same kind of gateway.'


class CannotSendBack(YourMistake):
    """A return 退回 to a step that is not an earlier user task of the same scope, or would break a join."""

    code = "LB-PROCESS-008"
    status = 409
    zh = "不能从“{name}”（{element}）退回到“{target_name}”（{target}）：{reason_zh}。可退回的环节：{possible}。"
    en = 'Cannot return from "{name}" ({element}) to "{target_name}" ({target}): {reason_en}. Possible: {possible}.'


class UncaughtError(YourMistake):
    """A business error reached the top of the process and no boundary event catches it."""

    code = "LB-PROCESS-009"
    status = 422
    zh = "“{name}”（{element}）抛出的错误 {error} 没有任何边界事件处理。请在流程图中添加错误边界事件。"
    en = 'No boundary event catches error {error} of "{name}" ({element}). Draw an error boundary event for it.'


class TooManyBranches(YourMistake):
    """A fan-out over more items than a matter may have branches."""

    code = "LB-PROCESS-010"
    status = 422
    zh = "“{name}”（{element}）要分发 {count} 个分支，超过上限 {limit}。请分批发起。"
    en = '"{name}" ({element}) would open {count} branches; the limit is {limit}. Split the collection.'


class NothingToAsk(OurFault):
    """The drawing needs a clock or a decision, and the caller of the engine handed in no function for it."""

    code = "LB-PROCESS-011"
    zh = "流程图用到{what}“{key}”，但调用流程引擎时没有提供 {argument}。请联系管理员。"
    en = 'The drawing uses the {what} "{key}", but the engine was called without {argument}. Tell the administrator.'
