#!/usr/bin/env python3
"""Each limit (k...Max, k...Min) of a limits.h, and each error code, occurs in a test."""

import os
import re

import sources

CONSTANT = re.compile(r"\bconstexpr\b[^=;]*?\b(k[A-Z]\w*(?:Max|Min))\s*=")
ERROR_ENUM = re.compile(r"enum class ErrorCode[^{]*\{(.*?)\};", re.DOTALL)


def check(root):
    problems = []
    looked_at = 0
    tests = "\n".join(sources.read(root, path) for path in
                      sources.walk(root, ["tests"], (".cc", ".h", ".case", ".py", ".json",
                                                     ".transcript")))
    words = set(re.findall(r"\bk[A-Z]\w*", tests))
    for path in sources.walk(root, sources.ROOMS, ("limits.h",)):
        for name in CONSTANT.findall(sources.strip(sources.read(root, path))):
            looked_at += 1
            if name not in words:
                problems.append(f"{path}: {name} occurs in no test")
    path = "base/result.h"
    if os.path.exists(os.path.join(root, path)):
        enum = ERROR_ENUM.search(sources.strip(sources.read(root, path)))
        for name in re.findall(r"\b(k[A-Z]\w*)", enum.group(1)) if enum else []:
            looked_at += 1
            if not re.search(r"\bErrorCode::%s\b" % name, tests):
                problems.append(f"{path}: ErrorCode::{name} occurs in no test")
    return problems, looked_at


if __name__ == "__main__":
    sources.report("tidy.limits", *check(sources.root_from_arguments()))
