# SPDX-License-Identifier: GPL-3.0-or-later
"""CPU time and memory of running processes, as the kernel counts them."""

import time
from pathlib import Path

CPUCLOCK_SCHED = 2


def descendants(pid):
    """`pid` and all its children and theirs: a server is its whole tree (nginx's master and workers)."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            for child in task.read_text().split():
                found += descendants(int(child))
        except OSError:
            pass  # it ended meanwhile
    return found


def cpu_seconds(pids):
    """User and system time of all threads, ended ones included, in ns resolution (clock_getcpuclockid(3))."""
    return sum(time.clock_gettime((~pid << 3) | CPUCLOCK_SCHED) for pid in pids)


def memory_kib(pids):
    """{"pss": …, "rss": …, "anonymous": …} in KiB, summed over the processes."""
    names = {"Pss": "pss", "Rss": "rss", "Anonymous": "anonymous"}
    total = dict.fromkeys(names.values(), 0)
    for pid in pids:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            key, _, value = line.partition(":")
            if key in names:
                total[names[key]] += int(value.split()[0])
    return total


def status_kib(pid, field):
    """A line of /proc/PID/status such as VmRSS or VmHWM, in KiB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(field + ":"):
            return int(line.split()[1])
    raise KeyError(field)


def reset_peak(pid):
    """Makes VmHWM start anew from what is resident now (proc(5), clear_refs)."""
    Path(f"/proc/{pid}/clear_refs").write_text("5")


def kernel_memory_kib():
    """What the kernel holds for everybody: {"tcp": socket buffers, "slab": its objects}, in KiB."""
    tcp_pages = 0
    for line in Path("/proc/net/sockstat").read_text().splitlines():
        words = line.split()
        if words[0] == "TCP:":
            tcp_pages = int(words[words.index("mem") + 1])
    slab = 0
    for line in Path("/proc/meminfo").read_text().splitlines():
        if line.startswith("Slab:"):
            slab = int(line.split()[1])
    return {"tcp": tcp_pages * 4, "slab": slab}


def open_descriptors(pid):
    return sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())


def open_sockets(pid):
    """Its connections and listeners; files that a cache keeps open do not count."""
    found = 0
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        try:
            found += descriptor.readlink().name.startswith("socket:")
        except OSError:
            pass  # closed meanwhile
    return found
