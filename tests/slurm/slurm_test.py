#!/usr/bin/env python3
"""contrib/slurm on a real Slurm on loopback: an array, one task killed and requeued, the merge.

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
KILLED = 0  # others wait behind it: Slurm 22.05 may cancel the merge when the last task is requeued
SECONDS_MAX = 400


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
    for line in slurm("scontrol", "--oneliner", "show", "job", job).splitlines():
        fields = dict(word.split("=", 1) for word in line.split() if "=" in word)
        found.append((fields["JobId"], fields.get("ArrayTaskId"), fields["JobState"],
                      int(fields.get("Restarts", 0))))
    return found


def wait_for(array, merge):
    """Waits for both jobs. A task that waits out its requeue is let go at once. Gives the number of
    restarts."""
    deadline = time.monotonic() + SECONDS_MAX
    while time.monotonic() < deadline:
        tasks = jobs(array)
        for job, _, state, restarts in tasks:
            if state == "PENDING" and restarts > 0:
                slurm("scontrol", "update", f"JobId={job}", "StartTime=now")
        states = {state for _, _, state, _ in jobs(merge)}
        if states & {"COMPLETED", "FAILED", "CANCELLED", "TIMEOUT"}:
            return sum(restarts for _, _, _, restarts in tasks), states
        time.sleep(0.5)
    raise AssertionError(f"no end after {SECONDS_MAX} s: {jobs(array)} {jobs(merge)}")


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


def check_array(scratch, signal_name, code):
    listing, base = inputs(scratch)
    words = ["--base", base] if base else []
    whole = os.path.join(scratch, "whole")
    cli.run("ingest", "--index", whole, *words, "@" + listing, expect=0)
    work = os.path.join(scratch, "work")
    variables = {"CRAWLCARD": os.path.join(HERE, "kill_once.sh"), "REAL_CRAWLCARD": cli.CRAWLCARD,
                 "KILL_SHARD": str(KILLED), "KILL_SIGNAL": signal_name, "BASE": base,
                 "SCRATCH": os.path.join(scratch, "local")}
    submit = os.path.join(cli.ROOT, "contrib/slurm/submit.sh")
    done = subprocess.run([submit, listing, str(SHARDS), work], capture_output=True, text=True,
                          env=os.environ | variables, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    ids = dict(word.split("=") for word in done.stdout.split())
    restarts, states = wait_for(ids["array"], ids["merge"])
    print(f"array {ids['array']}: {restarts} restarts; merge {states}")
    assert states == {"COMPLETED"}, logs(work)
    assert restarts == 1, logs(work)
    said = logs(work)
    for part in (f"shard {KILLED} got {signal_name}", f"shard {KILLED} ended with {code}",
                 f"shard {KILLED} of {SHARDS} on loop"):
        cli.contains(said, part)
    one, many = sha256_of_dump(whole), sha256_of_dump(os.path.join(work, "index"))
    print(f"one process     {one}\n{SHARDS} tasks, merged {many}")
    cli.equal(many, one, "SHA-256 of the dump")


def test_an_array_with_a_killed_task_makes_the_index_of_one_process(scratch):
    check_array(scratch, "KILL", 137)


def test_an_array_with_a_task_that_ran_out_of_time_makes_it_too(scratch):
    check_array(scratch, "USR1", 75)


if __name__ == "__main__":
    RUNNING = start_slurm()
    os.environ["SLURM_CONF"] = RUNNING["SLURM_CONF"]
    try:
        cli.main(globals())
    finally:
        subprocess.run([os.path.join(HERE, "stop.sh"), RUNNING["SLURM_RUN"]], check=False,
                       timeout=60)
