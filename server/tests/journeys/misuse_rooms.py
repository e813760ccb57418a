"""Attempts for the table of bad input around 候办大厅: a decision twice, and one's own request agreed to."""

from __future__ import annotations

from journeys.stage import Stage, Try, again, said

PATH = "/channels/rooms"
SWITCH = "POST /api/channels/rooms/{code}/switch"


def _open_twice(s: Stage) -> str:
    opened = {"mode": "open", "reason": "演练结束"}
    return again(s.devices["officer"], "POST", f"{PATH}/leisure/switch", opened, opened | {"mode": "auto"})


def _agree_to_ones_own(s: Stage) -> str:
    desk, slow = s.devices["officer"], {"mode": "own_rate", "people_a_minute": 6000, "reason": "银行接口变慢"}
    desk.ok("POST", f"{PATH}/filing/switch", slow)
    return said(desk("POST", f"{PATH}/filing/switch", slow))


ROOMS_TWICE: dict[str, Try] = {SWITCH: _open_twice}
ROOMS_OUT_OF_ORDER: dict[str, tuple[str, Try]] = {
    SWITCH: ("slowed by the officer who asked for it", _agree_to_ones_own)
}
