#!/usr/bin/env python3
"""show --history, --as-of and --known-by on snapshots of one host, made here."""

import json
import os

import cli
import schemas_test

OPEN = "User-agent: *\nDisallow: /private\nSitemap: /s{}.xml\n"
CLOSED = OPEN + "\nUser-agent: GPTBot\nDisallow: /\n"
SIGNAL = CLOSED + "\nUser-agent: CCBot\nContent-Signal: ai-train=no\nAllow: /\n"


def record(url, date, status, body, kind="response"):
    head = f"HTTP/1.1 {status}\r\nContent-Type: text/plain\r\n\r\n".encode()
    block = head + body.encode()
    fields = (f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: {date}\r\n"
              f"WARC-Record-ID: <urn:uuid:0-{date}-{kind}>\r\n"
              "Content-Type: application/http; msgtype=response\r\n"
              f"Content-Length: {len(block)}\r\n\r\n").encode()
    return fields + block + b"\r\n\r\n"


def snapshots(scratch):
    """Five files: open, other bytes, closed to one agent, broken, with a preference."""
    robots = "https://www.example.org/robots.txt"
    years = {
        2020: [record(robots, "2020-01-01T00:00:00Z", "200 OK", OPEN.format(1))],
        2021: [record(robots, "2021-01-01T00:00:00Z", "200 OK", OPEN.format(2)),
               record(robots, "2021-06-01T00:00:00Z", "304 Not Modified", "")],
        2023: [record(robots, "2023-09-01T00:00:00Z", "200 OK", CLOSED.format(2))],
        2024: [record(robots, "2024-01-01T00:00:00Z", "503 Down", "")],
        2025: [record(robots, "2025-01-01T00:00:00Z", "200 OK", SIGNAL.format(2)),
               record("http://example.org/robots.txt", "2025-01-01T00:00:00Z", "301 Moved\r\n"
                      "Location: https://www.example.org/robots.txt", ""),
               record("https://www.example.org/.well-known/tdmrep.json", "2025-01-01T00:00:00Z",
                      "200 OK", '[{"location":"/","tdm-reservation":1}]')],
    }
    index = os.path.join(scratch, "idx")
    for year, records in years.items():
        path = os.path.join(scratch, f"{year}.warc")
        with open(path, "wb") as file:
            file.write(b"".join(records))
        cli.run("ingest", "--index", index, path, expect=0)
    return index


def history(index, *words):
    out = cli.run("show", "--index", index, "--history", "--format", "jsonl", *words, expect=0)
    schemas_test.check("history", out.lines())
    return out.lines()


def brief(runs):
    return [(run["from"][:4], run["last_seen"][:7], run["state"], run["observations"],
             len(run["bodies"]), run["change"] and run["change"]["body"]) for run in runs]


def test_runs_of_equal_meaning(scratch):
    index = snapshots(scratch)
    runs = history(index, "www.example.org")
    own = [run for run in runs if (run["origin"], run["file"]) ==
           ("https://www.example.org", "robots.txt")]
    cli.equal(brief(own), [("2020", "2021-06", "ok", 3, 2, None),
                           ("2023", "2023-09", "ok", 1, 1, "meaning"),
                           ("2024", "2024-01", "unreachable", 1, 0, None),
                           ("2025", "2025-01", "ok", 1, 1, "meaning")])
    cli.equal([body["differs"] for body in own[0]["bodies"]], ["nothing", "bytes"])
    cli.equal(own[0]["unchanged"], 1)
    gpt = own[1]["change"]["agents"]
    cli.equal([entry["agents"] for entry in gpt], [["GPTBot"]])
    cli.equal(gpt[0]["rules"][0], {"rule": "Disallow: /", "gone": False, "path": "/",
                                   "before": "allow", "after": "disallow"})
    cli.equal(own[3]["change"]["state_before"], "unreachable")
    said = own[3]["change"]["agents"][0]["preferences"][0]
    cli.equal((said["key"], said["before"], said["after"]["value"]), ("ai-train", None, "no"))
    # The other origins: a redirect to the file, and another file.
    others = {(run["origin"], run["file"]): run["state"] for run in runs if run not in own}
    cli.equal(others, {("http://example.org", "robots.txt"): "ok",
                       ("https://www.example.org", "tdmrep.json"): "ok"})
    # A URL asks for its own origin.
    cli.equal(len(history(index, "http://example.org/a")), 1)


def test_agents_and_dialects_narrow(scratch):
    index = snapshots(scratch)
    runs = history(index, "--agent", "OtherBot", "https://www.example.org/")
    cli.equal(brief(runs[:3]), [("2020", "2023-09", "ok", 4, 3, None),
                                ("2024", "2024-01", "unreachable", 1, 0, None),
                                ("2025", "2025-01", "ok", 1, 1, "bytes")])
    for dialect in ("google", "lenient", "common-crawl", "cic-legacy", "cic-fixed"):
        history(index, "--dialect", dialect, "www.example.org")


def test_as_of_and_known_by(scratch):
    index = snapshots(scratch)
    runs = history(index, "--as-of", "2022-01-01", "https://www.example.org/")
    cli.equal(len(runs), 1)
    cli.equal(runs[0]["as_of"], "2022-01-01T00:00:00Z")
    url = "https://www.example.org/a"
    asked = ("check", "--index", index, "--format", "jsonl", "--agent", "GPTBot", "--use", "crawl")
    for instant, decision in (("2021-12-01", "unspecified"), ("2023-12-01", "deny")):
        out = cli.run(*asked, "--as-of", instant, url)
        schemas_test.check("verdict", out.lines())
        cli.equal(out.lines()[0]["decision"], decision, instant)
        assert "known_by" not in out.lines()[0]
    # Nothing had been read in 2000; by now all of it was.
    then = cli.run(*asked, "--as-of", "2023-12-01", "--known-by", "2000-01-01", url).lines()
    schemas_test.check("verdict", then)
    cli.equal((then[0]["decision"], then[0]["known_by"]), ("indeterminate", "2000-01-01T00:00:00Z"))
    now = cli.run(*asked, "--as-of", "2023-12-01", "--known-by", "now", url).lines()
    cli.equal(now[0]["decision"], "deny")
    cli.run("show", "--index", index, "--known-by", "2000-01-01", "www.example.org", expect=1)
    cli.run("show", "--index", index, "--history", "--known-by", "2000", "example.org", expect=1)
    cli.run("show", "--index", index, "--known-by", "soon", "example.org", expect=2)
    rows = cli.run("show", "--index", index, "--as-of", "2021-02-01", "example.org", expect=0)
    cli.equal(len(rows.lines()), 2)


def test_text_for_people(scratch):
    index = snapshots(scratch)
    out = cli.run("show", "--index", index, "--history", "--format", "text",
                  "https://www.example.org/", expect=0).out
    for part in ("https://www.example.org  robots.txt\n",
                 "  2020-01-01T00:00:00Z to 2021-06-01T00:00:00Z  ok, seen 3 times, 1 of them "
                 "unchanged\n",
                 ", other bytes, the same meaning\n",
                 "      the meaning changed\n      for GPTBot, named anew\n"
                 "        disallowed /                        + Disallow: /\n",
                 "      was ok, now unreachable\n",
                 "content-signal ai-train at /: nothing before, no now\n",
                 "      bytes 2020.warc at 0, "):
        cli.contains(out, part)


def test_bundled_data(scratch):
    index = os.path.join(scratch, "idx")
    cli.run("ingest", "--index", index, cli.SAMPLE, expect=0)
    path = os.path.join(cli.SAMPLE, "robotstxt.warc.gz")
    hosts = {line["host"] for line in cli.run("extract", path, expect=0).lines()
             if line["url"].endswith("/robots.txt")}
    assert hosts
    for host in sorted(hosts)[:20]:
        for run in history(index, host):
            assert run["observations"] >= 1, json.dumps(run)


if __name__ == "__main__":
    cli.main(globals())
