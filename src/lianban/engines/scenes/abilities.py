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
        "collaborations.sign": "签收乡镇协查任务",
        "collaborations.report": "摸排并反馈线索",
        "collaborations.record_result": "登记协同结果",
        "collaborations.remind": "催办乡镇",
        "leads.verify": "核实财产线索",
        "leads.harvest": "安排收获期处置",
        "listings.sign": "院长签发失信决定书",
        "listings.publish": "发布失信信息",
        "listings.delete": "删除失信信息",
        "listings.delete_at_term": "期满删除失信信息",
        "limits.lift": "解除限制消费",
        "closing.close": "结案",
        "closing.record_query": "登记终本后查询",
        "observations.record": "记录一项已发生的活动",
        "payments.explain": "说明案款逾期未发放的原因",
        "measures.serve": "签收协助执行通知书",
        "measures.answer": "反馈协助执行结果",
        "measures.serve_renewal": "签收续行通知书",
        "measures.confirm_release": "签收解除通知书",
        "measures.decide_renewal": "决定续行或到期解除",
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
        "clocks.start": "登记期限",
        "clocks.meet": "期限已办",
        "assets.record": "登记财产",
        "sales.value": "启动确定参考价",
        "sales.settle": "登记参考价",
        "sales.announce": "公告处置",
        "sales.result": "登记处置结果",
        "sales.paid": "登记价款付清",
        "sales.transfer": "作出成交裁定",
        "sales.deliver": "登记交付",
        "assets.value": "财产价值、份额和负担",
        "measures.order": "查封、冻结、扣押",
        "measures.serve": "直接送达记录",
        "measures.serve_parties": "裁定送达当事人",
        "measures.answer": "补录协助单位反馈",
        "measures.renew": "起草续行",
        "measures.sign_renewal": "签发续行",
        "measures.serve_renewal": "续行直接送达记录",
        "measures.decline_renewal": "决定不再续行",
        "measures.release": "解除控制措施",
        "measures.deduct": "扣划",
        "measures.continue": "保全转执行措施",
        "payments.claim": "登记债权",
        "payments.correct_claim": "更正债权",
        "payments.receive": "登记到账",
        "payments.claim_fund": "认领案款",
        "payments.correct": "更正到账",
        "payments.count": "计入债权",
        "payments.mark_fund": "登记发放条件",
        "payments.in_kind": "登记以物抵债裁定",
        "payments.hold": "暂缓发放",
        "payments.lift": "解除暂缓",
        "payments.distribute": "制作分配方案",
        "payments.serve_distribution": "送达分配方案",
        "payments.object": "登记异议",
        "payments.objection_step": "异议进展",
        "payments.execute_distribution": "执行分配方案",
        "payments.cancel_distribution": "撤回分配方案",
        "payments.propose": "提请发放",
        "payments.approve": "审批发放",
        "payments.pay": "登记已发放",
        "payments.take_back": "撤回或退汇",
        "payments.instalments": "登记分期履行",
        "payments.record_instalment": "登记分期到账",
        "payments.end_instalments": "结束分期",
        "collaborations.push": "推送乡镇协查",
        "collaborations.agree_day": "约定协同日",
        "collaborations.record_result": "登记协同结果",
        "collaborations.rate": "评议",
        "leads.verify": "核实财产线索",
        "listings.request": "收到纳入失信申请",
        "listings.propose": "拟纳入失信名单",
        "listings.refuse": "驳回纳入申请",
        "listings.publish": "发布失信信息",
        "listings.end": "失信删除事由",
        "limits.order": "限制消费",
        "limits.end": "限制消费解除事由",
        "objections.file": "收到异议或复议",
        "objections.register": "异议立案",
        "objections.decide": "作出异议或复议决定",
        "objections.serve": "送达异议或复议决定",
        "objections.extend": "院长批准延长复议期间",
        "closing.close": "结案",
        "closing.reopen": "恢复执行",
        "closing.link_insolvency": "衔接破产",
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
