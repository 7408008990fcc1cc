# SPDX-License-Identifier: GPL-3.0-or-later
"""The completions, in the shells that they are for."""

import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from tests.support.spillway import find_binary


class Completion(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.base = Path(folder.name)
        (self.base / "readme.toml").touch()
        (self.base / "folder").mkdir()

    def script(self, shell):
        path = self.base / f"completion.{shell}"
        path.write_text(run([find_binary(), "help", "--completion", shell]))
        return path

    def needs(self, shell):
        if not shutil.which(shell):
            self.skipTest(f"{shell} is not installed")

    def bash(self, line):
        """What bash offers at the end of `line`."""
        words = line.split(" ")
        source = (f'source "{self.script("bash")}"; compopt() {{ :; }}; '
                  f'COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _spillway; printf "%s\\n" "${{COMPREPLY[@]}}"')
        return set(run(["bash", "-c", source, "bash", *words], self.base).split())

    def fish(self, line):
        out = run(["fish", "--no-config", "-c", f'source {self.script("fish")}; complete -C "$argv"', line], self.base)
        return {row.split("\t")[0] for row in out.splitlines()}

    def check(self, offers):
        self.assertGreaterEqual(offers("spillway "), {"share", "link", "get", "doctor"})
        self.assertEqual(offers("spillway ke"), {"key"})
        self.assertEqual(offers("spillway link "), {"create", "update", "presign", "list", "show", "receipts", "revoke"})
        self.assertLessEqual({"--expires", "--max-downloads", "--json"}, offers("spillway link create a/b --"))
        self.assertNotIn("--max-downloads", offers("spillway key list --"))
        self.assertEqual(offers("spillway link create a/b --expires "), {"never"})
        self.assertIn("--json", offers("spillway --data folder link list --j"))
        self.assertIn("readme.toml", offers("spillway --config rea"))

    def test_bash(self):
        self.check(self.bash)
        self.assertEqual(self.bash("spillway --data = fol"), {"folder"})

    def test_fish(self):
        self.needs("fish")
        self.check(self.fish)

    def test_zsh_reads_it(self):
        self.needs("zsh")
        run(["zsh", "-n", self.script("zsh")])
        offered = run(["zsh", "-fc", ZSH, "zsh", str(self.script("zsh"))], self.base)
        self.assertIn("create", offered)
        self.assertIn("never", offered)


# zsh completes only in its line editor; here the functions that a completion calls print what they get.
ZSH = """
_describe() { print -l -- ${(P)2} }
_arguments() { print -l -- "$@" }
words=(spillway link '') CURRENT=3; source $1
words=(spillway link create a/b --expires '') CURRENT=6; source $1
"""


def run(command, folder=None):
    environment = {**{k: v for k, v in os.environ.items() if not k.startswith("SPILLWAY_")}, "HOME": str(folder or "/")}
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=60, cwd=folder,
                          env=environment)
    if done.returncode:
        raise AssertionError(f"{command} ended with {done.returncode}: {done.stderr}")
    return done.stdout


if __name__ == "__main__":
    unittest.main()
