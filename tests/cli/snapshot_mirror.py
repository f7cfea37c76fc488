"""A mirror of a small snapshot, and servers for it: nginx, and one with faults."""

import gzip
import http.server
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
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


class Moody(http.server.ThreadingHTTPServer):
    """`root` with the moods of a CDN. `moods`: path part to what its first answers are: "block" (a
    403), "long" (a Content-Length beyond the body), "short" (one before its end). `ranges`: whether
    it knows any. `log`: (seconds, status, path) of each answer."""

    daemon_threads = True

    def __init__(self, root, moods, ranges=True):
        super().__init__(("127.0.0.1", 0), MoodyHandler)
        self.root, self.moods, self.log = root, {k: list(v) for k, v in moods.items()}, []
        self.ranges, self.lock = ranges, threading.Lock()
        self.port = self.server_address[1]

    def mood_of(self, path):
        with self.lock:
            for part, moods in self.moods.items():
                if part in path and moods:
                    return moods.pop(0)
        return ""

    def handle_error(self, request, client_address):
        pass

    def __enter__(self):
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()


class MoodyHandler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):  # pylint: disable=invalid-name
        mood = self.server.mood_of(self.path)
        try:
            with open(os.path.join(self.server.root, self.path.lstrip("/")), "rb") as file:
                body = file.read()
            status = 403 if mood == "block" else 200
        except OSError:
            status = 404
        body = b"" if status != 200 else body
        tag = f'"{zlib.crc32(body):08x}"'
        size = len(body)
        wanted = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        first = int(wanted.group(1)) if wanted and self.server.ranges and status == 200 else 0
        if self.headers.get("If-Range", tag) != tag:
            first = 0
        if first:
            status = 206 if first < size else 416
        with self.server.lock:
            self.server.log.append((time.monotonic(), status, self.path.lstrip("/")))
        part = body[first:]
        claimed = len(part) + {"long": 5000, "short": -len(part) // 3}.get(mood, 0)
        self.send_response(status)
        self.send_header("Content-Length", str(claimed))
        self.send_header("ETag", tag)
        self.send_header("Accept-Ranges", "bytes")
        if first:
            part_of = f"{first}-{size - 1}" if status == 206 else "*"
            self.send_header("Content-Range", f"bytes {part_of}/{size}")
        self.end_headers()
        self.wfile.write(part)
        self.close_connection = self.close_connection or mood in ("long", "short")


def wait_for(port):
    for _ in range(200):
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.05)
    raise AssertionError(f"no server at port {port}")
