"""Faults on demand: what goes wrong, where, how often."""

from __future__ import annotations

import random
from dataclasses import asdict, dataclass, field

HTTP_KINDS = frozenset({"slow", "error", "too_many", "garbage", "drop_before", "drop_after"})
"""Faults that any server can have: they happen around the request, whatever it asks."""

CALLBACK_KINDS = frozenset(
    {"late", "missing", "double", "replayed", "reorder", "forged", "tampered", "stale", "oversized", "bomb"}
)
"""What can go wrong with news on its way to us."""

KINDS: dict[str, frozenset[str]] = {
    "wechat": HTTP_KINDS | {"errcode", "undelivered"},
    "wechat_oa_callback": CALLBACK_KINDS,
    "wechat_oa_linan_callback": CALLBACK_KINDS,
    "wechat_mini_callback": CALLBACK_KINDS,
    "wecom": HTTP_KINDS | {"errcode"},
    "wecom_callback": CALLBACK_KINDS,
    "gov": HTTP_KINDS | {"errcode"},
    "gov_wechat_callback": CALLBACK_KINDS,
    "dingtalk": HTTP_KINDS | {"errcode"},
    "dingtalk_callback": CALLBACK_KINDS,
    "dingtalk_robot_callback": CALLBACK_KINDS,
    "alipay": HTTP_KINDS | {"refuse", "unsigned"},
    "alipay_life_callback": CALLBACK_KINDS,
    "vendor_push": HTTP_KINDS | {"refuse"},
    "sms": HTTP_KINDS | {"refuse", "lost", "undelivered"},
    "sms_callback": CALLBACK_KINDS,
    "sms2": HTTP_KINDS | {"refuse", "lost", "undelivered"},
    "sms2_callback": CALLBACK_KINDS,
    "email": frozenset({"slow", "refuse", "drop_before", "drop_after"}),
    "web_push": HTTP_KINDS | {"refuse"},
    "real_name": HTTP_KINDS | {"refuse", "result"},
    "pay": HTTP_KINDS
    | {"forged_answer", "unsigned_answer", "probe_answer", "stale_answer", "bank_refuses", "refund_abnormal"},
    "pay_notice": frozenset({"late", "double", "missing", "forged", "probe", "tampered", "stale"}),
}
"""Every fault by the server that can have it."""


@dataclass
class Fault:
    """One planned fault: `count` times, each time with probability `chance`; `seconds` for slow and late ones."""

    server: str
    kind: str
    count: int = 1
    seconds: float = 0
    chance: float = 1
    code: str = ""


@dataclass
class Faults:
    """The faults still to come; they live in memory, so a restart clears them."""

    planned: list[Fault] = field(default_factory=list)
    dice: random.Random = field(default_factory=lambda: random.Random(2026))

    def plan(self, fault: Fault) -> None:
        """Plan a fault; ValueError names what is unknown."""
        if fault.server not in KINDS:
            raise ValueError(f"server must be one of {sorted(KINDS)}")
        if fault.kind not in KINDS[fault.server]:
            raise ValueError(f"kind of {fault.server} must be one of {sorted(KINDS[fault.server])}")
        if not (fault.count > 0 and 0 <= fault.seconds <= 600 and 0 < fault.chance <= 1):
            raise ValueError("count > 0, 0 <= seconds <= 600, 0 < chance <= 1")
        self.planned.append(fault)

    def take(self, server: str, *kinds: str) -> Fault | None:
        """Use up one fault of these kinds, if one is due."""
        for fault in self.planned:
            if fault.server == server and fault.kind in kinds and self.dice.random() < fault.chance:
                fault.count -= 1
                if fault.count <= 0:
                    self.planned.remove(fault)
                return fault
        return None

    def listed(self) -> list[dict[str, object]]:
        """What is still planned."""
        return [asdict(fault) for fault in self.planned]
