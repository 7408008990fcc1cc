# SPDX-License-Identifier: GPL-3.0-or-later
"""Who a client is behind proxies, and who is refused: trusted proxies, bans by hand and by rule."""

import contextlib
import re
import signal
import sqlite3
import unittest

from common import ServerTest, client, seconds, wait_until

TRUSTED = {"proxy.trusted": "127.0.0.0/8"}
BIG = 64 << 20


def metric(text, name):
    """The value of a sample of /metrics; 0 where it is not there."""
    found = re.search(rf"^{re.escape(name)} (\S+)$", text, re.MULTILINE)
    return float(found[1]) if found else 0.0


class BansTest(ServerTest):
    settings = TRUSTED

    @classmethod
    def fill(cls):
        with open(cls.pub / "big.bin", "wb") as file:
            file.truncate(BIG)

    def curl(self, target, *options, server=None):
        """(status, everything that curl wrote)."""
        code, out, err = client("curl", "-sS", "-i", "--path-as-is", *options, (server or self.server).url + target)
        self.assertEqual(code, 0, err)
        return int(out.split()[1]), out

    def status_from(self, address, target="/s/pub/small.txt", server=None):
        return self.curl(target, "-H", f"X-Forwarded-For: {address}", server=server)[0]


class Clients(BansTest):
    def test_a_trusted_proxy_names_the_client_in_the_log(self):
        for number, (field, client_address) in enumerate((
                ("X-Forwarded-For: 198.51.100.1", "198.51.100.1"),
                ("X-Forwarded-For: 6.6.6.6, 198.51.100.2, 127.0.0.9", "198.51.100.2"),
                ('Forwarded: for="[2001:db8::7]:443";proto=https', "2001:db8::7"),
                ('Forwarded: for=6.6.6.6, for="198.51.100.3"', "198.51.100.3"),
                ("X-Forwarded-For: unknown", "127.0.0.1"),
                ('Forwarded: for=_hidden', "127.0.0.1"))):
            for name in ("small.txt", "big.bin", "none.txt"):
                with self.subTest(field=field, name=name):
                    target = f"/s/pub/{name}?{number}"
                    self.curl(target, "-H", field, "-o", "/dev/null", "-w", "x 0")
                    line = self.logged(target)
                    self.assertEqual(line["client"], client_address)
                    self.assertEqual(line.get("peer"), None if client_address == "127.0.0.1" else "127.0.0.1")

    def test_nobody_else_is_believed(self):
        server = self.begin(proxy__trusted="192.0.2.0/24")
        self.curl("/s/pub/small.txt?spoof", "-H", "X-Forwarded-For: 198.51.100.1", server=server)
        self.assertEqual(self.logged("/s/pub/small.txt?spoof", server)["client"], "127.0.0.1")

    def test_a_proxy_that_nobody_trusts_is_named_once(self):
        server = self.begin()
        with self.connect(server) as proxy:
            for _ in range(50):
                self.assertEqual(proxy.get("/s/pub/small.txt", "X-Forwarded-For: 198.51.100.1").status, 200)
        server.process.wait_line("set proxy.trusted.*127.0.0.1", seconds(20), tag="err")
        with self.connect(server) as proxy:
            for _ in range(50):
                proxy.get("/s/pub/small.txt", "Forwarded: for=198.51.100.1")
        self.assertEqual(server.process.output("err").count("proxy.trusted"), 1)

    def test_a_reload_changes_who_is_trusted(self):
        server = self.begin()
        with self.connect(server) as proxy:
            for number, trusted in enumerate(("[]", '["127.0.0.1"]', '["10.0.0.0/8"]')):
                (server.data / "spillway.toml").write_text(f"[proxy]\ntrusted = {trusted}\n")
                before = server.process.output("err").count("settings were reloaded")
                server.process.signal(signal.SIGHUP)
                wait_until(lambda: server.process.output("err").count("settings were reloaded") > before, seconds(20))
                # On a connection that was there before, too; the new list is on its way to the workers.
                wanted = "198.51.100.1" if number == 1 else "127.0.0.1"

                def seen():
                    target = f"/s/pub/small.txt?reload{number}"
                    proxy.get(target, "X-Forwarded-For: 198.51.100.1")
                    return self.logged(target, server)["client"] == wanted

                wait_until(seen, seconds(20))


class ByHand(BansTest):
    def test_a_banned_address_is_refused_and_another_is_not(self):
        added = self.command("ban", "add", "203.0.113.5", "--for", "1d", "--reason", "too curious")
        self.assertEqual((added["address"], added["by_hand"], added["reason"]), ("203.0.113.5", True, "too curious"))
        self.assertEqual(added["until"] - added["created_at"], 86400)
        status, text = self.curl("/s/pub/small.txt", "-H", "X-Forwarded-For: 203.0.113.5")
        self.assertEqual(status, 403)
        self.assertIn("banned here until", text)
        self.assertIn("connection: close", text.lower())
        status, text = self.curl("/s/pub/small.txt", "-H", "X-Forwarded-For: 203.0.113.5", "-H", "Accept: text/html")
        self.assertEqual(status, 403)
        self.assertIn("<html", text)
        self.assertEqual(self.status_from("203.0.113.6"), 200)
        self.assertEqual(self.status_from("203.0.113.5, 127.0.0.2"), 403)
        self.assertEqual(self.curl("/s/pub/small.txt")[0], 200)
        self.assertEqual([ban["address"] for ban in self.command("ban", "list")], ["203.0.113.5"])
        lifted = self.command("ban", "lift", "203.0.113.5")
        self.assertEqual(lifted["address"], "203.0.113.5")
        self.assertEqual(self.status_from("203.0.113.5"), 200)
        self.assertEqual(self.command("ban", "list"), [])

    def test_an_ipv6_network_is_one_client(self):
        self.assertEqual(self.command("ban", "add", "2001:db8:1:2::77")["address"], "2001:db8:1:2::/64")
        self.addCleanup(self.command, "ban", "lift", "2001:db8:1:2::/64")
        self.assertEqual(self.status_from("2001:db8:1:2:3::1"), 403)
        self.assertEqual(self.status_from("2001:db8:1:3::1"), 200)
        self.assertIn("banned here", self.curl("/", "-H", "X-Forwarded-For: 2001:db8:1:2::1")[1])

    def test_a_running_download_is_not_ended(self):
        with self.connect(receive_buffer=65536) as download:
            download.ask("/s/pub/big.bin", "X-Forwarded-For: 203.0.113.9")
            download.head()
            got = len(download.take(1 << 20))
            self.command("ban", "add", "203.0.113.9")
            self.addCleanup(self.command, "ban", "lift", "203.0.113.9")
            self.assertEqual(self.status_from("203.0.113.9"), 403)
            self.assertEqual(len(download.take(BIG - got)), BIG - got)
            self.assertEqual(download.get("/s/pub/small.txt", "X-Forwarded-For: 203.0.113.9").status, 403)
            self.assertTrue(download.closed())

    def test_what_cannot_be_banned_is_refused(self):
        for address in ("127.0.0.1", "::1", "0.0.0.0", "203.0.113.0/24", "2001:db8::/48", "host", "1.2.3"):
            with self.subTest(address):
                code, printed, _ = self.server.command("ban", "add", address)
                self.assertEqual((code, printed["error"]["code"]), (1, "invalid-argument"))
        code, printed, _ = self.server.command("ban", "lift", "203.0.113.77")
        self.assertEqual((code, printed["error"]["code"]), (1, "not-found"))
        for words in (("ban", "add", "203.0.113.5", "--for", "never"), ("ban", "add"), ("ban", "lift")):
            self.assertEqual(self.server.command(*words)[0], 2)

    def test_a_ban_survives_the_server(self):
        server = self.begin(proxy__trusted="127.0.0.1")
        self.command("ban", "add", "203.0.113.5", server=server)
        self.command("ban", "add", "203.0.113.6", server=server)
        self.assertEqual(server.kill(), -signal.SIGKILL)
        self.assertEqual([ban["address"] for ban in self.command("ban", "list", server=server)],
                         ["203.0.113.5", "203.0.113.6"])
        self.command("ban", "lift", "203.0.113.6", server=server)  # straight in the catalog
        self.command("ban", "add", "203.0.113.7", "--for", "1h", server=server)
        again = self.begin(server.data, proxy__trusted="127.0.0.1")
        self.assertEqual([self.status_from(f"203.0.113.{n}", server=again) for n in (5, 6, 7)], [403, 200, 403])

    def test_bans_show_in_the_metrics(self):
        server = self.begin(proxy__trusted="127.0.0.1")
        self.command("ban", "add", "203.0.113.5", server=server)
        for _ in range(3):
            self.assertEqual(self.status_from("203.0.113.5", server=server), 403)
        text = self.get_metrics(server)
        self.assertEqual(metric(text, "spillway_bans"), 1)
        self.assertEqual(metric(text, "spillway_banned_requests_total"), 3)
        self.curl("/", "-H", "Forwarded: for=unknown", server=server)
        self.assertEqual(metric(self.get_metrics(server), "spillway_forwarded_unusable_total"), 1)

    def get_metrics(self, server):
        code, out, err = client("curl", "-sS", server.admin_url + "/metrics")
        self.assertEqual(code, 0, err)
        return out


class ByRule(BansTest):
    def forged(self, server, number):
        """A link of the server's with another signature."""
        if not hasattr(self, "url"):
            self.url = self.command("link", "create", "priv/secret.txt", server=server)["url"]
        path, query = re.sub(r"^https?://[^/]+", "", self.url).split("?")
        return f"{path}?{re.sub(r's=[^&]*', 's=' + f'{number:043}', query)}"

    def test_wrong_signatures_ban_their_client_only(self):
        server = self.begin(proxy__trusted="127.0.0.1", bans__threshold="5", bans__duration="1h")
        for number in range(4):
            self.assertEqual(self.status_from("203.0.113.50", self.forged(server, number), server), 403)
        for _ in range(30):  # one bad link, opened again and again
            self.assertEqual(self.status_from("203.0.113.51", self.forged(server, 1), server), 403)
        self.assertEqual(self.command("ban", "list", server=server), [])
        self.assertEqual(self.status_from("203.0.113.50", server=server), 200)
        self.status_from("203.0.113.50", self.forged(server, 4), server)
        self.assertEqual(self.status_from("203.0.113.50", server=server), 403)
        self.assertEqual(self.status_from("203.0.113.51", server=server), 200)
        (ban,) = self.command("ban", "list", server=server)
        self.assertEqual((ban["address"], ban["by_hand"], ban["offences"]), ("203.0.113.50", False, 1))
        self.assertEqual(ban["until"] - ban["created_at"], 3600)
        server.process.wait_line("an address is banned.*203.0.113.50", seconds(20), tag="err")
        wait_until(lambda: self.rows(server), seconds(20))
        self.assertEqual(server.kill(), -signal.SIGKILL)
        again = self.begin(server.data, proxy__trusted="127.0.0.1", bans__threshold="5", bans__duration="1h")
        self.assertEqual(self.status_from("203.0.113.50", server=again), 403)
        self.command("ban", "lift", "203.0.113.50", server=again)
        self.assertEqual(self.status_from("203.0.113.50", server=again), 200)
        self.assertEqual(self.rows(again), 0)

    def test_loopback_and_the_list_are_never_banned(self):
        server = self.begin(proxy__trusted="127.0.0.1", bans__threshold="3", bans__never="203.0.113.0/24")
        for number in range(20):
            for address in ("203.0.113.60", "127.0.0.1", "unknown"):
                self.assertEqual(self.status_from(address, self.forged(server, number), server), 403)
        self.assertEqual(self.status_from("203.0.113.60", server=server), 200)
        self.assertEqual(self.curl("/s/pub/small.txt", server=server)[0], 200)
        self.assertEqual(self.command("ban", "list", server=server), [])

    def rows(self, server):
        with contextlib.closing(sqlite3.connect(server.data / "catalog.db")) as catalog:
            return catalog.execute("SELECT count(*) FROM bans").fetchone()[0]


if __name__ == "__main__":
    unittest.main()
