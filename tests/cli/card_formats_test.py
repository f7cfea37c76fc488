#!/usr/bin/env python3
"""Every form of a card: against its golden file, its schema, and readers that others wrote.

Golden files are renewed by: CRAWLCARD_RENEW=1 ctest --test-dir build/dev -R cli.card_formats
"""

import base64
import csv
import hashlib
import io
import json
import os
import re
import shlex

import html5lib
import jsonschema
import markdown_it
import rdflib
import yaml
from prov.model import ProvDocument

import cli

SCHEMAS = os.path.join(cli.ROOT, "tests/data/schemas")
GOLDEN = os.path.join(cli.ROOT, "tests/data/golden/card")
ABOUT = os.path.join(GOLDEN, "about.toml")
OURS = os.path.join(cli.ROOT, "docs/schemas")
# Some robots.txt files of the sample are dated after its pages: a day when all were known.
WHEN = ["--as-of", "2026-11-02", "--date", "2026-11-02"]
FILES = ["README.md", "ab2013.json", "ab2013.md", "card.html", "card.json", "card.md",
         "croissant-1.0.json", "croissant.json", "cyclonedx-1.6.json", "cyclonedx.json",
         "datasheet.md", "dcat.jsonld", "domains.csv", "dps.json", "eu-summary.html",
         "eu-summary.json", "eu-summary.md", "intoto.json", "osaid.md", "prov.json", "spdx.jsonld"]


def index(scratch, *flags, name="idx"):
    path = os.path.join(scratch, name)
    cli.run("ingest", "--index", path, "--progress", "none", "--format", "none", *flags,
            cli.SAMPLE, expect=0)
    return path


def card(scratch, index_path, *flags, name="out"):
    """Every form of a card, as a map of file to text."""
    out = os.path.join(scratch, name)
    cli.run("card", "--index", index_path, "--format", "all", "--out", out, *WHEN, *flags,
            expect=0)
    cli.equal(sorted(os.listdir(out)), sorted(FILES), "files")
    forms = {}
    for file in FILES:
        with open(os.path.join(out, file), encoding="utf-8", newline="") as text:
            forms[file] = text.read()
    return forms


def load(*path):
    with open(os.path.join(*path), encoding="utf-8") as file:
        return json.load(file)


def errors(text, schema, store=()):
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    resolver = jsonschema.RefResolver.from_schema(schema, store=dict(store))
    return [f"{'/'.join(map(str, e.absolute_path))}: {e.message[:200]}"
            for e in kind(schema, resolver=resolver).iter_errors(json.loads(text))]


def cyclonedx_store():
    store = {}
    for name in ("jsf-0.82", "spdx", "cryptography-defs"):
        schema = load(SCHEMAS, "cyclonedx", name + ".schema.json")
        store[f"http://cyclonedx.org/schema/{name}.schema.json"] = schema
        store[schema["$id"]] = schema
    return store


def check_schemas(forms):
    cdx = cyclonedx_store()
    for file, schema, store in (
            ("spdx.jsonld", load(SCHEMAS, "spdx/schema.json"), {}),
            ("cyclonedx.json", load(SCHEMAS, "cyclonedx/bom-1.7.schema.json"), cdx),
            ("cyclonedx-1.6.json", load(SCHEMAS, "cyclonedx/bom-1.6.schema.json"), cdx),
            ("dps.json", load(
                SCHEMAS, "dps/data-provenance-standards-1.0.0.schema.repaired.json"), {}),
            ("eu-summary.json", load(OURS, "eu-summary.v1.schema.json"), {}),
            ("ab2013.json", load(OURS, "ab2013.v1.schema.json"), {}),
            ("card.json", load(OURS, "card.v1.schema.json"), {})):
        found = errors(forms[file], schema, store)
        assert not found, f"{file}: {found[:3]}"


def spdx_context():
    return load(SCHEMAS, "spdx/spdx-context.jsonld")["@context"]


def graph(text, context=None):
    """JSON-LD as triples; a context that would be fetched is given."""
    tree = json.loads(text)
    if context is not None:
        tree["@context"] = context
    parsed = rdflib.Graph()
    parsed.parse(data=json.dumps(tree), format="json-ld")
    return parsed


def front_matter(text):
    head, block, body = text.split("---\n", 2)
    cli.equal(head, "", "the block starts the file")
    return yaml.safe_load(block), body


def test_golden(scratch):
    forms = card(scratch, index(scratch), "--about", ABOUT)
    changed = []
    del forms["card.html"]  # its look has tests of its own
    for file, text in forms.items():
        path = os.path.join(GOLDEN, file)
        if os.environ.get("CRAWLCARD_RENEW"):
            with open(path, "w", encoding="utf-8", newline="") as golden:
                golden.write(text)
            continue
        with open(path, encoding="utf-8", newline="") as golden:
            if golden.read() != text:
                changed.append(file)
    assert not changed, f"{changed} differ from {GOLDEN}; to renew: CRAWLCARD_RENEW=1"


def test_schemas(scratch):
    path = index(scratch)
    check_schemas(card(scratch, path, "--about", ABOUT))
    check_schemas(card(scratch, path, name="unanswered"))
    # An archive without a capture has a card too, valid and at one with itself.
    nothing, empty = os.path.join(scratch, "nothing.warc"), os.path.join(scratch, "empty")
    open(nothing, "wb").close()
    cli.run("ingest", "--index", empty, "--progress", "none", nothing)
    check_schemas(card(scratch, empty, name="of-nothing"))
    cli.run("card", "--check", os.path.join(scratch, "of-nothing"), expect=0)


def test_missing_answers_are_said(scratch):
    forms = card(scratch, index(scratch))
    summary = json.loads(forms["eu-summary.json"])
    cli.equal(summary["s2_3"]["used"], {"basis": "human", "value": "not provided"}, "2.3.a")
    cli.equal(summary["s1_1"]["provider_name"], "Not provided", "1.1.a")
    for file in ("eu-summary.html", "eu-summary.md", "datasheet.md", "README.md", "ab2013.md",
                 "osaid.md", "card.md", "card.html"):
        cli.contains(forms[file], "Not provided")
    for file, text in forms.items():
        if file.endswith(".json"):
            assert '""' not in text, f"a blank in {file}"
    assert not re.search(r"<p>\s*</p>|<td[^>]*>\s*</td>", forms["eu-summary.html"])


def test_domains_are_one_list(scratch):
    """The list, its digest in the forms, and the counts agree."""
    forms = card(scratch, index(scratch), "--about", ABOUT)
    digest = hashlib.sha256(forms["domains.csv"].encode()).hexdigest()
    rows = list(csv.DictReader(io.StringIO(forms["domains.csv"])))
    top = json.loads(forms["eu-summary.json"])["s2_3"]["top_domains"]
    cli.equal(top["file_sha256"], digest, "digest")
    cli.equal(top["listed"], len(rows), "rows")
    cli.contains(forms["croissant.json"], digest)
    cli.contains(forms["cyclonedx.json"], digest)
    cli.contains(forms["eu-summary.md"], digest)
    by_size = [row for row in rows if row["listed_for"] == "size"]
    cli.equal(len(by_size), -(-top["distinct_domains"] // 10), "a tenth, rounded up")
    sizes = [int(row["payload_bytes"]) for row in by_size]
    cli.equal(sizes, sorted(sizes, reverse=True), "order")


def test_every_fact_runs_again(scratch):
    path = index(scratch)
    facts = json.loads(card(scratch, path, "--about", ABOUT)["card.json"])["facts"]
    assert len(facts) > 150, len(facts)
    # Single values each; of tables every tenth, for time.
    asked = [fact for number, fact in enumerate(facts)
             if "value" in fact and (fact["basis"] != "H" or number % 10 == 0)]
    asked += [fact for fact in facts if "rows" in fact][::10]
    for fact in asked:
        words = [{"INDEX": path, "ABOUT.toml": ABOUT}.get(word, word)
                 for word in shlex.split(fact["query"])]
        out = cli.run(*words[1:], expect=0).out
        if "rows" in fact:
            cli.equal(out.splitlines()[0].split(","), fact["columns"], fact["id"])
            cli.equal(len(list(csv.reader(io.StringIO(out)))), 1 + len(fact["rows"]), fact["id"])
        elif "absence" in fact:
            cli.equal(out, fact["absence"] + "\n", fact["id"])
        elif isinstance(fact["value"], float):
            cli.equal(out, f"{fact['value']:.6f}\n", fact["id"])
        else:
            cli.equal(out, f"{fact['value']}\n", fact["id"])


def test_the_printed_command_writes_every_form_again(scratch):
    """Whatever was typed: "now" and short dates are printed as the instants that they were."""
    path = index(scratch)
    for number, flags in enumerate((
            ["--as-of", "now", "--about", ABOUT],
            ["--as-of", "2026-11-02", "--agent", "GPTBot", "--agent", "CCBot,*", "--use", "search"],
            ["--policy", "strict", "--max-age", "30", "--all-policies", "--known-by", "now"],
            ["--dialect", "google", "--date", "2026-12-01"])):
        one, two = (os.path.join(scratch, f"{name}{number}") for name in ("one", "two"))
        cli.run("card", "--index", path, *flags, "--format", "all", "--out", one, expect=0)
        command = next(fact["value"] for fact in load(one, "card.json")["facts"]
                       if fact["id"] == "run.command")
        words = [{"INDEX": path, "ABOUT.toml": ABOUT}.get(word, word)
                 for word in shlex.split(command)]
        cli.run(*words[1:], "--format", "all", "--out", two, expect=0)
        for file in FILES:
            with open(os.path.join(one, file), "rb") as first:
                with open(os.path.join(two, file), "rb") as second:
                    assert first.read() == second.read(), f"{command}: {file}"


def test_same_bytes_for_any_workers_and_partitions(scratch):
    one = index(scratch)
    three = index(scratch, "--partitions", "3", name="three")
    forms = card(scratch, one, "--about", ABOUT, "--jobs", "1")
    cli.equal(card(scratch, one, "--about", ABOUT, "--jobs", "4", name="jobs"), forms, "jobs")
    cli.equal(card(scratch, three, "--about", ABOUT, name="parts"), forms, "partitions")
    for text in forms.values():
        assert scratch not in text and cli.ROOT not in text, "a path"


def test_hugging_face(scratch):
    block, body = front_matter(card(scratch, index(scratch), "--about", ABOUT)["README.md"])
    licences = {one["id"] for one in load(SCHEMAS, "huggingface/licenses.json")}
    enums = load(SCHEMAS, "huggingface/enums.json")
    assert block["license"] in licences, block["license"]
    for key in ("size_categories", "annotations_creators", "language_creators",
                "multilinguality"):
        assert set(block[key]) <= set(enums[key]), block[key]
    assert all(re.fullmatch("[a-z]{2,3}", code) for code in block["language"]), block["language"]
    # Keys that the hub documents; sections of its template, in its order.
    assert set(block) <= {"language", "license", "license_name", "license_link", "tags",
                          "annotations_creators", "language_creators", "multilinguality",
                          "pretty_name", "size_categories", "source_datasets", "task_categories",
                          "task_ids", "configs", "dataset_info"}, block.keys()
    cli.equal([line[3:] for line in body.splitlines() if line.startswith("## ")],
              ["Dataset Details", "Uses", "Dataset Structure", "Dataset Creation",
               "Bias, Risks, and Limitations", "Citation", "More Information",
               "Dataset Card Authors", "Dataset Card Contact"], "sections of the template")
    for part in ("Dataset Description", "Dataset Sources", "Direct Use", "Out-of-Scope Use",
                 "Curation Rationale", "Data Collection and Processing",
                 "Who are the source data producers?", "Annotations",
                 "Personal and Sensitive Information", "Recommendations"):
        cli.contains(body, f"### {part}\n")
    nobody, _ = front_matter(card(scratch, os.path.join(scratch, "idx"), name="n")["README.md"])
    cli.equal(nobody["license"], "unknown", "no licence was given")


def test_croissant(scratch):
    forms = card(scratch, index(scratch), "--about", ABOUT)
    cr = rdflib.Namespace("http://mlcommons.org/croissant/")
    sc = rdflib.Namespace("https://schema.org/")
    known = rdflib.Graph()
    for file in ("croissant.ttl", "croissant_rai.ttl"):
        known.parse(os.path.join(SCHEMAS, "croissant", file), format="turtle")
    terms = {str(subject) for subject in known.subjects()}
    for file, version in (("croissant.json", "1.1"), ("croissant-1.0.json", "1.0")):
        tree = json.loads(forms[file])
        wanted = load(SCHEMAS, "croissant", f"context-{version}.json")["@context"]
        for term, meaning in wanted.items():
            cli.equal(tree["@context"].get(term), meaning, f"{file}: {term}")
        for key in ("name", "description", "url", "license", "creator", "datePublished",
                    "distribution", "conformsTo"):
            assert tree.get(key), f"{file}: {key} is required"
        cli.contains(tree["conformsTo"], f"http://mlcommons.org/croissant/{version}")
        triples = graph(forms[file])
        cli.equal(len(list(triples.subjects(rdflib.RDF.type, sc.Dataset))), 1, "datasets")
        ids = set(triples.subjects())
        for _, _, target in triples.triples((None, cr.fileObject, None)):
            assert target in ids, f"{target} is nowhere"
        ours = {str(p) for p in triples.predicates() if str(p).startswith(str(cr) + "RAI/")}
        assert ours and ours <= terms, f"{file}: {ours - terms} are no terms of RAI"


def test_spdx_profile(scratch):
    """What the profile asks for and neither the schema nor the shapes look at."""
    for flags in (["--about", ABOUT], []):
        forms = card(scratch, os.path.join(scratch, "idx") if not flags else index(scratch),
                     *flags, name="f" + str(len(flags)))
        elements = json.loads(forms["spdx.jsonld"])["@graph"]
        package = [one for one in elements if one["type"] == "dataset_DatasetPackage"]
        cli.equal(len(package), 1, "packages")
        for key in ("originatedBy", "builtTime", "releaseTime", "software_downloadLocation",
                    "software_primaryPurpose", "dataset_datasetType", "dataset_datasetSize"):
            assert key in package[0], key
        kinds = sorted(one["relationshipType"] for one in elements
                       if one["type"] == "Relationship")
        cli.equal(kinds, ["hasConcludedLicense", "hasDeclaredLicense"], "licences")
        ids = {one.get("spdxId") for one in elements}
        for one in elements:
            for key in ("from", "createdBy", "originatedBy", "rootElement", "element"):
                values = one.get(key, [])
                for value in [values] if isinstance(values, str) else values:
                    assert value in ids, f"{value} is nowhere"
        cli.contains(graph(forms["spdx.jsonld"], spdx_context()).serialize(format="turtle"),
                     "DatasetPackage")


def test_dcat(scratch):
    forms = card(scratch, index(scratch), "--about", ABOUT)
    dcat = rdflib.Namespace("http://www.w3.org/ns/dcat#")
    dct = rdflib.Namespace("http://purl.org/dc/terms/")
    triples = graph(forms["dcat.jsonld"])
    dataset = list(triples.subjects(rdflib.RDF.type, dcat.Dataset))
    cli.equal(len(dataset), 1, "datasets")
    cli.equal(str(triples.value(dataset[0], dct.title)), "Example web corpus", "title")
    size = triples.value(triples.value(dataset[0], dcat.distribution), dcat.byteSize)
    facts = {fact["id"]: fact.get("value") for fact in json.loads(forms["card.json"])["facts"]}
    cli.equal(int(size), facts["inputs.bytes"], "bytes")


# W3C member submission PROV-JSON: what a relation must name.
PROV_RELATIONS = {
    "wasGeneratedBy": ["prov:entity"], "used": ["prov:activity"],
    "wasInformedBy": ["prov:informed", "prov:informant"], "wasStartedBy": ["prov:activity"],
    "wasEndedBy": ["prov:activity"], "wasInvalidatedBy": ["prov:entity"],
    "wasDerivedFrom": ["prov:generatedEntity", "prov:usedEntity"],
    "wasAttributedTo": ["prov:entity", "prov:agent"], "wasAssociatedWith": ["prov:activity"],
    "actedOnBehalfOf": ["prov:delegate", "prov:responsible"],
    "wasInfluencedBy": ["prov:influencee", "prov:influencer"],
    "specializationOf": ["prov:specificEntity", "prov:generalEntity"],
    "alternateOf": ["prov:alternate1", "prov:alternate2"],
    "hadMember": ["prov:collection", "prov:entity"]}


def check_prov_json(tree):
    """The rules of the submission: members, qualified names, literals, times."""
    assert set(tree) <= {"prefix", "entity", "activity", "agent", "bundle", *PROV_RELATIONS}, tree
    prefixes = {"prov", "xsd", "_", *tree["prefix"]}
    assert all(re.match("[a-z]+:", uri) for uri in tree["prefix"].values()), tree["prefix"]
    declared = set()
    for kind, records in tree.items():
        if kind == "prefix":
            continue
        for name, record in records.items():
            assert name.split(":")[0] in prefixes, f"{name}: a prefix that nobody declared"
            assert set(PROV_RELATIONS.get(kind, [])) <= set(record), f"{kind} {name}: {record}"
            if kind not in PROV_RELATIONS:
                assert name not in declared, f"{name} twice"
                declared.add(name)
            for key, value in record.items():
                assert key.split(":")[0] in prefixes, f"{name}: {key}"
                for one in value if isinstance(value, list) else [value]:
                    if isinstance(one, dict):
                        assert set(one) <= {"$", "type", "lang"} and isinstance(one["$"], str), one
                        one = one["$"] if one.get("type") == "xsd:dateTime" else ""
                    elif key not in ("prov:startTime", "prov:endTime", "prov:time"):
                        assert isinstance(one, (str, int, float, bool)), one
                        continue
                    assert not one or re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", one), one


def test_osaid(scratch):
    """The three lists of the definition, and the components of data of the Framework."""
    for flags in (["--about", ABOUT], []):
        path = os.path.join(scratch, "idx")
        text = card(scratch, path if flags == [] else index(scratch), *flags,
                    name="o" + str(len(flags)))["osaid.md"]
        sections = [line[3:] for line in text.splitlines() if line.startswith("## ")]
        cli.equal([one[:2] for one in sections[:3]], ["1.", "2.", "3."], "the lists")
        for words in ("All training data", "Publicly available training data",
                      "Data that can be had from third parties"):
            assert any(words in one for one in sections), words
        for part in ("Provenance", "Scope and characteristics", "How it was obtained and selected",
                     "Labelling", "Processing and filtering", "Archive files", "Private datasets",
                     "Data card (class III)", "Datasets (class I)",
                     "Data preprocessing code (class I)"):
            found = re.search(rf"(?m)^### {re.escape(part)}\n\n(.+)$", text)
            assert found and found.group(1).strip(), f"{part} is not answered"


def test_datasheet(scratch):
    text = card(scratch, index(scratch))["datasheet.md"]
    cli.equal([line[3:] for line in text.splitlines() if line.startswith("## ")],
              ["Motivation", "Composition", "Collection",
               "Preprocessing, cleaning, labelling", "Uses", "Distribution", "Maintenance"],
              "the seven groups")
    for found in re.finditer(r"(?m)^### (.*)\n\n(.*)$", text):
        assert found.group(2).strip(), f"{found.group(1)} is blank"


def test_eu_template_and_california(scratch):
    """Every field of the template and every item of the Code has its place, answered or not."""
    for flags in (["--about", ABOUT], []):
        path = os.path.join(scratch, "idx")
        forms = card(scratch, path if flags == [] else index(scratch), *flags,
                     name="e" + str(len(flags)))
        found = re.findall(r"(?m)^### ([0-3]\.[0-9a-z.]+) ", forms["eu-summary.md"])
        wanted = ["0.a", "0.b", "1.1.a", "1.1.b", "1.2", *[f"1.3.{c}" for c in "abcdefg"],
                  *[f"2.1.{c}" for c in "abcde"], "2.2.1", "2.2.2",
                  *[f"2.3.{c}" for c in "abcdefghi"], "2.4", "2.5", "2.6", "3.1.a", "3.1.b",
                  "3.1.c", "3.2", "3.3"]
        cli.equal(found, wanted, "fields of the template")
        cli.equal(re.findall(r"(?m)^### (\d+)\. ", forms["ab2013.md"]),
                  [str(n) for n in range(1, 13)], "the twelve items")
        for name in ("eu-summary.md", "ab2013.md"):
            for head, answer in re.findall(r"(?m)^### (.*)\n\n(.*)$", forms[name]):
                assert answer.strip(), f"{name}: {head} is blank"


def test_prov(scratch):
    for name, flags in (("stated", ["--about", ABOUT]), ("unstated", [])):
        path = os.path.join(scratch, "idx")
        check_prov_json(json.loads(card(scratch, path if name == "unstated" else index(scratch),
                                        *flags, name=name)["prov.json"]))
    tree = json.loads(card(scratch, os.path.join(scratch, "idx"), "--about", ABOUT)["prov.json"])
    records = ProvDocument.deserialize(content=json.dumps(tree), format="json").get_records()
    assert len(records) > 10, records
    declared = {name for kind in ("entity", "activity", "agent") for name in tree[kind]}
    for kind in ("used", "wasGeneratedBy", "wasAssociatedWith", "wasDerivedFrom",
                 "wasAttributedTo", "hadMember"):
        for relation in tree.get(kind, {}).values():
            for name in relation.values():
                assert name in declared, f"{kind}: {name}"


def test_licences(scratch):
    """What a person writes as the licence: an id in any case, an expression, words."""
    path, about = index(scratch), os.path.join(scratch, "a.toml")
    for said, listed, expression in (
            ("odc-by-1.0", "ODC-By-1.0", "ODC-By-1.0"),
            ("CC-BY-4.0 AND (mit OR 0BSD)", None, "CC-BY-4.0 AND (MIT OR 0BSD)"),
            ("proprietary", None, None), ("CC-BY-4.0 AND", None, None), ("(" * 40, None, None)):
        with open(about, "w", encoding="utf-8") as file:
            file.write(f"[dataset]\nlicense = {json.dumps(said)}\n")
        forms = card(scratch, path, "--about", about)
        check_schemas(forms)
        licence = json.loads(forms["cyclonedx.json"])["components"][0]["licenses"][0]
        cli.equal(licence.get("expression", licence.get("license", {}).get("id")), expression,
                  "CycloneDX")
        if not expression:
            cli.equal(licence["license"]["name"], said, "CycloneDX")
        element = next(one for one in json.loads(forms["spdx.jsonld"])["@graph"]
                       if one["type"].startswith("simplelicensing_"))
        cli.equal(element.get("simplelicensing_licenseExpression"), expression, "SPDX")
        cli.equal(element.get("simplelicensing_licenseText"), None if expression else said, "SPDX")
        address = f"https://spdx.org/licenses/{listed}" if listed else said
        cli.equal(json.loads(forms["croissant.json"])["license"], address, "Croissant")
        label = json.loads(forms["dcat.jsonld"])["dct:license"]
        cli.equal(label.get("@id") or label["rdfs:label"]["@value"], address, "DCAT")


def test_what_stands_for_no_answer_says_so(scratch):
    """Dates that nobody stated are not made up, or are said to stand for no answer."""
    forms = card(scratch, index(scratch), name="unstated")
    facts = {fact["id"]: fact.get("value") for fact in json.loads(forms["card.json"])["facts"]}
    assert "dct:issued" not in json.loads(forms["dcat.jsonld"])
    package = next(one for one in json.loads(forms["spdx.jsonld"])["@graph"]
                   if one["type"] == "dataset_DatasetPackage")
    cli.equal(package["builtTime"], facts["dates.last"], "SPDX: built")
    cli.contains(package["comment"], "releaseTime: Not provided")
    cli.equal(json.loads(forms["dps.json"])["provenance"]["date"], facts["dates.last"], "compiled")
    stated = json.loads(card(scratch, os.path.join(scratch, "idx"), "--about", ABOUT)
                        ["spdx.jsonld"])["@graph"]
    assert not any("comment" in one for one in stated if one["type"].startswith("dataset_"))
    # Each pointer of a citation leads to something.
    for flags, name in (([], "none"), (["--about", ABOUT], "all")):
        bom = json.loads(card(scratch, os.path.join(scratch, "idx"), *flags,
                              name=name)["cyclonedx.json"])
        for pointer in (one for cited in bom["citations"] for one in cited["pointers"]):
            at = bom
            for part in pointer.split("/")[1:]:
                at = at[int(part)] if isinstance(at, list) else at[part]
            assert at, pointer


def test_in_toto(scratch):
    statement = json.loads(card(scratch, index(scratch), "--about", ABOUT)["intoto.json"])
    cli.equal(statement["_type"], "https://in-toto.io/Statement/v1", "_type")
    cli.equal(statement["predicateType"], "https://slsa.dev/provenance/v1", "predicateType")
    for resource in (statement["subject"] +
                     statement["predicate"]["buildDefinition"]["resolvedDependencies"]):
        assert resource["digest"] and all(re.fullmatch("[0-9a-f]{32,64}", value)
                                          for value in resource["digest"].values()), resource
    names = {one["name"] for one
             in statement["predicate"]["buildDefinition"]["resolvedDependencies"]}
    assert any(name.endswith("pages.warc.gz") for name in names), names


def test_about_files_that_are_refused(scratch):
    path = index(scratch)
    about = os.path.join(scratch, "a.toml")
    for text, line, reason in (
            ("[provider\n", 1, ""),
            ("\n[provider]\nnam = 'x'\n", 3, "did you mean 'name'?"),
            ("[provder]\nname = 'x'\n", 1, "did you mean 'provider'?"),
            ("[provider]\nname = 1\n", 2, "text in quotes"),
            ("provider = 'x'\n", 1, "is a table"),
            ("[provider]\nname = ''\n", 2, "empty"),
            ("[provider]\nname = 'a\\u0000b'\n".replace("'", '"'), 2, ""),
            ('[provider]\nname = "a\\u202eb"\n', 2, "turns text around"),
            ('[provider]\nname = "a\\u001bb"\n', 2, "control character"),
            (f"[provider]\nname = '{'x' * 4001}'\n", 2, "4000 are allowed"),
            ("[dataset]\nurl = 'javascript:alert(1)'\n", 2, "no address"),
            ("[dataset]\nurl = 'https://a b'\n", 2, "no address"),
            ("[dataset]\nreleased = 2026-02-30\n", 2, ""),
            ("[dataset]\nreleased = '2026-02-30'\n", 2, "no date"),
            ("[dataset]\ncreators = 'x'\n", 2, "is a list"),
            ("[dataset]\ncreators = ['x', 1]\n", 2, "text in quotes"),
            (f"[dataset]\ncreators = {['x'] * 101}\n", 2, "100 are allowed"),
            ("[answers]\nsynthetic = 'maybe'\n", 2, "none of"),
            ("[models]\nname = 'x'\n", 1, "[[models]]"),
            ("[[models]]\nname = 'x'\n" * 101, 1, "100 are allowed")):
        with open(about, "w", encoding="utf-8") as file:
            file.write(text)
        outcome = cli.run("card", "--index", path, "--about", about, expect=2)
        cli.contains(outcome.err, f"{about}:{line}: ")
        cli.contains(outcome.err, reason)
    cli.contains(cli.run("card", "--index", path, "--about", "/none.toml", expect=2).err, "none")


def test_template(scratch):
    template = cli.run("card", "--about-template", expect=0).out
    about = os.path.join(scratch, "a.toml")
    with open(about, "w", encoding="utf-8") as file:
        file.write(template)
    path = index(scratch)
    # Unchanged it answers nothing, and says so.
    out = cli.run("card", "--index", path, "--about", about, "--fact", "about.provider.name").out
    cli.equal(out, "Not provided\n", "the template answers nothing")
    # With every example taken it is the golden about file: all examples are valid answers.
    filled = re.sub(r"(?m)^# ([a-z_]* = |\[\[)", r"\1", template)
    with open(ABOUT, encoding="utf-8") as golden:
        cli.equal(filled, golden.read(), "the golden about file holds every question")


def test_flags(scratch):
    path = index(scratch)
    for flags, reason in ((["--format", "spdx,dcat"], "--out DIR"),
                          (["--format", "all"], "--out DIR"),
                          (["--format", "text,json", "--out", scratch], "alone"),
                          (["--format", "nonsense"], "nonsense"),
                          (["--fact", "pages.coun"], "did you mean 'pages.count'?")):
        cli.contains(cli.run("card", "--index", path, *flags, expect=2).err, reason)
    cli.contains(cli.run("extract", "--format", "text,jsonl", cli.SAMPLE, expect=2).err,
                 "one at a time")
    out = os.path.join(scratch, "few")
    cli.run("card", "--index", path, "--format", "spdx,dcat", "--out", out, expect=0)
    cli.equal(sorted(os.listdir(out)), ["dcat.jsonld", "domains.csv", "spdx.jsonld"], "files")
    empty = os.path.join(scratch, "empty")
    nothing = os.path.join(scratch, "nothing.warc")
    open(nothing, "wb").close()
    cli.run("ingest", "--index", empty, "--progress", "none", nothing)
    cli.contains(cli.run("card", "--index", empty, "--format", "spdx", expect=2).err, "--date")
    cli.run("card", "--index", empty, "--format", "spdx", "--date", "2026-11-02", expect=0)


# --- hostile content ----------------------------------------------------------------------------

EVIL = ("=cmd|' /c calc'!A0\"><script>alert(1)</script> | `x` [a](javascript:b) ![i](http://e.test/) "
        "\n---\n@id: x\n- &a *a !!python/object # <!-- --> {{7*7}} ${x} @type @context %0a")


def evil_about(path):
    """Every question that takes a text gets a hostile one; words, dates and addresses stay."""
    with open(ABOUT, encoding="utf-8") as golden:
        lines = golden.read().splitlines()
    with open(path, "w", encoding="utf-8") as file:
        for line in lines:
            found = re.match(r'([a-z_]+) = "(?!https?:)(.*)"$', line)
            closed = found and re.match(r"(yes|no|not known|neither|directDownload|noAssertion)$",
                                        found.group(2))
            if found and not closed:
                line = f"{found.group(1)} = {json.dumps(EVIL)}"
            elif re.match(r'[a-z_]+ = \["', line):
                line = line.split(" = ")[0] + f" = [{json.dumps(EVIL)}]"
            file.write(line + "\n")


def evil_warc(path):
    evil = EVIL.replace("\n", " ")
    page = (f'<html lang="{evil[:30]}"><head><link rel="license" href="{evil}">'
            f'<meta name="robots" content="{evil}"></head><body>text of a page</body></html>')
    info = f"software: {evil}\r\noperator: {evil}\r\nhttp-header-user-agent: {evil}\r\n" \
           f"isPartOf: {evil}\r\nrobots: {evil}\r\n"
    out = io.BytesIO()

    def record(kind, body, *fields):
        head = "\r\n".join(["WARC/1.0", f"WARC-Type: {kind}",
                            "WARC-Date: 2026-10-01T00:00:00Z",
                            "WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-"
                            f"{out.tell():012d}>",
                            *fields, f"Content-Length: {len(body)}", "", ""])
        out.write(head.encode() + body + b"\r\n\r\n")
    record("warcinfo", info.encode(), "Content-Type: application/warc-fields")
    hosts = ["=cmd.example", "+a.example", "@b.example", "-c.example", "a" * 60 + ".example",
             ".".join(["b" * 60] * 3) + ".example", "xn--80ak6aa92e.example", "|d`.example",
             "<script>.example"]
    for host in hosts:
        for url in (f"http://{host}/", f"http://{host}/@id?<b>|`x`[y](z)"):
            answer = (f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset={evil[:40]}\r\n"
                      f"X-Robots-Tag: {evil}\r\n\r\n{page}")
            record("response", answer.encode(), f"WARC-Target-URI: {url}",
                   "Content-Type: application/http; msgtype=response",
                   f"WARC-Truncated: {evil[:50]}")
    for kind in ("=1+1/x", "@sum/y", "text/<script>", "a|b/`c`"):
        answer = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n\r\nbody"
        record("response", answer.encode(), f"WARC-Target-URI: http://t.example/{len(kind)}",
               "Content-Type: application/http; msgtype=response")
    with open(path, "wb") as file:
        file.write(out.getvalue())


def check_markdown_tables(text, name):
    columns = 0
    for line in text.splitlines():
        if not line.startswith("|"):
            columns = 0
            continue
        cells = len(re.findall(r"(?<!\\)\|", line))
        columns = columns or cells
        cli.equal(cells, columns, f"{name}: {line[:200]}")


def check_markdown(text, name):
    """By a parser of CommonMark with tables: no markup but our own anchors, no link but ours."""
    reader = markdown_it.MarkdownIt("commonmark").enable("table")
    for token in reader.parse(text):
        for one in [token, *(token.children or [])]:
            if one.type in ("html_inline", "html_block"):
                assert re.fullmatch(r'<a id="def-[a-z-]+">|</a>', one.content.strip()), one.content
            elif one.type == "link_open":
                assert re.fullmatch("#def-[a-z-]+", one.attrGet("href")), one.attrs
            assert one.type not in ("image", "fence", "code_block", "hr") or \
                (one.type == "hr" and not one.level), f"{name}: {one.type} {one.content[:80]}"
    heads = re.findall(r"(?m)^<(h[1-6])>", reader.render(text))
    written = re.findall(r"(?m)^(#{1,6}) ", text)
    cli.equal(heads, [f"h{len(marks)}" for marks in written], f"{name}: heads that nobody wrote")


def check_html(text, name):
    tags = {element.tag.split("}")[-1] for element in html5lib.parse(text).iter()
            if isinstance(element.tag, str)}
    assert not tags & {"img", "iframe", "link", "object", "form"}, f"{name}: {tags}"
    scripts = [element.text for element in html5lib.parse(text).iter()
               if isinstance(element.tag, str) and element.tag.endswith("}script")]
    if name == "card.html":
        # Its own, which the policy in the file names by its hash.
        cli.equal(len(scripts), 1, "scripts")
        digest = base64.b64encode(hashlib.sha256(scripts[0].encode()).digest()).decode()
        cli.contains(text, f"script-src 'sha256-{digest}'")
    else:
        cli.equal(scripts, [], "scripts")


def test_nothing_breaks_out(scratch):
    about = os.path.join(scratch, "evil.toml")
    evil_about(about)
    warc = os.path.join(scratch, "evil.warc")
    evil_warc(warc)
    path = os.path.join(scratch, "evil")
    cli.run("ingest", "--index", path, "--progress", "none", warc)
    plain = card(scratch, index(scratch), "--about", ABOUT)
    forms = card(scratch, path, "--about", about, name="evil-out")
    facts = {fact["id"]: fact for fact in json.loads(forms["card.json"])["facts"]}
    assert facts["captures.count"]["value"] >= 20, "the hostile pages are in the card"
    cli.equal(facts["about.provider.contact"]["value"], EVIL, "exact in JSON")
    check_schemas(forms)
    for file, text in forms.items():
        bare = text.replace("\n", "")
        assert not re.search("[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]", bare), f"{file}: control"
        if file.endswith(".md"):
            text = front_matter(text)[1] if file == "README.md" else text
            check_markdown_tables(text, file)
            check_markdown(text, file)
            body = re.sub(r"(`+).*?\1", "", text) if "`" in text else text
            assert "<script" not in re.sub(r"\\<", "", body), file
            assert not re.search(r"(?<!\\)\]\((?!#)", body), f"{file}: a link"
        if file.endswith(".html"):
            check_html(text, file)
    block, body = front_matter(forms["README.md"])
    reference, _ = front_matter(plain["README.md"])
    assert set(block) <= set(reference) | {"license_name", "license_link"}, block
    cli.equal(block["license"], "other", "a licence that is none")
    cli.equal(block["pretty_name"].split(), EVIL.split(), "YAML gives back what was said")
    cli.contains(body, "## Uses")
    for row in csv.reader(io.StringIO(forms["domains.csv"])):
        cli.equal(len(row), 10, str(row))
        assert not any(cell[:1] in ("=", "+", "-", "@", "\t") for cell in row), row
    # Linked data: the same vocabulary as a harmless card, and no name that we did not make.
    for file, context in (("croissant.json", None), ("croissant-1.0.json", None),
                          ("dcat.jsonld", None), ("spdx.jsonld", spdx_context())):
        ours = graph(plain[file], context)
        theirs = graph(forms[file], context)
        # A licence that is on no list is a text of its own.
        extra = {one for one in set(theirs.predicates()) - set(ours.predicates())
                 if not one.endswith("/SimpleLicensing/licenseText")}
        assert not extra, f"{file}: {extra}"
        for node in set(theirs.all_nodes()):
            if isinstance(node, rdflib.URIRef):
                assert not re.search("[<>\"{}|^`\\s]|e\\.test|javascript", str(node)), node
    tree = json.loads(forms["prov.json"])
    assert all(re.fullmatch("cc:[a-z]+(-[0-9]+)?", name) for kind in ("entity", "activity")
               for name in tree[kind]), tree["entity"].keys()


if __name__ == "__main__":
    cli.main(globals())
