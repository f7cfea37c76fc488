#!/usr/bin/env python3
"""diff on hosts made here: what appeared, tightened, loosened, vanished, contradicts."""

import os

import cli
import schemas_test
from history_test import record, snapshots

EARLY, LATE = "2024-01-01T00:00:00Z", "2026-01-01T00:00:00Z"
ALL, NONE, GPT = ("User-agent: *\nAllow: /\n", "User-agent: *\nDisallow: /\n",
                  "User-agent: *\nAllow: /\n\nUser-agent: GPTBot\nDisallow: /\n")
SIGNAL = "User-agent: *\nContent-Signal: ai-train={}\nAllow: /\n"


def page(url):
    return record(url, EARLY, "200 OK", "<p>text").replace(b"text/plain", b"text/html ")


def two_sides(scratch, sites):
    """An index of hosts with a robots.txt at each date (None: 404), and two pages each."""
    early, late = [], []
    for host, (before, after) in sites.items():
        url = f"https://{host}/robots.txt"
        for records, date, body in ((early, EARLY, before), (late, LATE, after)):
            if body is not False:
                records.append(record(url, date, "404 Not Found" if body is None else "200 OK",
                                      body or ""))
        early += [page(f"https://{host}/a"), page(f"https://{host}/b")]
    index, directory = os.path.join(scratch, "idx"), os.path.join(scratch, "crawl-data")
    for name, records in (("CC-MAIN-2024-10", early), ("CC-MAIN-2026-10", late)):
        os.makedirs(os.path.join(directory, name))
        with open(os.path.join(directory, name, "a.warc"), "wb") as file:
            file.write(b"".join(records))
    cli.run("ingest", "--index", index, "--partitions", "3", directory, expect=0)
    return index


SITES = {
    "appeared.example.org": (None, NONE),
    "gone.example.org": (NONE, None),
    "tight.example.com": (ALL, GPT),
    "loose.example.com": (GPT, ALL),
    "same.example.com": (ALL, "# " + ALL + ALL),
    "signal.example.net": (SIGNAL.format("yes"), SIGNAL.format("no")),
    "new.example.net": (False, NONE),
}


def brief(lines):
    return {line["host"]: [(one["change"], one["family"], one["agent"], one["effect"])
                           for one in line["signals"]]
            for line in lines if line["kind"] == "host"}


def test_what_became_of_each_host(scratch):
    index = two_sides(scratch, SITES)
    words = ["diff", "--index", index, "--format", "jsonl"]
    out = cli.run(*words, "--from", "2024-06-01", "--to", "2026-06-01", expect=1)
    schemas_test.check("diff", out.lines())
    cli.equal(brief(out.lines()), {
        "appeared.example.org": [("appeared", "robots", "*", "stricter")],
        "gone.example.org": [("vanished", "robots", "*", "looser")],
        "tight.example.com": [("tightened", "robots", "GPTBot", "stricter")],
        "loose.example.com": [("loosened", "robots", "GPTBot", "looser")],
        "signal.example.net": [("tightened", "content-signal", "*", "stricter")],
    })
    summary = out.lines()[-1]
    cli.equal([summary[key] for key in ("kind", "hosts_changed", "domains_changed", "pages",
                                        "files_compared", "files_new")],
              ["summary", 5, 3, 10, 6, 1])
    of_gpt = [one for one in summary["totals"] if one["agent"] == "GPTBot"]
    cli.equal([(one["change"], one["operator"], one["hosts"], one["pages"]) for one in of_gpt],
              [("tightened", "OpenAI", 1, 2), ("loosened", "OpenAI", 1, 2)])
    tight = next(line for line in out.lines() if line.get("host") == "tight.example.com")
    cli.equal(tight["signals"][0]["lines"][1],
              {"line": "+ Disallow: /", "path": "/", "use": "crawl", "effect": "stricter"})

    for jobs in ("1", "4"):
        again = cli.run(*words, "--jobs", jobs, "--from", "2024-06-01", "--to", "2026-06-01",
                        expect=1)
        cli.equal(again.out, out.out, "jobs")
    named = cli.run(*words, "--from", "CC-MAIN-2024-10", "--to", "CC-MAIN-2026-10", expect=1)
    cli.equal(brief(named.lines()), brief(out.lines()))
    back = cli.run(*words, "--from", "2026-06-01", "--to", "2024-06-01", expect=1)
    cli.contains(back.err, "told backwards")
    cli.equal(brief(back.lines())["tight.example.com"],
              [("loosened", "robots", "GPTBot", "looser")])
    one = cli.run(*words, "--from", "2024-06-01", "--to", "2026-06-01", "tight.example.com",
                  expect=1)
    cli.equal(list(brief(one.lines())), ["tight.example.com"])
    other = cli.run(*words, "--from", "2024-06-01", "--to", "2026-06-01", "--agent", "CCBot",
                    "tight.example.com", "same.example.com", expect=0)
    cli.equal(len(other.lines()), 1)


def test_wrong_questions(scratch):
    index = two_sides(scratch, {"same.example.com": (ALL, ALL)})
    cli.run("diff", "--index", index, "--from", "2024", "--to", "2026", expect=0)
    cli.run("diff", "--index", index, "--from", "2024", expect=2)
    cli.run("diff", "--index", index, "--from", "CC-MAIN-1999-01", "--to", "now", expect=2)
    cli.run("diff", "--index", index, "--contradictions", "--from", "2024", expect=2)


def test_what_cannot_be_read_is_no_change(scratch):
    index = snapshots(scratch)
    out = cli.run("diff", "--index", index, "--from", "2023-12-01", "--to", "2024-02-01",
                  expect=0).lines()
    cli.equal((out[0]["files_unknown"], out[0]["hosts_changed"]), (1, 0))


def test_text_for_people(scratch):
    index = two_sides(scratch, SITES)
    text = cli.run("diff", "--index", index, "--from", "2024-06-01", "--to", "2026-06-01",
                   "--format", "text", expect=1).out
    for part in ("tight.example.com  (2 pages, ",
                 "  tightened robots for GPTBot, https://tight.example.com robots.txt\n"
                 "      - Allow: /  at /\n      + Disallow: /  at /\n",
                 "5 hosts of 3 domains differ"):
        cli.contains(text, part)


def test_contradictions_are_per_use(scratch):
    both = "User-agent: {}\nContent-Signal: {}\nDisallow: /\n"
    index = two_sides(scratch, {
        # Refusing a training crawler and allowing search is no contradiction.
        "fine.example.org": (None, both.format("GPTBot", "search=yes, ai-train=no")),
        "named.example.org": (None, both.format("GPTBot", "ai-train=yes")),
        "open.example.org": (None, SIGNAL.format("yes")),
        # What is refused to one training crawler alone says nothing of another.
        "other.example.org": (None, both.format("GPTBot", "search=yes") + "\n" +
                              SIGNAL.format("yes")),
    })
    tdmrep = os.path.join(scratch, "t.warc")
    with open(tdmrep, "wb") as file:
        file.write(record("https://open.example.org/.well-known/tdmrep.json", LATE, "200 OK",
                          '[{"location":"/","tdm-reservation":1}]'))
    cli.run("ingest", "--index", index, tdmrep, expect=0)
    out = cli.run("diff", "--index", index, "--contradictions", "--format", "jsonl", expect=1)
    schemas_test.check("contradictions", out.lines())
    found = {line["host"]: {(one["use"], one["agent"], one["denies"]["family"],
                             one["allows"]["family"], one["decision"])
                            for one in line["contradictions"]}
             for line in out.lines() if line["kind"] == "origin"}
    cli.equal(set(found), {"named.example.org", "open.example.org"})
    assert ("train", "GPTBot", "robots", "content-signal", "deny") in found["named.example.org"]
    assert ("train", "*", "tdmrep", "content-signal", "deny") in found["open.example.org"]
    cli.equal((out.lines()[-1]["origins"], out.lines()[-1]["origins_contradictory"],
               out.lines()[-1]["pages"]), (4, 2, 4))
    # Before the second file was there.
    cli.run("diff", "--index", index, "--contradictions", "--as-of", "2024-06-01", expect=0)
    text = cli.run("diff", "--index", index, "--contradictions", "--format", "text",
                   "named.example.org", expect=1).out
    cli.contains(text, "  train for GPTBot: deny (signals.md 12.7)\n")


if __name__ == "__main__":
    cli.main(globals())
