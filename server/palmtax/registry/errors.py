"""What the registry refuses."""

from __future__ import annotations

from palmtax.base.errors import PalmtaxError


class TaxpayerUnknown(PalmtaxError):
    """No such taxpayer, or none that the caller may see."""

    code, status = "registry.taxpayer_unknown", 404
    text = "没有找到这户纳税人"
    text_en = "There is no such taxpayer"
    hint = "请核对名称或统一社会信用代码，或切换办税身份"
    hint_en = "Check the name or the unified social credit code, or switch identity"


class CursorWrong(PalmtaxError):
    """A page mark that is not ours, or that belongs to another order."""

    code, status = "registry.cursor_wrong", 422
    text = "翻页位置已失效"
    text_en = "The page mark is not valid"
    hint = "请回到第一页重新查询"
    hint_en = "Go back to the first page and search again"
