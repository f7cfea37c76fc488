#!/usr/bin/env python3
"""tools/recount counts a card again from what `extract` prints, and sees what was altered."""

import collections
import csv
import glob
import json
import os
import subprocess
import sys

import cli

RECOUNT = os.path.join(cli.ROOT, "tools/recount")
CORPORA = os.environ.get("CRAWLCARD_CORPORA", os.path.join(cli.ROOT, "../shared/corpora"))


def recount(card, facts, files, expect):
    done = subprocess.run([sys.executable, RECOUNT, card, facts, *files], capture_output=True,
                          text=True, check=False)
    assert done.returncode == expect, f"exit {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def prepare(scratch, files, *flags):
    index = os.path.join(scratch, "idx")
    card, facts = os.path.join(scratch, "card.json"), os.path.join(scratch, "facts.jsonl")
    cli.run("ingest", "--index", index, "--progress", "none", "--format", "none", *files)
    cli.run("card", "--index", index, "--out", card, *flags, expect=0)
    with open(facts, "w", encoding="utf-8") as file:
        file.write(cli.run("extract", "--format", "jsonl", *files).out)
    return card, facts


def test_sample(scratch):
    files = sorted(glob.glob(os.path.join(cli.SAMPLE, "*.warc.gz")))
    card, facts = prepare(scratch, files)
    cli.contains(recount(card, facts, files, expect=0), "62 facts counted again, 0 differences")
    check_domain_list(scratch, facts)
    # Rules of a small provider for the list of domains.
    about = os.path.join(scratch, "about.toml")
    with open(about, "w", encoding="utf-8") as file:
        file.write("[provider]\nsme = \"yes\"\n")
    cli.run("card", "--index", os.path.join(scratch, "idx"), "--out", card, "--about", about,
            expect=0)
    cli.contains(recount(card, facts, files, expect=0), "0 differences")


def check_domain_list(scratch, facts):
    """domains.csv against the sizes of the captures: the largest tenth, by payload."""
    out = os.path.join(scratch, "card")
    cli.run("card", "--index", os.path.join(scratch, "idx"), "--format", "json", "--out", out + "/",
            expect=0)
    sizes = collections.Counter()
    with open(facts, encoding="utf-8") as file:
        for one in map(json.loads, file):
            if one["well_known"] is None and one["surt"] not in (None, "", "-") and one["domain"]:
                sizes[one["domain"]] += one["payload_bytes"] or 0
    largest = sorted(sizes.items(), key=lambda item: (-item[1], item[0]))
    with open(os.path.join(out, "domains.csv"), encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["listed_for"] == "size"]
    cli.equal([(row["domain"], int(row["payload_bytes"])) for row in rows],
              largest[:-(-len(largest) // 10)], "domains.csv")


def test_what_differs_is_seen(scratch):
    files = sorted(glob.glob(os.path.join(cli.SAMPLE, "*.warc.gz")))
    card, facts = prepare(scratch, files)
    with open(facts, encoding="utf-8") as file:
        lines = file.readlines()
    page = next(i for i, line in enumerate(lines) if json.loads(line)["html"])
    with open(facts, "w", encoding="utf-8") as file:
        file.writelines(lines[:page] + lines[page + 1:])
    out = recount(card, facts, files, expect=1)
    for name in ("captures.count", "pages.payload_bytes", "content.languages", "domains.top",
                 "dates.months"):
        cli.contains(out, "DIFFERS " + name)
    # Each number of the card that is counted again, one too high.
    with open(facts, "w", encoding="utf-8") as file:
        file.writelines(lines)
    with open(card, encoding="utf-8") as file:
        given = json.load(file)
    counted = 0
    for fact in given["facts"]:
        if not isinstance(fact.get("value"), int) or fact["id"].startswith(
                ("verdicts", "inputs", "tree")):
            continue
        fact["value"] += 1
        with open(card, "w", encoding="utf-8") as file:
            json.dump(given, file)
        fact["value"] -= 1
        cli.contains(recount(card, facts, files, expect=1), f"DIFFERS {fact['id']}: ")
        counted += 1
    assert counted > 30, counted


def test_corpora(scratch):
    files = sorted(glob.glob(os.path.join(CORPORA, "pages/*.warc.gz")))
    files += sorted(glob.glob(os.path.join(CORPORA, "robots/*.warc.gz")))
    if not files:
        print("no corpora beside this clone: the sample alone was counted")
        return
    card, facts = prepare(scratch, files)
    cli.contains(recount(card, facts, files, expect=0), "62 facts counted again, 0 differences")
    check_domain_list(scratch, facts)


if __name__ == "__main__":
    cli.main(globals())
