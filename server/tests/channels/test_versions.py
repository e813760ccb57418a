"""Manifests come into force without a restart; a bad one leaves the last good one; a roll-back sticks."""

from __future__ import annotations

import shutil

import pytest
from channels.make import with_text
from complaints.make import KEYS
from messaging.make import make_actor

from palmtax import channels
from palmtax.channels.actions.knowing import read_known
from palmtax.channels.errors import VersionUnknown
from palmtax.channels.model.reading import FOLDER, texts_in
from palmtax.channels.store import versions as store

TEXTS = texts_in()
KEEPER = make_actor(KEYS, office_code="14403000000")


def edited(name="wechat_oa", **files):
    return {**TEXTS, name: with_text(TEXTS[name], **files)}


async def test_the_folder_comes_into_force_once(tx, clock):
    first = await channels.reload(tx, clock=clock, folder=TEXTS)
    again = await channels.reload(tx, clock=clock, folder=TEXTS)
    assert (set(first.put_in_force), again.put_in_force) == (set(TEXTS), ())
    assert {one.channel for one in await store.in_force(tx)} == set(TEXTS)


async def test_a_changed_manifest_is_a_new_version(tx, clock):
    await channels.reload(tx, clock=clock, folder=TEXTS)
    text = TEXTS["wechat_oa"].manifest.replace("order: 10", "order: 11")
    done = await channels.reload(tx, clock=clock, folder=edited(manifest=text))
    assert done.put_in_force == ("wechat_oa",)
    known = await read_known(tx)
    assert (known.channels["wechat_oa"].version, known.channels["wechat_oa"].manifest.order) == (2, 11)


async def test_a_bad_manifest_leaves_the_last_good_one_in_force_and_is_told_once(tx, clock):
    await channels.reload(tx, clock=clock, folder=TEXTS)
    bad = edited(manifest=TEXTS["wechat_oa"].manifest.replace("order: 10", "order: ten"))
    done = await channels.reload(tx, clock=clock, folder=bad)
    assert "order" in str(done.refused["wechat_oa"][0])
    assert (await read_known(tx)).channels["wechat_oa"].manifest.order == 10
    assert (await channels.reload(tx, clock=clock, folder=bad)).refused == {}
    (report,) = [one for one in await channels.reports(tx, clock=clock) if one.channel.name == "wechat_oa"]
    assert report.refused_version is not None
    assert "channel.yaml:" in report.refused_version.faults[0]


async def test_a_mended_manifest_comes_into_force_again(tx, clock):
    await channels.reload(tx, clock=clock, folder=TEXTS)
    await channels.reload(tx, clock=clock, folder=edited(codes="codes: 1"))
    done = await channels.reload(tx, clock=clock, folder=TEXTS)
    assert done.put_in_force == ("wechat_oa",)
    assert [one.state for one in await store.history(tx, "wechat_oa")] == ["in_force", "refused", "past"]


async def test_a_roll_back_sticks_until_the_file_changes(tx, clock):
    await channels.reload(tx, clock=clock, folder=TEXTS)
    newer = edited(manifest=TEXTS["wechat_oa"].manifest.replace("order: 10", "order: 11"))
    await channels.reload(tx, clock=clock, folder=newer)
    assert await channels.roll_back(tx, actor=KEEPER, clock=clock, channel="wechat_oa") == 3
    assert (await read_known(tx)).channels["wechat_oa"].manifest.order == 10
    assert (await channels.reload(tx, clock=clock, folder=newer)).put_in_force == ()
    newest = edited(manifest=TEXTS["wechat_oa"].manifest.replace("order: 10", "order: 12"))
    await channels.reload(tx, clock=clock, folder=newest)
    assert (await read_known(tx)).channels["wechat_oa"].manifest.order == 12


async def test_there_must_be_something_to_go_back_to(tx, clock):
    with pytest.raises(VersionUnknown):
        await channels.roll_back(tx, actor=KEEPER, clock=clock, channel="wechat_oa")
    await channels.reload(tx, clock=clock, folder=TEXTS)
    with pytest.raises(VersionUnknown):
        await channels.roll_back(tx, actor=KEEPER, clock=clock, channel="wechat_oa")


async def test_a_running_process_sees_the_change_within_two_seconds(
    database, clock, channels_process, task_context, tmp_path
):
    from palmtax.channels import tasks

    folder = tmp_path / "channels"
    shutil.copytree(FOLDER, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    channels_process.settings = channels_process.settings.model_copy(update={"folder": folder})
    memory = channels_process.memory
    await tasks.read_manifests(task_context, {})
    assert (await memory.known(database, clock)).channels["sms"].manifest.weight == 60
    file = folder / "sms" / "channel.yaml"
    file.write_text(file.read_text().replace("weight: 60", "weight: 70"))
    async with database.transaction() as tx:  # another process reads the folder …
        await channels.reload(tx, clock=clock, folder=texts_in(folder))
    clock.move(seconds=2)  # … and this one looks again
    assert (await memory.known(database, clock)).channels["sms"].manifest.weight == 70
