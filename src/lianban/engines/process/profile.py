"""The executable profile: what a drawing may hold, and what is refused with what to do instead.

The compiler reads these tables and docs/reference/process.md is generated from them, so that the manual
cannot promise what the engine does not do. Element names are those of BPMN 2.0 (OMG formal/2011-01-03)
and of the ``zeebe`` extension as Camunda Modeler 8 writes it.
"""

from __future__ import annotations

from dataclasses import dataclass

from lianban.engines.process.graph import Kind

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
ZEEBE = "http://camunda.org/schema/zeebe/1.0"
XSI = "http://www.w3.org/2001/XMLSchema-instance"

#: Vocabularies of drawing tools and of layout. They say nothing about execution and are passed over.
HARMLESS_NAMESPACES = frozenset(
    {
        BPMN,
        XSI,
        "http://www.omg.org/spec/BPMN/20100524/DI",
        "http://www.omg.org/spec/DD/20100524/DC",
        "http://www.omg.org/spec/DD/20100524/DI",
        "http://www.omg.org/spec/BPMN/non-normative/color/1.0",
        "http://www.omg.org/spec/BPMN/non-normative/extensions/i18n/1.0",
        "http://bpmn.io/schema/bpmn/biocolor/1.0",
        "http://camunda.org/schema/modeler/1.0",
        "http://www.bpsim.org/schemas/1.0",
        "http://www.signavio.com",
        "http://www.w4.eu/spec/BPMN/20110930/GRAPH",
        "http://www.w4.eu/spec/DataComposer/20120927/Diagram/Style",
        "http://www.trisotech.com/2014/triso/bpmn",
        "http://www.trisotech.com/2015/triso/modeling",
        "http://www.w3.org/XML/1998/namespace",
    }
)


@dataclass(frozen=True, slots=True)
class Supported:
    """An element of the profile and how it behaves."""

    kind: Kind
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Refused:
    """An element outside the profile and what to draw instead."""

    zh: str
    en: str


#: (element, event definition or "") → behaviour.
SUPPORTED: dict[tuple[str, str], Supported] = {
    ("startEvent", ""): Supported(
        Kind.START,
        "流程或子流程的起点；每处只能有一个。",
        "Where a process or sub-process starts; one of them in each.",
    ),
    ("startEvent", "message"): Supported(
        Kind.START,
        "收到该消息时开启流程；只能画在流程的最外层。",
        "Opens the process when the message comes; only at the top level.",
    ),
    ("endEvent", ""): Supported(
        Kind.END,
        "该路径到此结束；最后一条路径结束时流程结束。",
        "The path ends; the last one ends the scope.",
    ),
    ("endEvent", "terminate"): Supported(
        Kind.TERMINATE,
        "立即结束所在的流程、子流程或分支，其余工作一并取消。",
        "Ends the process, sub-process or branch at once and cancels what is still open in it.",
    ),
    ("endEvent", "error"): Supported(
        Kind.ERROR_END,
        "以错误结束；由外层活动上错误代码相同（或未写代码）的边界事件接住。",
        "Ends with an error, caught by the nearest error boundary event with the same code or without one.",
    ),
    ("endEvent", "escalation"): Supported(
        Kind.ESCALATION,
        "抛出升级后该路径结束；无人接住则只是结束。",
        "Throws an escalation and ends the path; if nobody catches it, it only ends.",
    ),
    ("endEvent", "signal"): Supported(
        Kind.SIGNAL_THROW, "发出信号后该路径结束。", "Throws a signal and ends the path."
    ),
    ("endEvent", "message"): Supported(
        Kind.SERVICE,
        "调用 taskDefinition 指定的处理程序发出消息，完成后该路径结束。",
        "Calls the handler of its taskDefinition to send the message, then ends the path.",
    ),
    ("intermediateThrowEvent", ""): Supported(
        Kind.THROUGH, "里程碑，直接通过。", "A milestone; passed at once."
    ),
    ("intermediateThrowEvent", "message"): Supported(Kind.SERVICE, "同发送任务。", "As a send task."),
    ("intermediateThrowEvent", "signal"): Supported(
        Kind.SIGNAL_THROW, "发出信号后继续。", "Throws a signal and goes on."
    ),
    ("intermediateThrowEvent", "escalation"): Supported(
        Kind.ESCALATION, "抛出升级后继续。", "Throws an escalation and goes on."
    ),
    ("intermediateCatchEvent", "timer"): Supported(
        Kind.TIMER, "等到定时到期。", "Waits until its timer is due."
    ),
    ("intermediateCatchEvent", "message"): Supported(Kind.MESSAGE, "等待消息。", "Waits for its message."),
    ("intermediateCatchEvent", "signal"): Supported(Kind.SIGNAL, "等待信号。", "Waits for its signal."),
    ("boundaryEvent", "timer"): Supported(
        Kind.BOUNDARY,
        "活动开始时计时；可中断或不中断，不中断的可以重复。画在多实例活动上只计一次，画在分支内的任务上则每个分支各计一次。",
        "Armed when the activity starts; interrupting or not, and then possibly repeating. On a "
        "multi-instance activity it fires once; on a task inside the branch, once a branch.",
    ),
    ("boundaryEvent", "message"): Supported(
        Kind.BOUNDARY, "活动进行中收到消息。", "A message while the activity is open."
    ),
    ("boundaryEvent", "signal"): Supported(
        Kind.BOUNDARY, "活动进行中收到信号。", "A signal while the activity is open."
    ),
    ("boundaryEvent", "error"): Supported(
        Kind.BOUNDARY, "接住活动内抛出的错误，总是中断。", "Catches an error from inside; always interrupts."
    ),
    ("boundaryEvent", "escalation"): Supported(
        Kind.BOUNDARY, "接住活动内抛出的升级，可中断或不中断。", "Catches an escalation; interrupting or not."
    ),
    ("userTask", ""): Supported(
        Kind.USER,
        "一项由人办理的任务：assignmentDefinition 的 candidateGroups 写岗位，formDefinition 写表单。",
        "Work for a person: candidateGroups of assignmentDefinition names the role, formDefinition the form.",
    ),
    ("manualTask", ""): Supported(
        Kind.THROUGH,
        "系统之外的工作，不留待办，直接通过。要有人确认，请改用用户任务。",
        "Work outside the system; nothing waits for it. Use a user task if somebody must confirm it.",
    ),
    ("task", ""): Supported(
        Kind.THROUGH,
        "没有类型的任务，直接通过，并在编译时提示。",
        "A task without a type is passed at once; compiling says so.",
    ),
    ("serviceTask", ""): Supported(
        Kind.SERVICE,
        "调用 taskDefinition 的 type 所指的处理程序，等其完成。",
        "Calls the handler named by the type of its taskDefinition and waits for it.",
    ),
    ("sendTask", ""): Supported(
        Kind.SERVICE, "同服务任务，用于发函。", "As a service task; for sending letters."
    ),
    ("receiveTask", ""): Supported(Kind.MESSAGE, "等待消息。", "Waits for its message."),
    ("businessRuleTask", ""): Supported(
        Kind.RULE,
        "以当前变量求 calledDecision 的决策，结果存入 resultVariable；有 taskDefinition 的同服务任务。",
        "Evaluates the decision of calledDecision into resultVariable; with a taskDefinition, as a service task.",
    ),
    ("exclusiveGateway", ""): Supported(
        Kind.EXCLUSIVE,
        "按绘制顺序取第一个条件成立的出口，否则走默认出口。",
        "Takes the first flow, in drawing order, whose condition holds, otherwise the default flow.",
    ),
    ("parallelGateway", ""): Supported(
        Kind.PARALLEL,
        "汇合时等齐所有入口，分支时走所有出口。",
        "Waits for a token on every incoming flow, then takes every outgoing one.",
    ),
    ("inclusiveGateway", ""): Supported(
        Kind.INCLUSIVE,
        "分支时走所有条件成立的出口；汇合时等到不会再有路径到达。",
        "Takes every flow whose condition holds; joins when no further token can arrive (BPMN 2.0, 13.4.3).",
    ),
    ("eventBasedGateway", ""): Supported(
        Kind.EVENT_BASED,
        "等待其后最先发生的定时、消息或信号。",
        "Waits for whichever of the timer, message or signal events behind it comes first.",
    ),
    ("subProcess", ""): Supported(
        Kind.SUBPROCESS, "内嵌子流程，有自己的变量。", "An embedded sub-process with variables of its own."
    ),
    ("callActivity", ""): Supported(
        Kind.SUBPROCESS,
        "调用同一文件中的另一流程；编译时即按当时的版本并入，版本因此固定。",
        "Calls another process of the same file, built in when compiled, so that its version is pinned by the hash.",
    ),
}

REFUSED: dict[tuple[str, str], Refused] = {
    ("startEvent", "timer"): Refused(
        "请由时限或定时作业开启事项，流程用普通开始事件。",
        "Let a clock or a job open the matter and use a plain start event.",
    ),
    ("startEvent", "signal"): Refused("请改用普通或消息开始事件。", "Use a plain or a message start event."),
    ("startEvent", "conditional"): Refused(
        "请用预警规则开启事项，流程用普通开始事件。",
        "Let a signal rule open the matter and use a plain start event.",
    ),
    ("startEvent", "error"): Refused("请改用错误边界事件。", "Use an error boundary event."),
    ("startEvent", "escalation"): Refused("请改用升级边界事件。", "Use an escalation boundary event."),
    ("startEvent", "compensate"): Refused("请把撤销画成普通路径。", "Draw the undoing as an ordinary path."),
    ("endEvent", "cancel"): Refused("请改用错误结束事件。", "Use an error end event."),
    ("endEvent", "compensate"): Refused("请把撤销画成普通路径。", "Draw the undoing as an ordinary path."),
    ("intermediateThrowEvent", "compensate"): Refused(
        "请把撤销画成普通路径。", "Draw the undoing as an ordinary path."
    ),
    ("intermediateThrowEvent", "link"): Refused("请直接连线。", "Draw the sequence flow itself."),
    ("intermediateCatchEvent", "link"): Refused("请直接连线。", "Draw the sequence flow itself."),
    ("intermediateCatchEvent", "conditional"): Refused(
        "请改用消息事件，由处理程序判断条件。", "Use a message event and let a handler watch the condition."
    ),
    ("boundaryEvent", "conditional"): Refused(
        "请改用消息边界事件，由处理程序判断条件。",
        "Use a message boundary event and let a handler watch the condition.",
    ),
    ("boundaryEvent", "compensate"): Refused(
        "请把撤销画成普通路径。", "Draw the undoing as an ordinary path."
    ),
    ("boundaryEvent", "cancel"): Refused("请改用错误边界事件。", "Use an error boundary event."),
    ("implicitThrowEvent", ""): Refused("请改用中间抛出事件。", "Use an intermediate throw event."),
    ("scriptTask", ""): Refused(
        "请改用业务规则任务或输出映射（FEEL）。", "Use a business rule task or an output mapping in FEEL."
    ),
    ("complexGateway", ""): Refused(
        "请改用包容网关，或带完成条件的多实例。",
        "Use an inclusive gateway, or a multi-instance activity with a completion condition.",
    ),
    ("adHocSubProcess", ""): Refused(
        "请改用并行或包容网关列出各任务。", "List the tasks behind a parallel or inclusive gateway."
    ),
    ("transaction", ""): Refused(
        "请改用普通子流程和错误边界事件。", "Use a plain sub-process with an error boundary event."
    ),
    ("subChoreography", ""): Refused("请画成流程。", "Draw a process."),
    ("callChoreography", ""): Refused("请画成流程。", "Draw a process."),
    ("choreographyTask", ""): Refused("请画成流程。", "Draw a process."),
    ("choreography", ""): Refused("请画成流程。", "Draw a process."),
    ("globalChoreographyTask", ""): Refused("请画成流程。", "Draw a process."),
    ("globalConversation", ""): Refused("请画成流程。", "Draw a process."),
    ("standardLoopCharacteristics", ""): Refused(
        "请用网关画出循环，或改用多实例。", "Draw the loop with a gateway, or use multi-instance."
    ),
    ("potentialOwner", ""): Refused(
        "请改用 zeebe:assignmentDefinition 的 candidateGroups。",
        "Name the role with candidateGroups of zeebe:assignmentDefinition.",
    ),
    ("humanPerformer", ""): Refused(
        "请改用 zeebe:assignmentDefinition 的 candidateGroups。",
        "Name the role with candidateGroups of zeebe:assignmentDefinition.",
    ),
    ("performer", ""): Refused(
        "请改用 zeebe:assignmentDefinition 的 candidateGroups。",
        "Name the role with candidateGroups of zeebe:assignmentDefinition.",
    ),
    ("resourceRole", ""): Refused(
        "请改用 zeebe:assignmentDefinition 的 candidateGroups。",
        "Name the role with candidateGroups of zeebe:assignmentDefinition.",
    ),
}

#: Drawn for people, or data notation without a meaning for execution here. Compiling notices each by id.
DRAWN_ONLY: dict[str, tuple[str, str]] = {
    "laneSet": ("泳道；由谁办理写在任务上", "lanes; who does it is said at the task"),
    "textAnnotation": ("注释", "annotation"),
    "association": ("注释连线", "line to an annotation"),
    "group": ("分组框", "group"),
    "dataObject": ("数据对象", "data object"),
    "dataObjectReference": ("数据对象", "data object"),
    "dataStoreReference": ("数据存储", "data store"),
    "ioSpecification": (
        "数据规约；变量传递写 zeebe:ioMapping",
        "data notation; pass variables with zeebe:ioMapping",
    ),
    "property": ("数据规约", "data notation"),
    "dataInputAssociation": ("数据连线", "data association"),
    "dataOutputAssociation": ("数据连线", "data association"),
    "dataInput": ("数据规约", "data notation"),
    "dataOutput": ("数据规约", "data notation"),
    "inputSet": ("数据规约", "data notation"),
    "outputSet": ("数据规约", "data notation"),
    "auditing": ("审计说明", "auditing remark"),
    "monitoring": ("监控说明", "monitoring remark"),
}

#: Elements directly under ``definitions`` that have no meaning for execution here.
ROOT_DRAWN_ONLY = frozenset(
    {
        "collaboration", "category", "dataStore", "itemDefinition", "interface", "resource", "partnerEntity",
        "partnerRole", "endPoint", "correlationProperty", "extension", "import", "relationship", "globalTask",
        "globalUserTask", "globalManualTask", "globalScriptTask", "globalBusinessRuleTask", "extensionElements",
        "documentation",
    }
)  # fmt: skip

#: Which extensions of the zeebe namespace are read, and on which elements.
EXTENSIONS: dict[str, tuple[frozenset[str], str, str]] = {
    "assignmentDefinition": (
        frozenset({"userTask"}),
        "candidateGroups 写岗位：角色、角色@lead（主办单位）、角色@branch（最近的多实例分支所对应的单位）或 FEEL。不写 @ 时，分支内为 @branch，否则为 @lead。",
        "candidateGroups names the role: role, role@lead (the agency that leads the matter), role@branch (the "
        "agency that is the item of the nearest branch) or FEEL. Without @ it is @branch inside a branch, else @lead.",
    ),
    "formDefinition": (frozenset({"userTask"}), "formId 写表单。", "formId names the form."),
    "userTask": (frozenset({"userTask"}), "编辑器的标记，无作用。", "A mark of the editor; no effect."),
    "taskDefinition": (
        frozenset({"serviceTask", "sendTask", "businessRuleTask", "endEvent", "intermediateThrowEvent"}),
        "type 写处理程序，可为 FEEL；不写 retries，重试由作业负责。",
        "type names the handler, or is FEEL; retries has no effect, jobs retry.",
    ),
    "taskHeaders": (
        frozenset({"serviceTask", "sendTask", "businessRuleTask", "endEvent", "intermediateThrowEvent"}),
        "交给处理程序的固定参数。",
        "Constants for the handler.",
    ),
    "calledDecision": (
        frozenset({"businessRuleTask"}),
        "decisionId 写决策，resultVariable 写结果变量。",
        "decisionId names the decision, resultVariable the variable of its result.",
    ),
    "calledElement": (
        frozenset({"callActivity"}),
        "processId 写被调用的流程；propagateAllChildVariables=false 时其变量不外传。",
        "processId names the process; with propagateAllChildVariables=false its variables stay inside.",
    ),
    "ioMapping": (
        frozenset(
            {
                "userTask", "serviceTask", "sendTask", "receiveTask", "businessRuleTask", "subProcess", "callActivity",
                "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent", "endEvent", "startEvent",
            }
        ),
        "input 在进入时、output 在完成时求值（FEEL）；有 output 时，只有映射的变量传出。",
        "input is evaluated on entry, output on completion (FEEL); with outputs, only they leave the activity.",
    ),
    "properties": (
        frozenset(),
        "自定义属性，原样交给内核：action、clock、stage 等。",
        "Properties of your own, handed to the kernel as they are: action, clock, stage and so on.",
    ),
    "loopCharacteristics": (
        frozenset({"multiInstanceLoopCharacteristics"}),
        "inputCollection、inputElement、outputCollection、outputElement；分支内还可用 loopCounter（从 1 起）。",
        "inputCollection, inputElement, outputCollection, outputElement; branches also see loopCounter, from 1.",
    ),
    "subscription": (
        frozenset({"message"}),
        "correlationKey 不用：消息由内核按函件找到等待处。",
        "correlationKey is not used: the kernel finds the waiting place by the letter.",
    ),
    "userTaskForm": (
        frozenset({"process"}),
        "嵌入的表单不用；请用场景的表单文件。",
        "Embedded forms are not used; a scene keeps its forms in files.",
    ),
    "versionTag": (frozenset({"process"}), "无作用；版本即哈希。", "No effect; the version is the hash."),
}  # fmt: skip

#: Extensions that are read and do nothing; compiling notices them.
WITHOUT_EFFECT = frozenset({"subscription", "userTaskForm", "versionTag"})

#: Attributes that change the meaning of an element, with the only value that is allowed.
FIXED_ATTRIBUTES: dict[str, tuple[str, Refused]] = {
    "isForCompensation": (
        "false",
        Refused("请把撤销画成普通路径。", "Draw the undoing as an ordinary path."),
    ),
    "triggeredByEvent": (
        "false",
        Refused("请把事件子流程改为边界事件。", "Use a boundary event instead of an event sub-process."),
    ),
    "instantiate": ("false", Refused("请用消息开始事件。", "Use a message start event.")),
    "startQuantity": ("1", Refused("请用并行网关汇合。", "Join with a parallel gateway.")),
    "completionQuantity": ("1", Refused("请用并行网关分支。", "Split with a parallel gateway.")),
    "parallelMultiple": ("false", Refused("请拆成多个事件。", "Split into several events.")),
    "eventGatewayType": ("Exclusive", Refused("请用并行网关。", "Use a parallel gateway.")),
}
