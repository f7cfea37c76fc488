#!/usr/bin/env python3
"""Policies and agent tables of the user's own, through check and card, on an archive made here."""

import json
import os

import cli

ROBOTS = b"""User-agent: *
Content-Signal: ai-train=no
Disallow: /closed

User-agent: anthropic-ai
User-agent: OldBot
Disallow: /

User-agent: GPTBot, CCBot
Disallow: /
"""
DATE = "2026-10-01T08:00:00Z"
POLICY = """name = "own"
version = 4
{}
[usable]
allow = true
unspecified = true
conditional = false
conflict = false
indeterminate = false
"""
AGENTS = """# version: 2026-12.test
token\toperator\tpurpose\tstatus\treplaced_by
NewBot\tNewCo\ttrain\t\t
OldBot\tOldCo\ttrain\trenamed\tNewBot
"""


def record(url, content_type, body):
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\n\r\n".encode()
    block = head + body
    number = abs(hash(url)) % 10**12
    fields = (f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: {DATE}\r\n"
              f"WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-{number:012}>\r\n"
              "Content-Type: application/http; msgtype=response\r\n"
              f"Content-Length: {len(block)}\r\n\r\n")
    return fields.encode() + block + b"\r\n\r\n"


def make_index(scratch):
    page = b"<!doctype html><html><title>x</title><body><p>Some words.</p></body></html>"
    path = os.path.join(scratch, "own.warc")
    with open(path, "wb") as file:
        file.write(record("https://p.example/robots.txt", "text/plain", ROBOTS))
        for name in ("open", "closed"):
            file.write(record(f"https://p.example/{name}", "text/html", page))
    index = os.path.join(scratch, "idx")
    cli.run("ingest", "--index", index, path, expect=0)
    return index


def write(scratch, name, text):
    path = os.path.join(scratch, name)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def check(index, *flags, name="open"):
    return cli.run("check", "--index", index, *flags, f"https://p.example/{name}").lines()[0]


def test_a_policy_of_ones_own_decides_and_is_named(scratch):
    index = make_index(scratch)
    cli.equal(check(index)["usable"], False, "eu-tdm")
    heeds = write(scratch, "heeds.toml", POLICY.format('heed = ["robots"]'))
    verdict = check(index, "--policy", heeds)
    cli.equal((verdict["policy"], verdict["decision"], verdict["usable"]), ("own@4", "deny", True))
    cli.equal(check(index, "--policy", heeds, name="closed")["usable"], False, "/closed")
    text = cli.run("check", "--index", index, "--policy", heeds, "--format", "text",
                   "https://p.example/open", expect=0).out
    cli.contains(text, "the policy own@4 lets it through")


def test_its_dialect_rules_before_statements_are_collected(scratch):
    index = make_index(scratch)
    lenient = write(scratch, "lenient.toml",
                    POLICY.format('heed = ["robots"]\ndialect = "lenient"'))
    verdict = check(index, "--policy", lenient, "--agent", "CCBot")
    cli.equal((verdict["dialect"], verdict["usable"]), ("lenient", False))
    assert "policy.other_dialect" not in verdict["flags"], verdict["flags"]
    strict = write(scratch, "strict.toml", POLICY.format('heed = ["robots"]'))
    cli.equal(check(index, "--policy", strict, "--agent", "CCBot")["usable"], True, "rfc9309")
    clash = cli.run("check", "--index", index, "--policy", lenient, "--dialect", "google",
                    "p.example", expect=2)
    cli.contains(clash.err, "the policy own@4 reads robots.txt by lenient, not google")


def test_its_age_is_overridden_on_the_command_line_alone(scratch):
    index = make_index(scratch)
    young = write(scratch, "young.toml", POLICY.format('heed = ["robots"]\nmax_age_days = 5'))
    later = ["--as-of", "2026-10-11", "--policy", young]
    cli.equal(check(index, *later)["usable"], False, "ten days later, five allowed")
    cli.equal(check(index, *later, "--max-age", "20")["usable"], True, "twenty allowed")


def test_agents_of_ones_own_say_whose_word_it_is(scratch):
    index = make_index(scratch)

    def told(*flags):
        verdict = check(index, *flags)
        found = {(one["operator"], one["agent"]) for one in verdict["operator_specific"]}
        return found, [flag for flag in verdict["flags"] if flag.startswith("agents.")]

    cli.equal(told(), ({("Anthropic", "anthropic-ai")}, ["agents.retired_token"]), "built in")
    agents = write(scratch, "agents.tsv", AGENTS)
    cli.equal(told("--agents-file", agents), ({("NewCo", "OldBot")}, ["agents.renamed_token"]))
    text = cli.run("check", "--index", index, "--format", "text", "https://p.example/open").out
    cli.contains(text, "Anthropic by anthropic-ai, a retired token")


def card(index, *flags):
    return json.loads(cli.run("card", "--index", index, "--format", "json", *flags, expect=0).out)


def test_a_card_prints_the_policy_and_the_version_of_the_agents(scratch):
    index = make_index(scratch)
    own = write(scratch, "own.toml", POLICY.format(
        'heed = ["robots", "tdmrep"]\ndialect = "lenient"\nmax_age_days = 30'))
    agents = write(scratch, "agents.tsv", AGENTS)
    made = card(index, "--policy", own, "--agents-file", agents)
    policy = made["policies"][0]["policy"]
    cli.equal((policy["id"], policy["heed"], policy["dialect"], policy["robots_age_max_s"]),
              ("own@4", ["robots", "tdmrep"], "lenient", 30 * 86400))
    options = made["run"]["options"]
    cli.equal((options["policy"], options["dialect"], options["max-age"], options["agents"]),
              ("own@4", "lenient", "30", "2026-12.test (2 tokens)"))
    assert scratch not in json.dumps(made), "a card names no path"


def test_a_card_measures_the_other_policies_when_asked(scratch):
    index = make_index(scratch)

    def usable(*flags):
        return {row["policy"]["id"]: row["outcome"] and row["outcome"]["pages_usable"]
                for row in card(index, *flags)["policies"]}

    unknown = {"eu-tdm@1": 0, "open-licence-only@1": None, "robots-only@1": None, "strict@1": None}
    cli.equal(usable(), unknown, "one scan")
    measured = {"eu-tdm@1": 0, "open-licence-only@1": 0, "robots-only@1": 1, "strict@1": 0}
    cli.equal(usable("--all-policies"), measured, "a scan for each")
    for name in ("robots-only", "strict"):
        cli.equal(usable("--policy", name)[name + "@1"], measured[name + "@1"], name)


if __name__ == "__main__":
    cli.main(globals())
