#!/usr/bin/env python3
"""check --dataset and filter on archives made here, against single checks and a slow join.

The slow join reads the robots.txt files of the archive with a few lines of Python: the latest one
of the origin that was seen by the date of the row, its group `*`, the longest rule that fits.
"""

import collections
import csv
import datetime
import glob
import gzip
import io
import json
import os
import random
import shutil
import subprocess
import time

import cli
import npm

DUCKDB = "@duckdb/node-bindings-linux-x64@1.5.6-r.1"
READERS = ["hyparquet@1.31.5", "hyparquet-compressors@1.1.2"]
SEED = 20261122
HOSTS = [f"h{n}.site{n % 7}.example" for n in range(40)]
DATES = ["2024-01-05T00:00:00Z", "2024-06-05T00:00:00Z", "2024-12-05T00:00:00Z"]


def record(url, date, body, kind):
    block = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n\r\n".encode() + body
    fields = (f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: {date}\r\n"
              f"WARC-Record-ID: <urn:uuid:0-{abs(hash((url, date))):x}>\r\n"
              "Content-Type: application/http; msgtype=response\r\n"
              f"Content-Length: {len(block)}\r\n\r\n")
    return fields.encode() + block + b"\r\n\r\n"


class World:
    """An archive of robots.txt files and pages, its index, and rows that ask about it."""

    def __init__(self, scratch, rows):
        self.random = random.Random(SEED)
        self.robots = collections.defaultdict(list)  # host -> [(date, [(path, allows)])]
        self.index = os.path.join(scratch, "idx")
        path = os.path.join(scratch, "made.warc")
        page = b"<!doctype html><html><title>x</title><body><p>Some words.</p></body></html>"
        with open(path, "wb") as file:
            for host in HOSTS[: len(HOSTS) * 3 // 4]:
                for date in sorted(self.random.sample(DATES, self.random.randint(1, 3))):
                    rules = [(f"/{self.random.choice('abcd')}" * self.random.randint(1, 2),
                              self.random.random() < 0.4)
                             for _ in range(self.random.randint(0, 3))]
                    body = "User-agent: *\n" + "".join(
                        f"{'Allow' if allows else 'Disallow'}: {path}\n" for path, allows in rules)
                    self.robots[host].append((date, rules))
                    file.write(record(f"https://{host}/robots.txt", date, body.encode(),
                                      "text/plain"))
                file.write(record(f"https://{host}/a/page", DATES[1], page, "text/html"))
        cli.run("ingest", "--index", self.index, path, expect=0)
        self.rows = [self.row(number) for number in range(rows)]

    def row(self, number):
        pick = self.random
        path = "".join("/" + pick.choice("abcd") for _ in range(pick.randint(1, 3)))
        date = f"202{pick.choice('345')}-0{pick.randint(1, 9)}-1{pick.randint(0, 9)}T00:00:00Z"
        text = "".join(pick.choice(["word ", "\n", '"', "\\", "\u00e9", ",", "{}"])
                       for _ in range(pick.randint(0, 60)))
        return {"id": number, "url": f"https://{pick.choice(HOSTS)}{path}", "date": date,
                "text": text, "lang": pick.choice(["en", "de"]), "n": pick.randint(1, 99)}

    def keeps(self, row):
        """What robots-only concludes, read slowly."""
        host, _, path = row["url"][len("https://"):].partition("/")
        path = "/" + path
        seen = [each for each in self.robots[host] if each[0] <= row["date"]]
        if not seen or days(row["date"]) - days(seen[-1][0]) > 365:
            return False
        best = (0, True)
        for prefix, allows in seen[-1][1]:
            if path.startswith(prefix):
                best = max(best, (len(prefix), allows))
        return best[1]


def days(date):
    return datetime.date.fromisoformat(date[:10]).toordinal()


def jsonl(rows):
    return [json.dumps(row, ensure_ascii=row["id"] % 2 == 0).encode() + b"\n" for row in rows]


def pack(data, codec, members=3):
    """`data` as several members, so that readers that stop after the first one fail."""
    if codec == "":
        return data
    size = len(data) // members + 1
    parts = [data[at:at + size] for at in range(0, len(data), size)]
    if codec == ".gz":
        return b"".join(gzip.compress(part) for part in parts)
    return b"".join(subprocess.run(["zstd", "-qc"], input=part, stdout=subprocess.PIPE,
                                   check=True).stdout for part in parts)


def unpack(path):
    with open(path, "rb") as file:
        data = file.read()
    if data.startswith(b"\x1f\x8b"):
        return subprocess.run(["gzip", "-dc"], input=data, stdout=subprocess.PIPE,
                              check=True).stdout
    if data.startswith(b"\x28\xb5\x2f\xfd"):
        return subprocess.run(["zstd", "-qdc"], input=data, stdout=subprocess.PIPE,
                              check=True).stdout
    return data


def write(path, data):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(data)
    return path


def without_place(verdict):
    return {key: value for key, value in verdict.items() if key not in ("file", "row")}


def test_verdicts_are_those_of_single_checks(scratch):
    world = World(scratch, 150)
    path = write(os.path.join(scratch, "rows.jsonl"), b"".join(jsonl(world.rows)))
    for flags in [[], ["--agent", "GPTBot,*"], ["--as-of", "2024-08-01"], ["--policy", "strict"]]:
        out = cli.run("check", "--index", world.index, *flags, "--dataset", path, "--date-field",
                      "date", "--format", "jsonl", expect=0).lines()
        cli.equal(len(out), len(world.rows), "a verdict a row")
        for number, (row, verdict) in enumerate(zip(world.rows, out), 1):
            when = [] if "--as-of" in flags else ["--as-of", row["date"]]
            single = cli.run("check", "--index", world.index, *flags, *when, row["url"]).lines()[0]
            cli.equal((verdict["row"], verdict["file"]), (number, path), "place")
            cli.equal(without_place(verdict), single, row["url"])


def test_ten_thousand_rows_are_as_their_single_checks(scratch):
    """Each URL goes through `check` once more, among those of its date."""
    world = World(scratch, 10_000)
    dates = [f"2024-{month:02}-15T12:00:00Z" for month in range(1, 13)]
    for row in world.rows:
        row["date"] = world.random.choice(dates)
    path = write(os.path.join(scratch, "rows.jsonl.gz"), pack(b"".join(jsonl(world.rows)), ".gz"))
    for flags in [[], ["--policy", "strict", "--agent", "CCBot"]]:
        out = cli.run("check", "--index", world.index, *flags, "--dataset", path, "--date-field",
                      "date", "--format", "jsonl", expect=0).lines()
        cli.equal(len(out), 10_000, "a verdict a row")
        for date in dates:
            numbers = [at for at, row in enumerate(world.rows) if row["date"] == date]
            urls = "".join(world.rows[at]["url"] + "\n" for at in numbers).encode()
            single = cli.run("check", "--index", world.index, *flags, "--as-of", date, "-",
                             stdin=urls).lines()
            cli.equal(len(single), len(numbers), "single verdicts")
            for at, verdict in zip(numbers, single):
                cli.equal(without_place(out[at]), verdict, world.rows[at]["url"])


def test_the_slow_join_says_the_same(scratch):
    world = World(scratch, 4000)
    path = write(os.path.join(scratch, "rows.jsonl"), b"".join(jsonl(world.rows)))
    out = os.path.join(scratch, "kept.jsonl")
    for signals in ["all", "host"]:
        cli.run("filter", "--index", world.index, "--policy", "robots-only", "--dataset", path,
                "--date-field", "date", "--signals", signals, "--out", out, expect=0)
        kept = [json.loads(line)["id"] for line in unpack(out).splitlines()]
        wanted = [row["id"] for row in world.rows if world.keeps(row)]
        assert 500 < len(wanted) < 3500, len(wanted)
        cli.equal(kept, wanted, "ids that are kept, in order")


def csv_rows(rows):
    rows = [dict(row, text=f"{row['text']}\r\nmore, \"of\" it") for row in rows]
    header = io.StringIO(newline="")
    writer = csv.DictWriter(header, list(rows[0]), lineterminator="\r\n")
    writer.writeheader()
    lines = []
    for row in rows:
        line = io.StringIO(newline="")
        csv.DictWriter(line, list(row), lineterminator="\r\n").writerow(row)
        lines.append(line.getvalue().encode())
    return header.getvalue().encode(), lines


def test_kept_and_dropped_are_the_input(scratch):
    world = World(scratch, 3000)
    hostile = [b"not json\n", b"\n", b'{"id":1}\n', b'{"url":7}\n', b'{"url":"\xff\xfe"}\n',
               b'[{"url":"https://h1.site1.example/"}]\n', b'{"url":"https://', b'x"}\n',
               b"\x00\x00\n", b'{"url":"https://h1.site1.example/a\\u002fb"}\r\n',
               b"{" * 5000 + b"\n",
               b'{"url":{"url":"https://h1.site1.example/"}}\n', b'{"url":"no url"}\n']
    header, table = csv_rows(world.rows)
    bad_table = [b'"open, never closed until here"\r\n', b"one cell\r\n", b"\r\n"]
    kinds = {
        "jsonl": (b"", jsonl(world.rows) + hostile, []),
        "csv": (header, table + bad_table, []),
        "txt": (b"", [row["url"].encode() + b"\n" for row in world.rows] + [b"\n", b"::\n"], []),
    }
    for kind, (head, lines, flags) in kinds.items():
        world.random.shuffle(lines)
        lines.append(lines.pop().rstrip(b"\r\n"))  # the last one has no line end
        for codec in ["", ".gz", ".zst"]:
            path = write(os.path.join(scratch, f"rows.{kind}{codec}"),
                         pack(head + b"".join(lines), codec))
            out = os.path.join(scratch, f"out-{kind}{codec or '.plain'}/")
            done = cli.run("filter", "--index", world.index, "--dataset", path, "--policy",
                           "robots-only", *flags, "--out", out, expect=3)
            kept, dropped = (unpack(os.path.join(out, f"rows{part}.{kind}{codec}"))
                             for part in ["", ".dropped"])
            with open(os.path.join(out, f"rows.{kind}{codec}"), "rb") as file:
                cli.equal(file.read(2) == b"\x1f\x8b", codec == ".gz", "codec of what is kept")
            assert kept.startswith(head) and dropped.startswith(head)
            kept, dropped = kept[len(head):], dropped[len(head):]
            # Both are subsequences of the input: put together in its order they are the input.
            at_kept = at_dropped = 0
            for line in lines:
                if kept.startswith(line, at_kept):
                    at_kept += len(line)
                else:
                    assert dropped.startswith(line, at_dropped), (kind, codec, line)
                    at_dropped += len(line)
            cli.equal((at_kept, at_dropped), (len(kept), len(dropped)), f"{kind}{codec}")
            assert at_kept and at_dropped
            reasons = [json.loads(line) for line in unpack(
                os.path.join(out, f"rows.reasons.jsonl{codec}")).splitlines()]
            summary = done.lines()[0]
            policy = summary["policies"][0]
            faults = sum(each["rows"] for each in summary["not_judged"])
            cli.equal(len(reasons), policy["lost"]["rows"] + faults, "a reason a dropped row")
            cli.equal(summary["all"]["bytes"], sum(map(len, lines)), "bytes")
            cli.equal(summary["all"]["rows"],
                      summary["judged"]["rows"] + faults, "rows judged and not")
            assert faults >= 2 and reasons == sorted(reasons, key=lambda each: each["row"])
        print(f"  {kind}: {len(lines)} rows, {at_kept} bytes kept, {at_dropped} dropped")


def test_a_takedown_drops_rows_under_every_policy(scratch):
    world = World(scratch, 600)
    host = HOSTS[0]
    ledger = os.path.join(scratch, "takedowns.jsonl")
    cli.run("takedown", "add", "--file", ledger, "--id", "R-1", "--scope", "host", "--received",
            "2026-10-02", "--deadline", "2026-11-02", "--basis", "letter", host, expect=0)
    cli.run("ingest", "--index", world.index, ledger, expect=0)
    rows = os.path.join(scratch, "rows.jsonl")
    with open(rows, "w", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in world.rows)
    asked = [row for row in world.rows if row["url"].startswith(f"https://{host}/")]
    assert len(asked) > 3, "rows of the host"
    for policy in ("eu-tdm", "robots-only", "strict"):
        kept = os.path.join(scratch, f"kept-{policy}.jsonl")
        cli.run("filter", "--index", world.index, "--dataset", rows, "--out", kept, "--date-field",
                "date", "--policy", policy, expect=0)
        with open(kept, encoding="utf-8") as file:
            left = [json.loads(line) for line in file]
        assert not [row for row in left if row["url"].startswith(f"https://{host}/")], policy
    lines = cli.run("check", "--index", world.index, "--dataset", rows, "--date-field", "date",
                    expect=0).lines()
    taken = [line for line in lines if line["takedown"]]
    cli.equal(len(taken), len(asked), "rows that the request covers")
    cli.equal({line["usable"] for line in taken}, {False}, "usable")
    # As of an instant before it was received it does not count.
    lines = cli.run("check", "--index", world.index, "--dataset", rows, "--as-of", "2026-10-01",
                    expect=0).lines()
    cli.equal([line for line in lines if line["takedown"]], [], "earlier")


def test_a_card_of_a_data_set(scratch):
    world = World(scratch, 200)
    pages = [f"https://{host}/a/page" for host in HOSTS[:6]]
    rows = os.path.join(scratch, "rows.csv")
    with open(rows, "w", encoding="utf-8") as file:
        file.write("id,url\n" + "".join(f"{n},{url}\n" for n, url in enumerate(pages * 2)))
        file.write("7,https://nowhere.example/\n")

    def facts(*words):
        out = cli.run("card", "--index", world.index, "--format", "json", *words, expect=0).out
        return {fact["id"]: fact.get("value") for fact in json.loads(out)["facts"]}
    whole, part = facts(), facts("--dataset", rows)
    cli.equal(whole["pages.count"], len(HOSTS) * 3 // 4, "pages of the index")
    cli.equal(whole["dataset.rows"], None, "no data set")
    cli.equal({name: part["dataset." + name] for name in
               ("files", "rows", "urls", "without_capture", "of_unknown_hosts", "unreadable")},
              {"files": 1, "rows": 13, "urls": 7, "without_capture": 1, "of_unknown_hosts": 1,
               "unreadable": 0}, "rows")
    cli.equal((part["pages.count"], part["pages.hosts"]), (6, 6), "pages of the data set")
    cli.equal(part["tree.root"], whole["tree.root"], "root of the index")
    cli.equal(facts("--dataset", rows, "--jobs", "3"), part, "any number of jobs")


def test_a_cut_file_keeps_what_stands_before_the_cut(scratch):
    world = World(scratch, 3000)
    data = b"".join(jsonl(world.rows))
    for codec in [".gz", ".zst"]:
        whole = pack(data, codec, members=1)
        path = write(os.path.join(scratch, f"cut.jsonl{codec}"), whole[: len(whole) * 2 // 3])
        out = os.path.join(scratch, f"cut{codec}/")
        done = cli.run("filter", "--index", world.index, "--dataset", path, "--policy",
                       "robots-only", "--out", out, expect=3)
        cli.contains(done.err, f"cut.jsonl{codec}")
        parts = [unpack(os.path.join(out, f"cut{part}.jsonl{codec}"))
                 for part in ["", ".dropped"]]
        lines = b"".join(parts).splitlines(keepends=True)
        before = data[: sum(map(len, parts))]
        assert len(before) > len(data) // 3
        cli.equal(sorted(lines), sorted(before.splitlines(keepends=True)), "rows before the cut")
        assert any(each["name"] == "cut-row" for each in done.lines()[0]["not_judged"])
        again = cli.run("filter", "--index", world.index, "--dataset", path, "--policy",
                        "robots-only", "--out", out, expect=3).lines()[0]
        cli.equal(again["files"][0]["state"], "skipped", "a damaged file is done too")


def test_a_csv_that_ends_inside_quotes_is_cut(scratch):
    world = World(scratch, 10)
    url = world.rows[0]["url"]
    for text, code, kept in ((f'url,text\n{url},a\n"{url}","b\nc"', 0, []),
                             (f'url,text\n{url},a\n"{url}","b\nc', 3, ["cut-row"])):
        path = write(os.path.join(scratch, "rows.csv"), text.encode())
        out = os.path.join(scratch, f"csv{code}")
        done = cli.run("filter", "--index", world.index, "--dataset", path, "--out", out,
                       expect=code).lines()[0]
        cli.equal([each["name"] for each in done["not_judged"]], kept, text)
        cli.equal(done["all"]["rows"], 2, text)


def test_fields_inside_of_others(scratch):
    world = World(scratch, 40)
    lines = []
    for row in world.rows:
        lines.append(json.dumps({"url": "https://wrong.example/", "a": 1, "m/x": {
            "l": [0, {"url": row["url"], "d": row["date"].replace("-", "").replace("T", "")
                      .replace(":", "").replace("Z", "")}], "n": str(row["n"])}}) + "\n")
    path = write(os.path.join(scratch, "in.jsonl"), "".join(lines).encode())
    summary = os.path.join(scratch, "summary.json")
    out = cli.run("check", "--index", world.index, "--dataset", path, "--url-field",
                  "/m~1x/l/1/url", "--date-field", "/m~1x/l/1/d", "--tokens-field", "/m~1x/n",
                  "--summary", summary, "--format", "jsonl", expect=0).lines()
    cli.equal([each["url"] for each in out], [row["url"] for row in world.rows], "URLs")
    cli.equal([each["as_of"] for each in out], [row["date"] for row in world.rows], "dates")
    with open(summary, encoding="utf-8") as file:
        cli.equal(json.load(file)["all"]["tokens"], sum(row["n"] for row in world.rows), "tokens")
    cli.run("check", "--index", world.index, "--dataset", path, "--url-field", "/a~2", expect=2)


def test_jobs_and_files_change_nothing(scratch):
    world = World(scratch, 30000)
    lines = jsonl(world.rows)
    files = []
    for number, part in enumerate([lines[:20000], lines[20000:20001], lines[20001:]]):
        files += ["--dataset", write(os.path.join(scratch, f"in/{number}.jsonl.gz"),
                                     pack(b"".join(part), ".gz", 1))]
    flags = ["--index", world.index, "--date-field", "date", "--text-field", "text",
             "--language-field", "lang", "--policy", "robots-only,strict,eu-tdm"]
    seen = []
    for jobs in ["1", "2", "7"]:
        out = os.path.join(scratch, "out" + jobs)
        hosts = os.path.join(scratch, "hosts" + jobs)
        cli.run("filter", *flags, *files, "--jobs", jobs, "--out", out, "--unknown-hosts", hosts,
                "--summary", os.path.join(out, "summary.json"), expect=0)
        text = {}
        for path in glob.glob(out + "/*") + [hosts]:
            with open(path, "rb") as file:
                text[os.path.basename(path).replace("hosts" + jobs, "hosts")] = (
                    file.read().replace(out.encode(), b"OUT"))
        checked = cli.run("check", *flags[:4], *files, "--signals", "host", "--jobs", jobs,
                          "--format", "jsonl", expect=0).out
        seen.append((text, checked))
    cli.equal(len(seen[0][0]), 3 * 4 + 2, "files")
    for other in seen[1:]:
        cli.equal(sorted(other[0]), sorted(seen[0][0]), "names")
        for name in other[0]:
            assert other[0][name] == seen[0][0][name], name
        assert other[1] == seen[0][1], "verdict lines"
    unknown = seen[0][0]["hosts"].decode().split()
    cli.equal(sorted(unknown), sorted(HOSTS[len(HOSTS) * 3 // 4:]), "unknown hosts")
    summary = json.loads(seen[0][0]["summary.json"])
    cli.equal([each["policy"].split("@")[0] for each in summary["policies"]],
              ["robots-only", "strict", "eu-tdm"], "policies")
    cli.equal(summary["all"]["tokens"],
              sum(len(row["text"].encode()) // 4 for row in world.rows), "tokens by text")
    for each in summary["policies"]:
        cli.equal(each["usable"]["rows"] + each["lost"]["rows"], 30000, "kept and lost")
        for by in ["reason", "language", "domain"]:
            cli.equal(sum(name["rows"] for name in each["lost_by_" + by]), each["lost"]["rows"], by)


def test_a_second_run_goes_on(scratch):
    world = World(scratch, 600)
    lines = jsonl(world.rows)
    files = []
    for number in range(3):
        files += ["--dataset", write(os.path.join(scratch, f"in/{number}.jsonl"),
                                     b"".join(lines[number * 200:(number + 1) * 200]))]
    out = os.path.join(scratch, "out")
    flags = ["--index", world.index, "--policy", "robots-only", "--date-field", "date"]

    def states(*more):
        summary = cli.run("filter", *flags, *more, *files, "--out", out, expect=0).lines()[0]
        return [each.pop("state") for each in summary["files"]], summary

    first, wanted = states()
    cli.equal(first, ["filtered"] * 3, "first run")
    os.remove(os.path.join(out, "1.filter.json"))
    with open(os.path.join(out, "2.jsonl"), "ab") as file:
        file.write(b"half")
    second, got = states()
    cli.equal(second, ["skipped", "filtered", "filtered"], "what was not whole is done again")
    cli.equal(got, wanted, "summary of a run that went on")
    cli.equal(states()[0], ["skipped"] * 3, "nothing left")
    cli.equal(states("--agent", "GPTBot")[0], ["filtered"] * 3, "another question")
    cli.equal(states()[0], ["filtered"] * 3, "and back")
    time.sleep(0.02)
    shutil.copy(os.path.join(scratch, "in/1.jsonl"), os.path.join(scratch, "in/0.jsonl"))
    cli.equal(states()[0], ["filtered", "skipped", "skipped"], "another input")


def killed_while_writing(words, directory):
    """Starts the command and kills it as soon as a file of its own has grown. True if it was."""
    job = subprocess.Popen([cli.CRAWLCARD, *words], stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL)
    while job.poll() is None:
        sizes = [os.path.getsize(name) for name in glob.glob(os.path.join(directory, "*.tmp"))]
        if len(sizes) == 3 and max(sizes) > 100_000:
            job.kill()
        time.sleep(0.001)
    return job.returncode == -9


def test_a_killed_run_leaves_nothing_behind(scratch):
    world = World(scratch, 2000)
    data = b"".join(jsonl(world.rows)) * 60
    for codec in ["", ".gz", ".zst"]:
        path = write(os.path.join(scratch, f"big.jsonl{codec}"),
                     pack(data, codec) if codec else data)
        flags = ["filter", "--index", world.index, "--policy", "robots-only", "--dataset", path,
                 "--date-field", "date", "--jobs", "1", "--out"]
        wanted, out = (os.path.join(scratch, f"{name}{codec}/") for name in ["whole", "killed"])
        os.makedirs(out)
        assert killed_while_writing([*flags, out], out), "was done before it could be killed"
        left = sorted(os.listdir(out))
        assert left and all(name.endswith(".tmp") for name in left), left
        again = cli.run(*flags, out, expect=0).lines()[0]
        first = cli.run(*flags, wanted, expect=0).lines()[0]
        cli.equal(again["all"], first["all"], "amounts")
        cli.equal(sorted(os.listdir(out)), sorted(os.listdir(wanted)), "files")
        for name in os.listdir(out):
            if name.endswith(".filter.json"):
                continue  # it names the directory
            with open(os.path.join(out, name), "rb") as a, open(os.path.join(wanted, name),
                                                                "rb") as b:
                assert a.read() == b.read(), name


def test_a_licence_that_sets_conditions_is_told(scratch):
    url, day = "https://by.example.org/", "2026-06-01T00:00:00Z"
    page = (b'<!doctype html><html><head><link rel="license" '
            b'href="https://creativecommons.org/licenses/by/4.0/"></head><body>x</body></html>')
    made = write(os.path.join(scratch, "a.warc"),
                 record(url + "robots.txt", day, b"User-agent: *\nAllow: /\n", "text/plain") +
                 record(url, day, page, "text/html"))
    index = os.path.join(scratch, "idx")
    cli.run("ingest", "--index", index, made, expect=0)
    rows = write(os.path.join(scratch, "a.txt"), url.encode() + b"\n")
    out = os.path.join(scratch, "kept.txt")
    summary = cli.run("filter", "--index", index, "--dataset", rows, "--as-of", "2026-07-01",
                      "--out", out, expect=0).lines()[0]["policies"][0]
    cli.equal([(each["name"], each["rows"]) for each in summary["lost_by_reason"]],
              [("conditional", 1)])
    cli.equal([(each["name"], each["rows"]) for each in summary["lost_by_family"]],
              [("licence", 1)])
    dropped = json.loads(unpack(os.path.join(scratch, "kept.reasons.jsonl")))
    cli.equal((dropped["reason"], dropped["families"]), ("conditional", ["licence"]))


def test_what_is_refused(scratch):
    world = World(scratch, 5)
    path = write(os.path.join(scratch, "in/a.jsonl"), b"".join(jsonl(world.rows)))
    other = write(os.path.join(scratch, "more/a.jsonl"), b"")
    base = ["--index", world.index]
    for words, message in [
            (["filter", "--dataset", path], "--out"),
            (["filter", "--dataset", path, "--out", path], "one of the inputs"),
            (["filter", "--dataset", path, "--dataset", other, "--out", scratch + "/o"],
             "two files would become"),
            (["filter", "--out", scratch + "/o"], "--dataset"),
            (["check", "--dataset", path, "example.org"], "takes the place of"),
            (["check", "--policy", "strict,eu-tdm", "example.org"], "--dataset alone"),
            (["check"], "needs URL|HOST")]:
        cli.contains(cli.run(words[0], *base, *words[1:], expect=2).err, message)
    with open(path, "rb") as file:
        cli.equal(file.read(), b"".join(jsonl(world.rows)), "the input is as it was")
    missing = cli.run("check", *base, "--dataset", path, "--dataset", scratch + "/none.jsonl",
                      "--format", "jsonl", expect=3)
    cli.equal(len(missing.lines()), 5, "the other file is read")
    table = write(os.path.join(scratch, "a.csv"), b"id,link\n1,https://a.example/\n")
    cli.contains(cli.run("check", *base, "--dataset", table, expect=3).err,
                 "no column is called 'url'")
    empty = write(os.path.join(scratch, "empty.csv"), b"")
    cli.run("check", *base, "--dataset", empty, expect=3)


def test_limits_of_questions_and_of_what_is_told(scratch):
    """kQuestionsMax policies in one pass; kFaultsToldMax rows a file are told one by one."""
    world = World(scratch, 5)
    bad = write(os.path.join(scratch, "bad.jsonl"), b"no row\n" * 15)
    told = cli.run("check", "--index", world.index, "--dataset", bad, "--format", "jsonl",
                   expect=3).err
    cli.equal([f"row {n}: bad-row" in told for n in range(1, 16)],
              [True] * 10 + [False] * 5, "told")
    for count, code in [(256, 3), (257, 2)]:
        cli.run("check", "--index", world.index, "--dataset", bad, "--format", "jsonl", "--policy",
                ",".join(["strict"] * count), expect=code)


def test_standard_input_and_text(scratch):
    world = World(scratch, 50)
    urls = "".join(row["url"] + "\r\n" for row in world.rows).encode()
    asked = cli.run("check", "--index", world.index, "--dataset", "-", "--format", "jsonl",
                    stdin=gzip.compress(urls), expect=0).lines()
    cli.equal([each["url"] for each in asked], [row["url"] for row in world.rows], "URLs")
    rows = b"".join(jsonl(world.rows))
    text = cli.run("check", "--index", world.index, "--dataset", "-", "--format", "text",
                   stdin=rows, expect=0)
    cli.equal(len(text.out.splitlines()), 50, "a line a row")
    silent = cli.run("check", "--index", world.index, "--dataset", "-", "--format", "none",
                     stdin=rows, expect=0)
    cli.equal(silent.out, "", "output of none")
    cli.contains(silent.err, "lost by reason")


READ_PARQUET = """
import { asyncBufferFromFile, parquetReadObjects, parquetMetadataAsync } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
for (const path of process.argv.slice(2)) {
  const file = await asyncBufferFromFile(path)
  const { schema } = await parquetMetadataAsync(file)
  console.log(JSON.stringify(schema.slice(1)))
  const text = (_, value) => typeof value === 'bigint' ? Number(value) : value
  console.log(JSON.stringify(await parquetReadObjects({ file, compressors }), text))
}
"""



def make_parquet(root, library, rows, path):
    """A Parquet file of JSON rows, by DuckDB's C library from Python."""
    import ctypes
    duck = ctypes.CDLL(library)
    database, connection = ctypes.c_void_p(), ctypes.c_void_p()
    assert duck.duckdb_open(None, ctypes.byref(database)) == 0
    assert duck.duckdb_connect(database, ctypes.byref(connection)) == 0
    source = write(os.path.join(root, "rows-for-parquet.jsonl"), rows)
    sql = (f"COPY (SELECT *, {{'url': url, 'n': n}} AS meta, [n, id] AS numbers, "
           f"CAST(n AS SMALLINT) AS small, CAST(date AS TIMESTAMP) AS seen, n / 3.0 AS third "
           f"FROM read_json('{source}', format='newline_delimited')) "
           f"TO '{path}' (FORMAT parquet, ROW_GROUP_SIZE 2048)")
    assert duck.duckdb_query(connection, sql.encode(), None) == 0, sql
    duck.duckdb_disconnect(ctypes.byref(connection))
    duck.duckdb_close(ctypes.byref(database))


def test_parquet(scratch):
    world = World(scratch, 5000)
    path = os.path.join(scratch, "rows.parquet")
    refused = cli.run("check", "--index", world.index, "--dataset", path, "--duckdb",
                      "/nonesuch/libduckdb.so", expect=3)
    cli.contains(refused.err, "libduckdb.so")
    library = os.path.join(npm.packages(DUCKDB),
                           "node_modules/@duckdb/node-bindings-linux-x64/libduckdb.so")
    root = npm.packages(*READERS)
    make_parquet(scratch, library, b"".join(jsonl(world.rows)), path)
    out = os.path.join(scratch, "kept.parquet")
    for fields in [["--url-field", "url", "--date-field", "date"],
                   ["--url-field", "/meta/url", "--date-field", "seen"]]:
        summary = cli.run("filter", "--index", world.index, "--policy", "robots-only", "--dataset",
                          path, *fields, "--tokens-field", "n", "--text-field", "text", "--duckdb",
                          library, "--out", out, expect=0).lines()[0]
        script = os.path.join(root, "read_rows.mjs")
        with open(script, "w", encoding="utf-8") as file:
            file.write(READ_PARQUET)
        read = subprocess.run(["node", script, path, out, os.path.join(scratch,
                               "kept.dropped.parquet")], capture_output=True, check=True)
        lines = [json.loads(line) for line in read.stdout.decode().splitlines()]
        schemas, tables = lines[0::2], lines[1::2]
        cli.equal(schemas[1], schemas[0], "schema of what is kept")
        cli.equal(schemas[2], schemas[0], "schema of what is dropped")
        wanted = [world.keeps(row) for row in world.rows]
        cli.equal(tables[1], [row for row, keeps in zip(tables[0], wanted) if keeps], "kept")
        cli.equal(tables[2], [row for row, keeps in zip(tables[0], wanted) if not keeps], "dropped")
        cli.equal(summary["all"]["tokens"], sum(row["n"] for row in world.rows), "tokens")
        cli.equal(summary["all"]["bytes"],
                  sum(len(row["text"].encode()) for row in world.rows), "bytes of text")
        reasons = unpack(os.path.join(scratch, "kept.reasons.jsonl")).splitlines()
        cli.equal([json.loads(line)["row"] for line in reasons],
                  [number for number, keeps in enumerate(wanted, 1) if not keeps], "reasons")
    left = [name for name in os.listdir(scratch) if "tmp" in name]
    cli.equal(left, [], "files left")
    print(f"  {len(tables[1])} of {len(tables[0])} rows kept")


def test_a_killed_parquet_run_leaves_nothing_behind(scratch):
    world = World(scratch, 2000)
    library = os.path.join(npm.packages(DUCKDB),
                           "node_modules/@duckdb/node-bindings-linux-x64/libduckdb.so")
    path = os.path.join(scratch, "rows.parquet")
    make_parquet(scratch, library, b"".join(jsonl(world.rows)) * 40, path)
    out = os.path.join(scratch, "out/")
    os.makedirs(out)
    words = ["filter", "--index", world.index, "--policy", "robots-only", "--dataset", path,
             "--duckdb", library, "--out", out]
    job = subprocess.Popen([cli.CRAWLCARD, *words], stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL)
    while job.poll() is None:
        if glob.glob(os.path.join(out, "*.tmp.kept")):
            job.kill()
        time.sleep(0.001)
    cli.equal(job.returncode, -9, "was done before it could be killed")
    left = os.listdir(out)
    assert any(name.endswith(".tmp.kept") for name in left), left
    os.makedirs(os.path.join(out, f"rows.parquet.{job.pid}.tmp.spill"), exist_ok=True)
    cli.run(*words, expect=0)
    cli.equal(sorted(os.listdir(out)), ["rows.dropped.parquet", "rows.filter.json", "rows.parquet",
                                        "rows.reasons.jsonl"], "files")


if __name__ == "__main__":
    cli.main(globals())
