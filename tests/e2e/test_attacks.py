# SPDX-License-Identifier: GPL-3.0-or-later
"""Floods and slow clients: memory keeps within its budget, and a client that behaves is served meanwhile."""

import concurrent.futures
import random
import re
import unittest

from common import SLOW, ServerTest, client, procfs, seconds, wait_until
from support.rawhttp import Cut

MIB = 1 << 20
# Of growth, for what any of these does. A sanitizer keeps what is freed for a while.
BUDGET_KIB = (24 << 10) * (1 if SLOW == 1 else 20)


class AttackTest(ServerTest):
    settings = {"proxy.trusted": "127.0.0.1", "limits.clients": "1024", "http.head_timeout": "3s", "log.access": "off"}

    @classmethod
    def fill(cls):
        with open(cls.pub / "big.bin", "wb") as file:
            file.truncate(256 * MIB)

    def setUp(self):
        for _ in range(3):  # what is allocated once is no growth
            self.assert_serves()

    def memory(self):
        return procfs.memory_kib([self.server.pid])["anonymous"]

    def assert_within_budget(self, before):
        self.assertLess(self.memory() - before, BUDGET_KIB)

    def metric(self, name):
        code, text, err = client("curl", "-sS", self.server.admin_url + "/metrics")
        self.assertEqual(code, 0, err)
        return float(re.search(rf"^{re.escape(name)} (\S+)$", text, re.MULTILINE)[1])

    def flood(self, heads, pipelined=50):
        """Sends all heads on connections that are opened anew when the server closes them; answers are read away."""
        sent = 0
        while sent < len(heads):
            with self.connect() as attacker:
                while sent < len(heads):
                    batch = heads[sent:sent + pipelined]
                    attacker.send("".join(batch).encode())
                    try:
                        for _ in batch:
                            attacker.answer()
                            sent += 1
                    except Cut:
                        sent += 1  # not answered: the one before was refused with a closed connection
                        break

    def test_made_up_addresses_take_no_memory(self):
        link = self.command("link", "create", "priv/secret.txt")["url"]
        path, query = re.sub(r"^https?://[^/]+", "", link).split("?")
        chance = random.Random(7)

        def heads(count):
            made = []
            for number in range(count):
                address = f"[2001:db8:{chance.randrange(1 << 16):x}:{chance.randrange(1 << 16):x}::1]"
                forged = re.sub(r"s=[^&]*", f"s={number:043}", query)
                made.append(f'GET {path}?{forged} HTTP/1.1\r\nHost: a\r\nForwarded: for="{address}"\r\n\r\n')
            return made

        self.flood(heads(4000))
        before = self.memory()
        forgotten = self.metric('spillway_bound_hits_total{bound="ban_book"}')
        self.flood(heads(40_000))
        self.assert_within_budget(before)
        self.assertLessEqual(self.metric("spillway_ban_book_addresses"), 1024)
        self.assertGreater(self.metric('spillway_bound_hits_total{bound="ban_book"}'), forgotten)
        self.assert_serves()

    def test_a_login_flood_bans_its_client_alone(self):
        heads = [f"GET /s/priv/secret.txt?token={number:043} HTTP/1.1\r\nHost: a\r\n"
                 "X-Forwarded-For: 203.0.113.66\r\n\r\n" for number in range(3000)]
        before = self.memory()
        with concurrent.futures.ThreadPoolExecutor(1) as attacker:
            flood = attacker.submit(self.flood, heads)
            while not flood.done():
                answer = self.get("/s/pub/small.txt", "X-Forwarded-For: 203.0.113.67")
                self.assertEqual(answer.status, 200)
            flood.result()
        self.assert_within_budget(before)
        self.assertEqual(self.get("/s/pub/small.txt", "X-Forwarded-For: 203.0.113.67").status, 200)

    def test_slow_heads_end_and_hold_nobody_up(self):
        before = self.memory()
        crowd = [self.connect() for _ in range(400)]
        for number, slow in enumerate(crowd):
            slow.send(b"GET /s/pub/small.txt HTTP/1.1\r\nHost: a\r\nX: "[:number % 45 + 1])
        self.assert_serves()
        self.assert_within_budget(before)
        ended = self.metric('spillway_connections_ended_total{reason="head_timeout"}')
        wait_until(lambda: self.metric('spillway_connections_ended_total{reason="head_timeout"}') >= 400, seconds(60))
        self.assertLessEqual(ended, 400)
        self.assert_serves()

    def test_readers_that_stand_still_cost_little(self):
        before = self.memory()
        crowd = [self.connect(receive_buffer=4096) for _ in range(200)]
        for still in crowd:
            still.ask("/s/pub/big.bin")
        for still in crowd:
            still.head()
        self.assert_serves()
        self.assert_within_budget(before)
        self.assert_idle()


if __name__ == "__main__":
    unittest.main()
