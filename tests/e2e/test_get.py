# SPDX-License-Identifier: GPL-3.0-or-later
"""`spillway get` against our server, nginx, Caddy, Python's http.server, and a server that misbehaves. Bytes are
always compared."""

import base64
import functools
import hashlib
import http.server
import json
import os
import shutil
import signal
import subprocess
import threading
import unittest
from pathlib import Path

import common
from common import ServerTest, run, seconds, temp_folder, wait_until
from support.process import Process, free_port
from support.roguehttp import Rogue, http_date
from support.spillway import find_binary

MIB = 1 << 20
BODY = common.some_bytes(6 * MIB + 12345, seed=3)
OTHER = common.some_bytes(5 * MIB + 77, seed=4)
LOCAL, REFUSED, GONE, BUSY, BROKEN, DAMAGED = 1, 3, 4, 5, 6, 7


def repr_digest(body):
    return "sha-256=:" + base64.b64encode(hashlib.sha256(body).digest()).decode() + ":"


class GetTest(unittest.TestCase):
    def setUp(self):
        holder = temp_folder("spillway-get-")
        self.into = holder.__enter__()
        self.addCleanup(holder.__exit__, None, None, None)
        self.binary = find_binary()
        self.assertIsNotNone(self.binary, "SPILLWAY names no binary")

    def get(self, *words, env=None, stdin=None, cwd=None):
        """(exit code, its JSON lines, standard error); proxies of this machine are not meant."""
        clean = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}
        done = subprocess.run([self.binary, "get", "--json", *map(str, words)], cwd=cwd or self.into, input=stdin or b"",
                              capture_output=True, timeout=seconds(120), env={**clean, **(env or {})})
        return done.returncode, [json.loads(line) for line in done.stdout.splitlines()], done.stderr.decode()

    def fetch(self, url, *words, name="file.bin", body=BODY, **more):
        """A download that must succeed, with exactly these bytes; its JSON lines."""
        code, lines, err = self.get(url, *words, **more)
        self.assertEqual(code, 0, f"{err}\n{lines}")
        self.assert_bytes(name, body)
        self.assertEqual(self.left_over(), [])
        return lines

    def fails(self, kind, url, *words, **more):
        code, lines, err = self.get(url, *words, **more)
        self.assertEqual(code, kind, f"{err}\n{lines}")
        self.assertTrue(err.startswith("spillway: "), err)
        failed = [line for line in lines if line["event"] == "failed"]
        self.assertEqual(len(failed), 1, lines)
        names = {LOCAL: "local", REFUSED: "refused", GONE: "gone", BUSY: "busy", BROKEN: "broken", DAMAGED: "damaged"}
        self.assertEqual(failed[0]["kind"], names[kind])
        return failed[0]

    def assert_bytes(self, name, body):
        found = (self.into / name).read_bytes()
        self.assertEqual(len(found), len(body))
        self.assertTrue(found == body, f"{name} has other bytes")

    def left_over(self):
        return sorted(p.name for p in self.into.rglob("*") if ".part" in p.name)

    def events(self, lines, kind):
        return [line for line in lines if line["event"] == kind]

    def rogue(self, body=BODY, **settings):
        rogue = Rogue(body)
        self.addCleanup(rogue.stop)
        for name, value in settings.items():
            setattr(rogue, name, value)
        return rogue


class Misbehaving(GetTest):
    def test_well_behaved(self):
        for jobs in (1, 2, 3, 8, 32):
            with self.subTest(jobs=jobs):
                rogue = self.rogue()
                done = self.fetch(rogue.url + "/file.bin", "-j", jobs, "-o", "file.bin")
                self.assertEqual(self.events(done, "done")[0]["size"], len(BODY))
                for _, _, fields in rogue.gets():
                    self.assertEqual(fields["If-Range"], '"one"')
                self.assertEqual(rogue.requests[0][0], "HEAD")

    def test_fixed_segments(self):
        rogue = self.rogue()
        self.fetch(rogue.url + "/file.bin", "--segment-size", "1MiB", "-j", 3)
        asked = sorted(int(fields["Range"][6:].split("-")[0]) for _, _, fields in rogue.gets())
        self.assertEqual(asked, [i * MIB for i in range(7)])

    def test_sizes_around_the_edges(self):
        for size in (0, 1, 2, 131071, 131072, 262143, 262144, 262145, MIB - 1, MIB, MIB + 1, 2 * MIB + 1):
            with self.subTest(size=size):
                body = BODY[:size]
                self.fetch(self.rogue(body).url + "/file.bin", "-o", "file.bin", body=body)

    def test_cuts_every_connection_after_a_megabyte(self):
        for jobs in (1, 4):
            with self.subTest(jobs=jobs):
                rogue = self.rogue(cut_after=1_000_000)
                self.fetch(rogue.url + "/file.bin", "-j", jobs, "-o", "file.bin")

    def test_cuts_after_few_bytes(self):
        self.fetch(self.rogue(BODY[:300_000], cut_after=70_000).url + "/file.bin", body=BODY[:300_000])

    def test_stalled_connections_are_left_to_others(self):
        for stalls in (1, 3, 4):
            with self.subTest(stalls=stalls):
                rogue = self.rogue(stall_after=200_000, stalls=stalls)
                self.fetch(rogue.url + "/file.bin", "--timeout", "1s", "-o", "file.bin")

    def test_one_connection_does_not_hold_up_the_end(self):
        """Whoever is done takes over what a connection that crawls or says nothing still has."""
        for name, settings in {"stands still": {"stall_after": 100_000, "stalls": 1}, "says nothing": {"silent": 1}}.items():
            with self.subTest(name):
                rogue = self.rogue(**settings)
                lines = self.fetch(rogue.url + "/file.bin", "--timeout", "1h", "-o", "file.bin")
                self.assertEqual(self.events(lines, "retry"), [])

    def test_a_low_limit_is_no_stall(self):
        body = BODY[:MIB]
        lines = self.fetch(self.rogue(body).url + "/file.bin", "--limit-rate", "256KiB/s", "--timeout", "1s", body=body)
        self.assertEqual(self.events(lines, "retry"), [])

    def test_head_is_refused(self):
        for head in ("405", "403", "404", "500", "501", "close"):
            with self.subTest(head):
                rogue = self.rogue(head=head)
                self.fetch(rogue.url + "/file.bin", "-o", "file.bin")
                self.assertGreater(sum("If-Range" in fields for _, _, fields in rogue.gets()), 1, "in parallel still")

    def test_no_ranges(self):
        for ranges in ("none", "ignored"):
            with self.subTest(ranges):
                rogue = self.rogue(ranges=ranges)
                self.fetch(rogue.url + "/file.bin", "-o", "file.bin")
                self.assertNotIn("Range", rogue.gets()[-1][2])

    def test_parts_that_are_not_those_asked_for(self):
        for ranges in ("shifted", "mislabelled"):
            with self.subTest(ranges):
                self.fetch(self.rogue(ranges=ranges).url + "/file.bin", "-o", "file.bin")

    def test_parts_that_are_shorter_than_asked_for(self):
        body = BODY[:MIB]
        self.fetch(self.rogue(body, ranges="short").url + "/file.bin", body=body)

    def test_nothing_tells_versions_apart(self):
        rogue = self.rogue(etag=None)
        self.fetch(rogue.url + "/file.bin")
        self.assertEqual([f.get("Range") for _, _, f in rogue.gets()], [None])
        weak = self.rogue()
        weak.etag = 'W/"one"'
        self.fetch(weak.url + "/file.bin", "-o", "file.bin")
        self.assertEqual([f.get("Range") for _, _, f in weak.gets()], [None])

    def test_a_date_is_enough_where_it_is_old(self):
        date = http_date(1000)
        rogue = self.rogue(etag=None, last_modified=date, cut_after=1_000_000)
        self.fetch(rogue.url + "/file.bin")
        self.assertTrue(all(f["If-Range"] == date for _, _, f in rogue.gets()))

    def test_a_digest_is_enough(self):
        rogue = self.rogue(etag=None, cut_after=1_000_000, fields={"Repr-Digest": repr_digest(BODY)})
        done = self.fetch(rogue.url + "/file.bin")
        self.assertTrue(self.events(done, "done")[0]["verified"])

    def test_changes_on_the_way(self):
        for after in (1, 2, 3, 5):
            with self.subTest(after=after):
                rogue = self.rogue(change_after=after, next_body=OTHER, next_etag='"two"', cut_after=1_000_000)
                lines = self.fetch(rogue.url + "/file.bin", "-j", 2, "-o", "file.bin", body=OTHER)
                self.assertEqual(len(self.events(lines, "restart")), 1)

    def test_changes_all_the_time(self):
        rogue = self.rogue(cut_after=1_000_000)
        stop = threading.Event()

        def change():
            while not stop.wait(0.001):
                rogue.etag = f'"{os.urandom(4).hex()}"'

        changer = threading.Thread(target=change)
        changer.start()
        try:
            self.fails(BROKEN, rogue.url + "/file.bin", "-j", 1)
        finally:
            stop.set()
            changer.join()
        self.assertFalse((self.into / "file.bin").exists())

    def test_lies_about_the_length(self):
        with self.subTest("HEAD says more"):
            self.fetch(self.rogue(lie_in_head=1000).url + "/file.bin", "-o", "file.bin")
        with self.subTest("HEAD says less"):
            self.fetch(self.rogue(lie_in_head=-1000).url + "/file.bin", "-o", "file.bin")
        with self.subTest("GET says more than comes"):
            rogue = self.rogue(lie=5000, ranges="none")
            self.fails(BROKEN, rogue.url + "/other.bin", "--tries", 2)
            self.assertFalse((self.into / "other.bin").exists())
            self.assertEqual(self.left_over(), [])

    def test_busy_for_a_while(self):
        for busy in ([(503, "1")], [(429, "1"), (429, None)], [(503, None)], [(503, "soon")],
                     [(503, "Sun, 06 Nov 1994 08:49:37 GMT")]):
            with self.subTest(busy):
                rogue = self.rogue(busy=list(busy))
                lines = self.fetch(rogue.url + "/file.bin", "-o", "file.bin")
                self.assertEqual(len(self.events(lines, "retry")), len(busy))
                if busy[0][1] == "1":
                    self.assertGreaterEqual(self.events(lines, "retry")[0]["wait_seconds"], 1)

    def test_busy_for_longer_than_the_patience(self):
        rogue = self.rogue(busy=[(503, "3600")] * 9)
        failed = self.fails(BUSY, rogue.url + "/file.bin")
        self.assertEqual(failed["retry_after_seconds"], 3600)
        self.assertEqual(failed["status"], 503)
        self.assertEqual(len(rogue.requests), 1, "it was asked not to come back")
        self.fails(BUSY, self.rogue(busy=[(429, None)] * 9).url + "/file.bin", "--tries", 2)

    def test_fewer_connections_where_the_server_wants_fewer(self):
        rogue = self.rogue(serve=1, gate=threading.Event())
        child = Process([self.binary, "get", "--json", rogue.url + "/file.bin", "-j", "4"], cwd=self.into)
        self.addCleanup(child.stop)
        wait_until(lambda: len(rogue.gets()) >= 4, seconds(30))
        rogue.gate.set()
        self.assertEqual(child.wait(seconds(60)), 0, child.output())
        self.assert_bytes("file.bin", BODY)

    def test_kinds_of_refusal(self):
        rogue = self.rogue(answers={"/401": 401, "/403": 403, "/404": 404, "/410": 410, "/451": 451, "/500": 500,
                                    "/501": 501, "/503": 503})
        for path, kind in (("/401", REFUSED), ("/403", REFUSED), ("/451", REFUSED), ("/404", GONE), ("/410", GONE),
                           ("/501", BROKEN), ("/500", BROKEN), ("/503", BUSY)):
            with self.subTest(path):
                failed = self.fails(kind, rogue.url + path, "--tries", 2)
                self.assertEqual(failed["status"], int(path[1:]))
                self.assertEqual(os.listdir(self.into), [])

    def test_refused_on_the_way_keeps_what_is_there(self):
        rogue = self.rogue(cut_after=1_000_000)
        url = rogue.url + "/file.bin"
        timer = threading.Event()

        def refuse():
            wait_until(lambda: len(rogue.gets()) >= 3, seconds(30))
            rogue.answers["/file.bin"] = 403
            timer.set()

        helper = threading.Thread(target=refuse)
        helper.start()
        code, lines, err = self.get(url, "-j", 1)
        helper.join()
        if code == 0:  # it was faster than the refusal
            self.assert_bytes("file.bin", BODY)
            return
        self.assertEqual(code, REFUSED, err)
        self.assertEqual(self.left_over(), ["file.bin.part", "file.bin.part.journal"])
        rogue.answers.clear()
        lines = self.fetch(url)
        self.assertGreater(self.events(lines, "begin")[0]["resumed"], 0)

    def test_no_server_no_host(self):
        self.fails(BROKEN, f"http://127.0.0.1:{free_port()}/x", "--tries", 2)
        self.fails(BROKEN, "http://does-not-exist.invalid/x", "--tries", 1)

    def test_redirects(self):
        rogue = self.rogue(cut_after=1_000_000)
        other = self.rogue()
        rogue.redirects = {"/here": "/file.bin", "/there": other.url + "/file.bin", "/round": "/round",
                           "/bad": "file:///etc/passwd"}
        self.fetch(rogue.url + "/here", name="here")
        self.fetch(rogue.url + "/there", "--token", "secret", name="there")
        self.assertTrue(other.requests)
        self.assertTrue(all("Authorization" not in fields for _, _, fields in other.requests))
        self.fails(BROKEN, rogue.url + "/round")
        self.fails(BROKEN, rogue.url + "/bad")

    def test_a_redirect_that_ends_often(self):
        """Signed addresses of stores are good for a while; as long as each brings something, the next is asked for."""
        rogue = self.rogue(cut_after=600_000, moving="/start")
        lines = self.fetch(rogue.url + "/start", "-j", 1, name="start")
        self.assertGreater(len(self.events(lines, "restart")), 5)
        self.assertGreater(rogue.moved, 5)

    def test_a_redirect_that_ends(self):
        rogue = self.rogue(cut_after=1_000_000, redirects={"/start": "/one"})

        def end():
            wait_until(lambda: len(rogue.gets()) >= 2, seconds(30))
            rogue.answers["/one"] = 403  # as signed addresses of stores do
            rogue.redirects["/start"] = "/two"

        helper = threading.Thread(target=end)
        helper.start()
        self.fetch(rogue.url + "/start", "-j", 1, name="start")
        helper.join()

    def test_digests(self):
        for field in ("Repr-Digest", "Content-Digest"):
            with self.subTest(field):
                rogue = self.rogue(fields={field: repr_digest(BODY)})
                if field == "Content-Digest":
                    rogue.ranges = "none"
                done = self.fetch(rogue.url + "/file.bin", "-o", "file.bin")
                self.assertTrue(self.events(done, "done")[0]["verified"])
                rogue.fields = {field: repr_digest(OTHER)}
                self.fails(DAMAGED, rogue.url + "/wrong.bin")
                self.assertFalse((self.into / "wrong.bin").exists())
                self.assertEqual(self.left_over(), [])

    def test_a_part_that_is_not_what_its_digest_says(self):
        for digest in ("sha-256", "sha-512"):
            with self.subTest(digest):
                rogue = self.rogue()
                rogue.part_digest, rogue.damaged = digest, 3
                lines = self.fetch(rogue.url + f"/{digest}.bin", "-j", 1, name=f"{digest}.bin")
                self.assertEqual(len(self.events(lines, "retry")), 3)
        rogue = self.rogue()
        rogue.part_digest, rogue.damaged = "sha-256", 10_000
        self.fails(DAMAGED, rogue.url + "/wrong.bin", "-j", 1)
        self.assertFalse((self.into / "wrong.bin").exists())

    def test_names(self):
        rogue = self.rogue(b"x")
        for field, name in (('attachment; filename="a b.txt"', "a b.txt"),
                            ("attachment; filename*=UTF-8''%e2%82%ac.txt; filename=e.txt", "€.txt"),
                            ('attachment; filename="../../evil"', "evil"), ('attachment; filename="/etc/passwd"', "passwd"),
                            ('attachment; filename=".profile"', "_profile"), ('attachment; filename=".."', "file.bin")):
            with self.subTest(field):
                rogue.fields = {"Content-Disposition": field}
                self.fetch(rogue.url + "/file.bin", name=name, body=b"x")
                self.assertEqual(os.listdir(self.into), [name])
                (self.into / name).unlink()


class Files(GetTest):
    """What happens to files that are there, and to interrupted ones."""

    def test_kill_in_a_loop(self):
        # With a date, so that what was killed between the last rename and its end is seen to be there already.
        rogue = self.rogue(common.some_bytes(24 * MIB, seed=9), gate=threading.Event(), last_modified=http_date(1000))
        rogue.gate.set()
        url = rogue.url + "/file.bin"
        argv = [self.binary, "get", "--json", url, "-j", "3", "--limit-rate", "12MiB/s"]
        resumed = []
        for _ in range(40):
            child = Process(argv, cwd=self.into)
            self.addCleanup(child.stop)
            first = json.loads(child.wait_line(r'^\{"event":"(begin|done)"', seconds(30)).string)
            if first["event"] == "done":
                self.assertTrue(first["was_there"], first)
                break
            resumed.append(first["resumed"])
            try:
                child.popen.wait(0.3)
                break
            except subprocess.TimeoutExpired:
                child.signal(signal.SIGKILL)
                child.wait(seconds(30))
        else:
            code, _, err = self.get(url)
            self.assertEqual(code, 0, err)
        self.assert_bytes("file.bin", rogue.body)
        self.assertEqual(self.left_over(), [])
        self.assertGreater(resumed[-1], 0, "it went on where it was")
        self.assertEqual(resumed, sorted(resumed), "and lost nothing that it had")

    def test_kill_loses_little(self):
        rogue = self.rogue(cut_after=None)
        rogue.stall_after, rogue.stalls = 5 * MIB, 1
        child = Process([self.binary, "get", "--json", rogue.url + "/file.bin", "-j", "1"], cwd=self.into)
        self.addCleanup(child.stop)
        child.wait_line(r'"done":%d,' % (5 * MIB), seconds(30))
        child.signal(signal.SIGKILL)
        child.wait(seconds(30))
        lines = self.fetch(rogue.url + "/file.bin")
        self.assertGreaterEqual(self.events(lines, "begin")[0]["resumed"], 3 * MIB)

    def test_stopped_by_a_signal(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(number):
                rogue = self.rogue(stall_after=3 * MIB, stalls=1)
                child = Process([self.binary, "get", "--json", rogue.url + "/file.bin", "-j", "1"], cwd=self.into)
                self.addCleanup(child.stop)
                child.wait_line(r'"done":%d,' % (3 * MIB), seconds(30))
                child.signal(number)
                self.assertEqual(child.wait(seconds(30)), 128 + number)
                lines = self.fetch(rogue.url + "/file.bin")
                self.assertEqual(self.events(lines, "begin")[0]["resumed"], 3 * MIB)
                (self.into / "file.bin").unlink()

    def interrupted(self, rogue, *words):
        """A download of /file.bin that was killed at 3 MiB."""
        rogue.stall_after, rogue.stalls = 3 * MIB, 1
        child = Process([self.binary, "get", "--json", rogue.url + "/file.bin", "-j", "1", *words], cwd=self.into)
        self.addCleanup(child.stop)
        child.wait_line(r'"done":%d,' % (3 * MIB), seconds(30))
        child.signal(signal.SIGTERM)
        child.wait(seconds(30))
        rogue.stalls = 0

    def test_another_version_is_fetched_afresh(self):
        rogue = self.rogue()
        self.interrupted(rogue)
        rogue.body, rogue.etag = OTHER, '"two"'
        lines = self.fetch(rogue.url + "/file.bin", body=OTHER)
        self.assertEqual(self.events(lines, "begin")[0]["resumed"], 0)

    def test_another_url_is_fetched_afresh(self):
        rogue = self.rogue()
        self.interrupted(rogue, "-o", "file.bin")
        lines = self.fetch(rogue.url + "/file.bin?other", "-o", "file.bin")
        self.assertEqual(self.events(lines, "begin")[0]["resumed"], 0)

    def test_a_damaged_journal_is_no_journal(self):
        for change in (lambda bytes_: b"", lambda bytes_: bytes_[:100], lambda bytes_: bytes(len(bytes_)),
                       lambda bytes_: os.urandom(len(bytes_)), lambda bytes_: bytes_[:-1][::-1]):
            rogue = self.rogue()
            self.interrupted(rogue)
            journal = self.into / "file.bin.part.journal"
            journal.write_bytes(change(journal.read_bytes()))
            lines = self.fetch(rogue.url + "/file.bin")
            self.assertEqual(self.events(lines, "begin")[0]["resumed"], 0)
            (self.into / "file.bin").unlink()

    def test_bytes_of_an_earlier_run_that_are_not_the_servers(self):
        rogue = self.rogue(fields={"Repr-Digest": repr_digest(BODY)})
        self.interrupted(rogue)
        with open(self.into / "file.bin.part", "r+b") as part:
            part.write(b"somebody was here")
        lines = self.fetch(rogue.url + "/file.bin")
        self.assertEqual([len(self.events(lines, "restart")), self.events(lines, "done")[0]["verified"]], [1, True])

    def test_two_processes_at_one_file(self):
        rogue = self.rogue(gate=threading.Event())
        first = Process([self.binary, "get", rogue.url + "/file.bin"], cwd=self.into)
        self.addCleanup(first.stop)
        wait_until(lambda: (self.into / "file.bin.part.journal").exists(), seconds(30))
        failed = self.fails(LOCAL, rogue.url + "/file.bin")
        self.assertIn("another process", failed["message"])
        rogue.gate.set()
        self.assertEqual(first.wait(seconds(60)), 0, first.output())
        self.assert_bytes("file.bin", BODY)

    def test_files_that_are_there(self):
        rogue = self.rogue(last_modified=http_date(5000))
        url = rogue.url + "/file.bin"
        (self.into / "file.bin").write_bytes(b"mine")
        self.assertIn("--overwrite", self.fails(LOCAL, url)["message"])
        self.assert_bytes("file.bin", b"mine")
        self.fetch(url, "--overwrite")
        lines = self.fetch(url)
        self.assertEqual([self.events(lines, "done")[0][k] for k in ("was_there", "received")], [True, 0])
        (self.into / "file.bin").write_bytes(b"mine")
        self.fetch(url, "-o", "file.bin")
        self.assertLess((self.into / "file.bin").stat().st_mtime, os.stat(self.into).st_mtime - 4000)

    def test_folders_and_rights(self):
        rogue = self.rogue(b"x")
        self.fetch(rogue.url + "/file.bin", "-d", "new/below", name="new/below/file.bin", body=b"x")
        (self.into / "plain").write_bytes(b"")
        self.fails(LOCAL, rogue.url + "/file.bin", "-o", "plain/x")
        self.fails(LOCAL, rogue.url + "/file.bin", "-o", "none/x")

    def test_the_rights_of_a_file_are_the_users(self):
        rogue = self.rogue(b"x")
        old = os.umask(0o027)
        try:
            self.fetch(rogue.url + "/file.bin", body=b"x")
        finally:
            os.umask(old)
        self.assertEqual((self.into / "file.bin").stat().st_mode & 0o777, 0o640)


class Usage(GetTest):
    def test_wrong_usage(self):
        for words in (("get",), ("get", "ftp://h/x"), ("get", "h/x"), ("get", "http://h/x", "-j", "0"),
                      ("get", "http://h/x", "-j", "33"), ("get", "http://h/x", "-j", "two"),
                      ("get", "http://h/x", "http://h/y", "-o", "z"), ("get", "http://h/x", "-o", "-"),
                      ("get", "http://h/x", "-o", "/tmp"), ("get", "http://h/x", "-r", "-o", "z"),
                      ("get", "http://h/x", "--segment-size", "1KiB"), ("get", "http://h/x", "--tries", "0"),
                      ("get", "http://h/x", "--timeout", "0"), ("get", "http://h/x", "--token", "@/does/not/exist"),
                      ("get", "http://h/x", "--token", "a", "--password-stdin"),
                      ("get", "-i", "-", "--password-stdin"), ("get", "-i", "/does/not/exist"),
                      ("get", "http://h/x", "--limit-rate", "fast"), ("get", "http://h/x", "-z"), ("get", "http://h/x", "--data", "d")):
            with self.subTest(words):
                code, _, err = run([self.binary, *words], cwd=self.into)
                self.assertEqual((code, err.startswith("spillway: ")), (2, True), err)

    def test_quiet_where_nobody_watches(self):
        rogue = self.rogue(b"x")
        code, out, err = run([self.binary, "get", rogue.url + "/file.bin"], cwd=self.into)
        self.assertEqual((code, out, err), (0, "", ""))

    def test_a_bar_on_a_terminal(self):
        rogue = self.rogue()
        leader, terminal = os.openpty()
        child = subprocess.Popen([self.binary, "get", rogue.url + "/file.bin", "--limit-rate", "8MiB/s"], cwd=self.into,
                                 stdout=subprocess.DEVNULL, stderr=terminal)
        os.close(terminal)
        shown = b""
        try:
            while block := os.read(leader, 4096):
                shown += block
        except OSError:
            pass  # the other side is closed
        finally:
            os.close(leader)
        self.assertEqual(child.wait(seconds(30)), 0)
        self.assert_bytes("file.bin", BODY)
        self.assertRegex(shown, rb"file\.bin +\d+% \[=*>? *\] .*MiB/s")
        self.assertRegex(shown, rb"file\.bin: 6\.01 MiB in 0:0")

    def test_secrets_are_not_shown(self):
        rogue = self.rogue(answers={"/x": 403})
        code, out, err = run([self.binary, "get", "--json", f"http://user:pass@127.0.0.1:{rogue.port}/x?s=sig&token=tok"],
                             cwd=self.into)
        self.assertEqual(code, REFUSED)
        for secret in ("pass", "sig", "tok\""):
            self.assertNotIn(secret, out + err)
        self.assertEqual(rogue.requests[0][2]["Authorization"], "Basic " + base64.b64encode(b"user:pass").decode())

    def test_a_token_leaves_the_process_list(self):
        rogue = self.rogue(gate=threading.Event())
        child = Process([self.binary, "get", rogue.url + "/file.bin", "--token", "very-secret"], cwd=self.into)
        self.addCleanup(child.stop)
        wait_until(lambda: rogue.gets(), seconds(30))
        self.assertNotIn(b"very-secret", Path(f"/proc/{child.pid}/cmdline").read_bytes())
        rogue.gate.set()
        self.assertEqual(child.wait(seconds(30)), 0)
        self.assertTrue(all(f["Authorization"] == "Bearer very-secret" for _, _, f in rogue.requests))

    def test_token_file_and_password(self):
        rogue = self.rogue(b"x")
        (self.into / "token").write_text("abc\n")
        self.fetch(rogue.url + "/file.bin", "--token", "@token", body=b"x")
        self.assertEqual(rogue.requests[-1][2]["Authorization"], "Bearer abc")
        self.fetch(rogue.url + "/file.bin", "--password-stdin", "-o", "file.bin", body=b"x", stdin=b"p w\r\n")
        self.assertEqual(rogue.requests[-1][2]["Authorization"], "Basic " + base64.b64encode(b":p w").decode())

    def test_lists(self):
        rogue = self.rogue(cut_after=1_000_000)
        urls = [f"{rogue.url}/f{i}" for i in range(7)]
        text = "# a list\n\n" + "\n".join(urls[1:]) + "\n  \r\n"
        code, lines, err = self.get(urls[0], "-i", "-", stdin=text.encode())
        self.assertEqual(code, 0, err)
        for i in range(7):
            self.assert_bytes(f"f{i}", BODY)
        self.assertEqual(self.events(lines, "end"), [{"event": "end", "files": 7, "failed": 0}])
        rogue.answers = {"/gone": 404, "/no": 403}
        (self.into / "list").write_text(f"{rogue.url}/g1\n{rogue.url}/gone\n{rogue.url}/g2\n")
        code, lines, err = self.get("-i", "list")
        self.assertEqual(code, GONE, err)
        self.assertEqual(self.events(lines, "end"), [{"event": "end", "files": 3, "failed": 1}])
        for name in ("g1", "g2"):
            self.assert_bytes(name, BODY)

    def test_proxy_of_the_environment(self):
        rogue = self.rogue()
        lines = self.fetch("http://elsewhere.invalid/file.bin", env={"http_proxy": rogue.url})
        self.assertTrue(all(path == "http://elsewhere.invalid/file.bin" for _, path, _ in rogue.requests))
        self.fails(BROKEN, "http://elsewhere.invalid/x", "--tries", 1,
                   env={"http_proxy": rogue.url, "no_proxy": "elsewhere.invalid"})

    def test_help_has_the_exit_codes(self):
        code, out, _ = run([self.binary, "help", "get"])
        self.assertEqual(code, 0)
        for line in ("-o, --output FILE", "3  refused", "4  gone", "5  busy", "6  broken", "7  damaged"):
            self.assertIn(line, out)


class OtherServers(GetTest):
    def setUp(self):
        super().setUp()
        holder = temp_folder("spillway-served-")
        self.served = holder.__enter__()
        self.addCleanup(holder.__exit__, None, None, None)
        os.chmod(self.served, 0o755)
        (self.served / "file.bin").write_bytes(BODY)
        os.utime(self.served / "file.bin", (10 ** 9, 10 ** 9))

    def check(self, url):
        """Whole, in pieces, and after it was stopped in the middle."""
        for words in (("-j", 1), ("-j", 4), ("-j", 3, "--segment-size", "512KiB")):
            self.fetch(url, *words, "-o", "file.bin")
        (self.into / "file.bin").unlink()
        child = Process([self.binary, "get", "--json", url, "--limit-rate", "3MiB/s"], cwd=self.into)
        self.addCleanup(child.stop)
        child.wait_line(r'"done":[1-9]\d{6}', seconds(30))
        child.signal(signal.SIGKILL)
        child.wait(seconds(30))
        return self.events(self.fetch(url), "begin")[0]["resumed"]

    def test_nginx(self):
        program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/sbin")
        self.assertIsNotNone(program, "nginx is not installed")
        port = free_port()
        folder = self.served / "run"
        folder.mkdir(mode=0o777)
        (folder / "nginx.conf").write_text(f"""
daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 100; }}
http {{
    access_log off; sendfile on;
    client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
    uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    limit_conn_zone $binary_remote_addr zone=few:1m;
    server {{
        listen 127.0.0.1:{port}; root {self.served};
        location /few/ {{ alias {self.served}/; limit_conn few 2; limit_rate 4m; }}
    }}
}}
""")
        server = Process([program, "-p", folder, "-e", folder / "error.log", "-c", folder / "nginx.conf"],
                         death_signal=signal.SIGTERM)
        self.addCleanup(server.stop)
        server.wait_port(port)
        self.assertGreater(self.check(f"http://127.0.0.1:{port}/file.bin"), 0)
        self.fetch(f"http://127.0.0.1:{port}/few/file.bin", "-j", 8, "-o", "file.bin")
        self.fails(GONE, f"http://127.0.0.1:{port}/none")

    def test_caddy(self):
        self.assertIsNotNone(shutil.which("caddy"), "Caddy is not installed")
        port = free_port()
        (self.served / "Caddyfile").write_text(
            f"{{\n admin off\n auto_https off\n}}\nhttp://127.0.0.1:{port} {{\n root * {self.served}\n file_server\n}}\n")
        server = Process(["caddy", "run", "--config", self.served / "Caddyfile", "--adapter", "caddyfile"],
                         env={"HOME": str(self.served), "XDG_DATA_HOME": str(self.served)})
        self.addCleanup(server.stop)
        server.wait_port(port)
        self.assertGreater(self.check(f"http://127.0.0.1:{port}/file.bin"), 0)

    def test_python(self):
        """It knows no ranges: one stream, and nothing to go on from."""
        class Quiet(http.server.SimpleHTTPRequestHandler):
            def log_message(self, *_):
                pass

        class Silent(http.server.ThreadingHTTPServer):
            def handle_error(self, request, client_address):
                pass  # a client that was killed

        server = Silent(
            ("127.0.0.1", 0), functools.partial(Quiet, directory=str(self.served)))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        self.assertEqual(self.check(f"http://127.0.0.1:{server.server_address[1]}/file.bin"), 0)


class Https(GetTest):
    def test_only_with_a_certificate_that_is_trusted(self):
        import ssl
        rogue = self.rogue()
        key, cert = self.into / "key.pem", self.into / "cert.pem"
        code, _, err = run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", cert,
                            "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"])
        self.assertEqual(code, 0, err)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(cert, key)
        rogue.server.socket = context.wrap_socket(rogue.server.socket, server_side=True)
        url = f"https://127.0.0.1:{rogue.port}/file.bin"
        self.fails(BROKEN, url)
        self.assertEqual(rogue.requests, [], "nothing was asked of it")
        self.fetch(url, "--ca-file", cert)
        self.fetch(url, "-o", "file.bin", env={"SSL_CERT_FILE": str(cert)})
        plain = self.rogue()
        rogue.redirects = {"/down": plain.url + "/file.bin"}
        self.fails(BROKEN, f"https://127.0.0.1:{rogue.port}/down", "--ca-file", cert)
        self.assertEqual(plain.requests, [], "never from https to http")


class OurServer(ServerTest, GetTest):
    @classmethod
    def fill(cls):
        (cls.pub / "file.bin").write_bytes(BODY)
        (cls.pub / "empty").write_bytes(b"")
        tree = cls.pub / "tree"
        cls.tree = {"a.txt": b"a", "b c/ü.txt": b"deep", "b c/d/e.bin": BODY[:3 * MIB], "zero": b"", "x%41?#.txt": b"odd"}
        cls.tree[os.fsdecode(b"no-utf8-\xff")] = b"bytes"
        for i in range(60):
            cls.tree[f"many/{i:03d}"] = b"%d" % i
        deep = "/".join(["d"] * 40)
        cls.tree[deep + "/bottom"] = b"bottom"
        for name, content in cls.tree.items():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            (tree / name).write_bytes(content)
        (tree / "nothing").mkdir()

    def setUp(self):
        GetTest.setUp(self)
        self.url = self.server.url + "/s/pub/"

    # ServerTest has one of its own, of another kind.
    get = GetTest.get

    def test_file(self):
        for words in (("-j", 1), ("-j", 8), ("--segment-size", "256KiB")):
            self.fetch(self.url + "file.bin", *words, "-o", "file.bin")
        self.fetch(self.url + "empty", name="empty", body=b"")
        self.fails(GONE, self.url + "none")

    def test_resume(self):
        child = Process([self.binary, "get", "--json", self.url + "file.bin", "--limit-rate", "4MiB/s"], cwd=self.into)
        self.addCleanup(child.stop)
        child.wait_line(r'"done":[1-9]\d{6}', seconds(30))
        child.signal(signal.SIGKILL)
        child.wait(seconds(30))
        self.assertGreater(self.events(self.fetch(self.url + "file.bin"), "begin")[0]["resumed"], 0)

    def test_signed_link(self):
        (self.priv / "file.bin").write_bytes(BODY)
        link = self.command("link", "create", "priv/file.bin")["url"]
        self.fetch(link.replace(link.split("/d/")[0], self.server.url))
        self.fails(REFUSED, self.server.url + "/s/priv/file.bin")

    def assert_tree(self, root):
        found = {str(p.relative_to(root)): p.read_bytes() for p in root.rglob("*") if p.is_file()}
        self.assertEqual(sorted(found), sorted(self.tree))
        self.assertTrue(found == self.tree)
        self.assertTrue((root / "nothing").is_dir())

    def test_folder(self):
        code, lines, err = self.get(self.url + "tree", "-r")
        self.assertEqual(code, 0, err)
        self.assert_tree(self.into / "tree")
        self.assertEqual(self.left_over(), [])
        code, lines, err = self.get(self.url + "tree/", "-r")
        self.assertEqual(code, 0, err)
        self.assertTrue(all(line["was_there"] for line in self.events(lines, "done")))
        (self.into / "tree" / "a.txt").unlink()
        (self.into / "tree" / "many" / "001").write_bytes(b"another")
        code, lines, err = self.get(self.url + "tree/", "-r")
        self.assertEqual(code, LOCAL, err)
        code, lines, err = self.get(self.url + "tree/", "-r", "--overwrite", "-d", "in")
        self.assertEqual(code, 0, err)
        self.assert_tree(self.into / "in" / "tree")

    def test_folder_by_a_link(self):
        shutil.copytree(self.pub / "tree", self.priv / "tree", symlinks=True)
        link = self.command("link", "create", "priv/tree")["url"]
        code, lines, err = self.get(link.replace(link.split("/d/")[0], self.server.url), "-r")
        self.assertEqual(code, 0, err)
        self.assert_tree(self.into / "tree")

    def test_folder_as_an_archive(self):
        (self.priv / "album").mkdir(exist_ok=True)
        (self.priv / "album/one.bin").write_bytes(BODY)
        link = self.command("link", "create", "priv/album")["url"]
        for url, name, tree in ((self.url + "tree", "tree", self.tree), (self.url + "tree/", "tree", self.tree),
                                (link.replace(link.split("/d/")[0], self.server.url), "album", {"one.bin": BODY})):
            with self.subTest(url):
                code, lines, err = self.get(url, "-j", 4)
                self.assertEqual(code, 0, err)
                self.assertEqual(self.left_over(), [])
                root = self.into / f"{name}-out"
                root.mkdir()
                code, out, err = run(["bsdtar", "-xf", f"{name}.zip", "-C", str(root)], cwd=self.into, timeout=60)
                self.assertEqual(code, 0, err)
                found = {str(p.relative_to(root)): p.read_bytes() for p in root.rglob("*") if p.is_file()}
                self.assertTrue(found == tree, sorted(found))
                shutil.rmtree(root)
                (self.into / f"{name}.zip").unlink()

    def test_an_archive_goes_on_where_it_was(self):
        url = self.url + "tree/"
        child = Process([self.binary, "get", "--json", url, "--limit-rate", "1MiB/s"], cwd=self.into)
        self.addCleanup(child.stop)
        child.wait_line(r'"done":[1-9]\d{5}', seconds(30))
        child.signal(signal.SIGKILL)
        child.wait(seconds(30))
        code, lines, err = self.get(url)
        self.assertEqual(code, 0, err)
        self.assertGreater(self.events(lines, "begin")[0]["resumed"], 0)
        self.assertEqual(run(["unzip", "-tqq", "tree.zip"], cwd=self.into, timeout=60)[0], 0)

    def test_a_page_is_a_page_where_there_is_no_archive(self):
        rogue = self.rogue(b"<!doctype html>", fields={"Content-Type": "text/html"})
        self.fetch(rogue.url + "/docs/", name="docs", body=b"<!doctype html>")
        self.assertEqual([path for method, path, _ in rogue.requests if method == "HEAD"],
                         ["/docs/", "/docs/?zip", "/docs/"])
        refusing = self.rogue(b"<!doctype html>", fields={"Content-Type": "text/html"})
        self.fetch(refusing.url + "/file.html?x=1", name="file.html", body=b"<!doctype html>")
        self.assertEqual(len([path for _, path, _ in refusing.requests if "zip" in path]), 0)

    def test_what_is_no_folder(self):
        self.fails(GONE, self.url + "none/", "-r")
        self.fails(BROKEN, self.rogue(b"x").url + "/page", "-r")


if __name__ == "__main__":
    unittest.main()
