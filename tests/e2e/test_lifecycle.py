# SPDX-License-Identifier: GPL-3.0-or-later
"""Starting, draining, reloading: signals as an administrator or systemd sends them."""

import json
import re
import signal
import socket
import time
import unittest

import common
from common import Process, RawClient, ServerTest, seconds, wait_until
from support.rawhttp import Cut

SIZE = 64 << 20


class Lifecycle(ServerTest):
    number = 0

    @classmethod
    def fill(cls):
        with open(cls.pub / "big.bin", "wb") as file:
            file.truncate(SIZE)

    def setUp(self):
        type(self).number += 1
        self.own = self.base / f"own{self.number}"

    def begin(self, **settings):
        """A server for this test alone."""
        server = self.start(self.own, settings={name.replace("__", "."): value for name, value in settings.items()})
        self.addCleanup(server.stop)
        return server

    def download(self, server):
        client = self.connect(server, receive_buffer=65536)
        client.ask("/s/pub/big.bin")
        client.head()
        return client, client.take(1 << 20)

    def admin(self, server):
        """A connection to the admin listener."""
        address = json.loads((server.data / "admin.json").read_text())["address"]
        client = RawClient(int(re.search(r":(\d+)/?$", address)[1]), timeout=seconds(30))
        self.addCleanup(client.close)
        return client

    def refuses(self, server):
        try:
            RawClient(server.port, timeout=seconds(5)).close()
        except ConnectionRefusedError:
            return True
        return False


class Ending(Lifecycle):
    def test_a_running_download_finishes_and_nothing_waits_longer(self):
        server = self.begin(drain__deadline="1h")
        idle = self.connect(server)
        idle.get("/s/pub/small.txt")
        client, got = self.download(server)
        health = self.admin(server)
        self.assertEqual(health.get("/readyz").status, 200)
        server.process.signal(signal.SIGTERM)
        wait_until(lambda: self.refuses(server), seconds(20))
        self.assertTrue(idle.closed(), "one without a request is not waited for")
        with self.admin(server) as fresh:
            self.assertEqual(fresh.get("/readyz").status, 503)
            self.assertEqual(fresh.get("/healthz").status, 200)
        self.assertTrue(server.process.alive())
        self.assertEqual(len(client.take(SIZE - len(got))), SIZE - len(got))
        self.assertTrue(client.closed())
        self.assertEqual(server.process.wait(seconds(30)), 0)
        self.assertFalse((self.own / "admin.json").exists())

    def test_with_nothing_to_do_it_ends_at_once(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            server = self.begin(drain__deadline="1h")
            server.process.signal(number)
            self.assertEqual(server.process.wait(seconds(20)), 0)

    def test_the_deadline_cuts_what_still_runs(self):
        server = self.begin(drain__deadline="1s")
        client, got = self.download(server)
        server.process.signal(signal.SIGTERM)
        self.assertEqual(server.process.wait(seconds(30)), 0)
        with self.assertRaises(Cut):
            client.take(SIZE - len(got))

    def test_a_second_signal_does_not_wait(self):
        server = self.begin(drain__deadline="1h")
        self.download(server)
        server.process.signal(signal.SIGTERM)
        wait_until(lambda: self.refuses(server), seconds(20))
        self.assertTrue(server.process.alive())
        server.process.signal(signal.SIGTERM)
        server.process.wait(seconds(20))
        self.assertFalse((self.own / "admin.json").exists())

    def test_a_signal_while_it_starts(self):
        for pause in (0, 0.005, 0.01, 0.02, 0.03, 0.05):
            with self.subTest(pause):
                argv = [self.server.binary, "--no-gui", "--data", self.own, "--listen", "127.0.0.1:0",
                        "--admin-listen", "127.0.0.1:0", "--public-share", f"pub={self.pub}"]
                with Process(argv, env={"XDG_RUNTIME_DIR": str(self.base / "run")}) as child:
                    time.sleep(pause)
                    child.signal(signal.SIGTERM)
                    self.assertIn(child.wait(seconds(30)), (0, -signal.SIGTERM))
        self.assert_serves(self.begin())

    def test_health(self):
        for client in (self.connect(), self.admin(self.server)):
            for path, word in (("/healthz", "alive"), ("/readyz", "ready")):
                answer = client.get(path)
                self.assertEqual((answer.status, json.loads(answer.body)["status"]), (200, word))


class Signals(Lifecycle):
    def test_a_reload_takes_new_settings_and_keeps_the_old_ones_of_a_bad_file(self):
        server = self.begin()
        file = self.own / "spillway.toml"
        running, got = self.download(server)
        waiting = self.connect(server)
        waiting.get("/s/pub/small.txt")
        self.assertTrue(waiting.silent(0.2))

        file.write_text('[http]\nidle_timeout = "1s"\n')
        server.process.signal(signal.SIGHUP)
        server.process.wait_line("settings were reloaded", seconds(20))
        after = self.connect(server)
        after.get("/s/pub/small.txt")
        self.assertTrue(after.closed())

        for text, said in (('[http]\nidle_timeot = "1h"\n', "idle_timeot"), ("[http\n", "spillway.toml"),
                           ('[http]\n\nidle_timeout = "soon"\n', "spillway.toml:3")):
            with self.subTest(text):
                before = len(server.process.output("err"))
                file.write_text(text)
                server.process.signal(signal.SIGHUP)
                wait_until(lambda: "not reloaded" in server.process.output("err")[before:], seconds(20))
                self.assertIn(said, server.process.output("err")[before:])
                client = self.connect(server)
                client.get("/s/pub/small.txt")
                self.assertTrue(client.closed(), "the old setting is still in force")
        self.assertEqual(len(running.take(SIZE - len(got))), SIZE - len(got), "none of this touched a download")

    def test_the_log_is_opened_again(self):
        server = self.begin()
        log, old = self.own / "access.log", self.own / "access.log.1"
        self.get("/s/pub/small.txt?before", server=server)
        self.logged("/s/pub/small.txt?before", server)
        log.rename(old)
        self.get("/s/pub/small.txt?between", server=server)
        wait_until(lambda: "?between" in old.read_text(), seconds(20))
        server.process.signal(signal.SIGUSR1)
        wait_until(log.exists, seconds(20))
        self.get("/s/pub/small.txt?after", server=server)
        self.logged("/s/pub/small.txt?after", server)
        self.assertNotIn("?after", old.read_text())
        self.assertNotIn("?before", log.read_text())

    def test_a_line_for_each_answer_and_no_secret_in_any(self):
        server = self.begin()
        secrets, paths = [], []
        for kind in ("create", "presign"):
            path = self.command("link", kind, "priv/secret.txt", server=server)["url"].removeprefix(server.url)
            secrets.append(re.search(r"[?&]s=([\w-]{43})", path)[1])
            paths.append(path)
        for path in paths:
            for target in (path, path + "&x-y=1", path.replace("?", "?a=1&"), path.replace("&s=", "&%73=")):
                self.get(target, f"Referer: http://x{path}", "User-Agent: a \"b\" \\ é", server=server)
        secrets.append("tok-0123456789-secret")
        self.get(f"/s/priv/secret.txt?token={secrets[-1]}", f"Authorization: Bearer {secrets[-1]}", server=server)
        self.get("/s/pub/nope%0a%22?last", server=server)
        last = self.logged("/s/pub/nope%0a%22?last", server)
        self.assertEqual((last["status"], last["method"], last["client"]), (404, "GET", "127.0.0.1"))
        records = self.log_lines(server)
        self.assertEqual(len(records), 10)
        self.assertEqual([r["status"] for r in records].count(200), 4)
        everything = (self.own / "access.log").read_text() + server.process.output()
        for secret in secrets:
            self.assertNotIn(secret, everything)

    def test_every_answer_is_logged_once_under_load(self):
        server = self.begin()
        clients = [self.connect(server) for _ in range(10)]
        for number, client in enumerate(clients):
            for turn in range(100):
                client.ask(f"/s/pub/small.txt?{number}-{turn}")
        for client in clients:
            for _ in range(100):
                self.assertEqual(client.answer().status, 200)
        self.assertEqual(server.drain(seconds(30)), 0)
        targets = sorted(record["target"] for record in self.log_lines(server))
        self.assertEqual(targets, sorted(f"/s/pub/small.txt?{n}-{t}" for n in range(10) for t in range(100)))


class Ports(Lifecycle):
    def refused(self, data, **more):
        """A server that must not start: what it said."""
        options = {"listen": "127.0.0.1:0", "admin-listen": "127.0.0.1:0", **more}
        argv = [self.server.binary, "--no-gui", "--data", data, "--public-share", f"pub={self.pub}"]
        for name, value in options.items():
            argv += [f"--{name}"] + ([value] if value else [])
        with Process(argv, env={"XDG_RUNTIME_DIR": str(self.base / "run")}) as child:
            self.assertEqual(child.wait(seconds(30)), 1, child.tail())
            self.assertEqual(child.output("out"), "")
            return child.output("err")

    def test_a_port_that_is_taken(self):
        said = self.refused(self.own, listen=f"127.0.0.1:{self.server.port}")
        self.assertIn(str(self.server.port), said)
        self.assertRegex(said, "(?i)in use|taken")
        with socket.create_server(("127.0.0.1", 0)) as other:
            port = other.getsockname()[1]
            for name in ("listen", "admin-listen"):
                with self.subTest(name):
                    self.assertIn(str(port), self.refused(self.own, **{name: f"127.0.0.1:{port}"}))
        self.assert_serves()

    def test_two_processes_on_one_port(self):
        folders = [self.base / f"join{n}" for n in (1, 2)]
        servers, port = [], 0
        for folder in folders:
            folder.mkdir()
            (folder / "who.txt").write_text(folder.name)
            servers.append(self.start(self.own / folder.name, public={"pub": folder}, extra=["--join-port"],
                                      listen=f"127.0.0.1:{port}"))
            self.addCleanup(servers[-1].stop)
            port = servers[0].port
        self.assertEqual(servers[1].port, port)
        seen = set()
        wait_until(lambda: seen.add(self.get("/s/pub/who.txt", server=servers[0]).body) or len(seen) == 2, seconds(20))
        self.assertIn(str(port), self.refused(self.own / "third", listen=f"127.0.0.1:{port}"))
        self.assertEqual(servers[0].drain(seconds(30)), 0)
        for _ in range(20):
            self.assertEqual(self.get("/s/pub/who.txt", server=servers[1]).body, b"join2")

    def test_a_data_folder_has_one_server(self):
        said = self.refused(self.data)
        self.assertIn(str(self.server.pid), said)
        self.assertIn(str(self.data), said)
        self.assert_serves()


del ServerTest, Lifecycle

if __name__ == "__main__":
    unittest.main()
