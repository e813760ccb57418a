"""The refusals of the ground itself: malformed requests, missing rights, limits, and our own faults."""

from __future__ import annotations

from palmtax.base.errors import PalmtaxError


class Malformed(PalmtaxError):
    """The request does not have the documented shape."""

    code, status = "plumbing.malformed", 422
    text = "提交的内容有 {count} 处不符合要求：{first}"
    text_en = "{count} thing(s) in the request are not as expected: {first}"
    hint = "请按提示改正后再次提交，已填写的内容不会丢失"
    hint_en = "Correct what is listed and send it again; nothing you entered is lost"
    fields = ("count", "first", "places")


class TooLarge(PalmtaxError):
    """The body is larger than the route takes."""

    code, status = "plumbing.too_large", 413
    text = "提交的内容超过上限（{limit_bytes} 字节）"
    text_en = "The request is larger than the limit ({limit_bytes} bytes)"
    hint = "请分成几次提交，或压缩后再上传"
    hint_en = "Send it in several parts, or compress it first"
    fields = ("limit_bytes",)


class PleaseWait(PalmtaxError):
    """More people come than can be served: this is the place in the line, and the way in."""

    code, status = "plumbing.please_wait", 503
    text = "现在办理的人较多，您前面还有 {ahead} 人，预计 {low_minutes}–{high_minutes} 分钟轮到您"
    text_en = (
        "Many people are here now: {ahead} before you, about {low_minutes}–{high_minutes} minutes until it is your turn"
    )
    hint = "位置已为您保留，可以先离开再回来，轮到时会自动继续；已填写的内容都在"
    hint_en = "Your place is kept: you may leave and come back, and it goes on by itself; nothing you entered is lost"
    fields = (
        "room", "room_zh", "room_en", "place", "ahead", "seconds", "low_seconds", "high_seconds", "low_minutes", "high_minutes",
        "poll_seconds", "kept_seconds", "wait_seconds",
    )  # fmt: skip


class Crowded(PalmtaxError):
    """All are busy with people who have begun; theirs is the next free hand."""

    code, status = "plumbing.crowded", 503
    text = "现在办理的人很多，这一下没有轮到"
    text_en = "Very many people are here at this moment, and no hand was free"
    hint = "请过几秒再试；已填写的内容都在"
    hint_en = "Try again in a few seconds; nothing you entered is lost"


class NotFound(PalmtaxError):
    """No such address."""

    code, status = "plumbing.not_found", 404
    text = "没有找到这个地址"
    text_en = "There is nothing at this address"
    hint = "请从首页重新进入"
    hint_en = "Please start again from the home page"


class MethodRefused(PalmtaxError):
    """The address exists, this method does not."""

    code, status = "plumbing.method_refused", 405
    text = "这个地址不接受 {method} 请求"
    text_en = "This address does not take {method} requests"
    hint = "请查看接口文档 /api/docs"
    hint_en = "See the API documentation at /api/docs"
    fields = ("method",)


class SignInNeeded(PalmtaxError):
    """No session, or one that ended."""

    code, status = "plumbing.sign_in_needed", 401
    text = "登录已过期或尚未登录"
    text_en = "You are not signed in, or your session has ended"
    hint = "请重新登录，未提交的草稿会保留"
    hint_en = "Sign in again; drafts are kept"


class HatNeeded(PalmtaxError):
    """Signed in, but not acting for anybody yet."""

    code, status = "plumbing.hat_needed", 403
    text = "请先选择办税身份"
    text_en = "Choose whom you act for first"
    hint = "在“我的”中选择一个身份后再办理"
    hint_en = "Choose an identity under “Me”, then go on"


class NotAllowed(PalmtaxError):
    """The hat does not carry the right."""

    code, status = "plumbing.not_allowed", 403
    text = "当前身份没有办理此事项的权限"
    text_en = "Your current identity may not do this"
    hint = "请切换身份，或请法定代表人、财务负责人授权"
    hint_en = "Switch identity, or ask the legal representative or finance lead for authorisation"
    fields = ("scope",)


class OutsideScreen(PalmtaxError):
    """A screen of ours in a partner's page asks for what does not belong to it."""

    code, status = "plumbing.outside_screen", 403
    text = "在“{application}”里打开的页面不能办这件事"
    text_en = "This cannot be done in a page opened inside “{application}”"
    hint = "请打开掌税办理"
    hint_en = "Open PalmTax to do it"
    fields = ("application",)


class SecondFactorNeeded(PalmtaxError):
    """A high-risk act without a fresh second proof."""

    code, status = "plumbing.second_factor_needed", 403
    text = "此操作需要再次验证身份"
    text_en = "This needs a second proof of identity"
    hint = "请用短信验证码完成验证后继续"
    hint_en = "Confirm with the code sent by SMS, then go on"


class TooOften(PalmtaxError):
    """More requests than the route takes from one caller."""

    code, status = "plumbing.too_often", 429
    text = "操作太频繁，请稍候"
    text_en = "Too many requests; please wait a moment"
    hint = "请在 {wait_seconds} 秒后再试"
    hint_en = "Try again in {wait_seconds} seconds"
    fields = ("wait_seconds",)


class DatabaseAway(PalmtaxError):
    """The database does not answer; whether the act happened is unknown, so it must be sent again with the same key."""

    code, status = "plumbing.database_away", 503
    text = "系统正在恢复，您的内容没有丢失"
    text_en = "The system is recovering; nothing you entered is lost"
    hint = "请稍候几秒再试；重复提交不会重复申报或扣款"
    hint_en = "Try again in a few seconds; sending twice never files or pays twice"


class Busy(PalmtaxError):
    """Two acts wanted the same rows at once; one was sent back."""

    code, status = "plumbing.busy", 409
    text = "同一事项正在另一处办理"
    text_en = "The same matter is being handled elsewhere at this moment"
    hint = "请刷新后再试"
    hint_en = "Refresh and try again"


class OurFault(PalmtaxError):
    """A bug of ours; somebody is told."""

    code, status = "plumbing.fault", 500
    text = "办理没有成功，问题已自动报告"
    text_en = "This did not succeed; the problem has been reported"
    hint = "请稍后再试；如急需办理，请拨打 12366 并告知编号"
    hint_en = "Try again later; if it is urgent call 12366 and quote the number"
