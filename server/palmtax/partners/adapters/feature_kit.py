"""The conformance kit of city features: what does not pass cannot be listed."""

from __future__ import annotations

import asyncio
import inspect
from dataclasses import replace

from palmtax.partners.adapters.browsing import look
from palmtax.partners.adapters.feature_page import see
from palmtax.partners.adapters.feature_rules import FEATURE_RULES, FeatureCase, Skipped
from palmtax.partners.model.application import PartnerApplication
from palmtax.partners.model.features import FeatureManifest
from palmtax.partners.model.versions import FeatureFinding


def judge(case: FeatureCase) -> list[FeatureFinding]:
    """Every rule on what was seen."""
    found = []
    for rule in FEATURE_RULES:
        line = inspect.cleandoc(rule.__doc__ or "")
        try:
            why = rule(case)
        except Skipped as skipped:
            found.append(FeatureFinding(rule.__name__, line, "skip", str(skipped)))
            continue
        found.append(FeatureFinding(rule.__name__, line, "fail" if why else "pass", why[:400]))
    return found


async def check_feature(
    manifest: FeatureManifest,
    *,
    application: PartnerApplication | None = None,
    is_registered: bool = False,
    may_loopback: bool = False,
    our_origin: str = "",
    chromium: str = "",
) -> list[FeatureFinding]:
    """Every rule on a feature; its page is fetched, and looked at where a browser is named."""
    case = FeatureCase(manifest, application, None, is_registered, our_origin)
    return judge(await _with_page(case, manifest.entry.page, may_loopback, chromium) if manifest.entry.page else case)


async def check_page(
    url: str, *, may_loopback: bool = False, our_origin: str = "", chromium: str = ""
) -> list[FeatureFinding]:
    """The rules on a page alone."""
    return judge(await _with_page(FeatureCase(our_origin=our_origin), url, may_loopback, chromium))


async def _with_page(case: FeatureCase, url: str, may_loopback: bool, chromium: str) -> FeatureCase:
    page = await see(url, may_loopback=may_loopback)
    if chromium and not page.fault and page.status == 200:
        try:
            page = replace(page, looks=await look(chromium, url))
        except (TimeoutError, OSError, asyncio.IncompleteReadError):
            page = replace(page, fault="browser")
    return replace(case, page=page)
