# SPDX-License-Identifier: GPL-3.0-or-later
"""Checksums for clients: ?sha256, Repr-Digest and Want-Repr-Digest (RFC 9530)."""

import base64
import hashlib
import os
import unittest

import common
from common import ServerTest, seconds, wait_until

BODY = common.some_bytes(3_000_000)


def field(body):
    return "sha-256=:" + base64.b64encode(hashlib.sha256(body).digest()).decode() + ":"


class DigestTest(ServerTest):
    @classmethod
    def fill(cls):
        (cls.pub / "file.bin").write_bytes(BODY)
        (cls.pub / "empty").write_bytes(b"")
        with open(cls.pub / "large.bin", "wb") as file:
            file.truncate(5_000_000)


class OnDemand(DigestTest):
    settings = {"index.enabled": "false", "digests.max_size": "4MiB"}

    def test_a_line_that_sha256sum_checks(self):
        answer = self.get("/s/pub/file.bin?sha256")
        self.assertEqual(answer.status, 200)
        self.assertEqual(answer["Content-Type"], "text/plain; charset=utf-8")
        self.assertEqual(answer.body.decode(), hashlib.sha256(BODY).hexdigest() + "  file.bin\n")
        (self.base / "sums").write_bytes(answer.body)
        self.assertEqual(common.client("sha256sum", "-c", str(self.base / "sums"), cwd=self.pub)[0], 0)
        self.assertIn(hashlib.sha256(b"").hexdigest().encode(), self.get("/s/pub/empty?sha256").body)

    def test_not_for_every_size(self):
        self.assertEqual(self.get("/s/pub/large.bin?sha256").status, 404)
        answer = self.get("/s/pub/large.bin", "Want-Repr-Digest: sha-256=10", "Range: bytes=0-0")
        self.assertEqual((answer.status, answer["Repr-Digest"]), (206, None))

    def test_wanted(self):
        (self.pub / "wanted.bin").write_bytes(BODY)
        plain = self.get("/s/pub/wanted.bin", method="HEAD")
        self.assertIsNone(plain["Repr-Digest"])
        for want in ("sha-512=9", "sha-256=0"):
            self.assertIsNone(self.get("/s/pub/wanted.bin", f"Want-Repr-Digest: {want}", method="HEAD")["Repr-Digest"])
        for fields, status in ([], 200), (["Range: bytes=5-9"], 206):
            answer = self.get("/s/pub/wanted.bin", "Want-Repr-Digest: sha-256=1", *fields)
            self.assertEqual((answer.status, answer["Repr-Digest"]), (status, field(BODY)))
        # Known now; a worker that has not heard of it yet finds it for its next answer.
        wait_until(lambda: self.get("/s/pub/wanted.bin")["Repr-Digest"] == field(BODY), seconds(30))

    def test_permission(self):
        self.assertEqual(self.get("/s/priv/secret.txt?sha256").status, 403)
        made = self.command("link", "create", "priv/secret.txt", "--max-downloads", "1")
        target = made["url"].split(str(self.server.port), 1)[1]
        self.assertIn(hashlib.sha256(b"between us\n").hexdigest().encode(), self.get(target + "&sha256").body)
        self.assertEqual(self.command("link", "show", made["id"])["downloads"], 0, "it is no download")


class Indexed(DigestTest):
    def test_known_by_the_index(self):
        def known():
            return self.get("/s/pub/file.bin", method="HEAD")["Repr-Digest"]

        self.assertEqual(wait_until(known, seconds(60)), field(BODY))

    def test_another_file_has_another(self):
        file = self.pub / "changing.bin"
        file.write_bytes(b"one")
        first = self.get("/s/pub/changing.bin", "Want-Repr-Digest: sha-256=1")
        self.assertEqual(first["Repr-Digest"], field(b"one"))
        (self.pub / "next").write_bytes(b"another")
        os.replace(self.pub / "next", file)

        def second():
            answer = self.get("/s/pub/changing.bin", "Want-Repr-Digest: sha-256=1")
            self.assertEqual(answer["Repr-Digest"], field(answer.body))
            return answer.body == b"another"

        wait_until(second, seconds(30))


if __name__ == "__main__":
    unittest.main()
