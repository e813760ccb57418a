"""Structured logs: event names, fields, identifiers only. Personal data has a marked type that the logger refuses."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from palmtax.base.personal import Personal

_LOOKS_PERSONAL = re.compile(r"(?<!\d)(1[3-9]\d{9}|\d{17}[\dXx])(?!\d)")


def refuse_personal(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Take personal values out: marked ones by type, phone and identity numbers by shape (a second net)."""
    for key, value in list(event.items()):
        if isinstance(value, Personal):
            event[key] = "[personal]"
        elif isinstance(value, str) and _LOOKS_PERSONAL.search(value):
            event[key] = _LOOKS_PERSONAL.sub("[number]", value)
    return event


def set_up(*, level: str = "INFO", readable: bool = False) -> None:
    """Log to standard error: one JSON object a line, or coloured lines for people."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            refuse_personal,
            structlog.dev.ConsoleRenderer() if readable else structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level)),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, force=True)


log = structlog.get_logger()
