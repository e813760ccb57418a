"""Fines (罚款): charged once for a decision, within what the law gives, to be paid like anything else that is open."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import NAMESPACE_OID, UUID, uuid5

from palmtax import evidence
from palmtax.base.money import show_yuan
from palmtax.base.period import Period
from palmtax.payment.actions.charges import charge_parts, standing
from palmtax.payment.errors import FineOutside
from palmtax.payment.model import FINE, ChargeItem, Standing
from palmtax.plumbing.database import Tx
from palmtax.plumbing.effects import Act
from palmtax.plumbing.together import together

DAYS_TO_PAY = 15
"""行政处罚法 第六十七条: fifteen days from the receipt of the decision."""


def fine_id(taxpayer_id: int, decision_no: str) -> UUID:
    """The obligation of a fine: one for a decision, however often it is asked for.

    >>> fine_id(5, " 云山税罚〔2026〕26号") == fine_id(5, "云山税罚〔2026〕26号"), fine_id(5, "1") == fine_id(6, "1")
    (True, False)
    """
    return uuid5(NAMESPACE_OID, f"fine:{taxpayer_id}:{''.join(decision_no.split())}")


async def charge_fine(
    tx: Tx, *, act: Act, amount_fen: int, decision_no: str, pay_by: date | None, least_fen: int, most_fen: int | None
) -> Standing:
    """Charge a fine, once for a decision. Two round trips. Errors: payment.fine_outside."""
    if amount_fen <= 0 or amount_fen < least_fen or (most_fen is not None and amount_fen > most_fen):
        raise FineOutside(least=show_yuan(max(least_fen, 1)), most=show_yuan(most_fen or amount_fen))
    number = fine_id(act.taxpayer_id, decision_no)
    known = (await standing(tx, act.taxpayer_id, [number], clock=act.clock))[number]
    if known.due_on is not None:
        return known
    today = act.clock.today()
    charges = charge_parts(
        taxpayer_id=act.taxpayer_id, return_id=number, return_no=decision_no,
        period=Period.containing(today, "month").code, due_on=pay_by or today + timedelta(days=DAYS_TO_PAY),
        items=[ChargeItem(FINE, amount_fen)], booked_at=act.clock.now(), entry_id=number, request_id=act.request_id,
    )  # fmt: skip
    written = evidence.part(
        actor=act.actor, clock=act.clock, act="payment.fine_charged", taxpayer_id=act.taxpayer_id, subject_id=number,
        payload={"decision_no": decision_no, "amount_fen": amount_fen, "application_id": act.application_id},
        summary={"return_no": decision_no, "amount_fen": amount_fen},
    )  # fmt: skip
    await together(tx, *charges, written)
    return (await standing(tx, act.taxpayer_id, [number], clock=act.clock))[number]
