"""What a drawing may ask the kernel to do.

A user task names an action in its ``action`` property; a send or service task names one as its job type.
The actions room registers a handler for exactly these names: a test compares the two lists. A scene that
needs more asks for an engine ability with a name and tests, which any scene may then use.
"""

from __future__ import annotations

from types import MappingProxyType

# Done by a person: the action a user task completes with.
HUMAN_ACTIONS = MappingProxyType(
    {
        "letters.draft": "起草函件",
        "letters.approve": "审批函件",
        "letters.seal": "加盖电子签章",
        "letters.sign": "签收函件",
        "letters.route": "单位内部分办",
        "letters.answer": "反馈",
        "letters.check": "核验反馈",
        "letters.amend": "补正函件",
        "collisions.confirm": "核对数据碰撞命中",
        "collisions.review": "查看夜间查询结果",
        "observations.record": "记录一项已发生的活动",
    }
)

# Done by the kernel itself when the step is reached.
SERVICE_TYPES = MappingProxyType(
    {
        "letters.deliver": "送达函件",
        "letters.warrant": "签发函件的查询授权",
        "registries.answer": "登记库自动反馈",
        "letters.remind": "催办",
        "letters.supervise": "督办",
        "matters.archive": "事项归档",
    }
)

# Done by the lead agency in a matter at any time, outside the drawing: the verb of an act of scene.yaml.
MATTER_ACTS: MappingProxyType[str, str] = MappingProxyType(
    {
        "warrants.issue": "签发查询授权",
        "warrants.revoke": "撤销查询授权",
        "collisions.collide": "立即进行数据碰撞",
    }
)

# The kinds of records a matter may have beside its tasks and letters: each is a section of the matter's page.
RECORD_KINDS = MappingProxyType(
    {
        "clocks": "时限",
        "assets": "财产",
        "measures": "控制措施",
        "payments": "案款",
        "collaborations": "乡镇协同",
        "listings": "失信与限制消费",
        "objections": "异议与复议",
        "sales": "评估与处置",
        "closing": "结案",
        "collisions": "数据碰撞",
    }
)

ABILITIES = frozenset(HUMAN_ACTIONS) | frozenset(SERVICE_TYPES)
