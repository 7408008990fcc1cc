# SPDX-License-Identifier: GPL-3.0-or-later
"""Modes by hand and by rule: what each turns off, and that the rest goes on, with curl."""

import itertools
import json
import os
import re
import signal
import sqlite3
import unittest

from common import ProcessError, ServerTest, client, numbers, run, seconds, wait_until

BIG = 64 << 20


class ModesTest(ServerTest):
    @classmethod
    def fill(cls):
        with open(cls.pub / "big.bin", "wb") as file:
            file.truncate(BIG)

    def curl(self, url, *options):
        """(status, everything that curl wrote)."""
        code, out, err = client("curl", "-sS", "-i", *options, url)
        self.assertEqual(code, 0, err)
        return int(out.split()[1]), out

    def assert_busy(self, url, *options):
        """503, and when to come again."""
        status, out = self.curl(url, *options)
        self.assertEqual(status, 503, out)
        self.assertRegex(out.lower(), r"\nretry-after: [1-9]")

    def refused(self, server, *words):
        """The code of a command's error."""
        code, printed, _ = server.command(*words, timeout=seconds(60))
        self.assertEqual(code, 1, printed)
        return printed["error"]["code"]

    def set(self, server, *words):
        return self.command("mode", "set", *words, server=server)

    def active(self, server):
        return {state["mode"] for state in self.command("mode", "show", server=server) if state["active"]}

    def metric(self, server, name):
        code, out, err = client("curl", "-sS", server.admin_url + "/metrics")
        self.assertEqual(code, 0, err)
        found = re.search(rf"^{re.escape(name)} (\S+)$", out, re.MULTILINE)
        self.assertTrue(found, name)
        return float(found[1])

    def link(self, server, path="priv/secret.txt"):
        made = self.command("link", "create", path, server=server)
        return made["id"], re.sub(r"^https?://[^/]+", server.url, made["url"])


class ByHand(ModesTest):
    def test_paused_takes_no_new_download_and_ends_none(self):
        server = self.begin()
        _, url = self.link(server)
        with self.connect(server, receive_buffer=65536) as download:
            download.ask("/s/pub/big.bin")
            download.head()
            got = len(download.take(1 << 20))
            changed = self.set(server, "paused")
            self.assertTrue(changed["kept"])
            for target in (server.url + "/s/pub/small.txt", server.url + "/s/pub/", url):
                self.assert_busy(target)
                self.assert_busy(target, "-r", "1-2")
            self.assertEqual(self.curl(server.url + "/healthz")[0], 200)
            status, out = self.curl(server.url + "/readyz")
            self.assertEqual(status, 503)
            self.assertIn('"mode":"paused"', out)
            self.assertEqual(self.metric(server, 'spillway_mode{mode="paused"}'), 1)
            self.assertEqual(self.command("status", server=server)["mode"], "paused")
            self.assertEqual(len(download.take(BIG - got)), BIG - got)
            self.assertEqual(download.get("/s/pub/small.txt").status, 503)
        self.set(server, "paused", "--off")
        self.assertEqual(self.curl(url)[0], 200)
        self.assertEqual(self.metric(server, 'spillway_mode{mode="paused"}'), 0)
        self.assertIn("a mode begins mode=paused", server.process.output("err"))
        self.assertIn("a mode is over mode=paused", server.process.output("err"))

    def test_saving_stops_listings_and_search_and_samples_the_log(self):
        server = self.begin()
        self.set(server, "saving")
        self.assert_busy(server.url + "/s/pub/")
        self.assert_busy(server.url + "/s/pub/?format=ndjson")
        self.assertEqual(self.curl(server.url + "/readyz")[0], 200)
        token = self.admin_token(server)
        status, out = self.curl(server.admin_url + "/api/v1/search?q=small", "-H", f"Authorization: Bearer {token}")
        self.assertEqual(status, 503, out)
        count = 200
        with self.connect(server) as many:
            for _ in range(count):
                self.assertEqual(many.get("/s/pub/small.txt?sampled").status, 200)
        server.drain(seconds(30))
        lines = [line for line in self.log_lines(server) if line["target"] == "/s/pub/small.txt?sampled"]
        self.assertLess(abs(len(lines) - count // 10), 3)
        again = self.begin(server.data)
        self.assert_busy(again.url + "/s/pub/")
        self.set(again, "saving", "--off")
        self.assertEqual(self.curl(again.url + "/s/pub/")[0], 200)

    def test_what_is_not_logged_is_counted(self):
        server = self.begin()
        self.set(server, "saving")
        with self.connect(server) as many:
            for _ in range(100):
                many.get("/s/pub/small.txt")
        self.assertLess(abs(self.metric(server, "spillway_log_sampled_out_total") - 90), 4)

    def test_read_only_refuses_changes_and_serves(self):
        server = self.begin()
        link, url = self.link(server)
        self.set(server, "read-only")
        for words in (("link", "create", "priv/secret.txt"), ("link", "revoke", link), ("key", "rotate"),
                      ("share", "remove", "pub"), ("ban", "add", "203.0.113.5")):
            self.assertEqual(self.refused(server, *words), "unavailable", words)
        self.assertEqual(self.curl(url)[0], 200)
        self.assertEqual(self.curl(server.url + "/s/pub/")[0], 200)
        self.assertEqual(len(self.command("link", "list", server=server)), 1)
        self.assertEqual(self.curl(server.url + "/readyz")[0], 200)
        self.set(server, "read-only", "--off")
        self.command("link", "revoke", link, server=server)
        self.assertEqual(self.curl(url)[0], 403)

    def test_catalog_down_serves_what_is_known(self):
        server = self.begin(metadata__ttl="1s")
        _, known = self.link(server)
        _, unknown = self.link(server, "priv")
        gone, revoked = self.link(server)
        self.assertEqual(self.curl(known)[0], 200)
        self.assertEqual(self.curl(revoked)[0], 200)
        self.command("link", "revoke", gone, server=server)
        self.set(server, "catalog-down")
        asked = itertools.count()

        def past_its_time():  # each time by another URL, which no other cache knows
            self.assertEqual(self.curl(f"{known}&n={next(asked)}")[0], 200)
            return self.metric(server, 'spillway_circuit_fallbacks_total{fallback="stale_links"}')

        wait_until(past_its_time, seconds(20))
        self.assertEqual(self.curl(known)[0], 200)
        self.assert_busy(unknown)
        self.assertNotEqual(self.curl(revoked)[0], 200, "a revocation holds")
        self.assertEqual(self.curl(server.url + "/s/pub/small.txt")[0], 200)
        self.assertEqual(self.refused(server, "link", "create", "priv"), "unavailable")
        self.assertEqual(self.refused(server, "link", "list"), "unavailable")
        self.set(server, "catalog-down", "--off")
        self.assertIn(self.curl(unknown)[0], (200, 308))
        self.assertEqual(self.curl(revoked)[0], 403)
        self.command("link", "create", "priv", server=server)

    def test_a_mode_survives_the_server_and_draining_does_not(self):
        server = self.begin()
        self.set(server, "paused")
        self.set(server, "read-only", "--never")
        self.assertEqual(server.kill(), -signal.SIGKILL)
        shown = {state["mode"]: state["by_hand"] for state in self.command("mode", "show", server=server)}
        self.assertEqual((shown["paused"], shown["read-only"], shown["saving"]), ("on", "never", "off"))
        again = self.begin(server.data)
        self.assertEqual(self.active(again), {"paused"})
        self.set(again, "draining")
        self.assertEqual(again.process.wait(seconds(30)), 0)
        third = self.begin(server.data)
        self.assertEqual(self.active(third), {"paused"})
        self.set(third, "normal")
        self.assertEqual(self.active(third), set())

    def test_what_is_no_mode_is_refused(self):
        server = self.server
        for words in (("mode", "set", "nonsense"), ("mode", "set", "normal", "--off"),
                      ("mode", "set", "draining", "--never")):
            self.assertEqual(self.refused(server, *words), "invalid-argument", words)
        self.assertEqual(server.command("mode", "set")[0], 2)
        self.assertEqual(server.command("mode", "set", "saving", "--off", "--never")[0], 2)
        self.assertEqual(self.active(server), set())

    def admin_token(self, server):
        return json.loads((server.data / "admin.json").read_text())["token"]


class ByRule(ModesTest):
    def test_a_locked_catalog(self):
        server = self.begin()
        _, url = self.link(server)
        self.assertEqual(self.curl(url)[0], 200)
        lock = sqlite3.connect(server.data / "catalog.db", isolation_level=None)
        self.addCleanup(lock.close)
        lock.execute("BEGIN EXCLUSIVE")
        self.assertIn(self.refused(server, "link", "create", "priv"), ("busy", "unavailable"))
        wait_until(lambda: self.active(server) == {"catalog-down"}, seconds(60))
        status, out = self.curl(server.url + "/readyz")
        self.assertEqual(status, 200)
        self.assertIn('"mode":"catalog-down"', out)
        self.assertEqual(self.refused(server, "link", "create", "priv"), "unavailable")
        self.assertEqual(self.curl(url)[0], 200)
        self.assertIn(self.metric(server, 'spillway_circuit_state{dependency="catalog_writes"}'), (1, 2))
        lock.execute("ROLLBACK")
        wait_until(lambda: self.active(server) == set(), seconds(60))
        self.command("link", "create", "priv", server=server)

    def test_a_disk_that_is_nearly_full(self):
        server = self.begin(overload__disk_free="1TiB" if self.free_space() < 1 << 40 else "0B")
        if self.free_space() >= 1 << 40:
            self.fail("this test wants a disk with less than 1 TiB free")
        wait_until(lambda: self.active(server) == {"read-only"}, seconds(20))
        self.assertEqual(self.refused(server, "share", "remove", "pub"), "unavailable")
        self.assertEqual(self.curl(server.url + "/s/pub/small.txt")[0], 200)
        self.set(server, "read-only", "--never")
        self.assertEqual(self.active(server), set())
        self.set(server, "read-only", "--off")
        wait_until(lambda: self.active(server) == {"read-only"}, seconds(20))

    def free_space(self):
        facts = os.statvfs(self.base)
        return facts.f_bavail * facts.f_frsize


class Disks(ModesTest):
    """On a small file system of the test's own."""

    def mount(self):
        folder = self.base / f"disk{next(numbers)}"
        folder.mkdir()
        code, _, err = run(["mount", "-t", "tmpfs", "-o", "size=4m,mode=0700", "none", str(folder)])
        if code != 0:
            self.fail(f"this test mounts a file system, so it runs as root: {err}")
        self.addCleanup(run, ["umount", "-l", str(folder)])
        return folder

    def test_a_full_disk_loses_nothing_and_downloads_go_on(self):
        disk = self.mount()
        server = self.begin(disk / "data", overload__disk_free="256KiB", index__enabled="false")
        kept = {}
        for _ in range(3):
            name, url = self.link(server)
            kept[name] = url
            self.assertEqual(self.curl(url)[0], 200)
        filler = disk / "filler"
        with open(filler, "wb", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(4096))
            except OSError:
                pass
        wait_until(lambda: self.active(server) == {"read-only"}, seconds(30))
        self.assertEqual(self.refused(server, "link", "create", "priv"), "unavailable")
        # And where nobody refuses, the disk does.
        self.set(server, "read-only", "--never")
        code = 0
        for _ in range(200):
            code, printed, _ = server.command("link", "create", "priv/secret.txt")
            if code != 0:
                break
            kept[printed["id"]] = re.sub(r"^https?://[^/]+", server.url, printed["url"])
        self.assertEqual(code, 1, "the disk is full")
        for url in kept.values():
            self.assertEqual(self.curl(url)[0], 200)
        self.assertEqual(self.curl(server.url + "/s/pub/small.txt")[0], 200)
        self.assertEqual(server.kill(), -signal.SIGKILL)
        filler.unlink()
        again = self.begin(disk / "data", index__enabled="false")
        listed = {link["id"] for link in self.command("link", "list", server=again)}
        self.assertLessEqual(set(kept), listed)
        for url in kept.values():
            self.assertEqual(self.curl(url.replace(server.url, again.url))[0], 200)
        self.link(again)

    def test_a_data_folder_that_became_read_only(self):
        # As somebody whom permissions concern.
        nobody = 65534
        data = self.base / "readonly"
        data.mkdir()
        self.base.chmod(0o755)
        os.chown(data, nobody, nobody)
        prefix = ["setpriv", f"--reuid={nobody}", f"--regid={nobody}", "--clear-groups"]
        server = self.start(data, prefix=prefix)
        self.addCleanup(server.stop)
        kept = dict([self.link(server)])
        for file in data.iterdir():
            file.chmod(0o400)
        data.chmod(0o500)
        self.addCleanup(data.chmod, 0o700)
        for _ in range(3):
            code, printed, _ = server.command("link", "create", "priv/secret.txt")
            if code == 0:  # its files are open
                kept[printed["id"]] = re.sub(r"^https?://[^/]+", server.url, printed["url"])
            self.assertEqual(self.curl(server.url + "/s/pub/small.txt")[0], 200)
        for url in kept.values():
            self.assertEqual(self.curl(url)[0], 200)
        self.assertEqual(server.kill(), -signal.SIGKILL)
        with self.assertRaises(ProcessError) as refusal:
            self.start(data, prefix=prefix)
        self.assertIn(str(data), str(refusal.exception))
        data.chmod(0o700)
        for file in data.iterdir():
            file.chmod(0o600)
        again = self.start(data, prefix=prefix)
        self.addCleanup(again.stop)
        self.assertEqual({link["id"] for link in self.command("link", "list", server=again)}, set(kept))
        for url in kept.values():
            self.assertEqual(self.curl(url.replace(server.url, again.url))[0], 200)


if __name__ == "__main__":
    unittest.main()
