"""Binding an e-mail address by a code. The outside is called between transactions, never inside."""

from __future__ import annotations

import structlog

from palmtax.identity import errors
from palmtax.identity.actions import addresses, mail_codes
from palmtax.identity.adapters import NO_MAILBOX, MailPort
from palmtax.identity.http.addresses import shape
from palmtax.identity.http.shapes import after_commit
from palmtax.identity.model.tokens import MAIL_CODE_LASTS, CodeSettings
from palmtax.identity.schemas import BindingOut, MailBindIn, MailCodeAsk, SmsCodeSent
from palmtax.plumbing.edge import Edge, Router, may_person
from palmtax.plumbing.outbound import OutsideRefused, OutsideUnavailable

router = Router(prefix="/api/identity", tags=["identity"])
log = structlog.get_logger()
WORDS = {
    "zh": (
        "掌税：绑定邮箱的验证码",
        "您的验证码是 {code}，{minutes} 分钟内有效，只用于在掌税绑定这个邮箱。\n\n如果不是您本人操作，不用理会，邮箱不会被绑定。",
    ),
    "en": (
        "PalmTax: code to bind your e-mail",
        (
            "Your code is {code}. It works for {minutes} minutes, only to bind this address in PalmTax.\n\nIf this was not"
            " you, do nothing: the address will not be bound."
        ),
    ),
}


@router.post("/mail-codes")
async def send_mail_code(ask: MailCodeAsk, edge: Edge = may_person(rate="30/hour")) -> SmsCodeSent:
    """Send a code to an address that I want to bind; the answer is the same whoever has it now.

    Errors: identity.code_too_soon, identity.mail_refused (counted as a letter: nobody probes mailboxes through us),
    identity.mail_unavailable (nothing is kept then).
    """
    limits = edge.settings.of(CodeSettings)
    async with edge.transaction() as tx:
        made = await mail_codes.make_mail_code(
            tx, actor=edge.actor, clock=edge.clock, address=ask.address, limits=limits
        )
    try:
        await _send(edge, made)
    except errors.MailUnavailable:
        async with edge.transaction() as tx:
            await mail_codes.take_back_mail_code(tx, actor=edge.actor, clock=edge.clock, made=made)
        raise
    return SmsCodeSent(expires_in_seconds=int(MAIL_CODE_LASTS.total_seconds()), resend_in_seconds=limits.gap_seconds)


async def _send(edge: Edge, made: mail_codes.MailCode) -> None:
    port: MailPort | None = edge.outside.get("mail")
    if port is None:
        raise errors.MailUnavailable()
    title, body = WORDS["en" if edge.language == "en" else "zh"]
    minutes = str(int(MAIL_CODE_LASTS.total_seconds()) // 60)
    try:
        await port.send(made.address, title, body.format(code=made.code, minutes=minutes), made.code_id.hex)
    except (OutsideRefused, OutsideUnavailable) as fault:
        if fault.code == NO_MAILBOX:
            raise errors.MailRefused() from None
        log.warning("identity.mail_failed", told=fault.code, kind=type(fault).__name__)
        raise errors.MailUnavailable() from None


@router.post("/mail-addresses")
async def bind_mail_address(
    told: MailBindIn, edge: Edge = may_person(records="identity.address_bound", rate="30/hour")
) -> list[BindingOut]:
    """Bind the address that the code came to; all my bindings.

    Errors: identity.code_wrong, identity.code_locked, identity.code_stale, identity.address_taken.
    """
    async with edge.transaction() as tx:
        refusal = await mail_codes.bind_mail(
            tx, actor=edge.actor, clock=edge.clock, address=told.address, code=told.code
        )
        found = await addresses.addresses(tx, [edge.actor.person_id])
    return after_commit(refusal or [shape(one) for one in found])
