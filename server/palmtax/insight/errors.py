"""Refusals of studies, audiences and campaigns."""

from __future__ import annotations

from palmtax.base.errors import PalmtaxError


class StudyMalformed(PalmtaxError):
    """A request, a filter or a cursor that cannot be read."""

    code, status = "insight.study_malformed", 422
    text = "推演的“{what}”写得不对"
    text_en = "“{what}” of the study cannot be read"
    hint = "日期写作 2026-11-23；参数按页面给出的写法填写；翻页请使用上一页给出的标记"
    hint_en = (
        "Write a day as 2026-11-23 and parameters as they are shown; for the next page use the mark of the last answer"
    )
    fields = ("what",)


class LawNotStudied(PalmtaxError):
    """A law for which there is no population."""

    code, status = "insight.law_not_studied", 404
    text = "“{law}”还不能推演"
    text_en = "“{law}” cannot be studied yet"
    hint = "请从可推演的税费中选择"
    hint_en = "Choose one of the laws that are listed for studies"
    fields = ("law",)


class ParameterUnknown(PalmtaxError):
    """A changed parameter that none of the laws reads."""

    code, status = "insight.parameter_unknown", 422
    text = "所选税费没有名为“{key}”的参数"
    text_en = "None of the chosen laws has a parameter “{key}”"
    hint = "请从参数列表中选择"
    hint_en = "Choose it from the list of parameters"
    fields = ("key",)


class ParameterRefused(PalmtaxError):
    """A new value that is not one of its kind, or with which the rule cannot be computed."""

    code, status = "insight.parameter_refused", 422
    text = "“{title}”的新值不能使用"
    text_en = "The new value of “{key}” cannot be used"
    hint = "请照现行值的写法填写，例如 {example}"
    hint_en = "Write it as the present value is written, such as {example}"
    fields = ("key", "title", "example", "reason")


class NothingChanged(PalmtaxError):
    """A study that compares the law with itself."""

    code, status = "insight.nothing_changed", 409
    text = "推演前后的规定完全相同"
    text_en = "The law before and after is the same"
    hint = "请修改至少一个参数，或选择另一个规定日期"
    hint_en = "Change at least one parameter, or choose another day of the law"


class PopulationMissing(PalmtaxError):
    """No population has been made here."""

    code, status = "insight.population_missing", 409
    text = "还没有合成人口，不能推演"
    text_en = "There is no synthetic population yet, so nothing can be studied"
    hint = "请管理员运行 palmtax demo --population"
    hint_en = "Ask the administrator to run: palmtax demo --population"


class PopulationLacks(PalmtaxError):
    """The population does not hold what the law asks for."""

    code, status = "insight.population_lacks", 409
    text = "合成人口没有“{law}”需要的数据：{facts}"
    text_en = "The population does not hold what “{law}” needs: {facts}"
    hint = "请管理员用本版本重新运行 palmtax demo --population"
    hint_en = "Ask the administrator to make it again with this version: palmtax demo --population"
    fields = ("law", "facts")


class PopulationChanged(PalmtaxError):
    """The population was made anew since the study."""

    code, status = "insight.population_changed", 409
    text = "合成人口已重新生成，这次推演的个案无法再打开"
    text_en = "The population was made anew, so the cases of this study can no longer be opened"
    hint = "汇总结果仍然有效；要看个案请重新推演"
    hint_en = "The totals stay valid; to see cases start the study again"


class StudyUnknown(PalmtaxError):
    """Not a study of this office."""

    code, status = "insight.study_unknown", 404
    text = "没有找到这次推演"
    text_en = "There is no such study"
    hint = "请在推演列表中查看"
    hint_en = "Look in the list of studies"


class StudyOver(PalmtaxError):
    """Only what waits or runs can be cancelled."""

    code, status = "insight.study_over", 409
    text = "这次推演已经结束"
    text_en = "This study is over already"
    hint = "请刷新查看结果"
    hint_en = "Refresh to see its result"


class StudyNotDone(PalmtaxError):
    """Rows can be opened once the study is done."""

    code, status = "insight.study_not_done", 409
    text = "推演还没有完成"
    text_en = "The study is not done yet"
    hint = "请等进度到 100% 后再看"
    hint_en = "Wait until it has reached 100%"


class TooManyStudies(PalmtaxError):
    """An office may have so many studies waiting or running."""

    code, status = "insight.too_many_studies", 409
    text = "本机关已有 {limit} 个推演在等待或进行"
    text_en = "This office has {limit} studies waiting or running"
    hint = "请等其中一个完成，或取消不需要的推演"
    hint_en = "Wait until one is done, or cancel one that is not needed"
    fields = ("limit",)


class StudyKeyReused(PalmtaxError):
    """One idempotency key for two different questions."""

    code, status = "insight.key_reused", 409
    text = "同一提交编号已用于另一次推演"
    text_en = "This idempotency key was used for another study"
    hint = "请刷新页面后重新发起"
    hint_en = "Refresh the page and start it again"


class RowUnknown(PalmtaxError):
    """No such row in the population of this law."""

    code, status = "insight.row_unknown", 404
    text = "合成人口中没有第 {row} 行"
    text_en = "The population has no row {row}"
    hint = "请从个案列表中选择"
    hint_en = "Choose one from the list of cases"
    fields = ("row",)


class AudienceMalformed(PalmtaxError):
    """Conditions that are not made of the known tags."""

    code, status = "insight.audience_malformed", 422
    text = "推送对象的条件“{what}”写得不对，没有保存"
    text_en = "The condition “{what}” of the audience cannot be read; nothing was kept"
    hint = "请从标签列表中选择标签、比较方式和取值，最多 6 组、每组 8 条"
    hint_en = "Choose tags, comparisons and values from the list; at most 6 groups of 8 conditions"
    fields = ("what",)


class TagNotForThis(PalmtaxError):
    """A tag that may not be used for this purpose."""

    code, status = "insight.tag_not_for_this", 409
    text = "标签“{title}”不能用于这类推送"
    text_en = "The tag “{title_en}” may not be used for this kind of campaign"
    hint = "请去掉这个条件，或更换推送的种类（个人信息保护法 第六条：目的限制）"
    hint_en = "Leave the condition out, or choose another kind of campaign (purpose limitation)"
    fields = ("tag", "title", "title_en")


class SegmentUnknown(PalmtaxError):
    """Not an audience of this office."""

    code, status = "insight.segment_unknown", 404
    text = "没有找到这个人群"
    text_en = "There is no such audience"
    hint = "请在人群列表中选择"
    hint_en = "Choose one from the list of audiences"


class CampaignUnknown(PalmtaxError):
    """Not a campaign of this office."""

    code, status = "insight.campaign_unknown", 404
    text = "没有找到这次推送"
    text_en = "There is no such campaign"
    hint = "请在推送列表中查看"
    hint_en = "Look in the list of campaigns"


class CampaignChanged(PalmtaxError):
    """Somebody changed it since it was read."""

    code, status = "insight.campaign_changed", 409
    text = "这次推送刚被别人改过，您的改动没有保存"
    text_en = "Somebody has just changed this campaign; your change was not kept"
    hint = "请刷新，看过新的内容后再改"
    hint_en = "Refresh, read it again, then change it"


class CampaignNotNow(PalmtaxError):
    """An act that does not follow this state."""

    code, status = "insight.campaign_not_now", 409
    text = "这次推送现在不能这样操作"
    text_en = "This cannot be done with the campaign now"
    hint = "请刷新查看它的状态：{state}"
    hint_en = "Refresh and look at its state: {state}"
    fields = ("state",)


class CampaignMalformed(PalmtaxError):
    """Stages, goal or words that cannot be."""

    code, status = "insight.campaign_malformed", 422
    text = "推送的“{what}”写得不对：{why}"
    text_en = "“{what}” of the campaign cannot be used: {why}"
    hint = "请按页面提示修改后再保存"
    hint_en = "Mend it as the page says and save again"
    fields = ("what", "why")


class AuthorDecides(PalmtaxError):
    """The author does not approve."""

    code, status = "insight.author_decides", 403
    text = "不能审核自己编写的推送"
    text_en = "You may not approve a campaign you wrote yourself"
    hint = "请由另一位有审核权限的人员审核"
    hint_en = "Ask another officer who may approve"


class AudienceEmpty(PalmtaxError):
    """Nobody would be told."""

    code, status = "insight.audience_empty", 409
    text = "没有可以推送的对象，没有提交"
    text_en = "Nobody could be told; it was not submitted"
    hint = "请放宽条件；没有同意接收的人不会收到推送"
    hint_en = "Widen the conditions; people who have not agreed are never told"


class ReasonNeeded(PalmtaxError):
    """A decision against somebody needs words."""

    code, status = "insight.reason_needed", 422
    text = "请写明理由，没有执行"
    text_en = "Give a reason; nothing was done"
    hint = "退回和停止都要写一句理由，至少两个字"
    hint_en = "Returning and stopping need a sentence of at least two characters"
