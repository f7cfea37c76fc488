#!/usr/bin/env python3
"""Archives of warc_sample, read by others: each record is parsed and its digests are verified.

others_test.py python|make_warc|warcio WARC_SAMPLE. Exit code 77: that reader is not there.
"""

import base64
import collections
import gzip
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zlib

EXPECTED = {"request": 203, "response": 203, "revisit": 2, "metadata": 4}


def skip(why):
    print("skipped:", why)
    sys.exit(77)


def digest(spelled, data):
    """What a claim of the same spelling over `data` would be."""
    name = spelled.partition(":")[0]
    value = hashlib.new(name, data).digest()
    return name + ":" + (base64.b32encode(value).decode() if name == "sha1" else value.hex())


def members(path):
    """The unpacked members of a file, each one alone."""
    data = open(path, "rb").read()
    if path.endswith(".zst"):
        # Frames are told apart by the list that zstd prints; the content by unpacking the whole.
        listed = subprocess.run(["zstd", "-lv", path], capture_output=True, text=True, check=True)
        frames = int(next(line for line in listed.stdout.splitlines() if "Zstandard Frames" in line
                          or "Number of Frames" in line).split(":")[1].split()[0])
        whole = subprocess.run(["zstd", "-dc", path], capture_output=True, check=True).stdout
        assert "XXH64" in listed.stdout, "frames have no checksum"
        return frames, whole
    if not path.endswith(".gz"):
        return None, data
    count, whole = 0, b""
    while data:
        unpacker = zlib.decompressobj(31)
        whole += unpacker.decompress(data)
        assert unpacker.eof, "member has no end"
        data = unpacker.unused_data
        count += 1
    assert whole == gzip.open(path).read()
    return count, whole


def strict_records(whole):
    """Splits by the letter of WARC 1.1 section 4; anything else is an error."""
    at = 0
    while at < len(whole):
        end = whole.index(b"\r\n\r\n", at)
        lines = whole[at:end].decode("utf-8").split("\r\n")
        assert lines[0] == "WARC/1.1", lines[0]
        fields = [tuple(line.split(": ", 1)) for line in lines[1:]]
        assert all(len(field) == 2 and field[1] == field[1].strip() for field in fields), fields
        length = int(dict(fields)["Content-Length"])
        block = whole[end + 4:end + 4 + length]
        assert len(block) == length
        assert whole[end + 4 + length:end + 8 + length] == b"\r\n\r\n"
        at = end + 8 + length
        yield fields, block


def check_python(paths):
    kinds = collections.Counter()
    for path in paths:
        count, whole = members(path)
        records = list(strict_records(whole))
        assert count in (None, len(records)), "%s members, %s records" % (count, len(records))
        for fields, block in records:
            head = dict(fields)
            kinds[head["WARC-Type"]] += 1
            assert digest(head["WARC-Block-Digest"], block) == head["WARC-Block-Digest"]
            single = [name for name, _ in fields if name != "WARC-Protocol"]
            assert len(single) == len(set(single)), single
            if head["WARC-Type"] == "response":
                payload = block[block.index(b"\r\n\r\n") + 4:]
                assert digest(head["WARC-Payload-Digest"], payload) == head["WARC-Payload-Digest"]
    return kinds


def check_make_warc(paths):
    tool = os.path.join(os.environ["CRAWLCARD_ROOT"], "../shared/tools/make_warc.py")
    if not os.path.exists(tool):
        skip("make_warc.py is not there")
    paths = [path for path in paths if not path.endswith(".zst")]
    run = subprocess.run([sys.executable, tool, "verify"] + paths, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr
    listed = subprocess.run([sys.executable, tool, "list"] + paths, capture_output=True, text=True,
                            check=True).stdout
    return collections.Counter(word for line in listed.splitlines() for word in line.split()
                               if word in EXPECTED or word == "warcinfo")


WARCIO = """
import { WARCParser } from "warcio";
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
function base32(bytes) {
  let bits = "", out = "";
  for (const byte of bytes) bits += byte.toString(2).padStart(8, "0");
  for (let i = 0; i < bits.length; i += 5) out += alphabet[parseInt(bits.slice(i, i + 5), 2)];
  return out;
}
function digest(claim, bytes) {
  const name = claim.split(":")[0];
  const value = createHash(name).update(bytes).digest();
  return name + ":" + (name === "sha1" ? base32(value) : value.toString("hex"));
}
const kinds = {};
for (const path of process.argv.slice(2)) {
  for await (const record of new WARCParser(createReadStream(path))) {
    kinds[record.warcType] = (kinds[record.warcType] || 0) + 1;
    const payload = await record.readFully(false);
    const claim = record.warcHeader("WARC-Payload-Digest");
    if (record.warcType === "response") {
      if (!record.httpHeaders.statusline.startsWith("HTTP/1.")) throw new Error("no HTTP head");
      if (digest(claim, payload) !== claim) throw new Error(record.warcTargetURI + ": " + claim);
    }
    if (record.warcType === "metadata" || record.warcType === "warcinfo") {
      const block = record.warcHeader("WARC-Block-Digest");
      if (digest(block, payload) !== block) throw new Error(record.warcType + ": " + block);
    }
  }
}
console.log(JSON.stringify(kinds));
"""


def check_warcio(paths):
    modules = os.environ.get("CRAWLCARD_NODE_MODULES") or os.path.join(
        os.environ["CRAWLCARD_BUILD"], "node_modules")
    if not shutil.which("node") or not os.path.isdir(os.path.join(modules, "warcio")):
        skip("no node, or no warcio in " + modules)
    paths = [os.path.abspath(path) for path in paths if not path.endswith(".zst")]
    with tempfile.TemporaryDirectory() as directory:
        os.symlink(modules, os.path.join(directory, "node_modules"))
        script = os.path.join(directory, "read.mjs")
        with open(script, "w", encoding="ascii") as out:
            out.write(WARCIO)
        run = subprocess.run(["node", script] + paths, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr
    return collections.Counter(json.loads(run.stdout))


def main():
    reader, sample = sys.argv[1:]
    forms = ["gzip", "none"] + (["zstd"] if reader == "python" and shutil.which("zstd") else [])
    for form in forms:
        for algorithm in ("sha1", "sha256"):
            if reader == "make_warc" and algorithm == "sha256":
                continue  # it reads SHA-1 alone
            with tempfile.TemporaryDirectory() as directory:
                subprocess.run([sample, directory, form, algorithm], check=True)
                paths = sorted(os.path.join(directory, name) for name in os.listdir(directory))
                kinds = globals()["check_" + reader](paths)
                assert kinds.pop("warcinfo") == len(paths)
                assert kinds == EXPECTED, (form, algorithm, kinds)
                print(reader, form, algorithm, len(paths), "files", sum(kinds.values()), "records")


if __name__ == "__main__":
    main()
