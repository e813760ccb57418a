"""Matters (事项): the catalogue, the one engine that runs it, themes (一件事), and finding what one needs.

Owns the words matter 事项, application 办件, ask 问题, paper 材料, promise 承诺时限, supplement 补正, theme 一件事, journey 套餐办理.
Not here: what a matter changes (the domains below own their nouns; a matter names their door actions), officers' queues (cases).
"""

from palmtax.matters.actions.doors import DOORS
from palmtax.matters.actions.drafting import save as save_answers
from palmtax.matters.actions.entries import Entry, by_entry
from palmtax.matters.actions.listing import page as applications_of
from palmtax.matters.actions.searching import search
from palmtax.matters.actions.starting import readable as readable_application
from palmtax.matters.actions.starting import start as start_application
from palmtax.matters.actions.warming import warm_up
from palmtax.matters.model.catalogue import CatalogueBroken, catalogue, find_matter, version
from palmtax.matters.model.checking import faults_in as faults
from palmtax.matters.model.matter import GROUPS, Matter
from palmtax.matters.model.themes import find_theme

__all__ = [
    "DOORS",
    "GROUPS",
    "CatalogueBroken",
    "Entry",
    "Matter",
    "applications_of",
    "by_entry",
    "catalogue",
    "faults",
    "find_matter",
    "find_theme",
    "readable_application",
    "save_answers",
    "search",
    "start_application",
    "version",
    "warm_up",
]
