# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules of links: made, changed while downloads run, taken away."""

import json
import subprocess

from common import ServerTest, client, count_rest, seconds, sha256, unittest, wait_until

BIG = 16 << 30
PAGE = ("-H", "Accept: text/html,*/*;q=0.8", "-H", "Sec-Fetch-Dest: document")


class LinkRules(ServerTest):
    @classmethod
    def fill(cls):
        with open(cls.priv / "big.bin", "wb") as big:
            big.truncate(BIG)
        with open(cls.priv / "some.bin", "wb") as some:
            some.truncate(8 << 20)

    def link(self, *options, path="priv/secret.txt"):
        return self.command("link", "create", path, *options)

    def update(self, link, *options):
        return self.command("link", "update", link["id"], *options)

    def with_password(self, password, *words):
        done = subprocess.run([self.server.binary, *words, "--password-stdin", "--data", self.data, "--json"],
                              input=password + "\n", capture_output=True, text=True, timeout=seconds(60))
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def curl(self, link, *options):
        code, out, err = client("curl", "-sS", "-w", "\n%{http_code}", *options, link["url"])
        self.assertEqual(code, 0, err)
        body, _, status = out.rpartition("\n")
        return int(status), body

    def start_download(self, link):
        connection = self.connect(receive_buffer=4096)
        connection.ask("/" + link["url"].split("/", 3)[3])
        self.assertEqual(connection.head().status, 200)
        return connection

    def test_what_is_given_is_shown(self):
        link = self.link("--max-downloads", "3", "--rate", "1MiB/s", "--allow", "127.0.0.0/8", "--allow",
                         "10.0.0.0/8", "--concurrency", "2", "--note", "for Ann", "--no-page", "--expires", "1h")
        shown = self.command("link", "show", link["id"])
        for name, value in (("max_downloads", 3), ("rate", 1 << 20), ("allow", ["127.0.0.0/8", "10.0.0.0/8"]),
                            ("concurrency", 2), ("note", "for Ann"), ("page", False), ("password", False)):
            self.assertEqual(shown[name], value, name)
        bare = self.update(link, "--max-downloads", "none", "--rate", "none", "--allow", "none", "--concurrency",
                           "none", "--expires", "never", "--page")
        for name, value in (("max_downloads", None), ("rate", 0), ("allow", []), ("concurrency", 0),
                            ("note", "for Ann"), ("page", True), ("expires_at", None)):
            self.assertEqual(bare[name], value, name)

    def test_a_password_for_programs(self):
        link = self.with_password("correct horse", "link", "create", "priv/secret.txt")
        self.assertTrue(link["password"])
        code, out, _ = client("curl", "-sS", "-i", link["url"])
        self.assertEqual(code, 0)
        self.assertIn(" 401 ", out.splitlines()[0])
        self.assertIn('www-authenticate: Basic realm="', out.replace("WWW-Authenticate", "www-authenticate"))
        self.assertEqual(self.curl(link, "-u", "ann:wrong")[0], 401)
        self.assertEqual(self.curl(link, "-u", "ann:correct horse"), (200, "between us\n"))
        self.assertEqual(self.curl(link, "-u", ":correct horse", "-r", "0-6"), (206, "between"))
        self.with_password("battery staple", "link", "update", link["id"])
        self.assertEqual(self.curl(link, "-u", "ann:correct horse")[0], 401)
        self.assertEqual(self.curl(link, "-u", "ann:battery staple")[0], 200)
        self.update(link, "--no-password")
        self.assertEqual(self.curl(link)[0], 200)
        self.assertNotIn("argon2", json.dumps(self.command("link", "show", link["id"])))

    def test_a_password_for_people(self):
        link = self.with_password("correct horse", "link", "create", "priv/secret.txt")
        jar = ("-b", self.base / "link.jar", "-c", self.base / "link.jar")
        status, page = self.curl(link, *PAGE)
        self.assertEqual(status, 403)
        self.assertIn('name="password"', page)
        self.assertNotIn("secret.txt", page)
        self.assertEqual(self.curl(link, *PAGE, *jar, "-d", "password=wrong")[0], 403)
        self.assertEqual(self.curl(link, *PAGE, *jar, "-d", "password=correct+horse")[0], 303)
        self.assertIn(f"\t/d/{link['id']}\t", (self.base / "link.jar").read_text())
        self.assertEqual(self.curl(link, *jar), (200, "between us\n"))
        self.assertEqual(self.curl(link)[0], 401)

    def test_parallel_ranges_of_one_client(self):
        link = self.with_password("correct horse", "link", "create", "priv/some.bin")
        target = self.base / "parallel.bin"
        code, _, err = client("aria2c", "-q", "-x8", "-s8", "-k1M", "--http-user=ann", "--http-passwd=correct horse",
                              "--http-auth-challenge=true", "-d", self.base, "-o", target.name, link["url"])
        self.assertEqual(code, 0, err)
        self.assertEqual(sha256(target), sha256(self.priv / "some.bin"))

    def test_address_blocks(self):
        link = self.link("--allow", "10.0.0.0/8")
        self.assertEqual(self.curl(link)[0], 403)
        self.update(link, "--allow", "127.0.0.1")
        self.assertEqual(self.curl(link)[0], 200)
        self.update(link, "--allow", "none")
        self.assertEqual(self.curl(link)[0], 200)

    def test_running_downloads_end_with_their_link(self):
        changes = {"revoked": lambda l: self.command("link", "revoke", l["id"]),
                   "expired": lambda l: self.update(l, "--expires", "1s"),
                   "not allowed": lambda l: self.update(l, "--allow", "10.0.0.0/8"),
                   "locked": lambda l: self.with_password("new", "link", "update", l["id"])}
        for name, change in changes.items():
            with self.subTest(name):
                link, other = self.link(path="priv/big.bin"), self.link(path="priv/big.bin")
                cut, goes_on = self.start_download(link), self.start_download(other)
                change(link)
                self.assertLess(count_rest(cut), BIG)
                self.assertTrue(goes_on.more())

    def test_a_running_download_takes_a_new_rate(self):
        link = self.link("--rate", "1KiB/s", path="priv/some.bin")
        connection = self.start_download(link)
        self.assertTrue(connection.more())
        self.update(link, "--rate", "none")
        # At 1 KiB a second it would take two hours.
        self.assertEqual(len(connection.take(8 << 20)), 8 << 20)

    def test_new_links_use_the_new_key(self):
        old = self.link()
        key = self.command("key", "rotate")["id"]
        new = self.link()
        self.assertIn(f"?k={key}&", new["url"])
        self.assertEqual((self.curl(old)[0], self.curl(new)[0]), (200, 200))
        running = self.start_download(self.link(path="priv/big.bin"))
        self.command("key", "rotate")
        self.command("key", "retire", old["key"])
        self.assertEqual((self.curl(old)[0], self.curl(new)[0]), (403, 200))
        self.assertTrue(running.more())
        self.command("key", "retire", key)
        self.assertLess(count_rest(running), BIG)

    def test_passwords_are_in_no_log(self):
        link = self.with_password("correct horse", "link", "create", "priv/secret.txt")
        self.curl(link, "-u", "ann:correct horse")
        self.curl(link, *PAGE, "-d", "password=correct+horse")
        wait_until(lambda: any(r["link"] == link["id"] and r["status"] == 303 for r in self.log_lines()
                               if "link" in r), seconds(30))
        text = (self.data / "access.log").read_text() + self.server.process.output()
        for secret in ("correct horse", "correct+horse", link["url"].rsplit("s=", 1)[1]):
            self.assertNotIn(secret, text)


if __name__ == "__main__":
    unittest.main()
