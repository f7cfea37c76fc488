#!/usr/bin/env python3
"""The man page and the completions in docs/ are those of this build, and shells accept them."""

import os
import shutil
import subprocess

import cli


def kept(name):
    with open(os.path.join(cli.ROOT, "docs/generated", name), encoding="utf-8") as file:
        return file.read()


def test_man_page(scratch):
    text = cli.run("config", "--man", expect=0).out
    cli.equal(text, kept("crawlcard.1"), "docs/generated/crawlcard.1; see docs/README.md")
    if shutil.which("mandoc"):
        subprocess.run(["mandoc", "-T", "lint", "-W", "error"], input=text.encode(), check=True)


def test_completions(scratch):
    for shell in ("bash", "zsh", "fish"):
        text = cli.run("config", "--completions", shell, expect=0).out
        cli.equal(text, kept("crawlcard." + shell), f"docs/generated/crawlcard.{shell}")
        if shutil.which(shell):
            subprocess.run([shell, "-n"], input=text.encode(), check=True)


def test_bash_completes(scratch):
    script = (cli.run("config", "--completions", "bash").out +
              'COMP_WORDS=(crawlcard check --pol); COMP_CWORD=2; _crawlcard; '
              'echo "${COMPREPLY[@]}"\n'
              'COMP_WORDS=(crawlcard check --policy st); COMP_CWORD=3; _crawlcard; '
              'echo "${COMPREPLY[@]}"\n')
    done = subprocess.run(["bash"], input=script.encode(), capture_output=True, check=True)
    cli.equal(done.stdout.decode().split(), ["--policy", "strict"], "completions")


if __name__ == "__main__":
    cli.main(globals())
