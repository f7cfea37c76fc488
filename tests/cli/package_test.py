#!/usr/bin/env python3
"""The installed libraries: complete headers, and the example program built with them and run."""

import os
import re
import shutil
import subprocess
import sys

import cli

BUILD = os.environ.get("CRAWLCARD_BUILD", "")
ROOMS = ("base", "warc", "page", "robots", "index")


def call(*words):
    done = subprocess.run(words, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, f"{words}: {done.stdout[-2000:]}{done.stderr[-3000:]}"
    return done.stdout


def headers_of(include):
    found = set()
    for directory, _, names in os.walk(include):
        found |= {os.path.relpath(os.path.join(directory, name), include) for name in names}
    return found


def test_headers_are_complete_and_the_example_runs(scratch):
    prefix, build = os.path.join(scratch, "prefix"), os.path.join(scratch, "build")
    call("cmake", "--install", BUILD, "--prefix", prefix, "--component", "devel")
    include = os.path.join(prefix, "include/crawlcard")
    headers = headers_of(include)
    assert {"index/scan.h", "index/store.h", "index/takedown_table.h", "index/diff.h",
            "index/ingest/ingest.h", "robots/robots_txt.h", "robots/verdict.h"} <= headers, headers
    for header in headers:
        assert "internal" not in header.split("/"), header
        with open(os.path.join(include, header), encoding="utf-8") as file:
            for included in re.findall(r'#include "([^"]+)"', file.read()):
                assert included in headers, f"{header} includes {included}, not installed"

    call("cmake", "-S", os.path.join(cli.ROOT, "examples/check_urls"), "-B", build, "-G", "Ninja",
         "-DCMAKE_BUILD_TYPE=Debug", f"-DCMAKE_PREFIX_PATH={prefix}")
    call("cmake", "--build", build)
    index = os.path.join(scratch, "idx")
    cli.run("ingest", "--index", index, cli.SAMPLE, expect=0)
    urls = [line["url"] for line in cli.run("export", "--index", index, expect=0).lines()]
    told = call(os.path.join(build, "check_urls"), index, *urls)
    wanted = [f"{'usable' if one['usable'] else 'not-usable'} {one['decision']} {one['url']}"
              for one in cli.run("check", "--index", index, "--agent", "GPTBot", *urls).lines()]
    cli.equal([line for line in told.splitlines() if not line.startswith("  ")], wanted)
    assert len(set(line.split()[1] for line in wanted)) > 1, wanted


if __name__ == "__main__":
    if not shutil.which("cmake") or not shutil.which("ninja"):
        print("skipped: no cmake or ninja")
        sys.exit(77)
    with open(os.path.join(BUILD, "CMakeCache.txt"), encoding="utf-8") as cache:
        if re.search(r"^CRAWLCARD_SANITIZE:\w+=.+$", cache.read(), re.MULTILINE):
            print("skipped: the example would need the sanitizer too")
            sys.exit(77)
    cli.main(globals())
