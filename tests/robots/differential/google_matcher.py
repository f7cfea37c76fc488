"""A second reader of robots.txt with the behaviour of Google's open-source library.

Written step by step after what that library is documented to do (docs/formats/signals.md 1.5), byte
by byte and with the set of positions that a pattern may have reached, so that it shares no shortcut
with the product. Slow, and only for tests.
"""

LINE_MAX = 2083 * 8 - 1
WHITE = b" \t\n\v\f\r"
NAMES = (("agent", (b"user-agent", b"useragent", b"user agent")),
         ("allow", (b"allow",)),
         ("disallow", (b"disallow", b"dissallow", b"dissalow", b"disalow", b"diasllow",
                       b"disallaw")),
         ("sitemap", (b"sitemap", b"site-map")))


def lines(body):
    """Lines as the library buffers them: a mark at the start skipped, CR, LF and CRLF as ends."""
    mark = b"\xef\xbb\xbf"
    skip = 0
    while skip < 3 and skip < len(body) and body[skip] == mark[skip]:
        skip += 1
    line = bytearray()
    after_cr = False
    for octet in body[skip:]:
        if octet not in (10, 13):
            if len(line) < LINE_MAX:
                line.append(octet)
            continue
        if not (not line and after_cr and octet == 10):
            yield bytes(line)
        line.clear()
        after_cr = octet == 13
    yield bytes(line)


def key_and_value(line):
    line = line.split(b"\0")[0].split(b"#")[0].strip(WHITE)
    key, colon, value = line.partition(b":")
    if not colon:
        words = line.replace(b"\t", b" ").split(b" ")
        words = [word for word in words if word]
        if len(words) != 2:
            return None
        key, value = words
    key = key.strip(WHITE)
    return (key, value.strip(WHITE)) if key else None


def kind(key):
    key = key.lower()
    for name, spellings in NAMES:
        if key.startswith(spellings):
            return name
    return None


def escaped(value):
    out = bytearray()
    hexadecimal = b"0123456789abcdefABCDEF"
    at = 0
    while at < len(value):
        octet = value[at]
        digits = value[at + 1:at + 3]
        if octet == 0x25 and len(digits) == 2 and all(digit in hexadecimal for digit in digits):
            out += b"%" + digits.upper()
            at += 3
            continue
        out += b"%%%02X" % octet if octet >= 0x80 else bytes([octet])
        at += 1
    return bytes(out)


def matches(path, pattern):
    reached = {0}
    for at, octet in enumerate(pattern):
        if octet == 0x24 and at + 1 == len(pattern):
            return len(path) in reached
        if octet == 0x2A:
            reached = set(range(min(reached), len(path) + 1))
            continue
        reached = {place + 1 for place in reached if place < len(path) and path[place] == octet}
        if not reached:
            return False
    return True


def token(value):
    end = 0
    while end < len(value) and (value[end:end + 1].isalpha() or value[end] in b"_-"):
        end += 1
    return value[:end]


class Robots:
    def __init__(self, body):
        self.records = []
        for line in lines(body):
            pair = key_and_value(line)
            name = kind(pair[0]) if pair else None
            if name == "agent":
                self.records.append((name, pair[1]))
            elif name in ("allow", "disallow"):
                self.records.append((name, escaped(pair[1])))

    def allows(self, agent, path):
        best = {("allow", True): -1, ("allow", False): -1,
                ("disallow", True): -1, ("disallow", False): -1}
        star = named = ever_named = separated = False
        for name, value in self.records:
            if name == "agent":
                if separated:
                    star = named = separated = False
                if value[:1] == b"*" and (len(value) == 1 or value[1] in WHITE):
                    star = True
                elif token(value).lower() == agent.lower():
                    named = ever_named = True
                continue
            if not star and not named:
                continue
            separated = True
            priority = len(value) if matches(path, value) else -1
            if priority < 0 and name == "allow":
                slash = value.rfind(b"/")
                if slash >= 0 and value[slash:].startswith(b"/index.htm"):
                    folder = value[:slash + 1] + b"$"
                    priority = len(folder) if matches(path, folder) else -1
            best[name, named] = max(best[name, named], priority)
        for specific in (True, False):
            allow, disallow = best["allow", specific], best["disallow", specific]
            if allow > 0 or disallow > 0:
                return disallow <= allow
            if ever_named:
                return True
        return True
