"""Every refusal has a code, words and a way on in two languages, and is raised somewhere."""

from __future__ import annotations

import ast
import string

import pytest

import house

STATUS = {400, 401, 403, 404, 405, 409, 413, 422, 429, 500, 502, 503, 504}


def errors():
    house.load()
    from palmtax.base.errors import PalmtaxError

    found, waiting = [], [PalmtaxError]
    while waiting:
        for kind in waiting.pop().__subclasses__():
            waiting.append(kind)
            if "code" in kind.__dict__ and kind.__module__.startswith("palmtax."):
                found.append(kind)
    return sorted(found, key=lambda kind: kind.code)


ERRORS = errors()
each = pytest.mark.parametrize("kind", ERRORS, ids=lambda kind: kind.code)


def test_codes_are_unique():
    codes = [kind.code for kind in ERRORS]
    assert sorted(set(codes)) == sorted(codes)
    assert len(codes) > 20


@each
def test_a_code_is_domain_and_problem(kind):
    domain, _, problem = kind.code.partition(".")
    assert domain == kind.__module__.split(".")[1]
    assert problem.replace("_", "").isalnum()
    assert problem == problem.lower()


@each
def test_words_are_there_in_both_languages(kind):
    for words in (kind.text, kind.text_en, kind.hint, kind.hint_en):
        assert words.strip()
    assert any("一" <= letter <= "鿿" for letter in kind.text)
    assert any("一" <= letter <= "鿿" for letter in kind.hint) or kind.hint.startswith("{")
    assert not any("一" <= letter <= "鿿" for letter in kind.text_en + kind.hint_en)
    assert "系统异常" not in kind.text
    assert kind.__doc__


@each
def test_every_place_in_the_words_is_a_field(kind):
    for words in (kind.text, kind.text_en, kind.hint, kind.hint_en):
        places = {place for _, place, _, _ in string.Formatter().parse(words) if place}
        assert places <= set(kind.fields)
    values = dict.fromkeys(kind.fields, 1)
    text, hint = kind(**values).words("en")
    assert "{" not in text + hint


@each
def test_a_status_says_whose_fault_it_is(kind):
    assert kind.status in STATUS


@pytest.fixture(scope="module")
def called_names():
    """Every name that is raised, called or put into a table outside the files that define errors."""
    names = set()
    for path in house.sources():
        if path.name in {"errors.py", "faults.py"}:
            continue
        for node in ast.walk(house.tree(path)):
            if isinstance(node, ast.Call):
                function = node.func
                names.add(function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", ""))
            elif isinstance(node, ast.Dict | ast.Tuple | ast.Raise):  # a table of refusals is a use too
                names |= {n.attr for n in ast.walk(node) if isinstance(n, ast.Attribute)}
                names |= {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
    return names


@each
def test_every_error_is_raised_somewhere(kind, called_names):
    assert {kind.__name__} - called_names == set()
