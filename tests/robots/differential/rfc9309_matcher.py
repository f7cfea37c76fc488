"""A second reader of robots.txt, written from RFC 9309 alone and for clarity alone.

It shares nothing with the library: regular expressions instead of pieces, all rules gathered
instead of walked. Where the standard leaves a choice, docs/formats/signals.md section 1 says which.
"""

import re

UNRESERVED = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
ESCAPE = re.compile(rb"%[0-9A-Fa-f]{2}")
TOKEN = re.compile(rb"[A-Za-z_-]+\Z")
BLANK = b" \t\v\f"


def normal(text):
    """Section 2.2.2: octets above 0x7F escaped, unreserved ones not, hex digits raised."""
    out = bytearray()
    i = 0
    while i < len(text):
        if ESCAPE.match(text, i):
            octet = int(text[i + 1:i + 3], 16)
            out += bytes([octet]) if octet in UNRESERVED else b"%%%02X" % octet
            i += 3
        elif text[i] > 0x7F:
            out += b"%%%02X" % text[i]
            i += 1
        else:
            out.append(text[i])
            i += 1
    return bytes(out)


class Rule:
    def __init__(self, allow, value):
        self.allow = allow
        body = value[:-1] if value.endswith(b"$") else value
        written = normal(body)
        end = b"\\Z" if value.endswith(b"$") else b""
        self.length = len(written) + len(value) - len(body)
        pieces = [re.escape(part.replace(b"$", b"%24")) for part in written.split(b"*")]
        self.pattern = re.compile(b".*".join(pieces) + end, re.DOTALL)


def lines_of(content):
    if content.startswith(b"\xef\xbb\xbf"):
        content = content[3:]
    for line in re.split(rb"\r\n|\r|\n", content):
        line = line.split(b"#", 1)[0].strip(BLANK)
        if b":" not in line:
            continue
        name, value = line.split(b":", 1)
        yield name.strip(BLANK).lower(), value.strip(BLANK)


class Robots:
    def __init__(self, content):
        self.groups = []  # (agent names, rules)
        gathering = False
        for name, value in lines_of(content):
            if name == b"user-agent":
                if not gathering:
                    self.groups.append((set(), []))
                gathering = True
                if value == b"*" or TOKEN.match(value):
                    self.groups[-1][0].add(value.lower())
            elif name in (b"allow", b"disallow"):
                gathering = False
                if self.groups and value[:1] in (b"/", b"*"):
                    self.groups[-1][1].append(Rule(name == b"allow", value))

    def allows(self, agent, path):
        if path == b"/robots.txt":
            return True
        path = normal(path).replace(b"*", b"%2A").replace(b"$", b"%24")
        own = [group for group in self.groups if agent.lower() in group[0]]
        star = [group for group in self.groups if b"*" in group[0]]
        best = (-1, True)
        for _, rules in own or star:
            for rule in rules:
                if rule.pattern.match(path):
                    best = max(best, (rule.length, rule.allow))
        return best[1]
