"""Attempts for the table of bad input around city features: handing in, checking, reviewing, opening."""

from __future__ import annotations

import itertools
from typing import Any

from journeys.partners import MANIFEST, Partner, registered
from journeys.stage import Stage, Try, again, said

DESK = "/partners/desk/features"
_codes = itertools.count(1)


def _new(s: Stage) -> tuple[Partner, str]:
    """A feature that waits for review."""
    one = registered(s.place)
    return one, one.feature(f"misused-{next(_codes)}")


def _own(rest: str) -> Try:
    def attempt(s: Stage) -> str:
        one, number = _new(s)
        one("POST", f"/features/{number}/{rest}")
        return said(one("POST", f"/features/{number}/{rest}"))

    return attempt


def _of_desk(rest: str, body: Any = None) -> Try:
    def attempt(s: Stage) -> str:
        _, number = _new(s)
        s.devices["officer"]("POST", f"{DESK}/{number}/{rest}", body)
        return said(s.devices["officer"]("POST", f"{DESK}/{number}/{rest}", body))

    return attempt


def _of_person(rest: str) -> Try:
    def attempt(s: Stage) -> str:
        _, number = _new(s)
        s.devices["owner"]("POST", f"/partners/features/{number}/{rest}")
        return said(s.devices["owner"]("POST", f"/partners/features/{number}/{rest}"))

    return attempt


def _handed_in_at_the_desk(s: Stage) -> str:
    return again(
        s.devices["officer"], "POST", DESK, {"manifest": MANIFEST.replace("refund-points", f"misused-{next(_codes)}")}
    )


def _handed_in_twice(s: Stage) -> str:
    one, given = registered(s.place), {"manifest": MANIFEST.replace("refund-points", f"misused-{next(_codes)}")}
    one("POST", "/features", given)
    return said(one("POST", "/features", given))


FEATURES_TWICE: dict[str, Try] = {
    "POST /api/partners/features/{feature_id}/opening": _of_person("opening"),
    "POST /api/partners/features/{feature_id}/consent": _of_person("consent"),
    "POST /api/partners/developer/features": _handed_in_twice,
    "POST /api/partners/developer/features/{feature_id}/check": _own("check"),
    "POST /api/partners/developer/features/{feature_id}/review": _own("review"),
    "POST /api/partners/desk/features": _handed_in_at_the_desk,
    "POST /api/partners/desk/features/{feature_id}/check": _of_desk("check"),
    "POST /api/partners/desk/features/{feature_id}/review": _of_desk("review"),
    "POST /api/partners/desk/features/{feature_id}/approval": _of_desk("approval"),
    "POST /api/partners/desk/features/{feature_id}/return": _of_desk("return", {"reason": "请写清楚用途"}),
    "POST /api/partners/desk/features/{feature_id}/suspension": _of_desk("suspension", {"reason": "页面出错了"}),
    "POST /api/partners/desk/features/{feature_id}/rollback": _of_desk("rollback", {"reason": "新版有错"}),
}  # fmt: skip


def _opened_before_it_is_listed(s: Stage) -> str:
    _, number = _new(s)
    return said(s.devices["owner"]("POST", f"/partners/features/{number}/opening"))


FEATURES_OUT_OF_ORDER: dict[str, tuple[str, Try]] = {
    "POST /api/partners/features/{feature_id}/opening": ("before it is listed", _opened_before_it_is_listed),
}
