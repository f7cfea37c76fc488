#!/usr/bin/env python3
"""Many workers on one listing: shares, parts, duplicates, stops and kills."""

import os
import random
import signal
import subprocess
import time

import cli
import worker_files
from worker_files import dump, run_in

FILES = 13


def reference(scratch, listing):
    index = os.path.join(scratch, "reference")
    cli.run("ingest", "--index", index, "@" + listing, expect=0)
    return dump(index)


def part_path(parts, part, of):
    return os.path.join(parts, f"part-{part:05}-of-{of:05}")


def merge(scratch, name, indexes, whole):
    """Merges in any order, one of them twice, and compares with the dump of one process."""
    into = os.path.join(scratch, name)
    if worker_files.has_merge():
        cli.run("merge", "--into", into, *reversed(indexes), expect=0)
        cli.run("merge", "--into", into, indexes[0], expect=0)
        cli.equal(dump(into) == whole, True, f"dump of {name}")
    cli.equal(worker_files.union_of_lines(indexes), set(whole.splitlines()), name)


def test_any_number_of_workers_makes_the_same_rows(scratch):
    listing, _ = worker_files.cut_sample(os.path.join(scratch, "in"), FILES)
    whole = reference(scratch, listing)
    for count in (1, 3, 16):
        parts = os.path.join(scratch, f"parts{count}")
        workers = list(range(count))
        random.Random(count).shuffle(workers)
        missing = []
        for rank in workers:
            out = cli.run("ingest", "--index", os.path.join(scratch, f"i{count}.{rank}"), "--shard",
                          f"{rank}/{count}", "--publish", parts, "@" + listing, expect=0).lines()[0]
            assert out["part"]["published"] and out["part"]["by_this_run"], out
            missing.append(out["part"]["parts_missing"])
        cli.equal(missing, list(range(count))[::-1], "parts missing")
        indexes = [part_path(parts, rank, count) for rank in range(count)]
        merge(scratch, f"merged{count}", indexes, whole)


def test_ranks_come_from_the_batch_system(scratch):
    listing, _ = worker_files.cut_sample(os.path.join(scratch, "in"), 4)

    def files(variables, flag):
        index = os.path.join(scratch, f"idx{len(os.listdir(scratch))}")
        run_in(variables, "ingest", "--index", index, "--shard", flag, "@" + listing)
        info = cli.run("index", "info", "--index", index, expect=0).lines()
        return [each["name"] for line in info for each in line["files"]]

    array = {"SLURM_ARRAY_TASK_ID": 3, "SLURM_ARRAY_TASK_MIN": 1, "SLURM_ARRAY_TASK_MAX": 3,
             "SLURM_ARRAY_TASK_COUNT": 2, "SLURM_JOB_ID": 9, "SLURM_PROCID": 0, "SLURM_NTASKS": 1}
    cli.equal(files(array, "auto/4"), ["f03.warc.gz"], "a partial array")
    cli.equal(files({"JOB_COMPLETION_INDEX": 1}, "auto/2"), ["f01.warc.gz", "f03.warc.gz"], "job")
    mpi = {"OMPI_COMM_WORLD_RANK": 0, "OMPI_COMM_WORLD_SIZE": 4, "PMI_RANK": 0, "PMI_SIZE": 4}
    cli.equal(files(mpi, "auto"), ["f00.warc.gz"], "MPI")


def test_ranks_that_contradict_each_other_are_refused(scratch):
    listing, _ = worker_files.cut_sample(os.path.join(scratch, "in"), 4)
    index = os.path.join(scratch, "idx")

    def refused(variables, flag, *parts):
        for words in (("ingest", "--index", index), ("extract",)):
            out = run_in(variables, *words, "--shard", flag, "@" + listing, expect=2)
            for part in parts:
                cli.contains(out.err, part)
        assert not os.path.exists(index)

    refused({"SLURM_PROCID": 1, "SLURM_NTASKS": 4, "SLURM_STEP_ID": 0, "JOB_COMPLETION_INDEX": 2},
            "auto/4", "SLURM_PROCID=1 SLURM_NTASKS=4", "JOB_COMPLETION_INDEX=2")
    refused({"SLURM_ARRAY_TASK_ID": 3}, "0/4", "--shard 0/4", "SLURM_ARRAY_TASK_ID=3")
    refused({"JOB_COMPLETION_INDEX": 2}, "auto", "auto/N")
    refused({}, "auto/4", "no rank")
    refused({"PMI_RANK": "two"}, "auto/4", "PMI_RANK='two'")
    cli.run("ingest", "--index", index, "--shard", "0/2", os.path.dirname(listing), expect=2)


def test_a_second_worker_on_the_same_index_is_locked_out(scratch):
    listing, paths = worker_files.cut_sample(os.path.join(scratch, "in"), 3)
    index = os.path.join(scratch, "idx")
    with worker_files.start("ingest", "--index", index, "-", stdin=subprocess.PIPE) as first:
        while not os.path.exists(os.path.join(index, "writer.lock")):
            time.sleep(0.01)
        out = cli.run("ingest", "--index", index, "@" + listing)
        while out.code == 0:  # it came before the first one took the lock
            out = cli.run("ingest", "--index", index, "@" + listing)
        cli.equal(out.code, 4, "exit")
        cli.contains(out.err, "is locked by")
        with open(paths[0], "rb") as file:
            first.communicate(file.read())
        cli.equal(first.returncode, 0, "the first worker")


def test_a_duplicate_worker_loses_nothing(scratch):
    listing, _ = worker_files.cut_sample(os.path.join(scratch, "in"), FILES)
    parts = os.path.join(scratch, "parts")
    # Two at once, and one that comes when the part is there: none of them fails.
    words = ["--shard", "1/3", "--publish", parts, "@" + listing]
    twins = [worker_files.start("ingest", "--index", os.path.join(scratch, f"i{i}"), *words)
             for i in range(2)]
    outs = [twin.communicate()[0] for twin in twins]
    cli.equal([twin.returncode for twin in twins], [0, 0], "exits")
    by_them = [b'"by_this_run":true' in out for out in outs]
    cli.equal(sorted(by_them), [False, True], "who published")
    late = cli.run("ingest", "--index", os.path.join(scratch, "late"), *words, expect=0).lines()[0]
    cli.equal(late["files_ingested"], 0, "files read again")
    cli.equal(late["part"]["by_this_run"], False, "published again")
    assert not os.path.exists(os.path.join(scratch, "late"))
    cli.equal(sorted(os.listdir(parts)), ["part-00001-of-00003", "parts.json"], "parts")
    cli.equal(dump(part_path(parts, 1, 3)), dump(os.path.join(scratch, "i0")), "dump")
    # Both indexes of the twins merge into that of one of them.
    merge(scratch, "merged", [os.path.join(scratch, f"i{i}") for i in range(2)],
          dump(part_path(parts, 1, 3)))


def test_parts_of_different_builds_do_not_mix(scratch):
    listing, paths = worker_files.cut_sample(os.path.join(scratch, "in"), 4)
    parts = os.path.join(scratch, "parts")

    def worker(shard, *words, expect=0):
        return cli.run("ingest", "--index", os.path.join(scratch, "i"), "--shard", shard,
                       "--publish", parts, *words, expect=expect)

    worker("0/2", "@" + listing)
    refused = worker("1/3", "@" + listing, expect=2)
    cli.contains(refused.err, "parts of another build")
    worker("1/2", "@" + listing, "--language", "off", expect=2)
    with open(listing, "a", encoding="utf-8") as file:
        file.write(paths[0].replace("f00", "f99") + "\n")
    worker("1/2", "@" + listing, expect=2)


def test_a_part_whose_files_failed_is_not_published(scratch):
    listing, paths = worker_files.cut_sample(os.path.join(scratch, "in"), 4)
    parts, index = os.path.join(scratch, "parts"), os.path.join(scratch, "i")
    words = ["ingest", "--index", index, "--shard", "0/2", "--publish", parts, "@" + listing]
    os.rename(paths[2], paths[2] + ".away")
    out = cli.run(*words, expect=3).lines()[0]
    cli.equal((out["files_failed"], out["part"]["published"]), (1, False), "failed")
    assert not os.path.exists(part_path(parts, 0, 2))
    os.rename(paths[2] + ".away", paths[2])
    out = cli.run(*words, expect=0).lines()[0]
    cli.equal((out["files_ingested"], out["files_skipped"]), (1, 1), "the rest")
    cli.equal(out["part"]["published"], True, "published")
    # Damage is a fact, and facts are published.
    with open(paths[1], "rb") as file:
        cut = file.read()[:-100]
    with open(paths[1], "wb") as file:
        file.write(cut)
    words[words.index("0/2")] = "1/2"
    words[2] = os.path.join(scratch, "i1")
    out = cli.run(*words, expect=3).lines()[0]
    cli.equal((out["files_damaged"], out["part"]["published"]), (1, True), "damaged")


def stop_in_the_middle(scratch, signal_number):
    """A worker stopped while it reads its fifth file, which comes through a pipe."""
    listing, paths = worker_files.cut_sample(os.path.join(scratch, "in"), FILES)
    whole = reference(scratch, listing)
    index, parts = os.path.join(scratch, "idx"), os.path.join(scratch, "parts")
    words = ["ingest", "--index", index, "--jobs", "1", "--publish", parts, "@" + listing]
    with open(paths[4], "rb") as file:
        data = file.read()
    os.rename(paths[4], paths[4] + ".away")
    os.mkfifo(paths[4])
    with worker_files.start(*words) as worker:
        worker_files.signal_within(paths[4], data, worker, signal_number)
        err = worker.communicate()[1].decode()
    os.rename(paths[4] + ".away", paths[4])
    return worker.returncode, err, words, index, parts, whole


def check_stop(scratch, signal_number, code):
    got, err, words, index, parts, whole = stop_in_the_middle(scratch, signal_number)
    cli.equal(got, code, "exit")
    cli.contains(err, f"(4 of {FILES} files done, {FILES - 4} left)")
    cli.equal(os.listdir(parts), ["parts.json"], "published")
    seen = cli.run("dump", "--index", index, expect=0).lines()
    cli.equal(sum(line["family"] == "files" for line in seen), 4, "files that readers see")
    out = cli.run(*words, expect=0).lines()[0]
    cli.equal((out["files_skipped"], out["files_ingested"]), (4, FILES - 4), "after the stop")
    cli.equal(dump(part_path(parts, 0, 1)), whole, "dump")


def test_sigterm_finishes_the_record_and_asks_to_be_started_again(scratch):
    check_stop(scratch, signal.SIGTERM, 75)


def test_sigusr1_finishes_the_record_and_asks_to_be_started_again(scratch):
    check_stop(scratch, signal.SIGUSR1, 75)


def test_sigint_is_an_interruption(scratch):
    check_stop(scratch, signal.SIGINT, 130)


def test_kills_at_random_moments_change_no_row(scratch):
    listing, paths = worker_files.cut_sample(os.path.join(scratch, "in"), FILES)
    whole = reference(scratch, listing)
    seed = int(os.environ.get("CRAWLCARD_SIM_SEED", time.time_ns() % 10**9))
    print(f"CRAWLCARD_SIM_SEED={seed}")
    dice = random.Random(seed)
    dice.shuffle(paths)  # another order of the lines is another split of the same files
    with open(listing, "w", encoding="utf-8") as file:
        file.writelines(path + "\n" for path in paths)
    parts = os.path.join(scratch, "parts")
    kills = 0
    for rank in range(3):
        words = ["ingest", "--index", os.path.join(scratch, f"i{rank}"), "--shard", f"{rank}/3",
                 "--publish", parts, "@" + listing]
        started = time.monotonic()
        with worker_files.start(*words[:2], os.path.join(scratch, f"t{rank}"), *words[3:5], "0/1",
                                "@" + listing) as timed:
            timed.communicate()
        seconds = time.monotonic() - started
        for _ in range(8):
            with worker_files.start(*words) as worker:
                time.sleep(dice.uniform(0, seconds))
                worker.kill()
                worker.communicate()
            kills += worker.returncode == -signal.SIGKILL
        cli.run(*words, expect=0)
    assert kills > 0
    indexes = [part_path(parts, rank, 3) for rank in range(3)]
    merge(scratch, "merged", indexes, whole)
    cli.equal(sorted(os.listdir(parts)),
              [os.path.basename(each) for each in indexes] + ["parts.json"], "parts")


def test_extract_takes_paths_on_standard_input(scratch):
    listing, paths = worker_files.cut_sample(os.path.join(scratch, "in"), 4)
    direct = cli.run("extract", *paths, expect=0).out
    cli.equal(cli.run("extract", "@" + listing, expect=0).out, direct, "@LISTING")
    lines = "".join(path + "\n" for path in paths).encode()
    cli.equal(cli.run("extract", "@-", stdin=lines, expect=0).out, direct, "@-")
    cli.equal(cli.run("extract", "@-", stdin=b"", expect=0).out, "", "no paths")
    shares = [cli.run("extract", "--shard", f"{rank}/2", "@" + listing, expect=0).out.splitlines()
              for rank in range(2)]
    cli.equal(sorted(sum(shares, [])), sorted(direct.splitlines()), "shares")
    # A path that cannot be read is said and counted, the others come out.
    some = cli.run("extract", "@-", stdin=lines + b"nonesuch.warc.gz\n", expect=3)
    cli.equal(some.out, direct, "the others")
    cli.contains(some.err, "nonesuch.warc.gz")


if __name__ == "__main__":
    cli.main(globals())
