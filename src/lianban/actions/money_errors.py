"""What the acts on money say when they cannot be done."""

from __future__ import annotations

from lianban.engines.errors import YourMistake


def yuan(fen: int) -> str:
    """An amount as a sentence names it: ``1,234.50``. The unit stands beside it, in the reader's language."""
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100:,}.{abs(fen) % 100:02d}"


class MoneyNotFound(YourMistake):
    code = "LB-ACTIONS-080"
    status = 404
    zh = "本事项没有这项案款记录（{what_zh}），或它已被更正。请回到事项页重新打开。"
    en = "This matter has no such record of money ({what}), or it was corrected. Open it again from the matter."


class FundTaken(YourMistake):
    code = "LB-ACTIONS-081"
    status = 409
    zh = "该笔到账已被认领。如认领有误，请在原事项更正到账记录。"
    en = "This arrival was claimed already. If that was a mistake, correct the arrival in the matter that claimed it."


class ClaimNotChosen(YourMistake):
    code = "LB-ACTIONS-082"
    zh = "本事项有 {count} 项债权，不能确定这笔款抵充哪一项。请选择债权，或先制作分配方案。"
    en = "The matter has {count} claims; it is not clear which this money pays. Choose one, or make a plan of distribution."


class MoneyNotEnough(YourMistake):
    code = "LB-ACTIONS-083"
    status = 409
    zh = "该笔案款到账 {amount} 元，已发放或待发放 {committed} 元，暂缓 {held} 元，可发放 {payable} 元，不足 {wanted} 元。{reasons_zh}"
    en = (
        "Of {amount} yuan that arrived, {committed} are paid or about to be, {held} are held; {payable} can be paid, not"
        " {wanted}. {reasons}"
    )


class MoreThanReceived(YourMistake):
    code = "LB-ACTIONS-084"
    status = 409
    zh = "{what_zh}至多 {most} 元（已收并抵充，减去已发放和待发放的），不能发放 {wanted} 元。请核对到账的抵充，或更正债权。"
    en = (
        "For {what} at most {most} yuan can leave (received and counted, less what is paid or about to be), not {wanted}."
        " Check what the arrivals were counted for, or correct the claim."
    )


class AnotherOfficer(YourMistake):
    code = "LB-ACTIONS-085"
    status = 403
    zh = "这笔发放由您提请，须由另一名人员审批。请转交同事审批。"
    en = "You proposed this payout; another officer approves it. Ask a colleague."


class NotInThisStage(YourMistake):
    code = "LB-ACTIONS-086"
    status = 409
    zh = "{what_zh}现在是“{state_zh}”，不能{act_zh}。请刷新后再看。"
    en = "{what} is “{state}” now; it cannot be {act}. Load the page again."


class PlanStandsInTheWay(YourMistake):
    code = "LB-ACTIONS-087"
    status = 409
    zh = "该笔案款有分配方案（第 {number} 号），只能按方案发放。请办理“执行分配方案”，或先撤回方案。"
    en = "This money has a plan of distribution (no. {number}) and is paid by it alone. Execute the plan, or take it back first."


class TimeToObject(YourMistake):
    code = "LB-ACTIONS-088"
    status = 409
    zh = "分配方案的异议期到 {day} 届满（民诉解释第509条），此前不能发放。"
    en = "The time to object to the plan ends on {day} (民诉解释 509); nothing is paid before."


class ObjectionTooLate(YourMistake):
    code = "LB-ACTIONS-089"
    status = 409
    zh = "异议应在 {day} 前提出，收到日期是 {received}：逾期视为放弃该权利。如有正当障碍，请先依法顺延期间。"
    en = (
        "Objections were due by {day}; this one came on {received}: the right is lost. If there was an obstacle, the court"
        " puts the period off first."
    )


class NoOrderInKind(YourMistake):
    """和解规定 6."""

    code = "LB-ACTIONS-090"
    status = 409
    zh = "本债权有执行和解协议。人民法院不得依据以物抵债和解协议作出以物抵债裁定（和解规定第6条）；由当事人自行履行，或先恢复执行。"
    en = (
        "There is a settlement of this claim. The court issues no ruling in kind on a settlement (和解规定 6): the parties"
        " perform it, or enforcement is resumed first."
    )


class SettlementRuns(YourMistake):
    code = "LB-ACTIONS-091"
    status = 409
    zh = "本债权已有履行中的分期方案（最后一期 {day}）。请先结束原方案。"
    en = "The claim already has a running plan of instalments (the last on {day}). End that one first."


class StillPerforming(YourMistake):
    """和解规定 11."""

    code = "LB-ACTIONS-092"
    status = 409
    zh = "被执行人正在按期履行，没有到期未付的分期，不能恢复执行（和解规定第11条）。"
    en = "The debtor is performing: no instalment is missed, so enforcement is not resumed (和解规定 11)."


class CorrectionBlocked(YourMistake):
    code = "LB-ACTIONS-093"
    status = 409
    zh = "不能更正：{reason_zh}。"
    en = "It cannot be corrected: {reason}."


class StatementRefused(YourMistake):
    """A bank statement with mistakes: nothing of it is imported. ``rows`` lists them, each with its line."""

    code = "LB-ACTIONS-094"
    zh = "对账单“{name}”有 {count} 处错误，没有导入任何一行。第一处：{first_zh}"
    en = "The statement “{name}” has {count} mistake(s); nothing of it was imported. The first: {first_en}"


class LineMatched(YourMistake):
    code = "LB-ACTIONS-095"
    status = 409
    zh = "该流水或账目已经对应过，或两者收付方向不同。请刷新后重新选择。"
    en = "The line or the movement was matched already, or one is in and the other out. Load the page again and choose anew."


class CreditorUnclear(YourMistake):
    code = "LB-ACTIONS-096"
    zh = (
        "所选当事人不是本事项的当事人，或地位是被执行人，不能作为债权人。请选择申请执行人或参与分配的债权人。"
    )
    en = "The chosen party is not of this matter, or is its debtor, and cannot be a creditor. Choose the applicant or a participating creditor."
