"""Every message can be said in both languages, and nothing of the template is left in it."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from palmtax import messaging
from palmtax.messaging.model.media import fits_field, segments
from palmtax.messaging.model.messages import choices
from palmtax.messaging.model.officers import office_choices
from palmtax.messaging.model.reading import read_template
from palmtax.messaging.model.templates import BadTemplate, places

TEMPLATES = list(messaging.every_template().values())
SAMPLES = Path(__file__).parent / "samples"
each = pytest.mark.parametrize("template", TEMPLATES, ids=lambda one: one.slug)
NEEDED = {
    "application_submitted", "application_accepted", "supplement_asked", "application_approved", "application_refused",
    "application_lapsed", "supplement_reminder", "appointment_booked", "appointment_moved_up", "appointment_reminder",
    "complaint_accepted", "complaint_answered", "complaint_extended", "letter_answered", "rating_follow_up",
    "theme_done", "theme_step_failed", "theme_stopped", "theme_went_on",
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
    topics = office_choices("topics") if template.audience == "officer" else choices("topics")
    assert template.topic in topics
    assert template.audience == "officer" or (template.purpose == "service") == topics[template.topic].is_always
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


@each
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_text_message_is_short_and_names_no_person(template, language):
    text = template.render_sms(template.samples(), language)
    assert not re.search(r"[{}\n]|None", text), text
    assert segments(text) <= (2 if language == "zh" else 3), (segments(text), text)
    assert "你" not in text
    named = {name for name in places(template.sms[language]) if template.variables[name].is_personal}
    assert named == set()


@each
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_fields_of_wechat_take_their_words_uncut(template, language):
    if template.audience == "officer":
        assert template.wechat == {}, "officers have cards"
        return
    said = template.wechat[language]
    shown = template.render_wechat(template.samples(), language)
    assert list(shown) == list(said)
    assert 2 <= len(shown) <= 5
    assert {name: text for name, text in shown.items() if not fits_field(name, text)} == {}
    ours = shown if language == "zh" else {name: text for name, text in shown.items() if not places(said[name])}
    assert {name: text for name, text in ours.items() if "…" in text} == {}, "English names are long and may be cut"


@each
def test_a_long_value_still_fits_its_wechat_field(template):
    long = {name: "长" * 60 if one.kind == "text" else one.sample for name, one in template.variables.items()}
    for name, text in template.render_wechat(long, "zh").items():
        assert len(text) <= 20 or not name.startswith("thing"), (name, text)


@each
def test_a_message_says_how_far_it_may_go(template):
    assert template.repeat.days <= 7
    assert template.keep.days >= 365
    assert template.expires.total_seconds() >= 12 * 3600


@each
def test_the_samples_are_as_they_were_seen(template):
    """`PALMTAX_TEST_WRITE_SAMPLES=1` writes them anew: look at the difference before it is kept."""
    path, shown = SAMPLES / f"{template.slug}.txt", sample_of(template)
    if os.environ.get("PALMTAX_TEST_WRITE_SAMPLES"):
        path.write_text(shown, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == shown


def test_no_sample_is_left_of_a_template_that_is_gone():
    assert {path.stem for path in SAMPLES.glob("*.txt")} == {one.slug for one in TEMPLATES}


def sample_of(template):
    """Everything a person may see of a template, with its samples."""
    values, parts = template.samples(), []
    for language in ("zh", "en"):
        words, text = template.render(values, language), template.render_sms(values, language)
        parts.append(f"== inbox {language}\n{words.title}\n\n{words.body}")
        if language in template.elder:
            plain = template.render(values, language, is_elder=True)
            parts.append(f"== elder {language}\n{plain.title}\n\n{plain.body}")
        parts.append(f"== sms {language}: {segments(text)} segment(s)\n{text}")
        fields = template.render_wechat(values, language)
        parts.append(f"== wechat {language}\n" + "\n".join(f"{name}: {shown}" for name, shown in fields.items()))
    return "\n\n".join(parts) + "\n"


HEAD = (
    "purpose: service\ntopic: progress\naudience: everybody\nreach: wish\nquiet: usual\nrepeat_hours: 0\n"
    "expires_hours: 24\nkeep_days: 365\n"
)
GOOD = {
    "template.yaml": HEAD + "variables: {x: {type: text, sample: a}}", "inbox.zh.md": "# 标题\n\n{x}",
    "inbox.en.md": "# Title\n\n{x}", "sms.zh.txt": "短信{x}", "sms.en.txt": "Text {x}",
    "wechat.yaml": 'zh: {thing1: "{x}"}\nen: {thing1: "{x}"}',
}  # fmt: skip


def test_a_well_written_template_is_read(tmp_path):
    for name, good in GOOD.items():
        (tmp_path / name).write_text(good, encoding="utf-8")
    assert read_template(tmp_path).sms == {"zh": "短信{x}", "en": "Text {x}"}


@pytest.mark.parametrize(("file", "text", "why"), [
    ("inbox.zh.md", "# 标题\n\n没有用上", "places"),
    ("template.yaml", HEAD + "variables: {}", "places"),
    ("template.yaml", HEAD + "variables: {x: {type: color, sample: a}}", "type"),
    ("template.yaml", HEAD + "variables: {x: {type: text}}", "sample"),
    ("template.yaml", HEAD.replace("service", "spam") + "variables: {x: {type: text, sample: a}}", "purpose"),
    ("template.yaml", HEAD.replace("wish", "shout") + "variables: {x: {type: text, sample: a}}", "reach"),
    ("template.yaml", HEAD.replace("topic: progress\n", "") + "variables: {x: {type: text, sample: a}}", "keys"),
    ("template.yaml", HEAD + "variables: {x: {type: text, sample: a, personal: true}}", "personal"),
    ("template.yaml", HEAD + "variables: {x: {type: text, sample: a, optional: true}}", "47003"),
    ("inbox.zh.md", "没有标题 {x}", "title"),
    ("inbox.en.md", "", "inbox.zh.md and inbox.en.md"),
    ("sms.zh.txt", "短信{y}", "no variable"),
    ("sms.en.txt", "", "sms.zh.txt"),
    ("elder.zh.md", "# {z}\n\n{x}", "no variable"),
    ("wechat.yaml", "", "wechat.yaml"),
    ("wechat.yaml", 'zh: {poem1: "{x}"}\nen: {poem1: "{x}"}', "no type"),
    ("wechat.yaml", 'zh: {thing1: "{x}"}\nen: {thing2: "{x}"}', "same fields"),
    ("pigeon.txt", "{x}", "nobody reads"),
])  # fmt: skip
def test_a_badly_written_template_is_refused_with_its_fault(tmp_path, file, text, why):
    for name, good in GOOD.items():
        (tmp_path / name).write_text(good, encoding="utf-8")
    (tmp_path / file).write_text(text, encoding="utf-8") if text else (tmp_path / file).unlink()
    with pytest.raises(BadTemplate, match=re.escape(why)):
        read_template(tmp_path)
