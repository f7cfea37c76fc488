#!/usr/bin/env python3
"""Cuts the bundled sample out of larger WARC files, byte for byte.

usage: make_sample.py CORPORA OUT

CORPORA holds the files named in SOURCES.md. Each chosen page is copied as the whole gzip members
of its request, response and metadata records; nothing is recompressed. Files of a few origins that
were published as loose files (SIGNALS below) are written as new response records, marked as such.
"""

import base64
import gzip
import hashlib
import os
import re
import sys
import zlib

PAGES = [
    "http://en.wikipedia.org/wiki/Main_Page",
    "http://en.wikipedia.org/wiki/President_of_the_United_States",
    "http://en.wikipedia.org/wiki/Ti%C3%ABsto",
    "http://www.bibliothek2null.de/2014/05/18/alles-neue-mach-der-mai/",
    "http://www.creativecommons.ch/wie-funktionierts/",
    "http://www.hobby-werkstatt-blog.de/arduino/"
    "424-eine-arduino-virtual-wall-fuer-den-irobot-roomba.php",
    "http://www.jan-grosser.de/art/385_xum1541_dateien_zwischen_linux.html",
    "http://siliconangle.com/blog/2016/05/16/"
    "circleci-receives-18-million-in-series-b-funding-round-with-scale-venture-partners/",
    "https://blog.gardeviance.org/2024/02/a-good-enough-map.html",
    "https://bloghaus.hypotheses.org/2320",
    "https://en.wikibooks.org/wiki/Cookbook:Pumpkin_Pie_I",
    "https://en.wikipedia.org/wiki/Biology",
    "https://en.wikipedia.org/wiki/Gabbro",
    "https://en.wikipedia.org/wiki/Hermitian_matrix",
    "https://en.wikipedia.org/wiki/Language_model",
    "https://en.wikipedia.org/wiki/Mozilla",
    "https://getbootstrap.com/docs/3.4/css/",
    "https://hacks.mozilla.org/2015/03/this-api-is-so-fetching/",
    "https://journal.3960.org/posts/"
    "2019-12-22-firefox-weniger-werbung-mehr-speed-unter-android/",
    "https://obamawhitehouse.archives.gov/blog/2011/09/10/serve-and-remember",
    "https://obamawhitehouse.archives.gov/blog/2017/01/17/"
    "obama-administration-digital-transition-moving-forward",
    "https://obamawhitehouse.archives.gov/the-press-office/2016/12/24/"
    "weekly-address-merry-christmas-president-and-first-lady",
    "https://www.dobszay.ch/2016-04-15/"
    "was-ist-der-unterschied-zwischen-privaten-und-staatlichen-geheimdiensten/",
]
ROBOTS = ["https://en.wikipedia.org/robots.txt", "https://getbootstrap.com/robots.txt"]
# Folder below signals/, file in it, URL it stands for, media type.
SIGNALS = [
    ("ArtSabintsev__sabintsev.com", "robots.txt", "https://sabintsev.com/robots.txt", "text/plain"),
    ("xlr8harder__xlr8harder.github.io", "robots.txt",
     "https://xlr8harder.github.io/robots.txt", "text/plain"),
    ("xlr8harder__xlr8harder.github.io", ".well-known/tdmrep.json",
     "https://xlr8harder.github.io/.well-known/tdmrep.json", "application/json"),
    ("zhangshi0512__zhangshi0512.github.io", "robots.txt",
     "https://zhangshi0512.github.io/robots.txt", "text/plain"),
    ("zhangshi0512__zhangshi0512.github.io", "ai.txt",
     "https://zhangshi0512.github.io/ai.txt", "text/plain"),
    ("zhangshi0512__zhangshi0512.github.io", ".well-known/tdmrep.json",
     "https://zhangshi0512.github.io/.well-known/tdmrep.json", "application/json"),
]
SIGNALS_DATE = "2026-11-01T00:00:00Z"


def members(path):
    """Yields (compressed bytes, header text) of each gzip member."""
    with open(path, "rb") as file:
        rest = file.read()
    while rest:
        inflate = zlib.decompressobj(31)
        record = inflate.decompress(rest)
        length = len(rest) - len(inflate.unused_data)
        yield rest[:length], record.partition(b"\r\n\r\n")[0].decode("utf-8", "replace")
        rest = inflate.unused_data


def field(header, name):
    match = re.search(rf"^{name}:\s*(.*?)\s*$", header, re.MULTILINE | re.IGNORECASE)
    return match.group(1) if match else ""


def cut(paths, urls):
    """The first file's warcinfo, then every record of `urls`, in the order of the input."""
    out = []
    found = set()
    for path in paths:
        for member, header in members(path):
            kind = field(header, "WARC-Type")
            uri = field(header, "WARC-Target-URI")
            if (kind == "warcinfo" and not out) or uri in urls:
                out.append(member)
                if kind == "response":
                    found.add(uri)
    missing = set(urls) - found
    if missing:
        sys.exit(f"not found: {sorted(missing)}")
    return b"".join(out)


def digest(data):
    return "sha1:" + base64.b32encode(hashlib.sha1(data).digest()).decode()


def record(kind, uri, content_type, block, extra=()):
    name = hashlib.sha256((kind + uri).encode()).hexdigest()
    uuid = "-".join([name[:8], name[8:12], "5" + name[13:16], "8" + name[17:20], name[20:32]])
    lines = ["WARC/1.0", f"WARC-Type: {kind}", f"WARC-Date: {SIGNALS_DATE}",
             f"WARC-Record-ID: <urn:uuid:{uuid}>", f"Content-Length: {len(block)}",
             f"Content-Type: {content_type}", *extra]
    data = "\r\n".join(lines).encode() + b"\r\n\r\n" + block + b"\r\n\r\n"
    return gzip.compress(data, 9, mtime=0)


def signals(corpora):
    info = ("software: make_sample.py\r\ndescription: files that publishers keep in public "
            "repositories, as response records; status and header fields are made up\r\n")
    out = [record("warcinfo", "signals", "application/warc-fields", info.encode())]
    for folder, name, uri, media in SIGNALS:
        with open(os.path.join(corpora, "signals", folder, name), "rb") as file:
            body = file.read()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: {media}\r\nContent-Length: {len(body)}\r\n\r\n"
        block = head.encode() + body
        out.append(record("response", uri, "application/http; msgtype=response", block,
                          [f"WARC-Target-URI: {uri}", f"WARC-Payload-Digest: {digest(body)}",
                           f"WARC-Block-Digest: {digest(block)}"]))
    return b"".join(out)


def main():
    corpora, out = sys.argv[1:]
    pages = [f"{corpora}/pages/pages-0000{i}.warc.gz" for i in range(4)]
    files = {
        "pages.warc.gz": cut(pages, PAGES),
        "robotstxt.warc.gz": cut([f"{corpora}/robots/robotstxt-a.warc.gz"], ROBOTS),
        "signals.warc.gz": signals(corpora),
    }
    with open(f"{corpora}/warc/commoncrawl__whirlwind-python/whirlwind.warc.gz", "rb") as file:
        files["whirlwind.warc.gz"] = file.read()
    for name, data in files.items():
        with open(os.path.join(out, name), "wb") as file:
            file.write(data)
        print(f"{name}: {len(data)} bytes")


if __name__ == "__main__":
    main()
