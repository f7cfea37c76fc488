"""Many small archives cut from the sample, and runs of the command under a batch system's names."""

import os
import subprocess
import time
import zlib

import cli

# Variables of batch systems that this test may itself run under.
BATCH = ("SLURM_", "JOB_COMPLETION_", "AWS_BATCH_", "OMPI_", "PMI_")


def members(data):
    """The gzip members of a file, as they stand."""
    found = []
    while data:
        inflater = zlib.decompressobj(31)
        inflater.decompress(data)
        size = len(data) - len(inflater.unused_data)
        found.append(data[:size])
        data = inflater.unused_data
    return found


def cut_sample(directory, files):
    """Writes the sample's records into `files` archives of about the same number of records, and
    a listing of their paths. Gives the listing's path and the paths."""
    records = []
    for name in sorted(os.listdir(cli.SAMPLE)):
        if name.endswith(".warc.gz"):
            with open(os.path.join(cli.SAMPLE, name), "rb") as file:
                records += members(file.read())
    os.makedirs(directory, exist_ok=True)
    paths = []
    for i in range(files):
        part = records[len(records) * i // files:len(records) * (i + 1) // files]
        paths.append(os.path.join(directory, f"f{i:02}.warc.gz"))
        with open(paths[-1], "wb") as file:
            file.write(b"".join(part))
    listing = os.path.join(directory, "warc.paths")
    with open(listing, "w", encoding="utf-8") as file:
        file.writelines(path + "\n" for path in paths)
    return listing, paths


def environment(variables):
    clean = {k: v for k, v in os.environ.items() if not k.startswith(BATCH)}
    return clean | {k: str(v) for k, v in variables.items()}


def signal_within(path, data, process, number):
    """Feeds `data` through the FIFO at `path`, with the signal after its first part: what reads it
    is certain to be in the middle of the file."""
    with open(path, "wb") as pipe:  # waits for the process to open it
        pipe.write(data[:1000])
        pipe.flush()
        time.sleep(0.1)
        process.send_signal(number)
        time.sleep(0.3)
        try:
            pipe.write(data[1000:])
            pipe.flush()
        except BrokenPipeError:
            pass


def run_in(variables, *words, expect=0):
    """Runs the command with these variables of a batch system."""
    done = subprocess.run([cli.CRAWLCARD, *words], capture_output=True, timeout=100, check=False,
                          env=environment(variables))
    outcome = cli.Outcome(done.returncode, done.stdout.decode(), done.stderr.decode())
    assert outcome.code == expect, (words, variables, outcome.code, outcome.err[-2000:])
    return outcome


def start(*words, **options):
    return subprocess.Popen([cli.CRAWLCARD, *words], stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, env=environment({}), **options)


def dump(index):
    return cli.run("dump", "--index", index, expect=0).out


def union_of_lines(indexes):
    """What a union must hold: every line of every dump once."""
    return set().union(*(dump(index).splitlines() for index in indexes))


def has_merge():
    return "\n  merge " in cli.run("--help", expect=0).out


def check_merge(merge, work, shards, whole):
    """Runs `merge`, which makes WORK/index of WORK/parts, and compares it with the index `whole`.
    Without the command the rows of the parts are compared, as sets of lines."""
    parts = [os.path.join(work, f"parts/part-{i:05}-of-{shards:05}") for i in range(shards)]
    cli.equal(union_of_lines(parts), set(dump(whole).splitlines()), "rows of all parts")
    if not has_merge():
        print("no merge command: the rows of the parts were compared")
        return
    done = merge()
    assert done.code == 0, done.err
    cli.equal(dump(os.path.join(work, "index")) == dump(whole), True, "dump of the merged index")
