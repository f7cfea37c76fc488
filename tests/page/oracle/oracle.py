#!/usr/bin/env python3
"""Lists metas, licence links and JSON-LD of the pages in WARC files, by tree-building parsers.

An independent reader for tests/page/oracle_test.cc. Reads the archives itself (gzip members),
parses each page with lxml, or with html5lib, and prints one JSON line a page, keyed by file and
offset of the member. Usage: oracle.py --parser lxml|html5lib [--only KEYFILE] [--body] FILE...
"""
import argparse
import base64
import json
import re
import sys
import warnings
import zlib

import webencodings

PLAIN_LICENCE = (r"(https?:)?//(www\.)?creativecommons\.org/"
                 r"(licenses/(by|publicdomain)|publicdomain/(zero|mark)/)")
SPACE = " \t\n\r\f"
NAMING = ("name", "property", "http-equiv", "itemprop")


def members(path):
    """Yields (offset, bytes) of each gzip member."""
    data = open(path, "rb").read()
    offset = 0
    while offset < len(data):
        unpack = zlib.decompressobj(31)
        out = unpack.decompress(data[offset:])
        yield offset, out
        offset = len(data) - len(unpack.unused_data)
        if not unpack.unused_data:
            return


def fields(head):
    out = {}
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        out.setdefault(name.strip().lower().decode("latin-1"), value.strip().decode("latin-1"))
    return out


def pages(path):
    """Yields (offset, url, content type, body) of each HTML response."""
    for offset, record in members(path):
        head, _, block = record.partition(b"\r\n\r\n")
        warc = fields(head)
        if warc.get("warc-type") != "response":
            continue
        block = block[: int(warc["content-length"])]
        http_head, _, body = block.partition(b"\r\n\r\n")
        http = fields(http_head)
        content_type = http.get("content-type", "")
        essence = content_type.split(";")[0].strip().lower()
        if essence in ("text/html", "application/xhtml+xml"):
            yield offset, warc["warc-target-uri"], content_type, body


def decode(content_type, body):
    """The text of a page: by mark, HTTP, meta in 1024 bytes, UTF-8, windows-1252."""
    marks = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
    for mark, name in marks:
        if body.startswith(mark):
            return body[len(mark):].decode(name, "replace")
    label = re.search(r"charset\s*=\s*[\"']?([^\s\"';]+)", content_type, re.I)
    encoding = webencodings.lookup(label.group(1)) if label else None
    if encoding is None:
        start = re.sub(rb"<!--.*?-->", b"", body[:1024], flags=re.S)
        found = re.search(rb"<meta[^>]*charset\s*=\s*[\"']?\s*([^\s\"'/>;]+)", start, re.I)
        encoding = webencodings.lookup(found.group(1).decode("latin-1")) if found else None
        if encoding is not None and encoding.name.startswith("utf-16"):
            encoding = webencodings.UTF8
    if encoding is None:
        try:
            return body.decode("utf-8")
        except UnicodeDecodeError:
            encoding = webencodings.lookup("windows-1252")
    return encoding.codec_info.decode(body, "replace")[0]


def parse_lxml(text):
    import lxml.etree

    parser = lxml.etree.HTMLParser(encoding="utf-8", huge_tree=True)
    text = text.replace("\0", "\ufffd")
    return lxml.etree.fromstring(text.encode("utf-8", "replace") or b"<html></html>", parser)


def parse_html5lib(text):
    import html5lib

    return html5lib.parse(text, treebuilder="lxml", namespaceHTMLElements=False).getroot()


def local(element):
    tag = element.tag
    return tag.rsplit("}", 1)[-1].lower() if isinstance(tag, str) else ""


def in_template(element):
    return any(local(parent) == "template" for parent in element.iterancestors())


def cut(text, limit):
    return text.encode("utf-8", "replace")[:limit].decode("utf-8", "ignore")


def term(key):
    for prefix in ("https://schema.org/", "http://schema.org/", "schema:"):
        if key.startswith(prefix):
            return key[len(prefix):]
    return key


def licence_values(value):
    if isinstance(value, list):
        for item in value:
            yield from licence_values(item)
    elif isinstance(value, dict):
        for key in ("@id", "url", "schema:url", "@value", "name"):
            if isinstance(value.get(key), str) and value[key] and not value[key].startswith("_:"):
                yield value[key]
                return
    elif isinstance(value, str):
        yield value


def walk(value, out):
    if isinstance(value, list):
        for item in value:
            walk(item, out)
    elif isinstance(value, dict):
        for key, member in value.items():
            if term(key) in ("license", "dct:license", "dcterms:license", "cc:license"):
                out.extend(licence_values(member))
            else:
                walk(member, out)


def reject_constant(name):
    raise ValueError(name)


def facts(root):
    out = {"metas": [], "rel": [], "plain": [], "blocks": 0, "broken": 0, "json": [],
           "title": None, "lang": ""}
    if root is None:
        return out
    for element in root.iter():
        name = local(element)
        if name == "html" and not out["lang"]:
            out["lang"] = (element.get("lang") or "").strip(SPACE)
        if name not in ("meta", "link", "a", "area", "script", "title") or in_template(element):
            continue
        if name == "meta":
            for attribute in NAMING:
                value = (element.get(attribute) or "").strip(SPACE)
                if value:
                    lower = re.sub("[A-Z]", lambda m: m.group().lower(), value)
                    content = cut(element.get("content") or "", 8192)
                    out["metas"].append([attribute, cut(lower, 256), content])
        elif name == "title":
            if out["title"] is None and not any(local(p) == "svg" for p in element.iterancestors()):
                text = "".join(element.itertext()).strip(SPACE)
                out["title"] = cut(" ".join(re.split("[ \t\n\r\f]+", text)), 1024)
        elif name == "script":
            kind = (element.get("type") or "").split(";")[0].strip(SPACE).lower()
            text = "".join(element.itertext())
            if kind == "application/ld+json" and text.strip():
                out["blocks"] += 1
                try:
                    walk(json.loads(text.strip(SPACE), parse_constant=reject_constant), out["json"])
                except (ValueError, RecursionError):
                    out["broken"] += 1
        elif element.get("href") is not None:
            href = element.get("href").strip(SPACE)
            rel = re.split("[ \t\n\r\f]+", (element.get("rel") or "").lower())
            kind = (element.get("type") or "").strip().lower()
            if href and "license" in rel and not kind.startswith("application/rsl+xml"):
                out["rel"].append(href)
            elif name == "a" and re.match(PLAIN_LICENCE, href):
                out["plain"].append(href)
    return out


def main():
    warnings.simplefilter("ignore")
    options = argparse.ArgumentParser()
    options.add_argument("--parser", choices=("lxml", "html5lib"), default="lxml")
    options.add_argument("--only", help="file with one key a line")
    options.add_argument("--body", action="store_true", help="print the page too, in base64")
    options.add_argument("files", nargs="+")
    options = options.parse_args()
    wanted = {line.strip() for line in open(options.only)} if options.only else None
    parse = parse_lxml if options.parser == "lxml" else parse_html5lib
    for path in options.files:
        for offset, url, content_type, body in pages(path):
            key = "%s:%d" % (path.rsplit("/", 1)[-1], offset)
            if wanted is not None and key not in wanted:
                continue
            line = {"key": key, "url": url, "content_type": content_type}
            try:
                line.update(facts(parse(decode(content_type, body))))
            except Exception as error:  # a parser that gives up is a disagreement to be listed
                line["error"] = repr(error)
            if options.body:
                line["body"] = base64.b64encode(body).decode()
            sys.stdout.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main()
