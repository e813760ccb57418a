"""The steps that several journeys take: sell, file, order, pay."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

from journeys.place import Device, Place, Shop

PERIOD = "2026Q3"


def a_key() -> str:
    """A fresh idempotency key."""
    return uuid4().hex


def sell(who: Device, amount_fen: int, on: date = date(2026, 8, 12)) -> Any:
    """Enter income without an invoice by hand, fen."""
    line = {"item": "*餐饮服务*餐费", "levy_rate": "0.01", "amount_fen": amount_fen}
    body = {"kind": "none", "issued_on": on.isoformat(), "lines": [line]}
    return who.ok("POST", "/invoice/invoices", body, key=a_key())


def begin(who: Device, period: str = PERIOD) -> Any:
    """The draft of a period."""
    return who.ok("POST", "/filing/drafts", {"tax_type_code": "vat_small_scale", "period": period})


def as_seen(draft: Any) -> dict[str, Any]:
    """What is submitted: the version and the amount that were seen."""
    return {
        "draft_id": draft["draft_id"], "version": draft["version"],
        "confirmed_due_now_fen": draft["result"]["due_now_fen"],
    }  # fmt: skip


def submit(who: Device, draft: Any) -> Any:
    """Submit what the draft shows."""
    return who.ok("POST", "/filing/returns", as_seen(draft), key=a_key())


def filed(place: Place, amount_fen: int = 40_000_000, **other: Any) -> tuple[Shop, Device, Any]:
    """A shop in the mini program that sold so much and has filed, fen."""
    shop = place.shop(**other)
    phone = place.by_wechat(shop.owner)
    sell(phone, amount_fen)
    return shop, phone, submit(phone, begin(phone))


def correct(who: Device, draft: Any, value_fen: int, reason: str = "漏报一笔") -> Any:
    """Correct the ordinary sales, fen."""
    correction = {"field": "ordinary_sales", "value_fen": value_fen, "reason": reason}
    body = {"version": draft["version"], "corrections": [correction]}
    return who.ok("PATCH", f"/filing/drafts/{draft['draft_id']}", body)


def order(who: Device, made: Any) -> Any:
    """The order for what a return leaves unpaid."""
    return who.ok("POST", "/payment/orders", {"return_id": made["return_id"]})


def cashier(who: Device, of: Any, trade: str = "jsapi") -> Any:
    """Open WeChat Pay."""
    return who.ok("POST", f"/payment/orders/{of['order_id']}/wechat", {"trade": trade})


def tap_pay(place: Place, parameters: Any) -> Any:
    """The payer confirms in WeChat, which checks our signature."""
    names = ("app_id", "time_stamp", "nonce_str", "package", "sign_type", "pay_sign")
    return place.sandboxes.post("/pay/sandbox/pay", json={name: parameters[name] for name in names})


def read_order(who: Device, of: Any) -> Any:
    """The order as it stands."""
    return who.ok("GET", f"/payment/orders/{of['order_id']}")


def wait_for(place: Place, who: Device, of: Any, state: str) -> Any:
    """Wait until the order has this state."""
    return place.until(lambda: (now := read_order(who, of))["state"] == state and now)


def paid(place: Place, who: Device, made: Any) -> Any:
    """Order, pay inside WeChat, wait for the notice."""
    ordered = order(who, made)
    assert tap_pay(place, cashier(who, ordered)).status_code == 200
    return wait_for(place, who, ordered, "paid")


def entries(place: Place, shop: Shop) -> list[tuple[str, int]]:
    """The ledger of a shop, oldest first: kind and sum of each entry, fen."""
    rows = place.fetch(
        "select e.kind, sum(l.amount_fen)::bigint as fen from payment_entry e"
        " join payment_line l on l.taxpayer_id = e.taxpayer_id and l.entry_id = e.entry_id"
        " where e.taxpayer_id = $1 group by e.entry_id, e.kind, e.booked_at order by e.booked_at, e.entry_id",
        shop.taxpayer_id,
    )
    return [(row["kind"], row["fen"]) for row in rows]


def owed(who: Device) -> int:
    """What the ledger says is still owed, fen."""
    return int(who.ok("GET", "/payment/ledger")["owed_fen"])
