#!/usr/bin/env python3
"""Include graph against the table of floors and rooms in docs/architecture.md."""

import os
import re

import sources

FLOOR = {"base": 1, "warc": 2, "page": 2, "robots": 2, "index": 3, "crawler": 4, "dataset": 4,
         "card": 4, "tools": 5}

# Where a third-party header may enter: prefix -> rooms. Longest prefix wins.
THIRD_PARTY = {
    "fmt/": sources.ROOMS,
    "tl/": ["base"],
    "openssl/": ["base"], "xxhash.h": ["base"], "libdeflate.h": ["base"], "zlib.h": ["base"],
    "zstd.h": ["base"], "zstd_errors.h": ["base"], "brotli/": ["base"], "isa-l": ["base"],
    "cld2/": ["page"], "unicode/": ["page"],
    "simdjson.h": ["page", "robots", "index", "crawler", "dataset", "card"],
    "pugixml.hpp": ["robots"],
    "rocksdb/": ["index"],
    "curl/": ["crawler"], "openssl/ssl.h": ["crawler"], "boost/asio": ["crawler"], "boost/": [],
    "duckdb.h": ["dataset"],
    "boost/json": ["card"],
    "toml++/": ["tools"],
}
# The result type is every room's word, so its library is visible in one header.
PUBLIC_THIRD_PARTY = {
    ("base/result.h", "fmt/format.h"), ("base/result.h", "tl/expected.hpp"),
    # The compiler's own: searches that are worth it only where they are inlined.
    ("base/find.h", "emmintrin.h"), ("base/letter_pairs.h", "emmintrin.h"),
}

# The operating system. Floor 2 is pure: it sees none of this.
SYSTEM = re.compile(r"(unistd|fcntl|dlfcn|dirent|signal|pthread|sched|poll|termios|netdb|time)\.h"
                    r"|(sys|arpa|netinet|linux)/.*")
# Pure in spite of its place: the text form of IP addresses.
PURE_SYSTEM = {("page", "arpa/inet.h")}
SYSTEM_ROOMS = ["base", "index", "crawler", "dataset", "tools"]
IMPURE_STD = {"thread", "fstream", "filesystem", "iostream", "csignal", "future", "stop_token",
              "ctime", "random", "locale"}
SIMD = re.compile(r"(x86|[a-z]mm)intrin\.h|immintrin\.h|arm_neon\.h|cpuid\.h")
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.MULTILINE)


def third_party_rooms(header):
    best = None
    for prefix in THIRD_PARTY:
        if header.startswith(prefix) and (best is None or len(prefix) > len(best)):
            best = prefix
    return None if best is None else THIRD_PARTY[best]


def check_ours(root, path, room, header):
    target = header.split("/")[0]
    if header.endswith(".inc") and "/" not in header:
        return None  # generated from data/ by the build
    if not os.path.exists(os.path.join(root, header)):
        return f"'{header}' is no path from the root"
    if target not in FLOOR:
        return f"'{header}' is in no room"
    if "/internal/" in header and target != room:
        return f"'{header}' is internal to {target}/"
    if target != room and FLOOR[target] >= FLOOR[room]:
        return f"'{header}' is on floor {FLOOR[target]}, {room}/ on {FLOOR[room]}"
    return None


def check_foreign(path, room, header):
    public = path.endswith(".h") and "/internal/" not in path
    if "/" not in header and "." not in header:
        if FLOOR[room] == 2 and header in IMPURE_STD:
            return f"<{header}> in floor 2, which is pure"
        return None
    if SYSTEM.fullmatch(header) and (room, header) not in PURE_SYSTEM:
        if room not in SYSTEM_ROOMS or public:
            return f"<{header}> of the operating system"
        return None
    if SIMD.fullmatch(header):
        allowed = not public or (path, header) in PUBLIC_THIRD_PARTY
        return None if allowed else f"<{header}> in a public header"
    if (room, header) in PURE_SYSTEM:
        return f"<{header}> in a public header" if public else None
    rooms = third_party_rooms(header)
    if rooms is None:
        return f"<{header}> is not in the table of libraries"
    if room not in rooms:
        return f"<{header}> does not belong to {room}/"
    if public and (path, header) not in PUBLIC_THIRD_PARTY:
        return f"<{header}> in a public header: move it to a .cc or {room}/internal/"
    return None


def check(root):
    problems = []
    paths = sources.cpp(root, sources.ROOMS)
    for path in paths:
        room = path.split("/")[0]
        for match in INCLUDE.finditer(sources.read(root, path)):
            kind, header = match.groups()
            if kind == '"':
                problem = check_ours(root, path, room, header)
            else:
                problem = check_foreign(path, room, header)
            if problem:
                problems.append(f"{path}: {problem}")
    for path in sources.cpp(root, ["tests"]):
        parts = path.split("/")
        for _, header in INCLUDE.findall(sources.read(root, path)):
            inner = re.match(r"([a-z]+)/internal/", header)
            if inner and inner.group(1) != parts[1] and parts[1] not in ("fuzz", "sim", "vectors"):
                problems.append(f"{path}: '{header}' is for tests/{inner.group(1)}/")
    return problems, len(paths)


if __name__ == "__main__":
    sources.report("tidy.floors", *check(sources.root_from_arguments()))
