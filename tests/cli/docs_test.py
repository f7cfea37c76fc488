#!/usr/bin/env python3
"""Executes the commands in README.md and docs/*.md: each ```sh block that starts with "# runs".

A block runs in a scratch directory that holds the bundled sample as `sample/`, with crawlcard in
the path. Every block of one page shares the directory, in the order of the page.
"""

import glob
import os
import re
import subprocess

import cli

BLOCK = re.compile(r"^```sh\n# runs[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


def pages():
    return [os.path.join(cli.ROOT, "README.md")] + sorted(
        glob.glob(os.path.join(cli.ROOT, "docs/**/*.md"), recursive=True))


def text_of(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def test_commands_run(scratch):
    blocks = 0
    environment = dict(os.environ)
    environment["PATH"] = os.path.dirname(cli.CRAWLCARD) + ":" + environment["PATH"]
    for number, path in enumerate(pages()):
        here = os.path.join(scratch, str(number))
        os.mkdir(here)
        os.symlink(cli.SAMPLE, os.path.join(here, "sample"))
        for block in BLOCK.findall(text_of(path)):
            blocks += 1
            done = subprocess.run(["bash", "-eu", "-c", block], cwd=here, env=environment,
                                  capture_output=True, timeout=60, check=False)
            assert done.returncode == 0, f"{path}: exit {done.returncode}\n{block}\n{done.stderr}"
    assert blocks, "no block runs"
    print(f"{blocks} blocks ran")


def test_links_lead_somewhere(_):
    for path in pages():
        for target in LINK.findall(text_of(path)):
            if "://" in target:
                continue
            full = os.path.join(os.path.dirname(path), target)
            assert os.path.exists(full), f"{path}: no {target}"


if __name__ == "__main__":
    cli.main(globals())
