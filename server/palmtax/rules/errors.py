"""Refusals of the law library: a fact, a day or an amount that a rule cannot honestly work with."""

from __future__ import annotations

from palmtax.base.errors import PalmtaxError
from palmtax.rules.refusals import Given, reason


class LawError(Exception):
    """A mistake of whoever wrote a rule (not of a taxpayer): found when the rule is loaded or traced."""


class UnknownLaw(PalmtaxError):
    """No folder of that name in `rules/law`."""

    code, status = "rules.unknown_law", 404
    text = "没有名为“{law}”的税费规则"
    text_en = "There is no tax rule named “{law}”"
    hint = "请核对税费种名称"
    hint_en = "Check the name of the tax"
    fields = ("law",)


class FactMissing(PalmtaxError):
    """Facts without a default that were not given."""

    code, status = "rules.fact_missing", 422
    text = "计算还缺少：{labels}"
    text_en = "Still needed for the computation: {labels_en}"
    hint = "补充以上内容后再试"
    hint_en = "Give these and try again"
    fields = ("facts", "labels", "labels_en")


class FactRefused(PalmtaxError):
    """A fact that the rule does not know, of a wrong type, or outside its range."""

    code, status = "rules.fact_refused", 422
    text = "“{label}”不能用于计算：{reason}"
    text_en = "“{label_en}” cannot be used in the computation: {reason_en}"
    hint = "请按提示修改这一项后再试"
    hint_en = "Mend this entry and try again"
    fields = ("fact", "label", "label_en", "reason", "reason_en")

    @classmethod
    def of(cls, fact: str, label: str, label_en: str, name: str, *given: Given) -> FactRefused:
        """The refusal of a fact with a reason of `refusals.WORDS`."""
        zh, en = reason(name, *given)
        return cls(fact=fact, label=label, label_en=label_en, reason=zh, reason_en=en)


class ParameterNotInForce(PalmtaxError):
    """A number of the law asked for on a day before its first or after its last value."""

    code, status = "rules.parameter_not_in_force", 409
    text = "“{title}”在{on}没有有效的规定（{reason}）"
    text_en = "No value of “{title_en}” is in force on {on} ({reason_en})"
    hint = "该期间的政策尚未收录或已到期，请联系税务机关"
    hint_en = "The rule for this period is not recorded or has expired; ask the tax office"
    fields = ("parameter", "title", "title_en", "on", "reason", "reason_en")


class AmountTooLarge(PalmtaxError):
    """Amounts so large that whole-number arithmetic on columns could not be exact."""

    code, status = "rules.amount_too_large", 422
    text = "金额过大，无法保证计算精确：{label}"
    text_en = "The amounts are too large to be computed exactly: {line}"
    hint = "请核对金额单位是否为元"
    hint_en = "Check that the amounts are in yuan"
    fields = ("line", "label")


class CalendarUnknown(PalmtaxError):
    """A deadline asked for a tax or a kind of period that the calendar does not hold."""

    code, status = "rules.calendar_unknown", 409
    text = "征期日历中没有“{tax}”{period}的申报期限"
    text_en = "The filing calendar has no deadline of “{tax}” for {period}"
    hint = "请核对税费种和所属期"
    hint_en = "Check the tax and the period"
    fields = ("tax", "period")
