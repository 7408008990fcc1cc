#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every sentence that a request for a download may be refused with has a row in server/pages/messages.cpp.

Without one it would be shown in English, whatever the reader's language. usage: tst_sentences.py ROOT
"""

import pathlib
import re
import sys
import unittest

ROOT = pathlib.Path(sys.argv.pop(1)) if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parents[3]
TEXT = re.compile(r'"((?:[^"\\]|\\.)*)"')
CALL = re.compile(r"\b(?:exchange|again)\.fail\(\s*(?:\d+|[\w.]+),\s*((?:[^;]|;(?!\n))*?)\);\n", re.S)
CONSTANT = re.compile(r"constexpr std::string_view k\w+\s*=\s*((?:\s*\"(?:[^\"\\]|\\.)*\")+);")


def sentences(source):
    """The sentences in calls of fail(), and in constants that are one; "%1" stands for what is put together."""
    found = []
    for call in CALL.findall(source):
        detail = re.split(r',\s*(?="Retry-After|"Content-Range|"WWW|k[A-Z])', call)[0]
        texts = TEXT.findall(detail)
        if texts and texts[0][:1].isupper():
            found.append("%1".join(texts) if "+" in detail else "".join(texts))
    for constant in CONSTANT.findall(source):
        text = "".join(TEXT.findall(constant))
        if re.fullmatch(r"[A-Z][^\r\n\\<>]* [^\r\n\\<>]*\.", text):
            found.append(text)
    return found


class Sentences(unittest.TestCase):
    def test_the_function(self):
        self.assertEqual(sentences('exchange.fail(404, "None here.");\n'), ["None here."])
        self.assertEqual(sentences('exchange.fail(429, "Wait " + s + " s.",\n "Retry-After: 1");\n'), ["Wait %1 s."])
        self.assertEqual(sentences('constexpr std::string_view kGone =\n    "It is " "gone.";'), ["It is gone."])
        self.assertEqual(sentences('constexpr std::string_view kAllow = "Allow: GET\\r\\n";'), [])

    def test_every_sentence_has_a_row(self):
        table = set(TEXT.findall((ROOT / "server/pages/messages.cpp").read_text()))
        # Programs alone see these: what asks for HTML gets a form, or the byte range was its own.
        programs = {"This link needs its password."}
        seen = 0
        for file in sorted((ROOT / "server/download").glob("*.[ch]*")):
            for sentence in sentences(file.read_text()):
                seen += 1
                if sentence not in programs:
                    self.assertIn(sentence, table, f"{file.name}: give it words in server/pages/messages.cpp")
        self.assertGreater(seen, 20)


if __name__ == "__main__":
    unittest.main()
