#!/usr/bin/env python3
"""contrib/slurm on a real Slurm on loopback: an array, a task that comes back or fails, the merge.

Needs Debian's slurm-wlm and munge and root. Where they cannot start this says so and exits 77,
which ctest counts as skipped, not as passed. CRAWLCARD_SLURM_LISTING and CRAWLCARD_SLURM_BASE name
other inputs than those cut from the bundled sample, such as warc.paths.gz of a mirror and its root.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "cli"))

import cli  # noqa: E402
import worker_files  # noqa: E402

SHARDS = 4
FIRST, LAST = 0, SHARDS - 1
SECONDS_MAX = 120
ENDED = {"COMPLETED", "FAILED", "CANCELLED", "TIMEOUT", "NODE_FAIL", "OUT_OF_MEMORY"}


def skip(why):
    print(f"SKIPPED: {why}: contrib/slurm was not tried")
    sys.exit(77)


def start_slurm():
    for tool in ("slurmctld", "slurmd", "munged", "sbatch"):
        if not shutil.which(tool, path=os.environ["PATH"] + ":/usr/sbin:/sbin"):
            skip(f"no {tool} (packages slurm-wlm and munge)")
    if os.geteuid() != 0:
        skip("Slurm on loopback needs root")
    done = subprocess.run([os.path.join(HERE, "start.sh")], capture_output=True, text=True,
                          timeout=120, check=False)
    if done.returncode != 0:
        skip(f"Slurm did not start: {done.stderr[-500:]}")
    words = done.stdout.split()
    return dict(word.split("=", 1) for word in words if "=" in word)


def slurm(*words):
    done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)
    return done.stdout


def jobs(job):
    """(id, task, state, restarts) of every task of a job."""
    found = []
    text = slurm("scontrol", "--oneliner", "show", "job", job)
    assert text, f"job {job} is not known"
    for line in text.splitlines():
        fields = dict(word.split("=", 1) for word in line.split() if "=" in word)
        found.append((fields["JobId"], fields.get("ArrayTaskId"), fields["JobState"],
                      int(fields.get("Restarts", 0))))
    return found


def wait_until(what, holds):
    deadline = time.monotonic() + SECONDS_MAX
    while not holds():
        assert time.monotonic() < deadline, f"{what}: not after {SECONDS_MAX} s"
        time.sleep(0.5)


def let_go(job):
    """A task that waits out its requeue starts soon. Not at once: a node refuses a start that is of
    the second in which the one before was ended, and the task would fail."""
    for number, _, state, restarts in jobs(job):
        if state == "PENDING" and restarts > 0:
            time.sleep(2)
            slurm("scontrol", "update", f"JobId={number}", "StartTime=now")


def wait_for(ids):
    """Waits for both jobs, tasks that were requeued first. Gives the restarts of the array's tasks
    and how the merge ended."""
    def ended(job):
        let_go(job)
        return {state for _, _, state, _ in jobs(job)} - ENDED == set()
    wait_until("the array", lambda: ended(ids["array"]))
    wait_until("the merge", lambda: ended(ids["merge"]))
    return sum(restarts for _, _, _, restarts in jobs(ids["array"])), jobs(ids["merge"])[0][2]


def logs(work):
    text = ""
    for name in sorted(os.listdir(os.path.join(work, "logs"))):
        with open(os.path.join(work, "logs", name), encoding="utf-8", errors="replace") as file:
            text += f"== {name}\n{file.read()[-1500:]}\n"
    return text


def sha256_of_dump(index):
    return hashlib.sha256(cli.run("dump", "--index", index, expect=0).out.encode()).hexdigest()


def inputs(scratch):
    listing = os.environ.get("CRAWLCARD_SLURM_LISTING")
    if listing:
        return listing, os.environ.get("CRAWLCARD_SLURM_BASE", "")
    return worker_files.cut_sample(os.path.join(scratch, "in"), 12)[0], ""


def submit(scratch, listing, **variables):
    """Sends the array and the merge to scratch/work. Gives their ids."""
    done = subprocess.run([os.path.join(cli.ROOT, "contrib/slurm/submit.sh"), listing, str(SHARDS),
                           os.path.join(scratch, "work")], capture_output=True, text=True,
                          env=os.environ | {"SCRATCH": os.path.join(scratch, "local")} | variables,
                          timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return dict(word.split("=") for word in done.stdout.split())


def submit_and_kill(scratch, listing, shard, **variables):
    return submit(scratch, listing, CRAWLCARD=os.path.join(HERE, "kill_once.sh"),
                  REAL_CRAWLCARD=cli.CRAWLCARD, KILL_SHARD=str(shard), **variables)


def check_index(scratch, listing, base=""):
    """The merged index is that of one process."""
    whole = os.path.join(scratch, "whole")
    words = ["--base", base] if base else []
    cli.run("ingest", "--index", whole, *words, "@" + listing, expect=0)
    one, many = sha256_of_dump(whole), sha256_of_dump(os.path.join(scratch, "work/index"))
    print(f"one process     {one}\n{SHARDS} tasks, merged {many}")
    cli.equal(many, one, "SHA-256 of the dump")


def check_array(scratch, shard, signal_name, code, **variables):
    listing, base = inputs(scratch)
    ids = submit_and_kill(scratch, listing, shard, KILL_SIGNAL=signal_name, BASE=base, **variables)
    restarts, state = wait_for(ids)
    print(f"array {ids['array']}: {restarts} restarts; merge {state}")
    said = logs(os.path.join(scratch, "work"))
    assert (restarts, state) == (1, "COMPLETED"), said
    for part in (f"shard {shard} got {signal_name}", f"shard {shard} ended with {code}",
                 f"shard {shard} of {SHARDS} on loop"):
        cli.contains(said, part)
    check_index(scratch, listing, base)
    return said


def test_an_array_whose_last_task_is_killed_makes_the_index_of_one_process(scratch):
    said = check_array(scratch, LAST, "KILL", 137, KILL_LAST="1")
    cli.contains(said, f"shard {LAST} is the last one")


def test_an_array_with_a_task_that_ran_out_of_time_makes_it_too(scratch):
    check_array(scratch, FIRST, "USR1", 75)


def test_a_task_that_fails_for_good_is_named_by_the_merge(scratch):
    listing, paths = worker_files.cut_sample(os.path.join(scratch, "in"), 12)
    gone = paths[SHARDS + LAST]
    os.rename(gone, gone + ".away")
    _, state = wait_for(submit(scratch, listing))
    said = logs(os.path.join(scratch, "work"))
    cli.equal(state, "FAILED", said)
    cli.contains(said, f"shard {LAST} ended with 3")
    cli.contains(said, f"part-{LAST:05}-of-{SHARDS:05} is missing: send shard {LAST} again")
    cli.equal(said.count("is missing"), 1, said)
    cli.equal(os.path.exists(os.path.join(scratch, "work/index")), False, "an index was made")

    os.rename(gone + ".away", gone)
    _, state = wait_for(submit(scratch, listing, ARRAY=str(LAST)))
    cli.equal(state, "COMPLETED", logs(os.path.join(scratch, "work")))
    check_index(scratch, listing)


def start_merge_early(scratch, listing, **variables):
    """Kills the last task and lets the merge go while that waits out its requeue, as a Slurm would
    that takes the array for ended. Gives the ids when the merge has queued itself again."""
    ids = submit_and_kill(scratch, listing, LAST, KILL_LAST="1", KILL_SIGNAL="KILL", **variables)
    wait_until("a requeued task", lambda: any(
        state == "PENDING" and restarts == 1 for _, _, state, restarts in jobs(ids["array"])))
    slurm("scontrol", "update", f"JobId={ids['merge']}", "Dependency=")
    wait_until("a requeued merge", lambda: jobs(ids["merge"])[0][2:] == ("PENDING", 1))
    return ids


def test_a_merge_that_starts_too_early_waits(scratch):
    listing, _ = worker_files.cut_sample(os.path.join(scratch, "in"), 12)
    ids = start_merge_early(scratch, listing)
    _, state = wait_for(ids)
    said = logs(os.path.join(scratch, "work"))
    cli.equal(state, "COMPLETED", said)
    cli.contains(said, f"tasks of array {ids['array']} are left: waiting for them, start 0")
    check_index(scratch, listing)


def test_a_merge_waits_so_many_times_and_no_more(scratch):
    listing, _ = worker_files.cut_sample(os.path.join(scratch, "in"), 12)
    ids = start_merge_early(scratch, listing, WAITS_MAX="1")
    let_go(ids["merge"])
    wait_until("the merge", lambda: jobs(ids["merge"])[0][2] in ENDED)
    said = logs(os.path.join(scratch, "work"))
    cli.equal(jobs(ids["merge"])[0][2], "FAILED", said)
    cli.contains(said, f"part-{LAST:05}-of-{SHARDS:05} is missing: send shard {LAST} again")
    slurm("scancel", ids["array"])


if __name__ == "__main__":
    RUNNING = start_slurm()
    os.environ["SLURM_CONF"] = RUNNING["SLURM_CONF"]
    try:
        cli.main(globals())
    finally:
        subprocess.run([os.path.join(HERE, "stop.sh"), RUNNING["SLURM_RUN"]], check=False,
                       timeout=60)
