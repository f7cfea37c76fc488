#!/usr/bin/env python3
"""Calls and words that no room uses. Comments and literals do not count."""

import re

import sources

EVERYWHERE = [
    (r"\b(std::)?(strn?cpy|strn?cat|v?sprintf|gets|strtok)\s*\(", "unbounded"),
    (r"\b(std::)?(atoi|atol|atoll|atof)\s*\(", "parse with ParseUint() or from_chars"),
    (r"\b(std::)?(system|popen)\s*\(", "no shell"),
    (r"\b(std::)?(rand|srand|tmpnam|tempnam|mktemp|alloca)\s*\(", "banned call"),
    (r"\b(std::)?(gmtime|localtime|asctime|ctime|mktime|setlocale)\s*\(", "use base/time.h"),
    (r"\b__(DATE|TIME|TIMESTAMP)__\b", "builds must be reproducible"),
    (r"^\s*using\s+namespace\b(?!\s+std::\w*literals)", "google-build-using-namespace"),
    (r"\bthrow\b", "errors are values: base/result.h"),
]
ROOMS_ONLY = [
    (r"\bstd::(cout|cerr|clog|cin)\b", "rooms never print"),
    (r"\b(std::)?(printf|fprintf|vprintf|vfprintf|puts|fputs|putchar|fputc|perror)\s*\(",
     "rooms never print"),
    (r"\bfmt::print\w*\s*\(", "rooms never print"),
    (r"\b(std::)?(getenv|secure_getenv|setenv|putenv)\s*\(", "rooms do not read the environment"),
    (r"\b(std::)?(exit|_exit|quick_exit|abort)\s*\(", "rooms do not end the process"),
]
# unique_ptr<T>(new T()), named or not, is how a private constructor is called.
OWNED_AT_ONCE = re.compile(r"\bunique_ptr<[^;{}()]*>\s*\w*\(new\b")
NO_NEW = [
    (r"\bnew\s+(?!\()[A-Za-z_:]", "own by value or make_unique"),
    (r"\bdelete\b(?!\s*[;,)])(?!\s*$)", "own by value or unique_ptr"),
]
HEADERS_AND_LOW_FLOORS = [
    (r"\bstd::(views|ranges::views)\b", "Clang 14 rejects it with libstdc++ 12"),
    (r"\bstd::source_location\b", "Clang 14 does not have it"),
]
# file -> why it may
EXCEPTIONS = {
    "base/assert.cc": "a failed assertion prints its place and aborts",
    "index/verify/trial_opening.cc": "ends a child process that it started",
    "tools/main.cc": "one function, no header",
}


def rules_for(path):
    room = path.split("/")[0]
    rules = list(EVERYWHERE) + NO_NEW
    if room != "tools":
        rules += ROOMS_ONLY
    if path.endswith(".h") or room in ("base", "warc", "page", "robots"):
        rules += HEADERS_AND_LOW_FLOORS
    return [(re.compile(pattern, re.MULTILINE), why) for pattern, why in rules]


def shared_without_reason(text, code):
    """Lines with shared_ptr that no comment on the six lines before explains."""
    lines = text.split("\n")
    for number, line in enumerate(code.split("\n"), 1):
        if "shared_ptr<" in line or "make_shared<" in line:
            near = " ".join(lines[max(0, number - 7) : number])
            if not re.search(r"//.*\b[Ss]hare", near):
                yield number


def check(root):
    problems = []
    paths = sources.cpp(root, sources.ROOMS)
    for path in paths:
        text = sources.read(root, path)
        code = OWNED_AT_ONCE.sub(lambda match: " " * len(match.group(0)), sources.strip(text))
        if path not in EXCEPTIONS:
            for pattern, why in rules_for(path):
                for match in pattern.finditer(code):
                    line = code.count("\n", 0, match.start()) + 1
                    problems.append(f"{path}:{line}: '{match.group(0).strip()}': {why}")
        if path.endswith(".h"):
            for line in shared_without_reason(text, code):
                problems.append(f"{path}:{line}: shared_ptr without a comment who shares")
    return problems, len(paths)


if __name__ == "__main__":
    sources.report("tidy.banned", *check(sources.root_from_arguments()))
