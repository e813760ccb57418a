"""`make new kind=… name=…`: writes a skeleton that passes the closing tests except for the blanks marked TODO."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import house

LAW = house.PACKAGE / "rules" / "law"
LATER = {
    "message": "messaging/templates/<slug>/ · docs/how-to/message.md",
    "channel": "channels/adapters/<name>/ · docs/how-to/channel.md",
    "matter": "matters/catalogue/<area>/<slug>.yaml · docs/how-to/matter.md",
}


class Refused(Exception):
    """The skeleton cannot be written; why, in both languages."""


def _words(name: str) -> str:
    return name.replace("_", " ")


def _class_name(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))


def _two(name: str, separator: str, form: str) -> tuple[str, str]:
    first, found, second = name.partition(separator)
    plain = first.replace("_", "").isalnum() and second.replace("_", "").isalnum()
    if not found or not plain or name != name.lower():
        raise Refused(f"名称应为 {form} · the name has the form {form}")
    return first, second


def _domain(name: str) -> Path:
    folder = house.PACKAGE / name
    if not (folder / "__init__.py").exists():
        raise Refused(f"没有这个领域：{name}（有 {'、'.join(house.domains())}） · no such domain")
    return folder


def _put(path: Path, text: str) -> None:
    if path.exists():
        raise Refused(f"已经有了：{path.relative_to(house.ROOT)} · it is there already")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    print(f"写好 · written {path.relative_to(house.ROOT)}")


def _add(path: Path, head: str, text: str, mark: str) -> None:
    """Append to a file, or begin it."""
    before = path.read_text(encoding="utf-8") if path.exists() else head
    if mark in before:
        raise Refused(f"已经有了：{mark} · it is there already")
    path.write_text(before.rstrip("\n") + "\n\n\n" + text, encoding="utf-8")
    print(f"加到 · added to {path.relative_to(house.ROOT)}")


def parameter(name: str) -> None:
    """A number of the law: `late_fee/daily_rate`."""
    tax, number = _two(name, "/", "tax/number")
    if not (LAW / tax).is_dir():
        raise Refused(f"没有这个税费：{tax}；先 make new kind=tax name={tax} · no such tax yet")
    today = datetime.now(tz=UTC).date()
    _put(
        LAW / tax / "parameters" / f"{number}.yaml",
        f"""title: TODO 名称
title_en: {_words(number)}
kind: TODO rate | amount | yes_no | comparison
unit: TODO 单位
values:
  - from: TODO 生效日
    value: TODO
    law: TODO 法规 第X条
    published: TODO 公布日
    source: TODO 在哪里读到
    confidence: TODO law | secondary | own | uncertain
checked: {{on: {today}, by: TODO}}
""",
    )
    print(f"接着写算例 · next, a worked case: {(LAW / tax / 'examples').relative_to(house.ROOT)}/")


def tax(name: str) -> None:
    """A tax: one folder."""
    if not name.isidentifier() or name != name.lower():
        raise Refused("名称应为小写标识符 · the name is a lower-case identifier")
    folder = LAW / name
    _put(folder / "__init__.py", f'"""TODO one sentence: {_words(name)}, who owes it, on what."""\n')
    _put(
        folder / "facts.yaml",
        f"""title: TODO 税种名称
title_en: {_words(name).capitalize()}
asks:
  base:
    label: TODO 日常说法
    label_en: TODO everyday words
    term: TODO 申报表用语
    term_en: TODO term of the form
    group: tax
    unit: fen
    lo: 0
exports: [payable]
""",
    )
    _put(
        folder / "formulas.py",
        f'''"""TODO one sentence: how {_words(name)} is computed, fen."""

from __future__ import annotations

from palmtax.rules.language import Amount, LawRate, law


@law("TODO 法规 第X条", label="应纳税额", label_en="Payable")
def payable(base: Amount, rate: LawRate) -> Amount:
    """The base times the rate, rounded half up to the fen."""
    return rate.of(base)
''',
    )
    (folder / "examples").mkdir(exist_ok=True)
    parameter(f"{name}/rate")


def error(name: str) -> None:
    """A refusal: `filing.period_closed`."""
    domain, problem = _two(name, ".", "domain.problem")
    folder = _domain(domain)
    head = (
        f'"""The refusals of {domain}."""\n\nfrom __future__ import annotations\n\n'
        "from palmtax.base.errors import PalmtaxError\n"
    )
    _add(
        folder / "errors.py",
        head,
        f'''class {_class_name(problem)}(PalmtaxError):
    """TODO what happened, one line."""

    code, status = "{name}", 409
    text = "TODO 发生了什么"
    text_en = "TODO what happened"
    hint = "TODO 接下来怎么办"
    hint_en = "TODO what to do"
''',
        f'"{name}"',
    )
    print("还要：在检查处 raise 它；make api · next: raise it where the check is; make api")


def event(name: str) -> None:
    """News: `filing.reminder_added`."""
    domain, news = _two(name, ".", "domain.noun_past")
    head = (
        f'"""News of {domain}."""\n\nfrom __future__ import annotations\n\nfrom dataclasses import dataclass\n'
        "from typing import ClassVar\n"
    )
    _add(
        _domain(domain) / "events.py",
        head,
        f'''@dataclass(frozen=True, slots=True)
class {_class_name(news)}:
    """TODO what happened, in the past tense."""

    name: ClassVar[str] = "{name}"
    taxpayer_id: int
''',
        f'"{name}"',
    )


def table(name: str) -> None:
    """A table of business: `filing.reminder`."""
    domain, noun = _two(name, ".", "domain.noun")
    head = (
        f'"""Tables of {domain}."""\n\nfrom __future__ import annotations\n\nimport sqlalchemy as sa\n\n'
        "from palmtax.plumbing.schema import column, metadata\n"
    )
    _add(
        _domain(domain) / "tables.py",
        head,
        f"""{noun} = sa.Table(
    "{domain}_{noun}",
    metadata,
    column("taxpayer_id", sa.BigInteger, privacy="L2"),
    column("{noun}_id", sa.Uuid, privacy="L2"),
    column("created_at", sa.DateTime(timezone=True), privacy="L1"),
    sa.PrimaryKeyConstraint("taxpayer_id", "{noun}_id"),
    info={{"distribute_by": "taxpayer_id"}},
)
""",
        f'"{domain}_{noun}"',
    )
    print('接着：make migration why="…" · next')


def domain(name: str) -> None:
    """A new noun of the business; its floor and its decision are yours to write."""
    if not name.isidentifier() or name != name.lower():
        raise Refused("名称应为小写标识符 · the name is a lower-case identifier")
    _put(
        house.PACKAGE / name / "__init__.py",
        f'"""TODO what {name} is for, the words it owns.\n\n'
        'Not TODO: what one might look for here and finds elsewhere.\n"""\n\n__all__: list[str] = []\n',
    )
    (house.SERVER / "tests" / name).mkdir(exist_ok=True)
    print("还要：一页决定；.importlinter 一层；docs/floors.md、docs/where.md · next: a decision, a floor, two pages")


KINDS: dict[str, Callable[[str], None]] = {
    "rule": parameter,
    "parameter": parameter,
    "tax": tax,
    "error": error,
    "event": event,
    "table": table,
    "domain": domain,
}


def main(arguments: list[str]) -> int:
    """Write one skeleton; exit code 2 when it is refused."""
    kind, name = (*arguments, "", "")[:2]
    if kind in LATER:
        print(f"这一类随它的议题而来 · comes with its issue: {LATER[kind]}")
        return 2
    if kind not in KINDS or not name:
        print(f"make new kind=({' | '.join(KINDS)}) name=…")
        for known, make in KINDS.items():
            print(f"  {known:<10} {(make.__doc__ or '').strip()}")
        return 2
    try:
        KINDS[kind](name)
    except Refused as why:
        print(f"✗ {why}")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
