#!/usr/bin/env python3
"""Measures whole commands beside the raw limit, in turn, on the same file.

    benches/macro/run_macro.py --crawlcard build/release/tools/crawlcard FILE.warc.gz [--rounds 5]
        [--out benches/results/DATE-HOST]

The raw limit is `igzip -dc FILE > /dev/null` (Debian package isal): inflating is the work that
nothing can avoid. Programs run round by round, so that a machine whose clock drifts slows all of
them alike; ratios are taken within a round and their median is quoted.
"""
import argparse
import datetime
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile


def run(command, stdout):
    """User CPU seconds, wall seconds, peak memory in bytes, and exit code of one command."""
    start = datetime.datetime.now()
    process = subprocess.Popen(command, stdout=stdout, stderr=subprocess.PIPE)
    stderr = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    wall = (datetime.datetime.now() - start).total_seconds()
    if process.returncode not in (0, 3):
        sys.exit(f"{command}: exit {process.returncode}: {stderr.decode(errors='replace')}")
    return {"user": usage.ru_utime, "system": usage.ru_stime, "wall": wall,
            "rss": usage.ru_maxrss * 1024, "exit": process.returncode}


def commands(crawlcard, path, scratch):
    index = os.path.join(scratch, "index")
    def ingest(jobs):
        def call(stdout):
            shutil.rmtree(index, ignore_errors=True)
            return run([crawlcard, "ingest", "--index", index, "--jobs", str(jobs),
                        "--progress", "none", path], stdout)
        return call
    def extract(language):
        return lambda stdout: run([crawlcard, "extract", "--format", "none", "--jobs", "1",
                                   "--progress", "none", "--language", language, path], stdout)
    return {
        "igzip -dc": lambda stdout: run(["igzip", "-dc", path], stdout),
        "extract --format none --language archive": extract("archive"),
        "extract --format none --language sample": extract("sample"),
        "ingest --jobs 1": ingest(1),
        "ingest --jobs 2": ingest(2),
    }


def machine():
    model = "unknown processor"
    with open("/proc/cpuinfo", encoding="ascii", errors="replace") as cpuinfo:
        for line in cpuinfo:
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    return f"{model}, {os.cpu_count()} cores, {platform.system()} {platform.release()}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file")
    parser.add_argument("--crawlcard", required=True)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--out", help="directory for macro.md")
    options = parser.parse_args()

    inflated = int(subprocess.run(f"igzip -dc '{options.file}' | wc -c", shell=True, check=True,
                                  capture_output=True, text=True).stdout)
    measured = {}
    with tempfile.TemporaryDirectory() as scratch, open(os.devnull, "wb") as null:
        for _ in range(options.rounds):
            for name, call in commands(options.crawlcard, options.file, scratch).items():
                measured.setdefault(name, []).append(call(null))

    base = measured["igzip -dc"]
    lines = [f"# Whole commands beside the raw limit, {datetime.date.today().isoformat()}", "",
             f"Machine: {machine()}. Shared and drifting: read the ratios.", "",
             f"Input: `{os.path.basename(options.file)}`, {os.path.getsize(options.file):,} bytes, "
             f"{inflated:,} inflated. Rounds: {options.rounds}.", "",
             "| command | user s (min) | wall s (min) | MB/s inflated (best wall) "
             "| user CPU to igzip (median) | peak memory MiB |",
             "| --- | --- | --- | --- | --- | --- |"]
    for name, runs in measured.items():
        ratio = statistics.median(r["user"] / b["user"] for r, b in zip(runs, base))
        wall = min(r["wall"] for r in runs)
        lines.append(f"| `{name}` | {min(r['user'] for r in runs):.2f} | {wall:.2f} "
                     f"| {inflated / wall / 1e6:.0f} | {ratio:.2f} "
                     f"| {max(r['rss'] for r in runs) / 2**20:.0f} |")
    report = "\n".join(lines) + "\n"
    print(report)
    if options.out:
        os.makedirs(options.out, exist_ok=True)
        with open(os.path.join(options.out, "macro.md"), "w", encoding="utf-8") as out:
            out.write(report)


if __name__ == "__main__":
    main()
