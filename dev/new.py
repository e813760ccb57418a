"""`make new kind=… name=…`: writes a skeleton that passes the closing tests except for the blanks marked TODO."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import house
import law_skeletons
from skeletons import Refused, add, put, two

LATER = {
    "message": "messaging/templates/<slug>/ · docs/how-to/message.md",
    "channel": "channels/adapters/<name>/ · docs/how-to/add-a-channel.md",
}


def _class_name(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))


def _domain(name: str) -> Path:
    folder = house.PACKAGE / name
    if not (folder / "__init__.py").exists():
        raise Refused(f"没有这个领域：{name}（有 {'、'.join(house.domains())}） · no such domain")
    return folder


def error(name: str) -> None:
    """A refusal: `filing.period_closed`."""
    domain, problem = two(name, ".", "domain.problem")
    folder = _domain(domain)
    head = (
        f'"""The refusals of {domain}."""\n\nfrom __future__ import annotations\n\n'
        "from palmtax.base.errors import PalmtaxError\n"
    )
    add(
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
    domain, news = two(name, ".", "domain.noun_past")
    head = (
        f'"""News of {domain}."""\n\nfrom __future__ import annotations\n\nfrom dataclasses import dataclass\n'
        "from typing import ClassVar\n"
    )
    add(
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
    domain, noun = two(name, ".", "domain.noun")
    head = (
        f'"""Tables of {domain}."""\n\nfrom __future__ import annotations\n\nimport sqlalchemy as sa\n\n'
        "from palmtax.plumbing.schema import column, metadata\n"
    )
    add(
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
    put(
        house.PACKAGE / name / "__init__.py",
        f'"""TODO what {name} is for, the words it owns.\n\n'
        'Not TODO: what one might look for here and finds elsewhere.\n"""\n\n__all__: list[str] = []\n',
    )
    (house.SERVER / "tests" / name).mkdir(exist_ok=True)
    print("还要：一页决定；.importlinter 一层；docs/floors.md、docs/where.md · next: a decision, a floor, two pages")


def matter(name: str) -> None:
    """A matter (事项): `xxbg.delivery_address`, the group and a short English name."""
    group, slug = two(name, ".", "group.slug")
    folder = house.PACKAGE / "matters" / "catalogue" / group
    if not folder.is_dir():
        raise Refused(
            f"没有分组 {group}（有 {'、'.join(sorted(p.name for p in folder.parent.iterdir()))}） · no such group"
        )
    used = {line.split()[1] for path in folder.glob("*.yaml") for line in path.read_text("utf-8").splitlines()[:1]}
    number = next(n for n in range(901, 1000) if f"{group.upper()}-{n}" not in used)
    put(folder / f"{slug}.yaml", MATTER.format(code=f"{group.upper()}-{number}", slug=slug))
    print("还要：写问题、材料和样例；palmtax matters check · next: questions, papers, examples; palmtax matters check")


MATTER = """code: {code}
title: TODO 事项名称
title_en: TODO name of the matter
say: TODO 一句日常的话
say_en: TODO one everyday sentence
words: [TODO, {slug}, TODO 口语]
who: [individual_business, small_scale, general]
roles: [legal_rep, finance_lead, tax_clerk, agent]
mobile: suited
level: plain
law:
  - {{cite: TODO, confidence: uncertain}}
promise: {{instant: true}}
screens: page
asks:
  - code: reason
    label: TODO 问什么
    label_en: TODO what is asked
    type: text
decide: instant
on_yes:
  - {{do: registry.keep_record, with: {{kind: {{is: registration_change}}}}}}
examples:
  - name: TODO
    answers: {{reason: TODO}}
"""


KINDS: dict[str, Callable[[str], None]] = {
    "rule": law_skeletons.rule,
    "parameter": law_skeletons.parameter,
    "relief": law_skeletons.relief,
    "tax": law_skeletons.tax,
    "matter": matter,
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
