#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The layers hold: every #include in server/, ui/ and app/ names its own layer or one before it.

The order is that of server/CMakeLists.txt, with app as the last. ui stands beside the server: it sees base and
contract alone, and only app sees it. Also: base, contract and ui stay free of what only Linux has (but for the three
files named below), nothing in server/ links or includes Qt Widgets, and in app only the front end with a window does.

usage: tst_layers.py ROOT
"""

import pathlib
import re
import sys
import unittest

ROOT = pathlib.Path(sys.argv.pop(1)) if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parents[2]
INCLUDE = re.compile(r'^[ \t]*#[ \t]*(?:include|import)[ \t]*(?:"([^"]+)"|<([^>]+)>)', re.M)
LINK = re.compile(r"Qt\d*::(?:Widgets|Gui)\b")
SOURCES = {".h", ".hpp", ".cpp", ".cc", ".inc"}
PORTABLE = {"base", "contract", "ui"}
WINDOW = "app/frontend_widgets.cpp"
SEEN_BY_UI = {"base", "contract", "ui"}
ALLOWED = {("server/base/uniquefd.h", "unistd.h"), ("server/base/blockingpool.cpp", "pthread.h"),
           *(("server/base/threadpriority.cpp", header) for header in ("sys/resource.h", "sys/syscall.h", "unistd.h"))}
# A header with a slash belongs to a platform or a library; of these two kinds, base may use only tl/expected.
POSIX = {"unistd.h", "fcntl.h", "pthread.h", "dirent.h", "poll.h", "sched.h", "ifaddrs.h", "netdb.h", "mntent.h",
         "syslog.h", "termios.h", "dlfcn.h", "spawn.h", "grp.h", "pwd.h", "semaphore.h"}
LIBRARIES = {"base": r"tl/expected\.hpp", "contract": r"tl/expected\.hpp|QtCore/.*", "ui": r"Qt[A-Z][A-Za-z]*/.*"}


def layers(cmake):
    """The order, from server/CMakeLists.txt."""
    names = re.search(r"foreach\(layer ([^)]+)\)", cmake)
    return names.group(1).split()


def faults(path, text, order):
    """What is wrong with the includes of one file; `path` is relative to the root: "server/net/worker.h"."""
    found = []
    parts = path.split("/")
    layer = parts[1] if parts[0] == "server" and len(parts) > 2 else parts[0]
    if layer != "ui" and layer not in order:
        return [f"{path}: {layer} is no layer of server/CMakeLists.txt"]
    for quoted, angled in INCLUDE.findall(text):
        name = quoted or angled
        if "QtWidgets" in name or name.startswith(("QWidget", "QApplication", "QtGui/")):
            if layer != "ui" and path != WINDOW:
                found.append(f"{path}: includes {name}: the server has no windows")
        if layer in PORTABLE and angled and (path, angled) not in ALLOWED \
                and not re.fullmatch(LIBRARIES[layer], angled):
            if "/" in angled or angled in POSIX:
                found.append(f"{path}: includes <{angled}>: {layer} must compile everywhere")
        if not quoted:
            if angled.startswith(("server/", "app/", "gui/", "ui/")):
                found.append(f"{path}: includes <{angled}>: write our own headers in quotes")
            continue
        target = quoted.split("/")
        used = target[1] if target[0] == "server" and len(target) > 2 else target[0]
        if len(target) < 2 or ".." in target:
            found.append(f'{path}: includes "{quoted}": write the path from the root of the repository')
        elif layer == "ui" or used == "ui":
            if used not in SEEN_BY_UI if layer == "ui" else path != WINDOW:
                found.append(f'{path}: includes "{quoted}": the window and the server meet in contract')
        elif used not in order:
            found.append(f'{path}: includes "{quoted}": {used} is no layer')
        elif order.index(used) > order.index(layer):
            found.append(f'{path}: includes "{quoted}": {used} comes after {layer}')
    return found


def sources(root):
    for top in ("server", "ui", "app"):
        yield from (p for p in sorted((root / top).rglob("*")) if p.suffix in SOURCES)


class TheFunction(unittest.TestCase):
    """It finds what it is for: a check that cannot fail would be worth nothing."""

    order = ["base", "contract", "net", "http", "app"]

    def assert_fault(self, path, line, part):
        found = faults(path, line, self.order)
        self.assertEqual(len(found), 1, found)
        self.assertIn(part, found[0])

    def assert_fine(self, path, line):
        self.assertEqual(faults(path, line, self.order), [])

    def test_own_layer_and_those_before_are_fine(self):
        self.assert_fine("server/net/a.h", '#include "server/net/b.h"\n#include "server/base/c.h"\n#include <sys/epoll.h>')
        self.assert_fine("app/main.cpp", '#include "app/x.h"\n#include "server/http/y.h"')
        self.assert_fine("app/commands/a.cpp", '#include "app/commands/a.h"')

    def test_a_later_layer_is_a_fault(self):
        self.assert_fault("server/net/a.h", '#include "server/http/b.h"', "http comes after net")
        self.assert_fault("server/http/a.cpp", '\n  #  include "app/b.h" // why', "app comes after http")

    def test_unknown_layers_and_relative_paths_are_faults(self):
        self.assert_fault("server/net/a.h", '#include "server/nett/b.h"', "no layer")
        self.assert_fault("server/nett/a.h", "", "no layer")
        self.assert_fault("server/net/a.h", '#include "b.h"', "from the root")
        self.assert_fault("server/net/a.h", '#include "server/../http/b.h"', "from the root")
        self.assert_fault("server/net/a.h", "#include <server/http/b.h>", "in quotes")

    def test_base_is_portable(self):
        for header in ("sys/socket.h", "linux/futex.h", "unistd.h", "pthread.h", "fcntl.h"):
            self.assert_fault("server/base/a.h", f"#include <{header}>", "everywhere")
        self.assert_fault("server/contract/a.h", "#include <sys/stat.h>", "everywhere")
        self.assert_fault("server/base/uniquefd.h", "#include <pthread.h>", "everywhere")
        self.assert_fine("server/base/uniquefd.h", "#include <unistd.h>")
        self.assert_fine("server/base/blockingpool.cpp", "#include <pthread.h>")
        self.assert_fine("server/base/result.h", "#include <string>\n#include <tl/expected.hpp>")

    def test_contract_may_use_the_core_of_qt(self):
        self.assert_fine("server/contract/a.h", "#include <QtCore/QString>")
        self.assert_fault("server/base/a.h", "#include <QtCore/QString>", "everywhere")
        self.assert_fault("server/contract/a.h", "#include <QtNetwork/QHostAddress>", "everywhere")

    def test_the_window_sees_the_contract_alone(self):
        self.assert_fine("ui/pages/a.cpp", '#include "ui/style/b.h"\n#include "server/contract/c.h"\n#include <QtWidgets/QWidget>')
        self.assert_fine("app/frontend_widgets.cpp", '#include "ui/console.h"\n#include <QtWidgets/QApplication>')
        for header in ("server/net/worker.h", "app/server.h"):
            self.assert_fault("ui/a.h", f'#include "{header}"', "meet in contract")
        self.assert_fault("server/http/a.h", '#include "ui/console.h"', "meet in contract")
        self.assert_fault("app/serve.cpp", '#include "ui/console.h"', "meet in contract")
        self.assert_fault("app/serve.cpp", "#include <QtWidgets/QApplication>", "no windows")
        self.assert_fault("ui/a.cpp", "#include <unistd.h>", "everywhere")

    def test_windows_are_a_fault(self):
        for header in ("QtWidgets/QWidget", "QWidget", "QApplication", "QtGui/QImage"):
            self.assert_fault("server/net/a.cpp", f"#include <{header}>", "no windows")

    def test_commented_includes_do_not_count(self):
        self.assert_fine("server/net/a.h", '// #include "server/http/b.h"')


class TheTree(unittest.TestCase):
    def setUp(self):
        self.order = layers((ROOT / "server" / "CMakeLists.txt").read_text()) + ["app"]

    def test_the_order_is_read(self):
        self.assertEqual(self.order[0], "base")
        self.assertGreater(len(self.order), 10)
        for folder in (ROOT / "server").iterdir():
            if folder.is_dir() and any(p.suffix in SOURCES for p in folder.iterdir()):
                self.assertIn(folder.name, self.order)

    def test_every_include(self):
        files = list(sources(ROOT))
        self.assertGreater(len(files), 100)
        found = []
        for file in files:
            found += faults(file.relative_to(ROOT).as_posix(), file.read_text(), self.order)
        self.assertEqual(found, [], "\n" + "\n".join(found))

    def test_no_target_links_widgets(self):
        for cmake in (ROOT / "server").rglob("CMakeLists.txt"):
            self.assertNotRegex(cmake.read_text(), LINK, cmake)

    def test_the_window_links_the_contract_and_base_alone(self):
        libraries = set(re.findall(r"\bspillway_\w+", (ROOT / "ui" / "CMakeLists.txt").read_text()))
        self.assertEqual(libraries - {"spillway_library"},
                         {"spillway_base", "spillway_contract", "spillway_ui", "spillway_ui_models"})


if __name__ == "__main__":
    unittest.main()
