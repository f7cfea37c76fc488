#!/usr/bin/env python3
"""Ingest, dump, check and card on the bundled sample, from the outside."""

import glob
import gzip
import os
import shutil

import cli


def sample_files():
    return sorted(glob.glob(os.path.join(cli.SAMPLE, "*.warc.gz")))


def dump(index):
    return cli.run("dump", "--index", index, expect=0).out


def test_order_and_jobs_change_no_row(scratch):
    one, two = os.path.join(scratch, "one"), os.path.join(scratch, "two")
    cli.run("ingest", "--index", one, "--jobs", "1", *sample_files(), expect=0)
    cli.run("ingest", "--index", two, "--jobs", "4", *reversed(sample_files()), expect=0)
    assert dump(one)
    cli.equal(dump(one), dump(two), "dump")


def test_partitions_memory_and_bulk_change_no_row(scratch):
    plain = os.path.join(scratch, "plain")
    cli.run("ingest", "--index", plain, cli.SAMPLE, expect=0)
    card = cli.run("card", "--index", plain, "--date", "2026-11-22", expect=0).out
    for partitions in ("1", "3", "16"):
        for bulk in ("always", "never"):
            index = os.path.join(scratch, partitions + bulk)
            cli.run("ingest", "--index", index, "--partitions", partitions, "--bulk", bulk,
                    "--memory", "64", cli.SAMPLE, expect=0)
            cli.equal(dump(index), dump(plain), "dump of " + index)
            got = cli.run("card", "--index", index, "--date", "2026-11-22", expect=0).out
            cli.equal(got, card, "card of " + index)
            refused = cli.run("ingest", "--index", index, "--partitions", "5", cli.SAMPLE, expect=4)
            cli.contains(refused.err, f"made with {partitions} partitions, not 5")


def test_merged_shards_are_the_index_of_one_run(scratch):
    files = sample_files()
    whole = os.path.join(scratch, "whole")
    cli.run("ingest", "--index", whole, *files, expect=0)
    shards = []
    for i, file in enumerate(files):
        shards.append(os.path.join(scratch, f"shard{i}"))
        again = files[(i + 1) % len(files)]  # a duplicated worker
        cli.run("ingest", "--index", shards[-1], "--partitions", str(i + 1), file, again, expect=0)
    one, two = os.path.join(scratch, "one"), os.path.join(scratch, "two")
    cli.run("merge", "--into", one, *shards, expect=0)
    cli.run("merge", "--into", two, "--partitions", "3", *reversed(shards), expect=0)
    cli.equal(dump(one), dump(whole), "dump")
    cli.equal(dump(two), dump(whole), "dump")
    again = cli.run("merge", "--into", one, *shards, expect=0).lines()[0]
    cli.equal(again["rows"], 0, "rows of a merge done again")
    copy = os.path.join(scratch, "copy")
    cli.run("index", "checkpoint", "--index", one, copy, expect=0)
    cli.run("index", "remove", "--index", one, os.path.basename(files[0]), expect=0)
    cli.equal(dump(copy), dump(whole), "dump of the checkpoint")
    cli.run("index", "checkpoint", "--index", one, copy, expect=2)
    cli.run("index", "compact", "--index", copy, expect=0)
    cli.equal(dump(copy), dump(whole), "dump after compaction")
    cli.run("merge", "--into", one, one, expect=2)


def test_the_same_files_again_change_no_row(scratch):
    index = os.path.join(scratch, "idx")
    first = cli.run("ingest", "--index", index, cli.SAMPLE, expect=0).lines()[0]
    before = dump(index)
    again = cli.run("ingest", "--index", index, cli.SAMPLE, expect=0).lines()[0]
    cli.equal(again["files_skipped"], first["files_ingested"], "files skipped")
    cli.equal(again["files_ingested"], 0, "files ingested again")
    cli.equal(dump(index), before, "dump")


def test_a_removed_file_leaves_an_index_that_never_had_it(scratch):
    files = sample_files()
    whole, part = os.path.join(scratch, "whole"), os.path.join(scratch, "part")
    cli.run("ingest", "--index", whole, *files, expect=0)
    cli.run("ingest", "--index", part, *files[1:], expect=0)
    cli.run("index", "remove", "--index", whole, os.path.basename(files[0]), expect=0)
    cli.equal(dump(whole), dump(part), "dump")
    wrong = cli.run("index", "remove", "--index", whole, "nonesuch.warc.gz", expect=2)
    cli.contains(wrong.err, "index info")


def test_a_different_file_under_a_known_name_is_refused(scratch):
    index = os.path.join(scratch, "idx")
    path = os.path.join(scratch, "a.warc.gz")
    shutil.copy(sample_files()[0], path)
    cli.run("ingest", "--index", index, path, expect=0)
    before = dump(index)
    shutil.copy(sample_files()[1], path)
    refused = cli.run("ingest", "--index", index, path, expect=3)
    cli.contains(refused.err, "--replace")
    cli.equal(dump(index), before, "dump")
    cli.run("ingest", "--index", index, "--replace", path, expect=0)
    assert dump(index) != before


def test_damage_is_named_and_the_rest_is_there(scratch):
    with open(sample_files()[0], "rb") as file:
        good = file.read()
    cut = os.path.join(scratch, "cut.warc.gz")
    with open(cut, "wb") as file:
        file.write(good[:-1000])
    whole = cli.run("extract", sample_files()[0], expect=0).lines()
    got = cli.run("extract", cut, expect=3)
    cli.contains(got.err, "cut.warc.gz: offset ")
    assert len(whole) - 1 <= len(got.lines()) <= len(whole)
    index = os.path.join(scratch, "idx")
    summary = cli.run("ingest", "--index", index, cut, expect=3).lines()[0]
    cli.equal(summary["files_damaged"], 1, "files damaged")
    assert summary["first_errors"][0]["offset"] is not None


def test_odd_inputs(scratch):
    empty = os.path.join(scratch, "empty.warc.gz")
    binary = os.path.join(scratch, "binary.warc")
    open(empty, "wb").close()
    with open(binary, "wb") as file:
        file.write(bytes(range(256)) * 4096)
    nothing = cli.run("extract", empty, expect=3)
    cli.equal(nothing.out, "", "facts of nothing")
    cli.contains(nothing.err, "empty.warc.gz: offset 0: ")
    cli.contains(cli.run("extract", binary, expect=3).err, "binary.warc")
    both = cli.run("extract", binary, sample_files()[0], expect=3)
    cli.equal(both.lines(), cli.run("extract", sample_files()[0]).lines(), "the rest")


def test_extract_keeps_input_order_whatever_the_jobs(_):
    files = list(reversed(sample_files())) * 3
    one = cli.run("extract", "--jobs", "1", *files, expect=0).out
    many = cli.run("extract", "--jobs", "5", *files, expect=0).out
    assert one == many


def test_standard_input_and_plain_files_give_the_same_facts(scratch):
    path = sample_files()[-1]
    with open(path, "rb") as file:
        data = file.read()

    def facts(outcome):
        return [{k: v for k, v in line.items() if k != "warc"} for line in outcome.lines()]

    piped = cli.run("extract", "-", stdin=data, expect=0)
    cli.equal(facts(piped), facts(cli.run("extract", path)), "facts from standard input")
    plain = os.path.join(scratch, "plain.warc")
    with open(plain, "wb") as file:
        file.write(gzip.decompress(data))
    cli.equal(facts(cli.run("extract", plain, expect=0)), facts(piped), "facts of the plain file")


def test_format_none_prints_the_summary_alone(scratch):
    quiet = cli.run("extract", "--format", "none", *sample_files(), expect=0)
    cli.equal(quiet.out, "", "standard output")
    cli.contains(quiet.err, "captures in")
    index = os.path.join(scratch, "idx")
    quiet = cli.run("ingest", "--format", "none", "--index", index, cli.SAMPLE, expect=0)
    cli.equal(quiet.out, "", "standard output")
    cli.contains(quiet.err, "files ingested")


def test_check_reads_urls_from_standard_input(scratch):
    index = os.path.join(scratch, "idx")
    cli.run("ingest", "--index", index, cli.SAMPLE, expect=0)
    urls = "https://en.wikipedia.org/wiki/Gabbro\r\n\nunseen.example.org\n"
    got = cli.run("check", "--index", index, "-", stdin=urls.encode(), expect=1).lines()
    cli.equal(len(got), 2, "verdicts")
    cli.equal(got[0]["capture"]["file"], "pages.warc.gz", "capture")
    cli.equal(got[1]["decision"], "indeterminate", "an index without the host clears nothing")
    # kUrlBytesMax of tools/limits.h: at the limit, and one past it. The rest is still answered.
    most = 16 * 1024
    at_limit = ("https://e.org/" + "a" * most)[:most].encode()
    got = cli.run("check", "--index", index, "-", stdin=at_limit + b"\ne.org", expect=1)
    cli.equal(len(got.lines()), 2, "verdicts")
    for longer in (at_limit + b"a", at_limit * 30):
        got = cli.run("check", "--index", index, "-", stdin=longer + b"\ne.org\n", expect=3)
        cli.contains(got.err, "offset 0: url too long: over 16384 bytes")
        cli.equal(len(got.lines()), 1, "verdicts")


def test_robots_file_is_bounded(scratch):
    # kRobotsFileBytesMax of tools/limits.h: at the limit, and one past it. The files are sparse.
    path = os.path.join(scratch, "robots.txt")
    for size, code in ((64 << 20, 0), ((64 << 20) + 1, 3)):
        with open(path, "wb") as file:
            file.truncate(size)
        cli.run("robots", path, "/", expect=code)


def test_cards_are_the_same_bytes_whatever_the_jobs(scratch):
    index = os.path.join(scratch, "idx")
    cli.run("ingest", "--index", index, cli.SAMPLE, expect=0)
    for kind in ("html", "md", "json"):
        one = cli.run("card", "--index", index, "--format", kind, "--jobs", "1", expect=0).out
        many = cli.run("card", "--index", index, "--format", kind, "--jobs", "5", expect=0).out
        assert one and one == many, kind
    out = cli.run("card", "--index", index, "--out", "c.html", "--out", "c.json", cwd=scratch,
                  expect=0)
    cli.contains(out.out, "card: c.html\ncard: c.json\n")
    assert len(out.out.splitlines()) <= 12, out.out
    cli.run("card", "--index", index, "--out", "c.pdf", cwd=scratch, expect=2)


if __name__ == "__main__":
    cli.main(globals())
