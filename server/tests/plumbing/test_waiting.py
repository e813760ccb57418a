"""The waiting room with a clock moved by hand: signed places, first come first in, nobody starves, a fault lets people in."""

from __future__ import annotations

import random
import statistics

import pytest
from plumbing.waiting_town import START, Town, told

from palmtax.plumbing.settings import WaitingSettings
from palmtax.plumbing.waiting.door import KEPT_SECONDS, POLL_PATH, Asked, LetIn, Wait
from palmtax.plumbing.waiting.entrance import quick_answer
from palmtax.plumbing.waiting.line import SECOND, Line
from palmtax.plumbing.waiting.pace import LEAST_SHARE, Measured, Pace, shared_out
from palmtax.plumbing.waiting.places import PASS_LASTS_SECONDS, PLACE_LASTS_SECONDS, Signer
from palmtax.plumbing.waiting.store import Switch

NOW = int(START * SECOND)


@pytest.fixture
def town() -> Town:
    """A house at rest."""
    return Town()


def switch(room: str, mode: str, people: int = 0) -> Switch:
    """What an officer decided."""
    return Switch(room, mode, people, "演练", None, None, 0)  # type: ignore[arg-type]  # the three modes


def test_nobody_waits_while_there_is_room(town):
    assert isinstance(town.ask(), LetIn)
    assert not town.door.is_shedding


def test_a_newcomer_gets_a_place_an_estimate_and_words(town):
    town.shut()
    answer = town.ask()
    assert isinstance(answer, Wait)
    assert answer.status == 503
    body = told(answer)
    assert body["code"] == "plumbing.please_wait"
    assert "轮到您" in body["text"]
    assert body["fields"]["low_seconds"] <= body["fields"]["seconds"] <= body["fields"]["high_seconds"]
    assert body["fields"]["kept_seconds"] > KEPT_SECONDS
    english = told(town.ask(is_english=True))
    assert "until it is your turn" in english["text"]


def test_officers_callbacks_and_what_never_waits_go_by(town):
    town.shut()
    for method, path in [
        ("GET", "/api/filing/desk/7"), ("GET", "/api/matters/cases/9"), ("POST", "/api/identity/hat"),
        ("GET", "/api/matters/live"), ("POST", "/channels/wechat_oa/callback"), ("GET", "/healthz"), ("GET", "/assets/a.js"),
    ]:  # fmt: skip
        found = town.ask(path, method=method)
        assert isinstance(found, LetIn), path
        assert found.rank is None
    assert isinstance(town.ask("/api/filing/deskless"), Wait)
    assert isinstance(town.ask("/api/unknown"), Wait)


def test_who_is_in_the_middle_of_something_is_not_stopped(town):
    town.ask(bearer=b"Bearer one")
    town.shut()
    assert isinstance(town.ask("/api/filing/returns", bearer=b"Bearer one", method="POST"), LetIn)
    assert isinstance(town.ask("/api/filing/returns", bearer=b"Bearer two", method="POST"), Wait)
    town.now += 700
    assert isinstance(town.ask(bearer=b"Bearer one"), Wait)


def test_who_was_told_busy_has_begun_nothing(town):
    asked = Asked("GET", "/api/filing/home", "", b"Bearer one")
    assert isinstance(town.door.ask(asked), LetIn)  # found the queue full: no slot
    town.shut()
    assert isinstance(town.ask(bearer=b"Bearer one"), Wait)


def test_first_come_first_in_and_a_reconnect_keeps_the_place(town):
    town.shut(people=5)
    early = town.place()
    town.now += 2
    places = [town.place() for _ in range(50)]
    late = places[-1]
    before = town.poll(late)["fields"]["ahead"]
    for _ in range(30):
        assert isinstance(town.ask(token=late), (Wait, LetIn))  # asking again all the time
        if town.poll(late)["state"] == "admitted":
            break
        was_early = town.poll(early)["state"]
        town.look(served=20, is_full=True)
    assert was_early == "admitted"
    assert before >= 49
    assert town.poll(late)["state"] == "admitted"


def test_the_pass_opens_everything_for_one_person_and_not_for_a_crowd(town):
    town.shut(people=5)
    place = town.place()
    town.crowd()
    for _ in range(4):
        town.look(served=20, is_full=True)
    admission = town.poll(place)["pass"]
    sessions = [b"Bearer %d" % number for number in range(6)]
    let_in = [isinstance(town.ask("/api/knowledge/laws", admission, one), LetIn) for one in sessions]
    assert let_in == [True, True, True, False, False, False]
    again = town.poll(place)["pass"]  # the same place on another device: the same pass, not a second one
    assert isinstance(town.ask(token=again, bearer=b"Bearer 9"), Wait)
    flood = [isinstance(town.ask(token=admission, bearer=sessions[0]), LetIn) for _ in range(200)]
    assert flood.count(True) < 60 + sum(let_in)


@pytest.mark.parametrize("change", ["seal", "room", "time", "kind", "cut", "long", "rubbish", "unicode"])
def test_a_forged_place_is_no_place(town, change):
    town.shut(people=1)
    town.crowd(20)
    mine = town.place()
    parts = mine.split(".")
    forged = {
        "seal": mine[:-1] + ("0" if mine[-1] != "0" else "1"),
        "room": ".".join([parts[0], "begun", *parts[2:]]),
        "time": ".".join([*parts[:2], f"{int(parts[2], 16) - 60 * SECOND:x}", *parts[3:]]),
        "kind": "a" + mine[1:],
        "cut": mine[:20],
        "long": mine + "0" * 300,
        "rubbish": "..,,..;'%00",
        "unicode": mine + "税",
    }[change]
    assert town.poll(forged)["state"] == "none"
    answer = town.ask(token=forged)
    assert isinstance(answer, Wait)
    assert told(answer)["fields"]["ahead"] >= 21  # at the end of the line


def test_a_place_of_another_house_or_another_time_is_none():
    signer, other = Signer(b"a" * 32), Signer(b"b" * 32)
    place = signer.place("filing", NOW, 5)
    assert signer.read(place, NOW + SECOND) is not None
    assert other.read(place, NOW + SECOND) is None
    assert signer.read(place, NOW + (PLACE_LASTS_SECONDS + 1) * SECOND) is None
    assert signer.read(place, NOW - 61 * SECOND) is None
    token = signer.read(place, NOW)
    assert token is not None
    admission = signer.admit(token, NOW)
    assert signer.read(admission, NOW + (PASS_LASTS_SECONDS + 1) * SECOND) is None


def test_a_key_changes_and_the_last_one_is_still_believed():
    signer = Signer(b"a" * 32)
    before = NOW - NOW % (12 * 3600 * SECOND) - SECOND
    assert signer.read(signer.place("filing", before, 5), before + 2 * SECOND) is not None
    old, new = (signer.sign(signer.read(signer.place("filing", at, 1), at)) for at in (before, before + 2 * SECOND))  # type: ignore[arg-type]  # read what was just signed
    assert old[-24:] != new[-24:]


def test_a_place_of_another_room_does_not_jump_the_line(town):
    town.shut(people=5)
    idle = town.place("leisure")
    town.crowd(100)
    answer = town.ask(token=idle)
    assert isinstance(answer, Wait)
    assert told(answer)["fields"]["room"] == "filing"
    assert told(answer)["fields"]["ahead"] >= 99


def test_who_comes_back_in_time_is_let_in_and_who_comes_too_late_stands_anew(town):
    town.shut(people=5)
    places = [town.place(), town.place()]
    town.door.switches = {"filing": switch("filing", "own_rate", 600)}
    for _ in range(4):
        town.look(served=20, is_full=True)
    town.now += KEPT_SECONDS - 60
    town.look()
    assert town.poll(places[0])["state"] == "admitted"
    for _ in range(3):
        town.now += 60
        town.look()
    assert town.poll(places[1])["state"] == "none"


def test_filing_comes_first_and_leisure_does_not_starve(town):
    town.shut(people=20)
    for _ in range(400):
        town.place()
        town.place("leisure")
    let_in = {"filing": 0.0, "leisure": 0.0}
    for _ in range(10):
        before = {room: town.door.line(room).moved for room in let_in}
        town.look(served=80, is_full=True, queued=20)
        for room in let_in:
            let_in[room] += town.door.line(room).moved - before[room]
    assert let_in["filing"] > 8 * let_in["leisure"]
    assert let_in["leisure"] >= 4


def test_on_the_last_days_filing_moves_up(town):
    ranks = {}
    for is_last in (False, True):
        town.is_last_days = is_last
        town.look()
        ranks[is_last] = dict(town.door.ranks)
    assert ranks[True]["filing"] <= ranks[False]["filing"]
    assert ranks[True]["filing"] < ranks[True]["leisure"]


def test_shares_never_exceed_what_there_is_nor_what_is_wanted():
    draw = random.Random(7)
    for _ in range(2000):
        rooms = [f"r{n}" for n in range(draw.randint(1, 7))]
        wanted = {room: draw.choice([0.0, draw.uniform(0, 5), draw.uniform(0, 500)]) for room in rooms}
        people = draw.uniform(0, 120)
        given = shared_out(people, wanted, {room: draw.randint(0, 3) for room in rooms})
        assert sum(given.values()) <= people + 1e-9
        assert all(0 <= given[room] <= wanted[room] + 1e-9 for room in given)
        least = people * LEAST_SHARE
        assert all(given[room] >= min(least, wanted[room]) - 1e-9 for room in rooms if wanted[room] > 0)


def test_a_line_never_lets_in_more_than_it_was_given_and_keeps_the_order():
    draw = random.Random(11)
    for _ in range(60):
        line = Line("filing", True, NOW)
        arrivals: list[int] = []
        allowed = moved = 0.0
        now = NOW
        for _ in range(40):
            for _ in range(draw.choice([0, 0, 3, 40])):
                at = now + draw.randrange(SECOND)
                line.came(at)
                arrivals.append(at)
            now += SECOND
            share = draw.choice([0.0, 0.3, 2.0, 25.0])
            before = line.line_us
            moved += line.move(share, now, 1.0)
            allowed += share
            assert line.line_us >= before
            assert line.line_us <= now
            line.rebuild(now)
        inside = sum(at <= line.line_us for at in arrivals)
        assert moved <= allowed + 1e-6
        # Inside one second people are taken to have come evenly: at most that second's people are off.
        assert inside <= moved + max(40, 0)
        assert abs(line.ahead(now) - (len(arrivals) - moved)) < 1


def test_in_the_second_in_which_a_line_begins_only_those_after_its_beginning_count():
    line, start = Line("filing"), 1_800_000_000 * SECOND
    line.begin(start + 600_000, 40.0)
    for number in range(80):
        line.came(start + 600_000 + number * 5_000)
    line.rebuild(start + SECOND)
    assert line.ahead(start + 600_000) == pytest.approx(0)
    assert line.ahead(start + 800_000) == pytest.approx(40)
    assert line.move(20, start + 3 * SECOND, 1.0) == pytest.approx(20)
    assert line.line_us == pytest.approx(start + 700_000, abs=2)


def test_a_rush_in_the_middle_of_a_second_waits_for_nobody_who_did_not_come():
    line, start = Line("filing"), 1_800_000_000 * SECOND
    line.begin(start - 9 * SECOND, 100.0)
    for number in range(1_000):
        line.came(start + 750_000 + number * 250)
    line.rebuild(start + SECOND)
    assert line.ahead(start + 750_000) == pytest.approx(0)
    assert line.move(100, start + 3 * SECOND, 1.0) == pytest.approx(100)
    assert line.line_us == pytest.approx(start + 775_000, abs=300)


def test_who_came_through_the_line_is_no_newcomer_in_a_room_that_is_open(town):
    """Counted twice they would seem to make half as many requests, and half as many people would be let in."""
    town.shut(people=5)
    people = [(town.place("filing", bearer=b"Bearer %d" % one), b"Bearer %d" % one) for one in range(10)]
    for _ in range(4):
        town.look(served=20, is_full=True)
    town.door.line("begun").is_waiting = False
    before = town.door.came_in
    for place, bearer in people:
        assert isinstance(town.ask(token=place, bearer=bearer), LetIn)
        assert isinstance(town.ask("/api/filing/returns", place, bearer, method="POST"), LetIn)
    assert town.door.came_in == before
    assert isinstance(town.ask("/api/filing/returns", "", b"Bearer 99", method="POST"), LetIn)
    assert town.door.came_in == before + 1


def storm(
    town: Town, *, capacity: float, each: int, over: float, seconds: int, shows: float = 1.0, is_new: bool = False
) -> dict[str, list[float]]:
    """People come evenly at `over` times the capacity; each admitted one makes `each` requests over as many seconds.

    A new process knows nothing of its pace, and turning people away keeps it busy too.
    """
    draw = random.Random(5)
    turning_away = 0.2 if is_new else 0.0
    if is_new:
        town.door.shut()
    else:
        town.shut(people=capacity / each)
        town.door.pace._served, town.door.pace._came = capacity * 10, capacity * 10 / each
    queue, due, sampled = 0.0, [0.0] * (seconds + 10), []
    found: dict[str, list[float]] = {"served": [], "errors": [], "queue": []}
    for second in range(seconds):
        count = int(capacity * over / each)
        for number in range(count):
            town.now += 1 / count
            answer = town.ask()
            if isinstance(answer, Wait) and number % 40 == 0:
                fields = told(answer)["fields"]
                sampled.append((town.now, fields["seconds"], fields["place"]))
        queue += due[second]
        served = min(queue, capacity * draw.gauss(1, 0.04))
        queue -= served
        moved = town.door.line("filing").moved
        busy = turning_away + (1 - turning_away) * min(served / capacity, 1)
        town.look(served=int(served), queued=int(queue), is_full=queue > 0, busy=busy, seconds=0)
        for later in range(each):
            due[second + 1 + later] += (town.door.line("filing").moved - moved) * shows
        found["served"].append(served / capacity)
        found["queue"].append(queue / capacity)
        for came, promised, place in list(sampled):
            if town.poll(place)["state"] == "admitted":
                sampled.remove((came, promised, place))
                found["errors"].append(abs(town.now - came - promised) / promised if promised >= 5 else 0.0)
    return found


@pytest.mark.parametrize(("over", "each"), [(20, 4), (20, 8), (3, 4)])
def test_under_a_storm_the_capacity_is_used_and_never_overrun(town, over, each):
    found = storm(town, capacity=120, each=each, over=over, seconds=60)
    assert statistics.mean(found["served"][8:]) >= 0.9
    assert max(found["queue"][8:]) < 2.0  # seconds of work before the door
    assert statistics.median(found["errors"]) <= 0.1
    assert len(found["errors"]) > 5


@pytest.mark.parametrize(("capacity", "each"), [(40, 4), (250, 4), (900, 6)])
def test_a_process_that_starts_in_the_middle_of_a_storm_soon_knows_its_pace(town, capacity, each):
    found = storm(town, capacity=capacity, each=each, over=20, seconds=45, is_new=True)
    assert statistics.mean(found["served"][10:15]) >= 0.9
    assert statistics.mean(found["served"][15:]) >= 0.95
    assert max(found["queue"]) < 3.0


def test_a_pace_that_was_learned_before_is_where_one_begins():
    pace = Pace()
    pace.recall(700.0, 7.0)
    assert pace.people == pytest.approx(100)
    assert pace.learn(Measured(1.0, 0, 0, 0, False, 0.05)) == pytest.approx(100, rel=0.15)
    pace.recall(0.0, 0.0)  # nonsense does not shut the door for ever
    assert pace.people > 0


def test_in_the_first_crowd_people_are_expected_to_ask_for_what_they_came_for_and_no_more(town):
    door = town.door
    door.calm.recall(980.0, 7.0)
    for number in range(700):
        door.calm.hear(accompanies=number % 7 < 4)
    door.shut()
    assert door.pace is door.crowded
    assert door.crowded.each == pytest.approx(3.0)
    assert door.crowded.requests == pytest.approx(980 * (3 + 4 * 0.5) / 7)
    assert door.line("filing").speed == pytest.approx(door.crowded.people)


def test_a_crowd_in_which_nothing_rests_is_expected_to_be_as_on_a_calm_day(town):
    town.door.calm.recall(980.0, 7.0)
    for _ in range(700):
        town.door.calm.hear(accompanies=False)
    town.door.shut()
    assert town.door.crowded.people == pytest.approx(140)


def test_what_one_crowd_taught_is_where_the_next_begins_and_a_calm_day_has_its_own_pace(town):
    storm(town, capacity=120, each=3, over=20, seconds=40)
    learned = town.door.crowded.people
    assert learned == pytest.approx(40, rel=0.15)
    town.door.calm.recall(140.0, 7.0)
    town.door.open_up()
    for line in town.door.lines.values():
        line.counts.clear()
    assert town.door.pace.people == pytest.approx(20)
    town.door.shut()
    assert town.door.pace.people == pytest.approx(learned)
    assert town.door.line("filing").speed == pytest.approx(learned)


def test_who_found_the_queue_full_counts_as_work_that_waits():
    """Else as many are let in as find no slot, and everybody is busy with saying “busy”."""
    let_in = []
    for queued in (175, 1_400):
        pace = Pace()
        pace.recall(700.0, 7.0)
        let_in.append(pace.learn(Measured(1.0, 700, 100, queued, True, 1.0)))
    assert let_in[0] == pytest.approx(100, rel=0.05)
    assert let_in[1] < 50


def test_people_who_do_not_come_back_leave_no_hole(town):
    found = storm(town, capacity=120, each=4, over=20, seconds=80, shows=0.6)
    assert statistics.mean(found["served"][40:]) >= 0.9


def test_when_it_is_calm_again_the_rooms_open(town):
    town.shut(people=50)
    place = town.place()
    for _ in range(12):
        town.look(served=20, busy=0.2)
    assert not town.door.is_shedding
    assert town.poll(place)["state"] == "open"
    assert isinstance(town.ask(token=place), LetIn)


def test_a_matter_waits_alone_in_its_own_room(town):
    town.door.adopt([switch("matter:FPGL-002", "own_rate", 60)])
    town.look()
    begin = ("/api/matters/applications", "", b"", "POST")
    answer = town.ask(*begin, matter="FPGL-002")
    assert isinstance(answer, Wait)
    assert told(answer)["fields"]["room"] == "matter:FPGL-002"
    assert (town.door.is_shedding, town.door.is_crowded) == (True, False)
    assert isinstance(town.ask(*begin, matter="XXBG-001"), LetIn)
    assert isinstance(town.ask(), LetIn)
    place = told(answer)["fields"]["place"]
    for _ in range(4):
        town.look()
    assert town.poll(place)["state"] == "admitted"
    assert isinstance(town.ask(*begin[:1], town.poll(place)["pass"], b"", "POST", matter="FPGL-002"), LetIn)


def test_a_pass_of_another_room_does_not_open_a_matters_own(town):
    town.shut(people=10)
    place = town.place()
    town.crowd()
    for _ in range(4):
        town.look(served=40, is_full=True)
    admission = town.poll(place)["pass"]
    town.door.adopt([switch("matter:FPGL-002", "own_rate", 0)])
    town.look()
    found = town.ask("/api/matters/applications", admission, b"", "POST", matter="FPGL-002")
    assert isinstance(found, Wait)


def test_officers_can_force_a_room_open_or_to_its_own_pace(town):
    town.shut()
    town.door.adopt([switch("filing", "open"), switch("leisure", "own_rate", 0)])
    town.look(served=40, is_full=True, queued=500)
    assert isinstance(town.ask(), LetIn)
    place = town.place("leisure")
    for _ in range(20):
        town.look(served=10)
    assert town.poll(place)["state"] == "waiting"
    town.door.adopt([])
    for _ in range(20):
        town.look(served=10)
    assert town.poll(place)["state"] in ("admitted", "open", "none")


def test_an_own_pace_counts_those_who_were_served_elsewhere_too(town):
    town.ask("/api/messaging/messages", bearer=b"Bearer one")
    town.door.adopt([switch("filing", "own_rate", 60)])
    town.look()
    assert isinstance(town.ask("/api/messaging/messages", bearer=b"Bearer one"), LetIn)
    place = town.place()
    assert isinstance(town.ask(token=place, bearer=b"Bearer one"), Wait)
    for _ in range(5):
        town.look()
    admission = town.poll(place)["pass"]
    assert isinstance(town.ask(token=admission, bearer=b"Bearer one"), LetIn)


def test_a_rehearsal_lets_in_so_many_a_minute():
    town = Town(settings=WaitingSettings(people_a_minute=60))
    town.look()
    places = []
    for _ in range(10):
        town.now += 0.2
        places.append(town.place())
    for _ in range(6):
        town.look()
    states = [town.poll(place)["state"] for place in places]
    assert 3 <= states.count("admitted") <= 8
    assert states == sorted(states)


def test_switched_off_everybody_comes_in():
    town = Town(settings=WaitingSettings(is_on=False))
    for _ in range(1000):
        town.door.look_at_queue()
        assert isinstance(town.ask(), LetIn)


@pytest.mark.parametrize("broken", ["rooms", "lines", "signer", "clock"])
def test_a_fault_of_the_waiting_room_lets_people_in(town, broken, monkeypatch):
    town.shut()
    assert isinstance(town.ask(), Wait)

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("broken on purpose")

    if broken == "rooms":
        monkeypatch.setattr(town.door.rooms, "of", fail)
    elif broken == "lines":
        town.door.lines.clear()
    elif broken == "signer":
        monkeypatch.setattr(town.door.signer, "sign", fail)
    else:
        town.door.wall = fail
    assert isinstance(town.ask(), LetIn)
    assert quick_answer(town.door, request()) is None
    assert town.door.faults >= 1


@pytest.mark.parametrize("seconds", [-7200, 7200, -20 * 365 * 86400])
def test_a_clock_that_jumps_lets_people_in_or_keeps_them_in_line_but_never_shuts_them_out(town, seconds):
    town.shut(people=10)
    places = [town.place() for _ in range(5)]
    town.look(served=40, is_full=True)
    town.now += seconds
    later = [town.place() if isinstance(town.ask(), Wait) else "" for _ in range(5)]
    for _ in range(10):
        town.look(served=40, is_full=True)
    for place in places + [one for one in later if one]:
        answer = town.ask(token=place)
        if isinstance(answer, Wait):  # too old by the new clock: a new place, which is reached
            mine = told(answer)["fields"]["place"]
            for _ in range(10):
                town.look(served=40, is_full=True)
            assert isinstance(town.ask(token=mine), LetIn)


def request(path: str = "/api/filing/home", method: str = "GET", body: str = "", **headers: str) -> bytes:
    """A request as bytes."""
    lines = [
        f"{method} {path} HTTP/1.1",
        "Host: a",
        *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items()),
    ]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


def test_the_quick_way_says_the_same_as_the_long_one(town):
    town.shut()
    answer = quick_answer(town.door, request(Accept_Language="en"))
    assert answer is not None
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 503 Service Unavailable")
    assert f"content-length: {len(body)}".encode() in head
    assert b"until it is your turn" in body
    place = told(Wait(body, 0))["fields"]["place"]
    polled = quick_answer(town.door, request(POLL_PATH, X_Waiting=place))
    assert polled is not None
    assert polled.startswith(b"HTTP/1.1 200 OK")
    town.crowd()
    for _ in range(4):
        town.look(served=40, is_full=True)
    assert isinstance(quick_answer(town.door, request(x_waiting=place)), LetIn)  # decided once, for the long way too


@pytest.mark.parametrize(
    "data",
    [
        request()[:-2],
        request() + request(),
        request(Transfer_Encoding="chunked"),
        request(Expect="100-continue"),
        request(Connection="close"),
        request(Content_Length="7"),
        request(body="{}", Content_Length="2"),
        request(Content_Length="-2"),
        request(Content_Length="+0"),
        request(path="/api/%66iling/home"),
        request().replace(b"HTTP/1.1", b"HTTP/1.0"),
        request().replace(b"Host: a", b"Host: a\r\n b"),
        request(path="/healthz"),
        request(path="/api/identity/me"),
        b"",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET http://other/api/filing/home HTTP/1.1\r\nHost: a\r\n\r\n",
    ],
)
def test_what_is_not_one_plain_request_goes_the_long_way(town, data):
    town.shut()
    assert quick_answer(town.door, data) is None


def test_what_is_remembered_stays_bounded(town, monkeypatch):
    monkeypatch.setattr("palmtax.plumbing.waiting.door.REMEMBERED", 100)
    for number in range(500):
        town.ask(bearer=b"Bearer %d" % number)
    assert len(town.door._begun) <= 100
    town.shut()
    assert isinstance(town.door.ask(Asked("GET", "/api/filing/home", ",".join(["x" * 50] * 1000))), Wait)
