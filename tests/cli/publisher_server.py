"""Publishers on loopback for the tests of crawls: a host a mood, a log of every request."""

import gzip
import http.server
import socket
import socketserver
import struct
import threading
import time

ROBOTS = b"User-agent: *\nDisallow: /trust.txt\n"
TDMREP = b'[{"location": "/", "tdm-reservation": 1}]'
PAGE = b"<!doctype html><html><head><title>front</title></head><body>hello</body></html>"
BOMB = gzip.compress(b"User-agent: *\nDisallow: /\n" + b"#" * (200 << 20), 9)


class Publishers:
    """`moods`: host name to mood. Every host has an address of its own in 127.0.0.0/8."""

    def __init__(self, moods, network="127.0.3."):
        self.moods = moods
        self.addresses = {host: f"{network}{i + 1}" for i, host in enumerate(sorted(moods))}
        self.log = []  # (host, path, seconds, conditional)
        self.lock = threading.Lock()
        self.servers = []
        self.port = 0

    def __enter__(self):
        for host, address in self.addresses.items():
            if self.moods[host] == "gone":
                continue  # nobody listens there
            server = Server((address, self.port), Handler)
            server.publishers = self
            self.port = server.server_address[1]
            self.servers.append(server)
            threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_):
        for server in self.servers:
            server.shutdown()
            server.server_close()

    def hosts_file(self, path):
        with open(path, "w", encoding="ascii") as file:
            for host, address in self.addresses.items():
                file.write(f"{address} {host}\n")
        return path

    def seeds(self):
        return [f"http://{host}:{self.port}/" for host in self.moods]

    def paths(self, host):
        return [path for name, path, _, _ in self.log if name == host]

    def shortest_gap(self):
        """The shortest time between two requests to one host, over all hosts."""
        last, gap = {}, float("inf")
        for host, _, at, _ in self.log:
            if host in last:
                gap = min(gap, at - last[host])
            last[host] = at
        return gap


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128

    def handle_error(self, request, client_address):
        pass  # clients that go away are part of the test


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body=b"", **fields):
        self.send_response(status)
        for name, value in fields.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):  # pylint: disable=invalid-name
        publishers = self.server.publishers
        host = self.headers.get("Host", "").split(":")[0]
        condition = self.headers.get("If-None-Match")
        with publishers.lock:
            publishers.log.append((host, self.path, time.monotonic(), condition is not None))
        mood = publishers.moods.get(host)
        special = getattr(self, f"mood_{mood}", None)
        if special is None or not special():
            self.well(condition)

    def well(self, condition):
        files = {"/robots.txt": ROBOTS, "/.well-known/tdmrep.json": TDMREP, "/": PAGE}
        tag = f'"{self.path}"'
        if condition == tag:
            self.answer(304, ETag=tag)
        elif self.path in files:
            kind = "text/html" if self.path == "/" else "text/plain"
            self.answer(200, files[self.path], Content_Type=kind, ETag=tag)
        else:
            self.answer(404, b"none\n", Content_Type="text/plain")

    # Moods answer themselves where they return True.

    def mood_hung(self):
        time.sleep(20)
        self.close_connection = True
        return True

    def mood_slow(self):
        self.send_response(200)
        self.send_header("Content-Length", "100000")
        self.end_headers()
        for _ in range(200):
            self.wfile.write(b"#")
            self.wfile.flush()
            time.sleep(0.1)
        return True

    def mood_reset(self):
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True
        return True

    def mood_loop(self):
        if self.path == "/robots.txt":
            self.answer(302, Location="/robots.txt")
            return True
        return False

    def mood_huge(self):
        if self.path != "/robots.txt":
            return False
        self.answer(200, ROBOTS + b"# x\n" * (1 << 20), Content_Type="text/plain")
        return True

    def mood_bomb(self):
        if self.path != "/robots.txt":
            return False
        self.answer(200, BOMB, Content_Type="text/plain", Content_Encoding="gzip")
        return True

    def mood_error(self):
        self.answer(500, b"broken\n")
        return True

    def mood_busy(self):
        self.answer(429, b"later\n", Retry_After="1")
        return True

    def mood_shell(self):
        self.answer(200, PAGE, Content_Type="text/html")
        return True

    def mood_refuses(self):
        if self.path == "/robots.txt":
            self.answer(200, b"User-agent: *\nDisallow: /\n", Content_Type="text/plain")
            return True
        return False
