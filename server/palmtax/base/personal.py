"""The mark of personal data: values of this type are never written to a log."""

from __future__ import annotations


class Personal(str):
    """A string about a person (name, phone, identity number); its repr hides it."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "Personal(…)"
