# SPDX-License-Identifier: GPL-3.0-or-later
"""What people use gets the right bytes: curl, wget and aria2c, on public files, links and presigned URLs."""

import hashlib
import os
import re
import subprocess
import time
import unittest

import common
from common import ServerTest, client, seconds, sha256, wait_until

BIG = 64 << 20
QUIET_CURL = ("curl", "--silent", "--show-error")
QUIET_WGET = ("wget", "--no-verbose", "--no-config", "--tries=1")
QUIET_ARIA2 = ("aria2c", "--no-conf", "--quiet=false", "--console-log-level=warn", "--summary-interval=0",
               "--download-result=hide", "--file-allocation=none", "--max-tries=1", "--min-split-size=1M")


class ClientTest(ServerTest):
    @classmethod
    def fill(cls):
        cls.bytes = common.some_bytes(BIG)
        (cls.pub / "big.bin").write_bytes(cls.bytes)
        (cls.priv / "big.bin").write_bytes(cls.bytes)
        cls.digest = hashlib.sha256(cls.bytes).hexdigest()
        cls.number = 0

    def setUp(self):
        type(self).number += 1
        self.into = self.base / f"into{self.number}"
        self.into.mkdir()
        self.out = self.into / "big.bin"
        self.url = self.server.url + "/s/pub/big.bin"
        self.small = self.server.url + "/s/pub/small.txt"

    def done(self, *argv):
        code, out, err = client(*argv, cwd=self.into)
        self.assertEqual(code, 0, f"{argv}\n{out}\n{err}")
        return out

    def code(self, url, *options):
        return int(self.done(*QUIET_CURL, *options, "--output", "/dev/null", "--write-out", "%{http_code}", url))

    def assert_whole(self):
        self.assertEqual(self.out.stat().st_size, BIG)
        self.assertEqual(sha256(self.out), self.digest)

    def cut_short(self, count):
        self.out.write_bytes(self.bytes[:count])

    def fetchers(self, url):
        """The same file by each client."""
        return {
            "curl": (*QUIET_CURL, "--fail", "--output", self.out, url),
            "wget": (*QUIET_WGET, "--output-document", self.out, url),
            "aria2c": (*QUIET_ARIA2, "-x", "8", "-s", "8", "--dir", self.into, "--out", self.out.name, url),
        }


class Public(ClientTest):
    def test_whole(self):
        for name, argv in self.fetchers(self.url).items():
            with self.subTest(name):
                self.out.unlink(missing_ok=True)
                self.done(*argv)
                self.assert_whole()

    def test_resume(self):
        for have in (1, BIG // 2, BIG - 1):
            for name, argv in {
                "curl": (*QUIET_CURL, "--fail", "--continue-at", "-", "--output", self.out, self.url),
                "wget": (*QUIET_WGET, "--continue", self.url),
                "aria2c": (*QUIET_ARIA2, "--continue", "--dir", self.into, self.url),
            }.items():
                with self.subTest(name, have=have):
                    self.cut_short(have)
                    self.done(*argv)
                    self.assert_whole()

    def test_resume_of_a_whole_file_changes_nothing(self):
        self.out.write_bytes(self.bytes)
        self.done(*QUIET_WGET, "--continue", self.url)
        self.assert_whole()

    def test_resume_after_a_killed_download(self):
        slow = subprocess.Popen([*QUIET_CURL, "--limit-rate", "4M", "--output", str(self.out), self.url])
        try:
            wait_until(lambda: self.out.exists() and self.out.stat().st_size > 1 << 20, seconds(30))
        finally:
            slow.kill()
            slow.wait()
        self.assertLess(self.out.stat().st_size, BIG)
        self.done(*QUIET_CURL, "--fail", "--continue-at", "-", "--output", self.out, self.url)
        self.assert_whole()

    def test_ranges_by_curl(self):
        for text, part in (("0-0", self.bytes[:1]), ("100-199", self.bytes[100:200]), ("-5", self.bytes[-5:]),
                           (f"{BIG - 3}-", self.bytes[-3:]), (f"{BIG - 1}-{BIG + 9}", self.bytes[-1:])):
            with self.subTest(text):
                self.done(*QUIET_CURL, "--fail", "--range", text, "--output", self.out, self.url)
                self.assertEqual(self.out.read_bytes(), part)

    def test_several_ranges_by_curl(self):
        kind = self.done(*QUIET_CURL, "--range", "0-9,1000-1009,-10", "--output", self.out, "--write-out",
                         "%{http_code} %{content_type}", self.url)
        match = re.fullmatch(r"206 multipart/byteranges; ?boundary=\"?([\w'()+,./:=?-]+)\"?", kind)
        self.assertTrue(match, kind)
        parts = self.out.read_bytes().split(b"--" + match[1].encode())
        self.assertEqual(parts[-1].strip(), b"--")
        self.assertEqual([part.partition(b"\r\n\r\n")[2][:-2] for part in parts[1:-1]],
                         [self.bytes[:10], self.bytes[1000:1010], self.bytes[-10:]])

    def test_http10(self):
        for options in (("--http1.0",), ("--http1.0", "--header", "Connection: keep-alive"), ("--http1.1",)):
            with self.subTest(options):
                self.done(*QUIET_CURL, "--fail", *options, "--output", self.out, self.url)
                self.assert_whole()

    def test_head(self):
        out = self.done(*QUIET_CURL, "--head", self.url)
        self.assertIn(f"Content-Length: {BIG}", out)
        self.assertIn("Accept-Ranges: bytes", out)

    def test_http2_upgrade_is_declined_politely(self):
        out = self.done(*QUIET_CURL, "--http2", "--output", self.out, "--write-out", "%{http_code} %{http_version}",
                        self.url)
        self.assertEqual(out, "200 1.1")
        self.assert_whole()

    def test_if_newer(self):
        now = time.time()
        self.assertEqual(self.code(self.small, "--time-cond", time.strftime("%d %b %Y %T GMT", time.gmtime(now + 60))),
                         304)
        self.assertEqual(self.code(self.small, "--time-cond", "1 Jan 2001 00:00:00 GMT"), 200)
        self.done(*QUIET_CURL, "--etag-save", "tag", "--output", self.out, self.small)
        self.assertEqual(self.code(self.small, "--etag-compare", self.into / "tag"), 304)

    def test_timestamping_by_wget(self):
        os.utime(self.pub / "small.txt", (1e9, 1e9))
        wait_until(lambda: "09 Sep 2001" in self.done(*QUIET_CURL, "--head", self.small), seconds(10))
        self.done(*QUIET_WGET, "--timestamping", self.small)
        self.assertEqual((self.into / "small.txt").stat().st_mtime, 1e9)

    def test_a_recursive_wget_walks_the_share(self):
        deep = self.pub / "walk" / "ä b" / "c&d"
        deep.mkdir(parents=True)
        (self.pub / "walk" / "one").write_text("1")
        (deep / "two #?%.txt").write_text("2")
        self.done(*QUIET_WGET, "--recursive", "--no-parent", "--no-host-directories", "--cut-dirs=3",
                  "--execute", "robots=off", "--restrict-file-names=nocontrol", self.server.url + "/s/pub/walk/")
        self.assertEqual((self.into / "one").read_text(), "1")
        self.assertEqual((self.into / "ä b" / "c&d" / "two #?%.txt").read_text(), "2")


class Links(ClientTest):
    def test_links_and_presigned_urls_by_each_client(self):
        for kind in (("link", "create", "priv/big.bin"), ("link", "presign", "priv/big.bin")):
            for name, argv in self.fetchers(self.command(*kind)["url"]).items():
                with self.subTest(name, kind=kind[1]):
                    self.out.unlink(missing_ok=True)
                    self.done(*argv)
                    self.assert_whole()

    def test_a_folder_link_reaches_what_is_below_and_no_more(self):
        (self.priv / "sub").mkdir(exist_ok=True)
        (self.priv / "sub" / "x.txt").write_text("x")
        for kind in ("create", "presign"):
            with self.subTest(kind):
                url = self.command("link", kind, "priv/sub")["url"]
                path, _, query = url.partition("?")
                path = path.rstrip("/")
                self.assertEqual(self.done(*QUIET_CURL, "--fail", f"{path}/x.txt?{query}"), "x")
                self.assertEqual(self.code(f"{path}/nope?{query}"), 404)
                self.assertIn(self.code(f"{path}/%2e%2e/secret.txt?{query}", "--path-as-is"), (400, 403))
                beside = f"{path.rpartition('/')[0]}/secret.txt?{query}"  # in /d/ the name is only for people
                self.assertNotIn("between us", self.done(*QUIET_CURL, "--location", beside))

    def test_a_forged_link_is_403(self):
        for kind in ("create", "presign"):
            url = self.command("link", kind, "priv/secret.txt")["url"]
            self.assertEqual(self.code(url), 200)
            sign = re.search(r"[?&]s=([\w-]+)", url)[1]
            other = ("A" if sign[0] != "A" else "B") + sign[1:]
            forged = {"signature": url.replace(sign, other), "short": url.replace(sign, sign[:-1]),
                      "none": re.sub(r"[?&]s=[\w-]+", "", url), "no query": url.partition("?")[0],
                      "key": re.sub(r"k=[\w-]+", "k=nope", url), "unknown rule": url + "&x-new=1"}
            if kind == "create":
                forged["id"] = re.sub(r"/d/(.)", lambda m: "/d/" + ("A" if m[1] != "A" else "B"), url)
            else:
                forged |= {"expiry": re.sub(r"e=(\d+)", lambda m: f"e={int(m[1]) + 1}", url),
                           "path": url.replace("secret.txt", "big.bin"), "share": url.replace("/priv/", "/pub/"),
                           "rule": url + "&x-rate=1000000"}
            for name, bad in forged.items():
                with self.subTest(kind, forged=name):
                    self.assertNotEqual(bad, url)
                    self.assertEqual(self.code(bad), 403)
            self.assertEqual(self.code(f"{url}&s={sign}"), 400, "a repeated s")
            self.assertEqual(self.code(url + "&fbclid=1&utm_source=x"), 200, "what others append is passed over")

    def test_an_expired_link_is_403(self):
        for kind in ("create", "presign"):
            with self.subTest(kind):
                url = self.command("link", kind, "priv/secret.txt", "--expires", "2s")["url"]
                wait_until(lambda: self.code(url) == 403, seconds(20), 0.2)
                self.assertEqual(self.code(url), 403, "and it stays so")

    def test_a_revoked_link_is_403_at_once(self):
        link, other = (self.command("link", "create", "priv/secret.txt") for _ in range(2))
        self.assertEqual(self.code(link["url"]), 200)
        self.command("link", "revoke", link["id"])
        self.assertEqual((self.code(link["url"]), self.code(other["url"])), (403, 200))

    def test_presigned_for_an_address(self):
        for block, code in (("127.0.0.0/8", 200), ("10.0.0.0/8", 403)):
            with self.subTest(block):
                url = self.command("link", "presign", "priv/secret.txt", "--allow", block)["url"]
                self.assertEqual(self.code(url), code)

    def test_rotating_keeps_links_and_retiring_ends_them(self):
        urls = [self.command("link", kind, "priv/secret.txt")["url"] for kind in ("create", "presign")]
        old_key = re.search(r"[?&]k=([\w-]+)", urls[0])[1]
        self.command("key", "rotate")
        new = self.command("link", "create", "priv/secret.txt")["url"]
        self.assertNotIn(f"k={old_key}&", new)
        self.assertEqual([self.code(url) for url in (*urls, new)], [200, 200, 200])
        self.command("key", "retire", old_key)
        self.assertEqual([self.code(url) for url in (*urls, new)], [403, 403, 200])


del ServerTest  # or it would be collected here too

if __name__ == "__main__":
    unittest.main()
