#!/usr/bin/env python3
"""takedown add, list and manifest, and who honours a request, from the command line."""

import json
import os
import re

import cli
import schemas_test
from diff_test import ALL, two_sides

REQUEST = ["--received", "2026-10-02", "--deadline", "2026-11-02", "--basis", "letter, of Ann"]


def add(path, name, scope, value, expect=0):
    return cli.run("takedown", "add", "--file", path, "--id", name, "--scope", scope, *REQUEST,
                   value, expect=expect)


def test_a_request_from_the_letter_to_the_manifest(scratch):
    ledger, index = os.path.join(scratch, "takedowns.jsonl"), os.path.join(scratch, "idx")
    cli.run("ingest", "--index", index, cli.SAMPLE, expect=0)
    before = cli.run("dump", "--index", index, expect=0).out
    urls = [json.loads(line)["url"] for line in
            cli.run("export", "--index", index, expect=0).out.splitlines()]
    url = next(one for one in urls if "wikipedia.org/wiki/" in one)
    asked = ["check", "--index", index, "--as-of", "2026-12-01", "--max-age", "9999"]
    verdict = cli.run(*asked, url).lines()[0]
    cli.equal(verdict["takedown"], None)

    schemas_test.check("takedown", add(ledger, "R-1", "url", url).lines())
    add(ledger, "R-2", "domain", "wikipedia.org")
    add(ledger, "R-2", "host", "en.wikipedia.org", expect=2)
    add(ledger, "R-3", "domain", "co.uk", expect=2)
    cli.run("takedown", "add", "--file", ledger, "--id", "R-4", "example.org", expect=2)
    listed = cli.run("takedown", "list", "--file", ledger, expect=0).lines()
    schemas_test.check("takedown", listed)
    cli.equal([one["id"] for one in listed], ["R-1", "R-2"])

    cli.run("takedown", "list", "--index", index, expect=1)
    cli.run("ingest", "--index", index, ledger, expect=0)
    cli.equal(cli.run("takedown", "list", "--index", index, expect=0).lines(), listed)
    for policy in ("eu-tdm", "robots-only", "open-licence-only", "strict"):
        out = cli.run(*asked, "--policy", policy, url, expect=1).lines()
        schemas_test.check("verdict", out)
        cli.equal((out[0]["usable"], out[0]["takedown"]["id"]), (False, "R-1"))
    cli.equal(cli.run(*asked, url).lines()[0]["decision"], verdict["decision"])
    early = ["check", "--index", index, "--as-of", "2026-10-01", url]
    cli.equal(cli.run(*early).lines()[0]["takedown"], None)
    cli.contains(cli.run(*asked, "--format", "text", url, expect=1).out, "takedown R-1")

    manifest = cli.run("takedown", "manifest", "--index", index, expect=0).lines()
    schemas_test.check("takedown-manifest", manifest)
    rows = cli.run("export", "--index", index, "--format", "cdxj", expect=0).out.splitlines()
    places = {(row["filename"], int(row["offset"])) for row in
              (json.loads(line[line.index("{"):]) for line in rows)
              if row["url"].split("/")[2].endswith("wikipedia.org")}
    listed = {(row["file"], row["offset"]) for row in manifest}
    assert places and places <= listed, places - listed
    for row in manifest:
        assert row["url"].split("/")[2].endswith("wikipedia.org"), row
        cli.equal("R-1" in row["requests"], row["url"] == url)
    out = os.path.join(scratch, "m.jsonl")
    cli.run("takedown", "manifest", "--index", index, "--out", out, expect=0)
    with open(out, encoding="utf-8") as file:
        cli.equal([json.loads(line) for line in file], manifest)
    cli.equal(cli.run("takedown", "manifest", "--index", index, "--since", "2026-10-03",
                      expect=0).out, "")

    # A ledger that grew is taken up again; without it the index is as before.
    add(ledger, "R-5", "prefix", "https://www.example.org/~ann/")
    cli.run("ingest", "--index", index, ledger, expect=0)
    cli.equal(len(cli.run("takedown", "list", "--index", index, expect=0).lines()), 3)
    cli.run("verify", "--index", index, expect=0)
    cli.run("index", "remove", "--index", index, "takedowns.jsonl", expect=0)
    cli.equal(cli.run("dump", "--index", index, expect=0).out, before)


def test_a_card_keeps_less(scratch):
    index = two_sides(scratch, {"a.example.org": (ALL, ALL), "b.example.com": (ALL, ALL)})
    ledger = os.path.join(scratch, "l.takedowns.jsonl")

    def usable(*more):
        card = cli.run("card", "--index", index, "--format", "json", "--date", "2026-11-22",
                       "--max-age", "9999", *more, expect=0).out
        return int(re.search(r'"captures_usable": (\d+)', card).group(1))

    cli.equal(usable(), 4)
    add(ledger, "R-1", "host", "a.example.org")
    cli.run("ingest", "--index", index, scratch, expect=0)  # found by its name
    cli.equal((usable(), usable("--policy", "robots-only")), (2, 2))
    cli.equal(usable("--as-of", "2026-06-01"), 4)
    cli.equal(usable("--as-of", "2026-11-01"), 2)


if __name__ == "__main__":
    cli.main(globals())
