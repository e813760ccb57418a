"""Refusals of complaints, each with the way on."""

from __future__ import annotations

from palmtax.base.errors import PalmtaxError


class ComplaintUnknown(PalmtaxError):
    """No such complaint that you may see."""

    code, status = "complaints.complaint_unknown", 404
    text = "没有找到这件投诉"
    text_en = "There is no such complaint"
    hint = "请在“我的投诉”里查看，或核对投诉编号"
    hint_en = "Look under “My complaints”, or check the number"


class RatingUnknown(PalmtaxError):
    """No such rating that you may see."""

    code, status = "complaints.rating_unknown", 404
    text = "没有找到这条评价"
    text_en = "There is no such rating"
    hint = "请刷新列表后重试"
    hint_en = "Refresh the list and try again"


class ReportUnknown(PalmtaxError):
    """No such report that you may see."""

    code, status = "complaints.report_unknown", 404
    text = "没有找到这件检举"
    text_en = "There is no such report"
    hint = "请核对检举编号"
    hint_en = "Check the number of the report"


class ReportAnonymous(PalmtaxError):
    """Whoever reported anonymously is shown to nobody."""

    code, status = "complaints.report_anonymous", 403
    text = "这是匿名检举，不能查看检举人"
    text_en = "The report was made anonymously, so nobody is shown"
    hint = "请按检举内容办理，结果由检举人在“我的检举”中自行查看"
    hint_en = "Work with what was reported; whoever made it reads the result under “my reports”"


class ChoiceUnknown(PalmtaxError):
    """A category, kind or tag that is not on the list."""

    code, status = "complaints.choice_unknown", 422
    text = "没有“{choice}”这个选项"
    text_en = "There is no choice “{choice}”"
    hint = "可以选择：{known}"
    hint_en = "You can choose: {known}"
    fields = ("choice", "known")


class FactsMissing(PalmtaxError):
    """Nothing was written that could be looked into."""

    code, status = "complaints.facts_missing", 422
    text = "还没有写明事情经过"
    text_en = "Nothing is written yet about what happened"
    hint = "请写清时间、地点和经过，方便我们核实"
    hint_en = "Say when and where it was and what happened, so that it can be looked into"


class StateWrong(PalmtaxError):
    """The act does not fit the state any more."""

    code, status = "complaints.state_wrong", 409
    text = "现在是“{state}”，不能这样办理"
    text_en = "It stands at “{state_en}”, so this cannot be done"
    hint = "请刷新后查看最新进展"
    hint_en = "Refresh to see how it stands"
    fields = ("state", "state_en")


class ChangedMeanwhile(PalmtaxError):
    """Somebody else was faster."""

    code, status = "complaints.changed_meanwhile", 409
    text = "这件投诉刚刚有了新的进展，本次没有办理"
    text_en = "The complaint has just changed; nothing was done"
    hint = "请刷新后再办理"
    hint_en = "Refresh and do it again"


class HandlerInvolved(PalmtaxError):
    """Who is complained about, or rated, must not handle it."""

    code, status = "complaints.handler_involved", 403
    text = "这件事与您本人有关，按规定由其他人员办理"
    text_en = "This is about you, so somebody else handles it"
    hint = "请退回任务，由同事或上级机关办理"
    hint_en = "Return the case; a colleague or the higher office will take it"


class SecondInvestigatorNeeded(PalmtaxError):
    """One person alone does not look into a complaint."""

    code, status = "complaints.second_investigator_needed", 409
    text = "投诉须由两名以上工作人员调查，现在只有一名"
    text_en = "At least two people look into a complaint; there is one so far"
    hint = "请先登记一名共同调查的同事，或由另一名同事答复"
    hint_en = "Name a colleague who looks into it with you, or let another colleague answer"


class ColleagueUnknown(PalmtaxError):
    """Somebody who does not work on cases in this office, below it or above it."""

    code, status = "complaints.colleague_unknown", 422
    text = "所选人员不能参与调查这件投诉"
    text_en = "This person cannot look into the complaint"
    hint = "请从名单里选择本机关、下级或上级机关的同事"
    hint_en = "Choose a colleague of this office, of one below or above it, from the list"


class ReasonMissing(PalmtaxError):
    """A refusal, an extension or an answer without words."""

    code, status = "complaints.reason_missing", 422
    text = "请写明理由或答复内容"
    text_en = "Please write the reason or the answer"
    hint = "投诉人会看到这段文字，请写清依据和结果"
    hint_en = "The person who complained will read it: name the grounds and the outcome"


class ExtensionRefused(PalmtaxError):
    """More time than the rule gives, or a second time."""

    code, status = "complaints.extension_refused", 409
    text = "只能延期一次，最多 {days} 个工作日"
    text_en = "It can be extended once, by {days} working days at most"
    hint = "请在期限内答复，或请上级机关协助"
    hint_en = "Answer in time, or ask the higher office for help"
    fields = ("days",)


class ApproverNeeded(PalmtaxError):
    """Who asks for more time does not grant it."""

    code, status = "complaints.approver_needed", 403
    text = "延期须由另一名有权限的人员批准"
    text_en = "Another person has to approve the extension"
    hint = "请审批人员办理"
    hint_en = "Ask an approver"


class AlreadyRated(PalmtaxError):
    """One rating for one service act."""

    code, status = "complaints.already_rated", 409
    text = "您已经评价过这次服务"
    text_en = "You have rated this service already"
    hint = "有新的意见，可以提交意见建议或投诉"
    hint_en = "If there is more to say, send a suggestion or a complaint"
