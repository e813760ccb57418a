"""Roles (身份) and scopes: who may do what by default, and who may appoint whom. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from palmtax.base.actor import HatKind


@dataclass(frozen=True, slots=True)
class Role:
    """A role with its names and the scopes it carries unless fewer are given."""

    code: str
    kind: HatKind
    name: str
    name_en: str
    scopes: frozenset[str]
    appoints: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ScopeMeaning:
    """What a scope allows, and the roles that hold it by default."""

    name: str
    name_en: str
    roles: tuple[str, ...]


_SCOPE_NAMES = {
    "registry.read": ("查看登记信息", "see the registration"),
    "invoice.read": ("查看发票", "see invoices"),
    "invoice.write": ("录入和导入发票", "enter and import invoices"),
    "filing.read": ("查看申报", "see returns"),
    "filing.write": ("填写申报表", "prepare returns"),
    "filing.submit": ("提交、更正和作废申报", "submit, amend and void returns"),
    "payment.read": ("查看缴款", "see payments"),
    "payment.pay": ("缴纳税款", "pay tax"),
    "certificates.read": ("查看证明", "see certificates"),
    "certificates.issue": ("开具证明", "issue certificates"),
    "identity.authorise": ("授权和撤销办税人员", "authorise people and revoke it"),
    "cases.read": ("查询纳税人档案", "look up taxpayers' files"),
    "payment.register_transfer": ("登记银行转账缴款", "register bank transfers"),
    "cases.decide": ("审批", "decide cases"),
    "cases.assign": ("分派任务、查看任务看板", "assign cases and see the board of cases"),
    "audit.read": ("查看审计记录", "read the audit trail"),
    "law.read": ("查看税法参数", "see the numbers of the law"),
    "law.draft": ("起草税法参数版本", "draft versions of the numbers of the law"),
    "law.approve": ("审核税法参数版本", "approve versions of the numbers of the law"),
    "insight.read": ("查看政策推演", "see what-if studies"),
    "insight.study": ("发起政策推演", "start and cancel what-if studies"),
    "insight.push": ("编写、查看和停止推送", "write, see and stop campaigns"),
    "insight.push_approve": ("审核推送", "approve campaigns"),
    "matters.use": ("办理事项、查看办件", "do matters and follow them"),
    "messaging.read": ("查看收件箱", "read the inbox"),
    "messaging.rescue": ("处理没有送达的消息", "look after messages that reached nobody"),
    "appointments.book": ("预约和取号", "book appointments and take tickets"),
    "complaints.file": ("投诉、建议和评价", "complain, suggest and rate"),
    "knowledge.ask": ("提交书面咨询", "ask in writing"),
    "appointments.serve": ("办税厅叫号", "call numbers in the service hall"),
    "appointments.plan": ("安排办税厅窗口和时间", "plan the windows and hours of a service hall"),
    "complaints.read": ("查看投诉和评价", "see complaints and ratings"),
    "complaints.handle": ("办理投诉和评价", "handle complaints and ratings"),
    "complaints.reports": ("查看检举内容", "see reports of offences"),
    "complaints.informants": ("查看检举人", "see who reported an offence"),
    "channels.read": ("查看渠道监控", "see how the channels are doing"),
    "channels.switch": ("开关渠道", "switch channels on and off"),
    "partners.read": ("查看第三方应用", "see applications of partners"),
    "partners.review": ("审核和停用第三方应用", "review and suspend applications of partners"),
}
_TAX = frozenset(
    {
        "registry.read",
        "invoice.read",
        "filing.read",
        "filing.write",
        "filing.submit",
        "payment.read",
        "payment.pay",
        "certificates.read",
        "certificates.issue",
    }
)
_EVERYBODY = frozenset({"matters.use", "messaging.read", "appointments.book", "complaints.file", "knowledge.ask"})
"""What every hat of a taxpayer may do."""
_STUDY = frozenset({"insight.read", "insight.study"})
_COMPLAINTS = frozenset({"complaints.read", "complaints.handle", "complaints.reports"})
_CLERKS = frozenset({"tax_clerk", "invoice_clerk", "social_insurance_clerk", "agent"})


def _roles() -> dict[str, Role]:
    clerk = _TAX | _EVERYBODY | {"invoice.write"}
    listed = [
        Role("self", "self", "本人", "Myself", _TAX | _EVERYBODY),
        Role(
            "legal_rep",
            "enterprise",
            "法定代表人",
            "Legal representative",
            clerk | {"identity.authorise"},
            _CLERKS | {"finance_lead"},
        ),
        Role("finance_lead", "enterprise", "财务负责人", "Finance lead", clerk | {"identity.authorise"}, _CLERKS),
        Role("tax_clerk", "enterprise", "办税员", "Tax clerk", clerk),
        Role(
            "invoice_clerk",
            "enterprise",
            "开票员",
            "Invoice clerk",
            _EVERYBODY | {"registry.read", "invoice.read", "invoice.write"},
        ),
        Role(
            "social_insurance_clerk",
            "enterprise",
            "社保经办人",
            "Social insurance clerk",
            _EVERYBODY | {"registry.read"},
        ),
        Role("agent", "agent", "涉税专业服务人员", "Tax agent", clerk),
        Role(
            "hall_clerk",
            "officer",
            "办税厅工作人员",
            "Service hall clerk",
            frozenset({"cases.read", "payment.register_transfer", "appointments.serve"}),
        ),
        Role(
            "case_officer",
            "officer",
            "经办人员",
            "Case officer",
            _COMPLAINTS | {"cases.read", "cases.decide", "payment.register_transfer", "appointments.serve"},
        ),
        Role(
            "approver",
            "officer",
            "审批人员",
            "Approver",
            _COMPLAINTS | {"cases.read", "cases.decide", "cases.assign", "appointments.serve", "appointments.plan"},
        ),
        Role("risk_analyst", "officer", "风险分析人员", "Risk analyst", _STUDY | {"cases.read", "complaints.reports"}),
        Role(
            "decision_maker",
            "officer",
            "领导决策",
            "Decision maker",
            _STUDY
            | {"cases.read", "cases.decide", "cases.assign", "law.read", "channels.read", "partners.read"}
            | {"complaints.read", "complaints.handle", "complaints.informants"},
        ),
        Role("push_editor", "officer", "推送编辑", "Campaign editor", frozenset({"insight.push"})),
        Role(
            "push_approver",
            "officer",
            "推送审核人员",
            "Campaign approver",
            frozenset({"insight.push", "insight.push_approve"}),
        ),
        Role("law_drafter", "officer", "税法拟稿人员", "Law drafter", _STUDY | {"law.read", "law.draft"}),
        Role("law_approver", "officer", "税法审核人员", "Law approver", _STUDY | {"law.read", "law.approve"}),
        Role(
            "system_admin",
            "officer",
            "系统管理员",
            "System administrator",
            frozenset({"channels.read", "channels.switch", "messaging.rescue", "partners.read", "partners.review"}),
        ),
        Role("security_admin", "officer", "安全管理员", "Security administrator", frozenset()),
        Role("audit_admin", "officer", "审计管理员", "Audit administrator", frozenset({"audit.read"})),
    ]
    return {role.code: role for role in listed}


ROLES: Mapping[str, Role] = MappingProxyType(_roles())
"""Every role by code. Three administrators keep apart what one alone must not hold (三员分立)."""

SCOPES: Mapping[str, ScopeMeaning] = MappingProxyType(
    {
        code: ScopeMeaning(zh, en, tuple(role.code for role in ROLES.values() if code in role.scopes))
        for code, (zh, en) in _SCOPE_NAMES.items()
    }
)
"""Every scope by code, with the roles that hold it by default."""


def role_name(code: str) -> tuple[str, str]:
    """The role in Chinese and English; a code we do not know stands for itself.

    >>> role_name("tax_clerk")
    ('办税员', 'Tax clerk')
    """
    role = ROLES.get(code)
    return (role.name, role.name_en) if role else (code, code)


def beyond(role_code: str, scopes: frozenset[str], of_giver: frozenset[str]) -> frozenset[str]:
    """The scopes that may not be given with this role by a giver who holds `of_giver`.

    >>> sorted(beyond("invoice_clerk", frozenset({"invoice.read", "filing.submit"}), ROLES["legal_rep"].scopes))
    ['filing.submit']
    """
    return scopes - (ROLES[role_code].scopes & of_giver)
