#!/usr/bin/env python3
"""CDXJ of ours against that of an independent indexer, npm's warcio, on the shared archives.

Each record that both list is compared field by field; what differs must be one of the differences
that docs/formats/cdx.md names.
"""

import collections
import glob
import json
import os
import subprocess
import urllib.parse

import cli
import npm

WARCIO = "warcio@2.4.11"
SHARED = os.path.join(cli.ROOT, "../shared/corpora/warc")
FIELDS = ["key", "timestamp", "url", "mime", "status", "digest", "length"]
# Archives of one record a member, or plain, that warcio reads. It reads no ARC.
ENDINGS = (".warc", ".warc.gz", ".warc.gz.open")


def listed(text):
    """Lines by offset."""
    rows = {}
    for line in text.splitlines():
        brace = 0 if line.startswith("{") else line.index(" {") + 1
        key, time = (line[:brace].rstrip().rsplit(" ", 1) + [""])[:2]
        rows[int(json.loads(line[brace:])["offset"])] = {
            "key": key, "timestamp": time, **json.loads(line[brace:])}
    return rows


def ours(path, scratch):
    index = os.path.join(scratch, "idx-" + path.replace("/", "_"))
    ingested = cli.run("ingest", "--index", index, "--progress", "none", path)
    text = cli.run("export", "--index", index, "--format", "cdxj", expect=0).out
    return listed(text), ingested.code == 3


def theirs(path, warcio):
    done = subprocess.run(["node", warcio, "cdx-index", "--format", "cdxj", path],
                          capture_output=True, timeout=60, check=True)
    return listed(done.stdout.decode("utf-8"))


def is_web(row):
    return (row.get("url") or "").startswith(("http://", "https://"))


def reason(field, mine, other, path):
    """Why a field may differ, by docs/formats/cdx.md; None: it may not."""
    got, want = mine.get(field), other.get(field)
    if field == "key":
        if not is_web(mine):
            return "keys of other schemes"
        if "__wb_" in want:
            return "requests in keys"
        if want.removesuffix("/") == got:
            return "slash at the end"
        if urllib.parse.unquote(want).lower().removesuffix("/") == urllib.parse.unquote(got):
            return "escapes in keys"
    if field == "mime":
        if got == "unk" and want is None:
            return "unk"
        if got == "unk" and want and ("/" not in want or mine.get("status") is None):
            return "no media type"
        if want is None and not is_web(mine):
            return "types of other schemes"
        if want and want.split(";")[0].strip().lower() == got:
            return "parameters of a type"
    if field == "digest" and want is None and (mine["mime"] == "warc/revisit"
                                               or mine.get("status") is None):
        return "block digests"
    if field == "length" and path.endswith(".warc") and int(got) > int(want):
        with open(path, "rb") as file:
            file.seek(int(mine["offset"]) + int(want))
            if not file.read(int(got) - int(want)).strip(b"\r\n"):
                return "end of a plain record"
    if field == "status":
        if os.path.basename(path) == "missing-status-text.warc" and want is None:
            return "status line without a reason"
        if got is None and want in ("0", "200"):
            return "no status"
    if field == "length" and os.path.basename(path) == "example-wrong-chunks.warc.gz":
        return "a reader that stops in a member"
    return None


def missing_reason(row, path, is_damaged):
    """Why a record is listed by warcio alone."""
    if row["key"] == "undefined":
        return "no URL"
    if not is_web(row):
        return "metadata records"
    if "unparsable-date" in path:
        return "no date"
    if is_damaged:
        return "cut or damaged records"
    if int(row["offset"]) == os.path.getsize(path) or "non-chunked" in path:
        return "records in one member"
    return None


def test_every_difference_has_a_name(scratch):
    root = npm.packages(WARCIO)
    warcio = os.path.join(root, "node_modules/warcio/dist/cli.js")
    paths = [path for path in sorted(glob.glob(os.path.join(SHARED, "*/*")))
             if path.endswith(ENDINGS)]
    if not paths:
        npm.skip(f"no archives in {SHARED}")
    counts = collections.Counter()
    unnamed = []
    for path in paths:
        (mine, is_damaged), other = ours(path, scratch), theirs(path, warcio)
        for offset in mine.keys() - other.keys():
            unnamed.append((path, offset, "only ours", mine[offset]))
        for offset in other.keys() - mine.keys():
            why = missing_reason(other[offset], path, is_damaged)
            counts[why] += 1
            if why is None:
                unnamed.append((path, offset, "only theirs", other[offset]))
        for offset in mine.keys() & other.keys():
            differ = [field for field in FIELDS
                      if mine[offset].get(field) != other[offset].get(field)]
            counts["records"] += 1
            counts["equal in all fields"] += not differ
            for field in differ:
                why = reason(field, mine[offset], other[offset], path)
                counts[why] += 1
                if why is None:
                    unnamed.append((path, field, mine[offset], other[offset]))
    for why, count in sorted(counts.items(), key=lambda pair: -pair[1]):
        print(f"  {count:5} {why}")
    for each in unnamed:
        print("  unnamed:", *each)
    assert not unnamed, f"{len(unnamed)} differences without a name"
    assert counts["records"] >= 400 and counts["equal in all fields"] >= 300, counts


if __name__ == "__main__":
    cli.main(globals())
