#!/usr/bin/env python3
"""crawl snapshot against nginx and a server with faults: the index is that of local files."""

import gzip
import json
import os
import random
import signal
import subprocess
import time

import cli
import schemas_test
import snapshot_mirror as mirror


def finished(index):
    """Names of files that the index holds sealed."""
    if not os.path.isdir(index):
        return set()
    out = cli.run("index", "info", "--index", index)
    if out.code != 0:
        return set()
    return {file["name"] for file in out.lines()[0]["files"] if file["sealed"]}


def test_local_mirror(scratch):
    root = mirror.build(os.path.join(scratch, "www"))
    index = os.path.join(scratch, "idx")
    out = cli.run("crawl", "snapshot", mirror.ID, "--index", index, "--mirror", "file://" + root,
                  expect=0)
    schemas_test.check("crawl-snapshot", out.lines())
    cli.equal(out.lines()[0]["files_ingested"], 12, "files")
    cli.equal(mirror.dump(index), mirror.reference(scratch, root), "dump")


def test_refused_without_contact_or_with_a_loopback_address(scratch):
    index = os.path.join(scratch, "idx")
    words = mirror.words(1, index)
    at = words.index("--contact")
    out = cli.run(*words[:at], *words[at + 2:], expect=2)
    cli.contains(out.err, "--contact is needed")
    at = words.index("--allow-private")
    out = cli.run(*words[:at], *words[at + 2:])
    assert out.code != 0
    cli.contains(out.err, "refused-address")
    # kBlockPauseSecondsMax
    for bad in (["--block-pause", "3601"], ["--shard", "4/4"], ["--subset", "wet"],
                ["--rate", "x"], ["--rate", "0"]):
        cli.run(*mirror.words(1, index, *bad), expect=2)


def test_nginx(scratch):
    root = mirror.build(os.path.join(scratch, "www"))
    wanted = mirror.reference(scratch, root)
    index = os.path.join(scratch, "idx")
    with mirror.Nginx(scratch, root) as server:
        out = cli.run(*mirror.words(server.port, index), expect=0)
        schemas_test.check("crawl-snapshot", out.lines())
        cli.equal(mirror.dump(index), wanted, "dump")
        log = server.requests()
        cli.equal(len(log), 14, "12 files and 2 listings, each asked for once")
        for _, status, _, line in log:
            cli.equal(status, 200, line)
            cli.contains(line, '"crawlcard/')
            cli.contains(line, "(+https://example.org/bot)")
            cli.contains(line, " GET ")
        again = cli.run(*mirror.words(server.port, index), expect=0).lines()[0]
        cli.equal(again["files_finished"], 12, "finished before")
        cli.equal(again["requests"], 2, "the listings alone")
        info = cli.run("index", "info", "--index", index, expect=0).lines()[0]
        runs = [value for name, value in info["meta"].items() if name.startswith("run.snapshot")]
        assert runs and "user-agent: crawlcard/" in runs[0], info["meta"]


def test_nginx_missing_files_and_ids(scratch):
    root = mirror.build(os.path.join(scratch, "www"))
    index = os.path.join(scratch, "idx")
    path = f"crawl-data/{mirror.ID}/segments/170000000.1/warc/P-00002.warc.gz"
    os.remove(os.path.join(root, path))
    with mirror.Nginx(scratch, root) as server:
        out = cli.run(*mirror.words(server.port, index), expect=3)
        cli.equal(out.lines()[0]["files_failed"], 1, "failed")
        cli.contains(out.lines()[0]["first_errors"][0]["message"], "404")
        words = mirror.words(server.port, index)
        words[2] = "CC-MAIN-2000-01"
        cli.contains(cli.run(*words, expect=2).err, "no listing of crawl 'CC-MAIN-2000-01'")


def kill_at_random_moments(scratch, keep):
    """Ten kills; nothing finished is asked for again, and the end is that of local files."""
    root = mirror.build(os.path.join(scratch, "www"))
    wanted = mirror.reference(scratch, root)
    index = os.path.join(scratch, "idx")
    more = ["--transfers", "2"] + (["--keep", os.path.join(scratch, "keep")] if keep else [])
    dice = random.Random(7)
    kills = 0
    ranged = 0
    # Slow enough that the kills fall into transfers.
    with mirror.Nginx(scratch, root, "location ~ /segments/ { limit_rate 60k; }") as server:
        for attempt in range(40):
            before = finished(index)
            asked_before = len(server.requests())
            process = subprocess.Popen([cli.CRAWLCARD, *mirror.words(server.port, index, *more)],
                                       stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            if kills < 10:
                time.sleep(dice.uniform(0.15, 0.9))
            else:
                process.wait(timeout=100)
            alive = process.poll() is None
            if alive:
                process.send_signal(signal.SIGKILL)
                kills += 1
            process.communicate()
            time.sleep(0.1)  # for the log
            log = server.requests()[asked_before:]
            asked = [path for _, _, path, _ in log if "/segments/" in path]
            assert not before & set(asked), f"asked again: {before & set(asked)}"
            ranged += sum(1 for _, status, _, _ in log if status == 206)
            if not alive:
                cli.equal(process.returncode, 0, f"exit of attempt {attempt}")
                break
        cli.equal(mirror.dump(index), wanted, "dump")
    assert kills >= 5, kills
    return ranged


def test_nginx_kill(scratch):
    kill_at_random_moments(scratch, keep=False)


def test_nginx_kill_with_keep_goes_on_in_the_middle(scratch):
    ranged = kill_at_random_moments(scratch, keep=True)
    assert ranged > 0, "no half file went on"


def test_nginx_file_that_changes_midway(scratch):
    root = mirror.build(os.path.join(scratch, "www"))
    index = os.path.join(scratch, "idx")
    path = os.path.join(root, f"crawl-data/{mirror.ID}/segments/170000000.1/warc/P-00000.warc.gz")
    keep = os.path.join(scratch, "keep")
    with mirror.Nginx(scratch, root, "location ~ /segments/ { limit_rate 60k; }") as server:
        process = subprocess.Popen(
            [cli.CRAWLCARD, *mirror.words(server.port, index, "--keep", keep, "--subset", "warc",
                                          "--limit", "1")],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(0.7)
        process.kill()
        process.wait()
        part = os.path.join(keep, os.path.relpath(path, root)) + ".part"
        assert os.path.getsize(part) > 0, "no half file"
        with open(path.replace("P-00000", "P-00002"), "rb") as other:
            data = other.read()
        with open(path, "wb") as out:
            out.write(data)
        os.utime(path, (1, 1))
        out = cli.run(*mirror.words(server.port, index, "--keep", keep, "--subset", "warc",
                                    "--limit", "1"), expect=0).lines()[0]
        cli.equal(out["files_ingested"], 1, "files")
        kept = open(os.path.join(keep, os.path.relpath(path, root)), "rb").read()
        assert kept == data, "the new version, not a mixture"
        local = os.path.join(scratch, "local")
        cli.run("ingest", "--index", local, path, expect=0)
        cli.equal(mirror.dump(index), mirror.dump(local), "dump")


def one_budget(scratch, count, rate):
    root = mirror.build(os.path.join(scratch, "www"))
    lease = os.path.join(scratch, "job.lease")
    with mirror.Nginx(scratch, root) as server:
        workers = []
        for rank in range(count):
            words = mirror.words(server.port, os.path.join(scratch, f"idx{rank}"), "--shard",
                                 f"{rank}/{count}", "--budget", lease)
            words[words.index("--rate") + 1] = str(rate)
            workers.append(subprocess.Popen([cli.CRAWLCARD, *words], stdout=subprocess.DEVNULL))
        for worker in workers:
            cli.equal(worker.wait(timeout=100), 0, "exit")
        times = sorted(at for at, _, _, _ in server.requests())
    cli.equal(len(times), count * 2 + 12, "requests")
    # Milliseconds of logging apart, no window of a second holds more than rate + burst.
    for first in range(len(times)):
        window = [at for at in times[first:] if at < times[first] + 1.0]
        assert len(window) <= rate + 2, (len(window), [at - times[0] for at in times])
    files = set().union(*(finished(os.path.join(scratch, f"idx{rank}")) for rank in range(count)))
    cli.equal(len(files), 12, "files of all workers")


def test_nginx_one_budget_for_1_worker(scratch):
    one_budget(scratch, 1, 10)


def test_nginx_one_budget_for_4_workers(scratch):
    one_budget(scratch, 4, 10)


def test_nginx_one_budget_for_16_workers(scratch):
    one_budget(scratch, 16, 20)


def test_nginx_stop_and_go_on(scratch):
    root = mirror.build(os.path.join(scratch, "www"))
    index = os.path.join(scratch, "idx")
    with mirror.Nginx(scratch, root, "location ~ /segments/ { limit_rate 60k; }") as server:
        process = subprocess.Popen([cli.CRAWLCARD, *mirror.words(server.port, index)],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        time.sleep(0.8)
        process.send_signal(signal.SIGTERM)
        began = time.monotonic()
        process.communicate(timeout=60)
        cli.equal(process.returncode, 75, "exit: stopped with work left")
        assert time.monotonic() - began < 10, "a stop does not wait for slow transfers"
        cli.run(*mirror.words(server.port, index), expect=0)
    cli.equal(mirror.dump(index), mirror.reference(scratch, root), "dump")


FAULTS = {
    "busy": ["slowdown:0.4"],
    "resets": ["reset:0.4:segments", "refuse:0.2"],
    "cut": ["truncate:0.5:segments"],
    "errors": ["error500:0.3", "norange:0.5"],
    "bad bytes": ["corrupt:0.2:segments"],
    "all": ["slowdown:0.1", "error500:0.1", "reset:0.1:segments", "truncate:0.1:segments",
            "refuse:0.1", "norange:0.1", "stall:0.05", "drip:0.1:robotstxt/"],
}


def test_faults(scratch):
    if not os.path.exists(mirror.MAKE_WARC):
        print("skipped: make_warc.py is not there")
        return
    root = mirror.build(os.path.join(scratch, "www"))
    wanted = mirror.reference(scratch, root)
    for name, faults in FAULTS.items():
        index = os.path.join(scratch, "idx " + name)
        with mirror.Faulty(scratch, root, *faults, seed=name,
                           more=("--drip-bps", "4000", "--stall-s", "2")) as server:
            out = cli.run(*mirror.words(server.port, index), expect=0).lines()[0]
        cli.equal(out["files_ingested"], 12, name)
        assert out["requests"] > 14 or name == "bad bytes", (name, out)
        cli.equal(mirror.dump(index), wanted, name)


def test_wrong_content_length_on_a_real_server(scratch):
    root = mirror.build(os.path.join(scratch, "www"))
    wanted = mirror.reference(scratch, root)
    for mood, ranges in (("long", True), ("short", True), ("short", False)):
        index = os.path.join(scratch, f"idx {mood} {ranges}")
        # Whole moods for files and listings; what comes after tells the truth.
        with mirror.Moody(root, {"P-00001": [mood], "warc.paths": [mood],
                                 "P-00002": [mood, mood]}, ranges) as server:
            out = cli.run(*mirror.words(server.port, index), expect=0).lines()[0]
            asked = [path for _, _, path in server.log]
        cli.equal((out["files_ingested"], out["files_damaged"]), (12, 0), mood)
        cli.equal(mirror.dump(index), wanted, mood)
        assert 14 < len(asked) < 40, (mood, asked)
        assert sum("P-00002.warc" in path for path in asked) > 2, (mood, asked)


def test_a_403_is_a_block_with_a_pause_and_a_probe(scratch):
    root = mirror.build(os.path.join(scratch, "www"))
    index = os.path.join(scratch, "idx")
    with mirror.Moody(root, {"P-00001": ["block"], "P-00003": ["block"]}) as server:
        words = mirror.words(server.port, index, "--block-pause", "2", "--transfers", "1",
                             "--subset", "warc")
        out = cli.run(*words, expect=0).lines()[0]
        log = list(server.log)
    cli.equal((out["files_ingested"], out["blocks"]), (8, 2), "files, blocks")
    assert out["probes"] >= 2, out
    blocks = [i for i, (_, status, _) in enumerate(log) if status == 403]
    cli.equal(len(blocks), 2, "blocks")
    for i in blocks:
        later = log[i + 1:]
        # Nothing for the pause; then one small file that is known to exist, and only then the rest.
        assert later[0][0] - log[i][0] >= 1.9, (later[0], log[i])
        cli.contains(later[0][2], "warc.paths.gz")
        assert any(path == log[i][2] and status == 200 for _, status, path in later), log
    cli.equal(mirror.dump(index).count("\n") > 10, True, "rows")


def test_latest_is_the_first_of_collinfo(scratch):
    root = mirror.build(os.path.join(scratch, "www"))
    with open(os.path.join(root, "collinfo.json"), "w", encoding="ascii") as out:
        json.dump([{"id": mirror.ID, "name": "x"}, {"id": "CC-MAIN-2026-35"}], out)
    index = os.path.join(scratch, "idx")
    words = ["crawl", "snapshot", "latest", "--index", index, "--mirror", "file://" + root]
    cli.equal(cli.run(*words, expect=0).lines()[0]["crawl"], mirror.ID, "of a local mirror")
    with mirror.Moody(root, {}) as server:
        words = mirror.words(server.port, os.path.join(scratch, "idx2"), "--limit", "1")
        words[2] = "latest"
        out = cli.run(*words, expect=0).lines()[0]
        cli.equal(server.log[0][2], "collinfo.json", "asked first")
    cli.equal((out["crawl"], out["files_ingested"]), (mirror.ID, 2), "of a server")
    with open(os.path.join(root, "collinfo.json"), "w", encoding="ascii") as out:
        out.write("[]")
    words = ["crawl", "snapshot", "latest", "--index", index, "--mirror", "file://" + root]
    cli.contains(cli.run(*words, expect=2).err, "names no crawl")


def test_from_cdx(scratch):
    root = mirror.build(os.path.join(scratch, "www"))
    path = f"crawl-data/{mirror.ID}/segments/170000000.1/warc/P-00000.warc.gz"
    cdx = os.path.join(scratch, "some.cdxj")
    with open(cdx, "w", encoding="ascii") as out:
        offset = 0
        for member in mirror.members(os.path.join(root, path)):
            if b"\r\nWARC-Type: response\r\n" in gzip.decompress(member)[:500]:
                place = {"filename": path, "offset": str(offset), "length": str(len(member))}
                out.write("org,example)/ 20261001000000 " + json.dumps(place) + "\n")
            offset += len(member)
    index = os.path.join(scratch, "idx")
    with mirror.Nginx(scratch, root) as server:
        words = mirror.words(server.port, index, "--from-cdx", cdx, "--warc-dir",
                             os.path.join(scratch, "warc"))
        words.remove(mirror.ID)
        out = cli.run(*words, expect=0)
        schemas_test.check("crawl-snapshot", out.lines())
        cli.equal(out.lines()[0]["captures"], 3, "captures")
        cli.equal(len(server.requests()), 1, "one merged range")
        again = cli.run(*words, expect=0).lines()[0]
        cli.equal(again["cdx"]["known"], True, "known")
        cli.equal(len(server.requests()), 1, "nothing asked again")
    local = cli.run("crawl", "snapshot", "--index", os.path.join(scratch, "local"), "--mirror",
                    "file://" + root, "--from-cdx", cdx, "--warc-dir",
                    os.path.join(scratch, "warc2"), expect=0).lines()[0]
    cli.equal(local["captures"], 3, "captures of a local mirror")
    cli.run(*words, mirror.ID, expect=2)


if __name__ == "__main__":
    tests = dict(globals())
    if mirror.NGINX is None:
        print("skipped: no nginx, so only the tests without it")
        tests = {name: test for name, test in tests.items() if "nginx" not in name and
                 name != "test_from_cdx"}
    cli.main(tests)
