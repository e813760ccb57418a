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


class CaseUnknown(PalmtaxError):
    """No such case, or none of the officer's office."""

    code, status = "cases.case_unknown", 404
    text = "没有找到这项任务"
    text_en = "There is no such case"
    hint = "任务可能已移交其他税务机关，请刷新列表"
    hint_en = "It may have been handed over to another office; refresh the list"


class CaseChanged(PalmtaxError):
    """Somebody changed the case since it was read."""

    code, status = "cases.case_changed", 409
    text = "这项任务刚刚有变动"
    text_en = "This case has just been changed"
    hint = "请刷新后核对最新情况，再继续办理"
    hint_en = "Refresh, look at what is new, then go on"
    fields = ("current_version",)


class AlreadyClaimed(PalmtaxError):
    """Another officer holds the case."""

    code, status = "cases.already_claimed", 409
    text = "这项任务已由 {name} 认领"
    text_en = "{name} has already taken this case"
    hint = "请办理其他任务，或请负责人重新分派"
    hint_en = "Take another one, or ask your supervisor to assign it"
    fields = ("name",)


class NotYours(PalmtaxError):
    """Only who holds the case, who stands in for them, or a supervisor may do this."""

    code, status = "cases.not_yours", 409
    text = "这项任务不在您名下"
    text_en = "This case is not yours"
    hint = "请先认领，或请负责人分派给您"
    hint_en = "Take it first, or ask your supervisor to assign it to you"


class CaseClosed(PalmtaxError):
    """What is closed stays as it is."""

    code, status = "cases.case_closed", 409
    text = "这项任务已办结"
    text_en = "This case is closed"
    hint = "可在“已办结”中查看办理结果"
    hint_en = "See its result under “Closed”"


class WrongState(PalmtaxError):
    """The case is at another step."""

    code, status = "cases.wrong_state", 409
    text = "任务当前为“{state}”，不能这样操作"
    text_en = "The case is at the step “{state_en}”, where this is not possible"
    hint = "请刷新后按页面给出的操作继续"
    hint_en = "Refresh and use what the page offers"
    fields = ("state", "state_en")


class SameOfficer(PalmtaxError):
    """Two officers means two people."""

    code, status = "cases.same_officer", 409
    text = "初审和复审不能是同一人"
    text_en = "The second officer must be another person than the first"
    hint = "请由其他有审批权限的同事复审"
    hint_en = "Ask a colleague who may decide to review it"


class NotSecond(PalmtaxError):
    """There is no first opinion to confirm."""

    code, status = "cases.not_second", 409
    text = "这项任务没有待复审的意见"
    text_en = "There is no opinion to review on this case"
    hint = "请刷新后查看任务进度"
    hint_en = "Refresh and see how far it is"


class Conflict(PalmtaxError):
    """The case is about the officer who would handle it."""

    code, status = "cases.conflict", 403
    text = "这项任务与办理人有关，需要回避"
    text_en = "This case concerns the officer, so another one must handle it"
    hint = "请由其他同事办理"
    hint_en = "Leave it to a colleague"


class SkillMissing(PalmtaxError):
    """The officer is not entered for this kind of work."""

    code, status = "cases.skill_missing", 409
    text = "这项任务不在办理人的业务范围内"
    text_en = "This case is outside the officer's field of work"
    hint = "请由负责该业务的同事办理，或请负责人调整业务范围"
    hint_en = "Leave it to a colleague of that field, or ask a supervisor to change the fields"
    fields = ("skill",)


class OfficerUnknown(PalmtaxError):
    """Not an officer of the offices this officer sees, or one who may not decide there."""

    code, status = "cases.officer_unknown", 404
    text = "没有找到这名办理人员"
    text_en = "There is no such officer"
    hint = "请从人员列表中选择有审批权限的同事"
    hint_en = "Choose a colleague who may decide from the list"


class OfficerAbsent(PalmtaxError):
    """The officer is absent, and so are those who stand in."""

    code, status = "cases.officer_absent", 409
    text = "所选人员不在岗，代办人也不在岗"
    text_en = "This officer is absent, and so is whoever stands in"
    hint = "请选择其他人员"
    hint_en = "Choose somebody else"


class OfficeUnknown(PalmtaxError):
    """No such tax office, or the one it is at already."""

    code, status = "cases.office_unknown", 422
    text = "不能移交给这个税务机关"
    text_en = "The case cannot be handed over to this office"
    hint = "请核对税务机关后再移交"
    hint_en = "Check the office, then hand it over"


class AbsenceWrong(PalmtaxError):
    """Days in the wrong order or gone, or somebody standing in for themselves."""

    code, status = "cases.absence_wrong", 422
    text = "请假日期或代办人填写有误"
    text_en = "The days or the substitute are not right"
    hint = "结束日期不能早于开始日期和今天，代办人须为其他同事"
    hint_en = "The last day may not be before the first day or today; the substitute is somebody else"


class AbsenceOverlaps(PalmtaxError):
    """Two absences of one person on one day."""

    code, status = "cases.absence_overlaps", 409
    text = "这段时间已登记过不在岗"
    text_en = "An absence is already entered for some of these days"
    hint = "请先撤销原来的登记，再重新登记"
    hint_en = "End the one that is there first"


class AbsenceUnknown(PalmtaxError):
    """Not an absence that this officer may end."""

    code, status = "cases.absence_unknown", 404
    text = "没有找到这条不在岗登记"
    text_en = "There is no such absence"
    hint = "登记可能已撤销，请刷新列表"
    hint_en = "It may have been ended; refresh the list"


class NothingToAnswer(PalmtaxError):
    """A case of this kind is decided, not answered."""

    code, status = "cases.nothing_to_answer", 409
    text = "这类任务不能这样答复"
    text_en = "A case of this kind is not answered like this"
    hint = "请在任务页面按给出的操作办理"
    hint_en = "Use what the page of the case offers"


class CursorWrong(PalmtaxError):
    """A page mark that is not ours, or that belongs to another order."""

    code, status = "cases.cursor_wrong", 422
    text = "翻页位置已失效"
    text_en = "The page mark is not valid"
    hint = "请回到第一页重新查询"
    hint_en = "Go back to the first page and search again"
