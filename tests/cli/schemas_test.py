#!/usr/bin/env python3
"""Real output of every command against its schema in docs/schemas/."""

import glob
import json
import os
import shutil

import jsonschema

import cli

SCHEMAS = os.path.join(cli.ROOT, "docs/schemas")


def validator(name):
    with open(os.path.join(SCHEMAS, name + ".v1.schema.json"), encoding="utf-8") as file:
        schema = json.load(file)
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    return kind(schema)


def check(name, objects):
    assert objects, f"no output for {name}"
    schema = validator(name)
    for each in objects:
        cli.equal(each["schema"], f"crawlcard.{name}.v1", "schema")
        errors = [f"{'/'.join(map(str, e.absolute_path))}: {e.message}"
                  for e in schema.iter_errors(each)]
        assert not errors, f"{name}: {errors[:3]} in {json.dumps(each)[:400]}"


def sample_files():
    return sorted(glob.glob(os.path.join(cli.SAMPLE, "*.warc.gz")))


def test_every_schema_is_a_schema(_):
    names = [os.path.basename(path)[: -len(".v1.schema.json")]
             for path in glob.glob(os.path.join(SCHEMAS, "*.json"))]
    assert {"facts", "robots", "verdict", "card", "ingest", "index", "config"} <= set(names), names
    for name in names:
        validator(name)


def test_extract(_):
    check("facts", cli.run("extract", *sample_files(), expect=0).lines())


def test_robots(scratch):
    path = os.path.join(scratch, "robots.txt")
    with open(path, "w", encoding="utf-8") as file:
        file.write("User-agent: *\nContent-Signal: ai-train=no\nDisallow: /a\n")
    asked = ["/", "/a", "https://www.example.org/a"]
    out = cli.run("robots", path, "--dialect", "all", "--agent", "GPTBot,*", *asked, expect=1)
    check("robots", out.lines())
    cli.equal(len(out.lines()), 3 * 2 * 6, "a line a URL, agent and dialect")


def test_export(scratch):
    index = os.path.join(scratch, "idx")
    cli.run("ingest", "--index", index, *sample_files(), expect=0)
    for form in ["cdxj", "cdx", "zipnum"]:
        out = os.path.join(scratch, form)
        check("export", cli.run("export", "--index", index, "--format", form, "--out", out,
                                expect=0).lines())
        assert os.path.exists(out)
    for table in ["pages", "hosts", "signals"]:
        rows = cli.run("export", "--index", index, "--table", table, expect=0).lines()
        check(f"export-{table}", rows)
    out = os.path.join(scratch, "a.jsonl")
    check("export", cli.run("export", "--index", index, "--out", out, expect=0).lines())


def test_verify(scratch):
    index, archive = os.path.join(scratch, "idx"), os.path.join(scratch, "archive")
    shutil.copytree(cli.SAMPLE, archive)
    cli.run("ingest", "--index", index, archive, expect=0)
    check("verify", cli.run("verify", "--index", index, "--archive", archive, expect=0).lines())
    path = os.path.join(archive, "pages.warc.gz")
    with open(path, "r+b") as file:
        file.seek(1000)
        byte = file.read(1)[0]
        file.seek(1000)
        file.write(bytes([byte ^ 1]))
    found = cli.run("verify", "--index", index, "--archive", archive, expect=1).lines()
    check("verify", found)
    assert {"file"} <= {each.get("layer") for each in found}, found
    os.remove(path)
    check("verify", cli.run("verify", "--index", index, "--archive", archive, expect=3).lines())
    cli.run("verify", "--index", index, "--sample", "2", expect=2)


def test_index_commands(scratch):
    index = os.path.join(scratch, "idx")
    ingest = cli.run("ingest", "--index", index, cli.SAMPLE, expect=0)
    check("ingest", ingest.lines())
    parts = os.path.join(scratch, "parts")
    part = cli.run("ingest", "--index", index, "--publish", parts, cli.SAMPLE, expect=0)
    check("ingest", part.lines())
    with open(os.path.join(parts, "parts.json"), encoding="utf-8") as file:
        check("parts", [json.load(file)])
    check("index", cli.run("index", "info", "--index", index, expect=0).lines())
    check("index-compact", cli.run("index", "compact", "--index", index, expect=0).lines())
    copy, union = os.path.join(scratch, "copy"), os.path.join(scratch, "union")
    check("index-checkpoint",
          cli.run("index", "checkpoint", "--index", index, copy, expect=0).lines())
    check("merge", cli.run("merge", "--into", union, index, copy, expect=0).lines())
    urls = [line["url"] for line in cli.run("extract", *sample_files()).lines()]
    verdicts = cli.run("check", "--index", index, *urls, "unseen.example.org")
    assert verdicts.code in (0, 1)
    check("verdict", verdicts.lines())
    cli.equal(len(verdicts.lines()), len(urls) + 1, "a verdict a URL")
    check("facts", cli.run("show", "--index", index, "en.wikipedia.org", expect=0).lines())
    card = cli.run("card", "--index", index, "--format", "json", "--date", "2026-11-22", expect=0)
    check("card", [json.loads(card.out)])
    name = cli.run("index", "info", "--index", index).lines()[0]["files"][0]["name"]
    check("index-remove", cli.run("index", "remove", "--index", index, name, expect=0).lines())


def test_datasets(scratch):
    index, rows = os.path.join(scratch, "idx"), os.path.join(scratch, "rows.jsonl")
    cli.run("ingest", "--index", index, cli.SAMPLE, expect=0)
    urls = [line["url"] for line in cli.run("extract", *sample_files()).lines()]
    with open(rows, "w", encoding="utf-8") as file:
        file.write("".join(json.dumps({"url": url}) + "\n" for url in urls) + "no row\n")
    summary, kept = os.path.join(scratch, "summary.json"), os.path.join(scratch, "kept.jsonl")
    flags = ["--index", index, "--dataset", rows, "--policy", "eu-tdm,strict"]
    checked = cli.run("check", *flags, "--summary", summary, "--format", "jsonl", expect=3)
    check("verdict", checked.lines())
    check("filter", cli.run("filter", *flags, "--out", kept, expect=3).lines())
    for name, path in [("check-dataset", summary), ("dropped", "kept.reasons.jsonl"),
                       ("filter-file", "kept.filter.json")]:
        with open(os.path.join(scratch, path), encoding="utf-8") as file:
            check(name, [json.loads(line) for line in file])


def test_studies(scratch):
    index, rows = os.path.join(scratch, "idx"), os.path.join(scratch, "rows.txt")
    ranks, summary = os.path.join(scratch, "ranks.csv"), os.path.join(scratch, "summary.json")
    cli.run("ingest", "--index", index, cli.SAMPLE, expect=0)
    urls = [line["url"] for line in cli.run("extract", *sample_files()).lines()]
    with open(rows, "w", encoding="utf-8") as file:
        file.write("\n".join(urls) + "\n")
    with open(ranks, "w", encoding="utf-8") as file:
        file.write("en.wikipedia.org,7\n")
    studies = cli.run("study", "list", "--format", "jsonl", expect=0).lines()
    flags_first = cli.run("study", "--index", "idx", "list", "--format", "jsonl", expect=0)
    cli.equal(flags_first.lines(), studies, "flags first")
    check("study", studies)
    for study in studies:
        flags = ["--index", index, "--format", "jsonl"]
        if study["needs_dataset"]:
            flags += ["--dataset", rows]
        if study["takes_ranks"]:
            flags += ["--ranks", ranks]
        one = cli.run("study", study["study"], *flags, "--jobs", "1", expect=0)
        four = cli.run("study", study["study"], *flags, "--jobs", "4", expect=0)
        check("study", one.lines())
        assert len(one.lines()) > 1, study
        if "--dataset" in flags or study["study"] == "page-signals":
            cli.equal(one.out, four.out, "jobs")  # the others are asked as of now
    cli.run("study", "cic-2024", "--index", index, expect=2)
    cli.run("study", "nonesuch", "--index", index, expect=2)
    cli.run("study", "page-signals", "--index", index, "--agent", "GPTBot", expect=2)
    cli.run("check", "--index", index, "--dataset", rows, "--agent", "GPTBot,CCBot", "--marginal",
            "--dates", "2020..2026", "--ranks", ranks, "--summary", summary, expect=0)
    with open(summary, encoding="utf-8") as file:
        made = json.load(file)
    check("check-dataset", [made])
    cli.equal(len(made["curve"]), 7, "a point a year")
    cli.equal(len(made["strata"]), 7, "a stratum each")
    cli.equal({one["kind"] for one in made["marginal"]}, {"agent", "family", "rule"}, "kinds")


def test_config(_):
    check("config", cli.run("config", expect=0).lines())


if __name__ == "__main__":
    cli.main(globals())
