"""Refusals of channels, each with the way on."""

from __future__ import annotations

from palmtax.base.errors import PalmtaxError


class ChannelUnknown(PalmtaxError):
    """There is no such channel."""

    code, status = "channels.channel_unknown", 404
    text = "没有名为“{channel}”的渠道"
    text_en = "There is no channel named “{channel}”"
    hint = "请在渠道监控的列表里选择"
    hint_en = "Choose one from the list of channels"
    fields = ("channel",)


class CallbackNotTaken(PalmtaxError):
    """A callback that cannot be believed; the answer says nothing of why, the log does."""

    code, status = "channels.callback_not_taken", 403
    text = "这次回调没有通过校验"
    text_en = "This callback could not be verified"
    hint = "请核对签名、时间戳和加密方式，并使用新的随机串"
    hint_en = "Check signature, timestamp and encryption, and use a fresh nonce"


class ReasonMissing(PalmtaxError):
    """A channel is not switched without saying why."""

    code, status = "channels.reason_missing", 422
    text = "请写明原因"
    text_en = "Say why"
    hint = "至少 4 个字，例如“平台维护，改走短信”"
    hint_en = "At least 4 characters, such as “platform under maintenance”"


class SecondOfficerNeeded(PalmtaxError):
    """The officer who asked to switch a channel on cannot agree to it."""

    code, status = "channels.second_officer_needed", 409
    text = "打开渠道需要另一位人员复核，不能由申请人自己确认"
    text_en = "Another officer must agree before a channel is switched on"
    hint = "请另一位有权限的人员在渠道监控里确认"
    hint_en = "Ask another officer with this right to confirm it"


class RoomUnknown(PalmtaxError):
    """There is no such waiting room, and no matter that could have one."""

    code, status = "channels.room_unknown", 404
    text = "没有候办大厅“{room}”"
    text_en = "There is no waiting room “{room}”"
    hint = "请在候办大厅的列表里选择，或填写事项编码"
    hint_en = "Choose one from the list, or give the code of a matter"
    fields = ("room",)


class RoomNeedsAnother(PalmtaxError):
    """Who asked to slow a room in which deadlines run cannot agree to it."""

    code, status = "channels.room_needs_another", 409
    text = "限制这类业务需要另一位人员复核，不能由申请人自己确认"
    text_en = "Another officer must agree before this room is slowed"
    hint = "请另一位有权限的人员在候办大厅里以同样的人数确认"
    hint_en = "Ask another officer with this right to confirm the same number"


class KitNotPassed(PalmtaxError):
    """A channel that fails the conformance kit stays off."""

    code, status = "channels.kit_not_passed", 409
    text = "渠道“{channel}”没有通过检验：{first}"
    text_en = "Channel “{channel}” did not pass its check: {first}"
    hint = "运行 palmtax channel check {channel} 查看全部 {count} 项，改好后再打开"
    hint_en = "Run palmtax channel check {channel} to see all {count}, put them right, then switch it on"
    fields = ("channel", "first", "count")


class VersionUnknown(PalmtaxError):
    """There is no earlier version to go back to."""

    code, status = "channels.version_unknown", 409
    text = "渠道“{channel}”没有可以退回的版本"
    text_en = "Channel “{channel}” has no earlier version to go back to"
    hint = "请直接修改 channel.yaml"
    hint_en = "Change channel.yaml instead"
    fields = ("channel",)


class AlertUnknown(PalmtaxError):
    """There is no such trouble."""

    code, status = "channels.alert_unknown", 404
    text = "没有这条告警"
    text_en = "There is no such alert"
    hint = "请刷新渠道监控的告警列表"
    hint_en = "Reload the list of alerts"


class IncidentUnknown(PalmtaxError):
    """There is no such incident."""

    code, status = "channels.incident_unknown", 404
    text = "没有这条公告"
    text_en = "There is no such notice"
    hint = "请刷新公告列表"
    hint_en = "Reload the list of notices"


class IncidentOver(PalmtaxError):
    """Nothing is added to what is over."""

    code, status = "channels.incident_over", 409
    text = "这条公告已经结束，不能再更新"
    text_en = "This notice is over and cannot be updated"
    hint = "如果问题又出现，请发布一条新的公告"
    hint_en = "If the trouble is back, publish a new one"


class IncidentMoved(PalmtaxError):
    """Another officer wrote meanwhile."""

    code, status = "channels.incident_moved", 409
    text = "这条公告刚刚被别人更新过"
    text_en = "Another officer has just updated this notice"
    hint = "请看过最新的内容再决定怎么写"
    hint_en = "Read what is new before you write"


class TimesWrong(PalmtaxError):
    """Maintenance ends after it begins, and not in the past."""

    code, status = "channels.times_wrong", 422
    text = "维护的结束时间要晚于开始时间，也要晚于现在"
    text_en = "Maintenance must end after it begins, and after now"
    hint = "请重新选择时间"
    hint_en = "Choose the times again"


class ServiceUnknown(PalmtaxError):
    """A notice is about services and channels that exist."""

    code, status = "channels.service_unknown", 422
    text = "没有名为“{service}”的服务或渠道"
    text_en = "There is no service or channel named “{service}”"
    hint = "请在列表里选择"
    hint_en = "Choose from the list"
    fields = ("service",)


class NoPush(PalmtaxError):
    """Nothing is pushed to browsers at present."""

    code, status = "channels.no_push", 503
    text = "浏览器推送暂时没有开通"
    text_en = "Notifications of browsers are off at present"
    hint = "消息仍会送到收件箱，请以后再来开启"
    hint_en = "Messages still reach the inbox; come back later to switch them on"


class SceneNotHere(PalmtaxError):
    """This channel has no codes of this kind."""

    code, status = "channels.scene_not_here", 422
    text = "渠道“{channel}”不能生成这种码或链接"
    text_en = "Channel “{channel}” makes no codes or links of this kind"
    hint = "公众号可以生成关注码，小程序可以生成链接和小程序码"
    hint_en = "Official accounts make codes to follow, mini programs make links and mini-program codes"
    fields = ("channel",)


class SceneTooLong(PalmtaxError):
    """A link that would last longer than the platform lets it."""

    code, status = "channels.scene_too_long", 422
    text = "这种链接最长 30 天"
    text_en = "Links of this kind last at most 30 days"
    hint = "请填 1 到 30 天；长期使用请生成关注码或小程序码"
    hint_en = "Give 1 to 30 days; for lasting use make a code to follow or a mini-program code"


class SceneNotMade(PalmtaxError):
    """The platform did not make the code; nothing was kept."""

    code, status = "channels.scene_not_made", 503
    text = "微信没有生成：{say}"
    text_en = "WeChat did not make it: {say_en}"
    hint = "请稍候再试；一直不行请在渠道监控里查看原因"
    hint_en = "Try again in a moment; if it stays so, see the channel's page for the reason"
    fields = ("say", "say_en")


class SceneUnknown(PalmtaxError):
    """There is no such code, or it is over."""

    code, status = "channels.scene_unknown", 404
    text = "这个二维码或链接已经失效"
    text_en = "This code or link is no longer valid"
    hint = "请向给您的窗口要一个新的，或从首页查找要办的事"
    hint_en = "Ask where you got it for a new one, or find what you need from the start page"


class PageNotOurs(PalmtaxError):
    """Only pages of our own are signed."""

    code, status = "channels.page_not_ours", 422
    text = "只能为掌税自己的页面签名"
    text_en = "Only pages of PalmTax are signed"
    hint = "请传当前页面的完整地址"
    hint_en = "Send the full address of the present page"


class PageNotSigned(PalmtaxError):
    """The platform gave no ticket; the page works without WeChat's functions."""

    code, status = "channels.page_not_signed", 503
    text = "微信功能暂时不可用"
    text_en = "WeChat's functions are not available right now"
    hint = "页面其他功能照常使用，请稍候再试"
    hint_en = "Everything else on the page works; try again in a moment"


class KioskUnknown(PalmtaxError):
    """No such kiosk of the halls you look after."""

    code, status = "channels.kiosk_unknown", 404
    text = "没有找到这台自助终端"
    text_en = "There is no such kiosk"
    hint = "请在办税厅的自助终端列表里重新选择"
    hint_en = "Choose again from the hall's list of kiosks"


class KioskNameTaken(PalmtaxError):
    """Two kiosks of a hall with one name: people would sign in at the wrong one."""

    code, status = "channels.kiosk_name_taken", 409
    text = "本厅已有名为“{name}”的自助终端"
    text_en = "The hall already has a kiosk named “{name}”"
    hint = "请换一个名称，例如加上编号；换机器请在原终端上重新配对"
    hint_en = "Choose another name, with a number for instance; for a new machine pair the old entry again"
    fields = ("name",)


class KioskRevoked(PalmtaxError):
    """The kiosk was taken out of use."""

    code, status = "channels.kiosk_revoked", 409
    text = "这台自助终端已停用"
    text_en = "This kiosk was taken out of use"
    hint = "需要再用请重新登记一台"
    hint_en = "Register it anew if it is needed again"


class KioskNotPaired(PalmtaxError):
    """The machine's secret is not known here, or is not good any more."""

    code, status = "channels.kiosk_not_paired", 401
    text = "本机还没有与办税厅配对，或已被停用"
    text_en = "This machine is not paired with a hall, or was taken out of use"
    hint = "请工作人员在工作台“办税厅—自助终端”取得配对码，在本机输入"
    hint_en = "Staff: get a pairing code in the workbench under “Hall – kiosks” and enter it here"


class PairingCodeWrong(PalmtaxError):
    """A pairing code that is unknown, used or too old."""

    code, status = "channels.pairing_code_wrong", 409
    text = "配对码不对、已用过或已过期"
    text_en = "The pairing code is wrong, used or too old"
    hint = "请核对 8 位配对码；过期的请在工作台重新取得"
    hint_en = "Check the 8 characters; if it is too old, get a new one in the workbench"


class KioskClosed(PalmtaxError):
    """Kiosks are switched off, not open now, or not offered in this region."""

    code, status = "channels.kiosk_closed", 409
    text = "自助打印现在暂停服务：{why}"
    text_en = "Printing at kiosks is closed now: {why_en}"
    hint = "可以在手机上查看和下载，或到窗口办理"
    hint_en = "See and download documents on your phone, or go to a counter"
    fields = ("why", "why_en")


class VisitUnknown(PalmtaxError):
    """No such code on a screen."""

    code, status = "channels.visit_unknown", 404
    text = "没有找到这个终端号码"
    text_en = "There is no such number on a kiosk"
    hint = "请核对终端屏幕上的 6 位数字；屏幕上的号码每两分钟更换一次"
    hint_en = "Check the six digits on the screen; they change every two minutes"


class VisitTaken(PalmtaxError):
    """The code was confirmed already, or is too old."""

    code, status = "channels.visit_taken", 409
    text = "终端屏幕上的二维码已更换或已被使用"
    text_en = "The code on the screen has changed or is in use"
    hint = "请看终端屏幕，重新扫描现在的二维码"
    hint_en = "Look at the screen and scan the code that is there now"


class VisitOver(PalmtaxError):
    """The minutes at the machine are over."""

    code, status = "channels.visit_over", 401
    text = "本次操作已结束，屏幕上的内容已清除"
    text_en = "Your visit has ended and the screen was cleared"
    hint = "还要打印的话，请用手机重新扫码"
    hint_en = "Scan the code again with your phone to print more"


class PrintPaperUnknown(PalmtaxError):
    """No such document that may be printed under this hat."""

    code, status = "channels.print_paper_unknown", 404
    text = "没有找到这份可以打印的文书"
    text_en = "There is no such document to print"
    hint = "请从列表里重新选择；已失效的文书不能打印"
    hint_en = "Choose again from the list; documents that no longer stand are not printed"


class PrintTooMany(PalmtaxError):
    """More copies of a document than one person may print in a day."""

    code, status = "channels.print_too_many", 409
    text = "同一份文书每天最多打印 {limit} 份，今天还可以打印 {left} 份"
    text_en = "A document is printed at most {limit} times a day; {left} left today"
    hint = "请减少份数，或明天再来；也可以在手机上下载"
    hint_en = "Print fewer, come back tomorrow, or download it on your phone"
    fields = ("limit", "left")


class PrintUnknown(PalmtaxError):
    """No such print of this visit."""

    code, status = "channels.print_unknown", 404
    text = "没有找到这次打印"
    text_en = "There is no such print"
    hint = "请回到列表重新选择要打印的文书"
    hint_en = "Go back to the list and choose again"


class PrintOver(PalmtaxError):
    """The print was noted already, otherwise than is said now."""

    code, status = "channels.print_over", 409
    text = "这次打印的结果已经记下，不能再改"
    text_en = "What came of this print is noted and does not change"
    hint = "没有打出来的，请在列表里重新选择打印"
    hint_en = "Choose what did not come out again from the list"
