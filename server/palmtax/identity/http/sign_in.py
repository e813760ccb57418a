"""Signing in: by SMS code, by WeChat, by refresh token. The outside is called between transactions, never inside."""

from __future__ import annotations

import structlog

from palmtax.base.errors import PalmtaxError
from palmtax.identity import errors
from palmtax.identity.actions import codes, sessions
from palmtax.identity.adapters import SmsPort, WeChatPort
from palmtax.identity.http.shapes import after_commit, session_out
from palmtax.identity.model.tokens import CODE_LASTS, CodeSettings, Device, SignedIn
from palmtax.identity.schemas import (
    DeviceIn,
    RefreshIn,
    SessionOut,
    SmsCodeAsk,
    SmsCodeSent,
    SmsSignIn,
    WeChatSignIn,
)
from palmtax.plumbing.edge import Edge, Router, may_anyone
from palmtax.plumbing.outbound import OutsideRefused, OutsideUnavailable

router = Router(prefix="/api/identity", tags=["identity"])
log = structlog.get_logger()


def _device(told: DeviceIn) -> Device:
    return Device(told.name, told.channel)


@router.post("/sms-codes")
async def send_sms_code(ask: SmsCodeAsk, edge: Edge = may_anyone(rate="10/minute")) -> SmsCodeSent:
    """Send a one-time code; the answer is the same for known and unknown phones.

    Errors: identity.code_too_soon, identity.phone_missing, identity.phone_not_yours, identity.sms_unavailable (nothing is
    kept then).
    """
    actor = edge.actor if ask.purpose == "second_factor" else None
    limits = edge.settings.of(CodeSettings)
    async with edge.transaction() as tx:
        made = await codes.make_code(
            tx, actor=actor, clock=edge.clock, phone=ask.phone, purpose=ask.purpose, limits=limits
        )
    try:
        await _send(edge, made)
    except errors.SmsUnavailable:
        async with edge.transaction() as tx:
            await codes.take_back_code(tx, clock=edge.clock, made=made)
        raise
    return SmsCodeSent(
        expires_in_seconds=int(CODE_LASTS.total_seconds()),
        resend_in_seconds=limits.gap_seconds,
    )


async def _send(edge: Edge, made: codes.CodeMade) -> None:
    gateway: SmsPort | None = edge.outside.get("sms")
    if gateway is None:
        raise errors.SmsUnavailable()
    minutes = str(int(CODE_LASTS.total_seconds()) // 60)
    try:
        await gateway.send(made.phone, f"{made.purpose}_code", {"code": made.code, "minutes": minutes}, edge.request_id)
    except (OutsideRefused, OutsideUnavailable) as fault:
        log.warning("identity.sms_failed", told=fault.code, kind=type(fault).__name__)
        raise errors.SmsUnavailable() from None


@router.post("/sessions/sms")
async def sign_in_by_sms(
    told: SmsSignIn, edge: Edge = may_anyone(records="identity.signed_in", rate="20/minute")
) -> SessionOut:
    """Sign in by phone and code. Errors: identity.code_wrong, identity.code_locked, identity.code_stale."""
    async with edge.transaction() as tx:
        outcome = await sessions.sign_in_by_code(
            tx,
            clock=edge.clock,
            phone=told.phone,
            code=told.code,
            device=_device(told.device),
            request_id=edge.request_id,
        )
        answer = await session_out(tx, edge, outcome) if isinstance(outcome, SignedIn) else outcome
    return after_commit(answer)


@router.post("/sessions/wechat")
async def sign_in_by_wechat(
    told: WeChatSignIn, edge: Edge = may_anyone(records="identity.signed_in", rate="20/minute")
) -> SessionOut:
    """Sign in by WeChat; the first time with a phone number from WeChat's button.

    Errors: identity.phone_needed, identity.wechat_code_refused, identity.wechat_unavailable.
    """
    port: WeChatPort | None = edge.outside.get("wechat")
    if port is None:
        raise errors.WeChatUnavailable()
    try:
        who = await port.sign_in(told.login_code)
        phone = await _phone_of(port, told, who.openid)
    except (OutsideRefused, OutsideUnavailable) as fault:
        raise _wechat_refusal(fault) from None
    async with edge.transaction() as tx:
        signed = await sessions.sign_in_by_openid(
            tx,
            clock=edge.clock,
            app_id=port.app_id,
            openid=who.openid,
            union_id=who.unionid,
            phone=phone,
            device=_device(told.device),
            request_id=edge.request_id,
        )
        return await session_out(tx, edge, signed)


async def _phone_of(port: WeChatPort, told: WeChatSignIn, openid: str) -> str | None:
    if told.phone_code:
        return await port.phone_number(told.phone_code)
    sealed = told.encrypted_phone
    return await port.phone_in(openid, sealed.data, sealed.iv) if sealed else None


def _wechat_refusal(fault: OutsideRefused | OutsideUnavailable) -> PalmtaxError:
    log.info("identity.wechat_failed", told=fault.code, kind=type(fault).__name__)
    return errors.WeChatCodeRefused() if isinstance(fault, OutsideRefused) else errors.WeChatUnavailable()


@router.post("/sessions/refresh")
async def refresh_session(
    told: RefreshIn, edge: Edge = may_anyone(records="identity.refresh_reused", rate="60/minute")
) -> SessionOut:
    """New tokens for a refresh token, which is spent by it. Errors: identity.session_ended, identity.refresh_reused."""
    async with edge.transaction() as tx:
        outcome = await sessions.renew(
            tx, clock=edge.clock, refresh_token=told.refresh_token, request_id=edge.request_id
        )
        answer = await session_out(tx, edge, outcome) if isinstance(outcome, SignedIn) else outcome
    return after_commit(answer)
