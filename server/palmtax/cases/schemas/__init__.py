"""The officer's workbench on the wire."""

from palmtax.cases.schemas.taxpayers import TimelineEntry

__all__ = ["TimelineEntry"]
