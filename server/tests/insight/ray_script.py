"""Runs a study on a Ray cluster of its own; started by test_cluster in a process of its own. Writes what came of it as JSON."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import sys
from datetime import date
from pathlib import Path

from palmtax.insight.actions.computing import Job, shape_of
from palmtax.insight.adapters.cluster import Cluster
from palmtax.insight.model.kinds import find_kind
from palmtax.insight.model.study import Question
from palmtax.insight.model.tally import Tally, packed
from palmtax.insight.store.page import population

ROUNDS = 8


def parents(pid: int) -> set[int]:
    """The processes above this one."""
    found = set()
    while pid > 1:
        try:
            pid = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
        except FileNotFoundError:
            break
        found.add(pid)
    return found


def own_actors() -> list[int]:
    """Actors of the cluster that this process started, and of no other."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = path.read_bytes()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if command.startswith(b"ray::Worker") and os.getpid() in parents(int(path.parent.name)):
            found.append(int(path.parent.name))
    return found


def listening() -> list[str]:
    """Addresses on which processes below this one listen."""
    mine = {int(p.name) for p in Path("/proc").glob("[0-9]*") if os.getpid() in parents(int(p.name))}
    sockets = set()
    for pid in mine:
        for handle in Path(f"/proc/{pid}/fd").glob("*"):
            try:
                target = str(handle.readlink())
            except OSError:
                continue
            if target.startswith("socket:["):
                sockets.add(target[8:-1])
    found = set()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            words = line.split()
            if words[3] == "0A" and words[9] in sockets:
                found.add(words[1].split(":")[0])
    return sorted(found)


def main() -> None:
    """Arguments: folder, actors, whether to kill one, where to write the answer."""
    folder, actors, kill = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3] == "kill"
    people = population(folder)
    asked = Question(("iit_year",), date(2026, 9, 30), date(2026, 9, 30), {"iit_year.basic_deduction_month": "6000"})
    groups = [g.number for g in people.groups("persons")] * ROUNDS
    jobs = [Job(folder, people.fingerprint, "iit_year", group, asked) for group in groups]
    whole, seen, killed, addresses = Tally(shape_of(people, find_kind("iit_year"))), list[int](), 0, list[str]()
    for done in Cluster(actors).run(jobs):
        seen.extend(done.groups)
        whole.add(done.tally)
        if len(seen) >= 2 and not addresses:
            addresses = listening()
            if kill:
                killed = own_actors()[0]
                os.kill(killed, signal.SIGKILL)
    digest = hashlib.sha256(packed({"iit_year": whole}, [])).hexdigest()
    answer = {"digest": digest, "seen": sorted(seen), "killed": killed, "addresses": addresses}
    Path(sys.argv[4]).write_text(json.dumps(answer))


if __name__ == "__main__":
    main()
