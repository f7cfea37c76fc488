#!/usr/bin/env python3
"""Runs each *.transcript beside this file: a command, its standard output and its exit code.

A transcript has lines "$ crawlcard WORDS" (shell quoting, no shell), the standard output that
follows word for word, and "[exit N]". Lines that start with "!" are parts that standard error has
to contain. Lines "<<NAME" begin a file of that name in the scratch directory; "<<" ends it.
"""

import glob
import os
import shlex

import cli


def read(path):
    """Yields ("run", words, output, parts of standard error, exit) and ("file", name, text)."""
    with open(path, encoding="utf-8") as file:
        lines = file.read().split("\n")
    words, out, err, name, text = None, [], [], None, []
    for line in lines:
        if name is not None:
            if line == "<<":
                yield "file", name, "\n".join(text) + "\n"
                name, text = None, []
            else:
                text.append(line)
        elif line.startswith("<<"):
            name = line[2:]
        elif line.startswith("$ crawlcard"):
            words, out, err = shlex.split(line[2:])[1:], [], []
        elif line.startswith("[exit ") and words is not None:
            yield "run", words, "".join(each + "\n" for each in out), err, int(line[6:-1])
            words = None
        elif words is not None and line.startswith("!"):
            err.append(line[1:])
        elif words is not None:
            out.append(line)
    if words is not None:
        raise AssertionError(f"{path}: no [exit N] after the last command")


def play(path, scratch):
    for step in read(path):
        if step[0] == "file":
            with open(os.path.join(scratch, step[1]), "w", encoding="utf-8") as file:
                file.write(step[2])
            continue
        _, words, out, err, code = step
        outcome = cli.run(*words, cwd=scratch)
        cli.equal(outcome.out, out, " ".join(words))
        cli.equal(outcome.code, code, "exit of " + " ".join(words))
        for part in err:
            cli.contains(outcome.err, part)


def test_transcripts(scratch):
    here = os.path.dirname(os.path.abspath(__file__))
    paths = sorted(glob.glob(os.path.join(here, "*.transcript")))
    assert paths
    for number, path in enumerate(paths):
        here = os.path.join(scratch, str(number))
        os.mkdir(here)
        play(path, here)
        print(f"played {os.path.basename(path)}")


if __name__ == "__main__":
    cli.main(globals())
