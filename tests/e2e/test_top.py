# SPDX-License-Identifier: GPL-3.0-or-later
"""What was downloaded most, and by whom: /api/v1/top."""

import json
import unittest
import urllib.error
import urllib.request

from common import ServerTest, seconds, some_bytes, wait_until

LARGE = 20_000_000


class TopTest(ServerTest):
    @classmethod
    def fill(cls):
        (cls.pub / "large.bin").write_bytes(some_bytes(LARGE))
        (cls.pub / "deep").mkdir()
        (cls.pub / "deep" / "a file.txt").write_bytes(b"x" * 5000)

    def top(self, server, query="span=minute", token=None):
        own = json.loads((server.data / "admin.json").read_text())["token"]
        request = urllib.request.Request(f"{server.admin_url}/api/v1/top?{query}",
                                         headers={"Authorization": f"Bearer {token or own}"})
        with urllib.request.urlopen(request, timeout=seconds(30)) as answer:
            return json.load(answer)

    @staticmethod
    def files(top):
        return {(one["share"], one["path"], one["archive"]): (one["bytes"], one["downloads"]) for one in top["files"]}

    def wait_for(self, server, name, use, query="span=minute"):
        """Until the list has the file with these bytes and downloads."""
        seen = {}

        def there():
            seen.update(self.files(self.top(server, query)))
            return seen.get(name) == use

        try:
            wait_until(there, seconds(20))
        except Exception:
            self.fail(f"{name} is not {use}: {seen}")

    def test_parts_resumes_and_refusals(self):
        server = self.begin()
        name = ("pub", "large.bin", False)
        self.get("/s/pub/large.bin", "Range: bytes=0-999", server=server)
        self.wait_for(server, name, (1000, 1))
        for first in (1000, 2000, 3000):  # parallel, or the rest of one that was cut off
            self.get("/s/pub/large.bin", f"Range: bytes={first}-{first + 999}", server=server)
        self.wait_for(server, name, (4000, 1))
        entity = self.get("/s/pub/deep/a%20file.txt", server=server)["ETag"]
        self.wait_for(server, ("pub", "deep/a file.txt", False), (5000, 1))
        for fields in (f"If-None-Match: {entity}", "Range: bytes=9000-", 'If-Match: "other"'):
            self.assertIn(self.get("/s/pub/deep/a%20file.txt", fields, server=server).status, (304, 412, 416))
        self.assertEqual(self.get("/s/pub/", server=server).status, 200)
        self.assertEqual(self.get("/s/priv/secret.txt", server=server).status, 403)
        self.get("/s/pub/small.txt", server=server)
        self.wait_for(server, ("pub", "small.txt", False), (14, 1))  # so what came before has been seen, too
        top = self.top(server)
        self.assertEqual(self.files(top), {("pub", "deep/a file.txt", False): (5000, 1), name: (4000, 1),
                                           ("pub", "small.txt", False): (14, 1)})
        self.assertEqual([one["path"] for one in top["files"]], ["deep/a file.txt", "large.bin", "small.txt"])
        self.assertEqual(top["clients"], [{"address": "127.0.0.1", "bytes": 9014, "downloads": 3}])
        self.assertEqual(top["links"], [])

    def test_a_running_download_is_in_it(self):
        server = self.begin()
        with self.connect(server) as slow:
            slow.send(b"GET /s/pub/large.bin HTTP/1.1\r\nHost: a\r\n\r\n")
            wait_until(lambda: self.files(self.top(server)).get(("pub", "large.bin", False), (0, 0))[1] == 1,
                       seconds(20))  # it reads nothing: what the system holds for it was sent
            sent, _ = self.files(self.top(server))["pub", "large.bin", False]
            self.assertLess(sent, LARGE)
            body = slow.answer().body
            self.assertEqual(len(body), LARGE)
        self.wait_for(server, ("pub", "large.bin", False), (LARGE, 1))

    def test_links_without_their_secrets_and_over_a_restart(self):
        data = self.base / "restarted"
        server = self.begin(data)
        link = self.command("link", "create", "pub/deep", "--note", "For Ann", server=server)
        token = self.command("token", "create", "reader", "--scope", "download,view", server=server)["token"]
        path, query = link["url"][link["url"].index("/d/"):].split("?")
        path = path.rstrip("/")
        self.assertEqual(self.get(f"{path}/a%20file.txt?{query}", server=server).status, 200)
        self.assertEqual(self.get(f"{path}/?{query}&zip", server=server).status, 200)
        self.assertEqual(self.get(f"/s/priv/secret.txt?token={token}", server=server).status, 200)
        self.wait_for(server, ("priv", "secret.txt", False), (11, 1))
        wait_until(lambda: [one["downloads"] for one in self.top(server)["links"]] == [2], seconds(20))
        before = self.top(server, "span=day")
        self.assertEqual([(one["id"], one["share"], one["path"], one["note"], one["downloads"])
                          for one in before["links"]], [(link["id"], "pub", "deep", "For Ann", 2)])
        self.assertEqual({name for name in self.files(before)},
                         {("pub", "deep", True), ("pub", "deep/a file.txt", False), ("priv", "secret.txt", False)})
        self.get("/s/pub/small.txt", server=server)  # in the second before the end
        self.assertEqual(server.drain(seconds(30)), 0)

        kept = (data / "top.bin").read_bytes()
        self.assertEqual((data / "top.bin").stat().st_mode & 0o777, 0o600)
        self.assertIn(b"deep/a file.txt", kept)
        for secret in (token, query, *(part.split("=")[1] for part in query.split("&") if len(part) > 12)):
            self.assertNotIn(secret.encode(), kept)
            self.assertNotIn(secret, json.dumps(before))

        server = self.begin(data)
        after = self.top(server, "span=day")
        self.assertEqual(after["links"], before["links"])
        self.assertEqual(self.files(after), self.files(before) | {("pub", "small.txt", False): (14, 1)})
        self.assertEqual(self.top(server, "span=day&limit=1")["files"], after["files"][:1])
        self.assertEqual(self.top(server, "span=day", token)["files"], after["files"], "who may look, may see it")
        for wrong in ("span=week", "limit=0", "limit=51"):
            with self.assertRaises(urllib.error.HTTPError) as refused:
                self.top(server, wrong)
            self.assertEqual(refused.exception.code, 400)


if __name__ == "__main__":
    unittest.main()
