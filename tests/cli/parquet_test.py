#!/usr/bin/env python3
"""Parquet written through DuckDB, read back by an independent reader: npm's hyparquet.

Every cell of every table is compared with the same table as JSON lines.
"""

import glob
import json
import os
import subprocess

import cli
import npm

DUCKDB = "@duckdb/node-bindings-linux-x64@1.5.6-r.1"
READERS = ["hyparquet@1.31.5", "hyparquet-compressors@1.1.2"]
SHARED = os.path.join(cli.ROOT, "../shared/corpora/warc")

SCRIPT = """
import { asyncBufferFromFile, parquetReadObjects, parquetMetadataAsync } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
const file = await asyncBufferFromFile(process.argv[2])
const { schema } = await parquetMetadataAsync(file)
console.log(JSON.stringify(Object.fromEntries(schema.slice(1).map(
  each => [each.name, each.converted_type ?? each.type]))))
for (const row of await parquetReadObjects({ file, compressors })) {
  console.log(JSON.stringify(row, (_, value) => typeof value === 'bigint' ? Number(value) : value))
}
"""


def read_back(path, root):
    script = os.path.join(root, "read.mjs")
    with open(script, "w", encoding="utf-8") as file:
        file.write(SCRIPT)
    done = subprocess.run(["node", script, path], capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr.decode()
    lines = [json.loads(line) for line in done.stdout.decode("utf-8").splitlines()]
    return lines[0], lines[1:]


def without_schema(row):
    row = {key: value for key, value in row.items() if key != "schema"}
    for key in row:
        if key.startswith("fetch_time") or key.endswith("_time"):
            row[key] = row[key] and row[key].replace("Z", ".000Z")
    return row


def test_an_independent_reader_reads_every_cell(scratch):
    library = os.path.join(npm.packages(DUCKDB),
                           "node_modules/@duckdb/node-bindings-linux-x64/libduckdb.so")
    root = npm.packages(*READERS)
    index = os.path.join(scratch, "idx")
    paths = glob.glob(os.path.join(cli.SAMPLE, "*.warc.gz")) + glob.glob(
        os.path.join(SHARED, "webrecorder__pywb", "*.cdxj"))
    cli.run("ingest", "--index", index, *paths)
    for table in ["pages", "hosts", "signals"]:
        flags = ["--index", index, "--table", table, "--agent", "GPTBot,*"]
        out, again = (os.path.join(scratch, f"{n}'{table}.parquet") for n in (1, 2))
        summary = cli.run("export", *flags, "--duckdb", library, "--out", out, expect=0).lines()[0]
        cli.run("export", *flags, "--duckdb", library, "--out", again, expect=0)
        with open(out, "rb") as one, open(again, "rb") as two:
            assert one.read() == two.read(), "the same index, the same bytes"
        wanted = [without_schema(row) for row in cli.run("export", *flags, expect=0).lines()]
        types, got = read_back(out, root)
        cli.equal(summary["rows"], len(wanted), "rows")
        cli.equal(list(types), list(wanted[0]), "columns")
        cli.equal(len(got), len(wanted), "rows read")
        for mine, other in zip(wanted, got):
            cli.equal(other, mine, table)
        print(f"  {table}: {len(got)} rows of {len(types)} columns")
    left = [name for name in os.listdir(scratch) if "tmp" in name]
    cli.equal(left, [], "files left")
    cli.equal(types["fetch_time"], "TIMESTAMP_MICROS", "type of a time")


if __name__ == "__main__":
    cli.main(globals())
