"""Poison in every value of every body of the law desk: refused in words, never our fault, and the law stays as it is."""

from __future__ import annotations

from journeys.place import NoLimits
from journeys.poison import POISONS, places, poisoned
from knowledge.make_law_desk import BOTH, a_version, edited

from palmtax import rules

TABLE = {"city": "7%", "county": "5%", "other": "1%"}
SCALE = [{"up_to": "36000", "rate": "3%", "less": "0"}, {"rate": "45%", "less": "181920"}]


def key_of(kind: str) -> str:
    return next(
        one.key for code in rules.every_law() for one in rules.law(code).parameters.values() if one.kind == kind
    )


async def test_poison_in_every_value_is_refused_or_harmless(officer, house):
    who = await officer(BOTH)
    who.client.headers["authorization"] = f"Bearer {who.token}"
    house.limiter = NoLimits()  # the limits are tested elsewhere
    change = await who.ok("POST", "/knowledge/changes", a_version())
    path = f"/api/knowledge/changes/{change['change_id']}"
    version = rules.version("vat_small_scale")
    asked = [
        ("POST", "/api/knowledge/changes", a_version(confirm_retroactive=True)),
        ("POST", "/api/knowledge/changes", a_version(key=key_of("rates"), value=TABLE)),
        ("POST", "/api/knowledge/changes", a_version(key=key_of("scale"), value=SCALE)),
        ("PUT", path, edited()),
        ("POST", f"{path}/send", {"acts": 1}),
        ("POST", f"{path}/return", {"reason": "x", "acts": 1}),
        ("POST", f"{path}/withdraw", {"reason": "x", "acts": 9}),
    ]
    tried = 0
    for method, route, body in asked:
        for place in places(body):
            for name, text in POISONS.items():
                content = poisoned(body, place, text)
                answer = await who.client.request(
                    method, route, content=content, headers={"content-type": "application/json"}
                )
                told = f"{method} {route} {place} {name}: {answer.status_code} {answer.text[:300]}"
                assert answer.status_code < 500, told
                assert "code" in answer.json() or answer.status_code < 300, told
                tried += 1
    assert tried > 1000
    assert (rules.version("vat_small_scale"), rules.enacted()) == (version, {})
    for query in ("state=x", "limit=0", "limit=101", "cursor=%00"):
        assert (await who.client.get(f"/api/knowledge/changes?{query}")).status_code == 422
    for odd in ("%00", "..%2f..", "a.b.c", "é", "A.b", "x" * 300):
        assert (await who.client.get(f"/api/knowledge/parameters/{odd}")).status_code in (404, 422)
