#!/usr/bin/env python3
"""Takedown requests in a card: how many are in force, what they cover, under every policy."""

import collections
import json
import os

import cli

WHEN = ["--date", "2026-12-01", "--all-policies"]


def facts(index, *flags):
    card = json.loads(cli.run("card", "--index", index, "--format", "json", *WHEN, *flags,
                              expect=0).out)
    return {fact["id"]: fact.get("value", fact.get("rows")) for fact in card["facts"]}


def request(ledger, name, scope, value, received):
    cli.run("takedown", "add", "--file", ledger, "--id", name, "--scope", scope, "--received",
            received, "--basis", "letter", value, expect=0)


def test_requests_are_counted_and_honoured(scratch):
    index, ledger = os.path.join(scratch, "idx"), os.path.join(scratch, "takedowns.jsonl")
    cli.run("ingest", "--index", index, cli.SAMPLE, expect=0)
    before = facts(index)
    cli.equal([before["takedowns." + name] for name in ("requests", "captures", "pages")],
              [0, 0, 0])
    rows = [one for one in map(json.loads, cli.run("extract", "--format", "jsonl", cli.SAMPLE)
                               .out.splitlines()) if one["well_known"] is None]
    sizes = collections.Counter(one["domain"] for one in rows)
    domain = sizes.most_common(1)[0][0]
    covered = [one for one in rows if one["domain"] == domain]
    other = next(one for one in rows if one["domain"] != domain)
    request(ledger, "R-1", "domain", domain, "2026-10-02")
    request(ledger, "R-2", "url", other["url"], "2026-11-02")
    cli.run("ingest", "--index", index, ledger, expect=0)

    after = facts(index)
    covered += [one for one in rows if one["url"] == other["url"]]
    pages = sum(one["status"] == 200 and one["html"] and one["warc"]["type"] == "response"
                for one in covered)
    cli.equal(after["takedowns.requests"], 2)
    cli.equal(after["takedowns.scopes"], [["url", 1], ["domain", 1]])
    cli.equal((after["takedowns.first_received"], after["takedowns.last_received"]),
              ("2026-10-02T00:00:00Z", "2026-11-02T00:00:00Z"))
    cli.equal(after["takedowns.captures"], len(covered))
    cli.equal(after["takedowns.pages"], pages)
    cli.equal(after["takedowns.domains"], 2)
    cli.equal(after["takedowns.payload_bytes"], sum(one["payload_bytes"] for one in covered))
    cli.equal(after["takedowns.text_bytes"], sum(one["text_bytes"] for one in covered))
    # What the publisher said stays; nothing that is covered may be used, under any policy.
    cli.equal(after["verdicts.decisions"], before["verdicts.decisions"])
    for was, now in zip(before["policies"], after["policies"]):
        assert now[1] <= was[1] and now[3] >= pages, (was, now)
    assert after["verdicts.usable"] <= before["verdicts.usable"]
    # As of an instant those received by then count.
    early = facts(index, "--as-of", "2026-10-15")
    cli.equal((early["takedowns.requests"], early["takedowns.domains"]), (1, 1))


def test_a_policy_that_is_read_off_knows_of_them(scratch):
    """The same outcome for a policy, judged itself or read off another one's decisions."""
    index, ledger = os.path.join(scratch, "idx"), os.path.join(scratch, "takedowns.jsonl")
    policy = os.path.join(scratch, "most.toml")
    with open(policy, "w", encoding="utf-8") as file:
        file.write('name = "most"\nversion = 1\n\n[usable]\nallow = true\nunspecified = true\n'
                   "conditional = true\nconflict = true\nindeterminate = true\n")
    cli.run("ingest", "--index", index, cli.SAMPLE, expect=0)
    request(ledger, "R-1", "domain", "wikipedia.org", "2026-10-02")
    cli.run("ingest", "--index", index, ledger, expect=0)
    judged = {row[0]: row[1:] for row in facts(index, "--policy", "eu-tdm")["policies"]}
    read_off = json.loads(cli.run("card", "--index", index, "--format", "json", "--policy", policy,
                                  "--date", "2026-12-01", expect=0).out)
    table = next(fact for fact in read_off["facts"] if fact["id"] == "policies")
    found = {row[0]: row[1:] for row in table["rows"]}
    # All but the hosts: whether a host keeps a page cannot be read off.
    cli.equal(found["eu-tdm@1"][:-1], judged["eu-tdm@1"][:-1])
    cli.equal((found["eu-tdm@1"][-1], judged["eu-tdm@1"][-1]), (None, 0), "hosts_usable")


def test_a_tree_is_made_where_it_is_shown(scratch):
    """A number alone and the summary need no tree: --tree writes none. A card has it."""
    index, tree = os.path.join(scratch, "idx"), os.path.join(scratch, "tree")
    cli.run("ingest", "--index", index, cli.SAMPLE, expect=0)
    card = ["card", "--index", index, "--tree", tree, *WHEN]
    cli.run(*card, "--fact", "pages.count", expect=0)
    cli.run(*card, "--format", "text", expect=0)
    assert not os.path.exists(tree), "a tree that nobody sees"
    leaves = cli.run(*card, "--fact", "tree.leaves", expect=0).out.strip()
    assert os.path.exists(tree) and int(leaves) == 32, leaves
    stated = json.loads(cli.run(*card, "--format", "json", expect=0).out)["facts"]
    cli.equal([fact["value"] for fact in stated if fact["id"] == "tree.leaves"], [int(leaves)])


def test_every_form_states_them(scratch):
    index, ledger = os.path.join(scratch, "idx"), os.path.join(scratch, "takedowns.jsonl")
    cli.run("ingest", "--index", index, cli.SAMPLE, expect=0)
    request(ledger, "R-1", "domain", "wikipedia.org", "2026-10-02")
    cli.run("ingest", "--index", index, ledger, expect=0)
    out = os.path.join(scratch, "card")
    cli.run("card", "--index", index, "--format", "all", "--out", out, *WHEN, expect=0)
    cli.run("card", "--check", out, expect=0)
    for name in ("card.html", "card.md", "card.json", "eu-summary.md", "eu-summary.json",
                 "datasheet.md", "README.md"):
        with open(os.path.join(out, name), encoding="utf-8") as file:
            text = file.read().lower()
        assert "takedown" in text, f"{name} says nothing of takedown requests"


if __name__ == "__main__":
    cli.main(globals())
