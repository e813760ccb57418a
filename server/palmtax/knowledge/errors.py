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
