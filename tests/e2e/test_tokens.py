# SPDX-License-Identifier: GPL-3.0-or-later
"""API tokens and signing in, as people, scripts and browsers meet them."""

import json
import sqlite3
import urllib.error
import urllib.request

from common import RawClient, ServerTest, client, count_rest, seconds, unittest, wait_until

PAGE = ("Accept: text/html,application/xhtml+xml,*/*;q=0.8", "Sec-Fetch-Dest: document")


class TokenTest(ServerTest):
    @classmethod
    def fill(cls):
        (cls.priv / "sub").mkdir()
        (cls.priv / "sub" / "deep.txt").write_bytes(b"deep\n")
        with open(cls.priv / "big.bin", "wb") as big:
            big.truncate(16 << 30)

    def token(self, *options):
        return self.command("token", "create", self.id().rsplit(".", 1)[1], *options)

    def curl(self, path, *options, browser=False):
        """(status, redirect, body)"""
        fields = [part for field in PAGE for part in ("-H", field)] if browser else []
        code, out, err = client("curl", "-sS", "-w", "\n%{http_code} %{redirect_url}", *fields, *options,
                                f"{self.server.url}{path}")
        self.assertEqual(code, 0, err)
        body, _, last = out.rpartition("\n")
        status, _, redirect = last.partition(" ")
        return int(status), redirect, body

    def stalled_download(self, *fields, target="/s/priv/big.bin"):
        """A download that runs, of which little is read."""
        self.connection = self.connect(receive_buffer=4096)
        self.connection.ask(target, *fields)
        self.assertEqual(self.connection.head().status, 200)
        return self.connection

    def assert_cut(self, connection):
        self.assertLess(count_rest(connection), 16 << 30)


class Tokens(TokenTest):
    def test_header_and_query_open_until_it_is_revoked(self):
        made = self.token()
        self.assertRegex(made["token"], r"^spw_[A-Za-z0-9_-]{43}$")
        self.assertEqual((made["scopes"], made["shares"], made["state"]), (["download", "list"], None, "active"))
        bearer = ("-H", f"Authorization: Bearer {made['token']}")
        self.assertEqual(self.curl("/s/priv/secret.txt", *bearer), (200, "", "between us\n"))
        self.assertEqual(self.curl(f"/s/priv/secret.txt?token={made['token']}")[0], 200)
        self.assertEqual(self.curl("/s/priv/sub/", *bearer)[0], 200)
        self.assertEqual(self.curl("/s/priv/none", *bearer)[0], 404)
        self.assertEqual(self.command("token", "revoke", made["id"])["state"], "revoked")
        for path in ("/s/priv/secret.txt", "/s/priv/none"):
            self.assertEqual(self.curl(path, *bearer)[0], 403)
            self.assertEqual(self.curl(f"{path}?token={made['token']}")[0], 403)

    def test_shown_once_and_kept_as_its_hash(self):
        made = self.token()
        listed = [t for t in self.command("token", "list") if t["id"] == made["id"]]
        self.assertEqual(len(listed), 1)
        self.assertNotIn("token", listed[0])
        with sqlite3.connect(f"file:{self.data}/catalog.db?mode=ro", uri=True) as catalog:
            self.assertNotIn(made["token"], str(catalog.execute("SELECT * FROM tokens").fetchall()))

    def test_scopes_and_shares(self):
        files = self.token("--scope", "download")
        folders = self.token("--scope", "list")
        elsewhere = self.token("--share", "pub")
        for made, expected in ((files, (200, 403)), (folders, (403, 200)), (elsewhere, (403, 403))):
            bearer = ("-H", f"Authorization: Bearer {made['token']}")
            self.assertEqual((self.curl("/s/priv/secret.txt", *bearer)[0], self.curl("/s/priv/sub/", *bearer)[0]),
                             expected)

    def test_expires(self):
        made = self.token("--expires", "1s")
        bearer = ("-H", f"Authorization: Bearer {made['token']}")
        wait_until(lambda: self.curl("/s/priv/secret.txt", *bearer)[0] == 403, seconds(20))

    def test_a_refusal_does_not_tell_what_exists(self):
        def shape(path, *fields):
            answer = self.get(path, *fields)
            problem = json.loads(answer.body)
            problem.pop("request_id", None)
            problem.pop("instance", None)
            names = sorted(name for name, _ in answer.fields)
            return answer.status, names, sorted((k, v) for k, v in problem.items() if "id" not in k)

        first = shape("/s/priv/secret.txt")
        self.assertEqual(first[0], 403)
        for path in ("/s/priv/none", "/s/prix/secret.txt", "/s/priv/", "/s/nobody"):
            for fields in ((), ("Authorization: Bearer spw_x",), ("Cookie: spillway_signin=x",)):
                self.assertEqual(shape(path, *fields), first, (path, fields))

    def test_never_in_the_log_nor_in_a_cache(self):
        made = self.token()
        answer = self.get(f"/s/priv/secret.txt?token={made['token']}", f"Referer: http://x/?token={made['token']}")
        self.assertEqual(answer.status, 200)
        self.assertEqual(answer["Cache-Control"], "private, no-store")
        self.assertEqual(answer["Referrer-Policy"], "no-referrer")
        wait_until(lambda: any("/s/priv/secret.txt?token=" in r["target"] for r in self.log_lines()), seconds(30))
        self.assertNotIn(made["token"], (self.data / "access.log").read_text())
        self.assertNotIn(made["token"], self.server.process.output())

    def test_a_revocation_ends_downloads_that_run(self):
        made = self.token()
        others = self.token()
        stalled = self.stalled_download(f"Authorization: Bearer {made['token']}")
        goes_on = self.stalled_download(f"Authorization: Bearer {others['token']}")
        self.command("token", "revoke", made["id"])
        self.assert_cut(stalled)
        self.assertTrue(goes_on.more())

    def test_the_admin_api_takes_tokens_by_scope(self):
        address = json.loads((self.data / "admin.json").read_text())["address"]

        def ask(token, path, method="GET", body=None):
            request = urllib.request.Request(address + path, method=method, data=body,
                                             headers={"Authorization": f"Bearer {token}",
                                                      "Content-Type": "application/json"})
            try:
                with urllib.request.urlopen(request, timeout=seconds(30)) as answer:
                    return answer.status
            except urllib.error.HTTPError as error:
                with error:
                    return error.code

        new_link = json.dumps({"target": "priv/secret.txt"}).encode()
        for scope, expected in (("view", (200, 403, 403)), ("share", (403, 200, 403)), ("admin", (200, 200, 200)),
                                ("download", (403, 403, 403))):
            token = self.token("--scope", scope)["token"]
            self.assertEqual((ask(token, "/api/v1/shares"), ask(token, "/api/v1/links", "POST", new_link),
                              ask(token, "/api/v1/keys/rotate", "POST", b"")), expected, scope)
        self.assertEqual(ask("spw_" + "A" * 43, "/api/v1/shares"), 401)

    def test_last_use_and_the_token_itself_survive_a_restart(self):
        with self.subTest("another data folder"):
            data = self.base / "again"
            server = self.start(data)
            made = self.command("token", "create", "ci", server=server)
            bearer = f"Authorization: Bearer {made['token']}"
            self.assertEqual(self.get("/s/priv/secret.txt", bearer, server=server).status, 200)
            self.assertEqual(server.drain(), 0)
            self.assertIsNotNone(self.command("token", "list", server=server)[0]["last_used_at"])
            again = self.start(data)
            self.assertEqual(self.get("/s/priv/secret.txt", bearer, server=again).status, 200)


class SignIn(TokenTest):
    def setUp(self):
        self.jar = self.base / f"{self.id()}.jar"
        self.cookies = ("-b", self.jar, "-c", self.jar)

    def assert_signed_in(self, yes=True):
        status, _, _ = self.curl("/s/priv/secret.txt", *self.cookies)
        self.assertEqual(status, 200 if yes else 403)

    def test_the_form(self):
        made = self.token()
        status, _, page = self.curl("/s/priv/sub/", browser=True)
        self.assertEqual(status, 403)
        self.assertIn('<form method="post">', page)
        self.assertEqual(self.curl("/s/priv/sub/", "-d", "token=wrong", browser=True)[0], 403)
        status, redirect, _ = self.curl("/s/priv/sub/?sort=name", *self.cookies, "-d", f"token={made['token']}",
                                        "-H", f"Origin: {self.server.url}", browser=True)
        self.assertEqual((status, redirect), (303, f"{self.server.url}/s/priv/sub/?sort=name"))
        jar = self.jar.read_text()
        self.assertIn("#HttpOnly_127.0.0.1\tFALSE\t/s/priv\tFALSE\t", jar)
        self.assertNotIn(made["token"], jar)
        self.assert_signed_in()
        self.command("token", "revoke", made["id"])
        self.assert_signed_in(False)

    def test_a_token_in_a_pages_address(self):
        made = self.token()
        status, redirect, _ = self.curl(f"/s/priv/sub/?token={made['token']}", *self.cookies, browser=True)
        self.assertEqual((status, redirect), (303, f"{self.server.url}/s/priv/sub/"))
        status, _, body = self.curl(f"/s/priv/sub/?token={made['token']}", "-L", *self.cookies, browser=True)
        self.assertEqual(status, 200)
        self.assertIn("deep.txt", body)
        self.assert_signed_in()

    def test_signing_out(self):
        made = self.token()
        self.curl("/s/priv/", *self.cookies, "-d", f"token={made['token']}", browser=True)
        self.assert_signed_in()
        self.assertIn("Sign out", self.curl("/s/priv/?signout", *self.cookies, browser=True)[2])
        self.assert_signed_in()
        status, redirect, _ = self.curl("/s/priv/?signout", *self.cookies, "-d", "", browser=True)
        self.assertEqual((status, redirect), (303, f"{self.server.url}/s/priv/"))
        self.assert_signed_in(False)

    def test_other_sites_cannot_sign_anybody_in(self):
        made = self.token()
        for origin in ("http://evil.example", "null", "https://127.0.0.1.evil.example"):
            self.assertEqual(self.curl("/s/priv/", "-d", f"token={made['token']}", "-H", f"Origin: {origin}",
                                       browser=True)[0], 403)

    def test_a_cookie_survives_a_restart(self):
        data = self.base / "signed"
        server = self.start(data)
        made = self.command("token", "create", "ci", server=server)
        with RawClient(server.port) as connection:
            body = f"token={made['token']}".encode()
            answer = connection.get("/s/priv/", *PAGE, "Content-Type: application/x-www-form-urlencoded",
                                    f"Content-Length: {len(body)}", method="POST", body=body)
        self.assertEqual(answer.status, 303)
        cookie = "Cookie: " + answer["Set-Cookie"].split(";")[0]
        self.assertEqual(server.drain(), 0)
        self.assertEqual(self.get("/s/priv/secret.txt", cookie, server=self.start(data)).status, 200)


if __name__ == "__main__":
    unittest.main()
