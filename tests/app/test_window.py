# SPDX-License-Identifier: GPL-3.0-or-later
"""The front ends: the window where there is a display, a plain refusal where there is none, neither for --no-gui."""

import os
import pathlib
import subprocess
import tempfile
import time
import unittest

from tests.support.spillway import Spillway, find_binary

HAS_WINDOW = os.environ.get("TEST_GUI") == "ON"
DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


def without_display(**more):
    environment = {name: value for name, value in os.environ.items() if name not in DISPLAYS}
    return {**environment, **dict.fromkeys(DISPLAYS, ""), **more}


class Frontends(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.data = pathlib.Path(folder.name) / "data"

    def refused(self, **environment):
        done = subprocess.run([find_binary(), "--data", self.data, "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0"],
                              env=without_display(**environment), capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
        self.assertIn("--no-gui", done.stderr)
        self.assertEqual(done.stdout, "")

    def test_no_gui_needs_no_display_and_loads_no_plugin_of_one(self):
        with Spillway(self.data, env=without_display()) as server:
            mapped = pathlib.Path(f"/proc/{server.pid}/maps").read_text()
            self.assertNotIn("/plugins/platforms/", mapped)
            self.assertNotIn("/plugins/platformthemes/", mapped)
            self.assertEqual(server.drain(), 0)

    if HAS_WINDOW:
        def test_without_a_display_it_says_so_in_a_line(self):
            self.refused()
            self.assertFalse(self.data.exists(), "nothing was begun")

        def test_a_display_that_does_not_answer_is_none(self):
            self.refused(DISPLAY=":4093")

        def test_the_window_serves_and_ends_like_any_server(self):
            with Spillway(self.data, window=True, env=without_display(QT_QPA_PLATFORM="offscreen")) as server:
                code, status, _ = server.command("status")
                self.assertEqual(code, 0)
                self.assertTrue(status["running"])
                self.assertEqual(server.drain(), 0)

        def test_a_second_start_hands_its_files_to_the_window_and_ends(self):
            run = self.data.parent / "run"
            run.mkdir()
            environment = without_display(QT_QPA_PLATFORM="offscreen", XDG_RUNTIME_DIR=str(run))
            shared = self.data.parent / "for you.txt"
            shared.write_text("hello")
            with Spillway(self.data, window=True, env=environment) as server:
                for more in ([], ["--", shared.name]):
                    again = subprocess.run([find_binary(), "--data", self.data, *more], env=environment,
                                           capture_output=True, text=True, timeout=60, cwd=shared.parent)
                    self.assertEqual((again.returncode, again.stdout), (0, ""), again.stderr)
                deadline = time.monotonic() + 60
                while not (links := server.command("link", "list")[1]):
                    self.assertLess(time.monotonic(), deadline, "the window makes a link")
                    time.sleep(0.05)
                self.assertEqual(links[0]["name"], "for you.txt")
                self.assertEqual(server.drain(), 0)

        def test_files_reach_a_server_without_a_window_too(self):
            environment = without_display(QT_QPA_PLATFORM="offscreen")
            shared = self.data.parent / "a.txt"
            shared.write_text("hello")
            with Spillway(self.data, env=environment):
                done = subprocess.run([find_binary(), "--data", self.data, "--", shared], env=environment,
                                      capture_output=True, text=True, timeout=60)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertIn("/d/", done.stdout)
    else:
        def test_a_build_without_a_window_links_none(self):
            linked = subprocess.run(["ldd", find_binary()], capture_output=True, text=True, check=True).stdout
            for library in ("Qt6Widgets", "Qt6Gui", "Qt6Charts", "Qt6Svg", "Qt6DBus"):
                self.assertNotIn(library, linked)


if __name__ == "__main__":
    unittest.main()
