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
    # A data set with a row that cannot be read is a card all the same, and the exit says so.
    cli.run("card", "--index", index, "--all-policies", "--out", card, *flags,
            expect=3 if "--dataset" in flags else 0)
    with open(facts, "w", encoding="utf-8") as file:
        file.write(cli.run("extract", "--format", "jsonl", *files).out)
    return card, facts


def test_sample(scratch):
    files = sorted(glob.glob(os.path.join(cli.SAMPLE, "*.warc.gz")))
    card, facts = prepare(scratch, files)
    out = recount(card, facts, files, expect=0)
    cli.contains(out, "114 facts counted again, 0 differences")
    only_settings_left(out)
    check_domain_list(scratch, facts)
    # Rules of a small provider for the list of domains.
    about = os.path.join(scratch, "about.toml")
    with open(about, "w", encoding="utf-8") as file:
        file.write("[provider]\nsme = \"yes\"\n")
    cli.run("card", "--index", os.path.join(scratch, "idx"), "--out", card, "--about", about,
            expect=0)
    cli.contains(recount(card, facts, files, expect=0), "0 differences")


def test_as_of(scratch):
    """Verdicts as of one instant: what was observed later does not count, of hosts and of pages."""
    files = sorted(glob.glob(os.path.join(cli.SAMPLE, "*.warc.gz")))
    card, facts = prepare(scratch, files)
    with open(facts, encoding="utf-8") as file:
        dates = sorted({one["date"] for one in map(json.loads, file)})
    usable = set()
    for when in (dates[0], dates[len(dates) // 2], dates[-2], "2026-11-02T00:00:00Z"):
        cli.run("card", "--index", os.path.join(scratch, "idx"), "--all-policies", "--as-of", when,
                "--out", card, expect=0)
        out = recount(card, facts, files, expect=0)
        cli.contains(out, "114 facts counted again, 0 differences")
        only_settings_left(out)
        with open(card, encoding="utf-8") as file:
            given = {fact["id"]: fact for fact in json.load(file)["facts"]}
        usable.add(json.dumps(given["verdicts.decisions"]["rows"]))
    assert len(usable) > 1, "instants that all give the same verdicts show nothing"


def only_settings_left(out):
    """What is not counted again is no count over captures, and the reason says what it is."""
    for line in out.splitlines():
        if line.startswith("not counted, "):
            reason = line.removeprefix("not counted, ").split(":")[0]
            assert reason in ("a setting", "stated by a person", "the digest of a file",
                              "no data set was asked about", "over the rows of the index"), line


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
        if not isinstance(fact.get("value"), int):
            continue
        fact["value"] += 1
        with open(card, "w", encoding="utf-8") as file:
            json.dump(given, file)
        fact["value"] -= 1
        cli.contains(recount(card, facts, files, expect=1), f"DIFFERS {fact['id']}: ")
        counted += 1
    assert counted > 60, counted
    # Every number in the rows of tables that follow from statements.
    for fact in given["facts"]:
        if fact["id"] not in ("robots.agents", "robots.operators", "verdicts.decisions",
                              "verdicts.applied", "verdicts.operator_denied", "policies"):
            continue
        for row in fact["rows"][:3]:
            for i, cell in enumerate(row):
                if not isinstance(cell, int):
                    continue
                row[i] += 1
                with open(card, "w", encoding="utf-8") as file:
                    json.dump(given, file)
                row[i] -= 1
                cli.contains(recount(card, facts, files, expect=1), f"DIFFERS {fact['id']}")


def test_data_set_and_takedowns(scratch):
    """A card of a data set, of an index with requests to take content out."""
    files = sorted(glob.glob(os.path.join(cli.SAMPLE, "*.warc.gz")))
    facts = cli.run("extract", "--format", "jsonl", *files).out
    lines = list(map(json.loads, facts.splitlines()))
    urls = [one["url"] for one in lines if one["well_known"] is None]
    hosts = [one["url"] for one in lines if one["well_known"]]
    dataset, ledger = os.path.join(scratch, "d.jsonl"), os.path.join(scratch, "takedowns.jsonl")
    with open(dataset, "w", encoding="utf-8") as file:
        for url in urls[::2] + urls[:3] + [hosts[0].replace("/robots.txt", "/a")]:
            file.write(json.dumps({"url": url, "text": "of it"}) + "\n")
        file.write('{"url": "https://nowhere.example/"}\nno row\n')
    for number, (scope, value) in enumerate((
            ("domain", lines[0]["domain"]), ("url", urls[2]), ("host", urls[4].split("/")[2]),
            ("prefix", urls[6][:urls[6].rindex("/") + 1]), ("host", "nowhere.example"))):
        cli.run("takedown", "add", "--file", ledger, "--id", f"R-{number}", "--scope", scope,
                "--received", f"2026-10-{number + 2:02d}", "--basis", "letter", value, expect=0)
    card, said = prepare(scratch, files + [ledger], "--dataset", dataset)
    with open(said, "w", encoding="utf-8") as file:
        file.write(facts)
    out = recount(card, said, [*files, ledger, "--dataset", dataset], expect=0)
    cli.contains(out, "121 facts counted again, 0 differences")
    with open(card, encoding="utf-8") as file:
        stated = {fact["id"]: fact.get("value") for fact in json.load(file)["facts"]}
    cli.equal((stated["takedowns.requests"], stated["dataset.unreadable"]), (5, 1))
    assert stated["takedowns.captures"] >= 3 and stated["dataset.without_capture"] == 2, stated
    # Without the ledger, or with another data set, it does not add up.
    cli.contains(recount(card, said, [*files, "--dataset", dataset], expect=1),
                 "DIFFERS takedowns.captures")
    with open(dataset, "a", encoding="utf-8") as file:
        file.write(json.dumps({"url": urls[1]}) + "\n")
    cli.contains(recount(card, said, [*files, ledger, "--dataset", dataset], expect=1),
                 "DIFFERS dataset.rows")


def test_damaged_files(scratch):
    """How many were not read whole is counted again; what was in them is for the reader to say."""
    files = sorted(glob.glob(os.path.join(cli.SAMPLE, "*.warc.gz")))
    cut = os.path.join(scratch, "cut.warc.gz")
    with open(files[0], "rb") as file, open(cut, "wb") as out:
        out.write(file.read()[:-1000])
    card, facts = prepare(scratch, [cut, *files[1:]])
    out = recount(card, facts, [cut, *files[1:]], expect=0)
    cli.contains(out, " 0 differences")
    cli.contains(out, "not counted, of damaged files")
    with open(card, encoding="utf-8") as file:
        stated = {fact["id"]: fact.get("value") for fact in json.load(file)["facts"]}
    cli.equal(stated["inputs.not_whole_count"], 1)


def test_other_readings_of_robots_agree(scratch):
    """recount's own reading of robots.txt against Protego, where both know the file's words."""
    try:
        import protego  # Debian: python3-protego
    except ImportError:
        print("no python3-protego")
        return
    sys.path.insert(0, os.path.join(cli.ROOT, "tools"))
    import recount_judge
    files = sorted(glob.glob(os.path.join(CORPORA, "robots/*.warc.gz"))) or [
        os.path.join(cli.SAMPLE, "robotstxt.warc.gz")]
    archives = recount_judge.Archives(files)
    asked = agreed = 0
    for line in cli.run("extract", "--format", "jsonl", *files).out.splitlines():
        one = json.loads(line)
        if not one["well_known"] or one["well_known"]["state"] != "ok":
            continue
        body = archives.payload(one["warc"])
        own, other = recount_judge.Robots(body), protego.Protego.parse(
            body.decode("utf-8", "replace"))
        origin = "/".join(one["url"].split("/")[:3])
        for path in ("/", "/index.html", "/search?q=a", "/wp-admin/", "/a/b/c.php"):
            for agent in ("*", "GPTBot", "CCBot", "Googlebot"):
                asked += 1
                agreed += own.refuses(agent, path) != other.can_fetch(origin + path, agent)
    # Protego takes misspelt names and matches agents by their beginning.
    assert asked and agreed / asked > 0.97, (agreed, asked)


def test_corpora(scratch):
    files = sorted(glob.glob(os.path.join(CORPORA, "pages/*.warc.gz")))
    files += sorted(glob.glob(os.path.join(CORPORA, "robots/*.warc.gz")))
    if not files:
        print("no corpora beside this clone: the sample alone was counted")
        return
    card, facts = prepare(scratch, files)
    out = recount(card, facts, files, expect=0)
    cli.contains(out, "114 facts counted again, 0 differences")
    only_settings_left(out)
    check_domain_list(scratch, facts)


if __name__ == "__main__":
    cli.main(globals())
