#!/usr/bin/env python3
"""A crawl of virtual publishers in every fault mode: what the index says is what was served.

The publishers are those of ../shared/tools/make_sites.py, which writes down what each of them
states; without that file the test is skipped.
"""

import json
import os
import subprocess
import sys
import time
import urllib.request

import cli

MAKE_SITES = os.path.join(cli.ROOT, "../shared/tools/make_sites.py")
HOSTS = 150
DELAY_MS = 100
FAULTS = {
    "http503", "http429", "http500", "http403", "http401", "http404", "flaky", "redirect1",
    "redirect5", "redirect6", "redirect-loop", "redirect-cross", "stall", "drip", "slow-headers",
    "reset", "truncate", "badlen", "badchunk", "chunked", "gzip", "badgzip", "huge", "endless",
    "bighead", "html-robots", "utf8-bom", "utf16", "cr-only", "crlf", "nul", "latin1", "empty",
    "close"}
# Faults that change nothing of what is said.
SAME = {None, "bighead", "redirect1", "redirect5", "chunked", "gzip", "utf8-bom", "cr-only", "crlf",
        "latin1", "http10", "flaky"}
# What the verdict says about the robots.txt of the others.
ROBOTS_STATES = {
    "unreachable": {"http503", "http429", "http500", "stall", "drip", "reset", "truncate",
                    "badchunk", "close"},
    "unavailable": {"http403", "http401", "http404", "redirect6", "redirect-loop"},
    "ok-empty": {"html-robots", "empty"},
}


class Sites:
    def __init__(self, scratch):
        self.out = os.path.join(scratch, "sites")
        self.process = subprocess.Popen(
            [sys.executable, MAKE_SITES, "serve", "--hosts", str(HOSTS), "--addresses", "30",
             "--port", "0", "--out", self.out, "--real", "0", "--faults", "0.7", "--seed", "3",
             "--stall-s", "15", "--max-seconds", "110"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        ready = os.path.join(self.out, "ready")
        for _ in range(600):
            if os.path.exists(ready):
                break
            time.sleep(0.05)
        with open(os.path.join(self.out, "sites.jsonl"), encoding="utf-8") as file:
            self.sites = [json.loads(line) for line in file]
        self.port = self.sites[0]["port"]

    def log(self):
        with urllib.request.urlopen(f"http://127.0.1.1:{self.port}/__log", timeout=20) as answer:
            return json.load(answer)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()


def crawl(sites, scratch, index):
    seeds = os.path.join(scratch, "seeds")
    with open(seeds, "w", encoding="ascii") as file:
        file.writelines(f"http://{site['host']}:{sites.port}/\n" for site in sites.sites)
    return cli.run("crawl", "publishers", "--warc-dir", os.path.join(scratch, "warc"), "--index",
                   index, "--contact", "https://example.org/bot", "--allow-private", "127.0.0.0/8",
                   "--hosts-file", os.path.join(sites.out, "hosts.txt"), "--host-delay",
                   str(DELAY_MS), "--address-delay", "1", "--timeout", "3", "--progress", "none",
                   "--format", "jsonl", "@" + seeds, expect=0).lines()[0]


def verdicts(sites, index, agent):
    urls = "".join(f"http://{site['host']}:{sites.port}/\n" for site in sites.sites)
    out = cli.run("check", "--index", index, "--agent", agent, "--use", "crawl", "--policy",
                  "robots-only", "--as-of", "now", "--format", "jsonl", "-", stdin=urls.encode())
    return {line["url"].split("/")[2].split(":")[0]: line for line in out.lines()}


def signals(index, port):
    """Host and file to the signals that the index holds of it; licences stand under "licence"."""
    found = {}
    for line in cli.run("dump", "--index", index, "--format", "jsonl", expect=0).lines():
        facts = line.get("facts")
        if not facts:
            continue
        name = (facts.get("well_known") or {}).get("file") or facts["url"].split(f":{port}")[-1]
        host = found.setdefault(facts["host"], {})
        host.setdefault(name, []).extend(facts["signals"])
        if facts["licences"]:
            host.setdefault(name, []).append({"family": "licence"})
    return found


class Tally:
    def __init__(self):
        self.same = {}
        self.different = []

    def note(self, kind, good, site, detail=None):
        if good:
            self.same[kind] = self.same.get(kind, 0) + 1
        else:
            self.different.append((kind, site["host"], site["fault"], detail))

    def check(self, *kinds):
        assert not self.different, self.different[:10]
        for kind in kinds:
            assert self.same.get(kind, 0) > 0, (kind, self.same)


def compare_agents(sites, index):
    agents = next(site["agents"] for site in sites.sites if site["agents"])
    tally = Tally()
    for agent in agents:
        if any(c.isdigit() for c in agent):
            continue  # no product token of RFC 9309: docs/formats/signals.md 1.3
        got = verdicts(sites, index, agent)
        for site in sites.sites:
            if site["fault"] not in SAME or not site["agents"]:
                continue
            refused = site["robots"] != "none" and site["agents"].get(agent) == "disallow"
            decision = got[site["host"]]["decision"]
            tally.note("agents", (decision == "deny") == refused, site, (agent, decision))
    tally.check("agents")
    assert tally.same["agents"] > 500, tally.same


def compare_states(sites, index):
    tally = Tally()
    got = verdicts(sites, index, "*")
    for state, faults in ROBOTS_STATES.items():
        for site in sites.sites:
            if site["fault"] not in faults:
                continue
            verdict = got[site["host"]]
            robots = next(c for c in verdict["coverage"] if c["carrier"] == "robots.txt")
            tally.note(site["fault"], robots["state"] == state, site, robots)
            blind = verdict["decision"] == "indeterminate"
            tally.note("decision", blind == (state == "unreachable"), site, verdict["decision"])
    tally.check("decision", *set().union(*ROBOTS_STATES.values()))


def compare_signals(sites, index):
    tally = Tally()
    found = signals(index, sites.port)
    for site in sites.sites:
        if site["fault"] not in SAME or site["fault"] in ("redirect1", "redirect5", "flaky"):
            continue
        files = found.get(site["host"], {})

        def of(name, family, carrier=None, files=files):
            return [s for s in files.get(name, []) if s["family"] == family and
                    carrier in (None, s.get("carrier"))]

        contents = of("robots.txt", "content-signal")
        tally.note("content-signal", bool(contents) == bool(site["content_signal"]), site)
        if contents:
            wanted = sorted(tuple(pair.strip().split("="))
                            for pair in site["content_signal"].split(","))
            tally.note("its pairs", sorted({(s["key"], s["value"]) for s in contents}) == wanted,
                       site, contents)
        tally.note("content-usage",
                   bool(of("robots.txt", "aipref")) == bool(site["content_usage"]), site)
        tally.note("rsl", bool(of("robots.txt", "rsl")) == (site["rsl_via"] == "robots.txt"), site)
        if site["robots"] in (None, "block-all"):
            continue  # the rest is not asked for
        tally.note("tdmrep", bool(of("tdmrep.json", "tdmrep", "well-known")) ==
                   (site["tdmrep"] not in (None, "invalid", "object")), site, site["tdmrep"])
        spawning = of("ai.txt", "ai-txt") + of("ai.txt", "ai-txt-car")
        tally.note("ai.txt", bool(spawning) == (site["ai_txt"] in ("block", "allow", "media")),
                   site, site["ai_txt"])
        tally.note("trust.txt",
                   bool(of("trust.txt", "trust-txt")) == bool(site["trust_txt"]), site)
        carriers = {s.get("carrier") for s in files.get("/", [])}
        fields = {name for name in site["header"] if name != "link"}
        tally.note("fields", ("http-header" in carriers) == bool(fields), site, site["header"])
        metas = {name for name in site["meta"] if name != "dcterms.rights"}
        tally.note("metas", ("html-meta" in carriers) == bool(metas), site, site["meta"])
        licensed = site["license"] or "link" in site["header"] or "dcterms.rights" in site["meta"]
        tally.note("licence", bool(of("/", "licence")) == bool(licensed), site)
    tally.check("content-signal", "content-usage", "rsl", "tdmrep", "ai.txt", "trust.txt",
                "fields", "metas", "licence")


def test_the_index_says_what_publishers_served_whatever_their_faults(scratch):
    index = os.path.join(scratch, "idx")
    with Sites(scratch) as sites:
        missing = FAULTS - {site["fault"] for site in sites.sites}
        assert not missing, f"another seed: no {missing}"
        done = crawl(sites, scratch, index)
        log = sites.log()
    cli.equal(done["publishers_finished"] >= HOSTS, True, "publishers finished")
    gap = min(host["min_gap_s"] for host in log["hosts"].values() if host["min_gap_s"])
    assert gap >= DELAY_MS / 1000 - 0.002, gap
    compare_agents(sites, index)
    compare_states(sites, index)
    compare_signals(sites, index)


if __name__ == "__main__":
    if not os.path.exists(MAKE_SITES):
        print(f"skipped: {MAKE_SITES} is not there")
        sys.exit(77)
    cli.main(globals())
