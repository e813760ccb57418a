"""Files and functions stay small enough to read."""

from __future__ import annotations

from pathlib import Path

import pytest

import gauge

SIZES = gauge.sizes()


def test_files_are_short():
    too_long = [(lines, path.name) for lines, path in SIZES.files if lines > gauge.FILE_MAX]
    assert too_long == []
    assert SIZES.file_p90 <= gauge.FILE_P90


def test_functions_are_short():
    assert SIZES.function_p90 <= gauge.FUNCTION_P90
    assert SIZES.long_share < gauge.LONG_SHARE, SIZES.long_functions


@pytest.mark.parametrize(
    ("values", "expected"), [([], 0), ([7], 7), (list(range(1, 11)), 9), ([1] * 9 + [99], 1), ([1] * 8 + [99] * 2, 99)]
)
def test_p90_is_the_length_nine_in_ten_do_not_pass(values, expected):
    assert gauge.Sizes.p90(values) == expected


def test_long_functions_are_found():
    sizes = gauge.Sizes(((10, Path("a.py")),), ((61, "a.py:f"), (60, "a.py:g")))
    assert sizes.long_functions == [(61, "a.py:f")]
    assert sizes.long_share == 0.5


def test_doors_actions_and_libraries_are_documented():
    assert gauge.undocumented()[0] == []
