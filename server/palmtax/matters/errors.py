"""What the matter engine refuses."""

from __future__ import annotations

from palmtax.base.errors import PalmtaxError


class MatterUnknown(PalmtaxError):
    """No such matter in the catalogue."""

    code, status = "matters.matter_unknown", 404
    text = "没有编号为“{code}”的事项"
    text_en = "There is no matter “{code}”"
    hint = "请在“办事”里搜索，或从分组里选择"
    hint_en = "Search for it, or choose it from its group"
    fields = ("code",)


class WrongHat(PalmtaxError):
    """The matter is not for this kind of taxpayer, or not in this role."""

    code, status = "matters.wrong_hat", 403
    text = "“{title}”不能以当前身份办理"
    text_en = "“{title_en}” cannot be done in this identity"
    hint = "可办理的身份：{who}。请先切换办税身份"
    hint_en = "It can be done as: {who_en}. Switch identity first"
    fields = ("title", "title_en", "who", "who_en")


class ApplicationUnknown(PalmtaxError):
    """No such application, or none that the caller may see."""

    code, status = "matters.application_unknown", 404
    text = "没有找到这件办理"
    text_en = "There is no such application"
    hint = "请在“我的办件”里查看，或切换办税身份"
    hint_en = "Look in “My matters”, or switch identity"


class VersionConflict(PalmtaxError):
    """Another channel changed the draft meanwhile."""

    code, status = "matters.version_conflict", 409
    text = "这份草稿刚在别处改过"
    text_en = "This draft was just changed somewhere else"
    hint = "已为您保留本次填写，刷新后会自动合并"
    hint_en = "What you wrote is kept; refresh and it is merged"
    fields = ("current_version",)


class Incomplete(PalmtaxError):
    """Something is missing or wrong; every place is named."""

    code, status = "matters.incomplete", 409
    text = "还有 {count} 处需要处理：{first}"
    text_en = "{count} things still need you: {first_en}"
    hint = "逐项处理后再提交，已填内容都已保存"
    hint_en = "Deal with them, then submit; everything you wrote is kept"
    fields = ("count", "first", "first_en", "problems")


class AnswerRefused(PalmtaxError):
    """An answer that its question does not take."""

    code, status = "matters.answer_refused", 422
    text = "这一项还不对：{first}"
    text_en = "This answer needs mending: {first_en}"
    hint = "请改正后再保存，其他内容不受影响"
    hint_en = "Mend it and save again; nothing else is touched"
    fields = ("first", "first_en", "problems")


class NeedUnmet(PalmtaxError):
    """What must hold first does not."""

    code, status = "matters.need_unmet", 409
    text = "现在还不能提交：{say}"
    text_en = "It cannot be submitted yet: {say_en}"
    hint = "办好后回到这里继续，草稿已保存"
    hint_en = "Come back when it is done; the draft is kept"
    fields = ("say", "say_en", "go")


class HeldFactsChanged(PalmtaxError):
    """What the bureau holds changed since the person read it."""

    code, status = "matters.held_facts_changed", 409
    text = "“{label}”已由登记信息更新"
    text_en = "“{label_en}” was updated in our records"
    hint = "请核对新的内容后再提交"
    hint_en = "Check the new value, then submit"
    fields = ("label", "label_en", "asks")


class StateRefused(PalmtaxError):
    """The application is in a state in which this cannot be done."""

    code, status = "matters.state_refused", 409
    text = "当前状态是“{state}”，不能这样操作"
    text_en = "It is “{state_en}” now, so this cannot be done"
    hint = "请刷新查看最新进展"
    hint_en = "Refresh to see where it stands"
    fields = ("state", "state_en")


class KeyReused(PalmtaxError):
    """The idempotency key belongs to another submission."""

    code, status = "matters.key_reused", 409
    text = "这个提交标识已用于另一件办理"
    text_en = "This submission key was used for another application"
    hint = "请重新打开这件办理再提交"
    hint_en = "Open the application again and submit"


class AlreadyRated(PalmtaxError):
    """One rating per application."""

    code, status = "matters.already_rated", 409
    text = "您已经评价过了"
    text_en = "You have already rated it"
    hint = "如有其他意见，可在“意见建议”里告诉我们"
    hint_en = "Tell us more under “Suggestions”"


class TooManyDrafts(PalmtaxError):
    """A limit against floods."""

    code, status = "matters.too_many_drafts", 409
    text = "草稿已有 {limit} 份"
    text_en = "You already have {limit} drafts"
    hint = "请先提交或丢弃不用的草稿"
    hint_en = "Submit or discard some first"
    fields = ("limit",)


class DecisionRefused(PalmtaxError):
    """What follows from a yes cannot be done, so nothing was decided."""

    code, status = "matters.decision_refused", 409
    text = "同意后的处理未能完成：{text}"
    text_en = "What follows from a yes could not be done: {text_en}"
    hint = "{hint}；本次决定未生效，可补正、不予办理或稍后再试"
    hint_en = "{hint_en}. Nothing was decided; ask for more, refuse, or try later"
    fields = ("text", "text_en", "hint", "hint_en", "reason_code")


class ReasonNeeded(PalmtaxError):
    """A refusal without a reason."""

    code, status = "matters.reason_needed", 422
    text = "不予办理要写明理由"
    text_en = "A refusal needs a reason"
    hint = "可以选一条常用理由再补充"
    hint_en = "Pick one of the usual reasons and add to it"


class OfficeUnknown(PalmtaxError):
    """The office chosen for a natural person does not exist."""

    code, status = "matters.office_unknown", 422
    text = "没有这个税务机关"
    text_en = "There is no such tax office"
    hint = "请从列表里选择"
    hint_en = "Choose one from the list"


class PaperUnknown(PalmtaxError):
    """No such paper or file."""

    code, status = "matters.paper_unknown", 404
    text = "没有找到这份材料"
    text_en = "There is no such paper"
    hint = "请刷新后再试"
    hint_en = "Refresh and try again"


class UploadUnknown(PalmtaxError):
    """No such upload, or it is over."""

    code, status = "matters.upload_unknown", 404
    text = "这次上传已失效"
    text_en = "This upload is no longer there"
    hint = "请重新选择文件上传"
    hint_en = "Choose the file again"


class UploadOffset(PalmtaxError):
    """A piece that does not begin where the last one ended."""

    code, status = "matters.upload_offset", 409
    text = "上传位置不一致，应从第 {offset} 字节继续"
    text_en = "The upload goes on at byte {offset}"
    hint = "将自动从正确位置继续"
    hint_en = "It goes on from there by itself"
    fields = ("offset",)


class FileRefused(PalmtaxError):
    """A file that is not taken: type, size, pages, broken, or infected."""

    code, status = "matters.file_refused", 422
    text = "“{name}”不能使用：{why}"
    text_en = "“{name}” cannot be used: {why_en}"
    hint = "请使用 JPG、PNG、PDF 或 OFD，每个不超过 {limit_mib} MB、{limit_pages} 页"
    hint_en = "Use JPG, PNG, PDF or OFD, up to {limit_mib} MB and {limit_pages} pages each"
    fields = ("name", "why", "why_en", "limit_mib", "limit_pages")


class TooManyFiles(PalmtaxError):
    """More files than a paper takes."""

    code, status = "matters.too_many_files", 409
    text = "“{title}”最多 {limit} 个文件"
    text_en = "“{title_en}” takes {limit} files at most"
    hint = "请先删除不需要的文件，或合并成一个 PDF"
    hint_en = "Remove one first, or put them into one PDF"
    fields = ("title", "title_en", "limit")


class ThemeUnknown(PalmtaxError):
    """No such theme."""

    code, status = "matters.theme_unknown", 404
    text = "没有这件“一件事”"
    text_en = "There is no such theme"
    hint = "请在“办事”里查看全部主题"
    hint_en = "See all themes under “Matters”"


class JourneyUnknown(PalmtaxError):
    """No such journey of this taxpayer."""

    code, status = "matters.journey_unknown", 404
    text = "没有找到这次套餐办理"
    text_en = "There is no such journey"
    hint = "请在“我的办件”里查看，或切换办税身份"
    hint_en = "Look in “My matters”, or switch identity"


class CursorWrong(PalmtaxError):
    """A page mark that is not ours."""

    code, status = "matters.cursor_wrong", 422
    text = "翻页位置已失效"
    text_en = "The page mark is not valid"
    hint = "请回到第一页"
    hint_en = "Go back to the first page"
