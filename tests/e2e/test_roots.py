# SPDX-License-Identifier: GPL-3.0-or-later
"""What somebody at another machine may see and share of the server's: the folders of share_roots, and no more."""

import json
import socket
import ssl
import unittest
import urllib.error
import urllib.parse
import urllib.request

from common import ServerTest, seconds


def own_address():
    """An address of this machine that is not loopback; None where it has none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # nothing is sent
        except OSError:
            return None
        address = probe.getsockname()[0]
    return None if address.startswith(("127.", "0.")) else address


class RootsTest(ServerTest):
    def setUp(self):
        if own_address() is None:
            self.skipTest("this machine has loopback alone, so nobody is elsewhere")

    @classmethod
    def fill(cls):
        cls.root, cls.outside = cls.base / "root", cls.base / "outside"
        (cls.root / "photos" / "2024").mkdir(parents=True)
        (cls.root / ".hidden").mkdir()
        cls.outside.mkdir()
        (cls.root / "photos" / "a.txt").write_bytes(b"picture\n")
        (cls.outside / "secret.txt").write_bytes(b"not yours\n")
        (cls.root / "way out").symlink_to("../outside")
        (cls.root / "shortcut").symlink_to("photos")

    def serve(self):
        server = self.start(self.base / self.id().rsplit(".", 1)[1], admin_listen="0.0.0.0:0")
        invite = self.command("console", "invite", server=server)
        server.far = f"https://{own_address()}:{invite['port']}"
        server.token = self.command("token", "create", "far", "--scope", "admin", server=server)["token"]
        return server

    def far(self, server, method, path, body=None, token=None):
        """From another address than loopback: (status, JSON, type)."""
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # the server's own
        request = urllib.request.Request(
            server.far + path, method=method, data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {token or server.token}", "Content-Type": "application/json"})
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}),
                                             urllib.request.HTTPSHandler(context=context))
        try:
            with opener.open(request, timeout=seconds(30)) as answer:
                return answer.status, json.load(answer), answer.headers["Content-Type"]
        except urllib.error.HTTPError as error:
            return error.code, json.load(error), error.headers["Content-Type"]

    def browse(self, server, path=None, **more):
        query = urllib.parse.urlencode({**({} if path is None else {"path": str(path)}), **more})
        status, answer, _ = self.far(server, "GET", "/api/v1/folders" + ("?" + query if query else ""))
        return status, [entry["name"] for entry in answer["entries"]] if status == 200 else answer["detail"]

    def test_by_default_nothing_new_is_shared_from_elsewhere(self):
        server = self.serve()
        share = {"name": "far", "path": str(self.root)}
        own = json.loads((server.data / "admin.json").read_text())["token"]
        for token in (server.token, own):
            status, answer, kind = self.far(server, "POST", "/api/v1/shares", share, token)
            self.assertEqual((status, kind, answer["code"]), (403, "application/problem+json", "permission-denied"))
            self.assertIn("share_roots", answer["detail"])
            self.assertEqual(self.far(server, "PATCH", "/api/v1/shares/pub", {"path": str(self.root)}, token)[0], 403)
            self.assertEqual(self.far(server, "PATCH", "/api/v1/settings/share_roots", {"value": ["/"]}, token)[0], 403)
            self.assertEqual(self.far(server, "PATCH", "/api/v1/settings/audit.files", {"value": ["1"]}, token)[0], 403)
        self.assertEqual(self.browse(server), (200, []))
        self.assertEqual(self.browse(server, "/etc")[0], 403)
        self.assertEqual(self.far(server, "POST", "/api/v1/links", {"target": "/etc/hostname"})[0], 404)
        # All else is as it was; and who is on this machine shares as ever.
        self.assertEqual(self.far(server, "PATCH", "/api/v1/shares/priv", {"listing": False})[0], 200)
        self.assertEqual(self.far(server, "POST", "/api/v1/links", {"target": "priv"})[0], 200)
        self.command("share", "add", "near", self.root, server=server)
        entry = next(e for e in self.command("audit", "show", server=server)
                     if e["operation"] == "share.add" and e["outcome"] == "failed")
        self.assertEqual(entry["from"], own_address())

    def test_share_roots_are_browsed_and_shared_from(self):
        server = self.serve()
        self.command("config", "set", "share_roots", self.root, server=server)  # it holds at once
        self.assertEqual(self.browse(server), (200, [str(self.root)]))
        self.assertEqual(self.browse(server, self.root), (200, ["photos", "shortcut"]))
        self.assertEqual(self.browse(server, self.root / "photos", files="true"), (200, ["2024", "a.txt"]))
        self.assertEqual(self.browse(server, self.root / "shortcut"), (200, ["2024"]))
        for path, expected in ((self.outside, 403), (self.base, 403), ("/", 403), (self.root / "way out", 404),
                               (self.root / ".hidden", 404), (self.root / "none", 404),
                               (f"{self.root}/../outside", 400), (self.root / "photos" / "a.txt", 400)):
            with self.subTest(path=path):
                self.assertEqual(self.browse(server, path)[0], expected)
                if expected != 400:
                    share = {"name": "x", "path": str(path)}
                    self.assertEqual(self.far(server, "POST", "/api/v1/shares", share)[0], expected)
        status, made, _ = self.far(server, "POST", "/api/v1/shares", {
            "name": "photos", "path": str(self.root / "photos"), "public": True})
        self.assertEqual((status, made["path"]), (200, str((self.root / "photos").resolve())))
        self.assertEqual(self.get("/s/photos/a.txt", server=server).body, b"picture\n")
        viewer = self.command("token", "create", "viewer", "--scope", "view", server=server)["token"]
        self.assertEqual(self.far(server, "GET", "/api/v1/folders", token=viewer)[0], 403)
        self.command("config", "unset", "share_roots", server=server)
        self.assertEqual(self.browse(server), (200, []))

    def test_a_token_stays_inside_over_loopback_too(self):
        server = self.serve()
        self.command("config", "set", "share_roots", self.root, server=server)
        for path, expected in ((self.outside, 403), (self.root / "photos", 200)):
            request = urllib.request.Request(
                server.admin_url + "/api/v1/shares", method="POST",
                data=json.dumps({"name": "x", "path": str(path)}).encode(),
                headers={"Authorization": f"Bearer {server.token}", "Content-Type": "application/json"})
            try:
                with urllib.request.urlopen(request, timeout=seconds(30)) as answer:
                    status = answer.status
            except urllib.error.HTTPError as error:
                status = error.code
            self.assertEqual(status, expected)


if __name__ == "__main__":
    unittest.main()
