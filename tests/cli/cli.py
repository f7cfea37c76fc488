"""What the command's tests share: running it, and looking at what came out."""

import json
import os
import subprocess
import sys
import tempfile
import traceback

CRAWLCARD = os.environ.get("CRAWLCARD", "")
ROOT = os.environ.get("CRAWLCARD_ROOT", "")
SAMPLE = os.path.join(ROOT, "tests/data/sample")


class Outcome:
    def __init__(self, code, out, err):
        self.code = code
        self.out = out
        self.err = err

    def lines(self):
        return [json.loads(line) for line in self.out.splitlines()]


def run(*words, stdin=b"", cwd=None, expect=None):
    """Runs the command; checks the exit code where `expect` is given."""
    done = subprocess.run([CRAWLCARD, *words], input=stdin, capture_output=True, cwd=cwd,
                          timeout=100, check=False)
    outcome = Outcome(done.returncode, done.stdout.decode("utf-8"),
                      done.stderr.decode("utf-8", "replace"))
    if expect is not None and outcome.code != expect:
        raise AssertionError(f"crawlcard {' '.join(words)}: exit {outcome.code}, "
                             f"expected {expect}\n{outcome.out[-2000:]}\n{outcome.err[-2000:]}")
    return outcome


def equal(got, wanted, what=""):
    if got != wanted:
        raise AssertionError(f"{what}: got {got!r}, wanted {wanted!r}")


def contains(text, part):
    if part not in text:
        raise AssertionError(f"{part!r} is not in {text[-3000:]!r}")


def main(scope):
    """Runs every function of `scope` called test_*, each in a scratch directory of its own."""
    failures = 0
    tests = [name for name in sorted(scope) if name.startswith("test_")]
    for name in tests:
        with tempfile.TemporaryDirectory(prefix="crawlcard_cli_") as scratch:
            try:
                scope[name](scratch)
            except Exception:  # a test fails by any exception; all of them are shown
                failures += 1
                print(f"FAILED {name}")
                traceback.print_exc(limit=-2, file=sys.stdout)
    print(f"{len(tests) - failures} passed, {failures} failed")
    sys.exit(1 if failures or not tests else 0)
