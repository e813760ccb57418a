"""Routes of the official account and the mini program: codes and links, the menu, signatures for pages in WeChat."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import Path, Query, Response

from palmtax import appointments, registry
from palmtax.channels.actions import scenes
from palmtax.channels.adapters import Ports, wechat_account, wechat_app, wecom_customers
from palmtax.channels.adapters.process import process_of
from palmtax.channels.errors import PageNotOurs, PageNotSigned, SceneNotMade, SceneUnknown
from palmtax.channels.http.callbacks import Name
from palmtax.channels.model.manifest import Channel
from palmtax.channels.model.menus import AUDIENCES, menu_of
from palmtax.channels.model.places import ENTRY
from palmtax.channels.model.scenes import new_scene
from palmtax.channels.schemas.accounts import (
    FittedMenuOut,
    MenuOut,
    OfficeCode,
    PageSignatureOut,
    PlaceOut,
    SceneIn,
    SceneOut,
    ScenesOut,
    shape_office_sum,
    shape_scene,
)
from palmtax.channels.store import scenes as store
from palmtax.plumbing.edge import Edge, Router, may_anyone, may_officer
from palmtax.plumbing.outbound import OutsideRefused, OutsideUnavailable

router = Router(prefix="/api/channels", tags=["channels"])
SceneCode = Annotated[str, Path(pattern=r"^[0-9a-f]{20}$")]
PICTURE: dict[int | str, dict[str, Any]] = {200: {"content": {"image/png": {}}}}


async def _channel(edge: Edge, name: str) -> tuple[Ports, Channel]:
    process = process_of(edge.house)
    return process.ports, (await process.memory.known(edge.house.database, edge.clock)).channel(name)


@router.post("/{name}/scenes", status_code=201)
async def make_scene(
    name: Name,
    told: SceneIn,
    edge: Edge = may_officer("channels.switch", records="channels.scene_made", rate="60/hour"),
) -> SceneOut:
    """A code or link that leads to a page of the app.

    Errors: channels.channel_unknown, channels.scene_not_here, channels.scene_too_long, channels.scene_not_made,
    appointments.hall_unknown.
    """
    ports, channel = await _channel(edge, name)
    scenes.check(channel, told.kind, told.days)
    names: dict[str, str] = {}
    if told.office_code:
        async with edge.statement() as tx:
            names[told.office_code] = (await appointments.hall(tx, told.office_code)).name
    scene, now = new_scene(), edge.clock.now()
    try:
        address = await _made(ports, channel, told, scene)
    except (OutsideRefused, OutsideUnavailable) as wrong:
        meaning = channel.meaning(wrong.code)
        raise SceneNotMade(say=meaning.say, say_en=meaning.say_en) from wrong
    made = store.Scene(
        scene, name, told.kind, told.place, told.title, told.title_en, address, edge.actor.person_id, now,
        now + timedelta(days=told.days) if told.days else None, office_code=told.office_code,
    )  # fmt: skip
    async with edge.transaction() as tx:
        await scenes.keep(tx, actor=edge.actor, clock=edge.clock, made=made)
    return shape_scene(made, now, names)


async def _made(ports: Ports, channel: Channel, told: SceneIn, scene: str) -> str:
    page, query, days = ENTRY.lstrip("/"), f"scene={scene}", told.days or 0
    if told.kind == "follow":
        return await wechat_account.scene_code(ports, channel, scene, days * 86_400 or None)
    if told.kind == "link":
        return await wechat_app.url_link(ports, channel, page, query, days)
    if told.kind == "scheme":
        return await wechat_app.scheme(ports, channel, page, query, days)
    if told.kind == "contact":
        return await wecom_customers.contact_way(ports, channel, scene, told.members)
    await wechat_app.picture(ports, channel, page, scene)
    return ""


@router.get("/{name}/scenes")
async def list_scenes(
    name: Name,
    before: datetime | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    office: OfficeCode | None = None,
    edge: Edge = may_officer("channels.read"),
) -> ScenesOut:
    """The codes and links of a channel, or of one office there, newest first, with how often they were used."""
    async with edge.statement() as tx:
        found = await store.of_channel(tx, name, before, limit + 1, office)
        sums = await store.by_office(tx, name)
        names = await registry.office_names(tx, {one.office_code for one in sums if one.office_code})
    shown = [shape_scene(one, edge.clock.now(), names) for one in found[:limit]]
    return ScenesOut(
        scenes=shown, next_before=shown[-1].made_at if len(found) > limit else None,
        by_office=[shape_office_sum(one, names) for one in sums],
    )  # fmt: skip


@router.delete("/{name}/scenes/{scene}", status_code=204)
async def end_scene(
    name: Name, scene: SceneCode, edge: Edge = may_officer("channels.switch", records="channels.scene_ended")
) -> None:
    """A code leads nowhere from now on. Errors: channels.scene_unknown."""
    async with edge.transaction() as tx:
        await scenes.end(tx, actor=edge.actor, clock=edge.clock, channel=name, scene=scene)


@router.get("/{name}/scenes/{scene}/picture", response_class=Response, responses=PICTURE)
async def picture_of_scene(name: Name, scene: SceneCode, edge: Edge = may_officer("channels.read")) -> Response:
    """A mini-program code as PNG, to print. Errors: channels.scene_unknown, channels.scene_not_made."""
    ports, channel = await _channel(edge, name)
    async with edge.statement() as tx:
        found = await store.one(tx, name, scene)
    if found is None or found.kind != "picture":
        raise SceneUnknown()
    try:
        picture = await wechat_app.picture(ports, channel, ENTRY.lstrip("/"), scene)
    except (OutsideRefused, OutsideUnavailable) as wrong:
        meaning = channel.meaning(wrong.code)
        raise SceneNotMade(say=meaning.say, say_en=meaning.say_en) from wrong
    return Response(picture, media_type="image/png")


@router.get("/scene/{scene}")
async def place_of_scene(scene: SceneCode, edge: Edge = may_anyone(rate="600/minute")) -> PlaceOut:
    """Where a code leads that the mini program was opened by. Errors: channels.scene_unknown."""
    async with edge.transaction() as tx:
        return PlaceOut(place=await scenes.place_of(tx, clock=edge.clock, scene=scene))


@router.get("/{name}/menu")
async def read_menu(name: Name, edge: Edge = may_officer("channels.read")) -> MenuOut:
    """The menus of an account as its manifest says, and whether the platform has taken them."""
    ports, channel = await _channel(edge, name)
    async with edge.statement() as tx:
        told = await store.menu(tx, name)
    shown = menu_of(channel.manifest.menu, link=ports.link, via=name, mini_app_id="")["button"]
    meaning = channel.meaning(told.code) if told and told.code else None
    return MenuOut(
        buttons=[str(one["name"]) for one in shown], version=told.version if told else None, is_taken=bool(told and not told.code),
        at=told.at if told else None, say=meaning.say if meaning else "", say_en=meaning.say_en if meaning else "",
        fitted=[
            FittedMenuOut(
                who=one.who, title=AUDIENCES[one.who][0], title_en=AUDIENCES[one.who][1],
                buttons=[each.name for each in one.buttons],
            )
            for one in channel.manifest.menus
        ],
    )  # fmt: skip


@router.get("/{name}/page-signature")
async def sign_page(
    name: Name, url: Annotated[str, Query(max_length=1000)], edge: Edge = may_anyone(rate="600/minute")
) -> PageSignatureOut:
    """What `wx.config` needs on one of our pages in WeChat's browser (JS-SDK).

    Errors: channels.page_not_ours, channels.page_not_signed.
    """
    ports, channel = await _channel(edge, name)
    address, _, _ = url.partition("#")
    if channel.manifest.transport != "wechat_oa" or _origin(address) != _origin(ports.link):
        raise PageNotOurs()
    try:
        ticket = await wechat_account.page_ticket(ports, channel)
    except (OutsideRefused, OutsideUnavailable) as wrong:
        raise PageNotSigned() from wrong
    nonce, stamp = secrets.token_hex(8), int(ports.now())
    text = f"jsapi_ticket={ticket}&noncestr={nonce}&timestamp={stamp}&url={address}"
    signature = hashlib.sha1(text.encode()).hexdigest()  # noqa: S324 their scheme is SHA-1
    return PageSignatureOut(app_id=ports.account(channel), timestamp=stamp, nonce=nonce, signature=signature)


def _origin(address: str) -> tuple[str, str]:
    """Scheme and host with port; what cannot be read, or carries a name and password, is nobody's."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return "", ""
    return (parts.scheme, parts.netloc) if "@" not in parts.netloc and "\\" not in address else ("", "")
