"""Refusals of studies."""

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
