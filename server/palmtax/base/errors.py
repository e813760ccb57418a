"""The one root of our errors: each has a code for programs and a sentence with a next step for people."""

from __future__ import annotations

from typing import Any, ClassVar


class PalmtaxError(Exception):
    """A refusal with a stable `code`, an HTTP `status`, and words in Chinese and English.

    Subclasses live in each domain's `errors.py` and set the class variables; `fields` names the
    keyword arguments that fill the `{…}` of the texts and travel to the client unchanged.
    """

    code: ClassVar[str]
    status: ClassVar[int] = 409
    text: ClassVar[str]
    text_en: ClassVar[str]
    hint: ClassVar[str]
    hint_en: ClassVar[str]
    fields: ClassVar[tuple[str, ...]] = ()

    def __init__(self, **values: Any) -> None:
        missing = set(self.fields) - values.keys()
        unknown = values.keys() - set(self.fields)
        if missing or unknown:
            raise TypeError(f"{type(self).__name__}: missing {sorted(missing)}, unknown {sorted(unknown)}")
        self.values = values
        super().__init__(f"{self.code} {values}" if values else self.code)

    def words(self, language: str = "zh") -> tuple[str, str]:
        """The sentence and the way on, in `zh` or `en`, with the values filled in."""
        text, hint = (self.text_en, self.hint_en) if language == "en" else (self.text, self.hint)
        return text.format(**self.values), hint.format(**self.values)


def every_error(root: type[PalmtaxError] = PalmtaxError) -> list[type[PalmtaxError]]:
    """All error classes that are loaded, by code; closing tests and the generated catalogue use it."""
    found: dict[str, type[PalmtaxError]] = {}
    waiting = [root]
    while waiting:
        for kind in waiting.pop().__subclasses__():
            waiting.append(kind)
            if "code" in kind.__dict__:
                found[kind.code] = kind
    return [found[code] for code in sorted(found)]
