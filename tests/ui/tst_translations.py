#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every string of the window is translated: lupdate over ui/ finds nothing that translations/ lacks.

spillway_zh_CN.ts holds all of them, spillway_en.ts the plurals. `./dev translate` brings both up to date.

usage: tst_translations.py ROOT LUPDATE
"""

import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as ET

LUPDATE = sys.argv.pop() if len(sys.argv) > 2 else "/usr/lib/qt6/bin/lupdate"
ROOT = pathlib.Path(sys.argv.pop()) if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parents[2]


def messages(path):
    for context in ET.parse(path).getroot().iter("context"):
        for message in context.iter("message"):
            yield context.findtext("name"), message


def texts(message):
    translation = message.find("translation")
    forms = translation.findall("numerusform")
    return [form.text or "" for form in forms] if forms else [translation.text or ""]


class Translations(unittest.TestCase):
    def fresh(self, name, *options):
        """The file as lupdate makes it from the sources now, in a copy."""
        copy = pathlib.Path(self.folder) / name
        shutil.copy(ROOT / "translations" / name, copy)
        subprocess.run([LUPDATE, "-silent", "-locations", "none", "-no-ui-lines", "-I", str(ROOT), *options, str(ROOT / "ui"),
                        "-ts", str(copy)], check=True, stdout=subprocess.DEVNULL)
        return copy

    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)

    def check(self, name, *options):
        count = 0
        for context, message in messages(self.fresh(name, *options)):
            count += 1
            source = message.findtext("source")
            kind = message.find("translation").get("type")
            self.assertIsNone(kind, f"{name}: {context}: {source!r} is {kind}; run ./dev translate")
            for text in texts(message):
                self.assertTrue(text.strip(), f"{name}: {context}: {source!r} has no translation")
                for place in re.findall(r"%(?:n|\d)", source):
                    if place == "%n" and len(texts(message)) > 1:
                        continue  # "one file" may leave the number out
                    self.assertIn(place, text, f"{name}: {context}: {source!r} lost {place}")
        return count

    def test_chinese_is_complete(self):
        self.assertGreater(self.check("spillway_zh_CN.ts"), 100)

    def test_english_has_its_plurals(self):
        self.assertGreater(self.check("spillway_en.ts", "-pluralonly"), 4)


if __name__ == "__main__":
    unittest.main()
