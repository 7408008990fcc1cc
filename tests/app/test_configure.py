# SPDX-License-Identifier: GPL-3.0-or-later
"""A build without the window asks for no Qt that draws, and builds no part of it."""
import os
import pathlib
import subprocess
import tempfile
import unittest

SOURCE = pathlib.Path(__file__).resolve().parents[2]
# What only the window needs; each is hidden from CMake as if it were not installed.
WINDOW_ONLY = ("Qt6Gui", "Qt6Widgets", "Qt6Charts", "Qt6Svg", "Qt6SvgWidgets", "Qt6DBus")


class WithoutAWindow(unittest.TestCase):
    def test_configures_without_qt_widgets(self):
        with tempfile.TemporaryDirectory() as build:
            hidden = [f"-DCMAKE_DISABLE_FIND_PACKAGE_{name}=ON" for name in WINDOW_ONLY]
            run = subprocess.run(
                [os.environ.get("CMAKE", "cmake"), "-S", SOURCE, "-B", build, "-G", "Ninja", "-DSPILLWAY_GUI=OFF",
                 "-DBUILD_TESTING=OFF", *hidden], capture_output=True, text=True, check=False)
            self.assertEqual(run.returncode, 0, run.stderr)
            ninja = pathlib.Path(build, "build.ninja").read_text()
            self.assertIn("server/engine", ninja)
            for part in ("Qt6Widgets", "Qt6Charts", "libQt6Gui", "ui/pages"):
                self.assertNotIn(part, ninja)


if __name__ == "__main__":
    unittest.main()
