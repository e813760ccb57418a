"""What can happen to an application, in words."""

from __future__ import annotations

ACTS: dict[str, tuple[str, str]] = {
    "matters.application_started": ("开始办理", "Begun"),
    "matters.application_submitted": ("提交申请", "Submitted"),
    "matters.application_resubmitted": ("补正后再次提交", "Submitted again"),
    "matters.application_reviewed": ("进入复核", "Goes to a second officer"),
    "matters.supplement_asked": ("要求补正", "More was asked for"),
    "matters.application_approved": ("办结", "Done"),
    "matters.application_refused": ("不予办理", "Refused"),
    "matters.application_withdrawn": ("撤回", "Withdrawn"),
    "matters.application_lapsed": ("逾期未补正，已终止", "Ended: no answer in time"),
    "matters.application_discarded": ("丢弃草稿", "Draft discarded"),
    "matters.application_restored": ("恢复草稿", "Draft restored"),
    "matters.application_rated": ("评价", "Rated"),
}
"""Every act of a move (closed by tests/matters/test_states.py)."""


def act_words(act: str) -> tuple[str, str]:
    """The act in Chinese and English; one of a later version shows its code."""
    return ACTS.get(act, (act, act))
