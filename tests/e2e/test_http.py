# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages and connections of RFC 9110 and RFC 9112, byte by byte over a raw socket."""

import email.message
import email.utils
import os
import time
import unittest

import common
from common import ServerTest, wait_until

BIG = 8 << 20
OLD = 1_000_000_000  # 2001-09-09: a time long past is a strong validator (RFC 9110 §8.8.2.2)
OLD_DATE = "Sun, 09 Sep 2001 01:46:40 GMT"


class HttpTest(ServerTest):
    @classmethod
    def fill(cls):
        cls.big = common.some_bytes(BIG)
        (cls.pub / "big.bin").write_bytes(cls.big)
        (cls.pub / "empty").write_bytes(b"")
        (cls.pub / "sub").mkdir()
        os.utime(cls.pub / "small.txt", (OLD, OLD))

    small = b"hello, reader\n"

    def assert_small(self, answer):
        self.assertEqual((answer.status, answer.body), (200, self.small), answer)


class Connections(HttpTest):
    def test_keep_alive_is_the_default_of_http11(self):
        client = self.connect()
        for _ in range(20):
            self.assert_small(client.get("/s/pub/small.txt"))
        self.assertTrue(client.silent())

    def test_who_closes(self):
        table = [  # version, fields, whether the connection stays (RFC 9112 §9.3)
            ("1.1", (), True), ("1.1", ("Connection: close",), False), ("1.1", ("Connection: Close",), False),
            ("1.1", ("Connection: foo, close",), False), ("1.1", ("Connection: keep-alive, x",), True),
            ("1.1", ("Connection: keep-alive", "Connection: close"), False),
            ("1.0", (), False), ("1.0", ("Connection: keep-alive",), True), ("1.0", ("Connection: Keep-Alive",), True),
            ("1.0", ("Connection: close",), False), ("1.0", ("Connection: close, keep-alive",), False)]
        for version, fields, stays in table:
            with self.subTest(version=version, fields=fields):
                client = self.connect()
                answer = client.get("/s/pub/small.txt", *fields, version=version)
                self.assert_small(answer)
                self.assertEqual(answer.version, "HTTP/1.1", "it says what it can (RFC 9110 §2.5)")
                said = (answer["Connection"] or "").lower()
                if stays:
                    if version == "1.0":
                        self.assertEqual(said, "keep-alive")
                    self.assertNotIn("close", said)
                    self.assert_small(client.get("/s/pub/small.txt"))
                else:
                    self.assertTrue(client.closed())
                    if version == "1.1":
                        self.assertEqual(said, "close")

    def test_a_listing_to_an_http10_client_is_not_chunked(self):
        client = self.connect()
        answer = client.get("/s/pub/", version="1.0")
        self.assertEqual(answer.status, 200)
        self.assertIsNone(answer["Transfer-Encoding"])
        self.assertIn(b"small.txt", answer.body)

    def test_pipelined_requests_are_answered_in_order(self):
        targets = [("/s/pub/big.bin" if i % 25 == 12 else f"/s/pub/nope{i}" if i % 3 else "/s/pub/small.txt")
                   for i in range(100)]
        client = self.connect()
        for target in targets:
            client.ask(target)
        for target in targets:
            answer = client.answer()
            if "big" in target:
                self.assertEqual((answer.status, answer.body == self.big), (200, True))
            elif "nope" in target:
                self.assertEqual(answer.status, 404)
            else:
                self.assert_small(answer)
        self.assertTrue(client.silent())

    def test_a_close_ends_the_pipeline(self):
        client = self.connect()
        client.ask("/s/pub/small.txt").ask("/s/pub/small.txt", "Connection: close").ask("/s/pub/nope")
        self.assert_small(client.answer())
        self.assert_small(client.answer())
        self.assertEqual(client.rest(), b"")

    def test_a_bad_head_in_the_pipeline_is_the_last(self):
        client = self.connect()
        client.ask("/s/pub/small.txt")
        client.send(b"GET /s/pub/small.txt HTTP/1.1\r\nHost : x\r\n\r\n").ask("/s/pub/small.txt")
        self.assert_small(client.answer())
        self.assertEqual(client.answer().status, 400)
        self.assertEqual(client.rest(), b"")

    def test_a_head_byte_by_byte(self):
        client = self.connect()
        for byte in b"GET /s/pub/small.txt?x=1 HTTP/1.1\r\nHost: test\r\nAccept: */*\r\nRange: bytes=1-2\r\n\r\n":
            client.send(bytes([byte]))
        answer = client.answer()
        self.assertEqual((answer.status, answer.body), (206, b"el"))

    def test_a_head_in_two_pieces_at_every_place(self):
        head = b"GET /s/pub/small.txt HTTP/1.1\r\nHost: test\r\n\r\n"
        client = self.connect()
        for cut in range(1, len(head)):
            client.send(head[:cut])
            time.sleep(0.001)
            client.send(head[cut:])
            self.assert_small(client.answer())

    def test_a_half_closed_client_gets_its_answers(self):
        client = self.connect()
        client.ask("/s/pub/small.txt").ask("/s/pub/big.bin").ask("/s/pub/small.txt").half_close()
        self.assert_small(client.answer())
        self.assertEqual(client.answer().body, self.big)
        self.assert_small(client.answer())
        self.assertTrue(client.closed())


class Requests(HttpTest):
    def test_expect_continue(self):
        answer = self.get("/s/pub/small.txt", "Expect: 100-continue")
        self.assert_small(answer)  # no body is coming, so no interim answer is needed (RFC 9110 §10.1.1)
        client = self.connect()
        client.ask("/s/pub/small.txt", "Expect: 100-continue", "Content-Length: 10", method="GET")
        self.assertEqual(client.answer().status, 413, "the final answer at once, before the body")
        self.assertTrue(client.closed())

    def test_options(self):
        for target in ("*", "/", "/s/pub/", "/s/pub/small.txt", "/healthz"):
            with self.subTest(target):
                client = self.connect()
                answer = client.get(target, method="OPTIONS")
                self.assertIn(answer.status, (200, 204))
                self.assertEqual({m.strip() for m in answer["Allow"].split(",")}, {"GET", "HEAD", "OPTIONS"})
                self.assert_small(client.get("/s/pub/small.txt"))

    def test_head_is_get_without_the_body(self):
        for target in ("/", "/s/pub/small.txt", "/s/pub/big.bin", "/s/pub/empty", "/s/pub/", "/s/pub/nope",
                       "/s/pub/sub",
                       "/s/priv/secret.txt", "/healthz", "/readyz", "/robots.txt", "/favicon.ico",
                       "/s/pub/?format=ndjson"):
            with self.subTest(target):
                client = self.connect()
                get, head = client.get(target), client.get(target, method="HEAD")
                self.assertEqual(head.status, get.status)
                for field in ("Content-Type", "ETag", "Last-Modified", "Cache-Control", "Location"):
                    self.assertEqual(head[field], get[field], field)
                if head["Content-Length"] is not None:
                    self.assertEqual(int(head["Content-Length"]), len(get.body))
                self.assert_small(client.get("/s/pub/small.txt"))  # nothing of a body was left in between

    def test_methods(self):
        for method, status in (("POST", 405), ("PUT", 405), ("DELETE", 405), ("PATCH", 405), ("TRACE", 501),  # §9.1
                               ("get", 501), ("FROB", 501)):
            with self.subTest(method):
                answer = self.get("/s/pub/small.txt", method=method)
                self.assertEqual(answer.status, status)
                if status == 405:
                    self.assertIn("GET", answer["Allow"], "RFC 9110 §15.5.6")

    def test_a_body_is_refused_and_never_read_as_a_request(self):
        smuggled = b"GET /s/pub/big.bin HTTP/1.1\r\nHost: test\r\n\r\n"
        for method in ("GET", "HEAD", "POST", "PUT", "OPTIONS"):
            for fields, body in ((f"Content-Length: {len(smuggled)}", smuggled),
                                 ("Content-Length: 99999999999", b"x" * 1000),
                                 ("Transfer-Encoding: chunked", b"%x\r\n%s\r\n0\r\n\r\n" % (len(smuggled), smuggled))):
                with self.subTest(method, fields=fields):
                    client = self.connect()
                    answer = client.ask("/s/pub/small.txt", fields, method=method, body=body).answer(method == "HEAD")
                    self.assertEqual(answer.status, 413)
                    self.assertEqual(client.rest(), b"")
        self.assert_small(self.get("/s/pub/small.txt", "Content-Length: 0"))

    def test_absolute_form(self):
        self.assert_small(self.get("http://test/s/pub/small.txt"))
        self.assert_small(self.get("http://other:81/s/pub/small.txt"))
        self.assertEqual(self.get("http://test/s/pub/nope").status, 404)


class Fields(HttpTest):
    def test_of_a_file(self):
        answer = self.get("/s/pub/small.txt")
        self.assertRegex(answer["ETag"], r'^"[^"]+"$')
        self.assertEqual(answer["Last-Modified"], OLD_DATE)
        self.assertRegex(answer["Cache-Control"], r"^public, max-age=\d+, must-revalidate$")
        self.assertEqual(answer["Accept-Ranges"], "bytes")
        self.assertEqual(answer["Content-Length"], "14")

    def test_every_answer_has_the_date_and_forbids_guessing(self):
        for target in ("/", "/s/pub/small.txt", "/s/pub/", "/s/pub/nope", "/s/priv/x", "/s/pub/sub", "/healthz"):
            with self.subTest(target):
                answer = self.get(target)
                date = email.utils.parsedate_to_datetime(answer["Date"]).timestamp()
                self.assertLess(abs(date - time.time()), 120)
                if answer.body and target != "/healthz":
                    self.assertEqual(answer["X-Content-Type-Options"], "nosniff")

    def test_the_date_moves_on(self):
        first = self.get("/s/pub/small.txt")["Date"]
        wait_until(lambda: self.get("/s/pub/small.txt")["Date"] != first, common.seconds(10))

    def test_what_needed_a_secret_stays_out_of_shared_caches(self):
        for kind in ("create", "presign"):
            url = self.command("link", kind, "priv/secret.txt")["url"]
            answer = self.get(url.removeprefix(self.server.url))
            self.assertEqual((answer.status, answer.body), (200, b"between us\n"))
            self.assertIn("private", answer["Cache-Control"])
            self.assertIn("no-store", answer["Cache-Control"])

    def test_types(self):
        table = {"a.txt": "text/plain", "a.html": "text/html", "a.svg": "image/svg+xml", "a.png": "image/png",
                 "a.pdf": "application/pdf", "a.zip": "application/zip", "a.js": "text/javascript",
                 "a.mp4": "video/mp4", "A.JPG": "image/jpeg", "noext": "application/octet-stream"}
        for name, kind in table.items():
            with self.subTest(name):
                (self.pub / name).write_bytes(b"\0\1")
                answer = self.get(f"/s/pub/{name}")
                self.assertEqual(answer["Content-Type"].partition(";")[0], kind)
                self.assertEqual(answer["X-Content-Type-Options"], "nosniff")
                self.assertTrue(answer["Content-Disposition"])
                if kind in ("text/html", "image/svg+xml"):  # a stranger's page must not act in this origin
                    self.assertIn("sandbox", answer["Content-Security-Policy"])

    def test_names_in_content_disposition(self):
        table = [  # name, what a saved file is called by RFC 6266 §4.3
            ("plain.bin", "plain.bin"), ("two words.bin", "two words.bin"), ("übergröße.bin", "übergröße.bin"),
            ("文件.bin", "文件.bin"), ("🚰.bin", "🚰.bin"), ("semi;colon.bin", "semi;colon.bin"),
            ("100%.bin", "100%.bin"), ("it's.bin", "it's.bin"), ("a,b=c.bin", "a,b=c.bin")]
        for name, saved in table:
            with self.subTest(name):
                (self.pub / name).write_bytes(b"x")
                value = self.get("/s/pub/" + common.quote(name))["Content-Disposition"]
                self.assertTrue(value.isascii(), value)
                message = email.message.Message()
                message["Content-Disposition"] = value
                parameters = message.get_params(header="content-disposition")
                names = [email.utils.collapse_rfc2231_value(v) for k, v in parameters if k == "filename"]
                self.assertIn(saved, names, value)


del ServerTest, HttpTest

if __name__ == "__main__":
    unittest.main()
