#!/usr/bin/env python3
"""crawlcard crawl publishers against publishers on loopback, in every mood, with kills."""

import glob
import gzip
import json
import os
import signal
import subprocess
import time

import jsonschema

import cli
import publisher_server

MOODS = ["well", "hung", "slow", "reset", "loop", "huge", "bomb", "error", "busy", "shell",
         "refuses", "gone"]
DELAY_MS = 150


def words(publishers, scratch, *more):
    directory = () if "--warc-dir" in more else ("--warc-dir", os.path.join(scratch, "warc"))
    return ["crawl", "publishers", *directory, "--contact", "https://example.org/bot",
            "--allow-private", "127.0.0.0/8",
            "--hosts-file", publishers.hosts_file(os.path.join(scratch, "hosts")),
            "--host-delay", str(DELAY_MS), "--address-delay", "1", "--timeout", "2",
            "--format", "jsonl", *more, *publishers.seeds()]


def crawl(publishers, scratch, *more, expect=0):
    outcome = cli.run(*words(publishers, scratch, *more), expect=expect)
    return outcome.lines()[0] if outcome.out else {}


def archives(scratch):
    return sorted(glob.glob(os.path.join(scratch, "warc", "*.warc.gz")))


def decision(index, url, agent="*"):
    done = cli.run("check", "--index", index, "--agent", agent, "--format", "jsonl",
                   "--policy", "eu-tdm", url)
    return done.lines()[0]


def record_at(scratch, pointer):
    with open(os.path.join(scratch, "warc", os.path.basename(pointer["file"])), "rb") as file:
        file.seek(pointer["offset"])
        return gzip.decompress(file.read(pointer["length"])).decode("utf-8")


def check_gap(publishers):
    # The clock of the log and that of the crawl differ by the way through two schedulers.
    assert publishers.shortest_gap() >= DELAY_MS / 1000 - 0.002, publishers.shortest_gap()


def test_every_mood_ends_by_class_and_the_index_says_what_was_served(scratch):
    index = os.path.join(scratch, "idx")
    moods = {f"{mood}.test": mood for mood in MOODS}
    with publisher_server.Publishers(moods) as publishers:
        done = crawl(publishers, scratch, "--index", index)
        check_gap(publishers)
        cli.equal(publishers.paths("refuses.test"), ["/robots.txt"], "asked of who refuses")
        for host in ("error.test", "busy.test", "reset.test", "hung.test", "slow.test"):
            cli.equal(set(publishers.paths(host)), {"/robots.txt"}, f"asked of {host}")
        assert "/trust.txt" not in publishers.paths("well.test")
        cli.equal(len(publishers.paths("loop.test")), 6 + 7, "asked of loop.test")
        port = publishers.port
    with open(os.path.join(cli.ROOT, "docs/schemas/crawl-publishers.v1.schema.json"),
              encoding="utf-8") as file:
        jsonschema.Draft7Validator(json.load(file)).validate(done)
    cli.equal(done["publishers_finished"], len(MOODS), "publishers finished")
    for outcome in ("ok", "absent", "soft-404", "disallowed", "unreachable", "redirect-lost",
                    "busy", "server-error", "failed"):
        assert done["steps"].get(outcome), (outcome, done["steps"])
    cli.equal(done["errors"].get("timeout", 0) + done["errors"].get("too-slow", 0), 4, "timeouts")
    tdm = decision(index, f"http://well.test:{port}/")
    cli.equal(tdm["decision"], "deny", "well.test reserves mining")
    cli.equal(decision(index, f"http://shell.test:{port}/")["decision"], "unspecified", "shell")
    cli.equal(decision(index, f"http://refuses.test:{port}/x")["decision"], "deny", "refuses.test")
    cli.equal(decision(index, f"http://error.test:{port}/")["decision"], "indeterminate", "error")
    # RFC 9309 section 2.3.1.4, with the record that says so.
    for host, error in (("hung.test", "timeout"), ("reset.test", "no-answer"),
                        ("gone.test", "connect-refused"), ("slow.test", "too-slow")):
        verdict = decision(index, f"http://{host}:{port}/")
        cli.equal(verdict["decision"], "indeterminate", host)
        robots = next(c for c in verdict["coverage"] if c["carrier"] == "robots.txt")
        cli.equal(robots["state"], "unreachable", host)
        record = record_at(scratch, robots["warc"])
        cli.contains(record, f"WARC-Target-URI: http://{host}:{port}/robots.txt\r\n")
        if host == "slow.test":
            cli.contains(record, "WARC-Type: response\r\n")
        else:
            cli.contains(record, "WARC-Type: metadata\r\n")
            cli.contains(record, f"crawlcard-error: {error}\r\n")
    manifest = cli.run("index", "info", "--index", index, "--format", "jsonl", expect=0).out
    cli.contains(manifest, "one request at a time and 150 ms between requests to a host")


def test_no_contact_no_crawl_and_no_loopback_unless_named(scratch):
    with publisher_server.Publishers({"well.test": "well"}) as publishers:
        refused = [w for w in words(publishers, scratch)
                   if w not in ("--contact", "https://example.org/bot")]
        cli.contains(cli.run(*refused, expect=2).err, "--contact")
        closed = [w for w in words(publishers, scratch)
                  if w not in ("--allow-private", "127.0.0.0/8")]
        done = cli.run(*closed, expect=0).lines()[0]
        cli.equal(done["errors"], {"refused-address": done["requests"]}, "errors")
        cli.equal(publishers.log, [], "requests seen")


def test_unchanged_files_become_revisits_and_the_same_answers(scratch):
    index = os.path.join(scratch, "idx")
    with publisher_server.Publishers({"well.test": "well"}) as publishers:
        crawl(publishers, scratch, "--index", index)
        seen = len(publishers.log)
        again = crawl(publishers, scratch, "--index", index)
        cli.equal((again["requests"], again["publishers_fresh"]), (0, 1), "a fresh publisher")
        cli.equal(len(publishers.log), seen, "requests")
        stale = crawl(publishers, scratch, "--index", index, "--stale", "0s")
        cli.equal(stale["steps"].get("not-modified"), 3, "not modified")
        cli.equal(sum(conditional for *_, conditional in publishers.log), 3, "conditional requests")
        cli.equal(decision(index, f"http://well.test:{publishers.port}/")["decision"], "deny",
                  "the answer after a 304")
        check_gap(publishers)


def start(publishers, scratch, *more):
    return subprocess.Popen([cli.CRAWLCARD, *words(publishers, scratch, *more)],
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def test_kills_lose_nothing_and_break_no_delay(scratch):
    index = os.path.join(scratch, "idx")
    hosts = {f"h{i}.test": "well" for i in range(20)}
    with publisher_server.Publishers(hosts) as publishers:
        for seconds in (0.3, 0.5, 0.2, 0.7):
            process = start(publishers, scratch, "--index", index)
            time.sleep(seconds)
            process.send_signal(signal.SIGKILL)
            process.communicate()
        crawl(publishers, scratch, "--index", index)
        check_gap(publishers)
        for host in hosts:
            cli.equal(set(publishers.paths(host)),
                      {"/robots.txt", "/.well-known/tdmrep.json", "/ai.txt", "/.well-known/ai.txt",
                       "/.well-known/ai.json", "/.well-known/trust.txt", "/"}, host)
            cli.equal(decision(index, f"http://{host}:{publishers.port}/")["decision"], "deny",
                      host)
        asked = len(publishers.log)
        assert asked <= 7 * len(hosts) + 4 * 64, asked
    assert not glob.glob(os.path.join(scratch, "warc", "*.open"))
    cli.run("extract", "--format", "none", "--verify-digests", *archives(scratch), expect=0)


def test_a_polite_stop_seals_and_says_start_again(scratch):
    with publisher_server.Publishers({f"h{i}.test": "well" for i in range(5)}) as publishers:
        process = start(publishers, scratch)
        time.sleep(0.5)
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=30)
        cli.equal(process.returncode, 75, err)
        assert archives(scratch), "nothing was sealed"
        assert not glob.glob(os.path.join(scratch, "warc", "*.open"))
        done = crawl(publishers, scratch)
        cli.equal(done["publishers_finished"], 5, "publishers finished")
        check_gap(publishers)


def test_shards_share_publishers_out_by_site(scratch):
    hosts = {f"{name}.site{i}.test": "well" for i in range(8) for name in ("a", "b")}
    with publisher_server.Publishers(hosts) as publishers:
        seen = []
        for shard in ("0/3", "1/3", "2/3"):
            before = len(publishers.log)
            crawl(publishers, scratch, "--warc-dir", os.path.join(scratch, shard[0]),
                  "--shard", shard)
            seen.append({host for host, *_ in publishers.log[before:]})
    cli.equal(set().union(*seen), set(hosts), "hosts asked")
    cli.equal(sum(map(len, seen)), len(hosts), "hosts asked twice")
    for share in seen:
        for host in share:
            twin = ("b" if host[0] == "a" else "a") + host[1:]
            assert twin in share, (host, seen)


if __name__ == "__main__":
    cli.main(globals())
