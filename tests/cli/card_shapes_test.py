#!/usr/bin/env python3
"""Forms of a card against official shapes and schemas, by readers of npm; skips without npm."""

import json
import os
import subprocess

import rdflib

import card_formats_test as forms_of
import cli
import npm

READERS = ("ajv@8.20.0", "ajv-formats@3.0.1", "n3@2.0.1", "shacl-engine@1.1.2")
SCHEMAS = forms_of.SCHEMAS
HERE = os.path.dirname(os.path.abspath(__file__))


def read(root, *words):
    """Findings, one a line."""
    done = subprocess.run(["node", os.path.join(HERE, "card_shapes.mjs"), root, *words],
                          capture_output=True, timeout=100, check=True)
    return done.stdout.decode("utf-8").splitlines()


def triples(scratch, name, text, context=None):
    path = os.path.join(scratch, name + ".nt")
    forms_of.graph(text, context).serialize(path, format="nt", encoding="utf-8")
    return path


def cards(scratch):
    path = forms_of.index(scratch)
    about = os.path.join(scratch, "evil.toml")
    forms_of.evil_about(about)
    return [("answered", forms_of.card(scratch, path, "--about", forms_of.ABOUT)),
            ("unanswered", forms_of.card(scratch, path, name="unanswered")),
            ("hostile", forms_of.card(scratch, path, "--about", about, name="hostile"))]


def test_shapes(scratch):
    root = npm.packages(*READERS)
    dcat = os.path.join(SCHEMAS, "dcat/dcat-ap-3.0.1-SHACL.ttl")
    model = os.path.join(SCHEMAS, "spdx/spdx-model.ttl")
    for name, forms in cards(scratch):
        data = triples(scratch, name + "-dcat", forms["dcat.jsonld"])
        cli.equal(read(root, "shacl", dcat, data), [], f"{name}: DCAT-AP")
        data = triples(scratch, name + "-spdx", forms["spdx.jsonld"], forms_of.spdx_context())
        # The model is data too: it says which class its own named things are of.
        cli.equal(read(root, "shacl", model, data, model), [], f"{name}: SPDX")
    # The shapes do look: a dataset without title, a package without its kind of data.
    broken = json.loads(forms["dcat.jsonld"])
    del broken["dct:title"]
    assert read(root, "shacl", dcat, triples(scratch, "b1", json.dumps(broken)))
    broken = json.loads(forms["spdx.jsonld"])
    for one in broken["@graph"]:
        one.pop("dataset_datasetType", None)
    data = triples(scratch, "b2", json.dumps(broken), forms_of.spdx_context())
    assert read(root, "shacl", model, data, model)


def test_schemas(scratch):
    root = npm.packages(*READERS)
    cdx = os.path.join(SCHEMAS, "cyclonedx")
    more = [os.path.join(cdx, name + ".schema.json")
            for name in ("jsf-0.82", "spdx", "cryptography-defs")]
    jobs = (("cyclonedx.json", "7", os.path.join(cdx, "bom-1.7.schema.json"), more),
            ("cyclonedx-1.6.json", "7", os.path.join(cdx, "bom-1.6.schema.json"), more[:2]),
            ("spdx.jsonld", "2020", os.path.join(SCHEMAS, "spdx/schema.json"), []),
            ("card.json", "2020", os.path.join(forms_of.OURS, "card.v1.schema.json"), []))
    for name, forms in cards(scratch):
        for file, draft, schema, refs in jobs:
            path = os.path.join(scratch, file)
            with open(path, "w", encoding="utf-8") as out:
                out.write(forms[file])
            cli.equal(read(root, "ajv", draft, schema, path, *refs), [], f"{name}: {file}")
    with open(path, "w", encoding="utf-8") as out:
        out.write("{}")
    assert read(root, "ajv", "2020", schema, path), "the reader does look"


if __name__ == "__main__":
    cli.main(globals())
