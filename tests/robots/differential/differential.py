"""Compares the dialects rfc9309 and google with other readers of robots.txt over generated files.

The second readers (rfc9309_matcher.py, google_matcher.py) must agree on every question, over files
of a publisher's kind and over hostile ones: bombs of wildcards, lines past the limit of Google's
buffer, many groups, octets that are no text. Protego (Debian package
python3-protego) must agree wherever none of its known departures from RFC 9309 applies; each is
listed below with its reason and with the condition on file and question under which it can show.
Without Protego its part is skipped, with a message.

Usage: differential.py PROGRAM [--seed N] [--files N]
"""

import argparse
import os
import random
import re
import subprocess
import sys
import tempfile
import time

import google_matcher
import rfc9309_matcher

try:
    import protego
except ImportError:
    protego = None

QUESTIONS = 10
TOKENS = ["GPTBot", "CCBot", "FooBot", "foo-bot", "a_b", "Googlebot", "ClaudeBot"]
ODD_AGENTS = ["Foo", "Bot", "GPTBot/1.0", "CCBot, FooBot", "Foo Bot", "bot2", "Goo*", "",
              "Mozilla/5.0 (x)"]
PIECES = ["a", "b", "ab", "/", "/", "c/", ".html", ".pdf", "*", "-", "~", "_", "1", "index"]
ODD_PIECES = ["%41", "%2f", "%2F", "%c3%a9", "%C3%A9", "\u00e9", "%2A", "%24", "$", "?", "?q=1",
              "&r=", "(", "!", ";", ",", ":", "=", "@", "+", "%", "%zz", "%7e", "%20", "**",
              "'", "//"]
OTHER_LINES = ["Sitemap: https://h.example/s.xml", "Crawl-delay: 5", "Host: h.example", "# comment",
               "", "", "Noindex: /a", "Content-Signal: ai-train=no", "DisallowAITraining: /",
               "Content-Usage: train-ai=n", "Request-rate: 1/5", "just words", "X: y"]


def pattern(rng, odd):
    pieces = PIECES + ODD_PIECES if odd else PIECES
    text = "".join(rng.choice(pieces) for _ in range(rng.randrange(0, 6)))
    if not odd or rng.random() < 0.9:
        text = "/" + text
    if rng.random() < 0.05:
        text = ""
    if not odd:
        text = re.sub("/+", "/", text)
    return text + ("$" if rng.random() < 0.15 else "")


def hostile_pattern(rng, long):
    """Either long patterns or such with many stars: together they are too slow for the reader."""
    return rng.choice([
        lambda: b"/" + b"a" * rng.choice([16640, 16651, 16652, 16653, 16654, 17000]) if long else
        b"/" + b"*a" * rng.randrange(1, 40) + rng.choice([b"", b"b", b"$", b"*$"]),
        lambda: b"/" + b"*" * rng.randrange(1, 3 if long else 50) + rng.choice([b"a", b"a$", b"$"]),
        lambda: b"/" + b"$" * rng.randrange(1, 9) + rng.choice([b"", b"a"]),
        lambda: b"/" + bytes(rng.randrange(256) for _ in range(rng.randrange(1, 12))),
        lambda: b"/" + b"%" * rng.randrange(1, 5) + rng.choice([b"a", b"C3%a", b"c3%A9"]),
        lambda: b"/a/index.htm" + rng.choice([b"", b"l", b"l$", b"/x", b"*"]),
        lambda: b"",
    ])()


def hostile_line(rng, long):
    name = rng.choice([b"Allow", b"Disallow", b"Disallow", b"disalow", b"Disallowed", b"allow-x",
                       b"DisallowAITraining", b"User-agent", b"useragent", b"user agent:x",
                       b"Content-Usage", b"\xef\xbb\xbfDisallow", b"Dis allow"])
    between = rng.choice([b":", b": ", b" ", b"\t", b" : ", b"::", b":\v", b"\0:", b"#:", b""])
    value = (rng.choice([b"*", b"* x", b"*x", b"GPTBot", b"GPTBot/1", b"gptbot x", b"G*", b""])
             if name.lower().startswith(b"user") else hostile_pattern(rng, long))
    return rng.choice([b"", b" ", b"\f"]) + name + between + value + rng.choice([b"", b" ", b"#x"])


def make_hostile_file(rng, long):
    """Octets rather than text, and asked in the dialect google alone: the regular expressions of
    Protego and of rfc9309_matcher.py go back and forth over wildcards for hours."""
    ends = rng.choice([[b"\n"], [b"\r"], [b"\r\n"], [b"\n", b"\r", b"\r\n", b"\n\r", b"\r\r\n"]])
    out = bytearray(rng.choice([b"", b"", b"\xef\xbb\xbf", b"\xef\xbb", b"\xef", b"<html>\n"]))
    for _ in range(rng.choice([1, 5, 20, 20, 20, 20 if long else 100])):
        if rng.random() < 0.3:
            out += b"User-agent: " + rng.choice([b"*", b"GPTBot", b"b%d" % rng.randrange(99)])
            out += rng.choice(ends)
        out += hostile_line(rng, long) + rng.choice(ends)
    return bytes(out)


def make_hostile_path(rng, long):
    return rng.choice([
        lambda: b"/" + b"a" * rng.randrange(0, 80) + rng.choice([b"", b"b", b"$"]),
        lambda: b"/" + b"a" * (rng.choice([16640, 16651, 16652, 16653, 17000]) if long else 9),
        lambda: b"/a/" + rng.choice([b"", b"index.html", b"index.htm", b"x"]),
        lambda: hostile_pattern(rng, long) or b"/",
    ])().replace(b"\n", b"").replace(b"\r", b"")


def spelled(rng, name):
    return rng.choice([name, name, name.lower(), name.upper(), name.title()])


def make_file(rng):
    """One robots.txt as text. Half of the files keep to plain patterns and tidy groups."""
    odd = rng.random() < 0.5
    lines = []
    patterns = []
    for _ in range(rng.randrange(1, 6)):
        if odd and rng.random() < 0.3:
            lines.append(rng.choice(OTHER_LINES))
        for _ in range(rng.choice([1, 1, 1, 2, 3])):
            agent = rng.choice(TOKENS + ["*", "*", "*"])
            if odd and rng.random() < 0.15:
                agent = rng.choice(ODD_AGENTS)
            lines.append(f"{spelled(rng, 'User-agent')}: {spelled(rng, agent)}")
            if odd and rng.random() < 0.15:
                lines.append(rng.choice(OTHER_LINES))
        for _ in range(rng.randrange(0, 6)):
            patterns.append(pattern(rng, odd))
            name = spelled(rng, rng.choice(["Allow", "Disallow", "Disallow"]))
            colon = rng.choice([":", ": ", ":\t", " : "]) if odd else ": "
            comment = " # note" if rng.random() < 0.1 else ""
            lines.append(name + colon + patterns[-1] + comment)
            if rng.random() < 0.1:
                lines.append(rng.choice(OTHER_LINES))
        if rng.random() < 0.7:
            lines.append("")
    if odd and rng.random() < 0.2:
        lines.insert(0, "Disallow: /")
    end = rng.choice(["\n", "\n", "\n", "\r\n", "\r"])
    return ("\ufeff" if odd and rng.random() < 0.05 else "") + end.join(lines) + end, patterns


def make_path(rng, patterns):
    """A path that one of the patterns may match, changed a little."""
    if rng.random() < 0.03:
        return "/robots.txt"
    known = patterns and rng.random() < 0.8
    text = rng.choice(patterns) if known else pattern(rng, rng.random() < 0.3)
    text = "".join(rng.choice(["", "a", "b", "x"]) if c == "*" and rng.random() < 0.9 else c
                   for c in text)
    if text.endswith("$") and rng.random() < 0.8:
        text = text[:-1]
    if rng.random() < 0.3:
        text += rng.choice(["a", "/", "b.html", "?q=1", "x/y"])
    if rng.random() < 0.9:
        text = re.sub("/+", "/", text)
    return text if text.startswith("/") else "/" + text


def records(text):
    for line in re.split("\r\n|\r|\n", text.lstrip("\ufeff")):
        line = line.split("#", 1)[0].strip()
        if line:
            name, _, value = line.partition(":")
            yield name.strip().lower(), value.strip(), ":" in line


class File:
    """What the departures look at."""

    def __init__(self, text):
        self.text = text
        self.agents = []
        self.rules = []
        self.interrupted = False
        previous = None
        for name, value, has_colon in records(text):
            if name == "user-agent":
                self.agents.append(value.lower())
                self.interrupted = self.interrupted or previous == "other"
                previous = "agent"
            elif name in ("allow", "disallow"):
                self.rules.append((name, value))
                previous = "rule"
            elif has_colon and previous in ("agent", "other"):
                previous = "other"


def has(pattern_text):
    expression = re.compile(pattern_text)
    return lambda file, agent, path: (expression.search(path) is not None or any(
        expression.search(value) for _, value in file.rules))


# Known departures of Protego 0.2.1 from RFC 9309: name, reason, and when it can show.
DEPARTURES = [
    ("robots-txt-itself",
     "RFC 9309 section 2.2.2 always allows /robots.txt; Protego has no such rule",
     lambda file, agent, path: path == "/robots.txt"),
    ("byte-order-mark", "Protego reads a byte order mark as a part of the first name",
     lambda file, agent, path: file.text.startswith("\ufeff")),
    ("other-records-end-agent-lists",
     "section 2.2.4: other records must not interfere with groups; in Protego any of them between "
     "two agent lines opens a new group",
     lambda file, agent, path: file.interrupted),
    ("agent-substring",
     "section 2.2.1: tokens are equal or not; Protego takes the longest agent value that is "
     "contained in the asker's name",
     lambda file, agent, path: any(value and value != agent.lower() and
                                   value.replace("*", "") in agent.lower() and value != "*"
                                   for value in file.agents)),
    ("empty-agent", "Protego leaves out agent lines without a value, which then open no group",
     lambda file, agent, path: "" in file.agents),
    ("path-without-slash",
     "section 2.2.2: a pattern begins with a slash (erratum 7995: or a star); Protego adds one",
     lambda file, agent, path: any(value and value[0] != "/" for _, value in file.rules)),
    ("index-page", "Protego opens the folder of an allowed index.html, as Google does",
     lambda file, agent, path: any(name == "allow" and "/index.html" in value
                                   for name, value in file.rules)),
    ("length-of-quoted-pattern",
     "section 2.2.2 counts the octets of the pattern; Protego counts them after it has escaped all "
     "but letters, digits and `_.-~/`, and unescapes reserved octets on both sides",
     has(r"[^A-Za-z0-9_.\-~/*$]")),
    ("literal-dollar", "Protego adds a second rule with %24 for every pattern with a `$`, which is "
     "longer and may win",
     lambda file, agent, path: "$" in path or any("$" in value[:-1] for _, value in file.rules)
     or any(value.endswith("$") for _, value in file.rules) and "%" in path),
    ("literal-star", "Protego does not escape a star in the path: it equals the one of a pattern "
     "without being escaped there",
     lambda file, agent, path: "*" in path),
    ("double-slash", "Protego splits patterns as URLs: `//x` is a host to it",
     lambda file, agent, path: "//" in path or any("//" in value for _, value in file.rules)),
]


def ask_library(program, cases):
    with tempfile.TemporaryDirectory() as folder:
        asked = os.path.join(folder, "cases")
        answers = os.path.join(folder, "answers")
        with open(asked, "wb") as out:
            for text, questions in cases:
                body = text if isinstance(text, bytes) else text.encode()
                out.write(b"F %d\n%s\n" % (len(body), body))
                for agent, path in questions:
                    raw = path if isinstance(path, bytes) else path.encode()
                    out.write(b"Q %d %d\n%s%s\n" % (len(agent), len(raw), agent.encode(), raw))
        subprocess.run([program, asked, answers], check=True)
        with open(answers, "rb") as done:
            octets = done.read()
    # Pairs: rfc9309 and google.
    return [(octets[i] == ord("1"), octets[i + 1] == ord("1")) for i in range(0, len(octets), 2)]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--seed", type=int, default=9309)
    parser.add_argument("--files", type=int, default=2000)
    parser.add_argument("--hostile", type=int, default=600)
    options = parser.parse_args()
    rng = random.Random(options.seed)
    started = time.monotonic()

    cases = []
    for _ in range(options.files):
        text, patterns = make_file(rng)
        cases.append((text, [(spelled(rng, rng.choice(TOKENS)), make_path(rng, patterns))
                             for _ in range(QUESTIONS)]))
    hostile = []
    for number in range(options.hostile):
        long = number % 10 == 0
        paths = [make_hostile_path(rng, long) for _ in range(QUESTIONS)]
        hostile.append((make_hostile_file(rng, long), [("GPTBot", path) for path in paths]))
    answers = ask_library(options.program, cases)
    if len(answers) != options.files * QUESTIONS:
        sys.exit(f"{len(answers)} answers for {options.files * QUESTIONS} questions")

    failures = 0
    refused = 0
    clean = 0
    shown = {name: 0 for name, _, _ in DEPARTURES}

    def fail(who, text, agent, path, ours):
        nonlocal failures
        failures += 1
        if failures <= 5:
            print(f"{who} disagrees: agent {agent!r}, path {path!r}, allowed here: {ours}")
            print(f"{text!r}")

    for index, (text, questions) in enumerate(cases):
        second = rfc9309_matcher.Robots(text.encode())
        google = google_matcher.Robots(text.encode())
        file = File(text)
        other = protego.Protego.parse(text) if protego else None
        for number, (agent, path) in enumerate(questions):
            ours, as_google = answers[index * QUESTIONS + number]
            refused += not ours
            if second.allows(agent.encode(), path.encode()) != ours:
                fail("the second reader", text, agent, path, ours)
            if google.allows(agent.encode(), path.encode()) != as_google:
                fail("the second reader of the dialect google", text, agent, path, as_google)
            if other is None:
                continue
            departures = [name for name, _, shows in DEPARTURES if shows(file, agent, path)]
            clean += not departures
            if other.can_fetch("https://h.example" + path, agent) == ours:
                continue
            if not departures:
                fail("Protego", text, agent, path, ours)
            for name in departures[:1]:
                shown[name] += 1

    hostile_refused = 0
    hostile_answers = ask_library(options.program, hostile)
    for index, (text, questions) in enumerate(hostile):
        google = google_matcher.Robots(text)
        for number, (agent, path) in enumerate(questions):
            _, as_google = hostile_answers[index * QUESTIONS + number]
            hostile_refused += not as_google
            if google.allows(agent.encode(), path) != as_google:
                fail("the second reader of the dialect google", text, agent, path, as_google)
    print(f"{options.hostile * QUESTIONS} questions about hostile files, "
          f"{hostile_refused} refused by google's rules")
    if hostile_refused * 20 < options.hostile * QUESTIONS:
        sys.exit("the hostile files refuse hardly anything")

    total = options.files * QUESTIONS
    print(f"{total} questions, {refused} refused, {failures} failures, "
          f"{time.monotonic() - started:.1f} s, seed {options.seed}")
    if protego is None:
        print("protego is not installed (Debian: python3-protego): its part was skipped")
    else:
        print(f"Protego: {clean} questions without a known departure; differences:")
        for name, reason, _ in DEPARTURES:
            print(f"  {shown[name]:5} {name}: {reason}")
        if clean * 4 < total:
            sys.exit("less than a quarter of the questions is left for Protego")
    if refused * 10 < total or refused * 10 > total * 9:
        sys.exit("the generator asks nearly the same everywhere")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
