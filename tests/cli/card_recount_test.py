#!/usr/bin/env python3
"""The counts of a card, computed again from what `extract` prints of the same files."""

import collections
import csv
import glob
import io
import json
import os

import cli

CORPORA = os.path.join(cli.ROOT, "../shared/corpora")


def captures_of(files):
    """Facts of captures: no files with a fixed place on an origin."""
    for line in cli.run("extract", "--format", "jsonl", *files).lines():
        if line["well_known"] is None:
            yield line


def is_page(one):
    return one["warc"]["type"] == "response" and one["status"] == 200 and one["html"]


def keyed(one):
    return one["surt"] not in (None, "", "-")


def host_key(one):
    return one["surt"].split(")")[0] if ")" in one["surt"] else one["host"]


def count(files):
    """Facts by id, as plain Python counts them."""
    rows = list(captures_of(files))
    pages = [one for one in rows if is_page(one)]
    fetched = [one for one in rows if one["status"] == 200 and one["warc"]["type"] != "revisit"]
    dates = sorted(one["date"] for one in rows if one["date"])
    facts = {"dates.first": dates[0], "dates.last": dates[-1]}
    for name, some in (("captures", rows), ("pages", pages)):
        facts[name + ".count"] = len(some)
        facts[name + ".urls"] = len({one["surt"] if keyed(one) else one["url"] for one in some})
        facts[name + ".hosts"] = len({host_key(one) for one in some if keyed(one)})
        facts[name + ".domains"] = len({one["domain"] for one in some
                                        if keyed(one) and one["domain"]})
        facts[name + ".payload_bytes"] = sum(one["payload_bytes"] or 0 for one in some)
        facts[name + ".text_bytes"] = sum(one["text_bytes"] or 0 for one in some)
    tables = {
        "content.languages": collections.Counter(
            (one["languages"] or [None])[0] for one in pages),
        "content.media_types": collections.Counter(one["content_type"] for one in fetched),
        "content.charsets": collections.Counter(one["charset"] for one in pages),
        "captures.statuses": collections.Counter(
            str(one["status"]) for one in rows if one["status"]),
        "captures.record_types": collections.Counter(one["warc"]["type"] for one in rows),
        "dates.months": collections.Counter(one["date"][:7] for one in rows if one["date"])}
    facts["licences.any.count"] = sum(1 for one in pages if one["licences"])
    facts["signals.pages"] = sum(
        1 for one in pages if any(signal["says"] for signal in one["signals"]))
    sizes = collections.Counter()
    for one in rows:
        if keyed(one) and one["domain"]:
            sizes[one["domain"]] += one["payload_bytes"] or 0
    return facts, tables, sizes


def compare(scratch, files):
    path = os.path.join(scratch, "idx")
    cli.run("ingest", "--index", path, "--progress", "none", *files)
    out = os.path.join(scratch, "out")
    cli.run("card", "--index", path, "--format", "json", "--out", out + "/", expect=0)
    with open(os.path.join(out, "card.json"), encoding="utf-8") as file:
        stated = {fact["id"]: fact for fact in json.load(file)["facts"]}
    facts, tables, sizes = count(files)
    for name, value in facts.items():
        cli.equal(stated[name]["value"], value, name)
    for name, counter in tables.items():
        columns = stated[name]["columns"]
        at = columns.index("captures")
        got = {row[0]: row[at] for row in stated[name]["rows"]}
        cli.equal(got, {key or None: value for key, value in counter.items()}, name)
    with open(os.path.join(out, "domains.csv"), encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(io.StringIO(file.read()))
                if row["listed_for"] == "size"]
    largest = sorted(sizes.items(), key=lambda item: (-item[1], item[0]))
    wanted = largest[:-(-len(largest) // 10)]
    cli.equal([(row["domain"], int(row["payload_bytes"])) for row in rows], wanted, "domains")
    return facts["captures.count"]


def test_sample(scratch):
    assert compare(scratch, sorted(glob.glob(os.path.join(cli.SAMPLE, "*.warc.gz")))) > 10


def test_corpora(scratch):
    files = sorted(glob.glob(os.path.join(CORPORA, "pages/*.warc.gz")))
    files += sorted(glob.glob(os.path.join(CORPORA, "robots/*.warc.gz")))
    if not files:
        print("no corpora beside this clone: the sample alone was counted")
        return
    assert compare(scratch, files) > 1000


if __name__ == "__main__":
    cli.main(globals())
