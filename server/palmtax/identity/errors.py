"""What identity refuses, and the way on."""

from __future__ import annotations

from palmtax.base.errors import PalmtaxError


class CodeTooSoon(PalmtaxError):
    """A code was sent to this phone a moment ago, or too many today."""

    code, status = "identity.code_too_soon", 429
    text = "验证码发送过于频繁"
    text_en = "Codes were asked for too often"
    hint = "请在 {wait_seconds} 秒后再获取；已收到的验证码仍可使用"
    hint_en = "Ask again in {wait_seconds} seconds; a code you already received still works"
    fields = ("wait_seconds",)


class CodeWrong(PalmtaxError):
    """The code is not the one that was sent."""

    code = "identity.code_wrong"
    text = "验证码不正确"
    text_en = "The code is not right"
    hint = "请核对最近一条短信，还可再试 {tries_left} 次"
    hint_en = "Check the latest message; you can try {tries_left} more time(s)"
    fields = ("tries_left",)


class CodeStale(PalmtaxError):
    """The code has expired, was used, or was never sent."""

    code = "identity.code_stale"
    text = "验证码已失效"
    text_en = "The code is no longer valid"
    hint = "请重新获取验证码；每个验证码 5 分钟内有效，只能使用一次"
    hint_en = "Ask for a new code; each is valid for 5 minutes and for one use"


class CodeLocked(PalmtaxError):
    """Five wrong codes: the phone waits."""

    code, status = "identity.code_locked", 429
    text = "验证码连续输错 5 次，已暂时锁定"
    text_en = "Five wrong codes in a row: locked for now"
    hint = "为保护您的账户，请在 {wait_seconds} 秒后重新获取验证码"
    hint_en = "To protect your account, ask for a new code in {wait_seconds} seconds"
    fields = ("wait_seconds",)


class MailUnavailable(PalmtaxError):
    """The mail server did not take the letter; nothing was kept."""

    code, status = "identity.mail_unavailable", 503
    text = "邮件暂时无法发送"
    text_en = "The letter cannot be sent right now"
    hint = "请稍候再试；邮箱地址没有问题，不用重填"
    hint_en = "Try again in a moment; the address is kept as you typed it"


class MailRefused(PalmtaxError):
    """The mail server knows no such mailbox, or it takes no letters."""

    code, status = "identity.mail_refused", 422
    text = "没有这个邮箱，或者它不收信"
    text_en = "There is no such mailbox, or it takes no letters"
    hint = "请核对邮箱地址后重新获取验证码，或换一个邮箱"
    hint_en = "Check the address and ask for a new code, or use another mailbox"


class SmsUnavailable(PalmtaxError):
    """The SMS gateway did not take the message; nothing was kept."""

    code, status = "identity.sms_unavailable", 503
    text = "短信暂时无法发送"
    text_en = "The message cannot be sent right now"
    hint = "请稍候再试，或改用微信登录"
    hint_en = "Try again in a moment, or sign in with WeChat"


class WeChatUnavailable(PalmtaxError):
    """WeChat did not answer; nothing was changed."""

    code, status = "identity.wechat_unavailable", 503
    text = "微信登录暂时无法使用"
    text_en = "WeChat sign-in is not available right now"
    hint = "请稍候再试，或改用手机号和短信验证码登录"
    hint_en = "Try again in a moment, or sign in with your phone and a code"


class WeChatCodeRefused(PalmtaxError):
    """WeChat does not know the login code or phone code (used, expired, or of another app)."""

    code = "identity.wechat_code_refused"
    text = "微信登录凭证已失效"
    text_en = "WeChat's sign-in code is no longer valid"
    hint = "请返回小程序重新点击登录"
    hint_en = "Go back to the mini program and tap sign in again"


class AlipayUnavailable(PalmtaxError):
    """Alipay did not answer; nothing was changed."""

    code, status = "identity.alipay_unavailable", 503
    text = "支付宝登录暂时无法使用"
    text_en = "Alipay sign-in is not available right now"
    hint = "请稍候再试，或改用手机号和短信验证码登录"
    hint_en = "Try again in a moment, or sign in with your phone and a code"


class AlipayCodeRefused(PalmtaxError):
    """Alipay does not know the code (used, expired, or of another app)."""

    code = "identity.alipay_code_refused"
    text = "支付宝登录凭证已失效"
    text_en = "Alipay's sign-in code is no longer valid"
    hint = "请回到支付宝，从生活号重新打开一次"
    hint_en = "Go back to Alipay and open the page from the life channel again"


class PhoneNeeded(PalmtaxError):
    """A WeChat user seen for the first time: a phone number is needed once."""

    code = "identity.phone_needed"
    text = "首次使用微信登录，需要关联手机号"
    text_en = "First sign-in with WeChat: please link your phone number"
    hint = "请点击“手机号快捷登录”并允许获取手机号"
    hint_en = "Tap “Sign in with phone number” and allow it"


class OAuthStale(PalmtaxError):
    """The sign-in inside WeChat or Alipay was begun in another browser, too long ago, or has been used."""

    code = "identity.oauth_stale"
    text = "这次登录已失效"
    text_en = "This sign-in is no longer valid"
    hint = "请回到刚才的聊天，从消息或菜单重新打开一次"
    hint_en = "Go back to the chat and open the message or menu again"


class AccountUnknown(PalmtaxError):
    """There is no official account or life channel of this name to sign in by."""

    code, status = "identity.account_unknown", 404
    text = "没有可以用来登录的公众号或生活号“{account}”"
    text_en = "There is no official account or life channel “{account}” to sign in by"
    hint = "请用手机号和短信验证码登录"
    hint_en = "Sign in with your phone and a code instead"
    fields = ("account",)


class ChatUnbound(PalmtaxError):
    """Nobody who works in a tax office is bound to this member of a chat."""

    code = "identity.chat_unbound"
    text = "这个账号没有绑定税务人员，没有登录"
    text_en = "This account belongs to no officer here; you were not signed in"
    hint = "请先用手机号登录工作台，再从右上角的铃铛里绑定"
    hint_en = "Sign in to the workbench with your phone first, then bind it under the bell"


class RealNameUnavailable(PalmtaxError):
    """The identity register did not answer; nothing was changed."""

    code, status = "identity.real_name_unavailable", 503
    text = "实名核验服务暂时无法使用"
    text_en = "The real-name check is not available right now"
    hint = "请稍候再试；也可到办税服务厅现场核验"
    hint_en = "Try again in a moment, or have it checked at a tax service hall"


class ResidentIdMalformed(PalmtaxError):
    """Length, characters, birth date or check character of the resident identity number are wrong."""

    code, status = "identity.resident_id_malformed", 422
    text = "公民身份号码有误"
    text_en = "This is not a valid resident identity number"
    hint = "请对照身份证核对 18 位号码，最后一位可能是字母 X"
    hint_en = "Compare all 18 characters with your card; the last may be the letter X"


class RealNameDiffers(PalmtaxError):
    """The register does not hold this name with this number."""

    code = "identity.real_name_differs"
    text = "姓名与公民身份号码不一致"
    text_en = "The name and the identity number do not belong together"
    hint = "请按身份证上的姓名和号码填写；近期更名的请先到公安机关更新"
    hint_en = "Enter both exactly as on your card; after a change of name update it with the police first"


class RealNameDone(PalmtaxError):
    """This person was already checked under another name or number."""

    code = "identity.real_name_done"
    text = "您已完成实名核验"
    text_en = "Your identity has already been checked"
    hint = "如需变更姓名或证件，请到办税服务厅办理"
    hint_en = "To change the name or the document please visit a tax service hall"


class ResidentIdTaken(PalmtaxError):
    """The identity number belongs to another account."""

    code = "identity.resident_id_taken"
    text = "该公民身份号码已关联其他手机号"
    text_en = "This identity number is linked to another phone number"
    hint = "请用原手机号登录；原手机号停用的，请到办税服务厅办理变更"
    hint_en = "Sign in with that phone; if you no longer have it, visit a tax service hall"


class SessionEnded(PalmtaxError):
    """The refresh token belongs to no living session."""

    code, status = "identity.session_ended", 401
    text = "登录已结束"
    text_en = "Your session has ended"
    hint = "请重新登录，未提交的草稿会保留"
    hint_en = "Sign in again; drafts are kept"


class RefreshReused(PalmtaxError):
    """A refresh token came a second time: someone may have copied it, so every session was ended."""

    code, status = "identity.refresh_reused", 401
    text = "检测到登录凭证被重复使用，为安全起见已退出全部设备"
    text_en = "A sign-in token was used twice; to keep you safe all devices were signed out"
    hint = "请重新登录；如非本人操作，请在“我的—登录设备”中核对并拨打 12366"
    hint_en = "Sign in again; if this was not you, check “Me – devices” and call 12366"


class SessionUnknown(PalmtaxError):
    """No such device of this person."""

    code, status = "identity.session_unknown", 404
    text = "没有找到这台登录设备"
    text_en = "There is no such device"
    hint = "请刷新设备列表"
    hint_en = "Refresh the list of devices"


class HatUnknown(PalmtaxError):
    """The person has no such hat, or no longer."""

    code, status = "identity.hat_unknown", 404
    text = "没有找到这个办税身份，或授权已终止"
    text_en = "You do not have this identity, or its authorisation has ended"
    hint = "请刷新身份列表，或联系授权人"
    hint_en = "Refresh your identities, or ask whoever authorised you"


class PhoneMissing(PalmtaxError):
    """Signing in needs a phone number to send the code to."""

    code, status = "identity.phone_missing", 422
    text = "请填写手机号"
    text_en = "A phone number is needed"
    hint = "填写本人的手机号后再获取验证码"
    hint_en = "Enter your own phone number, then ask for the code"


class PhoneNotYours(PalmtaxError):
    """A second proof goes only to the phone of the person signed in."""

    code, status = "identity.phone_not_yours", 403
    text = "再次验证只能使用本人登录的手机号"
    text_en = "The second proof goes only to your own phone"
    hint = "请使用当前账户关联的手机号"
    hint_en = "Use the phone number linked to this account"


class TicketUnknown(PalmtaxError):
    """No such sign-in ticket, or its secret is wrong."""

    code, status = "identity.ticket_unknown", 404
    text = "没有找到这个登录二维码"
    text_en = "There is no such sign-in code"
    hint = "请在电脑上刷新二维码后重新扫描"
    hint_en = "Refresh the code on the computer and scan again"


class TicketExpired(PalmtaxError):
    """The ticket is older than two minutes."""

    code = "identity.ticket_expired"
    text = "登录二维码已过期"
    text_en = "The sign-in code has expired"
    hint = "请在电脑上刷新二维码后重新扫描"
    hint_en = "Refresh the code on the computer and scan again"


class TicketTaken(PalmtaxError):
    """Another person scanned the ticket first, or it was answered."""

    code = "identity.ticket_taken"
    text = "这个登录二维码已被使用"
    text_en = "This sign-in code is already in use"
    hint = "请在电脑上刷新二维码后重新扫描"
    hint_en = "Refresh the code on the computer and scan again"


class AuthorisationUnknown(PalmtaxError):
    """No authorisation that this person may see."""

    code, status = "identity.authorisation_unknown", 404
    text = "没有找到这项授权"
    text_en = "There is no such authorisation"
    hint = "请刷新授权列表"
    hint_en = "Refresh the list of authorisations"


class AuthorisationSettled(PalmtaxError):
    """The authorisation is past the state in which this can be done."""

    code = "identity.authorisation_settled"
    text = "这项授权已处理，当前状态为 {state}"
    text_en = "This authorisation is already settled; it is now {state}"
    hint = "请刷新授权列表；如需继续，请由法定代表人或财务负责人重新授权"
    hint_en = "Refresh the list; to go on, ask for a new authorisation"
    fields = ("state",)


class AuthorisationExists(PalmtaxError):
    """The person already has this role for the taxpayer, active or waiting."""

    code = "identity.authorisation_exists"
    text = "该人员已有相同身份的授权"
    text_en = "This person already has this role, active or waiting"
    hint = "如需调整权限或期限，请先撤销原授权再重新授权"
    hint_en = "To change its rights or its end, revoke it first and give it again"


class SelfGrant(PalmtaxError):
    """Nobody authorises themselves."""

    code = "identity.self_grant"
    text = "不能给自己授权"
    text_en = "You cannot authorise yourself"
    hint = "请填写被授权人本人的手机号"
    hint_en = "Enter the phone of the person you want to authorise"


class RoleNotYours(PalmtaxError):
    """The giver's role may not appoint or end this role."""

    code, status = "identity.role_not_yours", 403
    text = "当前身份不能办理“{role_name}”的授权或撤销"
    text_en = "Your identity may not give or revoke the role “{role_name_en}”"
    hint = "财务负责人由法定代表人授权；法定代表人以登记信息为准"
    hint_en = "A finance lead is appointed by the legal representative, who comes from the registration"
    fields = ("role_name", "role_name_en")


class ScopesNotYours(PalmtaxError):
    """Rights beyond those of the giver, or beyond the role."""

    code, status = "identity.scopes_not_yours", 403
    text = "授权范围超出您的权限或该身份的权限"
    text_en = "Some rights are beyond yours, or beyond the role"
    hint = "请去掉这些权限后再提交：{scopes}"
    hint_en = "Leave these out and send again: {scopes}"
    fields = ("scopes",)


class EndDateWrong(PalmtaxError):
    """The end date is past, or later than may be given."""

    code, status = "identity.end_date_wrong", 422
    text = "授权截止日期不符合要求"
    text_en = "The end date is not possible"
    hint = "请选择 {earliest_on} 至 {latest_on} 之间的日期"
    hint_en = "Choose a day from {earliest_on} to {latest_on}"
    fields = ("earliest_on", "latest_on")


class RealNameNeeded(PalmtaxError):
    """Only a person whose real name was checked may act for others."""

    code = "identity.real_name_needed"
    text = "接受授权前需要完成实名核验"
    text_en = "Your identity must be checked before you accept"
    hint = "请在“我的—实名核验”中完成后再接受"
    hint_en = "Do the check under “Me – real name”, then accept"


class NameDiffers(PalmtaxError):
    """The authorisation was given to a person of another name."""

    code = "identity.name_differs"
    text = "授权书上的姓名与您的实名信息不一致"
    text_en = "The authorisation names somebody else"
    hint = "请联系授权人核对姓名和手机号；如与您无关，请选择“冒用否认”"
    hint_en = "Ask the giver to check name and phone; if you know nothing of it, deny it"


class AddressTaken(PalmtaxError):
    """The address, or the WeChat user behind it, is bound to another person."""

    code = "identity.address_taken"
    text = "这个账号已绑定给另一个人"
    text_en = "This account is bound to somebody else"
    hint = "如果两个都是您，请在“我的—绑定与合并”中用短信验证码合并；否则请先由对方解除绑定"
    hint_en = "If both are you, merge them with a code under “Me – bindings”; otherwise the other person unbinds first"


class AddressUnknown(PalmtaxError):
    """No such binding of this person."""

    code, status = "identity.address_unknown", 404
    text = "没有找到这个绑定"
    text_en = "There is no such binding"
    hint = "请刷新“绑定与合并”后再试"
    hint_en = "Refresh the list of bindings and try again"


class PhoneStays(PalmtaxError):
    """A phone by which somebody signs in cannot simply be given up."""

    code = "identity.phone_stays"
    text = "登录手机号不能解除绑定"
    text_en = "The phone you sign in with cannot be unbound"
    hint = "要换号码，请办理“变更手机号”"
    hint_en = "To use another number, do the matter “change the phone”"


class MergeRefused(PalmtaxError):
    """Two accounts that are not, or cannot become, one."""

    code = "identity.merge_refused"
    text = "没有合并：{reason}"
    text_en = "Not merged: {reason_en}"
    hint = "两个账号都没有改变"
    hint_en = "Neither account was changed"
    fields = ("reason", "reason_en")
