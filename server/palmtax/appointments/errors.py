"""Refusals of appointments, each with the way on."""

from __future__ import annotations

from palmtax.base.errors import PalmtaxError


class TopicUnknown(PalmtaxError):
    """A topic that is not on the list."""

    code, status = "appointments.topic_unknown", 422
    text = "没有“{topic}”这类业务"
    text_en = "There is no topic “{topic}”"
    hint = "可以选择：{known}"
    hint_en = "You can choose: {known}"
    fields = ("topic", "known")


class HallUnknown(PalmtaxError):
    """No hall under this office code."""

    code, status = "appointments.hall_unknown", 404
    text = "没有找到这个办税服务厅"
    text_en = "There is no such service hall"
    hint = "请从办税厅列表重新选择"
    hint_en = "Choose again from the list of halls"


class NotServedHere(PalmtaxError):
    """The hall has no window for the topic."""

    code, status = "appointments.not_served_here", 409
    text = "{hall}不办理“{topic}”"
    text_en = "{hall_en} does not do “{topic_en}”"
    hint = "请换一个办税厅；列表里标明了各厅能办的业务"
    hint_en = "Choose another hall; the list says what each one does"
    fields = ("hall", "hall_en", "topic", "topic_en")


class DayClosed(PalmtaxError):
    """A rest day, a day that is over, or a time outside the hours."""

    code, status = "appointments.day_closed", 409
    text = "{day} {time}不在办公时间内"
    text_en = "The hall is closed at {day} {time}"
    hint = "请选择工作日的办公时段，最近的是 {next}"
    hint_en = "Choose a time on a working day; the next one is {next}"
    fields = ("day", "time", "next")


class NotOpenYet(PalmtaxError):
    """The day's places are not given out yet."""

    code, status = "appointments.not_open_yet", 409
    text = "{day} 的号还没有放出"
    text_en = "Places for {day} are not given out yet"
    hint = "{opens} 开始预约"
    hint_en = "They open at {opens}"
    fields = ("day", "opens")


class AlreadyBooked(PalmtaxError):
    """One open booking for each person and topic."""

    code, status = "appointments.already_booked", 409
    text = "您已约了同类业务：{day} {time}，预约号 {appointment_no}"
    text_en = "You have an appointment for this already: {day} {time}, number {appointment_no}"
    hint = "可以改期，或先取消再预约"
    hint_en = "Move it, or cancel it first"
    fields = ("appointment_no", "day", "time")


class Paused(PalmtaxError):
    """Two missed bookings within sixty days."""

    code, status = "appointments.paused", 409
    text = "您近期两次预约没有到场，{until} 之前暂停预约"
    text_en = "You missed two appointments lately; you can book again after {until}"
    hint = "网上办理和现场取号不受影响"
    hint_en = "You can still do it online, or come and take a ticket"
    fields = ("until",)


class BookingUnknown(PalmtaxError):
    """No such booking that you may see."""

    code, status = "appointments.booking_unknown", 404
    text = "没有找到这个预约"
    text_en = "There is no such appointment"
    hint = "请在“我的预约”里查看，或核对预约号"
    hint_en = "Look under “My appointments”, or check the number"


class BookingOver(PalmtaxError):
    """The booking is no longer open."""

    code, status = "appointments.booking_over", 409
    text = "这个预约已经结束，不能再改动"
    text_en = "This appointment is over and cannot be changed"
    hint = "需要的话请重新预约"
    hint_en = "Book again if you need to"


class TooLate(PalmtaxError):
    """After the limit for cancelling and moving."""

    code, status = "appointments.too_late", 409
    text = "离开始不足 {minutes} 分钟，不能取消或改期"
    text_en = "It begins in less than {minutes} minutes, so it cannot be cancelled or moved"
    hint = "来不了也没关系，请下次提前取消，把名额留给别人"
    hint_en = "If you cannot come, please cancel earlier next time, so that somebody else can have the place"
    fields = ("minutes",)


class SlotFull(PalmtaxError):
    """The time somebody wants to move to is full."""

    code, status = "appointments.slot_full", 409
    text = "{day} {time}已约满，原来的预约没有变"
    text_en = "{day} {time} is full; your appointment has not changed"
    hint = "当天还有：{free}"
    hint_en = "Still free that day: {free}"
    fields = ("day", "time", "free")


class NotTimeYet(PalmtaxError):
    """Checking in too early or too late."""

    code, status = "appointments.not_time_yet", 409
    text = "现在不能签到，签到时间是 {first} 到 {last}"
    text_en = "You can check in from {first} to {last}"
    hint = "早到了请稍等；错过了可以现场取号"
    hint_en = "If it is early, please wait; if it is late, take a ticket"
    fields = ("first", "last")


class HallClosed(PalmtaxError):
    """No tickets outside the hours."""

    code, status = "appointments.hall_closed", 409
    text = "现在不在取号时间内"
    text_en = "No tickets are given out now"
    hint = "工作日 {hours} 可以取号，也可以提前预约"
    hint_en = "Tickets are given out on working days, {hours}; or book an appointment"
    fields = ("hours",)


class AlreadyQueued(PalmtaxError):
    """One open ticket for each person."""

    code, status = "appointments.already_queued", 409
    text = "您已取号 {ticket_no}，还在排队"
    text_en = "You have ticket {ticket_no} already and are in the queue"
    hint = "要换业务或换厅，请先放弃这个号"
    hint_en = "Give it up first if you want another desk or hall"
    fields = ("ticket_no",)


class TicketUnknown(PalmtaxError):
    """No such ticket of yours."""

    code, status = "appointments.ticket_unknown", 404
    text = "没有找到这个号"
    text_en = "There is no such ticket"
    hint = "号当天有效，请重新取号"
    hint_en = "Tickets are good for the day; take a new one"


class PlanWrong(PalmtaxError):
    """A plan of a hall that cannot work."""

    code, status = "appointments.plan_wrong", 422
    text = "办税厅安排有误：{what}"
    text_en = "The plan of the hall does not work: {what}"
    hint = "时段写作 09:00–12:00，不能重叠；窗口数 0–99；窗口类别：{known}"
    hint_en = "Hours are written 09:00–12:00 and do not overlap; windows 0–99; desks: {known}"
    fields = ("what", "known")


class TicketOver(PalmtaxError):
    """The ticket is no longer open."""

    code, status = "appointments.ticket_over", 409
    text = "{ticket_no} 号已经结束，不能再改"
    text_en = "Ticket {ticket_no} is over and cannot be changed"
    hint = "刷新列表看看现在的情况；标错了可以撤回"
    hint_en = "Refresh the list to see how it stands; an ending by mistake can be undone"
    fields = ("ticket_no",)


class EndingFinal(PalmtaxError):
    """An ending that cannot be undone without doing harm."""

    code, status = "appointments.ending_final", 409
    text = "{ticket_no} 号不能撤回了"
    text_en = "The ending of ticket {ticket_no} cannot be undone"
    hint = "结束超过 {minutes} 分钟，或这个人已经另外取号、预约。可以请他再取一个号"
    hint_en = (
        "It ended more than {minutes} minutes ago, or the person has another ticket or booking. They can take a new one"
    )
    fields = ("ticket_no", "minutes")
