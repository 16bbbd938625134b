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
STATES: Mapping[str, Mapping[str, tuple[object, str]]] = {
    "registry": REGISTRY, "hit": HIT_STATE, "warrant": WARRANT,
    "letter": LETTER, "answer": ANSWER, "matter": MATTER, "task": TASK, "countersign": COUNTERSIGN, "clock": CLOCK, "import": IMPORT,
}  # fmt: skip

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
PARTY_ROLE = {"debtor": _("被执行人"), "preserved_party": _("被保全人")}
IDENTIFIER = {"resident_id": _("居民身份证"), "credit_code": _("统一社会信用代码"), "passport": _("护照")}
DOCUMENT = {"file": _("附件"), "letter": _("函件"), "answer": _("反馈"), "receipt": _("回执")}
PART = {
    "numerator": _("分子"), "denominator": _("分母"), "remainder": _("未达到的"), "counted": _("计入的"),
    "open": _("尚未结束的"), "extreme": _("极值"), "excluded": _("已排除的"),
}  # fmt: skip
UNIT = {
    "count": "", "ratio": "", "percent": "%", "seconds": _("秒"), "minutes": _("分钟"), "hours": _("小时"), "days": _("天"),
}  # fmt: skip
SECTION = {
    "collisions": _("查询授权与数据碰撞"), "steps": _("正在办理"), "letters": _("函件"), "parties": _("当事人"), "content": _("立项内容"), "documents": _("文件"), "history": _("经过"),
    "ledger": _("存证"), "clocks": _("时限"), "assets": _("财产"), "measures": _("控制措施"), "payments": _("案款"),
    "collaborations": _("乡镇协同"), "listings": _("失信与限制消费"), "objections": _("异议与复议"), "sales": _("评估与处置"),
    "closing": _("结案"),
}  # fmt: skip
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
    "clock.warned": _("期限临近提醒"), "clock.expired": _("期限届满"),
    "warrants.issue": _("签发查询授权"), "warrants.revoke": _("撤销查询授权"),
    "collisions.collide": _("数据碰撞"), "collisions.refused": _("数据碰撞被拒绝"), "collisions.confirm": _("核对碰撞命中"),
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
    "look": _("查看个人信息"), "unmask": _("查看完整证件号码"),
}  # fmt: skip
