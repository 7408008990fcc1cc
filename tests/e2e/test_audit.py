# SPDX-License-Identifier: GPL-3.0-or-later
"""The audit log of a running server: who changed what, durable before it is acknowledged, and changes of it show."""

import http.client
import json
import signal
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


class Changes(AuditTest):
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
        self.assertEqual(len(lines), 10)  # two shares at the start, and these three

        def faults(text):
            log.write_text(text)
            code, printed, errors = self.verify(data)
            self.assertEqual(code, 1, printed + errors)
            return [fault["line"] for fault in json.loads(printed)["faults"]]

        self.assertEqual(faults(whole.replace('"name":"two"', '"name":"too"', 1)), [7])
        self.assertEqual(faults("".join(lines[:6] + lines[7:])), [7])
        self.assertEqual(faults("".join(lines[:9])), [0])
        log.write_text(whole)
        code, printed, _ = self.verify(data)
        self.assertEqual(code, 0)
        self.assertEqual(self.verify(data, "--head", json.loads(printed)["head"])[0], 0)


class WithoutAnOperation(AuditTest):
    """What changes without anybody asking the admin API for it."""

    def entries(self, server, operation, by):
        return [e for e in self.command("audit", "show", "--limit", "1000", server=server)
                if (e["operation"], e["by"]) == (operation, by)]

    def test_shares_of_the_command_line(self):
        data = self.base / "given"
        server = self.start(data, public={"pub": self.pub}, shares={"priv": self.priv})
        added = self.entries(server, "share.add", "command-line")
        self.assertEqual({e["after"]["name"]: e["after"]["public"] for e in added}, {"pub": True, "priv": False})
        server.drain(seconds(30))
        again = self.start(data, public={"pub": self.pub}, shares={"priv": self.priv})
        self.assertEqual(self.entries(again, "share.add", "command-line"), added, "it was so already")
        self.assertEqual(self.entries(again, "share.update", "command-line"), [])
        again.drain(seconds(30))
        third = self.start(data, public={"pub": self.pub, "priv": self.pub}, shares={})
        (changed,) = self.entries(third, "share.update", "command-line")
        self.assertEqual((changed["before"]["public"], changed["after"]["public"]), (False, True))
        self.assertEqual(changed["before"]["path"], str(self.priv.resolve()))
        self.assertEqual(changed["after"]["path"], str(self.pub.resolve()))
        self.assertEqual(self.verify(data)[0], 0)

    def test_a_reloaded_settings_file(self):
        server = self.begin()
        (server.data / "spillway.toml").write_text('[http]\nidle_timeout = "33s"\n')
        server.process.signal(signal.SIGHUP)
        (entry,) = wait_until(lambda: self.entries(server, "setting.set", "settings-file"), seconds(20))
        self.assertEqual((entry["given"]["name"], entry["outcome"]), ("http.idle_timeout", "done"))
        self.assertEqual((entry["before"]["value"], entry["after"]["value"]), (["1m15s"], ["33s"]))
        # Edited once more, and found by a change here.
        (server.data / "spillway.toml").write_text('[http]\nidle_timeout = "34s"\n')
        self.command("config", "set", "http.head_timeout", "11s", server=server)
        found = wait_until(lambda: self.entries(server, "setting.set", "settings-file")[:-1], seconds(20))
        self.assertEqual([e["after"]["value"] for e in found], [["34s"]])
        self.assertEqual(len(self.entries(server, "setting.set", "owner")), 1)
        server.drain(seconds(30))
        self.assertEqual(self.verify(server.data)[0], 0)

    def test_a_ban_by_rule(self):
        server = self.begin(proxy__trusted="127.0.0.1", bans__threshold="3")
        for number in range(4):
            self.get(f"/s/priv/secret.txt?token=wrong{number}", "X-Forwarded-For: 203.0.113.50", server=server)
        (entry,) = wait_until(lambda: self.entries(server, "ban.add", "rule"), seconds(20))
        self.assertEqual((entry["after"]["address"], entry["after"]["by_hand"]), ("203.0.113.50", False))
        self.assertNotIn("wrong1", (server.data / "audit.log").read_text())

    def test_a_mode_by_rule(self):
        server = self.begin(overload__disk_free="1TiB")
        (entry,) = wait_until(lambda: self.entries(server, "mode.set", "rule"), seconds(20))
        self.assertEqual((entry["given"]["mode"], entry["before"]["active"], entry["after"]["active"]),
                         ("read-only", False, True))
        self.assertTrue(entry["after"]["reason"])


class Rotation(AuditTest):
    settings = {"audit.file_size": "64KiB"}

    def aside(self, data):
        return sorted(int(file.name.rsplit(".", 1)[1]) for file in data.glob("audit.log.*"))

    def change(self, server, number):
        """A change of about 4 KB in the log; what it made."""
        status, link = self.admin("POST", "/api/v1/links",
                                  {"target": "priv/secret.txt", "note": f"{number} ".ljust(900, "x")}, server=server)
        self.assertEqual(status, 200, link)
        return link["id"]

    def test_files_that_are_put_aside_are_one_log(self):
        data = self.base / "turned"
        server = self.start(data)
        made = [self.change(server, number) for number in range(60)]
        self.assertGreaterEqual(len(self.aside(data)), 2)
        shown = [e["after"]["id"] for e in self.command("audit", "show", "--limit", "1000", server=server)
                 if e["operation"] == "link.create"]
        self.assertEqual(shown, made[::-1])
        code, printed, _ = self.verify(data)
        verdict = json.loads(printed)
        self.assertEqual((code, verdict["dropped"], verdict["files"]), (0, 0, len(self.aside(data)) + 1))
        server.drain(seconds(30))
        middle = data / f"audit.log.{self.aside(data)[1]}"
        kept = middle.read_bytes()
        middle.unlink()
        code, printed, _ = self.verify(data)
        self.assertEqual(code, 1)
        self.assertIn("missing", json.loads(printed)["faults"][0]["text"])
        middle.write_bytes(kept)
        oldest = data / "audit.log.1"
        kept = oldest.read_bytes()
        oldest.unlink()
        self.assertEqual(self.verify(data)[0], 1, "nobody but the setting deletes the oldest")
        oldest.write_bytes(kept)
        # Now the bound says so; and that is said.
        server = self.start(data, settings={"audit.file_size": "64KiB", "audit.files": "1"})
        for number in range(25):
            self.change(server, number)
        self.assertEqual(len(self.aside(data)), 1)
        code, printed, _ = self.verify(data)
        self.assertEqual(code, 0, printed)
        self.assertGreater(json.loads(printed)["dropped"], 60)
        code, text, _ = run([server.binary, "audit", "verify", "--data", data], timeout=seconds(60))
        self.assertIn("audit.files", text)

    def test_a_kill_while_files_are_put_aside_loses_nothing(self):
        data, acknowledged = self.base / "struck", []
        for _ in range(5):
            server, stop = self.start(data), threading.Event()

            def create(server=server, stop=stop):
                while not stop.is_set():
                    try:
                        acknowledged.append(self.change(server, len(acknowledged)))
                    except (OSError, ValueError, http.client.HTTPException):
                        return

            wanted, workers = len(acknowledged) + 40, [threading.Thread(target=create) for _ in range(4)]
            for worker in workers:
                worker.start()
            try:
                wait_until(lambda: len(acknowledged) >= wanted, seconds(60), 0.001)
                server.kill()
            finally:
                stop.set()
                for worker in workers:
                    worker.join()
            code, printed, errors = self.verify(data)
            self.assertEqual(code, 0, printed + errors)
        server = self.start(data)
        self.assertGreaterEqual(len(self.aside(data)), 5)
        entries = self.command("audit", "show", "--limit", "100000", server=server)
        made = {e["after"]["id"] for e in entries if e["operation"] == "link.create" and e["outcome"] == "done"}
        self.assertEqual(set(acknowledged) - made, set())
        self.assertEqual(self.verify(data)[0], 0)


if __name__ == "__main__":
    unittest.main()
