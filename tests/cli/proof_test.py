#!/usr/bin/env python3
"""Proofs: presence and absence, two verifiers, tampering, signed notes, two snapshots."""

import base64
import glob
import hashlib
import json
import os
import random
import re
import shutil
import subprocess

import cli
import schemas_test

NODE_VERIFIER = os.path.join(cli.ROOT, "tools/verify/verify-proof.mjs")
SHARED = os.path.join(cli.ROOT, "../shared/corpora")


def sha256(data):
    return hashlib.sha256(data).digest()


def root_of(hashes):
    """RFC 6962 section 2.1, as the text there reads."""
    if len(hashes) == 1:
        return hashes[0]
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    return sha256(b"\x01" + root_of(hashes[:split]) + root_of(hashes[split:]))


def make_index(scratch, name="idx", files=None):
    index = os.path.join(scratch, name)
    files = files or sorted(glob.glob(os.path.join(cli.SAMPLE, "*.warc.gz")))
    cli.run("ingest", "--index", index, *files, expect=0)
    return index


def leaves_of(index):
    return cli.run("dump", "--leaves", "--index", index, expect=0).out.splitlines()


def verify_with_node(path, *words):
    """Answers of the second verifier, or None where there is no node."""
    if not shutil.which("node"):
        return None
    done = subprocess.run(["node", NODE_VERIFIER, path, *words], capture_output=True, timeout=100,
                          check=False)
    assert done.returncode in (0, 1), done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_dump_gives_the_root_and_is_in_order(scratch):
    index = make_index(scratch)
    lines = leaves_of(index)
    last = ""
    for line in lines:
        leaf = json.loads(line)
        assert leaf["previous"] == last < leaf["key"], line
        last = leaf["key"]
    root = base64.b64encode(root_of([sha256(b"\x00" + line.encode()) for line in lines])).decode()
    proof = cli.run("prove", "--index", index, "nothing.example", expect=0).lines()[0]
    cli.equal(proof["note"].split("\n")[1:3], [str(len(lines)), root], "leaves and root")


def test_a_thousand_urls_half_of_them_absent(scratch):
    files = sorted(glob.glob(os.path.join(SHARED, "pages/*.warc.gz")))[:1]
    index = make_index(scratch, files=files)
    seen = sorted({json.loads(line)["facts"]["url"] for line in leaves_of(index)})
    source = random.Random(20261122)
    present = [source.choice(seen) for _ in range(500)]
    absent = []
    while len(absent) < 500:
        url = source.choice(seen)
        url = source.choice([url + "-not", "https://not" + str(source.random()) + ".example/",
                             url[: len(url) * 2 // 3] + "~"])
        if url not in seen:
            absent.append(url)
    asked = present + absent
    source.shuffle(asked)
    path = os.path.join(scratch, "proofs.json")
    cli.run("prove", "--index", index, "--out", path, "--jobs", "2", *asked, expect=0)
    wanted = [url in seen for url in asked]
    answers = cli.run("verify-proof", path, expect=0).lines()
    cli.equal([answer["proof"]["present"] for answer in answers], wanted, "our verifier")
    assert all(answer["proof"]["complete"] for answer in answers)
    second = verify_with_node(path)
    if second is None:
        print("node is not installed: the second verifier was not asked")
    else:
        cli.equal([answer.get("present") for answer in second], wanted, "the second verifier")
        whole = [answer["surt"] for answer in second].count("whole")
        # 891 of the bundled sample.
        assert whole > 800, f"of {len(second)} keys the second worked out {whole}"


def test_the_second_verifier_works_out_keys(scratch):
    """A proof of another path of the same host must not pass for the URL asked about."""
    index = make_index(scratch)
    asked = ["http://WWW.Example.org:80/A//b", "https://example.org:8443/A/%41%7e?b&a=2&a=&a#f",
             "https://www2.example.org/%C3%A9/x?", "http://example.org/a/../b",
             "https://example.org/a%2Fb/?c=%25", "http://10.1.2.3/", "https://xn--e1afmkfd.example/"]
    out = cli.run("prove", "--index", index, *asked, expect=0)
    path = os.path.join(scratch, "keys.json")
    with open(path, "w", encoding="utf-8") as file:
        file.write(out.out)
    good = verify_with_node(path)
    if good is None:
        print("node is not installed: the second verifier was not asked")
        return
    cli.equal([each["good"] for each in good], [True] * len(asked), "keys of both agree")
    cli.equal([each["surt"] for each in good],
              ["whole", "whole", "whole", "host", "whole", "host", "host"], "what was worked out")
    moved = []
    for proof, answer in zip(out.lines(), good):
        if answer["surt"] == "whole":
            other = re.sub(r"/([aA]|%C3)", "/z", proof["asked"])
            moved.append({**proof, "asked": other})
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(json.dumps(each) + "\n" for each in moved)
    answers = verify_with_node(path)
    cli.equal([each["good"] for each in answers], [False] * len(moved), "another path")
    with open(NODE_VERIFIER, encoding="utf-8") as file:
        assert len(file.readlines()) < 150, "the second verifier stays small enough to be read"


ODD_QUESTIONS = {
    "http://[2001:db8::1]/a": "http://[2001:db8::2]/a",
    "http://[2001:DB8:0:0::1]:8080/robots.txt": "http://[2001:DB8:0:0::1]:8081/robots.txt",
    "http://[::ffff:1.2.3.4]/x": "http://[::ffff:1.2.3.5]/x",
    "[2001:DB8::1]:8080": "[2001:DB9::1]:8080",
    "gopher://example.org/1/a": "gopher://example.org/1/b",
    "GOPHER://Example.org:70/robots.txt": "GOPHER://Example.org:71/robots.txt",
    "ws://example.org/robots.txt": "wss://example.org/robots.txt",
    "wss://Example.org:8443/chat?b&a": "wss://Example.net:8443/chat?b&a",
    "ftp://example.org/robots.txt": "ftp://example.com/robots.txt",
    "http://user:pw@example.org/a": "http://user:pw@example.com/a",
    "http://10.0.258/": "http://10.0.259/",
    "http://3279880203/x": "http://3279880204/x",
    "1.2.3.4": "1.2.3.5",
    "4chan.example": "8chan.example",
    "example.org:8080": "example.com:8080",
    "fa\u00df.example": "fas.example",
    "http:///example.org//b/?": "http:///example.net//b/?",
    "http://example.org:70000/robots.txt": "http://example.org:70001/robots.txt",
}


def test_both_verifiers_read_all_kinds_of_hosts(scratch):
    """What one takes the other takes, and neither takes a proof that answers another question."""
    index = make_index(scratch)
    proofs = cli.run("prove", "--index", index, *ODD_QUESTIONS, expect=0).lines()
    cli.equal([proof["asked"] for proof in proofs], list(ODD_QUESTIONS), "asked as typed")
    path = os.path.join(scratch, "odd.json")
    for asked, good in ((list(ODD_QUESTIONS), True), (list(ODD_QUESTIONS.values()), False)):
        with open(path, "w", encoding="utf-8") as file:
            for proof, question in zip(proofs, asked):
                file.write(json.dumps({**proof, "asked": question}) + "\n")
        ours = cli.run("verify-proof", path, expect=0 if good else 1).lines()
        for answers in (ours, verify_with_node(path) or ours):
            cli.equal(dict(zip(asked, [each["good"] for each in answers])),
                      dict.fromkeys(asked, good))
    # A host's proof is none of a page, nor the other way round.
    with open(path, "w", encoding="utf-8") as file:
        for proof in proofs:
            other = "host" if proof["kind"] == "url" else "url"
            file.write(json.dumps({**proof, "kind": other}) + "\n")
    ours = cli.run("verify-proof", path, expect=1).lines()
    for answers in (ours, verify_with_node(path) or ours):
        assert not any(each["good"] for each in answers), answers


def test_a_key_that_stands_twice_is_refused_by_both(scratch):
    """Readers of JSON differ in which of the two they take."""
    index = make_index(scratch)
    url = json.loads(leaves_of(index)[-1])["facts"]["url"]
    proof = cli.run("prove", "--index", index, url, expect=0).out.strip()
    path = os.path.join(scratch, "twice.json")
    whole = json.loads(proof)
    members = [json.dumps({name: whole[name]}, separators=(",", ":"))[1:-1]
               for name in ("schema", "kind", "asked", "surt", "note")]
    assert all(member in proof for member in members), members
    with open(path, "w", encoding="utf-8") as file:
        for member in members + ['"complete":true', '"lower":"', '"index":']:
            name = member.partition(":")[0]
            spelled = '"\\u%04x' % ord(name[1]) + name[2:]  # the same key, written otherwise
            value = {'"complete"': "false", '"index"': "0"}.get(name, '""')
            for twin in (name, spelled):
                file.write(proof.replace(member, f"{twin}:{value},{member}", 1) + "\n")
        file.write(proof.replace('"index":', '"index": 0.0,"was":', 1) + "\n")
    ours = cli.run("verify-proof", path, expect=1).lines()
    cli.equal(len(ours), 17)
    for answers in (ours, verify_with_node(path) or ours):
        assert not any(each["good"] for each in answers), answers
        assert all("twice" in each["message"] for each in answers[:-1]), answers


def test_a_card_takes_no_root_from_a_kept_tree(scratch):
    """A tree that was kept before rows changed: its ledger is right, its hashes are not."""
    index, tree = make_index(scratch), os.path.join(scratch, "idx.tree")
    url = json.loads(leaves_of(index)[0])["facts"]["url"]
    root = cli.run("card", "--index", index, "--tree", tree, "--fact", "tree.root", expect=0).out
    with open(tree, encoding="utf-8") as file:
        kept = file.read()
    real = base64.b64decode(root).hex()
    cli.equal(kept.count(real), 2, "one block: root and block are the same")
    with open(tree, "w", encoding="utf-8") as file:
        file.write(kept.replace(real, "11" * 32))
    failed = cli.run("prove", "--index", index, "--tree", tree, url, expect=2)
    cli.contains(failed.err, "the rows of the index are not those of the tree")
    cli.equal(cli.run("card", "--index", index, "--tree", tree, "--fact", "tree.root",
                      expect=0).out, root)
    with open(tree, encoding="utf-8") as file:
        cli.equal(file.read(), kept, "the tree is put right")
    cli.run("prove", "--index", index, "--tree", tree, url, expect=0)
    other = os.path.join(scratch, "notes.txt")
    with open(other, "w", encoding="utf-8") as file:
        file.write("no tree\n")
    refused = cli.run("card", "--index", index, "--tree", other, "--fact", "tree.root")
    cli.contains(refused.err, "no tree of an index")
    with open(other, encoding="utf-8") as file:
        cli.equal(file.read(), "no tree\n")


def test_tampering_is_noticed_by_both_verifiers(scratch):
    index = make_index(scratch)
    url = json.loads(leaves_of(index)[-1])["facts"]["url"]
    proof = cli.run("prove", "--index", index, url, "not.example", expect=0).out
    for number, line in enumerate(proof.splitlines()):
        whole = json.loads(line)
        root = whole["note"].split("\n")[2]
        variants = []
        for at_range, part in enumerate(whole["ranges"]):
            for at_leaf, leaf in enumerate(part["leaves"]):
                for step in range(len(leaf["path"])):
                    other = json.loads(line)
                    path = other["ranges"][at_range]["leaves"][at_leaf]["path"]
                    data = bytearray(base64.b64decode(path[step]))
                    data[number] ^= 1
                    path[step] = base64.b64encode(data).decode()
                    variants.append(other)
                for change in (lambda l: l.update(index=l["index"] + 1),
                               lambda l: l.update(leaf=l["leaf"].replace('"status":2', '"status":4')
                                                  .replace('"html":true', '"html":false') + " "),
                               lambda l: l["path"].pop(),
                               lambda l: l["path"].append(root)):
                    other = json.loads(line)
                    change(other["ranges"][at_range]["leaves"][at_leaf])
                    variants.append(other)
            for key in ("lower", "upper"):
                other = json.loads(line)
                other["ranges"][at_range][key] += "00"
                variants.append(other)
        for note in (whole["note"].replace("\n" + root, "\n" + root[1:] + root[0]),
                     whole["note"].replace("\n", "\n1", 1), "", whole["note"] + "x"):
            variants.append({**whole, "note": note})
        variants.append({**whole, "ranges": whole["ranges"][:-1]})
        variants.append({**whole, "surt": whole["surt"] + "x"})
        path = os.path.join(scratch, "tampered.json")
        with open(path, "w", encoding="utf-8") as file:
            file.writelines(json.dumps(each, separators=(",", ":")) + "\n" for each in variants)
        answers = cli.run("verify-proof", path, expect=1).lines()
        cli.equal([each["good"] for each in answers], [False] * len(variants), "our verifier")
        schemas_test.check("verified", answers)
        second = verify_with_node(path)
        if second is not None:
            cli.equal([each["good"] for each in second], [False] * len(variants), "the second")


def test_each_byte_of_a_proof_counts(scratch):
    """One byte another: noticed by both, or it asks for a URL that has the same SURT key."""
    index = make_index(scratch)
    out, key = os.path.join(scratch, "card"), os.path.join(scratch, "own.key")
    public = cli.run("keygen", "cards.example.org", "--out", key, expect=0).out.strip()
    cli.run("card", "--index", index, "--format", "json", "--out", out + "/", "--date",
            "2026-10-02", "--key", key, expect=0)
    note = os.path.join(out, "card.note")
    urls = [json.loads(line)["facts"]["url"] for line in leaves_of(index)]
    robots = next(url for url in urls if url.endswith("/robots.txt"))
    proofs = cli.run("prove", "--index", index, "--note", note, urls[-1], robots,
                     "https://not.example/a?b=1", expect=0).out.splitlines()
    path = os.path.join(scratch, "altered.json")
    for line in proofs:
        data, asked = line.encode(), json.loads(line)["asked"]
        start = data.index(b'"asked":"') + len(b'"asked":"')
        same = range(start, start + len(asked.encode()))
        for mask in (0x01, 0x20, 0x80):
            altered = [(at, data[:at] + bytes([data[at] ^ mask]) + data[at + 1:])
                       for at in range(1, len(data)) if data[at] ^ mask not in b"\r\n"]
            for first in range(0, len(altered), 1000):
                part = altered[first:first + 1000]
                with open(path, "wb") as file:
                    file.write(b"".join(text + b"\n" for _, text in part))
                ours = cli.run("verify-proof", path, "--key", public, expect=1).lines()
                second = verify_with_node(path, "--key", public) or ours
                for (at, _), one, other in zip(part, ours, second, strict=True):
                    where = f"{asked}: byte {at}, {line[max(0, at - 30):at + 1]}"
                    cli.equal(one["good"], other["good"], where)
                    assert not one["good"] or at in same, where
                    assert not one["good"] or one["proof"]["asked"] != asked, where


def test_a_file_without_a_proof_proves_nothing(scratch):
    path = os.path.join(scratch, "empty.json")
    for text in ("", "\n \n"):
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        answers = cli.run("verify-proof", path, expect=1).lines()
        cli.equal([each["good"] for each in answers], [False], "our verifier")
        second = verify_with_node(path)
        if second is not None:
            cli.equal([each["good"] for each in second], [False], "the second")


def test_proofs_carry_a_signed_note(scratch):
    index = make_index(scratch)
    key = os.path.join(scratch, "own.key")
    public = cli.run("keygen", "cards.example.org", "--out", key, expect=0).out.strip()
    cli.equal(os.stat(key).st_mode & 0o777, 0o600, "mode of the private key")
    cli.run("keygen", "cards.example.org", "--out", key, expect=2)
    proof = cli.run("prove", "--index", index, "not.example", expect=0).lines()[0]
    root = proof["note"].split("\n")[2]
    path = os.path.join(scratch, "proof.json")
    with open(path, "w", encoding="utf-8") as file:
        json.dump(proof, file)
    given = cli.run("verify-proof", path, "--root", root, "--format", "text", expect=0).out
    cli.contains(given, "not.example: absent; ")
    cli.contains(given, "as given")
    # Nobody vouches for a root that a proof brings along, and the answer says so.
    own = cli.run("verify-proof", path, "--format", "text", expect=0).out
    cli.contains(own, "the proof's own: compare it with the card's")
    cli.run("verify-proof", path, "--root", root[1:] + root[0], expect=1)
    cli.run("verify-proof", path, "--key", public, expect=1)  # not signed
    cli.run("verify-proof", path, "--key", "nonsense", expect=2)


def test_a_card_is_signed_and_proofs_lead_to_it(scratch):
    index = make_index(scratch)
    key = os.path.join(scratch, "own.key")
    public = cli.run("keygen", "cards.example.org", "--out", key, expect=0).out.strip()
    tree = os.path.join(scratch, "idx.tree")
    out = os.path.join(scratch, "card")
    cli.run("card", "--index", index, "--format", "json,md,spdx", "--out", out, "--date",
            "2026-10-02", "--tree", tree, "--key", key, expect=0)
    note = os.path.join(out, "card.note")
    answers = cli.run("verify-proof", note, "--key", public, expect=0).lines()
    assert len(answers) >= 4, answers  # the note, three cards and the list of domains
    cards = {os.path.basename(each["subject"]): each["good"] for each in answers}
    assert all(cards.values()), cards
    # Nothing is wrong with what is good.
    cli.equal({each["message"] for each in answers}, {None}, "messages")
    with open(os.path.join(out, "card.json"), encoding="utf-8") as file:
        facts = {fact["id"]: fact for fact in json.load(file)["facts"]}
    root = facts["tree.root"]["value"]
    cli.equal(facts["tree.leaves"]["value"], len(leaves_of(index)), "leaves")
    path = os.path.join(scratch, "proof.json")
    cli.run("prove", "--index", index, "--tree", tree, "--note", note, "--out", path,
            "not.example", expect=0)
    cli.run("verify-proof", path, "--root", root, "--key", public, expect=0)
    second = verify_with_node(path, "--root", root, "--key", public)
    assert second is None or second[0]["good"], second
    # One byte of a card, of the note, another key: each is noticed.
    card = os.path.join(out, "card.md")
    with open(card, "a", encoding="utf-8") as file:
        file.write(" ")
    bad = [each["subject"] for each in
           cli.run("verify-proof", note, "--key", public, expect=1).lines() if not each["good"]]
    cli.equal(bad, ["card.md"], "what was altered")
    other = cli.run("keygen", "cards.example.org", "--out", key + "2", expect=0).out.strip()
    stranger = cli.run("keygen", "else.example.org", "--out", key + "3", expect=0).out.strip()
    with open(note, encoding="utf-8") as file:
        text = file.read()
    unsigned, _, line = text.rpartition("\n\n")
    for altered, with_key, reason in (
            (text, other, "signed by another key of 'cards.example.org'"),
            (text, stranger, "no signature of 'else.example.org'"),
            (unsigned + "\n", public, "nobody signed it"),
            (unsigned + "\n\n" + line[:40] + ("A" if line[40] != "A" else "B") + line[41:], public,
             "the signature is not one of this text"),
            (text.replace(root, ("B" if root[0] == "A" else "A") + root[1:], 1), public,
             "its origin is not the hash"),
            (text.replace("/snapshot/", "/other/", 1), public, "its origin is not"),
            (text.replace("card.md", "card.mb", 1), public, "its origin is not"),
            (text[:-1], public, "must end in a line feed")):
        with open(note, "w", encoding="utf-8") as file:
            file.write(altered)
        answers = cli.run("verify-proof", note, "--key", with_key, expect=1).lines()
        cli.contains(answers[0]["message"], reason)
        assert not any(each["good"] for each in answers), "a file of a note that fails"
    cli.run("card", "--index", index, "--format", "json", "--key", key, expect=2)


def test_two_snapshots(scratch):
    files = sorted(glob.glob(os.path.join(cli.SAMPLE, "*.warc.gz")))
    before = make_index(scratch, "before", files[:1])
    after = make_index(scratch, "after", files)
    out = cli.run("prove", "--index", after, "--against", before, expect=1).lines()
    schemas_test.check("consistency", out)
    summary = out[-1]
    old, new = leaves_of(before), leaves_of(after)
    cli.equal(summary["before"]["leaves"], len(old), "leaves before")
    cli.equal(summary["after"]["leaves"], len(new), "leaves after")

    def rows(lines):
        return {leaf["key"]: leaf["facts"] for leaf in map(json.loads, lines)}
    cli.equal([json.loads(each["leaf"])["key"] for each in out[:-1]],
              sorted(set(rows(new)) - set(rows(old))), "rows added")
    cli.equal((summary["added"], summary["removed"], summary["changed"]),
              (len(new) - len(old), 0, 0), "counts")
    cli.run("prove", "--index", after, "--against", after, expect=0)
    cli.run("prove", "--index", after, "--since", "2020-01-01", expect=1)
    cli.run("prove", "--index", after, expect=2)
    cli.run("prove", "--index", after, "--against", before, "a.example", expect=2)


def test_schemas(scratch):
    index = make_index(scratch)
    schemas_test.check("proof", cli.run("prove", "--index", index, "not.example", "http://a.b/c",
                                        expect=0).lines())


if __name__ == "__main__":
    cli.main(globals())
