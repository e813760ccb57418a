"""Every message can be said in both languages, and nothing of the template is left in it."""

from __future__ import annotations

import re

import pytest

from palmtax import messaging
from palmtax.messaging.model.messages import choices
from palmtax.messaging.model.templates import BadTemplate, _read

TEMPLATES = list(messaging.every_template().values())
each = pytest.mark.parametrize("template", TEMPLATES, ids=lambda one: one.slug)
NEEDED = {
    "application_submitted", "application_accepted", "supplement_asked", "application_approved", "application_refused",
    "application_lapsed", "supplement_reminder", "appointment_booked", "appointment_moved_up", "appointment_reminder",
    "complaint_accepted", "complaint_answered", "complaint_extended", "letter_answered", "rating_follow_up",
    "theme_step_failed",
}  # fmt: skip


def test_what_others_tell_has_its_template():
    assert {one.slug for one in TEMPLATES} >= NEEDED


@each
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_message_renders_without_a_left_over_place(template, language):
    words = template.render(template.samples(), language)
    whole = f"{words.title}\n{words.body}"
    assert not re.search(r"[{}]|None|\n{3}", whole), whole
    assert len(words.title) <= 80
    assert any("一" <= letter <= "鿿" for letter in whole) is (language == "zh")


@each
def test_a_message_reads_well_without_what_is_optional(template):
    needed = {one.name for one in template.variables.values() if not one.is_optional}
    values = {name: value for name, value in template.samples().items() if name.removesuffix("_en") in needed}
    for language in ("zh", "en"):
        words = template.render(values, language)
        assert not re.search(r"[{}]|\n{3}", words.body)
        assert words.body.strip() == words.body
        assert words.body


@each
def test_a_message_says_what_it_is_for_and_speaks_politely(template):
    assert template.topic in choices("topics")
    assert (template.purpose == "service") == choices("topics")[template.topic].is_always
    assert "你" not in template.zh.title + template.zh.body
    assert "系统异常" not in template.zh.body


@each
def test_a_missing_value_is_a_mistake_of_ours(template):
    for one in template.variables.values():
        if not one.is_optional:
            short = {name: value for name, value in template.samples().items() if name != one.name}
            with pytest.raises(BadTemplate):
                template.render(short, "zh")


def test_values_are_plain_text():
    template = messaging.find_template("application_refused")
    hostile = template.samples() | {"reason": "{document_no}\x00\x07 <b>" + "长" * 900, "reason_en": ""}
    words = template.render(hostile, "zh")
    assert "{document_no} <b>" in words.body
    assert "\x00" not in words.body
    assert words.body.count("长") < 500
    assert "长" in template.render(hostile, "en").body, "without an English text the given one is shown"


def test_a_wrong_kind_is_noticed():
    template = messaging.find_template("supplement_reminder")
    with pytest.raises(BadTemplate):
        template.render(template.samples() | {"until": "下周"}, "zh")
    with pytest.raises(BadTemplate):
        messaging.find_template("no_such_template")


@pytest.mark.parametrize(
    ("yaml", "zh"),
    [
        ("purpose: service\ntopic: progress\nvariables: {x: {type: text, sample: a}}", "# 标题\n\n没有用上"),
        ("purpose: service\ntopic: progress\nvariables: {}", "# 标题\n\n{x} 没有声明"),
        ("purpose: service\ntopic: progress\nvariables: {x: {type: color, sample: a}}", "# 标题\n\n{x}"),
        ("purpose: spam\ntopic: progress\nvariables: {x: {type: text, sample: a}}", "# 标题\n\n{x}"),
        ("purpose: service\nvariables: {x: {type: text, sample: a}}", "# 标题\n\n{x}"),
        ("purpose: service\ntopic: progress\nvariables: {x: {type: text, sample: a}}", "没有标题 {x}"),
    ],
)
def test_a_badly_written_template_is_refused(tmp_path, yaml, zh):
    for name, text in (("template.yaml", yaml), ("inbox.zh.md", zh), ("inbox.en.md", "# Title\n\n{x}")):
        (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(BadTemplate):
        _read(tmp_path)
