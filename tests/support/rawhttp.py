# SPDX-License-Identifier: GPL-3.0-or-later
"""An HTTP/1 client that says exactly the bytes it is told to, and hides nothing of what comes back."""

import socket
import time


class Cut(Exception):
    """The connection ended inside an answer; `got` is what came before."""

    def __init__(self, got):
        super().__init__(f"the connection ended after {len(got)} bytes: {got[:200]!r}")
        self.got = got


class Answer:
    """One response. `fields` keeps order and repeats; names in lower case."""

    def __init__(self, head):
        lines = head.split(b"\r\n")
        self.version, status, *reason = lines[0].decode("ascii").split(" ", 2)
        self.status = int(status)
        self.reason = reason[0] if reason else ""
        self.fields = []
        for line in lines[1:]:
            name, colon, value = line.decode("latin-1").partition(":")
            if not colon:
                raise ValueError(f"not a field: {line!r}")
            self.fields.append((name.lower(), value.strip()))
        self.body = b""

    def all(self, name):
        return [value for key, value in self.fields if key == name.lower()]

    def __getitem__(self, name):
        """The value of a field that must come once; None where it is absent."""
        values = self.all(name)
        if len(values) > 1:
            raise ValueError(f"{name} came {len(values)} times: {values}")
        return values[0] if values else None

    def __repr__(self):
        return f"<{self.version} {self.status} {dict(self.fields)} {self.body[:80]!r}>"


class RawClient:
    """One TCP connection. Each wait has `timeout` seconds; TimeoutError past it."""

    def __init__(self, port, address="127.0.0.1", timeout=30.0, receive_buffer=None):
        self.timeout = timeout
        self.socket = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET)
        if receive_buffer:  # before connect(), or the window is offered larger already
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(timeout)
        try:
            self.socket.connect((address, port))
        except OSError:
            self.socket.close()
            raise
        self.buffer = b""

    def send(self, data):
        self.socket.sendall(data)
        return self

    def get(self, target, *fields, method="GET", version="1.1", body=b""):
        """Sends a request and gives its answer."""
        return self.ask(target, *fields, method=method, version=version, body=body).answer(method == "HEAD")

    def ask(self, target, *fields, method="GET", version="1.1", body=b""):
        lines = [f"{method} {target} HTTP/{version}", "Host: test", *fields, "", ""]
        return self.send("\r\n".join(lines).encode("latin-1") + body)

    def half_close(self):
        self.socket.shutdown(socket.SHUT_WR)
        return self

    def more(self):
        """Reads once; False at the end of the stream. A reset is an end too."""
        try:
            data = self.socket.recv(1 << 16)
        except ConnectionResetError:
            return False
        self.buffer += data
        return bool(data)

    def take(self, count):
        """Exactly so many bytes."""
        parts, got = [self.buffer], len(self.buffer)
        self.buffer = b""
        while got < count:
            self.buffer = b""
            if not self.more():
                raise Cut(b"".join(parts))
            parts.append(self.buffer)
            got += len(self.buffer)
        whole = b"".join(parts)
        self.buffer = whole[count:]
        return whole[:count]

    def until(self, mark):
        while mark not in self.buffer:
            if not self.more():
                raise Cut(self.buffer)
        found, self.buffer = self.buffer.split(mark, 1)
        return found

    def head(self):
        return Answer(self.until(b"\r\n\r\n"))

    def answer(self, to_head=False):
        """The next answer with its body; what follows stays for the next call. 1xx are answers of their own."""
        answer = self.head()
        if to_head or answer.status < 200 or answer.status in (204, 304):
            return answer
        if (answer["Transfer-Encoding"] or "").lower() == "chunked":
            while size := int(self.until(b"\r\n"), 16):
                answer.body += self.take(size)
                if self.take(2) != b"\r\n":
                    raise ValueError("a chunk without its end")
            while self.until(b"\r\n"):
                pass
        elif (length := answer["Content-Length"]) is not None:
            answer.body = self.take(int(length))
        else:
            answer.body = self.rest()
        return answer

    def rest(self):
        """All that comes until the server closes."""
        parts = [self.buffer]
        self.buffer = b""
        while self.more():
            parts.append(self.buffer)
            self.buffer = b""
        return b"".join(parts)

    def closed(self):
        """Whether the server closes without another byte, waiting as long as the timeout says."""
        try:
            return not self.buffer and not self.more()
        except TimeoutError:
            return False

    def silent(self, seconds=0.1):
        """Whether nothing comes for a moment and the connection stays open."""
        if self.buffer:
            return False
        self.socket.settimeout(seconds)
        try:
            self.more()
            return False
        except TimeoutError:
            return True
        finally:
            self.socket.settimeout(self.timeout)

    def close(self):
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def wait_until(condition, timeout, pause=0.02):
    """Asks again until it is true: its value, or AssertionError past the deadline."""
    deadline = time.monotonic() + timeout
    while True:
        if value := condition():
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"not so after {timeout} s: {condition}")
        time.sleep(pause)
