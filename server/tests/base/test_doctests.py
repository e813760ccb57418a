"""The samples in the docstrings of base and rules hold."""

from __future__ import annotations

import doctest
import importlib

import pytest

MODULES = ("base.money", "base.rate", "base.period", "base.identifiers", "base.yaml_lines", "rules.statutes")


@pytest.mark.parametrize("name", MODULES)
def test_the_samples_hold(name: str) -> None:
    tried = doctest.testmod(importlib.import_module(f"palmtax.{name}"), optionflags=doctest.IGNORE_EXCEPTION_DETAIL)
    assert tried.attempted > 0
    assert tried.failed == 0
