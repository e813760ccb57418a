"""Refusals of the policy library, each with the way on."""

from __future__ import annotations

from palmtax.base.errors import PalmtaxError


class CalculatorUnknown(PalmtaxError):
    """No rule of that name, or one that nobody computes by itself."""

    code, status = "knowledge.calculator_unknown", 404
    text = "没有名为“{law}”的税款测算"
    text_en = "There is no calculator named “{law}”"
    hint = "请从税款测算列表重新选择"
    hint_en = "Choose again from the list of calculators"
    fields = ("law",)


class FactUnknown(PalmtaxError):
    """Facts that this calculator does not ask for; nothing was computed."""

    code, status = "knowledge.fact_unknown", 422
    text = "这个测算没有“{facts}”这一项，本次没有计算"
    text_en = "This calculator does not ask for “{facts}”; nothing was computed"
    hint = "可以填写的项目：{known}"
    hint_en = "It asks for: {known}"
    fields = ("facts", "known")


class ResultTooLarge(PalmtaxError):
    """A result larger than any wire carries exactly."""

    code, status = "knowledge.result_too_large", 422
    text = "填写的金额过大，“{label}”无法精确显示"
    text_en = "The amounts are too large: “{label_en}” could not be shown exactly"
    hint = "请核对金额单位是否为元"
    hint_en = "Check that the amounts are in yuan"
    fields = ("label", "label_en")


class ParameterUnknown(PalmtaxError):
    """No number of the law of that key."""

    code, status = "knowledge.parameter_unknown", 404
    text = "没有编号为“{key}”的税法参数"
    text_en = "No number of the law is called “{key}”"
    hint = "请从税法台的列表重新选择"
    hint_en = "Choose again from the list of the law desk"
    fields = ("key",)


class ChangeUnknown(PalmtaxError):
    """No version with this id."""

    code, status = "knowledge.change_unknown", 404
    text = "没有找到这个税法参数版本"
    text_en = "There is no such version of a number of the law"
    hint = "请刷新列表后重新选择"
    hint_en = "Refresh the list and choose again"


class ChangeMalformed(PalmtaxError):
    """A draft that does not say what it must; the field is named."""

    code, status = "knowledge.change_malformed", 422
    text = "填写不符合要求：{what}"
    text_en = "Not as expected: {what_en}"
    hint = "请改正后再次保存，已填写的内容不会丢失"
    hint_en = "Correct it and save again; nothing you entered is lost"
    fields = ("what", "what_en")


class ChangeNotYours(PalmtaxError):
    """Only who drafted a version changes, sends or takes it back."""

    code, status = "knowledge.change_not_yours", 409
    text = "这个版本由其他人员起草，您不能修改、提交或撤回"
    text_en = "Another officer drafted this version; you cannot change, send or take it back"
    hint = "请联系起草人，或自行起草新的版本"
    hint_en = "Ask who drafted it, or draft a version of your own"


class SameOfficer(PalmtaxError):
    """Who drafted a version does not decide on it."""

    code, status = "knowledge.same_officer", 409
    text = "起草人不能审核自己起草的版本"
    text_en = "A version is not decided by the officer who drafted it"
    hint = "请由另一名审核人员批准或退回"
    hint_en = "Another officer must approve or return it"


class ChangeStateWrong(PalmtaxError):
    """The version is not where this act begins."""

    code, status = "knowledge.change_state", 409
    text = "该版本目前为“{state_zh}”，不能这样处理"
    text_en = "The version is {state_en} now, so this cannot be done"
    hint = "请刷新后按当前状态处理"
    hint_en = "Refresh the page and go on from where it stands"
    fields = ("state", "state_zh", "state_en")


class ChangeMoved(PalmtaxError):
    """Somebody acted on the version after it was read."""

    code, status = "knowledge.change_moved", 409
    text = "该版本在您查看之后有了变动，本次没有处理"
    text_en = "The version changed after you read it; nothing was done"
    hint = "请刷新后重新核对"
    hint_en = "Refresh the page and check it again"


class ChangeOverlapsPast(PalmtaxError):
    """A first day that is over, without saying that this is meant."""

    code, status = "knowledge.change_overlaps_past", 409
    text = "起始日{first_day}已经过去，新数值将追溯适用"
    text_en = "The first day {first_day} is over: the number would apply to days already past"
    hint = "请先查看受影响的申报；确需追溯的，由起草人确认后再保存和提交"
    hint_en = "Look at the returns it affects; if this is meant, who drafted it confirms so and sends it again"
    fields = ("first_day",)


class ChangeHasFaults(PalmtaxError):
    """The trial found something that the law cannot be computed with."""

    code, status = "knowledge.change_has_faults", 409
    text = "试算发现 {count} 处问题，不能提交：{first}"
    text_en = "The trial found {count} fault(s): {first_en}"
    hint = "请按试算结果改正后再提交"
    hint_en = "Correct what the trial lists, then go on"
    fields = ("count", "first", "first_en")


class ChangeInForce(PalmtaxError):
    """What is in force is never taken away; a newer version replaces it."""

    code, status = "knowledge.change_in_force", 409
    text = "该版本已经生效，不能撤回"
    text_en = "The version is in force and cannot be withdrawn"
    hint = "请起草一个新的版本"
    hint_en = "Draft a newer version instead"


class DraftKeyReused(PalmtaxError):
    """One idempotency key for two different drafts."""

    code, status = "knowledge.key_reused", 409
    text = "同一提交编号已用于另一份草案"
    text_en = "This idempotency key was used for another draft"
    hint = "请刷新页面后重新保存"
    hint_en = "Refresh the page and save again"


class ArticleUnknown(PalmtaxError):
    """No article of that name."""

    code, status = "knowledge.article_unknown", 404
    text = "没有找到这篇问答"
    text_en = "There is no such article"
    hint = "请从搜索或列表重新打开"
    hint_en = "Open it again from the search or the list"


class LetterUnknown(PalmtaxError):
    """No such letter that you may see."""

    code, status = "knowledge.letter_unknown", 404
    text = "没有找到这封咨询"
    text_en = "There is no such question"
    hint = "请在“我的咨询”里查看"
    hint_en = "Look under “My questions”"


class QuestionMissing(PalmtaxError):
    """Nothing was asked that could be answered."""

    code, status = "knowledge.question_missing", 422
    text = "还没有写清要问什么"
    text_en = "It is not clear yet what you want to ask"
    hint = "请写明业务、时间和金额，答复会更准确"
    hint_en = "Say what it is about, when, and how much: the answer will be more exact"


class AnswerMissing(PalmtaxError):
    """An answer without words."""

    code, status = "knowledge.answer_missing", 422
    text = "请写明答复内容"
    text_en = "Please write the answer"
    hint = "写清结论和依据的文件"
    hint_en = "Name the outcome and the texts it rests on"


class LetterAnsweredBefore(PalmtaxError):
    """Somebody else answered it already."""

    code, status = "knowledge.letter_answered_before", 409
    text = "这封咨询已经答复"
    text_en = "This question has been answered"
    hint = "请刷新后查看答复"
    hint_en = "Refresh to see the answer"


class NothingComputed(PalmtaxError):
    """A matter wants to show a result, but nothing was computed."""

    code, status = "knowledge.nothing_computed", 409
    text = "没有可以显示的测算结果"
    text_en = "There is no result to show"
    hint = "请先把测算要用的项目填完"
    hint_en = "Fill in what the calculation needs first"
