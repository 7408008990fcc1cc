# SPDX-License-Identifier: GPL-3.0-or-later
"""Ranges (RFC 9110 §14) and preconditions (§13) by tables written from the RFC."""

import os
import re
import time
import unittest

import common
from common import ServerTest

SIZE = 100_000
OLD = 1_000_000_000
AT = "Sun, 09 Sep 2001 01:46:40 GMT"  # when the file was changed
BEFORE = "Sun, 09 Sep 2001 01:46:39 GMT"
AFTER = "Sun, 09 Sep 2001 01:46:41 GMT"
OTHER = '"other"'
WHOLE = "whole"


class Files(ServerTest):
    @classmethod
    def fill(cls):
        cls.bytes = common.some_bytes(SIZE)
        (cls.pub / "x.bin").write_bytes(cls.bytes)
        (cls.pub / "empty").write_bytes(b"")
        os.utime(cls.pub / "x.bin", (OLD, OLD))

    def setUp(self):
        self.client = self.connect()

    def parts(self, answer):
        """A 206 as a list of (first, last, bytes), checked against itself; multipart or not (§14.6, §15.3.7)."""
        kind = answer["Content-Type"]
        if not kind.startswith("multipart/"):
            self.assertEqual(len(answer.body), int(answer["Content-Length"]))
            return [self.place(answer["Content-Range"], answer.body)]
        self.assertIsNone(answer["Content-Range"], "not beside multipart")
        boundary = re.fullmatch(r'multipart/byteranges; ?boundary="?([^"]+)"?', kind)[1].encode()
        self.assertNotIn(boundary, self.bytes)
        pieces = (b"\r\n" + answer.body).split(b"\r\n--" + boundary)
        self.assertEqual(pieces[0], b"")
        self.assertEqual(pieces[-1].rstrip(b"\r\n"), b"--")
        found = []
        for piece in pieces[1:-1]:
            head, _, body = piece.partition(b"\r\n\r\n")
            fields = dict(line.split(": ", 1) for line in head.decode().lower().split("\r\n") if line)
            self.assertIn("content-type", fields)
            found.append(self.place(fields["content-range"], body))
        return found

    def place(self, content_range, body):
        match = re.fullmatch(r"bytes (\d+)-(\d+)/(\d+)", content_range)
        self.assertTrue(match, content_range)
        first, last, size = map(int, match.groups())
        self.assertEqual(size, SIZE)
        self.assertTrue(body == self.bytes[first:last + 1], f"wrong bytes of {content_range}")
        return first, last

    def asked(self, value, *fields, target="/s/pub/x.bin"):
        """WHOLE, 416, or the parts that came."""
        answer = self.client.get(target, *fields, *([f"Range: {value}"] if value is not None else []))
        if answer.status == 416:
            self.assertEqual(answer["Content-Range"], f"bytes */{SIZE}", "§15.5.17")
            return 416
        if answer.status == 200:
            self.assertTrue(answer.body == self.bytes)
            return WHOLE
        self.assertEqual(answer.status, 206)
        for name in ("ETag", "Date", "Cache-Control", "Last-Modified"):
            self.assertIsNotNone(answer[name], f"{name}: §15.3.7")
        return self.parts(answer)

    def test_ranges(self):
        last = SIZE - 1
        table = [
            (None, WHOLE), ("bytes=0-0", [(0, 0)]), ("bytes=0-", [(0, last)]), (f"bytes=0-{last}", [(0, last)]),
            (f"bytes=0-{SIZE}", [(0, last)]), ("bytes=5-9", [(5, 9)]), (f"bytes={last}-", [(last, last)]),
            (f"bytes={last}-{last}", [(last, last)]), (f"bytes={SIZE}-", 416), (f"bytes={SIZE + 1}-{SIZE + 9}", 416),
            ("bytes=-1", [(last, last)]), ("bytes=-10", [(SIZE - 10, last)]), (f"bytes=-{SIZE}", [(0, last)]),
            (f"bytes=-{SIZE + 1}", [(0, last)]), ("bytes=-0", 416), ("bytes=99999999999999999999999-", 416),
            ("bytes=0-99999999999999999999999", [(0, last)]), ("bytes=-99999999999999999999999", [(0, last)]),
            ("Bytes=0-0", [(0, 0)]), ("bytes=000-0009", [(0, 9)]),  # range-unit has no case (§14.1)
            # Several: kept in the order asked for.
            ("bytes=0-0,-1", [(0, 0), (last, last)]), ("bytes=5000-5009,10-19", [(5000, 5009), (10, 19)]),
            ("bytes=0-9 , 1000-1009", [(0, 9), (1000, 1009)]), ("bytes=,0-9,,1000-1009,", [(0, 9), (1000, 1009)]),
            # One that cannot be satisfied is left out; none that can is 416.
            (f"bytes=0-9,{SIZE}-", [(0, 9)]), (f"bytes={SIZE}-,-0", 416),
            # What is no valid ranges-specifier is passed over (§14.2).
            ("bytes=9-5", WHOLE), ("bytes=", WHOLE), ("bytes", WHOLE), ("bytes=a-b", WHOLE), ("bytes=1", WHOLE),
            ("bytes=--1", WHOLE), ("bytes=0-9;10-19", WHOLE), ("bytes=0x0-9", WHOLE), ("bytes=0-9,x", WHOLE),
            ("bytes=1 - 2", WHOLE), ("lines=0-9", WHOLE), ("=0-9", WHOLE), ("bytes=+1-2", WHOLE)]
        for value, wanted in table:
            with self.subTest(value):
                self.assertEqual(self.asked(value), wanted)

    def test_overlapping_ranges_become_one(self):
        for value in ("bytes=0-99,50-149", "bytes=50-149,0-99", "bytes=0-99,100-149", "bytes=0-149,10-20"):
            with self.subTest(value):
                self.assertEqual(self.asked(value), [(0, 149)])

    def test_no_answer_grows_by_asking_for_many_parts(self):
        def many(count, step=1000):
            return "bytes=" + ",".join(f"{i * step}-{i * step}" for i in range(count))

        self.assertEqual(len(self.asked(many(64))), 64)
        self.assertIn(self.asked(many(65)), (WHOLE, 416))
        for value in (many(1000, 1), "bytes=" + ",".join(["0-"] * 1000), "bytes=" + ",".join(["-9"] * 500)):
            answer = self.client.get("/s/pub/x.bin", f"Range: {value}")
            self.assertIn(answer.status, (200, 206, 416))
            self.assertLessEqual(len(answer.body), SIZE + 10_000)

    def test_only_get_has_ranges(self):
        answer = self.client.get("/s/pub/x.bin", "Range: bytes=0-9", method="HEAD")
        self.assertEqual((answer.status, answer["Content-Length"]), (200, str(SIZE)), "§14.2")

    def test_an_empty_file(self):
        for value in ("bytes=0-", "bytes=0-0", "bytes=-1"):
            answer = self.client.get("/s/pub/empty", f"Range: {value}")
            self.assertIn(answer.status, (200, 416))
            if answer.status == 200:
                self.assertEqual((answer.body, answer["Content-Range"]), (b"", None))

    def test_if_range(self):
        tag = self.client.get("/s/pub/x.bin", method="HEAD")["ETag"]
        part = [(0, 9)]
        for value, wanted in ((tag, part), (OTHER, WHOLE), ("W/" + tag, WHOLE), (AT, part), (BEFORE, WHOLE),
                              (AFTER, WHOLE), ("nonsense", WHOLE), (tag.strip('"'), WHOLE)):
            with self.subTest(value):
                self.assertEqual(self.asked("bytes=0-9", f"If-Range: {value}"), wanted)
        with self.subTest("a condition that does not hold turns 416 off too"):
            self.assertEqual(self.asked(f"bytes={SIZE}-", f"If-Range: {OTHER}"), WHOLE)
        self.assertEqual(self.asked(None, f"If-Range: {tag}"), WHOLE)

    def test_a_date_that_is_too_new_is_no_strong_validator(self):
        file = self.pub / "new.bin"
        file.write_bytes(self.bytes)
        os.utime(file)
        date = self.client.get("/s/pub/new.bin", method="HEAD")["Last-Modified"]
        answer = self.client.get("/s/pub/new.bin", "Range: bytes=0-9", f"If-Range: {date}")
        self.assertEqual(answer.status, 200, "§8.8.2.2: it may have changed twice in that second")

    def test_preconditions_in_their_order(self):
        tag = self.client.get("/s/pub/x.bin", method="HEAD")["ETag"]
        match, unmodified = "If-Match: ", "If-Unmodified-Since: "
        none, modified = "If-None-Match: ", "If-Modified-Since: "
        table = [  # fields, status by §13.2.2
            # 1. If-Match, by strong comparison.
            ((match + tag,), 200), ((match + "*",), 200), ((match + OTHER,), 412), ((match + "W/" + tag,), 412),
            ((match + f"{OTHER}, {tag}",), 200), ((match + f'"a,b", {tag}',), 200),
            # 2. If-Unmodified-Since, only without If-Match.
            ((unmodified + AT,), 200), ((unmodified + AFTER,), 200), ((unmodified + BEFORE,), 412),
            ((unmodified + "nonsense",), 200), ((match + tag, unmodified + BEFORE), 200),
            ((match + OTHER, unmodified + AFTER), 412),
            # 3. If-None-Match, by weak comparison.
            ((none + tag,), 304), ((none + "*",), 304), ((none + "W/" + tag,), 304), ((none + OTHER,), 200),
            ((none + f"{OTHER}, {tag}",), 304), ((none + f"{OTHER},W/{tag}",), 304),
            # 4. If-Modified-Since, only without If-None-Match.
            ((modified + AT,), 304), ((modified + AFTER,), 304), ((modified + BEFORE,), 200),
            ((modified + "nonsense",), 200), ((none + OTHER, modified + AFTER), 200),
            ((none + tag, modified + BEFORE), 304),
            # The obsolete forms of a date (§5.6.7).
            ((modified + "Sunday, 09-Sep-01 01:46:40 GMT",), 304), ((modified + "Sun Sep  9 01:46:40 2001",), 304),
            # First the first two, then the others.
            ((match + tag, none + tag), 304), ((match + OTHER, none + tag), 412),
            ((unmodified + BEFORE, none + tag), 412),
            ((match + tag, modified + AFTER), 304),
            # 5. The range last.
            ((match + tag, "Range: bytes=0-9"), 206), ((match + OTHER, "Range: bytes=0-9"), 412),
            ((none + tag, "Range: bytes=0-9"), 304), ((none + OTHER, "Range: bytes=0-9"), 206),
            ((match + OTHER, f"Range: bytes={SIZE}-"), 412), ((none + tag, f"Range: bytes={SIZE}-"), 304)]
        for method in ("GET", "HEAD"):
            for fields, status in table:
                with self.subTest(method, fields=fields):
                    if method == "HEAD" and status == 206:
                        status = 200
                    answer = self.client.get("/s/pub/x.bin", *fields, method=method)
                    self.assertEqual(answer.status, status)
                    if status == 304:
                        self.assert_not_modified(answer, tag)

    def assert_not_modified(self, answer, tag):
        """§15.4.5: what a 200 would have said of these, and no body."""
        self.assertEqual(answer["ETag"], tag)
        self.assertRegex(answer["Cache-Control"], "max-age=")
        self.assertIsNotNone(answer["Date"])
        self.assertIn(answer["Content-Length"], (None, str(SIZE)))

    def test_preconditions_of_what_is_not_there(self):
        for field in ("If-Match: *", "If-None-Match: *", "If-Modified-Since: " + AT):
            self.assertEqual(self.client.get("/s/pub/nope", field).status, 404)  # §13.2.1: only where it would be 2xx

    def test_a_changed_file_has_another_tag(self):
        file = self.pub / "changes.txt"
        file.write_bytes(b"one")
        os.utime(file, (OLD, OLD))
        tag = self.client.get("/s/pub/changes.txt")["ETag"]
        file.write_bytes(b"two")  # same size, and the same time of change
        os.utime(file, (OLD, OLD))

        def seen():
            return self.client.get("/s/pub/changes.txt", f"If-None-Match: {tag}")

        answer = common.wait_until(lambda: (a := seen()).status == 200 and a, common.seconds(10))
        self.assertEqual(answer.body, b"two")
        self.assertNotEqual(answer["ETag"], tag)


del ServerTest

if __name__ == "__main__":
    unittest.main()
