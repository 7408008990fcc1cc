# SPDX-License-Identifier: GPL-3.0-or-later
"""How figures are judged and written, and that cold files are cold. Nothing here is timed and no server is started."""

import sys
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import run  # noqa: E402
from harness import figures, machine, programs, report  # noqa: E402
from harness.figures import CHECKS, ROWS, Check, judge  # noqa: E402
from harness.rows import BROWSER_HEAD, RowError  # noqa: E402


class FakeServer:
    def __init__(self):
        self.stops = 0

    def stop(self):
        self.stops += 1


class JudgeTest(unittest.TestCase):
    def verdict(self, check, ours, **theirs):
        medians = {check.row: {"spillway": {"cpu_us": ours}, **{name: {"cpu_us": value} for name, value in theirs.items()}}}
        return judge(check, medians)

    def test_times_is_theirs_over_ours(self):
        check = Check("x", "bare1k", 1.1, 1.3, "times", ["nginx"])
        for theirs, verdict in ((12.9, "floor"), (13.0, "goal"), (11.0, "floor"), (10.99, "below the floor")):
            judged = self.verdict(check, 10.0, nginx=theirs)
            self.assertEqual(judged["verdict"], verdict, theirs)
            self.assertAlmostEqual(judged["value"], theirs / 10)

    def test_share_is_ours_over_the_best_of_theirs(self):
        check = Check("x", "bare1k", 1.1, 1.0, "share", ["nginx", "caddy"])
        judged = self.verdict(check, 10.0, nginx=12.0, caddy=9.5)
        self.assertEqual((judged["against"], judged["verdict"]), ("caddy", "floor"))
        self.assertEqual(self.verdict(check, 10.0, nginx=10.0)["verdict"], "goal")
        self.assertEqual(self.verdict(check, 10.0, nginx=9.0)["verdict"], "below the floor")

    def test_value_is_ours_alone(self):
        check = Check("x", "bare1k", 2.0, 1.0, "value")
        for ours, verdict in ((1.0, "goal"), (1.01, "floor"), (2.0, "floor"), (2.01, "below the floor")):
            self.assertEqual(self.verdict(check, ours)["verdict"], verdict, ours)

    def test_a_missing_side_is_no_verdict(self):
        check = Check("x", "bare1k", 1.1, 1.3, "times", ["nginx"])
        self.assertIsNone(self.verdict(check, 10.0))
        self.assertIsNone(judge(check, {"bare1k": {"nginx": {"cpu_us": 1.0}}}))
        self.assertIsNone(judge(check, {}))

    def test_figures_of_programs(self):
        at_most = {"name": "memory", "value": 8, "floor": 32, "goal": 8}
        at_least = {"name": "speed-up", "value": 19, "floor": 5, "goal": 20, "at_least": True}
        self.assertEqual(programs.verdict(at_most), "goal")
        self.assertEqual(programs.verdict({**at_most, "value": 33}), "below the floor")
        self.assertEqual(programs.verdict(at_least), "floor")
        self.assertEqual(programs.verdict({**at_least, "value": 4}), "below the floor")
        self.assertEqual(programs.verdict({"name": "size", "value": 1}), "")


class TableTest(unittest.TestCase):
    def test_every_check_is_about_servers_and_a_metric_of_its_row(self):
        for check in CHECKS:
            row = ROWS[check.row]
            for name in (check.ours, *check.against):
                self.assertIn(name, row.servers, check.what)
            if check.metric:
                self.assertIn(check.metric, row.shown, check.what)

    def test_floors_are_no_stricter_than_goals(self):
        for check in CHECKS:
            if check.kind == "times":
                self.assertLessEqual(check.floor, check.goal, check.what)
            else:
                self.assertGreaterEqual(check.floor, check.goal, check.what)

    def test_the_browser_head_is_as_long_as_it_says(self):
        head = "GET /s/pub/one.bin HTTP/1.1\r\nHost: 127.0.0.1:12345\r\n" + "".join(
            f"{key}: {value}\r\n" for key, value in BROWSER_HEAD.items()) + "\r\n"
        self.assertTrue(650 <= len(head) <= 750, len(head))

    def test_rows_that_do_not_exist_are_wrong_usage(self):
        with self.assertRaises(SystemExit) as caught:
            run.parse(["--rows", "bare1k,nonsense"])
        self.assertEqual(caught.exception.code, 2)


class MeasureTest(unittest.TestCase):
    """run.measure_row, with servers and measurements that are made up."""

    class Bench:
        quick = False

        def __init__(self):
            self.notes = []

        def note(self, text):
            self.notes.append(text)

    def measure(self, values, rounds=3, fresh=False, warm=False):
        """`values`: server -> list of results or exceptions; a name that is not there is missing."""
        self.order, self.servers = [], {}
        left = {name: list(results) for name, results in values.items()}

        def make(name, _):
            if name not in values:
                return None
            self.servers.setdefault(name, []).append(FakeServer())
            self.servers[name][-1].name = name
            return self.servers[name][-1]

        def work(_, server, seconds):
            if seconds == 1:
                return {}
            self.order.append(server.name)
            value = left[server.name].pop(0)
            if isinstance(value, BaseException):
                raise value
            return {"cpu_us": value}

        row = figures.Row("t", work, ["a", "b"], "cpu_us", "µs", ["cpu_us"], make=make, fresh=fresh,
                          rounds=None if warm else rounds)
        self.bench = self.Bench()
        return run.measure_row(self.bench, row, rounds)["servers"]

    def test_rounds_are_interleaved_and_the_median_is_taken(self):
        result = self.measure({"a": [1.0, 9.0, 2.0], "b": [5.0, 5.0, 6.0]}, warm=True)
        self.assertEqual(self.order, ["a", "b"] * 3)
        self.assertEqual(result["a"]["median"], {"cpu_us": 2.0})
        self.assertEqual(result["b"]["median"], {"cpu_us": 5.0})
        self.assertEqual([server.stops for server in self.servers["a"]], [1])

    def test_a_missing_server_is_said_and_the_others_go_on(self):
        result = self.measure({"b": [1.0, 1.0, 1.0]})
        self.assertEqual(result["a"], {"error": "missing"})
        self.assertEqual(result["b"]["median"], {"cpu_us": 1.0})

    def test_a_failed_measurement_enters_no_median(self):
        result = self.measure({"a": [1.0, RowError("wrong answers"), 1.0], "b": [1.0, 1.0, 1.0]})
        self.assertEqual(result["a"], {"error": "failed: wrong answers"})
        self.assertEqual(len(self.bench.notes), 1)
        self.assertEqual(self.order, ["a", "b", "a", "b", "b"])
        self.assertEqual([server.stops for server in self.servers["a"]], [1])

    def test_fresh_servers_for_each_measurement(self):
        self.measure({"a": [1.0, 1.0], "b": [1.0, 1.0]}, rounds=2, fresh=True)
        self.assertEqual([server.stops for server in self.servers["a"]], [1, 1])

    def test_servers_are_stopped_whatever_happens(self):
        with self.assertRaises(KeyboardInterrupt):
            self.measure({"a": [1.0], "b": [KeyboardInterrupt()]}, rounds=1)
        self.assertEqual([server.stops for server in self.servers["a"] + self.servers["b"]], [1, 1])


class ReportTest(unittest.TestCase):
    def test_a_report_with_gaps_is_still_a_report(self):
        results = {
            "date": "2025-10-10 12:00 UTC", "quick": True, "rounds": 1, "server_cpus": 0, "load_cpus": 1, "notes": ["a note"],
            "machine": {"cpu": "c", "cores": 2, "memory_gib": 4, "kernel": "k", "nginx": "n", "caddy": "y", "go": "g",
                        "wrk": "w"},
            "rows": {"bare1k": {"title": "T", "servers": {
                "spillway": {"error": "missing"}, "nginx": {"rounds": [{"cpu_us": 9.5}], "median": {"cpu_us": 9.5}}}}},
            "checks": [{"what": "W", "kind": "times", "floor": 1.1, "goal": 1.3, "value": None, "verdict": "missing"}],
            "programs": {"million": {"title": "M", "figures": None, "output": ""},
                         "metadata": {"title": "D", "figures": [{"name": "x", "value": 21, "unit": "times", "floor": 5,
                                                                 "at_least": True, "verdict": "floor"}], "output": ""}},
        }
        with tempfile.TemporaryDirectory() as folder:
            text = report.write(results, Path(folder))
            for name in ("results.json", "results.md"):
                self.assertTrue((Path(folder) / name).stat().st_size > 0, name)
        self.assertIn("| W | – | ≥ 1.1x | ≥ 1.3x | missing |", text)
        self.assertIn("| nginx | 9.5 |", text)
        self.assertIn("| spillway | missing |", text)
        self.assertIn("| D: x | 21 times | ≥ 5 times |  | floor |", text)
        self.assertIn("| M | – |  |  | missing |", text)
        self.assertIn("- a note", text)


class ColdFilesTest(unittest.TestCase):
    def test_files_have_their_size_and_are_kept(self):
        with tempfile.TemporaryDirectory() as folder:
            files = machine.Files(folder)
            for size in (1, 4095, 4096, 4097, 4 * machine.MIB + 1):
                self.assertEqual(files.make(f"f{size}", size).stat().st_size, size)
            path = files.make("hole", machine.GIB, sparse=True)
            self.assertEqual(path.stat().st_size, machine.GIB)
            self.assertLess(path.stat().st_blocks * 512, machine.MIB)
            before = path.stat().st_mtime_ns
            self.assertEqual(files.make("hole", machine.GIB, sparse=True).stat().st_mtime_ns, before)

    def test_residency_is_seen(self):
        with tempfile.TemporaryDirectory(dir=HERE) as folder:  # not below /tmp, which may be memory and cannot be evicted
            path = machine.Files(folder).make("file", machine.MIB)
            machine.Files.warm(path)
            self.assertEqual(machine.resident(path), 1.0)
            empty = Path(folder) / "empty"
            empty.touch()
            self.assertEqual(machine.resident(empty), 0.0)


if __name__ == "__main__":
    unittest.main()
