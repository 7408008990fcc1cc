# SPDX-License-Identifier: GPL-3.0-or-later
"""The PROXY protocol before HTTP and HTTPS: who is believed, what the log says, what is refused."""

import contextlib
import json
import socket
import ssl
import unittest
import urllib.request

from common import ServerTest, seconds, wait_until

V1 = b"PROXY TCP4 192.0.2.7 198.51.100.1 51234 443\r\n"
V2 = b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c\xc0\0\x02\x08\xc6\x33\x64\x01\xc8\x22\x01\xbb"
REQUEST = b"GET /s/pub/small.txt?%s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


class Trusted(ServerTest):
    settings = {"proxy.protocol": "true", "proxy.trusted": "127.0.0.0/8", "http.head_timeout": "1s"}

    @classmethod
    def start(cls, data, **more):
        return super().start(data, tls_listen="127.0.0.1:0", **more)

    def connection(self, port):
        made = socket.create_connection(("127.0.0.1", port), timeout=seconds(30))
        self.addCleanup(made.close)
        return made

    def exchange(self, connection, request):
        connection.sendall(request)
        data = b""
        with contextlib.suppress(ConnectionResetError):  # what was not read is thrown back
            while block := connection.recv(65536):
                data += block
        return data

    def peer_of(self, tag):
        return self.logged(f"/s/pub/small.txt?{tag}")["client"]

    def test_both_versions_over_both_listeners(self):
        context = ssl.create_default_context(cafile=self.server.certificate)
        for tag, head, address in (("v1", V1, "192.0.2.7"), ("v2", V2, "192.0.2.8")):
            answer = self.exchange(self.connection(self.server.port), head + REQUEST % tag.encode())
            self.assertTrue(answer.startswith(b"HTTP/1.1 200 "), answer)
            self.assertEqual(self.peer_of(tag), address)
            plain = self.connection(self.server.tls_port)
            plain.sendall(head)
            with context.wrap_socket(plain, server_hostname="localhost") as secure:
                answer = self.exchange(secure, REQUEST % (b"s" + tag.encode()))
                self.assertTrue(answer.startswith(b"HTTP/1.1 200 "), answer)
            self.assertEqual(self.peer_of("s" + tag), address)

    def test_byte_by_byte(self):
        slow = self.connection(self.server.port)
        slow.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in V2 + REQUEST % b"slow":
            slow.sendall(bytes([byte]))
        self.assertTrue(slow.recv(65536).startswith(b"HTTP/1.1 200 "))
        self.assertEqual(self.peer_of("slow"), "192.0.2.8")

    def test_without_a_head_or_with_a_bad_one_it_ends(self):
        for bad in (REQUEST % b"none", b"PROXY TCP4 192.0.2.7 198.51.100.1 99999 443\r\n" + REQUEST % b"bad",
                    V2[:12] + b"\x21\x11\xff\xff", b"PROXY " + b"x" * 200):
            with self.subTest(bad[:40]):
                self.assertEqual(self.exchange(self.connection(self.server.port), bad), b"")
        silent = self.connection(self.server.port)
        self.assertEqual(silent.recv(100), b"")
        address = json.loads((self.data / "admin.json").read_text())["address"]
        wait_until(lambda: 'spillway_connections_ended_total{reason="proxy_head"} 4'
                   in urllib.request.urlopen(address + "/metrics").read().decode(), seconds(20))


class Untrusted(ServerTest):
    settings = {"proxy.protocol": "true", "proxy.trusted": "192.0.2.0/24"}

    def test_others_are_clients_themselves(self):
        self.assert_serves()
        self.assertEqual(self.logged("/s/pub/small.txt")["client"], "127.0.0.1")
        with self.connect() as forger:
            self.assertEqual(forger.send(V1 + REQUEST % b"forged").answer().status, 400)


del ServerTest

if __name__ == "__main__":
    unittest.main()
