# SPDX-License-Identifier: GPL-3.0-or-later
"""A download counts once per recipient, the last one goes to one of two, and receipts say what arrived."""

import contextlib
import random
import socket
import threading
import time
import unittest

import common
from common import ServerTest, client, seconds, wait_until

MIB = 1 << 20
BIG = 8 * MIB
CURL = ("curl", "--silent", "--show-error", "--output")


class Counted(ServerTest):
    @classmethod
    def fill(cls):
        cls.bytes = common.some_bytes(BIG)
        (cls.priv / "big.bin").write_bytes(cls.bytes)
        (cls.priv / "folder").mkdir()
        for name in ("a", "b"):
            (cls.priv / "folder" / name).write_bytes(name.encode() * 1000)
        cls.number = 0

    def setUp(self):
        type(self).number += 1
        self.into = self.base / f"into{self.number}"
        self.into.mkdir()
        self.out = self.into / "out"

    def link(self, path, *options, server=None):
        made = self.command("link", "create", path, *options, server=server)
        self.id, self.target = made["id"], made["url"][made["url"].index("/d/"):]
        self.url = (server or self.server).url + self.target
        return made["id"]

    def curl(self, *options, url=None):
        """The status of an answer whose body goes to self.out."""
        code, out, err = client(*CURL, self.out, *options, "--write-out", "%{http_code}", url or self.url)
        self.assertEqual(code, 0, err)
        return int(out)

    def receipts(self, link=None, server=None):
        return self.command("link", "receipts", link or self.id, server=server)

    def downloads(self, link=None, server=None):
        """Counted so far; asking for receipts saves what is on its way."""
        self.receipts(link, server)
        return self.command("link", "show", link or self.id, server=server)["downloads"]

    def finished(self, count=1):
        """The receipts, once the last acknowledgement has been seen."""
        return wait_until(lambda: (got := self.receipts()) and sum(r["finished_at"] is not None for r in got) >= count
                          and got, seconds(20), 0.1)


class OneRecipient(Counted):
    def test_curl_counts_once(self):
        self.link("priv/big.bin")
        self.assertEqual(self.curl("--head"), 200)
        self.assertEqual(self.downloads(), 0)
        self.assertEqual(self.receipts(), [])
        self.assertEqual(self.curl("--range", "0-99"), 206)
        self.assertEqual(self.curl("--range", "0-99,1000-1099"), 206)
        self.assertEqual(self.curl("--range", f"{BIG}-"), 416)
        self.out.write_bytes(self.bytes[:MIB])
        self.assertEqual(self.curl("--continue-at", "-"), 206)
        self.assertEqual(self.out.read_bytes(), self.bytes)
        self.assertEqual(self.curl(), 200)
        tag = self.get(self.target, method="HEAD")["ETag"]
        self.assertEqual(self.curl("--header", f"If-None-Match: {tag}"), 304)
        self.assertEqual(self.downloads(), 1)
        receipt, = self.finished()
        self.assertEqual(receipt["recipient"], "127.0.0.1")
        file, = receipt["files"]
        self.assertEqual((file["path"], file["size"], file["arrived"], file["percent"]), ("", BIG, BIG, 100))

    def test_aria2_counts_once(self):
        self.link("priv/big.bin", "--max-downloads", "1")
        code, out, err = client("aria2c", "--no-conf", "--quiet", "-x", "8", "-s", "8", "--min-split-size=1M",
                                "--file-allocation=none", "--dir", self.into, "--out", "out", self.url)
        self.assertEqual(code, 0, out + err)
        self.assertEqual(self.out.read_bytes(), self.bytes)
        self.assertEqual(self.downloads(), 1)
        receipt, = self.finished()
        self.assertEqual(receipt["files"][0]["percent"], 100)
        code, printed, err = self.server.command("link", "list")
        self.assertEqual([(link["state"], link["max_downloads"]) for link in printed if link["id"] == self.id],
                         [("used-up", 1)])

    def test_what_did_not_arrive_is_not_in_the_receipt(self):
        self.link("priv/big.bin")
        with self.connect(receive_buffer=4096) as slow:
            slow.ask(self.target)
            slow.head()
            slow.take(10_000)
        receipt, = wait_until(lambda: (got := self.receipts()) and got[0]["files"][0]["arrived"] and got, seconds(20))
        self.assertIsNone(receipt["finished_at"])
        self.assertGreaterEqual(receipt["files"][0]["arrived"], 10_000)
        self.assertLess(receipt["files"][0]["arrived"], MIB, "the kernel alone took more")

    def test_a_folder_is_one_download(self):
        self.link("priv/folder", "--max-downloads", "1")
        for name in ("a", "b", ""):
            self.assertEqual(self.curl(url=self.url.replace("?", name + "?")), 200)
        self.assertEqual(self.downloads(), 1)
        self.assertEqual(self.curl("--interface", "127.0.0.2"), 403)
        receipt, = wait_until(lambda: (got := self.receipts()) and
                              all(f["percent"] == 100 for f in got[0]["files"]) and got, seconds(20))
        self.assertEqual([file["path"] for file in receipt["files"]], ["a", "b"])
        self.assertIsNone(receipt["finished_at"])

    def test_a_preview_gets_a_page(self):
        self.link("priv/big.bin", "--max-downloads", "1")
        for agent in ("WhatsApp/2.23.20.0", "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)"):
            self.assertEqual(self.curl("--user-agent", agent), 200)
            page = self.out.read_text()
            self.assertIn("big.bin", page)
            self.assertIn("8.0 MiB", page)
        self.assertEqual(self.downloads(), 0)
        self.assertEqual(self.curl(), 200)
        self.assertEqual(self.out.read_bytes(), self.bytes)

    def test_a_browser_may_change_its_network(self):
        self.link("priv/big.bin", "--max-downloads", "1")
        jar = self.into / "jar"
        browser = ("--user-agent", "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0", "--cookie", jar)
        self.assertEqual(self.curl(*browser, "--cookie-jar", jar, "--range", "0-99"), 206)
        self.assertIn("spillway-grant", jar.read_text())
        self.assertEqual(self.curl(*browser, "--interface", "127.0.0.2"), 200)
        self.assertEqual(self.curl("--interface", "127.0.0.2"), 403)
        self.assertEqual(self.downloads(), 1)
        grant = jar.read_text().split("spillway-grant")[1].split()[0]
        self.assertEqual(self.curl("--interface", "127.0.0.3", url=f"{self.url}&g={grant}"), 200)
        self.assertNotIn(grant, (self.data / "access.log").read_text())


class TwoRecipients(Counted):
    def test_race_for_the_last_one(self):
        for turn in range(10):
            self.link("priv/big.bin", "--max-downloads", "1")
            statuses = []

            def take(address):
                code, out, err = client(*CURL, self.into / address, "--interface", address, "--write-out",
                                        "%{http_code}", self.url)
                statuses.append(int(out))

            racers = [threading.Thread(target=take, args=(f"127.0.0.{i}",)) for i in (1, 2)]
            for racer in racers:
                racer.start()
            for racer in racers:
                racer.join()
            self.assertEqual(sorted(statuses), [200, 403])
            self.assertEqual(self.downloads(), 1)
            self.assertEqual(len(self.receipts()), 1)

    def test_each_has_a_receipt(self):
        self.link("priv/big.bin")
        for address in ("127.0.0.1", "127.0.0.2"):
            self.assertEqual(self.curl("--interface", address), 200)
            self.finished(int(address[-1]))
        self.assertEqual(self.downloads(), 2)
        self.assertEqual([r["recipient"] for r in self.receipts()], ["127.0.0.2", "127.0.0.1"])

    def test_they_outlive_the_server(self):
        data = self.base / "outlives"
        server = self.start(data)
        link = self.link("priv/big.bin", "--max-downloads", "1", server=server)
        self.assertEqual(self.curl("--range", "0-99"), 206)
        wait_until(lambda: self.receipts(link, server)[0]["files"][0]["arrived"] == 100, seconds(20))
        server.kill()
        server = self.start(data)
        self.url = server.url + self.target
        self.assertEqual(self.curl("--interface", "127.0.0.2"), 403)
        self.assertEqual(self.curl("--interface", "127.0.0.2", "--head"), 403)
        self.out.write_bytes(self.bytes[:100])
        self.assertEqual(self.curl("--continue-at", "-"), 206)
        self.assertEqual(self.out.read_bytes(), self.bytes)
        self.assertEqual(self.downloads(link, server), 1)
        self.assertEqual(server.drain(seconds(30)), 0)
        server = self.start(data)
        receipt, = self.receipts(link, server)
        self.assertIsNotNone(receipt["finished_at"], "what was read before the drain is in it")


class Killed(Counted):
    MOST = 4
    LINKS = 6

    def take(self, port, target, address):
        """The status, or None where the server died before it said one; a body byte read is a download given."""
        with socket.create_connection(("127.0.0.1", port), seconds(10), source_address=(address, 0)) as one:
            one.sendall(f"GET {target} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n".encode())
            got = b""
            while data := one.recv(4096):
                got += data
                head, end, body = got.partition(b"\r\n\r\n")
                if body:
                    return int(head[9:12])
        return None

    def test_kill_gives_none_away_and_loses_none(self):
        data, chance = self.base / "killed", random.Random(11)
        server = self.start(data)
        links = {}
        for _ in range(self.LINKS):
            self.link("priv/secret.txt", "--max-downloads", str(self.MOST), server=server)
            links[self.id] = self.target
        given = {link: set() for link in links}
        clients = [f"127.0.{i}.{j}" for i in range(1, 4) for j in range(1, 9)]
        for turn in range(8):
            stop = threading.Event()

            def work(mine, server=server, stop=stop):
                order = [(link, address) for link in links for address in mine]
                chance.shuffle(order)
                for link, address in order:
                    if stop.is_set():
                        return
                    with contextlib.suppress(OSError):
                        if self.take(server.port, links[link], address) == 200:
                            given[link].add(address)

            workers = [threading.Thread(target=work, args=(clients[i::4],)) for i in range(4)]
            for worker in workers:
                worker.start()
            time.sleep(chance.random() * 0.15)
            server.kill()
            stop.set()
            for worker in workers:
                worker.join()
            server = self.start(data)
        for link in links:
            with self.subTest(link):
                receipts = [r["recipient"] for r in self.receipts(link, server)]
                counted = self.downloads(link, server)
                self.assertEqual(len(receipts), len(set(receipts)), "nobody twice")
                self.assertEqual(len(receipts), counted)
                self.assertLessEqual(counted, self.MOST)
                self.assertLessEqual(given[link], set(receipts), "who got bytes was counted")
                for address in clients:
                    status = self.take(server.port, links[link], address)
                    if address in receipts:
                        self.assertEqual(status, 200, "who was counted goes on")
                    elif counted == self.MOST:
                        self.assertEqual(status, 403)
        self.assertGreater(sum(map(len, given.values())), 0)


del Counted, ServerTest

if __name__ == "__main__":
    unittest.main()
