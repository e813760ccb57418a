"""Shapes of codes and links, menus, and signatures of pages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Self

from pydantic import Field, model_validator

from palmtax.channels.model.manifest import Audience
from palmtax.channels.model.scenes import Kind
from palmtax.channels.store.scenes import OfficeSum, Scene
from palmtax.plumbing.wire import Place, Wire

OfficeCode = Annotated[str, Field(pattern=r"^\d{11}$")]


class SceneIn(Wire):
    """Make a code or link that leads to a page of the app."""

    kind: Kind
    place: Place
    title: str = Field(min_length=1, max_length=40, description="what it leads to, as people read it")
    title_en: str = Field(min_length=1, max_length=80)
    days: int | None = Field(None, ge=1, le=3650, description="how long it lasts; none: for good")
    office_code: OfficeCode | None = Field(
        None, description="the hall it hangs in: who scans it is told how that hall goes"
    )
    members: list[Annotated[str, Field(pattern=r"^[A-Za-z0-9_.@-]{1,64}$")]] = Field(
        default_factory=list, max_length=100, description="of `contact`: which of our members people add (userid)"
    )

    @model_validator(mode="after")
    def _names_members(self) -> Self:
        if (self.kind == "contact") != bool(self.members):
            raise ValueError("客户联系的码要写成员，其他的码不写 / members go with contact, and only with it")
        return self


class SceneOut(Wire):
    """A code or link: `address` is to be drawn as a QR code, or sent; empty where there is a picture to print.

    Of `contact` it is the address of the platform's own picture of the code.
    """

    scene: str
    kind: Kind
    place: str
    title: str
    title_en: str
    address: str
    made_at: datetime
    expires_at: datetime | None
    is_over: bool
    uses: int
    follows: int = Field(description="who followed the account by it")
    last_at: datetime | None
    office_code: str | None
    office_name: str = Field(description="empty: it hangs anywhere")


class OfficeScenesOut(Wire):
    """The codes of one office together; without an office: those that hang anywhere."""

    office_code: str | None
    office_name: str
    codes: int
    uses: int
    follows: int


class ScenesOut(Wire):
    """A page of them, and how often all codes of the channel were used, office by office."""

    scenes: list[SceneOut]
    next_before: datetime | None
    by_office: list[OfficeScenesOut]


class PlaceOut(Wire):
    """The page of the app that a code leads to."""

    place: str


class FittedMenuOut(Wire):
    """A menu for some followers: whom it is for, and its buttons."""

    who: Audience
    title: str
    title_en: str
    buttons: list[str]


class MenuOut(Wire):
    """The menus of an account: the manifest's buttons, and what the platform said to them; `version` none: not published yet.

    `fitted`: for followers of one kind instead of `buttons`; all are published in one act.
    """

    buttons: list[str]
    fitted: list[FittedMenuOut]
    version: int | None
    is_taken: bool
    at: datetime | None
    say: str
    say_en: str


class PageSignatureOut(Wire):
    """What `wx.config` takes."""

    app_id: str
    timestamp: int
    nonce: str
    signature: str


def shape_office_sum(one: OfficeSum, names: Mapping[str, str]) -> OfficeScenesOut:
    """An office's codes for the wire."""
    return OfficeScenesOut(
        office_code=one.office_code, office_name=names.get(one.office_code or "", ""), codes=one.codes, uses=one.uses,
        follows=one.follows,
    )  # fmt: skip


def shape_scene(one: Scene, now: datetime, names: Mapping[str, str]) -> SceneOut:
    """A code for the wire."""
    is_over = one.ended_at is not None or (one.expires_at is not None and one.expires_at <= now)
    return SceneOut(
        scene=one.scene, kind=one.kind, place=one.place, title=one.title, title_en=one.title_en, address=one.address,
        made_at=one.made_at, expires_at=one.expires_at, is_over=is_over, uses=one.uses, follows=one.follows,
        last_at=one.last_at, office_code=one.office_code, office_name=names.get(one.office_code or "", ""),
    )  # fmt: skip
