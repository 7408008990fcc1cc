# SPDX-License-Identifier: GPL-3.0-or-later
"""A running Spillway: found, started on free ports with a data folder of its own, ended by its pid."""

import json
import os
import signal
from pathlib import Path

from .process import Process, run

ROOT = Path(__file__).resolve().parents[2]
READY = r"^spillway: listening on http://(.+):(\d+)$"
READY_TLS = r"^spillway: listening on https://(.+):(\d+)$"


def find_binary():
    """$SPILLWAY, or the release build; None where there is none."""
    chosen = os.environ.get("SPILLWAY")
    path = Path(chosen) if chosen else ROOT / "build" / "release" / "spillway"
    return path if path.is_file() else None


class Spillway:
    """`spillway --no-gui` with a data folder that the caller owns. A context manager.

    `public` and `shares` map share names to folders, `settings` setting names to values (--set NAME=VALUE).
    `listen` may name a port that another process holds, together with extra=["--join-port"]. With `tls_listen` there
    is `tls_port`, too; without a certificate in the data folder a self-signed one is made. `prefix` is a command that
    becomes the server, such as prlimit. `window`: without --no-gui.
    """

    def __init__(self, data, *, binary=None, public=None, shares=None, workers=1, settings=None,
                 listen="127.0.0.1:0", tls_listen=None, admin_listen="127.0.0.1:0", extra=(), prefix=(),
                 timeout=30.0, window=False, **process):
        self.binary = Path(binary) if binary else find_binary()
        if self.binary is None:
            raise FileNotFoundError("no spillway binary: ./dev build makes one, or set SPILLWAY")
        self.data = Path(data)
        self.certificate = self.data / "tls" / "certificate.pem"
        if tls_listen and not self.certificate.exists():
            run([self.binary, "tls", "self-signed", "--data", self.data], timeout=60)
        argv = [*prefix, self.binary, *([] if window else ["--no-gui"]), "--data", self.data, "--workers", workers,
                "--listen", listen,
                "--admin-listen", admin_listen]
        if tls_listen:
            argv += ["--tls-listen", tls_listen]
        for option, folders in (("--public-share", public), ("--share", shares)):
            for name, folder in (folders or {}).items():
                argv += [option, f"{name}={folder}"]
        for name, value in (settings or {}).items():
            argv += ["--set", f"{name}={value}"]
        self.process = Process([*argv, *extra], name="spillway", **process)
        try:
            match = self.process.wait_line(READY, timeout, tag="out")
            secure = self.process.wait_line(READY_TLS, timeout, tag="out") if tls_listen else None
        except Exception:
            self.process.stop()
            raise
        self.address, self.port = match.group(1), int(match.group(2))
        self.url = f"http://{self.address}:{self.port}"
        if secure:
            self.tls_port = int(secure.group(2))
            self.tls_url = f"https://localhost:{self.tls_port}"

    @property
    def pid(self):
        return self.process.pid

    @property
    def admin_url(self):
        return json.loads((self.data / "admin.json").read_text())["address"].rstrip("/")

    def command(self, *arguments, timeout=60):
        """`spillway ARGUMENTS --data … --json`: (exit code, the object it printed or None, standard error)."""
        code, out, err = run([self.binary, *arguments, "--data", self.data, "--json"], timeout=timeout)
        return code, json.loads(out) if out.strip() else None, err

    def drain(self, timeout=30.0):
        """SIGTERM and its exit code, which is 0 for a clean end."""
        self.process.signal(signal.SIGTERM)
        return self.process.wait(timeout)

    def kill(self):
        self.process.signal(signal.SIGKILL)
        return self.process.wait(10)

    def stop(self):
        return self.process.stop()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
