#!/usr/bin/env python3
"""Plants one violation of each rule in a scratch tree: its check must find it."""

import os
import sys
import tempfile

import banned
import floors
import limits
import shape

GOOD = {
    "base/result.h": "// base/result.h - results.\n#pragma once\n#include <fmt/format.h>\n"
                     "enum class ErrorCode {\n  kIo,\n};\n",
    "base/README.md": "base\n",
    "warc/README.md": "warc\n",
    "warc/reader.h": "// warc/reader.h - reads.\n#pragma once\n#include \"base/result.h\"\n",
    "tests/warc/reader_test.cc": "int x = ErrorCode::kIo;\n",
}

CASES = [  # check, path, text, part of the message
    (floors, "base/a.cc", '#include "warc/reader.h"\n', "is on floor 2"),
    (floors, "warc/a.cc", '#include "page/b.h"\n', "no path from the root"),
    (floors, "warc/a.cc", "#include <rocksdb/db.h>\n", "does not belong to warc/"),
    (floors, "warc/a.cc", "#include <thread>\n", "which is pure"),
    (floors, "warc/a.cc", "#include <unistd.h>\n", "operating system"),
    (floors, "base/a.h", "#include <zlib.h>\n", "in a public header"),
    (floors, "base/a.cc", "#include <nonesuch/a.h>\n", "not in the table"),
    (banned, "warc/a.cc", "void F() { printf(1); }\n", "rooms never print"),
    (banned, "warc/a.cc", "int* F() { return new int; }\n", "own by value"),
    (banned, "warc/a.cc", "void F(int* p) { delete p; }\n", "own by value"),
    (banned, "warc/a.cc", "void F() { throw 1; }\n", "errors are values"),
    (banned, "warc/a.cc", "auto F() { return getenv(x); }\n", "environment"),
    (banned, "warc/a.h", "std::shared_ptr<int> p;\n", "who shares"),
    (shape, "warc/a.cc", "void F() {\n" + "  G();\n" * 70 + "}\n", "function of 72 lines"),
    (shape, "warc/a.cc", "// " + "x" * 98 + "\n", "101 columns"),
    (shape, "warc/a.cc", "//\tx\n", "a tab"),
    (shape, "warc/a.cc", "// \u00e9\n", "not ASCII"),
    (shape, "warc/a.cc", "int x;\n" * 501, "501 lines"),
    (shape, "warc/a.h", "#pragma once\n", "does not start with"),
    (shape, "page/a.cc", "int x;\n", "page/README.md: missing"),
    (limits, "warc/limits.h", "inline constexpr int kManyMax = 3;\n", "kManyMax occurs in no test"),
]
HARMLESS = [
    (banned, "warc/a.cc", '// printf( new int\nconst char* x = "printf( throw new X";\n'),
    (banned, "warc/a.cc", "struct A { A(const A&) = delete; };\nvoid F(T* p) { new (p) T(); }\n"),
    (shape, "warc/a.cc", "void F() {\n" + "  G();\n" * 68 + "}\n"),
    (shape, "warc/a.cc", "namespace a {\n" + "int x;\n" * 100 + "}  // namespace a\n"),
]


def problems_with(check, path, text):
    with tempfile.TemporaryDirectory() as root:
        for name, contents in {**GOOD, path: text}.items():
            os.makedirs(os.path.dirname(os.path.join(root, name)), exist_ok=True)
            with open(os.path.join(root, name), "w", encoding="utf-8") as file:
                file.write(contents)
        return check.check(root)[0]


def main():
    failures = 0
    for check, path, text, expected in CASES:
        problems = problems_with(check, path, text)
        if len([p for p in problems if expected in p]) != 1:
            failures += 1
            print(f"{check.__name__}: expected '{expected}' for {path}, got {problems}")
    for check, path, text in HARMLESS:
        problems = problems_with(check, path, text)
        if problems:
            failures += 1
            print(f"{check.__name__}: expected nothing for {path}, got {problems}")
    print(f"tidy.self_test: {len(CASES) + len(HARMLESS) - failures} passed, {failures} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
