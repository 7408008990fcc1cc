# SPDX-License-Identifier: GPL-3.0-or-later
"""A second machine in the same network, as far as the kernel can play one: a network namespace at the other end of a
cable (veth), and a firewall (nftables) before this end."""

import ctypes
import os
import subprocess

from support.process import Process

CLONE_NEWNET, CLONE_NEWUSER = 0x40000000, 0x10000000
HERE, THERE = "10.77.0.1", "10.77.0.2"


def enter_own_network():
    """Gives this process a network of its own, with loopback up: no address of the machine is touched. Before any
    thread is started. OSError where the kernel or a container forbids it."""
    libc = ctypes.CDLL(None, use_errno=True)
    user, group = os.geteuid(), os.getegid()
    if libc.unshare(CLONE_NEWNET | (CLONE_NEWUSER if user else 0)) != 0:
        raise OSError(ctypes.get_errno(), "no network namespace of one's own")
    if user:
        for name, text in (("setgroups", "deny"), ("uid_map", f"0 {user} 1"), ("gid_map", f"0 {group} 1")):
            with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
                file.write(text)
    _do("ip", "link", "set", "lo", "up")


def _do(*words, stdin=None):
    subprocess.run(words, check=True, timeout=30, input=stdin, text=True, stdout=subprocess.PIPE)


class OtherMachine:
    """At THERE; this one is at HERE."""

    def __init__(self):
        self.process = Process(["unshare", "-n", "sh", "-c", "echo ready; exec sleep 600"])
        self.process.wait_line("ready")
        _do("ip", "link", "add", "cable0", "type", "veth", "peer", "name", "cable1", "netns", str(self.process.pid))
        _do("ip", "addr", "add", f"{HERE}/24", "dev", "cable0")
        _do("ip", "link", "set", "cable0", "up")
        _do("ip", "route", "add", "default", "via", THERE)
        _do(*self._there, "ip", "addr", "add", f"{THERE}/24", "dev", "cable1")
        _do(*self._there, "ip", "link", "set", "cable1", "up")

    @property
    def _there(self):
        return "nsenter", "-t", str(self.process.pid), "-n"

    def run(self, *words, timeout=30):
        """Its exit code and output."""
        done = subprocess.run([*self._there, *map(str, words)], timeout=timeout, capture_output=True, text=True)
        return done.returncode, done.stdout

    def stop(self):
        self.process.stop()


class Firewall:
    """Lets nothing in that comes by cable to `port`, until it is lifted."""

    def __init__(self, port):
        _do("nft", "-f", "-", stdin=f"""
table inet wall {{
    chain input {{
        type filter hook input priority 0; policy accept;
        iifname "cable0" tcp dport {port} drop
    }}
}}
""")

    @staticmethod
    def lift():
        _do("nft", "delete", "table", "inet", "wall")
