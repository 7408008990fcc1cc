# SPDX-License-Identifier: GPL-3.0-or-later
"""Child processes that are always ended, each by its own pid, and temporary folders that are always removed."""

import contextlib
import ctypes
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from pathlib import Path

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


class ProcessError(RuntimeError):
    """A child ended or stayed silent where it should have become ready; the text has the end of its output."""


@contextlib.contextmanager
def temp_folder(prefix="spillway-", parent=None):
    """A new folder, removed with all it holds at the end of the block."""
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def free_port(address="127.0.0.1"):
    """A TCP port that was free a moment ago: for servers that cannot take port 0. The caller retries where it was taken."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.bind((address, 0))
        return probe.getsockname()[1]


class Process:
    """One child with its output kept. A context manager: leaving the block ends the child.

    `cpus` pins it, `env` is added to the environment. The child dies with this process even if that is killed:
    by `death_signal`, which is SIGTERM for one that has children of its own to end.
    """

    def __init__(self, argv, *, name=None, cpus=None, env=None, cwd=None, stdin=subprocess.DEVNULL, nice=0,
                 death_signal=signal.SIGKILL):
        self.argv = [str(part) for part in argv]
        self.name = name or Path(self.argv[0]).name
        self.lines = []
        self._removed = 0  # how many lines the bound has taken from the front
        self._changed = threading.Condition()
        self._open_streams = 2

        def prepare():
            _libc.prctl(PR_SET_PDEATHSIG, death_signal)
            if cpus is not None:
                os.sched_setaffinity(0, cpus)
            if nice:
                os.nice(nice)

        self.popen = subprocess.Popen(
            self.argv, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=cwd,
            env={**os.environ, **(env or {})}, preexec_fn=prepare, text=True, errors="replace")
        self._readers = [threading.Thread(target=self._read, args=(stream, tag), daemon=True)
                         for stream, tag in ((self.popen.stdout, "out"), (self.popen.stderr, "err"))]
        for reader in self._readers:
            reader.start()

    def _read(self, stream, tag):
        with stream:
            for line in stream:
                with self._changed:
                    self.lines.append((tag, line.rstrip("\n")))
                    if len(self.lines) > 10000:  # enough for any test, and bounded
                        del self.lines[:1000]
                        self._removed += 1000
                    self._changed.notify_all()
        with self._changed:
            self._open_streams -= 1
            self._changed.notify_all()

    @property
    def pid(self):
        return self.popen.pid

    def alive(self):
        return self.popen.poll() is None

    def output(self, tag=None):
        """What it wrote so far: to standard output ("out"), standard error ("err"), or both."""
        with self._changed:
            return "\n".join(text for kind, text in self.lines if tag in (None, kind))

    def wait_line(self, pattern, timeout=20.0, tag=None):
        """The match of the first line that `pattern` is found in; ProcessError where it ends or time runs out."""
        expression = re.compile(pattern)
        deadline = time.monotonic() + timeout
        seen = 0
        with self._changed:
            while True:
                for kind, text in self.lines[max(0, seen - self._removed):]:
                    if tag in (None, kind) and (match := expression.search(text)):
                        return match
                seen = self._removed + len(self.lines)
                left = deadline - time.monotonic()
                if self._open_streams == 0 or left <= 0:
                    break
                self._changed.wait(left)
        why = "said nothing like it in time" if self._open_streams else f"ended with {self.popen.wait()}"
        raise ProcessError(f"{self.name}: waiting for /{pattern}/: it {why}\n{self.tail()}")

    def wait_port(self, port, address="127.0.0.1", timeout=20.0):
        """Returns once something accepts connections there; ProcessError where the child ends before."""
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            if not self.alive():
                raise ProcessError(f"{self.name}: ended with {self.popen.returncode}\n{self.tail()}")
            try:
                socket.create_connection((address, port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.02)
        raise ProcessError(f"{self.name}: nothing listens on {address}:{port}\n{self.tail()}")

    def tail(self, count=30):
        return "\n".join(self.output().splitlines()[-count:])

    def signal(self, number):
        if self.alive():
            os.kill(self.pid, number)

    def wait(self, timeout=30.0):
        """Its exit code, with all its output read; subprocess.TimeoutExpired where it does not end."""
        code = self.popen.wait(timeout)
        for reader in self._readers:
            reader.join(timeout)
        return code  # the readers have closed their streams

    def stop(self, grace=10.0):
        """SIGTERM, and SIGKILL for one that does not go. Returns the exit code."""
        self.signal(signal.SIGTERM)
        try:
            return self.wait(grace)
        except subprocess.TimeoutExpired:
            self.signal(signal.SIGKILL)
            return self.wait(grace)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


def run(argv, *, timeout=120, cpus=None, env=None, cwd=None, nice=0):
    """Runs a command to its end, killed past `timeout`: (exit code, standard output, standard error)."""
    with Process(argv, cpus=cpus, env=env, cwd=cwd, nice=nice) as child:
        try:
            code = child.wait(timeout)
        except subprocess.TimeoutExpired as late:
            raise ProcessError(f"{child.name}: still running after {timeout} s\n{child.tail()}") from late
        return code, child.output("out"), child.output("err")
