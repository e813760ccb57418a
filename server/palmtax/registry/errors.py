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


class RecordKindUnknown(PalmtaxError):
    """A matter names a kind of record that has no file."""

    code, status = "registry.record_kind_unknown", 422
    text = "没有“{kind}”这种登记信息"
    text_en = "The register has no records of the kind “{kind}”"
    hint = "请返回事项重新选择；仍有问题请联系主管税务机关"
    hint_en = "Go back to the matter and choose again, or contact your tax office"
    fields = ("kind",)


class RecordUnknown(PalmtaxError):
    """No record of this number counts today."""

    code, status = "registry.record_unknown", 409
    text = "没有找到有效的登记信息 {record_no}"
    text_en = "There is no valid record {record_no}"
    hint = "请核对编号；已经终止的登记信息不能再次终止"
    hint_en = "Check the number; a record that has ended cannot be ended again"
    fields = ("record_no",)


class ValueWrong(PalmtaxError):
    """A column of the register cannot take this value."""

    code, status = "registry.value_wrong", 422
    text = "登记信息 {field} 不能改为“{value}”"
    text_en = "The registered {field} cannot be “{value}”"
    hint = "请返回上一步修改后再提交"
    hint_en = "Go back, change it and submit again"
    fields = ("field", "value")


class OfficeUnknown(PalmtaxError):
    """An office that is not in the list."""

    code, status = "registry.office_unknown", 422
    text = "没有这个税务机关（{office_code}）"
    text_en = "There is no such tax office ({office_code})"
    hint = "请从列表里选择"
    hint_en = "Choose one from the list"
    fields = ("office_code",)


class OfficeGiven(PalmtaxError):
    """Only natural persons choose their office."""

    code, status = "registry.office_given", 409
    text = "单位和个体工商户的主管税务机关按登记确定，不能自选"
    text_en = "A business deals with the office it is registered with"
    hint = "经营地址变了，请办理跨区迁移"
    hint_en = "If you moved, report the change of your place of business"
