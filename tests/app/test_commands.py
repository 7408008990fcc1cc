# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line, run as people and scripts run it: offline on the catalog, and through a running server."""

import json
import os
import stat
import subprocess
import tempfile
import unittest
import urllib.error
import urllib.request
from pathlib import Path

from tests.support.spillway import Spillway, find_binary


class CommandLine(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.base = Path(self.folder.name)
        self.data = self.base / "data"
        self.files = self.base / "files"
        (self.files / "sub").mkdir(parents=True)
        (self.files / "a.txt").write_text("hello")
        (self.files / "sub" / "b c.txt").write_text("deep")
        for name in ("home", "run"):
            (self.base / name).mkdir()
        self.binary = find_binary()
        self.assertIsNotNone(self.binary, "SPILLWAY names no binary")
        self.env = {k: v for k, v in os.environ.items() if not k.startswith("SPILLWAY_")}
        self.env.update(HOME=str(self.base / "home"), XDG_RUNTIME_DIR=str(self.base / "run"))
        self.env.pop("XDG_DATA_HOME", None)

    def call(self, *words, data=True, cwd=None, env=None):
        """(exit code, standard output, standard error)"""
        argv = [os.fsencode(str(self.binary)), *[w if isinstance(w, bytes) else os.fsencode(str(w)) for w in words]]
        if data:
            argv += [b"--data", os.fsencode(str(self.data))]
        done = subprocess.run(argv, capture_output=True, timeout=60, cwd=cwd, env={**self.env, **(env or {})})
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    def object(self, *words, **more):
        code, out, err = self.call(*words, "--json", **more)
        self.assertEqual(code, 0, err)
        self.assertEqual(out.count("\n"), 1, out)
        return json.loads(out)

    def serve(self, **more):
        server = Spillway(self.data, binary=self.binary, env=self.env, **more)
        self.addCleanup(server.stop)
        return server

    @staticmethod
    def get(url):
        try:
            with urllib.request.urlopen(url, timeout=30) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, ""

    def all_commands(self, online):
        """The same commands mean the same on both ways."""
        share = self.object("share", "add", "docs", self.files, "--cache-max-age", "5m")
        self.assertEqual((share["name"], share["path"], share["public"], share["cache_max_age"]),
                         ("docs", str(self.files.resolve()), False, 300))
        relative = self.object("share", "add", "rel", "sub", "--public", "--no-listing", cwd=self.files)
        self.assertEqual(relative["path"], str((self.files / "sub").resolve()))
        self.assertEqual([s["name"] for s in self.object("share", "list")], ["docs", "rel"])
        code, out, _ = self.call("share", "list")
        self.assertEqual(code, 0)
        self.assertRegex(out, r"(?m)^docs +no +yes +no +/")

        link = self.object("link", "create", "docs/a.txt", "--expires", "never", "--note", "für Ann")
        self.assertIsNone(link["expires_at"])
        self.assertEqual(link["note"], "für Ann")
        code, out, _ = self.call("link", "create", self.files / "a.txt", "--expires", "1h", "--no-page")
        self.assertEqual(code, 0)
        self.assertRegex(out, r"^http://\S+/d/[\w-]{16}/a\.txt\?k=\S+&s=[\w-]{43}\n$")
        url = self.object("link", "presign", "docs/sub", "--expires", "1h", "--allow", "10.0.0.0/8",
                          "--allow", "127.0.0.0/8")["url"]
        self.assertRegex(url, r"/p/docs/sub/\?e=\d+&k=\S+x-ip=10\.0\.0\.0/8,127\.0\.0\.0/8")
        links = self.object("link", "list", "--share", "docs")
        self.assertEqual(len(links), 2)
        self.assertNotIn("url", links[0])
        self.assertEqual(self.object("link", "show", link["id"])["url"], link["url"])
        code, out, _ = self.call("link", "show", link["id"], "--qr")
        self.assertEqual(code, 0)
        self.assertIn("█", out)
        self.assertEqual(self.object("link", "revoke", link["id"])["state"], "revoked")
        self.assertEqual(len(self.object("link", "list")), 1)
        self.assertEqual(len(self.object("link", "list", "--all")), 2)

        old = self.object("key", "list")[0]["id"]
        self.assertRegex(self.object("key", "export", old)["secret"], r"^[0-9a-f]{64}$")
        new = self.object("key", "rotate")["id"]
        self.assertNotEqual(new, old)
        self.assertIsNotNone(self.object("key", "retire", old)["retired_at"])
        self.assertEqual(self.refused("key", "retire", new), "conflict")
        self.assertEqual(self.refused("key", "retire", "nope"), "not-found")
        self.assertEqual(self.refused("share", "add", "docs", self.files), "already-exists")
        self.assertEqual(self.refused("share", "add", "root", "/"), "invalid-argument")
        self.assertEqual(self.refused("share", "add", "data", self.data), "invalid-argument")
        self.assertEqual(self.refused("share", "add", "gone", self.files / "gone"), "not-found")
        self.assertEqual(self.refused("link", "create", "docs/nope"), "not-found")
        self.assertEqual(self.refused("link", "revoke", "nope"), "not-found")
        self.assertEqual(self.object("share", "remove", "docs")["links_ended"], 2)
        self.assertEqual(self.refused("share", "remove", "docs"), "not-found")
        self.assertEqual(self.object("status")["running"], online)

    def refused(self, *words):
        code, out, err = self.call(*words, "--json")
        self.assertEqual(code, 1, out)
        error = json.loads(out)["error"]
        self.assertIn("spillway: " + error["message"], err)
        return error["code"]

    def test_offline(self):
        self.all_commands(online=False)
        _, _, err = self.call("share", "list")
        self.assertIn("nothing serves this now", err)
        self.assertFalse((self.data / "admin.json").exists())

    def test_through_the_server(self):
        self.serve()
        self.all_commands(online=True)
        _, _, err = self.call("share", "list")
        self.assertEqual(err, "")

    def test_names_that_are_not_utf8(self):
        odd = os.path.join(os.fsencode(str(self.files)), b"x\xff y")
        with open(odd, "wb") as file:
            file.write(b"odd")
        self.object("share", "add", "docs", self.files)
        offline = self.object("link", "create", b"docs/x\xff y")
        self.assertIn("x%FF%20y", offline["url"])
        self.serve()
        online = self.object("link", "create", b"docs/x\xff y")
        self.assertIn("x%FF%20y", online["url"])
        self.assertEqual(self.get(online["url"]), (200, "odd"))

    def test_what_is_acknowledged_is_in_force(self):
        server = self.serve()
        self.object("share", "add", "docs", self.files)
        self.assertEqual(self.get(f"{server.url}/s/docs/a.txt")[0], 403)
        self.object("share", "add", "open", self.files, "--public")
        self.assertEqual(self.get(f"{server.url}/s/open/a.txt"), (200, "hello"))
        link = self.object("link", "create", "docs/a.txt")
        self.assertTrue(link["url"].startswith(server.url), link["url"])
        self.assertEqual(self.get(link["url"]), (200, "hello"))
        other = self.object("link", "create", "docs/a.txt")
        self.object("link", "revoke", link["id"])
        self.assertEqual(self.get(link["url"])[0], 403)
        old = self.object("key", "list")[0]["id"]
        self.object("key", "rotate")
        self.assertEqual(self.get(other["url"]), (200, "hello"))
        self.object("key", "retire", old)
        self.assertEqual(self.get(other["url"])[0], 403)
        self.object("share", "remove", "open")
        self.assertNotEqual(self.get(f"{server.url}/s/open/a.txt")[0], 200)

    def test_the_token_stays_in_its_file(self):
        server = self.serve()
        file = self.data / "admin.json"
        self.assertEqual(stat.S_IMODE(file.stat().st_mode), 0o600)
        self.assertEqual(stat.S_IMODE(self.data.stat().st_mode), 0o700)
        run = json.loads(file.read_text())
        self.assertEqual(run["pid"], server.pid)
        for name in ("cmdline", "environ"):
            self.assertNotIn(run["token"].encode(), Path(f"/proc/{server.pid}/{name}").read_bytes())
        for pointer in (self.base / "run" / "spillway").iterdir():
            self.assertNotIn(run["token"], pointer.read_text())
            self.assertEqual(stat.S_IMODE(pointer.stat().st_mode), 0o600)
        self.assertEqual(server.drain(), 0)
        self.assertFalse(file.exists(), "a server that ends takes its file away")
        self.assertEqual(list((self.base / "run" / "spillway").iterdir()), [])

    def test_a_killed_server_is_no_running_one(self):
        server = self.serve(shares={"docs": self.files})
        link = self.object("link", "create", "docs/a.txt")
        server.kill()
        self.assertTrue((self.data / "admin.json").exists(), "it could not take it away")
        code, out, err = self.call("link", "list", "--json")
        self.assertEqual(code, 0, err)
        self.assertEqual([entry["id"] for entry in json.loads(out)], [link["id"]], "what was acknowledged is there")
        self.assertIn("nothing serves this now", err)
        self.assertFalse((self.data / "admin.json").exists())
        self.assertFalse(self.object("status")["running"])

    def test_without_data_a_running_server_is_found_and_named(self):
        code, _, err = self.call("share", "list", data=False)
        self.assertEqual(code, 1)
        self.assertIn(".local/share/spillway", err)
        self.assertFalse((self.base / "home" / ".local").exists(), "looking makes no folder")
        self.assertEqual(self.object("status", data=False), {"running": False})

        server = self.serve(shares={"docs": self.files})
        code, out, err = self.call("share", "list", "--json", data=False)
        self.assertEqual(code, 0, err)
        self.assertEqual(json.loads(out)[0]["name"], "docs")
        self.assertIn(f"using the server on {self.data} (process {server.pid})", err)
        self.assertEqual(self.object("status", data=False)["pid"], server.pid)

        second = Spillway(self.base / "second", binary=self.binary, env=self.env)
        self.addCleanup(second.stop)
        code, _, err = self.call("share", "list", data=False)
        self.assertEqual(code, 1)
        self.assertIn(str(self.base / "second"), err)
        code, _, err = self.call("share", "list", data=False, env={"SPILLWAY_DATA": str(self.data)})
        self.assertEqual(code, 0, err)
        second.kill()
        code, _, err = self.call("share", "list", data=False)
        self.assertEqual(code, 0, err)

    def test_status_of_a_server(self):
        server = self.serve()
        status = self.object("status")
        self.assertEqual(status["pid"], server.pid)
        self.assertEqual(status["addresses"], [server.url])
        self.assertEqual((status["mode"], status["ready"], status["workers"]), ("normal", True, 1))
        code, out, _ = self.call("status")
        self.assertEqual(code, 0)
        self.assertIn(server.url, out)

    def test_wrong_usage_is_exit_code_2(self):
        for words in (["share", "add", "x"], ["link", "create"], ["link", "create", "docs", "--password", "x"],
                      ["link", "create", "docs", "--max-downloads", "-3"], ["link", "create", "docs", "--expires", "soon"],
                      ["link", "presign", "docs", "--allow", "10.0.0.1/8"], ["nonsense"], ["share", "nonsense"],
                      ["help", "nonsense"]):
            code, out, err = self.call(*words, data=words[0] != "help")
            self.assertEqual((code, out), (2, ""), words)
            self.assertTrue(err.startswith("spillway: "), err)
        self.assertFalse(self.data.exists(), "a slip makes nothing")

    def test_config(self):
        code, out, _ = self.call("config", "docs", data=False)
        self.assertEqual(code, 0)
        self.assertIn("http.head_timeout", out)
        self.data.mkdir()
        (self.data / "spillway.toml").write_text("[http]\nhead_timeout = \"7s\"\n")
        shown = self.object("config", "show", "--set", "workers=3", env={"SPILLWAY_HTTP_MAX_FIELDS": "50"})
        self.assertEqual((shown["http.head_timeout"]["value"], shown["http.head_timeout"]["origin"]), ("7s", "file"))
        self.assertEqual((shown["workers"]["value"], shown["workers"]["origin"]), ("3", "command-line"))
        self.assertEqual((shown["http.max_fields"]["value"], shown["http.max_fields"]["origin"]), ("50", "environment"))
        self.assertEqual(shown["http.idle_timeout"]["origin"], "default")
        secret = "a-token-of-seventeen"
        code, out, _ = self.call("config", "show", "--json", "--set", f"metrics.token={secret}")
        self.assertNotIn(secret, out)
        code, out, _ = self.call("config", "show")
        self.assertEqual(code, 0)
        self.assertIn("head_timeout", out)
        self.assertEqual(self.call("config", "check")[0], 0)

        (self.data / "spillway.toml").write_text("[http]\nhead_timeot = \"7s\"\nidle_timeout = \"x\"\n")
        code, out, err = self.call("config", "check", "--json")
        self.assertEqual(code, 1)
        problems = json.loads(out)
        self.assertFalse(problems["ok"])
        self.assertEqual(len(problems["problems"]), 2)
        self.assertIn("spillway.toml:2", problems["problems"][0])
        self.assertIn("head_timeot", err)
        self.assertEqual(self.call("config", "show")[0], 1)

    def test_config_set_without_a_server(self):
        code, out, err = self.call("config", "set", "http.idle_timeout", "20s")
        self.assertEqual(code, 0, err)
        toml = self.data / "spillway.toml"
        self.assertEqual(toml.read_text(), "[http]\nidle_timeout = \"20s\"\n")
        self.assertEqual(stat.S_IMODE(toml.stat().st_mode), 0o600)
        toml.write_text("# mine\n" + toml.read_text())
        shown = self.object("config", "set", "listen", "127.0.0.1:1, [::1]:2", "127.0.0.1:3")
        self.assertEqual(shown["value"], ["127.0.0.1:1", "[::1]:2", "127.0.0.1:3"])
        self.assertEqual(self.object("config", "show")["http.idle_timeout"]["value"], "20s")
        before = toml.read_text()
        self.assertIn("# mine\n", before)
        for words, code in ((["http.idle_timeout", "soon"], 1), (["http.idle_timeot", "5s"], 1), (["workers", "1025"], 1),
                            (["http.idle_timeout"], 2), (["metrics.token", "0123456789abcdefg"], 2)):
            self.assertEqual(self.call("config", "set", *words)[0], code, words)
        self.assertEqual(toml.read_text(), before)
        self.assertEqual(self.call("config", "set", "workers", "3", env={"SPILLWAY_WORKERS": "2"})[0], 1)
        self.assertEqual(self.call("config", "unset", "http.idle_timeout")[0], 0)
        self.assertNotIn("idle_timeout", toml.read_text())

    def test_config_set_through_the_server(self):
        server = self.serve()
        shown = self.object("config", "set", "http.idle_timeout", "20s")
        self.assertEqual((shown["value"], shown["origin"], shown["pending"]), (["20s"], "file", False))
        self.assertIn("idle_timeout", (self.data / "spillway.toml").read_text())
        self.assertTrue(self.object("config", "set", "cache.entries", "100")["pending"])
        # --workers of the command line goes before the file.
        code, _, err = self.call("config", "set", "workers", "3")
        self.assertEqual(code, 1)
        self.assertIn("--workers", err)
        secret = "a-token-of-seventeen"
        argv = [self.binary, "config", "set", "metrics.token", "--stdin", "--data", self.data]
        done = subprocess.run(argv, input=secret + "\n", capture_output=True, text=True, timeout=60, env=self.env)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertNotIn(secret, done.stdout + done.stderr)
        request = urllib.request.Request(server.admin_url + "/metrics", headers={"Authorization": f"Bearer {secret}"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            self.assertEqual(answer.status, 200)
        self.assertEqual(self.call("config", "unset", "http.idle_timeout")[0], 0)
        self.assertEqual(server.drain(), 0)

    def test_files_behind_two_dashes_are_shared(self):
        server = self.serve()
        code, out, err = self.call("--no-gui", "--data", self.data, "--", self.files / "a.txt", self.files, data=False)
        self.assertEqual(code, 0, err)
        urls = out.splitlines()
        self.assertEqual(len(urls), 2)
        self.assertEqual(self.get(urls[0]), (200, "hello"))
        code, out, _ = self.call("--no-gui", "--data", self.data, "--", self.base / "none", self.files, data=False)
        self.assertEqual((code, len(out.splitlines())), (1, 1))
        self.assertEqual(server.drain(), 0)

    def test_doctor(self):
        self.serve(shares={"docs": self.files})
        free = ("--set", "listen=127.0.0.1:0", "--set", "admin.listen=127.0.0.1:0")
        checks = self.object("doctor", *free)
        self.assertTrue({"open-files", "somaxconn", "clock", "data-folder", "disk-space", "share", "listen"}
                        <= {check["name"] for check in checks})
        for check in checks:
            self.assertNotEqual(check["level"], "problem", check)
            self.assertEqual(check["mend"] is None, check["level"] == "ok", check)
        os.chmod(self.data / "catalog.db", 0o644)
        code, out, _ = self.call("doctor", *free)
        self.assertEqual(code, 1)
        self.assertIn(f"mend: chmod 600 {self.data}/catalog.db", out)
        os.chmod(self.data / "catalog.db", 0o600)
        self.files.rename(self.base / "moved")
        code, out, _ = self.call("doctor", *free)
        self.assertEqual(code, 1)
        self.assertIn("spillway share remove docs", out)

    def test_help(self):
        code, out, _ = self.call("help", data=False)
        self.assertEqual(code, 0)
        self.assertIn("link create", out)
        code, out, _ = self.call("help", "link", "create", data=False)
        self.assertEqual(code, 0)
        self.assertIn("--expires", out)


if __name__ == "__main__":
    unittest.main()
