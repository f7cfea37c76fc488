"""A mirror of a small snapshot, and servers for it: nginx, and one with faults."""

import gzip
import os
import shutil
import socket
import subprocess
import sys
import time
import zlib

import cli

ID = "CC-MAIN-2026-40"
MAKE_WARC = os.path.join(cli.ROOT, "../shared/tools/make_warc.py")
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")


def members(path):
    with open(path, "rb") as file:
        data = file.read()
    while data:
        unpacker = zlib.decompressobj(31)
        unpacker.decompress(data)
        length = len(data) - len(unpacker.unused_data)
        yield data[:length]
        data = unpacker.unused_data


def build(root):
    """The bundled sample as a mirror: 8 files of warc, 4 of robotstxt."""
    # Request, response and metadata of a page stay together; robots.txt files have no such.
    for subset, sample, count, together in (("warc", "pages", 8, 3),
                                            ("robotstxt", "robotstxt", 4, 1)):
        files = [[] for _ in range(count)]
        for number, member in enumerate(members(os.path.join(cli.SAMPLE, sample + ".warc.gz"))):
            files[number // together % count].append(member)
        listing = []
        for number, parts in enumerate(files):
            path = f"crawl-data/{ID}/segments/17000000{number % 2}.1/{subset}/P-{number:05}.warc.gz"
            os.makedirs(os.path.join(root, os.path.dirname(path)), exist_ok=True)
            with open(os.path.join(root, path), "wb") as out:
                out.write(b"".join(parts))
            listing.append(path + "\n")
        with open(os.path.join(root, f"crawl-data/{ID}/{subset}.paths.gz"), "wb") as out:
            out.write(gzip.compress("".join(listing).encode()))
    return root


def dump(index):
    return cli.run("dump", "--index", index, expect=0).out


def reference(scratch, root):
    """The dump of the local files, read by the plain ingest."""
    index = os.path.join(scratch, "reference")
    cli.run("ingest", "--index", index, os.path.join(root, "crawl-data"), expect=0)
    return dump(index)


def words(port, index, *more):
    return ["crawl", "snapshot", ID, "--index", index, "--mirror", f"http://127.0.0.1:{port}/",
            "--contact", "https://example.org/bot", "--allow-private", "127.0.0.0/8",
            "--rate", "500", "--format", "jsonl", "--progress", "none", *more]


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Nginx:
    """nginx over `root`; `extra` stands in its server block. The log has a line a request."""

    def __init__(self, scratch, root, extra=""):
        self.port = free_port()
        self.run = os.path.join(scratch, f"nginx{self.port}")
        os.makedirs(self.run)
        self.log = os.path.join(self.run, "access.log")
        temporary = "".join(f"{kind}_temp_path {self.run}/{kind}; " for kind in
                            ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        user = "user root; " if os.getuid() == 0 else ""
        with open(os.path.join(self.run, "nginx.conf"), "w", encoding="ascii") as out:
            out.write(f"""{user}worker_processes 1; daemon off; pid {self.run}/pid;
error_log {self.run}/error.log;
events {{ worker_connections 512; }}
http {{
  log_format short '$msec $status $http_range "$http_user_agent" $request_method $uri';
  access_log {self.log} short; sendfile off; output_buffers 1 8k; {temporary}
  server {{ listen 127.0.0.1:{self.port}; root {root}; {extra} }}
}}
""")
        self.process = subprocess.Popen([NGINX, "-p", self.run, "-c", "nginx.conf"],
                                        stderr=subprocess.DEVNULL)
        wait_for(self.port)

    def requests(self):
        with open(self.log, encoding="ascii") as log:
            lines = [(line, line.split()) for line in log]
        return [(float(words[0]), int(words[1]), words[-1].lstrip("/"), line)
                for line, words in lines]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()


class Faulty:
    """make_warc.py's server with faults."""

    def __init__(self, scratch, root, *faults, seed="1", more=()):
        port_file = os.path.join(scratch, f"port{time.monotonic_ns()}")
        flags = [word for fault in faults for word in ("--fault", fault)]
        self.process = subprocess.Popen(
            [sys.executable, MAKE_WARC, "serve", root, "--port-file", port_file, "--seed", seed,
             "--max-seconds", "300", *flags, *more], stdout=subprocess.DEVNULL)
        while not os.path.exists(port_file) or not open(port_file, encoding="ascii").read():
            time.sleep(0.02)
        self.port = int(open(port_file, encoding="ascii").read())
        wait_for(self.port)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()


def wait_for(port):
    for _ in range(200):
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.05)
    raise AssertionError(f"no server at port {port}")
