"""What `tools/recount` needs of verdicts: robots.txt read by RFC 9309, and statements judged.

Plain Python by the words of docs/formats/signals.md, verdict.md and agents.md; nothing of crawlcard
is used but its table of agents, which is data. Facts of pages come from lines of `extract`; the
bytes of robots.txt are read from the archives, at the place that such a line names.
"""

import bisect
import calendar
import gzip
import os
import re
import time
import zlib

TOKEN = re.compile(r"[A-Za-z_-]+\Z")
ROBOTS_BYTES_MAX = 512_000
# signals.md 1.5: what Google's library, and the lenient reading, take for a name.
MISSPELT = {"useragent": "user-agent", "user agent": "user-agent", "dissallow": "disallow",
            "dissalow": "disallow", "disalow": "disallow", "diasllow": "disallow",
            "disallaw": "disallow"}
UNRESERVED = set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
CONTAINED = {"all": {"crawl", "train", "train-any", "ai-input", "ai-index", "search", "tdm",
                     "snippet", "archive"},
             "tdm": {"train-any", "train"}, "train-any": {"train"}}
SPEAKS_OF = {"train": "train", "optout-token": "train", "search": "search",
             "user-fetch": "ai-input", "agent": "ai-input", "agent-coding": "ai-input",
             "assistant": "ai-input", "data-provider": "crawl", "archive": "crawl", "tdm": "crawl"}
EVIDENCE_ONLY = ("llms-txt", "xmp-rights", "other")
# Families and places of which a verdict needs more than lines say.
NOT_JUDGED = ("rsl", "ai-txt", "ai-txt-car", "c2pa", "aipref", "iptc-plus")


def instant(text):
    return calendar.timegm(time.strptime(text[:19], "%Y-%m-%dT%H:%M:%S")) if text else None


class Registry:
    """robots/data/ai_agents.tsv: who is meant by a name."""

    def __init__(self, path):
        self.rows = []
        with open(path, encoding="utf-8") as file:
            lines = [line.rstrip("\n") for line in file if not line.startswith("#")]
        names = lines[0].split("\t")
        for line in filter(None, lines[1:]):
            row = dict(zip(names, line.split("\t")))
            row["grammatical"] = bool(TOKEN.match(row["token"]))
            self.rows.append(row)
        self.by_name = {}
        for row in self.rows:
            self.by_name.setdefault(row["token"].lower(), row)

    def find(self, name):
        name = name.lower()
        if name in self.by_name:
            return self.by_name[name]
        prefixes = [row for row in self.rows if row["match"] == "prefix"
                    and name.startswith(row["token"].lower())]
        return max(prefixes, key=lambda row: len(row["token"]), default=None)

    def operator(self, row):
        """That of today: of the token which took its place."""
        for _ in range(8):
            if row["status"] != "renamed":
                break
            row = self.by_name[row["replaced_by"].lower()]
        return row["operator"]


def octets(path):
    """Section 1.4: beyond ASCII escaped, hex digits raised, unreserved ASCII unescaped."""
    out, raw, at = [], path.encode("utf-8", "surrogateescape"), 0
    while at < len(raw):
        byte = raw[at]
        pair = raw[at + 1:at + 3]
        if byte == 0x25 and re.fullmatch(rb"[0-9A-Fa-f]{2}", pair):
            value = int(pair, 16)
            out.append(chr(value) if value in UNRESERVED else f"%{value:02X}")
            at += 3
            continue
        out.append(chr(byte) if byte < 0x80 else f"%{byte:02X}")
        at += 1
    return "".join(out)


class Rule:
    def __init__(self, allow, written):
        self.allow, self.written = allow, written
        self.pattern = octets(written)
        self.length = len(self.pattern)
        anchored = self.pattern.endswith("$")
        self.parts = (self.pattern[:-1] if anchored else self.pattern).split("*")
        self.anchored = anchored

    def matches(self, path):
        first, *rest = self.parts
        if not path.startswith(first):
            return False
        at = len(first)
        if not rest:
            return not self.anchored or at == len(path)
        for part in rest[:-1] if self.anchored else rest:
            found = path.find(part, at)
            if found < 0:
                return False
            at = found + len(part)
        return not self.anchored or (len(path) - at >= len(rest[-1]) and path.endswith(rest[-1]))

    def all_of_it(self):
        return self.written in ("/", "/*", "*")

    def example(self):
        """A path under the pattern: its wildcards match nothing."""
        path = "".join(self.parts)
        return path if path.startswith("/") else "/" + path


class Robots:
    """One file: groups of agents and rules. `lenient` takes misspellings, lists, odd names."""

    def __init__(self, body, lenient=False):
        self.lenient = lenient
        self.groups = []  # [names, rules], in order
        self.content_signals = []  # (names, path or None, pairs)
        self.names = []  # as written, lists split
        self.answers = {}
        if len(body) > ROBOTS_BYTES_MAX:
            cut = max(body.rfind(b"\n", 0, ROBOTS_BYTES_MAX + 1),
                      body.rfind(b"\r", 0, ROBOTS_BYTES_MAX + 1))
            body = body[:cut]
        if body[:2] in (b"\xff\xfe", b"\xfe\xff"):
            return
        text = body.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape")
        # Section 0.3: what begins with markup is an application shell; comments decide nothing.
        if re.match(r"\s*<[!?A-Za-z]", re.sub(r"\A(\s*<!--(?s:.*?)-->)+", "", text, flags=re.ASCII),
                    flags=re.ASCII):
            return
        self.read(re.split(r"\r\n|\r|\n", text))

    def read(self, lines):
        names, rules, closed = [], None, True
        for line in lines:
            name, colon, value = line.split("#")[0].partition(":")
            key, value = name.strip(" \t").lower(), value.strip(" \t")
            if self.lenient:
                key = MISSPELT.get(key, key)
            if not colon:
                continue
            if key == "user-agent":
                self.names += [one.strip() for one in value.split(",")]
                if closed:
                    names, rules, closed = [], [], False
                    self.groups.append((names, rules))
                names += self.agents_of(value)
            elif key in ("allow", "disallow"):
                closed = True
                # Section 1.4: a rule is a path; a leading star is accepted.
                if rules is not None and value[:1] in ("/", "*"):
                    rules.append(Rule(key == "allow", value))
            elif key == "content-signal":
                self.content_signals.append((list(names), value))

    def agents_of(self, value):
        if self.lenient:
            return [one.strip().lower() for one in value.split(",")]
        return [value.lower()] if value == "*" or TOKEN.match(value) else []

    def rules_for(self, agent):
        """(rules, whether a group names the agent): all groups of the token, else those of *."""
        agent = agent.lower()
        if agent not in self.answers:
            named = [rules for names, rules in self.groups if agent in names]
            star = [rules for names, rules in self.groups if "*" in names]
            chosen = named if named else star
            self.answers[agent] = ([rule for rules in chosen for rule in rules],
                                   bool(named) and agent != "*")
        return self.answers[agent]

    def deciding(self, agent, path):
        """The rule that decides, or None. The longest pattern; Allow on a tie."""
        path = path or "/"
        if path.split("?")[0] == "/robots.txt":
            return None
        path = octets(path)
        rules, _ = self.rules_for(agent)
        found = [rule for rule in rules if rule.matches(path)]
        return max(found, key=lambda rule: (rule.length, rule.allow), default=None)

    def refuses(self, agent, path):
        rule = self.deciding(agent, path)
        return rule is not None and not rule.allow

    def access(self, agent):
        """docs/formats/card.md, "Agents"."""
        root = self.deciding(agent, "/")
        if root is not None and not root.allow:
            return "refused" if root.all_of_it() else "partly"
        rules, _ = self.rules_for(agent)
        binds = any(not rule.allow and self.refuses(agent, rule.example()) for rule in rules)
        return "partly" if binds else "allowed"


class Archives:
    """Payloads of records, by the place that `extract` gives."""

    def __init__(self, paths):
        self.paths = {os.path.basename(path): path for path in paths}

    def payload(self, pointer):
        with open(self.paths[pointer["file"]], "rb") as file:
            file.seek(pointer["offset"])
            if pointer["file"].endswith(".gz"):
                member = zlib.decompressobj(31)
                data = b""
                while not member.eof:
                    chunk = file.read(1 << 16)
                    if not chunk:
                        break
                    data += member.decompress(chunk)
            else:
                data = file.read(pointer["length"])
        _, _, block = data.partition(b"\r\n\r\n")
        length = re.search(rb"(?im)^content-length:\s*(\d+)", data)
        block = block[:int(length.group(1))]
        if not block.startswith(b"HTTP/"):
            return block
        head, _, body = block.partition(b"\r\n\r\n")
        if re.search(rb"(?im)^transfer-encoding:\s*chunked", head):
            body = dechunk(body)
        if re.search(rb"(?im)^content-encoding:\s*(x-)?gzip", head) and body[:2] == b"\x1f\x8b":
            body = gzip.decompress(body)
        return body


def records_of(file):
    """(bytes of the header, bytes of the rest, block of a warcinfo record or nothing) of each
    record of an archive, unpacked."""
    while True:
        head, length, is_info = 0, 0, False
        for line in file:
            head += len(line)
            is_info |= line.lower().strip() == b"warc-type: warcinfo"
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
            if line in (b"\r\n", b"\n"):
                break
        if head == 0:
            return
        body = file.read(length)
        if len(body) < length:
            raise EOFError("a record that is cut")
        yield head, len(body) + len(file.read(4)), body if is_info else b""


def dechunk(body):
    """Without change where the archive has undone the chunks already."""
    out, at = b"", 0
    while True:
        end = body.find(b"\r\n", at)
        size = body[at:end].split(b";")[0].strip()
        if end < 0 or not re.fullmatch(rb"[0-9A-Fa-f]+", size):
            return body if at == 0 else out
        count = int(size, 16)
        if count == 0:
            return out
        out += body[end + 2:end + 2 + count]
        at = end + 4 + count


def origin_of(url):
    scheme, rest = url.split("://", 1)
    host = re.split(r"[/?#]", rest)[0].lower()
    default = {"http": ":80", "https": ":443"}.get(scheme.lower(), "")
    return scheme.lower(), host.removesuffix(default) if default else host


def path_of(url):
    rest = url.split("://", 1)[1].split("#")[0]
    at = re.search(r"[/?]", rest)
    path = rest[at.start():] if at else "/"
    return path if path.startswith("/") else "/" + path


def licence_terms(spdx):
    """(conditions, open) of a licence that grants something, or None (section 11.3)."""
    if not spdx:
        return None
    unit = spdx.removeprefix("LicenseRef-")
    if unit.startswith("CC-") and not unit.startswith(("CC-PDM", "CC-PDDC")):
        words = set(unit.split("-")[1:])
        narrow = bool(words & {"NC", "ND", "Sampling", "DevNations"})
        return bool(words & {"BY", "NC", "SA", "ND"}) or narrow, not narrow
    if spdx.startswith("LicenseRef-"):
        return (True, False) if unit.startswith(
            ("RAIL", "CreativeML", "BigScience", "Llama", "Gemma")) else None
    if spdx.startswith(("CC0-", "CC-PDM", "CC-PDDC", "PDDL-", "Unlicense", "0BSD", "DL-DE-ZERO")):
        return False, True
    known = ("ODC-By", "OGL-", "etalab", "DL-DE-BY", "NLOD-", "CDLA-", "MIT", "Apache-", "BSD-",
             "ISC", "ODbL-", "GFDL-", "GPL-", "LGPL-", "AGPL-", "MPL-", "LAL-")
    return True, spdx.startswith(known)


class Statement:
    def __init__(self, family, carrier, use, says, agent="*", **more):
        self.family, self.carrier, self.use, self.says = family, carrier, use, says
        self.agent = agent or "*"
        self.careful = more.get("careful", says)
        self.low = more.get("low", False)
        self.scope, self.key = more.get("scope"), more.get("key", "")

    def said(self, careful):
        says = self.careful if careful else self.says
        # Section 12.6: an allow of low confidence is no grant.
        return None if says == "allow" and self.low else says


def of_page(one):
    """Statements of a line of extract about its own page."""
    found = []
    for signal in one["signals"]:
        low = signal["carrier"] == "html-body" or (
            signal["family"] == "content-signal" and signal["carrier"] == "http-header")
        found.append(Statement(signal["family"], signal["carrier"], signal["use"], signal["says"],
                               signal["agent"], low=low, scope=signal["scope"],
                               key=signal["key"]))
    for licence in one["licences"]:
        about_page = licence["scope"] in ("page", "response") and licence["confidence"] != "low"
        terms = licence_terms(licence["spdx"] or licence.get("name")) if about_page else None
        if terms:
            found.append(Statement("licence", place_of(licence["location"]), "all",
                                   "conditional" if terms[0] else "allow", key=terms))
    return found


def place_of(location):
    """The carrier of a licence, by the place that docs/formats/facts.md names."""
    if location.startswith("meta"):
        return "html-meta"
    return {"http-link": "http-header", "link-rel": "html-link",
            "json-ld": "json-ld"}.get(location, "html-body")


def content_signals(robots, path):
    """Section 6: the selected group, the longest path, then the refusal."""
    found = {}
    longest = -1
    for names, value in robots.content_signals:
        if "*" not in names:
            continue
        scope, pairs = "", value
        if value.startswith("/"):
            scope, _, pairs = value.partition(" ")
        if scope and not Rule(True, scope).matches(octets(path)):
            continue
        if len(scope) > longest:
            found, longest = {}, len(scope)
        for pair in re.split(r"[,\s]+", pairs) if len(scope) == longest else []:
            key, _, answer = pair.partition("=")
            says = {"yes": "allow", "no": "deny"}.get(answer.strip().lower())
            for use in {"ai-train": ("train", "train-any"), "ai-input": ("ai-input",),
                        "search": ("search",)}.get(key.strip().lower(), ()):
                if says and found.get(use) != "deny":
                    found[use] = says
    return [Statement("content-signal", "robots.txt", use, says) for use, says in found.items()]


class Origins:
    """What origins said in files with a fixed place, by observation."""

    def __init__(self, lines, archives, registry):
        self.archives, self.registry = archives, registry
        self.seen = {}
        self.bodies = {}
        for one in lines:
            path = path_of(one["url"]).split("?")[0]
            self.seen.setdefault((origin_of(one["url"]), path), []).append(one)
        for found in self.seen.values():
            found.sort(key=lambda one: instant(one["date"]) or 0)

    def robots(self, one):
        """(strict, lenient) reading of the robots.txt of a line."""
        digest = one["well_known"]["body"] or one["url"]
        if digest not in self.bodies:
            body = self.archives.payload(one["warc"]) if one["well_known"]["state"] == "ok" else b""
            self.bodies[digest] = (Robots(body), Robots(body, lenient=True))
        return self.bodies[digest]

    def latest(self, origin, path, when):
        """Section 12.5: the last observation at or before the instant."""
        found = self.seen.get((origin, path), [])
        if when is None:
            return found[-1] if found else None
        at = bisect.bisect_right([instant(one["date"]) or 0 for one in found], when)
        return found[at - 1] if at else None

    def statements(self, url, when, age_max):
        """(statements, whether a robots.txt observation is in force)"""
        origin, path = origin_of(url), path_of(url)
        found, observed = [], False
        one = self.latest(origin, "/robots.txt", when)
        if one is not None and when is not None and when - instant(one["date"]) > age_max:
            one = None
        if one is not None:
            observed = one["well_known"]["state"] in ("ok", "ok-empty", "unavailable")
            if one["well_known"]["state"] == "ok":
                found += self.of_robots(*self.robots(one), path)
        for place in ("/.well-known/tdmrep.json", "/trust.txt"):
            one = self.latest(origin, place, when)
            for signal in one["signals"] if one is not None else ():
                if signal["scope"] and not Rule(True, signal["scope"]).matches(octets(path)):
                    continue
                found.append(Statement(signal["family"], signal["carrier"], signal["use"],
                                       signal["says"], signal["agent"]))
                break
        return found, observed

    def of_robots(self, strict, lenient, path):
        found = []
        rule = strict.deciding("*", path)
        if rule is not None:
            found.append(Statement("robots", "robots.txt", "crawl",
                                   "allow" if rule.allow else "deny"))
        if (rule is None or rule.allow) and lenient.refuses("*", path):
            found.append(Statement("robots", "robots.txt", "crawl", None, careful="deny"))
        found += content_signals(strict, path)
        told = set()
        for name in strict.names:
            agent = self.registry.find(name)
            if agent is None or name.lower() in told:
                continue
            told.add(name.lower())
            reading = strict if agent["grammatical"] else lenient
            _, named = reading.rules_for(name)
            if named and reading.refuses(name, path):
                found.append(Statement("robots", "robots.txt", "crawl", "deny", agent["token"]))
        return found


class Judge:
    def __init__(self, use, registry):
        self.use, self.registry = use, registry

    def effect(self, one, says, direct):
        """Section 0.1: what a statement says about the use asked for."""
        if one.use == self.use or (says == "deny" and one.use == "crawl"):
            return says
        if self.use not in CONTAINED.get(one.use, ()):
            return None
        if says == "allow" and one.family == "tdmrep":
            return says
        if says not in ("deny", "conditional"):
            return None
        return None if (one.family, one.carrier) in direct else says

    def operator_rules(self, found):
        """Section 3.2: what Microsoft and Amazon read out of noarchive and nocache."""
        metas = [one for one in found if one.family == "robots-meta"]

        def told(agent, key):
            return any(one.key == key and one.agent.lower() in ("*", agent) for one in metas)
        readings = []
        if self.use in ("train", "ai-input"):
            if told("bingbot", "nocache"):
                readings.append(("Microsoft", "limited"))
            elif told("bingbot", "noarchive"):
                readings.append(("Microsoft", "deny"))
        if self.use == "train" and told("amazonbot", "noarchive"):
            readings.append(("Amazon", "deny"))
        return readings

    def read(self, found, careful=False, any_agent=False, only=None):
        """(decision, reasons by what they say) of one reading, before coverage."""
        def counts(one):
            return one.agent == "*" or (any_agent and one.said(careful) == "deny")
        found = [one for one in found if only in (None, one.family)]
        direct = {(one.family, one.carrier) for one in found
                  if one.use == self.use and counts(one) and one.said(careful)}
        reasons = {"deny": [], "conditional": [], "limited": [], "allow": [], "licence": []}
        ranks = ("well-known", "http-header", "html-meta", "html-body")
        last = None
        for one in found:
            if one.family in EVIDENCE_ONLY or not counts(one):
                continue
            if one.family == "licence":
                if self.use != "crawl":
                    reasons["licence"].append(one)
                continue
            if one.scope == "images" and not careful:
                continue
            if one.family == "tdmrep":
                rank = ranks.index(one.carrier) if one.carrier in ranks else len(ranks)
                if one.said(careful) and (last is None or rank >= last[0]):
                    last = (rank, one)
                continue
            says = self.effect(one, one.said(careful), direct)
            if says:
                reasons[says].append(one)
        if last is not None:
            says = self.effect(last[1], last[1].said(careful), direct)
            if says:
                reasons[says].append(last[1])
        if any_agent and only in (None, "robots-meta"):
            metas = [one for one in found if one.key in ("noarchive", "nocache")]
            for _, says in self.operator_rules(found):
                reasons[says].append(metas[0])
        return self.decide(reasons), reasons

    @staticmethod
    def decide(reasons):
        if reasons["deny"]:
            fetching = any(one.use == "crawl" for one in reasons["deny"])
            return "conflict" if reasons["licence"] and not fetching else "deny"
        if reasons["conditional"] or reasons["limited"] or any(
                one.says == "conditional" for one in reasons["licence"]):
            return "conditional"
        return "allow" if reasons["allow"] or reasons["licence"] else "unspecified"

    def verdict(self, found, observed):
        def cleared(decision):
            return decision if observed or decision in ("deny", "conflict") else "indeterminate"

        def strictest(decision):
            return "deny" if decision == "conflict" else decision
        said, reasons = self.read(found)
        careful, _ = self.read(found, careful=True)
        decision = cleared(said)
        is_open = any(one.key[1] for one in reasons["licence"])
        robots_only, _ = self.read(found, only="robots")
        strict, _ = self.read(found, careful=True, any_agent=True)
        others = reasons["conditional"] or reasons["limited"]
        usable = {
            "eu-tdm@1": decision in ("allow", "unspecified"),
            "robots-only@1": cleared(robots_only) in (
                "allow", "unspecified", "conditional", "conflict"),
            "open-licence-only@1": is_open and (decision in ("allow", "unspecified") or (
                decision == "conditional" and not others)),
            "strict@1": strictest(cleared(strict)) == "allow"}
        granted = reasons["allow"] or reasons["licence"]
        applied = {(one.family, one.carrier, None if one.family == "licence" else one.says)
                   for named in reasons.values() for one in named}
        return {"decision": decision, "careful": strictest(cleared(careful)), "usable": usable,
                "conflict": bool(reasons["deny"] and granted), "applied": applied,
                "operators": self.operators_denied(found)}

    def operators_denied(self, found):
        denied = {name for name, says in self.operator_rules(found) if says == "deny"}
        for one in found:
            if one.agent == "*" or one.says != "deny":
                continue
            agent = self.registry.find(one.agent)
            use = one.use
            if one.family == "robots" and agent is not None:
                use = SPEAKS_OF.get(agent["purpose"])
            if use in (self.use, "crawl") or self.use in CONTAINED.get(use, ()) or (
                    self.use == "crawl" and one.use == "crawl"):
                denied.add(self.registry.operator(agent) if agent else one.agent)
        return denied
