#!/usr/bin/env python3
"""Functions of at most 70 lines, files of at most 500, 100 columns, no tabs, ASCII, header tops."""

import os
import re

import sources

FUNCTION_LINES_MAX = 70
FILE_LINES_MAX = 500
COLUMNS_MAX = 100
README_LINES_MAX = 40
NO_FUNCTION = re.compile(
    r"^\s*(?:template\s*<.*>\s*)?(namespace|class|struct|union|enum|extern)\b", re.DOTALL)
DIRECTIVE = re.compile(r"^[ \t]*#.*(?:\\\n.*)*$", re.MULTILINE)


def functions(code):
    """(first line, last line) of each function body's statement, lambdas inside not counted."""
    code = DIRECTIVE.sub(lambda match: "\n" * match.group(0).count("\n"), code)
    found = []
    stack = []  # of ("scope" | "function" | "other", first line)
    start = 0
    parens = 0
    for i, c in enumerate(code):
        if c in "([":
            parens += 1
        elif c in ")]":
            parens = max(0, parens - 1)
        elif c == "{":
            head = code[start:i]
            inside = any(kind != "scope" for kind, _ in stack)
            if inside or parens:
                kind = "other"
            elif NO_FUNCTION.match(head):
                kind = "scope"
            elif "(" in head and not re.search(r"(?<![=!<>])=\s*$", head):
                kind = "function"
            else:
                kind = "other"
            first = code.count("\n", 0, start + len(head) - len(head.lstrip())) + 1
            stack.append((kind, first))
            start = i + 1
        elif c == "}":
            if stack:
                kind, first = stack.pop()
                if kind == "function":
                    found.append((first, code.count("\n", 0, i) + 1))
            start = i + 1
        elif c == ";" and not parens:
            start = i + 1
    return found


def check_text(path, text):
    for number, line in enumerate(text.split("\n"), 1):
        if len(line) > COLUMNS_MAX and "://" not in line:
            yield f"{path}:{number}: {len(line)} columns, limit {COLUMNS_MAX}"
        if "\t" in line:
            yield f"{path}:{number}: a tab"
        if not line.isascii():
            yield f"{path}:{number}: not ASCII"


def check_cpp(path, text):
    lines = text.count("\n")
    if lines > FILE_LINES_MAX:
        yield f"{path}: {lines} lines, limit {FILE_LINES_MAX}"
    for first, last in functions(sources.strip(text)):
        if last - first + 1 > FUNCTION_LINES_MAX:
            lines = last - first + 1
            yield f"{path}:{first}: function of {lines} lines, limit {FUNCTION_LINES_MAX}"
    if path.endswith(".h") and not path.startswith("tests/"):
        if not text.startswith(f"// {path} - "):
            yield f"{path}: does not start with '// {path} - ' and a sentence"
        if "#pragma once" not in text:
            yield f"{path}: no #pragma once"


def check_readmes(root):
    for room in sources.ROOMS:
        if not os.path.isdir(os.path.join(root, room)):
            continue
        path = f"{room}/README.md"
        if not os.path.exists(os.path.join(root, path)):
            yield f"{path}: missing"
            continue
        lines = sources.read(root, path).count("\n")
        if lines > README_LINES_MAX:
            yield f"{path}: {lines} lines, limit {README_LINES_MAX}"


def check(root):
    problems = []
    folders = sources.ROOMS + ["tests", "benches"]
    cpp = sources.cpp(root, folders)
    other = sources.walk(root, folders + ["cmake"], (".py", ".cmake", ".sh", "CMakeLists.txt"))
    for path in cpp + other:
        text = sources.read(root, path)
        problems += check_text(path, text)
        if path in cpp:
            problems += check_cpp(path, text)
    problems += check_readmes(root)
    return problems, len(cpp) + len(other)


if __name__ == "__main__":
    sources.report("tidy.shape", *check(sources.root_from_arguments()))
