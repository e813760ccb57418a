"""What is wrong with an answer, in fixed sentence patterns: a new question needs no new words."""

from __future__ import annotations

from dataclasses import dataclass

WORDS: dict[str, tuple[str, str]] = {
    "needed": ("请填写“{0}”", "Answer “{0}”"),
    "choose": ("请选择“{0}”", "Choose “{0}”"),
    "agree": ("请确认：{0}", "Confirm: {0}"),
    "paper": ("请上传“{0}”", "Upload “{0}”"),
    "option": ("“{0}”请从列出的选项中选", "Choose “{0}” from the options listed"),
    "yes_no": ("“{0}”请选“是”或“否”", "Answer “{0}” with yes or no"),
    "text": ("“{0}”请填写文字", "Write text for “{0}”"),
    "too_long": ("“{0}”最多 {1} 个字", "“{0}” takes {1} characters at most"),
    "signs": ("“{0}”中有不能使用的字符", "“{0}” has characters that cannot be used"),
    "whole": ("“{0}”请填整数", "Write a whole number for “{0}”"),
    "quantity": ("“{0}”请填数字，最多四位小数", "Write a number with at most four decimals for “{0}”"),
    "rate": ("“{0}”请按“3%”或“0.03”填写", "Write “{0}” like 3% or 0.03"),
    "at_least": ("“{0}”不能小于 {1}", "“{0}” must be {1} or more"),
    "at_most": ("“{0}”不能大于 {1}", "“{0}” must be {1} or less"),
    "day": ("“{0}”请按“2026-04-15”填写日期", "Write “{0}” like 2026-04-15"),
    "period": ("“{0}”请选择所属期，如 2026Q3", "Choose a period for “{0}”, like 2026Q3"),
    "time": ("“{0}”请按“09:30”填写时间", "Write “{0}” like 09:30"),
    "form": ("“{0}”的格式不对，应为{1}", "“{0}” should be {2}"),
    "check_digit": ("“{0}”校验不通过，请逐位核对", "“{0}” fails its check digit; compare it character by character"),
    "compare": ("“{0}”应{1}{2}", "“{0}” should be {3} {4}"),
    "rows_few": ("“{0}”至少填 {1} 行", "“{0}” needs {1} rows or more"),
    "rows_many": ("“{0}”最多 {1} 行", "“{0}” takes {1} rows at most"),
    "row": ("“{0}”第 {1} 行：{2}", "“{0}”, row {1}: {3}"),
    "series": ("“{0}”需要 {1} 个数", "“{0}” needs {1} numbers"),
    "law": ("“{0}”{1}", "“{0}”: {2}"),
    "not_asked": ("“{0}”现在不需要填写", "“{0}” is not asked now"),
    "unknown": ("没有“{0}”这一项", "There is no question “{0}”"),
    "locked": ("“{0}”来自登记信息，不能在这里修改", "“{0}” comes from the register and cannot be changed here"),
    "too_many_files": ("“{0}”最多 {1} 个文件", "“{0}” takes {1} files at most"),
}
"""The patterns, zh and en; closed by tests/matters/test_hostile.py."""

COMPARED: dict[str, tuple[str, str]] = {
    ">": ("大于", "more than"),
    ">=": ("不小于", "at least"),
    "<": ("小于", "less than"),
    "<=": ("不大于", "at most"),
    "==": ("等于", "equal to"),
    "!=": ("不同于", "other than"),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, where (code of an ask or paper), in both languages."""

    at: str
    text: str
    text_en: str

    def as_dict(self) -> dict[str, str]:
        """As it travels."""
        return {"at": self.at, "text": self.text, "text_en": self.text_en}


def problem(at: str, pattern: str, label: str, label_en: str, *values: object) -> Problem:
    """A problem from one of the patterns; `{0}` is the label, the rest are values."""
    zh, en = WORDS[pattern]
    return Problem(at, zh.format(label, *values), en.format(label_en or label, *values))
