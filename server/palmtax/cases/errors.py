"""What the workbench refuses."""

from __future__ import annotations

from palmtax.base.errors import PalmtaxError


class ViewNameTaken(PalmtaxError):
    """Two views of one officer under one name."""

    code, status = "cases.view_name_taken", 409
    text = "已有名为“{name}”的视图"
    text_en = "You already have a view called “{name}”"
    hint = "请换一个名称，或更新原来的视图"
    hint_en = "Choose another name, or update the existing view"
    fields = ("name",)


class ViewUnknown(PalmtaxError):
    """Not a view of this officer."""

    code, status = "cases.view_unknown", 404
    text = "没有找到这个视图"
    text_en = "There is no such view"
    hint = "视图可能已被删除，请刷新列表"
    hint_en = "It may have been deleted; refresh the list"


class TooManyViews(PalmtaxError):
    """An officer keeps at most so many views."""

    code, status = "cases.too_many_views", 409
    text = "最多保存 {limit} 个视图"
    text_en = "You can keep {limit} views at most"
    hint = "请先删除不再使用的视图"
    hint_en = "Delete one that you no longer use first"
    fields = ("limit",)
