# SPDX-License-Identifier: GPL-3.0-or-later
"""Folders as archives: what unpackers make of them, ranges and resuming, folders that change."""

import io
import os
import random
import shutil
import stat
import unittest
import zipfile

import common
from common import ServerTest, client, seconds, wait_until

AT = 1_700_000_001
NAMES = {
    "plain.txt": b"plain\n",
    "empty.bin": b"",
    "gr\u00fc\u00dfe \u4f60\u597d.txt": "gr\u00fc\u00dfe".encode(),
    "sub/deep/a.txt": b"a" * 5000,
    "sub/b.bin": common.some_bytes(70_000, 3),
    "sub/script.sh": b"#!/bin/sh\n",
    "large.bin": common.some_bytes(3_000_000, 4),
}


def unpacker(*names):
    return next((name for name in names if shutil.which(name)), None)


class ZipTest(ServerTest):
    @classmethod
    def fill(cls):
        cls.top = cls.pub / "top"
        for name, content in NAMES.items():
            file = cls.top / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
            os.utime(file, (AT, AT))
        (cls.top / "hollow").mkdir()
        (cls.top / ".hidden").write_bytes(b"not for you")
        os.chmod(cls.top / "sub/script.sh", 0o750)
        os.chmod(cls.top / "plain.txt", 0o640)

    def archive(self, target="/s/pub/top/?zip", server=None):
        answer = self.get(target, server=server)
        self.assertEqual(answer.status, 200, answer.body)
        self.assertEqual(len(answer.body), int(answer["Content-Length"]))
        return answer

    def url(self, target):
        return f"http://127.0.0.1:{self.server.port}{target}"

    def own_folder(self, name, files):
        folder = self.pub / name
        for path, content in files.items():
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        return folder


class Contents(ZipTest):
    def test_what_is_in_it(self):
        answer = self.archive()
        self.assertEqual(answer["Content-Type"], "application/zip")
        self.assertIn('filename="top.zip"', answer["Content-Disposition"])
        self.assertTrue(answer["ETag"].startswith('"'))
        with zipfile.ZipFile(io.BytesIO(answer.body)) as archive:
            self.assertIsNone(archive.testzip())
            names = archive.namelist()
            self.assertEqual(set(names), set(NAMES) | {"hollow/", "sub/", "sub/deep/"})
            for name, content in NAMES.items():
                self.assertEqual(archive.read(name), content, name)
                self.assertEqual(archive.getinfo(name).date_time, (2023, 11, 14, 22, 13, 20))
            self.assertEqual(archive.getinfo("sub/script.sh").external_attr >> 16, stat.S_IFREG | 0o750)
            self.assertEqual(archive.comment, b"")

    def test_unpackers_take_it(self):
        body = self.archive().body
        file = self.base / "top.zip"
        file.write_bytes(body)
        self.assertEqual(client("unzip", "-tqq", str(file))[0], 0)
        seven = unpacker("7zz", "7z", "7za")
        checks = [("unzip", ["unzip", "-q", str(file)])]
        if seven:
            checks.append(("7z", [seven, "x", "-bd", str(file)]))
        if unpacker("bsdtar"):
            checks.append(("bsdtar", ["bsdtar", "-xf", str(file)]))
            checks.append(("pipe", ["sh", "-c", f"cat '{file}' | bsdtar -xf -"]))
        for name, command in checks:
            with self.subTest(name):
                folder = self.base / f"out-{name}"
                folder.mkdir()
                code, out, errors = client(*command, cwd=folder)
                self.assertEqual(code, 0, out + errors)
                for path, content in NAMES.items():
                    self.assertEqual((folder / path).read_bytes(), content)
                    self.assertEqual(int((folder / path).stat().st_mtime), AT)
                self.assertTrue((folder / "hollow").is_dir())
                if name != "pipe":  # local headers have no modes
                    self.assertEqual(stat.S_IMODE((folder / "sub/script.sh").stat().st_mode), 0o750)

    def test_names_that_are_not_utf8_keep_their_bytes(self):
        folder = self.own_folder("odd", {"x": b"1"})
        (folder / os.fsdecode(b"caf\xe9.txt")).write_bytes(b"2")
        file = self.base / "odd.zip"
        file.write_bytes(self.archive("/s/pub/odd/?zip").body)
        out = self.base / "odd-out"
        out.mkdir()
        self.assertEqual(client("unzip", "-q", str(file), cwd=out)[0], 0)
        self.assertIn(b"caf\xe9.txt", os.listdir(os.fsencode(out)))

    def test_a_selection(self):
        answer = self.archive("/s/pub/top/?zip&sel=plain.txt&sel=sub%2Fdeep&sel=sub/deep/a.txt&sel=plain.txt")
        with zipfile.ZipFile(io.BytesIO(answer.body)) as archive:
            self.assertEqual(archive.namelist(), ["plain.txt", "sub/deep/", "sub/deep/a.txt"])
        other = self.archive("/s/pub/top/?zip&sel=sub/deep&sel=plain.txt")
        self.assertEqual(answer.body, other.body, "the order is no matter")
        self.assertEqual(answer["ETag"], other["ETag"])

    def test_selections_that_are_refused(self):
        for query, status in [("sel=nothing", 404), ("sel=..%2Fsmall.txt", 400), ("sel=.hidden", 404), ("sel=", 400),
                              ("sel=/plain.txt", 400), ("sel=%zz", 400), ("sel=sub//b.bin", 400)]:
            with self.subTest(query):
                self.assertEqual(self.get("/s/pub/top/?zip&" + query).status, status)

    def test_symlinks_as_the_share_resolves_them(self):
        folder = self.own_folder("linked", {"real.txt": b"real", "dir/in.txt": b"in"})
        (folder / "file").symlink_to("real.txt")
        (folder / "loop").symlink_to(".")
        (folder / "dir/up").symlink_to("..")
        (folder / "out").symlink_to("/etc/passwd")
        (folder / "secret").symlink_to("../../priv/secret.txt")
        answer = self.archive("/s/pub/linked/?zip")
        with zipfile.ZipFile(io.BytesIO(answer.body)) as archive:
            self.assertEqual(archive.namelist(), ["dir/", "dir/in.txt", "file", "real.txt"])
            self.assertEqual(archive.read("file"), b"real")
            self.assertIn(b"2 entries", archive.comment, "the two links to folders")

    def test_empty_folder_file_and_missing_folder(self):
        (self.pub / "nothing").mkdir(exist_ok=True)
        self.assertEqual(len(self.archive("/s/pub/nothing/?zip").body), 22)
        self.assertEqual(self.get("/s/pub/missing/?zip").status, 404)
        self.assertEqual(self.get("/s/pub/small.txt?zip").body, b"hello, reader\n", "a file is a file")

    def test_without_its_slash_and_the_whole_share(self):
        self.assertEqual(self.archive("/s/pub/top?zip").body, self.archive().body)
        self.assertIn('filename="pub.zip"', self.get("/s/pub/?zip", "Range: bytes=0-0")["Content-Disposition"])


class Ranges(ZipTest):
    settings = {"index.enabled": "false"}

    def test_head_and_preconditions(self):
        whole = self.archive()
        with self.connect() as connection:
            head = connection.get("/s/pub/top/?zip", method="HEAD")
        self.assertEqual((head.status, head["Content-Length"], head["ETag"]),
                         (200, whole["Content-Length"], whole["ETag"]))
        self.assertEqual(self.get("/s/pub/top/?zip", f"If-None-Match: {whole['ETag']}").status, 304)
        self.assertEqual(self.get("/s/pub/top/?zip", 'If-Match: "other"').status, 412)
        size = int(whole["Content-Length"])
        self.assertEqual(self.get("/s/pub/top/?zip", f"Range: bytes={size}-").status, 416)
        self.assertEqual(self.get("/s/pub/top/?zip", "Range: bytes=0-9", 'If-Range: "other"').status, 200)

    def test_any_cut_has_the_bytes_of_the_whole(self):
        whole = self.archive().body
        draw = random.Random(5)
        connection = self.connect()
        places = [0, 1, len(whole) - 1, len(whole) - 22, len(whole) - 23]
        for first in places + [draw.randrange(len(whole)) for _ in range(300)]:
            last = min(len(whole) - 1, first + draw.choice([0, 1, 50, 5000, len(whole)]))
            answer = connection.get("/s/pub/top/?zip", f"Range: bytes={first}-{last}")
            self.assertEqual(answer.status, 206)
            self.assertEqual(answer["Content-Range"], f"bytes {first}-{last}/{len(whole)}")
            self.assertTrue(answer.body == whole[first:last + 1], f"{first}-{last}")

    def test_several_ranges(self):
        whole = self.archive().body
        answer = self.get("/s/pub/top/?zip", "Range: bytes=0-99,5000-5999,-30")
        self.assertEqual(answer.status, 206)
        boundary = answer["Content-Type"].split("boundary=")[1].encode()
        self.assertEqual(len(answer.body), int(answer["Content-Length"]))
        parts = [part.partition(b"\r\n\r\n")[2] for part in (b"\r\n" + answer.body).split(b"\r\n--" + boundary)[1:-1]]
        self.assertEqual(parts, [whole[:100], whole[5000:6000], whole[-30:]])

    def test_the_end_of_a_folder_that_nobody_has_read_yet(self):
        self.own_folder("cold", {f"{i:03}.bin": common.some_bytes(3_000_000, i) for i in range(8)})
        end = self.get("/s/pub/cold/?zip", "Range: bytes=-2000")
        whole = self.archive("/s/pub/cold/?zip").body
        self.assertEqual(end.status, 206)
        self.assertTrue(end.body == whole[-2000:])

    def test_aria2_and_curl(self):
        self.own_folder("many", {f"d{i % 9}/{i}.bin": common.some_bytes(random.Random(i).randrange(40_000), i)
                                 for i in range(1500)})
        url = self.url("/s/pub/many/?zip")
        code, out, errors = client("aria2c", "-x", "8", "-s", "8", "-k", "1M", "-q", "-d", str(self.base), "-o",
                                   "aria.zip", url)
        self.assertEqual(code, 0, out + errors)
        whole = self.archive("/s/pub/many/?zip").body
        self.assertTrue((self.base / "aria.zip").read_bytes() == whole)
        part = self.base / "curl.zip"
        part.write_bytes(whole[:1_234_567])
        code, out, errors = client("curl", "-sS", "-f", "-C", "-", "-o", str(part), url)
        self.assertEqual(code, 0, errors)
        self.assertTrue(part.read_bytes() == whole)
        self.assertEqual(client("unzip", "-tqq", str(part))[0], 0)


class Changes(ZipTest):
    def test_another_folder_has_another_tag_and_resuming_begins_anew(self):
        folder = self.own_folder("moving", {"a": b"a" * 1000, "b": b"b" * 1000})
        first = self.archive("/s/pub/moving/?zip")
        tag = first["ETag"]
        same = self.get("/s/pub/moving/?zip", "Range: bytes=100-", f"If-Range: {tag}")
        self.assertEqual((same.status, same.body), (206, first.body[100:]))
        changes = [lambda: (folder / "b").write_bytes(b"B" * 1000), lambda: (folder / "c").write_bytes(b""),
                   lambda: (folder / "a").unlink(), lambda: os.chmod(folder / "b", 0o600)]
        for number, change in enumerate(changes):
            change()

            def has_changed():
                return self.get("/s/pub/moving/?zip", "Range: bytes=0-0")["ETag"] != tag

            wait_until(has_changed, seconds(40))
            answer = self.get("/s/pub/moving/?zip", "Range: bytes=100-", f"If-Range: {tag}")
            self.assertEqual(answer.status, 200, number)
            self.assertNotEqual(answer["ETag"], tag)
            tag = answer["ETag"]

    def cut_by(self, name, change):
        """Reads the head and a little of an archive, changes the folder, and reads on."""
        folder = self.own_folder(name, {f"{i}.bin": common.some_bytes(8_000_000, i) for i in (1, 5, 9)})
        connection = self.connect(receive_buffer=65_536)
        head = connection.ask(f"/s/pub/{name}/?zip").head()
        change(folder)
        rest = common.count_rest(connection)
        self.assertLess(rest, int(head["Content-Length"]), "cut where everybody sees it")

    def test_a_file_that_shrinks_or_vanishes_ends_the_transfer(self):
        def shrink(folder):
            os.truncate(folder / "9.bin", 100)

        def grow(folder):
            with open(folder / "9.bin", "ab") as file:
                file.write(b"more")

        def swap(folder):
            (folder / "new").write_bytes(common.some_bytes(8_000_000, 10))
            os.replace(folder / "new", folder / "9.bin")

        for change in (shrink, grow, swap, lambda folder: (folder / "9.bin").unlink()):
            with self.subTest(change.__name__):
                self.cut_by(f"cut{next(common.numbers)}", change)
        self.assert_serves()


class Large(ZipTest):
    def sparse(self, folder, name, size, mark):
        folder.mkdir(exist_ok=True)
        with open(folder / name, "wb") as file:
            file.truncate(size)
            file.seek(size - len(mark))
            file.write(mark)

    def test_more_than_4_gib(self):
        folder = self.pub / "huge"
        self.sparse(folder, "a.bin", (4 << 30) + 12_345, b"end of a")
        self.sparse(folder, "b.bin", 300 << 20, b"end of b")
        (folder / "c.txt").write_bytes(b"behind 4 GiB")
        file = self.base / "huge.zip"
        code, out, errors = client("curl", "-sSf", "-o", str(file), self.url("/s/pub/huge/?zip"))
        self.assertEqual(code, 0, errors)
        with zipfile.ZipFile(file) as archive:
            self.assertEqual([(i.filename, i.file_size) for i in archive.infolist()],
                             [("a.bin", (4 << 30) + 12_345), ("b.bin", 300 << 20), ("c.txt", 12)])
            self.assertEqual(archive.read("c.txt"), b"behind 4 GiB")
        checks = [["unzip", "-tqq", str(file)]]
        if seven := unpacker("7zz", "7z", "7za"):
            checks.append([seven, "t", "-bd", str(file)])
        if unpacker("bsdtar"):
            checks.append(["sh", "-c", f"bsdtar -xOf '{file}' | cksum"])
            checks.append(["sh", "-c", f"cat '{file}' | bsdtar -xOf - | cksum"])
        sums = []
        for command in checks:
            with self.subTest(command[0]):
                code, out, errors = client(*command)
                self.assertEqual((code, errors), (0, ""), out)
                if command[0] == "sh":
                    sums.append(out)
        self.assertEqual(len(set(sums)), min(1, len(sums)))
        size = file.stat().st_size
        for first in (30, 4 << 30, (4 << 30) + 12_300, size - 300):
            answer = self.get("/s/pub/huge/?zip", f"Range: bytes={first}-{first + 199}")
            with open(file, "rb") as whole:
                whole.seek(first)
                self.assertTrue(answer.body == whole.read(200), first)
        shutil.rmtree(folder)
        file.unlink()

    def test_a_range_whose_checksum_takes_long(self):
        folder = self.pub / "slow"
        self.sparse(folder, "a.bin", 4 << 30, b"end")
        self.addCleanup(shutil.rmtree, folder)
        server = self.begin(zip__wait="1s", index__enabled="false")
        target = "/s/pub/slow/?zip"
        size = int(self.get(target, method="HEAD", server=server)["Content-Length"])
        answer = self.get(target, f"Range: bytes={size - 120}-", server=server)
        if answer.status != 206:  # a machine that reads 4 GiB in a second has none of this
            self.assertEqual(answer.status, 503)
            self.assertIn(b"checksums", answer.body)
            self.assertIsNotNone(answer["Retry-After"])
        self.assertEqual(self.get(target, "Range: bytes=0-99", server=server).status, 206, "others need not wait")

        def later():
            return self.get(target, f"Range: bytes={size - 120}-", server=server).status == 206

        wait_until(later, seconds(60))

    def test_more_than_65535_entries(self):
        folder = self.pub / "crowd"
        for i in range(70):
            (folder / str(i)).mkdir(parents=True)
            for j in range(1000):
                with open(folder / str(i) / str(j), "wb") as file:
                    file.write(b"%d" % j)
        file = self.base / "crowd.zip"
        code, out, errors = client("curl", "-sSf", "-o", str(file), self.url("/s/pub/crowd/?zip"))
        self.assertEqual(code, 0, errors)
        self.assertEqual(client("unzip", "-tqq", str(file))[0], 0)
        with zipfile.ZipFile(file) as archive:
            self.assertEqual(len(archive.infolist()), 70_070)
            self.assertEqual(archive.read("69/999"), b"999")


class OverTls(ZipTest):
    def test_the_same_bytes(self):
        data = self.base / "tls-data"
        made = client(self.server.binary, "tls", "self-signed", "--data", str(data))
        self.assertEqual(made[0], 0, made[2])
        server = self.start(data, settings={}, tls_listen="127.0.0.1:0")
        url = f"https://127.0.0.1:{server.tls_port}/s/pub/top/?zip"
        code, out, errors = client("curl", "-sSfk", "-o", str(self.base / "tls.zip"), url)
        self.assertEqual(code, 0, errors)
        self.assertTrue((self.base / "tls.zip").read_bytes() == self.archive().body)


class Permission(ZipTest):
    def test_private_shares_links_and_presigned_urls(self):
        self.assertEqual(self.get("/s/priv/?zip").status, 403)
        (self.priv / "album").mkdir(exist_ok=True)
        (self.priv / "album/one.txt").write_bytes(b"one")
        made = self.command("link", "create", "priv/album", "--max-downloads", "1")
        target = made["url"].split(str(self.server.port), 1)[1]
        path, _, query = target.partition("?")
        answer = self.archive(f"{path}?{query}&zip")
        self.assertIn('filename="album.zip"', answer["Content-Disposition"])
        self.assertIn("no-store", answer["Cache-Control"])
        again = self.get(f"{path}?{query}&zip", "Range: bytes=5-")
        self.assertEqual(again.body, answer.body[5:], "the same recipient resumes")
        receipts = wait_until(lambda: self.command("link", "receipts", made["id"]), seconds(30))
        self.assertEqual(len(receipts), 1)
        signed = self.command("link", "presign", "priv/album", "--expires", "1h")["url"]
        target = signed.split(str(self.server.port), 1)[1]
        self.assertEqual(self.archive(target + "&zip").body, answer.body)

    def test_shares_without_listing_and_saving_mode(self):
        server = self.begin()
        self.command("share", "add", "quiet", str(self.top), "--public", "--no-listing", server=server)
        self.assertEqual(self.get("/s/quiet/?zip", server=server).status, 403)
        self.command("mode", "set", "saving", server=server)
        answer = self.get("/s/pub/top/?zip", server=server)
        self.assertEqual(answer.status, 503)
        self.assertIsNotNone(answer["Retry-After"])


if __name__ == "__main__":
    unittest.main()
