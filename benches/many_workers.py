#!/usr/bin/env python3
"""Many workers against one process on a large listing: the same rows, whatever dies on the way.

    benches/many_workers.py LISTING --base MIRROR [--crawlcard CMD] [--out FILE.md]

One process makes the reference. Then, for each number of workers: the listing is shuffled, some
shares are worked on twice at once (in indexes of their own, or in the same one, where the second is
locked out), workers are killed with SIGKILL at random moments, or find the disk full (their files
may grow to a random size and no further), and are started again until their parts are published.
The parts are merged, one of them twice. Every dump's SHA-256 has to be that of
the reference: exit 1 otherwise. A seed fixes order and moments; --out keeps the result.
"""

import argparse
import concurrent.futures
import gzip
import hashlib
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time


def lines_of(path):
    opener = gzip.open if path.endswith(".gz") else open
    with opener(path, "rt", encoding="utf-8") as file:
        return [line.strip() for line in file if line.strip()]


def bytes_below(directory):
    return sum(os.path.getsize(os.path.join(where, name))
               for where, _, names in os.walk(directory) for name in names)


class Build:
    def __init__(self, arguments, scratch):
        self.crawlcard = arguments.crawlcard
        self.base = ["--base", arguments.base] if arguments.base else []
        self.scratch = scratch
        self.forget()

    def forget(self):
        self.kills = self.starts = self.locked = self.full = 0

    def run(self, *words, check=True):
        done = subprocess.run([self.crawlcard, *words], capture_output=True, check=False)
        if check and done.returncode not in (0, 3):
            sys.exit(f"{' '.join(words)}: exit {done.returncode}\n{done.stderr.decode()[-3000:]}")
        return done

    def sha256(self, index):
        digest = hashlib.sha256()
        with subprocess.Popen([self.crawlcard, "dump", "--index", index],
                              stdout=subprocess.PIPE) as dump:
            for block in iter(lambda: dump.stdout.read(1 << 20), b""):
                digest.update(block)
        if dump.returncode != 0:
            sys.exit(f"dump of {index}: exit {dump.returncode}")
        return digest.hexdigest()

    def worker(self, listing, parts, rank, count, index, mishaps):
        """Starts a share until it is published. The first starts are killed after so many
        seconds, or fail to write more than so many bytes to a file."""
        words = ["ingest", "--index", index, "--shard", f"{rank}/{count}", "--publish", parts,
                 *self.base, "--jobs", "1", "--progress", "none", "@" + listing]
        for seconds, room in [*mishaps, (None, None)]:
            while True:
                self.starts += 1
                # A write past it fails: this program ignores SIGXFSZ, and hands that on.
                limit = room and (lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (room, room)))
                with subprocess.Popen([self.crawlcard, *words], stdout=subprocess.DEVNULL,
                                      stderr=subprocess.PIPE, restore_signals=False,
                                      preexec_fn=limit) as process:
                    try:
                        errors = process.communicate(timeout=seconds)[1]
                    except subprocess.TimeoutExpired:
                        process.kill()
                        process.communicate()
                        self.kills += 1
                        break
                if process.returncode in (0, 3):
                    return
                if room and process.returncode > 0 and process.returncode != 4:
                    self.full += 1
                    break
                if process.returncode != 4:
                    sys.exit(f"worker {rank}: exit {process.returncode}\n{errors.decode()[-3000:]}")
                self.locked += 1  # a twin is at the same index: come again
                time.sleep(0.5)

    def with_workers(self, lines, count, dice, alone, cores):
        """The index that `count` workers and a merge make of the shuffled lines."""
        where = os.path.join(self.scratch, f"workers{count}")
        parts = os.path.join(where, "parts")
        os.makedirs(where)
        dice.shuffle(lines)
        listing = os.path.join(where, "warc.paths")
        with open(listing, "w", encoding="utf-8") as file:
            file.writelines(line + "\n" for line in lines)

        tasks = [(rank, f"i{rank}") for rank in range(count)]
        tasks += [(rank, f"twin{rank}") for rank in dice.sample(range(count), (count + 2) // 3)]
        tasks += [(rank, f"i{rank}") for rank in dice.sample(range(count), (count + 2) // 3)]
        dice.shuffle(tasks)
        seconds, size = (each / count for each in alone)

        def mishap():
            if dice.randrange(2):
                return dice.uniform(0, seconds), None
            return None, dice.randrange(4096, int(size) + 8192)
        with concurrent.futures.ThreadPoolExecutor(max_workers=max(cores, 2)) as pool:
            done = [pool.submit(self.worker, listing, parts, rank, count,
                                os.path.join(where, name),
                                [mishap() for _ in range(dice.randrange(4))])
                    for rank, name in tasks]
            for each in done:
                each.result()
        names = sorted(name for name in os.listdir(parts) if name.startswith("part-"))
        assert len(names) == count, names
        paths = [os.path.join(parts, name) for name in names]
        dice.shuffle(paths)
        index = os.path.join(where, "index")
        self.run("merge", "--into", index, *paths)
        self.run("merge", "--into", index, paths[0])
        return index


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("listing")
    parser.add_argument("--base", default="")
    parser.add_argument("--crawlcard", default="build/rel/bin/crawlcard")
    parser.add_argument("--workers", default="1,3,16")
    parser.add_argument("--cores", type=int, default=os.cpu_count() or 2)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--scratch", help="an empty place for the indexes; a temporary one without")
    parser.add_argument("--out", help="a file for the result, in Markdown")
    arguments = parser.parse_args()

    dice = random.Random(arguments.seed)
    lines = lines_of(arguments.listing)
    read = sum(os.path.getsize(path if os.path.isabs(path) else os.path.join(arguments.base, path))
               for path in lines)
    scratch = tempfile.mkdtemp(prefix="crawlcard_many_", dir=arguments.scratch)
    build = Build(arguments, scratch)
    rows = []
    try:
        started = time.monotonic()
        whole = os.path.join(scratch, "whole")
        build.run("ingest", "--index", whole, *build.base, "--jobs", "1", "--progress", "none",
                  "@" + arguments.listing)
        alone = time.monotonic() - started
        wanted = build.sha256(whole)
        rows.append(["one process", 1, 0, 0, 0, bytes_below(whole), f"{alone:.0f}", wanted])
        for count in map(int, arguments.workers.split(",")):
            build.forget()
            started = time.monotonic()
            index = build.with_workers(list(lines), count, dice, (alone, bytes_below(whole)),
                                       arguments.cores)
            rows.append([f"{count} workers, merged", build.starts, build.kills, build.full,
                         build.locked, bytes_below(index), f"{time.monotonic() - started:.0f}",
                         build.sha256(index)])
            print(rows[-1], flush=True)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)

    equal = all(row[-1] == wanted for row in rows)
    text = (f"# Many workers, one index\n\n`benches/many_workers.py` on {len(lines)} files of "
            f"{read:,} bytes, seed {arguments.seed}, {arguments.cores} processes at a time.\n\n"
            "| Build | starts | kill -9 | disk full | locked out | index bytes | seconds "
            "| SHA-256 of dump |\n"
            "| --- | --- | --- | --- | --- | --- | --- | --- |\n")
    text += "".join("| " + " | ".join(map(str, row)) + " |\n" for row in rows)
    text += f"\nAll dumps {'are equal' if equal else 'are NOT equal'}.\n"
    print(text)
    if arguments.out:
        with open(arguments.out, "w", encoding="utf-8") as file:
            file.write(text)
    sys.exit(0 if equal else 1)


if __name__ == "__main__":
    main()
