# SPDX-License-Identifier: GPL-3.0-or-later
"""The audit log of a running server: who changed what, durable before it is acknowledged, and changes of it show."""

import json
import threading
import unittest
import urllib.error
import urllib.request

from common import ProcessError, ServerTest, run, seconds, wait_until


class AuditTest(ServerTest):
    def admin(self, method, path, body=None, token=None, server=None):
        server = server or self.server
        own = json.loads((server.data / "admin.json").read_text())["token"]
        request = urllib.request.Request(
            server.admin_url + path, method=method, data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {token or own}", "Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=seconds(30)) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    def newest(self, operation, server=None):
        return next(e for e in self.command("audit", "show", server=server) if e["operation"] == operation)

    def verify(self, data, *more):
        """(exit code, what it printed, errors)"""
        return run([self.server.binary, "audit", "verify", "--data", data, "--json", *more], timeout=seconds(60))

    def test_who_what_old_and_new(self):
        folder = self.base / "audited"
        folder.mkdir()
        self.command("share", "add", "audited", folder)
        status, _ = self.admin("PATCH", "/api/v1/shares/audited", {"public": True})
        self.assertEqual(status, 200)
        entry = self.newest("share.update")
        self.assertEqual((entry["by"], entry["from"], entry["outcome"]), ("owner", "127.0.0.1", "done"))
        self.assertEqual((entry["before"]["public"], entry["after"]["public"]), (False, True))

        token = self.command("token", "create", "ci", "--scope", "share")
        link = self.admin("POST", "/api/v1/links", {"target": "audited", "password": "open sesame"}, token["token"])[1]
        entry = self.newest("link.create")
        self.assertEqual((entry["by"], entry["token_id"], entry["token_name"]), ("token", token["id"], "ci"))
        self.admin("GET", f"/api/v1/links/{link['id']}", token=token["token"])
        self.assertEqual(self.newest("link.show")["given"], {"id": link["id"]}, "its URL was shown")
        self.assertEqual(self.admin("PATCH", "/api/v1/shares/nothing", {"public": True})[0], 404)
        entry = self.newest("share.update")
        self.assertEqual((entry["outcome"], entry["error"]["code"]), ("failed", "not-found"))

        log = (self.server.data / "audit.log").read_text()
        for secret in (token["token"], link["url"].split("s=")[1], "open sesame"):
            self.assertNotIn(secret, log)
        self.assertEqual(self.verify(self.server.data)[0], 0)
        self.assertTrue(self.admin("GET", "/api/v1/audit/verify")[1]["good"])
        self.assertEqual(self.admin("GET", "/api/v1/audit?limit=1")[1]["entries"][0]["operation"], "share.update")

    def test_a_command_without_a_server_is_recorded_too(self):
        data = self.base / "alone"
        server = self.begin(data)
        server.drain(seconds(30))
        self.command("share", "add", "other", self.pub, server=server)
        entry = self.newest("share.add", server)
        self.assertEqual((entry["by"], "from" in entry), ("command-line", False))

    def test_nothing_acknowledged_is_missing_after_a_kill(self):
        data, acknowledged = self.base / "killed", set()
        for _ in range(6):
            server, stop = self.start(data), threading.Event()

            def create(server=server, stop=stop):
                while not stop.is_set():
                    try:
                        code, link, _ = server.command("link", "create", "priv/secret.txt")
                    except (ProcessError, ValueError):
                        continue
                    if code == 0:
                        acknowledged.add(link["id"])

            before, worker = len(acknowledged), threading.Thread(target=create)
            worker.start()
            try:
                wait_until(lambda: len(acknowledged) > before + 2, seconds(60), 0.005)
                server.kill()
            finally:
                stop.set()
                worker.join()
        server = self.start(data)
        entries = self.command("audit", "show", "--limit", "100000", server=server)
        made = {e["after"]["id"] for e in entries if e["operation"] == "link.create" and e["outcome"] == "done"}
        self.assertGreaterEqual(len(acknowledged), 12)
        self.assertEqual(acknowledged - made, set())
        code, printed, errors = self.verify(data)
        self.assertEqual(code, 0, printed + errors)

    def test_a_changed_a_removed_and_a_cut_line_are_named(self):
        data = self.base / "forged"
        server = self.begin(data)
        for name in ("one", "two", "three"):
            self.command("share", "add", name, self.pub, server=server)
        server.drain(seconds(30))
        log = data / "audit.log"
        whole = log.read_text()
        lines = whole.splitlines(keepends=True)
        self.assertEqual(len(lines), 6)

        def faults(text):
            log.write_text(text)
            code, printed, errors = self.verify(data)
            self.assertEqual(code, 1, printed + errors)
            return [fault["line"] for fault in json.loads(printed)["faults"]]

        self.assertEqual(faults(whole.replace('"name":"two"', '"name":"too"', 1)), [3])
        self.assertEqual(faults("".join(lines[:2] + lines[3:])), [3])
        self.assertEqual(faults("".join(lines[:5])), [0])
        log.write_text(whole)
        code, printed, _ = self.verify(data)
        self.assertEqual(code, 0)
        self.assertEqual(self.verify(data, "--head", json.loads(printed)["head"])[0], 0)


if __name__ == "__main__":
    unittest.main()
