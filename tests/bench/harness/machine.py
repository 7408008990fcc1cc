# SPDX-License-Identifier: GPL-3.0-or-later
"""What the figures were measured on, and the files that are served."""

import ctypes
import mmap
import os
import platform
import shutil
import subprocess
from pathlib import Path

KIB, MIB, GIB = 1 << 10, 1 << 20, 1 << 30
_libc = ctypes.CDLL(None, use_errno=True)


def describe():
    """Processor, kernel and the versions of all programs involved."""

    def first_line(*argv):
        try:
            done = subprocess.run(argv, capture_output=True, text=True, timeout=20, check=False)
        except OSError:
            return "missing"
        return (done.stdout + done.stderr).strip().splitlines()[0] if done.stdout or done.stderr else "?"

    model = "?"
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.split(":", 1)[1].strip()
            break
    memory = next(line.split()[1] for line in Path("/proc/meminfo").read_text().splitlines() if line.startswith("MemTotal"))
    return {
        "cpu": model, "cores": os.cpu_count(), "memory_gib": round(int(memory) / MIB, 1), "kernel": platform.release(),
        "nginx": first_line("nginx", "-v").removeprefix("nginx version: "),
        "caddy": first_line("caddy", "version"), "go": first_line("go", "version").removeprefix("go version "),
        "wrk": first_line("wrk", "-v"), "curl": first_line("curl", "--version"),
    }


class Files:
    """The served folder. Files are made when a row first asks for them, and stay for the next run of the bench."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)

    def make(self, name, size, sparse=False):
        """A file of that size: pseudo-random bytes, or a hole where only its length matters."""
        path = self.folder / name
        if path.exists() and path.stat().st_size == size:
            return path
        if shutil.disk_usage(self.folder).free < size + GIB:
            raise OSError(f"not enough room in {self.folder} for {name}")
        with open(path, "wb") as out:
            if sparse:
                out.truncate(size)
                return path
            block = os.urandom(min(size, 4 * MIB))
            for _ in range(size // len(block)):
                out.write(block)
            out.write(block[:size % len(block)])
            out.flush()
            os.fsync(out.fileno())
        return path

    @staticmethod
    def warm(path):
        """Reads the file into the page cache."""
        with open(path, "rb") as file:
            while file.read(4 * MIB):
                pass

    @staticmethod
    def evict(path):
        """Drops the file from the page cache; returns the share of its pages that stayed (mincore(2))."""
        with open(path, "rb") as file:
            os.fsync(file.fileno())
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        return resident(path)


def resident(path):
    """The share of a file's pages that are in the page cache, 0 … 1."""
    size = Path(path).stat().st_size
    pages = (size + mmap.PAGESIZE - 1) // mmap.PAGESIZE
    if pages == 0:
        return 0.0
    _libc.mmap.restype = ctypes.c_void_p
    _libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]
    _libc.munmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t]
    _libc.mincore.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_void_p]
    with open(path, "rb") as file:
        place = _libc.mmap(None, size, mmap.PROT_READ, mmap.MAP_SHARED, file.fileno(), 0)
    if place in (None, ctypes.c_void_p(-1).value):
        raise OSError(ctypes.get_errno(), "mmap")
    try:
        states = ctypes.create_string_buffer(pages)
        if _libc.mincore(place, size, states) != 0:
            raise OSError(ctypes.get_errno(), "mincore")
        return sum(byte & 1 for byte in states.raw[:pages]) / pages
    finally:
        _libc.munmap(place, size)
