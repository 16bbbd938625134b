"""What an action says when it cannot be done. Codes are LB-ACTIONS-nnn."""

from __future__ import annotations

from lianban.engines.errors import OurFault, YourMistake


class MatterNotFound(YourMistake):
    """Also what somebody is told who may not see the matter: its existence is not theirs to learn."""

    code = "LB-ACTIONS-001"
    status = 404
    zh = "找不到该事项，或本单位未参与该事项。请核对链接，或联系牵头单位。"
    en = "There is no such matter, or your agency has no leg in it. Check the link, or ask the lead agency."


class TaskNotFound(YourMistake):
    code = "LB-ACTIONS-002"
    status = 404
    zh = "找不到该任务，或它不属于本单位。请回到“我的任务”重新打开。"
    en = "There is no such task, or it is not your agency's. Open it again from My tasks."


class TaskAlreadyClosed(YourMistake):
    code = "LB-ACTIONS-003"
    status = 409
    zh = "任务“{task}”已于{closed_at}由{closed_by}{how}，您的内容没有提交，也没有丢失：请查看已有结果后再决定。"
    en = (
        "The task “{task}” was already {how_en} at {closed_at} by {closed_by}. What you wrote was not sent and is"
        " not lost: look at the result first."
    )


class NotYourTask(YourMistake):
    code = "LB-ACTIONS-004"
    status = 403
    zh = "任务“{task}”由岗位角色“{role}”办理，您的岗位是“{own}”。请转交该岗位，或切换岗位。"
    en = "The task “{task}” is for the role “{role}”; your post's role is “{own}”. Hand it over, or change your post."


class LetterNotFound(YourMistake):
    code = "LB-ACTIONS-005"
    status = 404
    zh = "找不到该函，或本单位不是发函、收函单位。"
    en = "There is no such letter, or your agency neither sent nor received it."


class LetterIsWithdrawn(YourMistake):
    code = "LB-ACTIONS-006"
    status = 409
    zh = "该函已于{withdrawn_at}由发函单位撤回，不再需要反馈。您填写的内容没有提交；如已查得结果，请勿另行提供。"
    en = (
        "The sender withdrew this letter at {withdrawn_at}; no answer is needed. What you wrote was not sent; do not"
        " hand it over by another way."
    )


class LetterWithoutLegalBasis(YourMistake):
    code = "LB-ACTIONS-007"
    zh = "函件没有可用的法律依据：填写的是“{found}”。请从本场景在{day}有效的依据中选择：{known}。"
    en = "The letter has no usable legal basis: “{found}” was given. Choose one in force on {day}: {known}."


class QuestionNotAnswered(YourMistake):
    code = "LB-ACTIONS-008"
    zh = "单位“{agency}”不回答所列事项（{questions}）。请去掉该单位，或选择它能回答的事项：{known}。"
    en = "The agency “{agency}” answers none of the questions ({questions}). Leave it out, or ask: {known}."


class RoleMayNot(YourMistake):
    code = "LB-ACTIONS-009"
    status = 403
    zh = "“{act}”只能由{needed}办理，您的岗位角色是“{own}”。"
    en = "“{act}” is for {needed}; your post's role is “{own}”."


class MatterIsClosed(YourMistake):
    code = "LB-ACTIONS-010"
    status = 409
    zh = "事项 {number} 已办结或撤回，不能再办理。"
    en = "The matter {number} is closed or withdrawn; nothing more can be done in it."


class CannotSendBack(YourMistake):
    code = "LB-ACTIONS-011"
    status = 409
    zh = "任务“{task}”没有可以退回的上一环节。可退回的环节：{known}。"
    en = "The task “{task}” has no earlier step to be sent back to. Steps it can go back to: {known}."


class CountersignPending(YourMistake):
    code = "LB-ACTIONS-012"
    status = 409
    zh = "还有会签未完成：{posts}。会签完成后才能提交。"
    en = "Countersignatures are outstanding: {posts}. The task can be completed when they are given."


class CountersignRefused(YourMistake):
    code = "LB-ACTIONS-013"
    status = 409
    zh = "{post}不同意会签，意见：{remark}。请修改后重新请求会签，或退回。"
    en = "{post} does not agree: {remark}. Change it and ask again, or send it back."


class WithoutReason(YourMistake):
    code = "LB-ACTIONS-014"
    zh = "“{act}”必须写明理由（2 至 500 字），现为 {length} 字。"
    en = "“{act}” needs a reason of 2 to 500 characters; there are {length}."


class FileTooLarge(YourMistake):
    code = "LB-ACTIONS-015"
    status = 413
    zh = "文件“{name}”有 {size}，超过上限 {limit}，没有保存。请压缩或分卷后重新上传，已填写的内容仍在。"
    en = "The file “{name}” has {size}, over the limit of {limit}, and was not kept. Make it smaller or split it."


class DelegationRefused(YourMistake):
    code = "LB-ACTIONS-016"
    zh = "代理未设立：{reason_zh}。"
    en = "The delegation was not made: {reason}."


class ArrivedBefore(YourMistake):
    code = "LB-ACTIONS-017"
    status = 409
    zh = "幂等键“{key}”此前已用于另一内容的请求。请换一个键，或原样重发。"
    en = "The idempotency key “{key}” was used before with another request. Use a new key, or send the same again."


class OccurredInTheFuture(YourMistake):
    code = "LB-ACTIONS-018"
    zh = "发生时间 {occurred_at} 晚于现在，不能记录。"
    en = "The time of occurrence {occurred_at} lies in the future and cannot be recorded."


class SceneNotOpen(YourMistake):
    code = "LB-ACTIONS-020"
    status = 409
    zh = "场景“{scene}”的状态是“{status}”，不能立新事项。"
    en = "The scene “{scene}” is “{status}”; no matter can be opened in it."


class LedgerEntryNotPlaced(YourMistake):
    code = "LB-ACTIONS-021"
    status = 409
    zh = "该存证记录尚未编入账本（通常在数秒内完成）。请稍后重试。"
    en = "The entry has no place in the ledger yet (it takes seconds). Try again shortly."


class EntryNotFound(YourMistake):
    code = "LB-ACTIONS-022"
    status = 404
    zh = "找不到该存证记录，或您无权查看。"
    en = "There is no such ledger entry, or it is not yours to see."


class SignInRefused(YourMistake):
    """One sentence for a wrong name and a wrong password, so that names cannot be tried out."""

    code = "LB-ACTIONS-023"
    status = 403
    zh = "用户名或密码不正确，或账号暂时锁定。连续输错 {failures} 次将锁定 {minutes} 分钟。"
    en = "The user name or password is wrong, or the account is locked. {failures} mistakes lock it for {minutes} minutes."


class NothingToDo(YourMistake):
    code = "LB-ACTIONS-024"
    status = 409
    zh = "“{act}”现在不适用：{reason_zh}。"
    en = "“{act}” does not apply now: {reason}."


class SceneOfAnotherAgency(YourMistake):
    code = "LB-ACTIONS-025"
    status = 403
    zh = "场景“{scene}”的事项由“{lead}”类单位牵头，您的单位属于“{own}”类。请联系牵头单位。"
    en = "Matters of “{scene}” are led by agencies of the kind “{lead}”; yours is “{own}”. Ask the lead agency."


class TaskIsTaken(YourMistake):
    code = "LB-ACTIONS-026"
    status = 409
    zh = "任务“{task}”已由同事领办。请与其联系，或由其退回、转办。"
    en = "The task “{task}” was taken by a colleague. Ask the colleague to release it or hand it over."


class ServicesWithoutEnd(OurFault):
    code = "LB-ACTIONS-019"
    zh = "事项 {number} 的流程图在“{element}”处自动循环，没有人工环节可停。本次办理未保存，请管理员检查流程图。"
    en = (
        "The drawing of matter {number} runs in a circle at “{element}” with no step for a person. Nothing was saved;"
        " an operator must check the drawing."
    )


class SceneOwnedByAnother(YourMistake):
    code = "LB-ACTIONS-027"
    status = 403
    zh = "场景“{scene}”归“{owner}”类单位所有，您的单位属于“{own}”类；只有所有者的经办人才能迁移其事项。请联系所有者。"
    en = (
        "The scene “{scene}” is owned by agencies of the kind “{owner}”; yours is “{own}”. Only an officer of the owner"
        " may migrate its matters. Ask the owner."
    )


class VersionNotFound(YourMistake):
    code = "LB-ACTIONS-028"
    status = 404
    zh = "场景“{scene}”的流程图没有可用的第 {version} 版。可选的版本：{known}。请先用 lianban scene deploy 部署。"
    en = (
        "The drawing of scene “{scene}” has no version {version} to use here. There are: {known}. Deploy one with"
        " lianban scene deploy."
    )


class MigrationNotFound(YourMistake):
    code = "LB-ACTIONS-029"
    status = 404
    zh = "没有编号为 {migration} 的迁移，或它不是这一类。请用 lianban process list 查看。"
    en = "There is no migration {migration}, or it is not of this kind. lianban process list shows them."


class MigrationIsFinished(YourMistake):
    code = "LB-ACTIONS-030"
    status = 409
    zh = "迁移 {migration} 已经完成：迁移 {moved} 件，保留 {kept} 件。如需再次迁移，请重新下达。"
    en = "The migration {migration} is finished: {moved} moved, {kept} kept. Order another one to migrate again."


class ActUnknown(YourMistake):
    code = "LB-ACTIONS-031"
    status = 404
    zh = "场景“{scene}”没有名为“{act}”的办理事项。可以办理：{known}。"
    en = "The scene “{scene}” has no act called “{act}”. There are: {known}."


class ActNotInThisState(YourMistake):
    code = "LB-ACTIONS-032"
    status = 409
    zh = "事项 {number} 的状态是“{state}”，不能办理“{act}”。请核对事项是否已办结、撤回或需先恢复。"
    en = "The matter {number} is “{state}”: “{act}” cannot be done. See whether it is closed, withdrawn or to be re-opened first."


class RecordMissing(YourMistake):
    code = "LB-ACTIONS-033"
    zh = "“{act}”要指明是哪一项（{about}），但没有给出。请从事项页面的该项记录进入办理。"
    en = "“{act}” is done to one record ({about}), and none was named. Start it from that record on the matter's page."


class SceneNotYours(YourMistake):
    code = "LB-ACTIONS-040"
    status = 403
    zh = "场景“{scene}”归“{owner}”类单位所有，您的单位属于“{own}”类；只有所有者可以修改它的流程图和决策表。请联系所有者。"
    en = (
        "The scene “{scene}” is owned by agencies of the kind “{owner}”; yours is “{own}”. Only the owner may change its"
        " drawing and tables. Ask the owner."
    )


class SceneFileUnknown(YourMistake):
    code = "LB-ACTIONS-041"
    status = 404
    zh = "场景“{scene}”没有文件“{file}”（或没有这一版）。可编辑的是 process.bpmn 和 decisions/名称.dmn（小写英文字母、数字、下划线）。"
    en = (
        "The scene “{scene}” has no file “{file}”, or not in that version. What can be edited is process.bpmn and"
        " decisions/NAME.dmn (a–z, 0–9, _)."
    )


class DraftConflict(YourMistake):
    """Somebody else saved in between: nothing is overwritten."""

    code = "LB-ACTIONS-042"
    status = 409
    zh = "没有保存：{who} 已于 {when} 保存了这份草稿（第 {revision} 次），您打开的是第 {own} 次。请下载您的图留底，再打开对方的版本合并。"
    en = (
        "Not saved: {who} saved this draft at {when} (revision {revision}); you had opened revision {own}. Download your"
        " version to keep it, then open theirs and join the two."
    )


class DraftGone(YourMistake):
    code = "LB-ACTIONS-043"
    status = 409
    zh = "“{file}”没有这份草稿：已经发布或放弃。请下载您的图留底，再从在用版本重新开始。"
    en = "There is no such draft of “{file}”: it was published or discarded. Download yours to keep it, then begin anew."


class DraftHasErrors(YourMistake):
    code = "LB-ACTIONS-044"
    status = 422
    zh = "“{file}”还有 {count} 处错误，不能发布。第一处：{first_zh}"
    en = "“{file}” has {count} error(s) and cannot be published. The first: {first_en}"


class DraftIsOutdated(YourMistake):
    code = "LB-ACTIONS-045"
    status = 409
    zh = "草稿以第 {base} 版为基础，而在用的已是第 {live} 版，没有发布。请在编辑页核对与在用版本的差别，再以在用版本为基础保存。"
    en = (
        "The draft was begun from version {base}, and version {live} is live by now: it was not published. Look at what"
        " differs in the editor, then save it on top of the live version."
    )


class PublishedMeanwhile(YourMistake):
    """Somebody else published the file since the page was opened: what was read there is not what would be replaced."""

    code = "LB-ACTIONS-140"
    status = 409
    zh = "没有发布：在您查看之后，{who} 已于 {when} 发布了“{file}”的第 {live} 版。请重新打开该场景，核对与第 {live} 版的差别后再决定。"
    en = (
        "Not published: since you looked, {who} published version {live} of “{file}” at {when}. Open the scene again and"
        " look at what differs from version {live} before you decide."
    )


class NothingToPublish(YourMistake):
    code = "LB-ACTIONS-046"
    status = 409
    zh = "“{file}”与在用版本完全相同，不必发布。请修改后再发布，或放弃草稿。"
    en = "“{file}” is the same as the live version; there is nothing to publish. Change it first, or discard the draft."
