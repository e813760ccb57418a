"""Reading the folders of templates: `template.yaml` and one text for each medium and language.

`inbox.<language>.md` holds a first line `# title`, then the body; `sms.<language>.txt` one sentence a line;
`wechat.yaml` the fields of the approved WeChat template by language; `elder.` and `email.<language>.md` only where the
words differ. What does not fit is told by the first fault.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any, get_args

import yaml

from palmtax.messaging.model.media import kind_of_field
from palmtax.messaging.model.sending import Quiet, quiet_of, sending
from palmtax.messaging.model.templates import (
    KINDS,
    LANGUAGES,
    Audience,
    BadTemplate,
    Language,
    Purpose,
    Reach,
    Template,
    Variable,
    Words,
    places,
)

FOLDER = Path(__file__).parents[1] / "templates"
_HEAD = {
    "purpose", "topic", "audience", "reach", "quiet", "repeat_hours", "expires_hours", "keep_days", "variables"
}  # fmt: skip
_CHOICES: Mapping[str, tuple[str, ...]] = {
    "purpose": get_args(Purpose), "audience": get_args(Audience), "reach": get_args(Reach)
}  # fmt: skip
_FILES = {"template.yaml", "wechat.yaml"} | {
    f"{medium}.{language}.{end}"
    for medium, end in (("inbox", "md"), ("elder", "md"), ("email", "md"), ("sms", "txt"))
    for language in LANGUAGES
}


def _words(path: Path) -> Words:
    first, _, rest = path.read_text(encoding="utf-8").partition("\n")
    if not first.startswith("# ") or not rest.strip():
        raise BadTemplate(f"{path.parent.name}/{path.name}: a first line “# title”, then the body")
    return Words(first.removeprefix("# ").strip(), rest.strip())


def _variable(slug: str, name: str, raw: Any) -> Variable:
    if not isinstance(raw, dict) or raw.get("type") not in KINDS or "sample" not in raw:
        raise BadTemplate(f"{slug}: {name} needs a type of {KINDS} and a sample")
    sample = raw["sample"]
    is_optional, is_personal = bool(raw.get("optional")), bool(raw.get("personal"))
    return Variable(name, raw["type"], sample, raw.get("sample_en") or sample, is_optional, is_personal)


def _by_language(folder: Path, medium: str) -> dict[Language, Words]:
    found = {language: folder / f"{medium}.{language}.md" for language in LANGUAGES}
    return {language: _words(path) for language, path in found.items() if path.exists()}


def _sms(folder: Path) -> dict[Language, str]:
    found = {language: folder / f"sms.{language}.txt" for language in LANGUAGES}
    return {language: path.read_text(encoding="utf-8").strip() for language, path in found.items() if path.exists()}


def _wechat(folder: Path) -> dict[Language, dict[str, str]]:
    path = folder / "wechat.yaml"
    raw = yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else {}
    return {language: {name: str(text) for name, text in fields.items()} for language, fields in raw.items()}


def _quiet(raw: Any) -> Quiet | None:
    if raw == "usual":
        return sending().quiet
    return None if raw == "none" else quiet_of(raw)


def read_template(folder: Path) -> Template:
    """The template of a folder; `BadTemplate` says what is wrong with it."""
    raw = yaml.safe_load((folder / "template.yaml").read_text(encoding="utf-8"))
    slug = folder.name
    if set(raw) != _HEAD:
        raise BadTemplate(f"{slug}/template.yaml: keys {sorted(_HEAD)}")
    for key, known in _CHOICES.items():
        if raw[key] not in known:
            raise BadTemplate(f"{slug}/template.yaml: {key} is one of {known}")
    strange = {path.name for path in folder.iterdir()} - _FILES
    if strange:
        raise BadTemplate(f"{slug}: nobody reads {sorted(strange)}")
    inbox = _by_language(folder, "inbox")
    if set(inbox) != set(LANGUAGES):
        raise BadTemplate(f"{slug}: inbox.zh.md and inbox.en.md")
    made = Template(
        slug=slug,
        purpose=raw["purpose"],
        topic=str(raw["topic"]),
        audience=raw["audience"],
        reach=raw["reach"],
        quiet=_quiet(raw["quiet"]),
        repeat=timedelta(hours=int(raw["repeat_hours"])),
        expires=timedelta(hours=int(raw["expires_hours"])),
        keep=timedelta(days=int(raw["keep_days"])),
        variables={name: _variable(slug, name, one) for name, one in raw["variables"].items()},
        zh=inbox["zh"],
        en=inbox["en"],
        sms=_sms(folder),
        wechat=_wechat(folder),
        elder=_by_language(folder, "elder"),
        email=_by_language(folder, "email"),
    )
    for fault in _faults(made):
        raise BadTemplate(f"{slug}: {fault}")
    return made


def _faults(made: Template) -> Iterable[str]:
    known = set(made.variables)
    for language, words in (("zh", made.zh), ("en", made.en)):
        if set(places(words.title + words.body)) != known:
            yield f"inbox.{language}: places {sorted(set(places(words.title + words.body)))}, variables {sorted(known)}"
    said = [words.title + words.body for words in (*made.elder.values(), *made.email.values())]
    outside = [*made.sms.values(), *(text for fields in made.wechat.values() for text in fields.values())]
    strange = {name for text in (*said, *outside) for name in places(text)} - known
    if strange:
        yield f"no variable is called {sorted(strange)}"
        return
    seen = {name for text in (*outside, made.zh.title, made.en.title) for name in places(text)}
    private = [name for name in seen if made.variables[name].is_personal]
    if private:
        yield f"{sorted(private)} is personal: not in a title, a text message or a WeChat field"
    media = (made.sms,) if made.audience == "officer" else (made.sms, made.wechat)
    if made.reach != "inbox" and any(set(medium) != set(LANGUAGES) for medium in media):
        yield "what goes outside has sms.zh.txt, sms.en.txt and wechat.yaml with zh and en (officers: no wechat.yaml)"
    yield from _wechat_faults(made)


def _wechat_faults(made: Template) -> Iterable[str]:
    for language, fields in made.wechat.items():
        for name, text in fields.items():
            if not kind_of_field(name):
                yield f"wechat.yaml: {language}.{name} is no type of WeChat's"
            if any(made.variables[place].is_optional for place in places(text)):
                yield f"wechat.yaml: {language}.{name} may stay empty, which WeChat refuses (47003)"
    if made.wechat and len({frozenset(fields) for fields in made.wechat.values()}) != 1:
        yield "wechat.yaml: the same fields in both languages"


@cache
def every_template() -> Mapping[str, Template]:
    """Every template by its slug; `BadTemplate` names the first that is badly written."""
    return {folder.name: read_template(folder) for folder in sorted(FOLDER.iterdir()) if folder.is_dir()}


def find_template(slug: str) -> Template:
    """The template; `BadTemplate` when there is none."""
    found = every_template().get(slug)
    if found is None:
        raise BadTemplate(f"no message template {slug!r}")
    return found
