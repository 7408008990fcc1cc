# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether other machines get through: from a second network namespace, with a firewall in between."""

import subprocess
import unittest
import urllib.parse

from common import ServerTest, run, seconds, wait_until
from support.namespaces import HERE, THERE, Firewall, OtherMachine, enter_own_network

CURL_TIMED_OUT = 28
other = None


def setUpModule():
    """A container or a kernel may have no namespaces, no veth or no nftables: then there is nothing to test with."""
    global other
    try:
        enter_own_network()
        other = OtherMachine()
        unittest.addModuleCleanup(other.stop)
        Firewall(9).lift()
    except (OSError, subprocess.CalledProcessError) as error:
        raise unittest.SkipTest(str(error)) from error


class ReachTest(ServerTest):
    def serve(self):
        return self.start(self.base / self.id().rsplit(".", 1)[1], listen="0.0.0.0:0")

    def fetch(self, url, *words):
        return other.run("curl", "-sS", "--noproxy", "*", "--max-time", seconds(20), *words, url)

    def reached_by(self, server):
        return self.command("status", server=server).get("reached_by")

    def doctor(self, server):
        _, checks, _ = server.command("doctor", timeout=seconds(60))
        return next(check for check in checks if check["name"] == "reach")

    def test_the_firewall_keeps_others_out_until_it_lets_the_port_in(self):
        server = self.serve()
        link = urllib.parse.urlsplit(self.command("link", "create", "pub/small.txt", server=server)["url"])
        self.assertEqual(link.hostname, HERE, "a link is made for others in the network")
        wall = Firewall(server.port)
        self.assertEqual(self.fetch(link.geturl(), "--connect-timeout", "1")[0], CURL_TIMED_OUT)
        self.assertIsNone(self.reached_by(server))
        self.assertIn("no other machine", self.doctor(server)["text"])
        # Its own machine is no proof, by whatever address.
        for host in ("127.0.0.1", HERE):
            code, _, err = run(["curl", "-sSf", "--noproxy", "*", link._replace(netloc=f"{host}:{server.port}").geturl()])
            self.assertEqual(code, 0, err)
        self.assertIsNone(self.reached_by(server))
        wall.lift()
        self.assertEqual(self.fetch(link.geturl()), (0, "hello, reader\n"))
        contact = wait_until(lambda: self.reached_by(server), seconds(20))
        self.assertEqual(contact["address"], THERE)
        self.assertEqual((self.doctor(server)["level"], THERE in self.doctor(server)["text"]), ("ok", True))

    def test_who_listens_to_this_machine_alone_is_told_so(self):
        server = self.start(self.base / "alone", listen="127.0.0.1:0")
        self.assertEqual(self.fetch(f"http://{HERE}:{server.port}/", "--connect-timeout", "1")[0], 7)
        self.assertIsNone(self.reached_by(server))
        self.assertIn("this machine alone", self.doctor(server)["text"])


if __name__ == "__main__":
    unittest.main()
