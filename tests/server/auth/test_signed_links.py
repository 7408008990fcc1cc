#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/signed-links.md is true: its vectors, its commands, the example programs and the server agree.

Usage: test_signed_links.py LINKTOOL SOURCE-FOLDER
"""
import json
import os
import random
import re
import subprocess
import sys
import unittest
from urllib.parse import unquote_to_bytes, urlsplit

LINKTOOL, SOURCE = sys.argv.pop(1), sys.argv.pop(1)
DOCUMENT = open(os.path.join(SOURCE, "docs/signed-links.md"), encoding="utf-8").read()
SECRET = bytes(range(32)).hex()


def blocks(kind):
    return re.findall(r"^```" + kind + r"\n(.*?)^```$", DOCUMENT, re.MULTILINE | re.DOTALL)


def run(*command, env=None, stdin=None):
    done = subprocess.run(command, input=stdin, capture_output=True, timeout=60, cwd=SOURCE,
                          env={**os.environ, "PRESIGN_SECRET": SECRET, **(env or {})})
    assert done.returncode == 0, (command, done.stderr)
    return done.stdout


def rules(vector):
    return [f"{name}={value}" for name, value in sorted(vector["x"].items())]


def arguments(vector):
    return [vector["share"], vector["path"], vector["e"], *rules(vector)]


def signed_by_maker(vector):
    """Arguments for the maker in C++, whose path is the folder itself."""
    folder = vector["path"]
    if "x-dir" in vector["x"]:
        folder = "/".join(folder.split("/")[:int(vector["x"]["x-dir"])])
    return [vector["share"], folder, vector["e"], *rules(vector)]


def verdict(url, now="1700000000", client="10.1.2.3"):
    """What the server says to a URL: the decoded path and the raw query, without the sub-path of public_url."""
    parts = urlsplit(url)
    path = unquote_to_bytes(parts.path)
    path = path[re.search(rb"/[pd]/", path).start():]
    return run(LINKTOOL, "check", "k1", SECRET, now, client, path, parts.query).decode()


def openssl(message):
    return run("sh", "-c", "openssl dgst -sha256 -mac HMAC -macopt hexkey:$PRESIGN_SECRET -binary"
               " | openssl base64 -A | tr '+/' '-_' | tr -d '='", stdin=message).decode()


class Vectors(unittest.TestCase):
    vectors = json.loads(blocks("json")[0])

    def test_there_are_enough(self):
        self.assertGreaterEqual(len(self.vectors), 10)
        self.assertTrue(any(not v["path"].isascii() for v in self.vectors))
        self.assertTrue(any(" " in v["path"] for v in self.vectors))
        self.assertTrue(any(not v["x"] for v in self.vectors))
        for name in ("x-dir", "x-ip", "x-rate"):
            self.assertTrue(any(name in v["x"] for v in self.vectors), name)

    def test_openssl_signs_the_message(self):
        for vector in self.vectors:
            with self.subTest(vector["name"]):
                self.assertEqual(openssl(vector["signed"].encode()), vector["s"])
                self.assertTrue(vector["url"].endswith("&s=" + vector["s"]))

    def test_the_examples_make_the_url(self):
        for vector in self.vectors:
            for program in ("presign.py", "presign.sh"):
                with self.subTest(vector["name"], program=program):
                    made = run("examples/presign/" + program, vector["base"], "k1", *arguments(vector)).decode()
                    self.assertEqual(made, vector["url"] + "\n")

    def test_the_server_signs_the_same_message(self):
        for vector in self.vectors:
            with self.subTest(vector["name"]):
                self.assertEqual(run(LINKTOOL, "signed", *signed_by_maker(vector)).decode(), vector["signed"])

    def test_the_server_makes_the_url(self):
        for vector in self.vectors:
            if "x-dir" in vector["x"] and not vector["path"].endswith("/") and vector["path"]:
                continue  # a file below a signed folder: no maker writes it, a client walks there
            with self.subTest(vector["name"]):
                made = run(LINKTOOL, "presign", vector["base"], "k1", SECRET, *signed_by_maker(vector)).decode()
                self.assertEqual(made, vector["url"])

    def test_the_server_lets_them_in(self):
        for vector in self.vectors:
            with self.subTest(vector["name"]):
                client = vector["x"].get("x-ip", "10.1.2.3").split(",")[0].split("/")[0]
                self.assertEqual(verdict(vector["url"], client=client), "valid")
                last = "A" if vector["url"][-1] != "A" else "E"
                self.assertEqual(verdict(vector["url"][:-1] + last, client=client), "bad-signature")
                if vector["e"] != "0":
                    self.assertEqual(verdict(vector["url"], now=vector["e"], client=client), "expired")
                if "x-ip" in vector["x"]:
                    self.assertEqual(verdict(vector["url"], client="203.0.113.1"), "wrong-address")


class Commands(unittest.TestCase):
    """What the page tells people to type prints what the page says."""

    def test_every_command(self):
        texts = [text.strip() for text in blocks("text")]
        commands = blocks("sh")
        self.assertEqual(len(commands), 3)
        first = Vectors.vectors[0]
        by_hand, programs, stored = (run("sh", "-euc", command).decode() for command in commands)
        self.assertEqual(by_hand, first["s"])
        self.assertIn(first["s"], texts)
        self.assertIn(first["url"], texts)
        self.assertEqual(programs, (first["url"] + "\n") * 2)
        self.assertIn(stored, texts)
        url = run(LINKTOOL, "stored", "", "k1", SECRET, "AbCdEfGhIjKlMnOp", "report.pdf").decode()
        self.assertEqual(url, "/d/AbCdEfGhIjKlMnOp/report.pdf?k=k1&s=" + stored)
        self.assertEqual(verdict(url), "valid")


class AnyName(unittest.TestCase):
    """Names the page cannot show: any bytes but "/", NUL and line breaks (which the shell's cut takes for its own)."""

    def test_random_names(self):
        chance = random.Random(20260101)
        alphabet = [bytes([b]) for b in range(1, 256) if b not in b"/\n\r"]
        for count in range(12):
            name = b"".join(chance.choices(alphabet, k=chance.randint(1, 40))) + b"x"
            vector = {"share": "team", "path": os.fsdecode(b"d/" + name), "e": "0", "x": {}}
            with self.subTest(name):
                made = {run("examples/presign/presign.py", "http://h", "k1", *arguments(vector)),
                        run("examples/presign/presign.sh", "http://h", "k1", *arguments(vector)),
                        run(LINKTOOL, "presign", "http://h", "k1", SECRET, *arguments(vector)) + b"\n"}
                self.assertEqual(len(made), 1, made)
                self.assertEqual(verdict(made.pop().decode().strip()), "valid")


if __name__ == "__main__":
    unittest.main()
