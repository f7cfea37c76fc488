"""What `tools/recount` needs of the files behind a card: what archives say of themselves, the rows
of a data set, and requests to take content out, by the words of docs/formats/takedown.md.
"""

import collections
import gzip
import hashlib
import json
import os
import re
import urllib.parse

import recount_judge

# The card's names of warcinfo fields.
WARCINFO = {"software": "software", "operator": "operator",
            "http-header-user-agent": "user agent", "robots": "robots"}


def warcinfo_of(block):
    """The first value of each field."""
    fields = {}
    for line in block.decode("utf-8", "replace").splitlines():
        name, colon, value = line.partition(":")
        if colon and value.strip():
            fields.setdefault(name.strip().lower(), value.strip())
    return fields


class Ledger:
    """Every file read to its end, and what warcinfo records say of archives."""

    def __init__(self, paths):
        self.records = self.inflated = 0
        self.whole = []
        self.snapshots = collections.defaultdict(lambda: [0, 0])
        said = collections.Counter()
        for path in paths:
            info = {}
            try:
                self.read(path, info)
                self.whole.append(path)
            except (OSError, EOFError, ValueError):
                pass  # damaged: what of it can be read is for others to say
            snapshot = self.snapshots[info.get("ispartof", "")]
            snapshot[0] += 1
            snapshot[1] += os.path.getsize(path)
            said.update((WARCINFO[name], info[name]) for name in WARCINFO if name in info)
        self.said = said

    def read(self, path, info):
        if path.endswith(".jsonl"):  # of takedown requests: a line is a record
            with open(path, "rb") as file:
                self.records += sum(1 for line in file if line.strip())
            self.inflated += os.path.getsize(path)
            return
        with (gzip.open if path.endswith(".gz") else open)(path, "rb") as file:
            for head, size, block in recount_judge.records_of(file):
                self.records += 1
                self.inflated += head + size
                for name, value in warcinfo_of(block).items() if block else ():
                    info.setdefault(name, value)

    def tell(self, recount, stated, paths):
        """Into the values and tables of `recount`; nothing of damaged files but how many."""
        values, tables = recount.values, recount.tables
        values["inputs.files"] = len(paths)
        values["inputs.bytes"] = sum(map(os.path.getsize, paths))
        values["inputs.whole"] = len(self.whole)
        values["inputs.not_whole_count"] = len(paths) - len(self.whole)
        sizes = {os.path.basename(path): os.path.getsize(path) for path in paths}
        listed = stated["inputs.list"]["rows"]
        tables["inputs.list"] = [[name, size] for name, size in sizes.items()]
        if len(listed) == len(sizes):
            lines = "".join(f"{name}\t{sizes.get(name)}\t{xxh3}\n"
                            for name, _, xxh3 in sorted(listed))
            values["inputs.digest"] = "sha256:" + hashlib.sha256(lines.encode()).hexdigest()
        tables["inputs.snapshots"] = [[name or None, *sums]
                                      for name, sums in self.snapshots.items()]
        tables["inputs.warcinfo"] = [[*key, number] for key, number in self.said.items()]
        if len(self.whole) < len(paths):
            return
        values.update({"inputs.records": self.records, "inputs.inflated_bytes": self.inflated,
                       "inputs.damaged_units": 0, "inputs.unsealed": 0})
        tables["inputs.errors"] = tables["inputs.not_whole"] = []


class Dataset:
    """Rows of JSON lines. A URL that no line of facts has stands for itself."""

    def __init__(self, paths, lines):
        surts = {one["url"]: one["surt"] for one in lines}
        asked = {recount_judge.origin_of(one["url"]) for one in lines if one["well_known"]}
        captured = {one["surt"] for one in lines if not one["well_known"]}
        count = collections.Counter({"unreadable": 0, "without_capture": 0, "of_unknown_hosts": 0})
        self.surts, self.hosts = set(), set()
        for path in paths:
            with open(path, "rb") as file:
                rows = [row for row in file if row.strip()]
            for row in rows:
                count.update(rows=1, bytes=len(row))
                try:
                    url = json.loads(row)["url"]
                except (ValueError, KeyError, TypeError):
                    count.update(unreadable=1)
                    continue
                surt = surts.get(url, url)
                self.surts.add(surt)
                self.hosts.add(address_of(url)[0])
                count.update(without_capture=surt not in captured,
                             of_unknown_hosts=recount_judge.origin_of(url) not in asked)
        count.update(files=len(paths), urls=len(self.surts))
        self.values = {"dataset." + name: number for name, number in count.items()}

    def restrict(self, rows, fixed):
        """Captures of its URLs, and files with a fixed place on the hosts of these."""
        return ([one for one in rows if one["surt"] in self.surts],
                [one for one in fixed if address_of(one["url"])[0] in self.hosts])


def address_of(url):
    """What a server is asked for: host, port where it is not the usual one, path and query."""
    scheme, _, rest = url.partition("://")
    place, tail = re.fullmatch(r"([^/?#]*)(.*)", rest.split("#")[0], re.S).groups()
    host = place.rpartition("@")[2].lower()
    usual = {"http": ":80", "https": ":443"}.get(scheme.lower())
    host = host.removesuffix(usual) if usual else host
    return host, urllib.parse.quote(tail if tail.startswith("/") else "/" + tail,
                                    safe="".join(map(chr, range(33, 127))))


class Takedowns:
    def __init__(self, paths):
        self.requests = []
        for path in paths:
            with open(path, encoding="utf-8") as file:
                self.requests += [json.loads(line) for line in file if line.strip()]

    def cover(self, one):
        host, path = address_of(one["url"])
        name = re.sub(r":\d+$", "", host)
        for request in self.requests:
            scope, value = request["scope"], request["value"]
            if scope in ("url", "prefix"):
                wanted = "".join(address_of(value))
                if host + path == wanted or (scope == "prefix" and
                                             (host + path).startswith(wanted)):
                    return True
            elif name == value.lower() or (scope == "domain" and
                                           name.endswith("." + value.lower())):
                return True
        return False

    def tell(self, recount, rows, is_page, reach):
        for one in filter(self.cover, rows):
            reach.add(one)
        received = sorted(request["received"] for request in self.requests)
        recount.reach("takedowns", reach)
        recount.values["takedowns.captures"] = recount.values.pop("takedowns.count")
        recount.values["takedowns.pages"] = sum(is_page(one) and self.cover(one) for one in rows)
        recount.values["takedowns.requests"] = len(received)
        recount.values["takedowns.first_received"] = received[0] if received else None
        recount.values["takedowns.last_received"] = received[-1] if received else None
        scopes = collections.Counter(request["scope"] for request in self.requests)
        recount.tables["takedowns.scopes"] = [list(pair) for pair in scopes.items()]
