# SPDX-License-Identifier: GPL-3.0-or-later
"""What of a folder can be reached, under which names, and what happens to a download when the file changes."""

import html.parser
import itertools
import json
import os
import shutil
import unittest
import urllib.parse

import common
from common import ServerTest, quote, seconds, wait_until
from support.rawhttp import Cut

BIG = 64 << 20
NAMES = [b"plain.txt", b"two words", b"  edges ", b"%41.txt", b"a+b&c=d;e", b"q?u#e", b"'\"<tag>", b"back`tick$",
         "ünïcode".encode(), "文件.txt".encode(), "🚰".encode(), b"new\nline", b"tab\there", b"\x01\x7f", b"bad\xff\xfe",
         b"latin\xe9", b"...", b"..x", b"x..", b"c:", b"~", b"-rf", b"*", b"n" * 255, "e\u0301".encode(),
         "\u202egpj.exe".encode()]


class Hrefs(html.parser.HTMLParser):
    """The rows of a listing's page."""

    def __init__(self, page):
        super().__init__()
        self.found = []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "a" and "entry" in attributes.get("class", ""):
            self.found.append(attributes["href"])


class Paths(ServerTest):
    @classmethod
    def fill(cls):
        cls.outside = cls.base / "outside.txt"
        cls.outside.write_text("not yours")
        (cls.base / "pub2").mkdir()  # a prefix of the same name is another folder
        (cls.base / "pub2" / "x").write_text("not yours")
        odd = cls.pub / "odd"
        odd.mkdir()
        for name in NAMES:
            if not name.startswith(b"."):
                (odd / os.fsdecode(name)).write_bytes(b"of " + name)
        deep = cls.pub / "sub" / "deep"
        deep.mkdir(parents=True)
        (deep / "x.txt").write_text("deep")
        for hidden in (".hidden", ".dir/x", "sub/.hidden"):
            (cls.pub / hidden).parent.mkdir(exist_ok=True)
            (cls.pub / hidden).write_text("not yours")
        links = {"in": "small.txt", "up": "../outside.txt", "absolute": str(cls.outside), "proc": "/proc/self/environ",
                 "magic": "/proc/self/cwd", "dirout": "..", "loop": "loop", "indir": "sub/deep",
                 "back": "sub/../small.txt",
                 "gone": "nowhere"}
        for name, target in links.items():
            (cls.pub / f"link-{name}").symlink_to(target)
        os.mkfifo(cls.pub / "fifo")

    def refused(self, target, statuses=(400, 403, 404)):
        with self.subTest(target):
            answer = self.get(target)
            self.assertIn(answer.status, statuses)
            self.assertNotIn(b"not yours", answer.body)
            self.assertNotIn(b"PATH=", answer.body)

    def test_nothing_outside_the_share_is_reached(self):
        up = ["..", "%2e%2e", ".%2e", "%2E.", "%252e%252e", "..%2f", "..%5c", "..\\", "..;", "%c0%ae%c0%ae", "..%00",
              "%2e%2e%2f", "....//", "%uff0e%uff0e"]
        for step in up:
            for start in ("/s/pub/", "/s/pub/sub/", "/s/pub/small.txt/"):
                for target in (f"{start}{step}/outside.txt", f"{start}{step}/{step}/outside.txt",
                               f"{start}{step}/pub2/x",
                               f"{start}{step}{self.outside}"):
                    self.refused(target)
        for target in ("/s/../outside.txt", "/../../etc/passwd", "/s/pub//etc/passwd", "/s/pub/%2fetc%2fpasswd",
                       "/s/pub/small.txt%00.png", "/s/pub/%00", "/s/pub/sub%2fdeep%2fx.txt", "/s/pub/.",
                       "/s/pub/./small.txt",
                       "/s/pub/proc/self/environ", "/s//pub/small.txt", "/s/pub2/x", "/s/PUB/small.txt",
                       "/s/pub/small.txt/",
                       "/s/pub/small.txt/x", "/s/", "/s", "/s/%70ub/../pub2/x"):
            self.refused(target)

    def test_symlinks(self):
        for name in ("up", "absolute", "proc", "magic", "magic/environ", "dirout", "dirout/outside.txt", "loop",
                     "gone"):
            self.refused(f"/s/pub/link-{name}", (404,))
        for name, body in (("in", b"hello, reader\n"), ("back", b"hello, reader\n"), ("indir/x.txt", b"deep")):
            with self.subTest(name):
                answer = self.get(f"/s/pub/link-{name}")
                self.assertEqual((answer.status, answer.body), (200, body))

    def test_what_is_no_file_is_not_there_and_holds_nobody_up(self):
        self.refused("/s/pub/fifo", (404,))
        self.assert_serves()

    def test_dot_files_are_hidden(self):
        for target in ("/s/pub/.hidden", "/s/pub/%2ehidden", "/s/pub/.dir/x", "/s/pub/.dir/", "/s/pub/.dir",
                       "/s/pub/sub/.hidden", "/s/pub/.nope"):
            self.refused(target, (404,))
        self.assertEqual(len({self.get(t).body[:100] for t in ("/s/pub/.hidden", "/s/pub/.nope")}), 1)

    def test_every_name_is_served(self):
        for name in NAMES:
            with self.subTest(name):
                answer = self.get("/s/pub/odd/" + quote(name))
                if name.startswith(b"."):
                    self.assertEqual(answer.status, 404)
                else:
                    self.assertEqual((answer.status, answer.body), (200, b"of " + name))

    def test_the_page_of_a_folder_leads_to_every_name(self):
        page = self.get("/s/pub/odd/", "Accept: text/html")
        self.assertEqual(page["Content-Type"].replace(" ", "").lower(), "text/html;charset=utf-8")
        text = page.body.decode()
        self.assertNotIn("<tag>", text)
        bodies = set()
        for href in Hrefs(text).found:
            target = urllib.parse.urljoin("http://x/s/pub/odd/", href).removeprefix("http://x")
            answer = self.get(target)
            self.assertEqual(answer.status, 200, href)
            bodies.add(answer.body)
        self.assertLessEqual({b"of " + name for name in NAMES if not name.startswith(b".")}, bodies)

    def test_a_listing_of_lines(self):
        for fields, target in ((("Accept: application/x-ndjson",), "/s/pub/"), ((), "/s/pub/?format=ndjson")):
            answer = self.get(target, *fields)
            self.assertEqual(answer["Content-Type"].partition(";")[0], "application/x-ndjson")
            rows = {row["name"]: row for row in map(json.loads, answer.body.decode().splitlines())}
            self.assertEqual((rows["small.txt"]["type"], rows["small.txt"]["size"]), ("file", 14))
            self.assertEqual(rows["sub"]["type"], "dir")
            self.assertFalse([name for name in rows if name.startswith(".")])
            self.assertNotIn("fifo", rows)
            self.assertFalse({"link-up", "link-absolute", "link-proc"} & set(rows),
                             "what cannot be fetched is not listed")

    def test_odd_names_are_whole_lines_of_json(self):
        lines = self.get("/s/pub/odd/?format=ndjson").body.decode().splitlines()
        names = [json.loads(line)["name"] for line in lines]
        self.assertEqual(len(names), len([name for name in NAMES if not name.startswith(b".")]))
        for name in ("new\nline", "文件.txt", "two words", "'\"<tag>"):
            self.assertIn(name, names)

    def test_a_folder_without_its_slash(self):
        for target, query in (("/s/pub", ""), ("/s/pub/sub", ""), ("/s/pub/sub", "?sort=size&x=1"),
                              ("/s/pub/sub/deep", "")):
            with self.subTest(target + query):
                answer = self.get(target + query)
                self.assertEqual(answer.status, 308)
                whither = urllib.parse.urljoin(f"http://x{target}{query}", answer["Location"])
                self.assertEqual(whither, f"http://x{target}/{query}")
                self.assertEqual(self.get(whither.removeprefix("http://x")).status, 200)

    def test_a_private_share_does_not_tell_what_it_holds(self):
        (self.priv / "folder").mkdir(exist_ok=True)

        def seen(target, *fields, method="GET"):
            answer = self.get(target, *fields, method=method)
            body = json.loads(answer.body) if answer.body else {}
            body.pop("id", None)  # names the line of the log
            return answer.status, [f for f in answer.fields if f[0] != "date"], body

        for method in ("GET", "HEAD"):
            wanted = seen("/s/priv/nope", method=method)
            self.assertEqual(wanted[0], 403)
            for target in ("/s/priv/secret.txt", "/s/priv/folder", "/s/priv/folder/", "/s/priv/", "/s/priv",
                           "/s/priv/.hidden", "/s/priv/" + "n" * 300):
                for fields in ((), ("Range: bytes=0-1",), ("If-None-Match: *",)):
                    with self.subTest(target, fields=fields):
                        self.assertEqual(seen(target, *fields, method=method), wanted)


numbers = itertools.count()


class Changes(ServerTest):
    def setUp(self):
        self.old, self.new = common.some_bytes(BIG, 1), common.some_bytes(BIG, 2)
        # A name of its own: each worker may answer with the file of the test before until it looks again.
        self.file = self.pub / f"big-{next(numbers)}.bin"
        self.url = "/s/pub/" + self.file.name
        self.file.write_bytes(self.old)
        wait_until(lambda: self.get(self.url, "Range: bytes=0-99").body == self.old[:100], seconds(20))

    def begin(self):
        """A download that has begun and waits for its reader."""
        client = self.connect(receive_buffer=65536)
        client.ask(self.url)
        self.assertEqual(client.head()["Content-Length"], str(BIG))
        return client, client.take(1 << 20)

    def test_one_that_is_replaced_goes_out_whole(self):
        client, got = self.begin()
        other = self.pub / "big.new"
        other.write_bytes(self.new)
        other.rename(self.file)
        wait_until(lambda: self.get(self.url, "Range: bytes=-100").body == self.new[-100:], seconds(20))
        self.assertTrue(got + client.take(BIG - len(got)) == self.old)
        self.assertEqual(client.get("/s/pub/small.txt").status, 200, "and the connection goes on")

    def test_one_that_is_deleted_goes_out_whole(self):
        client, got = self.begin()
        self.file.unlink()
        wait_until(lambda: self.get(self.url, "Range: bytes=-100").status == 404, seconds(20))
        self.assertTrue(got + client.take(BIG - len(got)) == self.old)

    def assert_cut(self, client, got):
        try:
            whole = got + client.take(BIG - len(got))
        except Cut as cut:
            whole = got + cut.got
            self.assertLess(len(whole), BIG)
        else:
            self.fail(f"all of {len(whole)} bytes came")
        self.assert_serves()
        self.assert_idle()

    def test_one_that_is_cut_short_ends_early(self):
        for left in (0, 2 << 20, BIG // 2, BIG - 1):
            with self.subTest(left=left):
                self.setUp()
                client, got = self.begin()
                os.truncate(self.file, left)
                self.assert_cut(client, got)

    def test_one_that_is_rewritten_in_place_ends_early(self):
        client, got = self.begin()
        with open(self.file, "r+b") as file:
            file.write(self.new)
        self.assert_cut(client, got)

    def test_one_that_grows_ends_early(self):
        client, got = self.begin()
        with open(self.file, "ab") as file:
            file.write(b"more")
        self.assert_cut(client, got)


class ChangesBetween(ServerTest):
    def test_a_request_after_a_change_in_place_gets_a_whole_answer(self):
        file = self.pub / "log.txt"
        file.write_bytes(b"a" * 100_000)
        for _ in range(10):
            self.assertEqual(self.get("/s/pub/log.txt").status, 200)
        with open(file, "ab") as log:
            log.write(b"b")
        for _ in range(20):
            self.assertIn(len(self.get("/s/pub/log.txt").body), (100_000, 100_001))

    def test_what_is_listed_can_be_fetched(self):
        (self.pub / "back\\slash").write_text("x")
        self.assertNotIn(b"back", self.get("/s/pub/").body)


class Away(ServerTest):
    def test_a_share_whose_folder_is_gone_comes_back(self):
        folder, away = self.base / "disk", self.base / "unplugged"
        (folder / "sub").mkdir(parents=True)
        (folder / "x.txt").write_text("here")
        server = self.start(self.base / "more", public={"pub": self.pub, "disk": folder})
        self.addCleanup(server.stop)
        link = self.command("link", "create", "disk/x.txt", server=server)["url"].removeprefix(server.url)
        targets = ("/s/disk/x.txt", "/s/disk/", "/s/disk/nope", "/s/disk/sub/", link)
        self.assertEqual([self.get(t, server=server).status for t in targets], [200, 200, 404, 200, 200])
        for _ in range(2):
            folder.rename(away)
            for target in targets:
                with self.subTest(gone=target):
                    answer = wait_until(lambda: (a := self.get(target, server=server)).status == 503 and a,
                                        seconds(20))
                    self.assertRegex(answer["Retry-After"], r"^\d+$")
            self.assert_serves(server)
            away.rename(folder)
            for target, status in zip(targets, (200, 200, 404, 200, 200), strict=True):
                with self.subTest(back=target):
                    wait_until(lambda: self.get(target, server=server).status == status, seconds(20))
        shutil.rmtree(folder)
        folder.mkdir()
        wait_until(lambda: self.get("/s/disk/x.txt", server=server).status == 404, seconds(20))


del ServerTest

if __name__ == "__main__":
    unittest.main()
