#!/usr/bin/env python3
"""card --check sees one altered figure in any form; card --score names what is missing."""

import json
import os
import re

import jsonschema

import cli

ABOUT = os.path.join(cli.ROOT, "tests/data/golden/card/about.toml")
WHEN = ["--as-of", "2026-11-02", "--date", "2026-11-02"]
FORMS = 21


def schema(name, text):
    with open(os.path.join(cli.ROOT, f"docs/schemas/{name}.v1.schema.json"),
              encoding="utf-8") as file:
        wanted = json.load(file)
    jsonschema.Draft202012Validator.check_schema(wanted)
    jsonschema.Draft202012Validator(wanted).validate(json.loads(text))
    return json.loads(text)


def card(scratch, *flags, name="out"):
    index = os.path.join(scratch, "idx")
    out = os.path.join(scratch, name)
    if not os.path.exists(index):
        cli.run("ingest", "--index", index, "--progress", "none", "--format", "none", cli.SAMPLE,
                expect=0)
    cli.run("card", "--index", index, "--format", "all", "--out", out, *WHEN, *flags, expect=0)
    return out


def read(*path):
    with open(os.path.join(*path), encoding="utf-8", newline="") as file:
        return file.read()


def write(text, *path):
    with open(os.path.join(*path), "w", encoding="utf-8", newline="") as file:
        file.write(text)


def check(out, expect):
    return schema("card-check", cli.run("card", "--check", out, expect=expect).out)


def test_all_forms_agree(scratch):
    for name, flags in (("all", ["--about", ABOUT, "--all-policies"]), ("unanswered", []),
                        ("strict", ["--policy", "strict", "--use", "search"])):
        found = check(card(scratch, *flags, name=name), expect=0)
        assert found["consistent"] and not found["missing"], found
        cli.equal(len(found["files"]), FORMS, "files")
        for file in found["files"]:
            assert file["by_fact"] >= 2, file
    cli.contains(cli.run("card", "--check", os.path.join(scratch, "all"), "--format", "text",
                         expect=0).out, "all state the same figures")


def test_captures_of_many_years_agree(scratch):
    """They are drawn by year: the sums of months, which no fact has."""
    warc = os.path.join(scratch, "years.warc")
    with open(warc, "wb") as file:
        for number in range(700):
            body = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>text"
            date = f"{2004 + number % 20}-{1 + number % 11:02d}-01T00:00:00Z"
            file.write((f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Date: {date}\r\n"
                        f"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{number:012d}>\r\n"
                        f"WARC-Target-URI: http://e{number}.example/\r\n"
                        "Content-Type: application/http; msgtype=response\r\n"
                        f"Content-Length: {len(body)}\r\n\r\n").encode() + body + b"\r\n\r\n")
    index, out = os.path.join(scratch, "years"), os.path.join(scratch, "of-years")
    cli.run("ingest", "--index", index, "--progress", "none", warc)
    cli.run("card", "--index", index, "--format", "all", "--out", out, *WHEN, expect=0)
    cli.contains(read(out, "card.html"), "Captures by year")
    cli.contains(read(out, "card.html"), "with 35 captures.")
    assert check(out, expect=0)["consistent"]
    given = read(out, "card.html")
    write(given.replace("with 35 captures.", "with 777 captures."), out, "card.html")
    cli.equal([one["said"] for one in check(out, expect=1)["differences"]], ["777"], "altered")


def figures(stated):
    """How forms write what the card counted: only what cannot be taken for another number."""
    for fact in stated:
        value = fact.get("value")
        if fact["basis"] == "H" or isinstance(value, bool) or value is None:
            continue
        if isinstance(value, int) and value >= 1000:
            yield f"{value:,}"
            yield str(value)
        elif isinstance(value, str) and re.fullmatch(
                r"\d{4}-\d\d-\d\dT[\d:]+Z|(sha256:)?[0-9a-f]{64}", value):
            yield value.removeprefix("sha256:")


def altered(text, wanted):
    """Copies of a form, each with the last digit of one figure changed; some, from all over it."""
    places = [found for figure in sorted(set(wanted))
              for found in re.finditer(rf"(?<![\w.,-]){re.escape(figure)}(?![\w.,]*\d)", text)]
    places.sort(key=lambda found: found.start())
    for found in places[::max(1, len(places) // 4)]:
        at = max(i for i in range(found.start(), found.end()) if text[i].isdigit())
        yield found.group(), text[:at] + str((int(text[at]) + 1) % 10) + text[at + 1:]


def test_one_altered_figure_is_seen(scratch):
    out = card(scratch, "--about", ABOUT)
    stated = json.loads(read(out, "card.json"))["facts"]
    missed, tried = [], 0
    for name in sorted(os.listdir(out)):
        given = read(out, name)
        # Not the rules of the look; not the facts themselves, which all else is held to.
        head = given.find("<body") if name.endswith(".html") else 0
        end = given.find('"facts_digest"') if name == "card.json" else len(given)
        here = 0
        for figure, body in altered(given[head:end], figures(stated)):
            write(given[:head] + body + given[end:], out, name)
            outcome = cli.run("card", "--check", out)
            here += 1
            if outcome.code != 1 or not any(one["file"] == name for one
                                            in json.loads(outcome.out)["differences"]):
                missed.append((name, figure))
        write(given, out, name)
        tried += here
        assert here >= 1 or name == "domains.csv", f"nothing to alter in {name}"
    assert not missed, f"{len(missed)} of {tried} were not seen: {missed}"
    assert tried > 60, tried
    # The list of domains is held to its digest, to the byte.
    given = read(out, "domains.csv")
    write(given.replace(",", ";", 1), out, "domains.csv")
    cli.equal(check(out, expect=1)["differences"][0]["fact"], "domain_list.sha256", "the list")
    write(given, out, "domains.csv")
    # A fact that was altered is in conflict with all that state it.
    given = read(out, "card.json")
    pages = next(fact["value"] for fact in stated if fact["id"] == "pages.count")
    changed = re.sub(r'("id": ?"pages.count".*?"value": ?)\d+', rf"\g<1>{pages + 1}", given,
                     count=1, flags=re.S)
    assert changed != given
    write(changed, out, "card.json")
    files = {one["file"] for one in check(out, expect=1)["differences"]}
    assert len(files) > 10, files


def test_small_numbers_in_words_are_seen(scratch):
    """Every plain number in a sentence or a cell, put to one that no fact has, is a difference."""
    out = card(scratch, "--about", ABOUT)
    facts = read(out, "card.json")
    strange = next(str(n) for n in range(977, 400, -1) if str(n) not in facts)
    missed, tried = [], 0
    for name in sorted(os.listdir(out)):
        given = read(out, name)
        if name.endswith(".md"):
            start, end = given.rfind("\n---\n") + 1 if name == "README.md" else 0, len(given)
        elif name.endswith(".html"):
            start, end = given.find("<main"), given.find("<script>")
            end = len(given) if end < 0 else end
        else:
            continue
        plain = r"(?<=[ (>])\d{1,3}(?=[ ,;)<]|\.[ <\n])"
        places = [found for found in re.finditer(plain, given)
                  if start < found.start() < end
                  and given[found.start() - 4:found.start()] not in ("<h2>", "<h3>")]
        for found in places[::max(1, len(places) // 12)]:
            write(given[:found.start()] + strange + given[found.end():], out, name)
            outcome = cli.run("card", "--check", out)
            tried += 1
            if outcome.code != 1:
                missed.append((name, given[found.start() - 60:found.end() + 20]))
        write(given, out, name)
    assert not missed, f"{len(missed)} of {tried} were not seen: {missed}"
    assert tried > 80, tried


def test_what_cannot_be_checked_is_said(scratch):
    out = card(scratch)
    os.remove(os.path.join(out, "spdx.jsonld"))
    cli.equal(check(out, expect=0)["missing"], ["spdx.jsonld"], "missing")
    write("{", out, "prov.json")
    cli.equal(check(out, expect=1)["differences"][0]["said"], "no JSON", "a broken form")
    os.remove(os.path.join(out, "card.json"))
    cli.contains(cli.run("card", "--check", out, expect=2).err, "card.json")
    write('{"facts": 1}', out, "card.json")
    cli.contains(cli.run("card", "--check", out, expect=2).err, "card.json")


def score(out):
    return schema("score", cli.run("card", "--score", os.path.join(out, "eu-summary.json"),
                                   expect=0).out)


def test_score(scratch):
    whole = score(card(scratch, "--about", ABOUT, name="whole"))
    bare = score(card(scratch, name="bare"))
    for one in (whole, bare):
        cli.equal(sum(field["points_max"] for field in one["fields"]) + one["points_of_reviewers"],
                  1893, "points in all")
        cli.equal(one["points"], sum(field["points"] for field in one["fields"]), "points")
        cli.equal(one["points_max"] + one["points_not_applicable"] + one["points_of_reviewers"],
                  1893, "points")
    assert whole["points"] * bare["points_max"] > bare["points"] * whole["points_max"]
    cli.equal(bare["points_not_applicable"], 0, "nobody said no")
    states = {field["field"]: field for field in bare["fields"]}
    cli.equal(states["1.1.a"]["state"], "missing", "1.1.a")
    cli.equal(states["1.1.a"]["missing"], ["/s1_1/provider_name", "/s1_1/provider_contact"],
              "1.1.a")
    cli.equal(states["1.3.e"]["state"], "answered", "measured")
    cli.equal(states["2.3.h"]["state"], "answered", "measured")
    # One answer taken away costs its points, and is named.
    path = os.path.join(scratch, "whole")
    given = json.loads(read(path, "eu-summary.json"))
    given["s3_2"]["measures"] = "Not provided"
    write(json.dumps(given), path, "eu-summary.json")
    less = score(path)
    cli.equal(whole["points"] - less["points"], 60, "3.2")
    file = os.path.join(path, "eu-summary.json")
    text = cli.run("card", "--score", file, "--format", "text").out
    cli.contains(text, "  60  3.2.a")
    cli.contains(text, "/s3_2/measures")
    # "No" to a section takes its fields out, and back in with "yes".
    given["s2_5"]["used"]["value"] = "yes"
    write(json.dumps(given), path, "eu-summary.json")
    cli.equal(less["points_not_applicable"] - score(path)["points_not_applicable"], 129, "2.5")
    for text in ("{}", "[", '{"summary": 1}'):
        write(text, path, "eu-summary.json")
        cli.contains(cli.run("card", "--score", os.path.join(path, "eu-summary.json"),
                             expect=2).err, "no EU summary")


if __name__ == "__main__":
    cli.main(globals())
