# SPDX-License-Identifier: GPL-3.0-or-later
"""An HTTP server for one file that misbehaves as it is told, and remembers what it was asked."""

import base64
import email.utils
import hashlib
import http.server
import re
import socket
import threading
import time


class Rogue:
    """Serves `body` at every path with a strong tag. A context manager; on 127.0.0.1 and a free port.

    What can be wrong with it, each an attribute that may be set at any time:
      cut_after     every connection is closed after so many bytes of bodies
      stall_after   the first `stalls` answers stop after so many bytes, and stay silent
      silent        the first so many GETs get no answer at all
      head          "ok", "405" or "close": what HEAD gets
      ranges        "ok", "ignored" (200 to all), "none" (and says so), "shifted" (another part than asked for, said
                    honestly), "mislabelled" (another part is claimed than sent), "short" (less than asked for)
      etag          None: no tag at all; last_modified likewise
      change_after  after so many GETs it is another file: `next_body`, `next_etag`
      lie           added to the Content-Length of whole answers; in HEAD alone with lie_in_head
      busy          a list of (status, Retry-After) for the next answers
      answers       path -> status, for those that always fail
      redirects     path -> Location
      moving        a path that redirects to an address which is good for one GET: /moved-0, /moved-1 …
      fields        more fields for each good answer
      part_digest   "sha-256" or "sha-512": each part comes with a Content-Digest of its bytes
      damaged       the first so many parts come with one bit turned
      serve         how many answers with bytes may run at once; more are answered 503
    """

    def __init__(self, body, etag='"one"'):
        self.body, self.etag = body, etag
        self.last_modified = None
        self.cut_after = self.stall_after = self.change_after = self.serve = None
        self.stalls = self.silent = 0
        self.head, self.ranges = "ok", "ok"
        self.next_body, self.next_etag = None, None
        self.lie = self.lie_in_head = 0
        self.busy, self.answers, self.redirects, self.fields = [], {}, {}, {}
        self.moving, self.moved = None, 0
        self.part_digest, self.damaged = None, 0
        self.requests = []  # (method, path, fields)
        self.gate = None    # a threading.Event: bodies wait for it after their first 64 KiB
        self.lock = threading.Lock()
        self.running = self.most_running = 0
        self.closing = threading.Event()
        rogue = self

        class Handler(_Handler):
            pass

        Handler.rogue = rogue
        self.server = _Server(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self.thread.start()

    def gets(self):
        with self.lock:
            return [request for request in self.requests if request[0] == "GET"]

    def stop(self):
        self.closing.set()
        if self.gate:
            self.gate.set()
        self.server.shutdown()
        self.server.server_close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request, client_address):
        pass  # clients leave; that is what is tested


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    rogue = None
    sent = 0  # bytes of bodies on this connection

    def log_message(self, *_):
        pass

    def do_HEAD(self):
        rogue = self.note()
        if rogue.head == "close":
            self.close_connection = True
            return
        if rogue.head != "ok":
            self.short(int(rogue.head))
            return
        self.answer(with_body=False)

    def do_GET(self):
        rogue = self.note()
        with rogue.lock:
            gets = sum(1 for method, _, _ in rogue.requests if method == "GET")
            if rogue.change_after is not None and gets > rogue.change_after:
                rogue.body, rogue.etag, rogue.change_after = rogue.next_body, rogue.next_etag, None
            silent = rogue.silent > 0
            rogue.silent -= 1 if silent else 0
        if silent:
            rogue.closing.wait(300)
            return
        self.answer(with_body=True)

    def note(self):
        with self.rogue.lock:
            self.rogue.requests.append((self.command, self.path, dict(self.headers)))
        return self.rogue

    def short(self, status, **fields):
        self.send_response(status)
        for name, value in fields.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def answer(self, with_body):
        rogue = self.rogue
        with rogue.lock:
            busy = rogue.busy.pop(0) if rogue.busy else None
            body, etag = rogue.body, rogue.etag
        if busy:
            return self.short(busy[0], **({"Retry_After": busy[1]} if busy[1] is not None else {}))
        path = self.path.split("?")[0]
        if path in rogue.answers:
            return self.short(rogue.answers[path])
        if path == rogue.moving:
            return self.short(302, Location=f"/moved-{rogue.moved}")
        if path.startswith("/moved-"):
            if path != f"/moved-{rogue.moved}":
                return self.short(403)
            rogue.moved += 1 if with_body else 0
        if path in rogue.redirects:
            return self.short(302, Location=rogue.redirects[path])
        status, first, end = 200, 0, len(body)
        asked = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        condition = self.headers.get("If-Range")
        if asked and rogue.ranges not in ("ignored", "none") and condition in (None, etag, rogue.last_modified):
            first = int(asked[1])
            end = min(len(body), int(asked[2]) + 1 if asked[2] else len(body))
            if first >= len(body):
                return self.short(416, Content_Range=f"bytes */{len(body)}")
            status = 206
        if status == 206 and rogue.ranges == "shifted" and end < len(body):
            first, end = first + 1, end + 1
        if status == 206 and rogue.ranges == "short":
            end = min(end, first + max(1, (end - first) // 2))
        if with_body and rogue.serve is not None:
            with rogue.lock:
                full = rogue.running >= rogue.serve
                rogue.running += 0 if full else 1
                rogue.most_running = max(rogue.most_running, rogue.running)
            if full:
                return self.short(503, Retry_After="1")
        try:
            self.send_part(status, first, end, body, etag, with_body)
        finally:
            if with_body and rogue.serve is not None:
                with rogue.lock:
                    rogue.running -= 1

    def send_part(self, status, first, end, body, etag, with_body):
        rogue = self.rogue
        self.send_response(status)
        lie = rogue.lie if status == 200 else 0
        lie += 0 if with_body else rogue.lie_in_head
        self.send_header("Content-Length", str(end - first + lie))
        if status == 206:
            shift = 1 if rogue.ranges == "mislabelled" and first > 0 else 0
            self.send_header("Content-Range", f"bytes {first - shift}-{end - 1 - shift}/{len(body)}")
        if rogue.ranges == "none":
            self.send_header("Accept-Ranges", "none")
        elif rogue.ranges != "silent":
            self.send_header("Accept-Ranges", "bytes")
        if etag:
            self.send_header("ETag", etag)
        if rogue.last_modified:
            self.send_header("Last-Modified", rogue.last_modified)
        for name, value in rogue.fields.items():
            self.send_header(name, value)
        if status == 206 and rogue.part_digest:
            digest = hashlib.new(rogue.part_digest.replace("-", ""), body[first:end]).digest()
            self.send_header("Content-Digest", f"{rogue.part_digest}=:{base64.b64encode(digest).decode()}:")
        self.end_headers()
        if not with_body:
            return
        with rogue.lock:
            damaged = status == 206 and rogue.damaged > 0
            rogue.damaged -= 1 if damaged else 0
        if damaged:
            middle = (first + end) // 2
            body = body[:middle] + bytes([body[middle] ^ 1]) + body[middle + 1:]
        stall = None
        with rogue.lock:
            if rogue.stalls > 0:
                rogue.stalls -= 1
                stall = rogue.stall_after
        at = first
        while at < end:
            step = min(64 << 10, end - at)
            if rogue.cut_after is not None:
                step = min(step, rogue.cut_after - self.sent)
            if stall is not None:
                step = min(step, first + stall - at)
            if step <= 0:
                if stall is not None and at - first >= stall:
                    rogue.closing.wait(300)
                self.cut()
                return
            self.wfile.write(body[at:at + step])
            at += step
            self.sent += step
            if rogue.gate is not None:
                rogue.gate.wait(300)
        if lie > 0:
            self.cut()

    def cut(self):
        self.close_connection = True
        try:
            self.connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


def http_date(ago):
    """A Last-Modified of `ago` seconds ago."""
    return email.utils.formatdate(time.time() - ago, usegmt=True)
