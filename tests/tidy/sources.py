"""What the tidy checks share: the rooms, their sources, and C++ text without comments."""

import os
import re
import sys

ROOMS = ["base", "warc", "page", "robots", "index", "crawler", "dataset", "card", "tools"]


def walk(root, folders, endings):
    """Paths below `root`, relative to it, sorted."""
    found = []
    for folder in folders:
        for directory, _, names in os.walk(os.path.join(root, folder)):
            for name in names:
                if name.endswith(endings):
                    found.append(os.path.relpath(os.path.join(directory, name), root))
    return sorted(found)


def cpp(root, folders):
    return walk(root, folders, (".h", ".cc"))


def read(root, path):
    with open(os.path.join(root, path), encoding="utf-8", errors="surrogateescape") as file:
        return file.read()


_TOKEN = re.compile(
    r"//[^\n]*|/\*.*?\*/"
    r"|R\"(?P<mark>[^()\\\s]{0,16})\(.*?\)(?P=mark)\""
    r"|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])+'",
    re.DOTALL,
)


def _blank(match):
    text = match.group(0)
    before = match.string[match.start() - 1 : match.start()]
    if text[0] == "'" and before.isalnum():  # a digit separator: 60'000
        return text
    kept = re.sub(r"[^\n]", " ", text)
    if text[0] in "\"'":
        return text[0] + kept[1:-1] + text[-1] if len(text) > 1 else text
    return kept


def strip(text):
    """`text` with comments and the contents of literals blanked; line numbers stay."""
    return _TOKEN.sub(_blank, text)


def report(name, problems, looked_at):
    """Prints the problems and ends the process."""
    for problem in problems:
        print(problem)
    print(f"{name}: {looked_at} looked at, {len(problems)} problems")
    sys.exit(1 if problems or looked_at == 0 else 0)


def root_from_arguments():
    if len(sys.argv) != 2:
        sys.exit("usage: %s ROOT" % sys.argv[0])
    return sys.argv[1]
