"""Refusals of the open platform. Those with `oauth` are answered in the words of RFC 6749 at `/oauth`."""

from __future__ import annotations

from typing import ClassVar

from palmtax.base.errors import PalmtaxError


class OAuthRefusal(PalmtaxError):
    """A refusal that OAuth has a word for."""

    oauth: ClassVar[str]


class RequestWrong(OAuthRefusal):
    """A request that misses something, names it twice, or has it in the wrong form."""

    code, status, oauth = "partners.request_wrong", 400, "invalid_request"
    text = "请求的 {what} 缺失、重复或格式不对"
    text_en = "{what} is missing, given twice, or not in the right form"
    hint = "对照开发者页面 /developers 的示例改正后再试"
    hint_en = "Compare with the examples at /developers and try again"
    fields = ("what",)


class ClientNotBelieved(OAuthRefusal):
    """Unknown client, wrong secret, or several ways of authentication at once."""

    code, status, oauth = "partners.client_not_believed", 401, "invalid_client"
    text = "应用编号或密钥不对"
    text_en = "Client id or secret is wrong"
    hint = "请用 HTTP Basic 发送应用编号和当前密钥；轮换后旧密钥只保留 7 天"
    hint_en = "Send client id and current secret by HTTP Basic; after a rotation the old one works for 7 days"


class GrantNotTaken(OAuthRefusal):
    """A code or refresh token that is unknown, used, over, another client's, or does not fit its verifier."""

    code, status, oauth = "partners.grant_not_taken", 400, "invalid_grant"
    text = "授权码或刷新令牌无效、已使用或已过期"
    text_en = "The code or refresh token is not valid, was used before, or has expired"
    hint = "请让用户重新授权"
    hint_en = "Ask the person for consent again"


class GrantTypeUnknown(OAuthRefusal):
    """A way of getting a token that this server does not have."""

    code, status, oauth = "partners.grant_type_unknown", 400, "unsupported_grant_type"
    text = "不支持这种授权方式"
    text_en = "This grant type is not supported"
    hint = "可用 authorization_code、client_credentials、refresh_token"
    hint_en = "Use authorization_code, client_credentials or refresh_token"


class ScopeTooWide(OAuthRefusal):
    """A scope that is unknown, not registered for the application, or beyond what was agreed."""

    code, status, oauth = "partners.scope_too_wide", 400, "invalid_scope"
    text = "申请的权限超出范围：{scopes}"
    text_en = "These scopes go too far: {scopes}"
    hint = "只能申请已登记并经同意的权限"
    hint_en = "Ask only for scopes that are registered and agreed to"
    fields = ("scopes",)


class TargetWrong(OAuthRefusal):
    """A token for somewhere else."""

    code, status, oauth = "partners.target_wrong", 400, "invalid_target"
    text = "令牌只能用于本开放平台"
    text_en = "Tokens are for this platform only"
    hint = "resource 请填写元数据中的平台地址加 /open/v1，或省略"
    hint_en = "Leave `resource` out, or give the platform's address with /open/v1"


class ResponseTypeUnknown(OAuthRefusal):
    """Anything but a code."""

    code, status, oauth = "partners.response_type_unknown", 400, "unsupported_response_type"
    text = "只支持 response_type=code"
    text_en = "Only response_type=code is supported"
    hint = "请使用授权码加 PKCE"
    hint_en = "Use the authorisation code with PKCE"


class ClientMayNot(OAuthRefusal):
    """The application is suspended."""

    code, status, oauth = "partners.client_may_not", 400, "unauthorized_client"
    text = "这个应用已停用"
    text_en = "This application is suspended"
    hint = "请联系税务机关了解原因"
    hint_en = "Ask the tax office for the reason"


class TokenNotTaken(OAuthRefusal):
    """An access token that is missing, unknown, over, taken back, or of an application that is off."""

    code, status, oauth = "partners.token_not_taken", 401, "invalid_token"
    text = "访问令牌无效、已过期或授权已被收回"
    text_en = "The access token is not valid, has expired, or consent was taken back"
    hint = "请用刷新令牌换取新的令牌；不行时让用户重新授权"
    hint_en = "Get a new one with the refresh token; failing that, ask the person for consent again"


class ScopeNeeded(OAuthRefusal):
    """A token without the scope of the route."""

    code, status, oauth = "partners.scope_needed", 403, "insufficient_scope"
    text = "令牌没有这项权限：{scope}"
    text_en = "The token does not carry this scope: {scope}"
    hint = "请登记这项权限，并让用户在授权页上同意"
    hint_en = "Register the scope and ask the person to agree to it"
    fields = ("scope",)


class QuotaSpent(PalmtaxError):
    """More calls than the application may make."""

    code, status = "partners.quota_spent", 429
    text = "这项接口的调用次数已达上限（每{per} {limit} 次）"
    text_en = "The limit of calls is reached ({limit} a {per_en})"
    hint = "请在 {wait_seconds} 秒后再试；需要更多请联系税务机关"
    hint_en = "Try again in {wait_seconds} seconds; ask the tax office if you need more"
    fields = ("per", "per_en", "limit", "wait_seconds")


class AskUnknown(PalmtaxError):
    """No such request for a consent, or one of another browser or person."""

    code, status = "partners.ask_unknown", 404
    text = "没有找到这次授权请求"
    text_en = "This request for your consent was not found"
    hint = "请回到第三方应用重新发起；授权须在发起它的浏览器里完成"
    hint_en = "Go back to the application and start again, in the same browser"


class AskOver(PalmtaxError):
    """A request that was answered or has expired."""

    code, status = "partners.ask_over", 409
    text = "这次授权请求已经处理或已过期"
    text_en = "This request was answered already or has expired"
    hint = "请回到第三方应用重新发起"
    hint_en = "Go back to the application and start again"


class HatUnfit(PalmtaxError):
    """The hat worn does not carry what the application asks for."""

    code, status = "partners.hat_unfit", 409
    text = "当前身份没有这些权限，不能授权给第三方：{scopes}"
    text_en = "Your current identity does not have these rights itself: {scopes}"
    hint = "请切换办税身份，或不勾选这些权限"
    hint_en = "Switch identity, or leave these out"
    fields = ("scopes",)


class SandboxApart(PalmtaxError):
    """An application in the sandbox asks a real taxpayer, or a live one an invented taxpayer."""

    code, status = "partners.sandbox_apart", 409
    text = "试用中的应用只能使用虚拟纳税人，正式应用只能用于真实纳税人"
    text_en = "An application on trial may act for invented taxpayers only, a live one for real ones only"
    hint = "请确认应用是否已通过审核"
    hint_en = "Check whether the application has been approved"


class ConsentUnknown(PalmtaxError):
    """No such consent of this person or taxpayer."""

    code, status = "partners.consent_unknown", 404
    text = "没有找到这项授权"
    text_en = "This consent was not found"
    hint = "请在“第三方授权”列表里选择"
    hint_en = "Choose one from the list of consents"


class ApplicationUnknown(PalmtaxError):
    """No such application."""

    code, status = "partners.application_unknown", 404
    text = "没有找到这个应用"
    text_en = "This application was not found"
    hint = "请核对应用编号"
    hint_en = "Check the client id"


class StateRefused(PalmtaxError):
    """The application is not in a state in which this can be done."""

    code, status = "partners.state_refused", 409
    text = "应用现在的状态（{state}）不能这样操作"
    text_en = "This cannot be done in the application's state ({state})"
    hint = "请刷新后查看当前状态"
    hint_en = "Refresh to see its present state"
    fields = ("state",)


class SecondOfficerNeeded(PalmtaxError):
    """Who checked an application cannot also put it live."""

    code, status = "partners.second_officer_needed", 409
    text = "正式上线需要另一位人员复核，不能由初审人自己确认"
    text_en = "Another officer must confirm before an application goes live"
    hint = "请另一位有权限的人员确认"
    hint_en = "Ask another officer with this right to confirm"


class DevelopersOwn(PalmtaxError):
    """An officer asks for review in place of a developer who registered alone."""

    code, status = "partners.developers_own", 409
    text = "这个应用是开发者自己登记的，由开发者提交审核"
    text_en = "Its developer registered this application and asks for review"
    hint = "请开发者在 /developers 的“我的应用”里提交"
    hint_en = "Ask the developer to do so at /developers, under My application"


class ReasonMissing(PalmtaxError):
    """No reason was given."""

    code, status = "partners.reason_missing", 422
    text = "请写明原因"
    text_en = "Say why"
    hint = "至少 4 个字，开发者会看到"
    hint_en = "At least 4 characters; the developer will read them"


class RedirectWrong(PalmtaxError):
    """An address to which nobody may be sent back."""

    code, status = "partners.redirect_wrong", 422
    text = "回调地址不能使用：{address}（{why}）"
    text_en = "This redirect address cannot be used: {address} ({why})"
    hint = "请填写完整的 https 地址，不带 # 和通配符；试用期可用 http://127.0.0.1"
    hint_en = "Give a whole https address without # or wildcards; on trial http://127.0.0.1 is fine"
    fields = ("address", "why")


class OriginWrong(PalmtaxError):
    """An origin whose pages may not frame ours."""

    code, status = "partners.origin_wrong", 422
    text = "内嵌来源不能使用：{origin}（{why}）"
    text_en = "This origin cannot frame our pages: {origin} ({why})"
    hint = "请写成 https://域名，小写，不带路径、通配符和 443 端口；试用期可用 http://127.0.0.1:端口"
    hint_en = (
        "Write https://name in lower case, without path, wildcard or port 443; on trial http://127.0.0.1:port is fine"
    )
    fields = ("origin", "why")


class ScreenUnknown(PalmtaxError):
    """A screen that is not embedded, or one whose subject is missing or not wanted."""

    code, status = "partners.screen_unknown", 422
    text = "没有这个可内嵌的页面，或 subject 不对：{screen}"
    text_en = "There is no such screen to embed, or its subject is wrong: {screen}"
    hint = "可内嵌的页面见 /developers#embed"
    hint_en = "Screens that can be embedded are listed at /developers#embed"
    fields = ("screen",)


class TicketNotTaken(PalmtaxError):
    """An address of an embedded page that was used, is over, or is not what it says."""

    code, status = "partners.ticket_not_taken", 409
    text = "这个页面链接已经用过、过期或被收回"
    text_en = "This link to the page was used before, has expired, or was taken back"
    hint = "请在原来的应用里重新打开"
    hint_en = "Open it again in the application you came from"


class VisitUnknown(PalmtaxError):
    """The caller is not in an embedded page."""

    code, status = "partners.visit_unknown", 404
    text = "当前不是在第三方应用里打开的页面"
    text_en = "This is no page opened inside another application"
    hint = "不需要退出"
    hint_en = "There is nothing to leave"


class ScopeUnknown(PalmtaxError):
    """A scope that does not exist."""

    code, status = "partners.scope_unknown", 422
    text = "没有这项权限：{scopes}"
    text_en = "There is no such scope: {scopes}"
    hint = "权限清单见 /developers"
    hint_en = "The scopes are listed at /developers"
    fields = ("scopes",)


class EndpointUnknown(PalmtaxError):
    """No such webhook address of this application."""

    code, status = "partners.endpoint_unknown", 404
    text = "没有找到这个推送地址"
    text_en = "This webhook address was not found"
    hint = "请从列表里选择"
    hint_en = "Choose one from the list"


class EndpointWrong(PalmtaxError):
    """An address that we will not call."""

    code, status = "partners.endpoint_wrong", 422
    text = "推送地址不能使用（{why}）"
    text_en = "This webhook address cannot be used ({why})"
    hint = "请填写公网 https 地址，端口 443 或 8443"
    hint_en = "Give a public https address on port 443 or 8443"
    fields = ("why",)


class TooManyEndpoints(PalmtaxError):
    """More webhook addresses than an application may have."""

    code, status = "partners.too_many_endpoints", 409
    text = "推送地址最多 {limit} 个"
    text_en = "At most {limit} webhook addresses"
    hint = "请先删除不用的"
    hint_en = "Delete one that is not used first"
    fields = ("limit",)


class EventUnknown(PalmtaxError):
    """An event that is never sent."""

    code, status = "partners.event_unknown", 422
    text = "没有这种推送事件：{events}"
    text_en = "There is no such event: {events}"
    hint = "事件清单见 /developers"
    hint_en = "The events are listed at /developers"
    fields = ("events",)


class PassNotTaken(OAuthRefusal):
    """A pass into a feature's page that is unknown, used, over, or another application's."""

    code, status, oauth = "partners.pass_not_taken", 400, "access_denied"
    text = "进入凭证无效、已使用或已过期"
    text_en = "The pass is not valid, was used before, or has expired"
    hint = "请回到掌税重新打开这个应用"
    hint_en = "Go back to PalmTax and open the feature again"


class FeatureBad(PalmtaxError):
    """A manifest with faults; nothing was kept."""

    code, status = "partners.feature_bad", 422
    text = "清单有 {count} 处不对：{first}"
    text_en = "The manifest has {count} faults: {first}"
    hint = "按行号改正后重新提交；样例见 docs/how-to/city-feature.md"
    hint_en = "Mend them line by line and hand it in again; see docs/how-to/city-feature.md"
    fields = ("count", "first", "faults")


class FeatureCodeTaken(PalmtaxError):
    """The code belongs to a feature of somebody else."""

    code, status = "partners.feature_code_taken", 409
    text = "代号 {name} 已被别的特色应用使用"
    text_en = "The code {name} belongs to another feature"
    hint = "请换一个代号"
    hint_en = "Choose another code"
    fields = ("name",)


class TooManyFeatures(PalmtaxError):
    """More features than one application may have."""

    code, status = "partners.too_many_features", 409
    text = "一个应用最多 {limit} 个特色应用"
    text_en = "An application has at most {limit} features"
    hint = "请更新已有的特色应用"
    hint_en = "Hand in a new version of one that is there"
    fields = ("limit",)


class FeatureUnknown(PalmtaxError):
    """No such feature here, or one that is not listed for this person."""

    code, status = "partners.feature_unknown", 404
    text = "没有找到这个特色应用"
    text_en = "This feature was not found"
    hint = "请刷新首页后再选"
    hint_en = "Refresh the home screen and choose again"


class FeatureStateRefused(PalmtaxError):
    """The feature's newest version is not in a state in which this can be done."""

    code, status = "partners.feature_state_refused", 409
    text = "特色应用现在的状态（{state}）不能这样操作"
    text_en = "This cannot be done in the feature's state ({state})"
    hint = "请刷新后查看当前状态"
    hint_en = "Refresh to see its present state"
    fields = ("state",)


class FeatureFails(PalmtaxError):
    """The conformance kit has not passed lately, or its application is not live."""

    code, status = "partners.feature_fails", 409
    text = "还不能上架：{why}"
    text_en = "It cannot be listed yet: {why_en}"
    hint = "改正后重新检查，再提交审核"
    hint_en = "Mend it, run the check again, then ask for review"
    fields = ("why", "why_en")


class FeatureOfficeWrong(PalmtaxError):
    """An officer of another office approves."""

    code, status = "partners.feature_office_wrong", 403
    text = "只有 {cities} 的税务机关或其上级才能同意上架"
    text_en = "Only the offices of {cities}, or those above them, can list it"
    hint = "请当地税务机关的人员确认"
    hint_en = "Ask an officer of that city"
    fields = ("cities",)


class FeatureFirst(PalmtaxError):
    """There is no earlier version that was listed."""

    code, status = "partners.feature_first", 409
    text = "没有可以退回的上一个版本"
    text_en = "There is no earlier version to go back to"
    hint = "需要下架请用“立即停用”"
    hint_en = "To take it off, suspend it"


class FeatureClosed(PalmtaxError):
    """Outside its hours."""

    code, status = "partners.feature_closed", 409
    text = "现在不在服务时间（{start}–{end}）"
    text_en = "It is open from {start} to {end}"
    hint = "请在服务时间再来"
    hint_en = "Come back within these hours"
    fields = ("start", "end")
