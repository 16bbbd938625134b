"""The words for codes that are the same in every scene: states, results, acts, heaps. One place, both languages.

A scene's own words (roles, stages, questions, forms) come from the scene.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

# How a state looks: ``good`` is settled, ``live`` moves, ``bad`` waits on somebody's mistake, ``gone`` is void.
LETTER = {
    "draft": (_("起草中"), ""), "sealed": (_("已签章"), ""), "delivered": (_("待签收"), "live"),
    "signed": (_("已签收"), "live"), "routed": (_("办理中"), "live"), "answered": (_("已反馈，待核验"), "live"),
    "returned": (_("退回重新反馈"), "bad"), "accepted": (_("核验通过"), "good"), "withdrawn": (_("已撤回"), "gone"),
}  # fmt: skip
ANSWER = {
    "sent": (_("待核验"), "live"), "returned": (_("已退回"), "bad"), "accepted": (_("核验通过"), "good"),
    "recalled": (_("已撤回"), "gone"),
}  # fmt: skip
MATTER = {"open": (_("在办"), "live"), "closed": (_("已办结"), "good"),
          "withdrawn": (_("已撤销"), "gone")}  # fmt: skip
TASK = {"open": (_("待办"), "live"), "done": (_("已办"), "good"), "cancelled": (_("已取消"), "gone")}
COUNTERSIGN = {"": (_("等待会签"), "live"), "agree": (_("同意"), "good"), "disagree": (_("不同意"), "bad")}
CLOCK = {
    "running": (_("进行中"), "live"), "met": (_("已完成"), "good"), "expired": (_("已届满"), "bad"), "stopped": (_("已停止"), "gone"),
}  # fmt: skip
REGISTRY = {"ready": (_("可自动应答"), "good"), "late": (_("迟延"), "bad"), "broken": (_("故障"), "bad")}
HIT_STATE = {
    "fact": (_("已查得"), "good"), "pending": (_("待核对"), "live"), "confirmed": (_("已确认"), "good"),
    "rejected": (_("已排除"), "gone"),
}  # fmt: skip
WARRANT = {"live": (_("有效"), "good"), "expired": (_("已到期"), "gone"), "revoked": (_("已撤销"), "gone"),
           "used": (_("次数已用完"), "gone")}  # fmt: skip
IMPORT = {
    "checking": (_("核对中"), "live"), "checked": (_("已核对"), "live"), "done": (_("已导入"), "good"), "cancelled": (_("已取消"), "gone"),
}  # fmt: skip
MEASURE = {
    "ordered": (_("已作出，未送达"), ""), "effective": (_("正在控制"), "good"), "waiting": (_("轮候"), "live"),
    "released": (_("已解除"), "gone"), "lapsed": (_("已届满失效"), "bad"), "disposed": (_("已处置"), "gone"),
    "no_object": (_("无可控财产"), "gone"),
}  # fmt: skip
RENEWAL = {
    "none": (_("未起草"), ""), "drafted": (_("已起草"), "live"), "signed": (_("已签发"), "live"), "sent": (_("已签发，待单位签收"), "live"),
    "served": (_("已送达"), "good"), "not_wanted": (_("决定不续行"), "gone"),
}  # fmt: skip
VALUATION = {
    "running": (_("进行中"), "live"), "settled": (_("已确定"), "good"), "failed": (_("未能确定"), "gone"),
}  # fmt: skip
SALE = {
    "announced": (_("已公告"), "live"), "sold": (_("已成交，待付清"), "live"), "failed": (_("流拍"), "bad"),
    "withdrawn": (_("已撤回"), "gone"), "paid": (_("已付清，待裁定"), "live"), "transferred": (_("已裁定，待交付"), "live"),
    "delivered": (_("已交付"), "good"),
}  # fmt: skip
COLLABORATION = {
    "pushed": (_("待签收"), "live"), "signed": (_("摸排中"), "live"), "surveyed": (_("已摸排，无线索"), "live"),
    "lead_reported": (_("已报线索"), "live"), "day_agreed": (_("已约定协同日"), "live"), "result_recorded": (_("已有结果"), "good"),
    "rated": (_("已评议"), "good"),
}  # fmt: skip
LEAD = {"reported": (_("待核实"), "live"), "confirmed": (_("属实"), "good"), "not_so": (_("不属实"), "gone")}
LISTING = {
    "requested": (_("收到申请"), "live"), "proposed": (_("待院长签发"), "live"), "grace": (_("宽限期"), "live"),
    "listed": (_("已纳入"), "bad"), "refused": (_("未纳入"), "gone"), "removed": (_("已删除"), "gone"),
}  # fmt: skip
OBJECTION = {
    "received": (_("待立案"), "live"),
    "filed": (_("审查中"), "live"),
    "decided": (_("已决定"), "good"),
}
DECISION = {
    "upheld": (_("成立"), "good"), "partly": (_("部分成立"), "good"), "refused": (_("驳回"), "bad"), "withdrawn": (_("撤回"), "gone"),
}  # fmt: skip
FLAG = {
    "plausibility": _("数值存疑"),
    "not_this_period": _("不是同一期间"),
    "claim_without_number": _("只有说法，没有数值"),
}
PROVED = {
    "proved": (_("已证明"), "good"),
    "stated": (_("仅有说明"), "live"),
    "missing": (_("缺"), "bad"),
    "moot": (_("不适用"), "gone"),
}
PAYOUT = {
    "proposed": (_("待审批"), "live"), "approved": (_("已审批，待发放"), "live"), "paid": (_("已发放"), "good"),
    "refused": (_("未获批准"), "gone"), "cancelled": (_("已撤回"), "gone"), "returned": (_("已退汇"), "bad"),
}  # fmt: skip
DISTRIBUTION = {
    "draft": (_("待送达"), "live"),
    "served": (_("已送达"), "live"),
    "cancelled": (_("已撤回"), "gone"),
}
INSTALMENTS = {
    "running": (_("履行中"), "live"), "performed": (_("已履行完毕"), "good"), "resumed": (_("已恢复执行"), "bad"),
    "ended": (_("已结束"), "gone"),
}  # fmt: skip
STATES: Mapping[str, Mapping[str, tuple[object, str]]] = {
    "registry": REGISTRY, "hit": HIT_STATE, "warrant": WARRANT,
    "letter": LETTER, "answer": ANSWER, "matter": MATTER, "task": TASK, "measure": MEASURE, "renewal": RENEWAL, "countersign": COUNTERSIGN, "clock": CLOCK, "valuation": VALUATION, "sale": SALE, "import": IMPORT,
    "collaboration": COLLABORATION, "lead": LEAD, "listing": LISTING, "objection": OBJECTION, "decision": DECISION, "proved": PROVED,
    "payout": PAYOUT, "distribution": DISTRIBUTION, "instalments": INSTALMENTS,
}  # fmt: skip

PROOF = {
    "answer": _("协助单位反馈"), "collision": _("数据碰撞"), "measure": _("控制措施"), "lead": _("财产线索"), "collaboration": _("乡镇协同"),
    "limit": _("限制消费令"), "listing": _("失信记录"), "document": _("案卷文件"), "statement": _("说明"),
}  # fmt: skip
CAPACITY = {
    "debtor": _("被执行人"), "legal_representative": _("法定代表人"), "principal": _("主要负责人"),
    "directly_responsible": _("直接责任人员"), "controller": _("实际控制人"),
}  # fmt: skip
LET_GO = {
    "performed": _("履行完毕"), "settlement_performed": _("和解履行完毕"), "creditor_asked": _("申请执行人书面申请"),
    "nothing_found_after_termination": _("终本后两次查询无财产"), "suspended": _("裁定中止执行"), "not_enforced": _("裁定不予执行"),
    "enforcement_ended": _("执行终结"), "term_ended": _("期限届满"), "active_performance": _("积极履行，提前删除"),
    "corrected": _("纠正或复议"), "secured": _("提供有效担保"), "creditor_agrees": _("申请执行人同意"),
    "successor_limited": _("改对继任者限制"),
}  # fmt: skip
INSOLVENCY = {"transferred": _("执转破移送"), "opened_elsewhere": _("已由法院受理")}
RESULT = {
    "interim": _("阶段反馈（部分事项待答）"), "yes": _("有"), "no": _("无"), "partial": _("部分查得"), "supplement": _("需法院补正"), "objection": _("异议"),
}  # fmt: skip
GROUP = {
    "critical": _("严重逾期（三天以上）"), "overdue": _("已逾期"), "soon": _("三天内到期"), "later": _("尚未到期"),
    "undated": _("没有期限"), "held": _("暂挂中"),
}  # fmt: skip
HEAP = {
    "waiting": _("待反馈"),
    "answered": _("待核验"),
    "accepted": _("核验通过"),
    "withdrawn": _("已撤回"),
    "all": _("全部"),
}
MEASURE_KIND = {"seal": _("查封"), "freeze": _("冻结"), "detain": _("扣押"), "deduct": _("扣划")}
MEASURE_BASIS = {"enforcement": _("执行"), "preservation": _("财产保全"), "administrative": _("行政强制")}
MEASURE_OUTCOME = {
    "done": _("已办理"), "partial": _("部分办理"), "waiting": _("轮候"), "not_found": _("查无该财产"), "refused": _("不能协助"),
}  # fmt: skip
MEASURE_NOTE = {
    "printed_end_too_late": _("文书载明的届满日超过法定最长期限，按法定日计"),
    "printed_end_too_early": _("续行载明的届满日早于现有届满日，不缩短"),
    "renewal_too_late": _("续行在届满后送达，不恢复效力"), "renewal_not_allowed": _("规则不允许该次续行"),
    "answered_rank_differs": _("单位反馈的顺位与系统计算不一致，请核对"),
    "answered_outcome_differs": _("单位反馈已办理，但尚有在先的控制，请核对"),
    "answered_end_differs": _("单位登记的届满日与系统计算不一致，请核对"), "unanswered": _("单位尚未反馈"),
}  # fmt: skip
RELEASE_GROUND = {
    "excess": _("超标的"), "performed": _("债务已清偿"), "security": _("提供担保"), "third_party": _("案外人财产"),
    "withdrawn": _("申请人撤回申请"), "exempt": _("豁免财产"), "other": _("其他事由"),
}  # fmt: skip
FOUND_BY = {
    "answer": _("单位反馈发现"), "lead": _("财产线索发现"), "declaration": _("被执行人报告"), "collision": _("数据碰撞发现"),
    "other": _("其他途径发现"),
}  # fmt: skip
VALUE_BASIS = {
    "estimate": _("估计"), "answer": _("单位反馈"), "agreement": _("议价"), "inquiry": _("网络询价"), "appraisal": _("评估"),
}  # fmt: skip
MONEY_PART = {
    "enforcement_costs": _("执行费用"), "costs": _("实现债权的费用"), "general_interest": _("一般债务利息"),
    "principal": _("本金等金钱债务"), "doubled_interest": _("加倍部分债务利息"),
}  # fmt: skip
FUND_KIND = {
    "payment": _("被执行人履行"), "deduction": _("扣划存款"), "sale": _("处置变价款"), "deposit": _("保证金等"),
}  # fmt: skip
HOLD_KIND = {
    "objection": _("执行行为异议"), "third_party_claim": _("案外人异议"), "dispute": _("权属争议"),
    "distribution": _("须制作分配方案"), "creditor_unreachable": _("联系不上申请执行人"), "account_missing": _("未提供收款账户"),
    "president": _("院长批准延缓"),
}  # fmt: skip
PAYOUT_PURPOSE = {"claim": _("发放债权人"), "costs": _("执行费用"), "surplus": _("余款退还")}
DISTRIBUTION_WAY = {"pro_rata": _("按比例"), "by_seizure": _("按查封先后")}
OBJECTION_STEP = {
    "received": _("提出"), "told": _("通知各方"), "countered": _("有人反对"), "counter_told": _("通知异议人"), "sued": _("起诉"),
}  # fmt: skip
OBJECTION_OUTCOME = {
    "upheld": _("异议成立"), "rejected": _("异议不成立"), "withdrawn": _("异议撤回"), "no_suit": _("未起诉，按原方案"),
    "no_answer": _("无人反对，按异议修正"),
}  # fmt: skip
INSTALMENT_GROUND = {"agreement": _("执行和解"), "security": _("执行担保")}
SIDE = {"received": _("收到的函"), "sent": _("发出的函"), "supervised": _("督办范围")}
HIT = {
    "exact": _("号码与姓名一致"), "name_differs": _("号码一致、姓名不符"), "name_missing": _("号码一致、登记库没有姓名"),
    "key_invalid": _("号码不是有效证件号"), "name_only": _("仅姓名相同"),
}  # fmt: skip
UNSETTLED = {
    "late": _("登记库数据迟延"), "broken": _("登记库故障"), "to_confirm": _("有命中待人工核对"),
    "no_number": _("没有可比对的证件号码"), "no_registry": _("没有登记库可答"), "values": _("登记库的数据不合规定"),
}  # fmt: skip
WARRANT_KIND = {"letter": _("随函"), "standing": _("夜间查询"), "follow_up": _("终本后查询")}
READ_FROM = {"prepared": _("单位预备的字段库"), "source": _("单位原表，不留副本")}
PARTY_KIND = {"person": _("自然人"), "organisation": _("单位")}
PARTY_ROLE = {
    "debtor": _("被执行人"), "preserved_party": _("被保全人"), "creditor": _("申请执行人"), "third_party": _("案外人"),
}  # fmt: skip
IDENTIFIER = {"resident_id": _("居民身份证"), "credit_code": _("统一社会信用代码"), "passport": _("护照")}
DOCUMENT = {"file": _("附件"), "letter": _("函件"), "answer": _("反馈"), "receipt": _("回执")}
PART = {
    "numerator": _("分子"), "denominator": _("分母"), "remainder": _("未达到的"), "counted": _("计入的"),
    "open": _("尚未结束的"), "extreme": _("极值"), "excluded": _("已排除的"),
}  # fmt: skip
UNIT = {
    "count": "", "ratio": "", "percent": "%", "seconds": _("秒"), "minutes": _("分钟"), "hours": _("小时"), "days": _("天"), "yuan": _("元"),
}  # fmt: skip
SECTION = {
    "collisions": _("查询授权与数据碰撞"), "steps": _("正在办理"), "letters": _("函件"), "parties": _("当事人"), "content": _("立项内容"), "documents": _("文件"), "history": _("经过"),
    "ledger": _("存证"), "clocks": _("时限"), "assets": _("财产"), "measures": _("控制措施"), "payments": _("案款"),
    "collaborations": _("乡镇协同"), "listings": _("失信与限制消费"), "objections": _("异议与复议"), "sales": _("评估与处置"),
    "closing": _("结案"),
}  # fmt: skip
PRICE_METHOD = {
    "agreed": _("当事人议价"), "directed": _("定向询价"), "online": _("网络询价"), "appraisal": _("委托评估"),
}  # fmt: skip
SALE_WAY = {"auction": _("网络拍卖"), "direct": _("变卖"), "self": _("自行变卖（监督价款）")}
ADMINISTRATOR = {"system": _("系统管理"), "security": _("安全管理"), "audit": _("审计")}

# Acts, as the history and the ledger name them.
ACT = {
    "matter.opened": _("立项"), "matter.withdraw": _("撤销事项"), "matters.archive": _("归档办结"),
    "matter.closed": _("办结"), "matter.ended": _("办结"), "matter.cancelled": _("事项撤销"),
    "letters.draft": _("起草函件"), "letters.approve": _("审批"), "letters.seal": _("签章"),
    "letters.deliver": _("送达"), "letters.sign": _("签收"), "letters.route": _("分办"),
    "letters.answer": _("反馈"), "letters.check": _("核验"), "letters.amend": _("补正函件"),
    "letters.remind": _("催办"), "letters.supervise": _("督办"), "letters.withdraw": _("撤回函件"), "letters.print": _("生成文书"),
    "answer.recalled": _("撤回反馈"), "observations.record": _("记录"),
    "task.completed": _("办结任务"), "task.sent_back": _("退回上一环节"), "task.handed_over": _("转办"),
    "task.claimed": _("领办"), "task.released": _("放回任务池"), "task.held": _("暂挂"), "task.resumed": _("恢复办理"),
    "countersign.asked": _("请求会签"), "countersign.given": _("会签"),
    "document.added": _("上传文件"), "delegation.made": _("设立代理"), "delegation.ended": _("终止代理"),
    "decision.made": _("按决策表判定"), "scene.draft_saved": _("保存场景草稿"), "scene.draft_discarded": _("放弃场景草稿"),
    "scene.published": _("发布场景文件"), "scene.published_again": _("恢复场景文件旧版"), "migration.ordered": _("下达流程版本迁移"),
    "matter.migrated": _("换用新版流程图"), "matter.migration_rolled_back": _("退回旧版流程图"),
    "imports.start": _("开始导入"), "imports.done": _("导入完成"), "imports.cancel": _("取消导入"), "imports.refused_rows": _("查看导入有误的行"), "matters.export": _("导出事项"), "matter.imported": _("导入已结事项"),
    "sales.value": _("启动确定参考价"), "sales.settle": _("登记参考价"), "sales.announce": _("公告处置"),
    "sales.result": _("登记处置结果"), "sales.paid": _("登记价款付清"), "sales.transfer": _("作出成交裁定"), "sales.deliver": _("登记交付"),
    "clocks.start": _("登记期限"), "clocks.meet": _("期限已办"),
    "message.received": _("收到消息"),
    "clock.warned": _("期限临近提醒"), "clock.expired": _("期限届满"),
    "letters.warrant": _("签发查询授权"), "warrants.issue": _("签发查询授权"), "warrants.revoke": _("撤销查询授权"),
    "collisions.collide": _("立即进行数据碰撞"), "collisions.asked": _("查询登记库"), "collisions.refused": _("数据碰撞被拒绝"), "collisions.confirm": _("核对碰撞命中"),
    "collisions.review": _("查看夜间查询结果"), "collisions.new": _("夜间查询有新发现"),
    "registries.answer": _("登记库自动反馈"), "answer.recall_seen": _("知悉反馈撤回"), "query_alert.handled": _("处理查询预警"),
    "collaborations.push": _("推送乡镇协查"), "collaborations.sign": _("乡镇签收"),
    "collaborations.report": _("摸排反馈"), "collaborations.agree_day": _("约定协同日"),
    "collaborations.record_result": _("登记协同结果"), "collaborations.rate": _("评议"),
    "collaborations.remind": _("催办乡镇"), "leads.verify": _("核实财产线索"), "leads.harvest": _("安排收获期处置"),
    "listings.request": _("收到纳入失信申请"), "listings.propose": _("拟纳入失信名单"),
    "listings.refuse": _("驳回纳入申请"), "listings.sign": _("签发失信决定书"), "listings.publish": _("发布失信信息"),
    "listings.end": _("失信删除事由"), "listings.delete": _("删除失信信息"),
    "listings.delete_at_term": _("期满删除失信信息"), "limits.order": _("限制消费"), "limits.end": _("限制消费解除事由"),
    "limits.lift": _("解除限制消费"), "objections.file": _("收到异议或复议"), "objections.register": _("异议立案"),
    "objections.decide": _("异议复议决定"), "objections.serve": _("送达决定"),
    "objections.extend": _("延长复议期间"), "closing.close": _("结案"), "closing.reopen": _("恢复执行"),
    "closing.link_insolvency": _("衔接破产"), "closing.record_query": _("终本后查询"),
    "assets.record": _("登记财产"), "assets.value": _("更正财产价值"),
    "measures.order": _("作出控制裁定"), "measures.serve": _("控制文书送达"), "measures.serve_parties": _("裁定送达当事人"), "measures.answer": _("协助单位反馈控制结果"),
    "measures.renew": _("起草续行"), "measures.sign_renewal": _("签发续行"), "measures.serve_renewal": _("续行送达"),
    "measures.decline_renewal": _("决定不再续行"), "measures.decide_renewal": _("决定续行或到期解除"),
    "measures.release": _("裁定解除"), "measures.confirm_release": _("解除送达"), "measures.deduct": _("扣划"),
    "measures.continue": _("保全转执行"), "measures.print": _("生成控制文书"),
    "measures.effective": _("控制生效"), "measures.waiting": _("列入轮候"), "measures.promoted": _("轮候转为正式"),
    "measures.term": _("届满日变更"), "measures.lapsed": _("届满失效"), "measures.released": _("已解除"),
    "measures.disposed": _("财产已处置"), "measures.no_object": _("无可控财产"), "measures.excess": _("发现超标的控制"),
    "measures.excess_over": _("超标的已消除"),
    "look": _("查看个人信息"), "unmask": _("查看完整证件号码"),
    "payments.claim": _("登记债权"), "payments.correct_claim": _("更正债权"), "payments.receive": _("登记到账"),
    "payments.claim_fund": _("认领案款"), "payments.correct": _("更正到账"), "payments.count": _("计入债权"),
    "payments.mark_fund": _("登记发放条件"), "payments.in_kind": _("登记以物抵债裁定"), "payments.hold": _("暂缓发放"),
    "payments.lift": _("解除暂缓"), "payments.distribute": _("制作分配方案"), "payments.serve_distribution": _("送达分配方案"),
    "payments.object": _("登记分配方案异议"), "payments.objection_step": _("登记异议进展"),
    "payments.execute_distribution": _("执行分配方案"), "payments.cancel_distribution": _("撤回分配方案"),
    "payments.propose": _("提请发放"), "payments.approve": _("审批发放"), "payments.pay": _("登记已发放"),
    "payments.take_back": _("撤回或退汇"), "payments.instalments": _("登记分期履行"),
    "payments.record_instalment": _("登记分期到账"), "payments.end_instalments": _("结束分期"),
    "payments.explain": _("说明逾期未发放的原因"), "payments.statement": _("导入银行对账单"), "payments.match": _("对应银行流水"),
    "payments.unmatch": _("撤销对应"), "payments.print": _("打印案款文书"),
}  # fmt: skip
