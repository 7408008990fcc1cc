# SPDX-License-Identifier: GPL-3.0-or-later
"""HTTPS with clients that people use: versions, ranges, reload, redirect, tickets, what scanners think, ACME."""

import contextlib
import hashlib
import json
import os
import re
import resource
import socket
import ssl
import subprocess
import tempfile
import unittest
from pathlib import Path

import common
from common import SLOW, Process, ServerTest, client, procfs, run, seconds, sha256, wait_until
from support.process import free_port

BIG = 64 << 20
CURL = ("curl", "--silent", "--show-error")


def self_signed(binary, data, *options):
    code, out, err = run([binary, "tls", "self-signed", "--data", data, "--json", *options], timeout=seconds(60))
    if code != 0:
        raise AssertionError(err)
    return json.loads(out)


class TlsTest(ServerTest):
    @classmethod
    def fill(cls):
        (cls.pub / "big.bin").write_bytes(common.some_bytes(BIG))
        cls.digest = sha256(cls.pub / "big.bin")

    @classmethod
    def start(cls, data, **more):
        return super().start(data, tls_listen="127.0.0.1:0", **more)

    def setUp(self):
        self.url = self.server.tls_url
        self.trust = ("--cacert", self.server.certificate)

    def curl(self, *argv, trust=None):
        code, out, err = client(*CURL, *(self.trust if trust is None else trust), *argv)
        self.assertEqual(code, 0, err)
        return out

    def status(self, url, *argv):
        return self.curl(*argv, "--output", "/dev/null", "--write-out", "%{http_code} %{redirect_url}", url).strip()

    def context(self):
        context = ssl.create_default_context(cafile=self.server.certificate)
        context.set_alpn_protocols(["http/1.1"])
        return context

    def secure_socket(self, server=None, context=None, **more):
        plain = socket.create_connection(("127.0.0.1", (server or self.server).tls_port), timeout=seconds(30))
        secure = (context or self.context()).wrap_socket(plain, server_hostname="localhost", **more)
        self.addCleanup(secure.close)
        return secure

    def ask(self, secure, target="/s/pub/small.txt"):
        secure.sendall(f"GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        data = b""
        while b"\r\n\r\n" not in data:
            data += secure.recv(65536)
        head, _, body = data.partition(b"\r\n\r\n")
        length = int(re.search(rb"Content-Length: (\d+)", head)[1])
        while len(body) < length:
            body += secure.recv(65536)
        return head.decode(), body

    def metrics(self, server=None):
        folder = (server or self.server).data
        address = json.loads((folder / "admin.json").read_text())["address"]
        return self.curl(address + "/metrics")

    def metric(self, line, server=None):
        return int(re.search(rf"^{re.escape(line)} (\d+)", self.metrics(server), re.M)[1])


class Serving(TlsTest):
    def test_each_version_and_suite_gives_the_right_bytes(self):
        ways = [("--tls-max", "1.2", "--ciphers", suite) for suite in (
            "ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-ECDSA-CHACHA20-POLY1305")]
        ways += [("--tlsv1.3", "--tls13-ciphers", suite) for suite in (
            "TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256")]
        out = self.base / "got.bin"
        for way in ways:
            with self.subTest(way):
                self.curl(*way, "--fail", "--output", out, self.url + "/s/pub/big.bin")
                self.assertEqual(sha256(out), self.digest)

    def test_ranges_and_resume(self):
        whole = (self.pub / "big.bin").read_bytes()
        out = self.base / "range.bin"
        for first, last in ((0, 0), (16383, 16385), (1, 40_000_000), (BIG - 5, BIG - 1)):
            self.curl("--range", f"{first}-{last}", "--output", out, self.url + "/s/pub/big.bin")
            self.assertEqual(out.read_bytes(), whole[first:last + 1])
        out.write_bytes(whole[:12_345_678])
        self.curl("--continue-at", "-", "--output", out, self.url + "/s/pub/big.bin")
        self.assertEqual(sha256(out), self.digest)
        self.curl("--range", "0-9,20000-60000", "--output", out, self.url + "/s/pub/big.bin")
        parts = out.read_bytes()
        self.assertIn(whole[:10] + b"\r\n--", parts)
        self.assertIn(b"\r\n\r\n" + whole[20_000:60_001] + b"\r\n--", parts)

    def test_listings_links_and_errors(self):
        self.assertIn("small.txt", self.curl(self.url + "/s/pub/"))
        lines = self.curl(self.url + "/s/pub/?format=ndjson").splitlines()
        self.assertIn("big.bin", [json.loads(line).get("name") for line in lines])
        self.assertEqual(self.status(self.url + "/s/pub/nothing"), "404")
        link = self.command("link", "create", "priv/secret.txt")["url"]
        self.assertTrue(link.startswith("https://"), link)
        self.assertEqual(self.curl("--resolve", f"*:{self.server.tls_port}:127.0.0.1", link), "between us")

    def test_a_cold_file(self):
        path = self.pub / "cold.bin"
        path.write_bytes(common.some_bytes(8 << 20, seed=5))
        file = os.open(path, os.O_RDONLY)
        os.fsync(file)
        os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(file)
        out = self.base / "cold.out"
        self.curl("--fail", "--output", out, self.url + "/s/pub/cold.bin")
        self.assertEqual(sha256(out), sha256(path))

    def test_sessions_resume_on_every_worker(self):
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            context = self.context()
            context.maximum_version = version
            first = self.secure_socket(context=context)
            self.ask(first)
            session = first.session
            self.assertTrue(session.has_ticket)
            for _ in range(8):  # they land on either worker
                again = self.secure_socket(context=context, session=session)
                self.ask(again)
                self.assertTrue(again.session_reused)
                session = again.session  # a ticket of TLS 1.3 is for one use
                self.assertEqual(again.selected_alpn_protocol(), "http/1.1")

    def test_what_old_clients_and_wrong_ones_get(self):
        code, _, err = client(*CURL, "--insecure", "--tls-max", "1.1", "--ciphers", "DEFAULT@SECLEVEL=0", self.url)
        self.assertEqual(code, 35, err)
        self.assertIn("protocol version", err)
        self.assertIn("begin the URL with https://", self.curl(f"http://localhost:{self.server.tls_port}/"))
        done = subprocess.run(
            ["openssl", "s_client", "-connect", f"127.0.0.1:{self.server.tls_port}", "-alpn", "h2"],
            input=b"", capture_output=True, timeout=seconds(30))
        self.assertIn(b"no application protocol", done.stderr)

    def test_renegotiation_is_refused(self):
        server = ["openssl", "s_client", "-connect", f"127.0.0.1:{self.server.tls_port}", "-tls1_2"]
        process = subprocess.Popen(server, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        out, _ = process.communicate(b"R\n", timeout=seconds(30))
        self.assertIn(b"no renegotiation", out)
        self.ask(self.secure_socket())

    def test_scanners_have_nothing_to_say(self):
        code, out, err = run(["sslscan", "--no-colour", "--xml=-", f"127.0.0.1:{self.server.tls_port}"],
                             timeout=seconds(120))
        self.assertEqual(code, 0, err)
        self.assertEqual(set(re.findall(r'<protocol type="(\w+)" version="([\d.]+)" enabled="1"', out)),
                         {("tls", "1.2"), ("tls", "1.3")})
        # An older one knows no better word than "acceptable" for the suites of TLS 1.3.
        strengths = set(re.findall(r'sslversion="(TLSv1\.\d)" .* strength="(\w+)"', out))
        self.assertIn(strengths - {("TLSv1.2", "strong")}, ({("TLSv1.3", "strong")}, {("TLSv1.3", "acceptable")}))
        self.assertIn(("TLSv1.2", "strong"), strengths)
        self.assertNotIn('vulnerable="1"', out)
        self.assertIn('<renegotiation supported="0"', out)
        self.assertNotIn('<compression supported="1"', out)
        report = self.base / "testssl.json"
        code, out, err = run(
            ["testssl", "--quiet", "--color", "0", "--warnings", "off", "--fast", "--jsonfile", report, "--severity",
             "LOW", "-p", "-s", "-f", "-P", "-U", f"127.0.0.1:{self.server.tls_port}"],
            timeout=seconds(600), env={**os.environ, "TERM": "dumb"})
        findings = {entry["id"]: f'{entry["severity"]}: {entry["finding"]}'
                    for entry in json.loads(report.read_text()) if entry["severity"] in ("LOW", "MEDIUM", "HIGH", "CRITICAL")}
        self.assertEqual(findings, {}, out)

    def test_metrics(self):
        before = self.metric('spillway_tls_handshakes_total{result="full"}')
        failed = self.metric('spillway_tls_handshakes_total{result="failed"}')
        self.ask(self.secure_socket())
        self.assertEqual(self.metric('spillway_tls_handshakes_total{result="full"}'), before + 1)
        with socket.create_connection(("127.0.0.1", self.server.tls_port), timeout=seconds(30)) as wrong:
            wrong.sendall(b"\x16\x03\x01\x00\x05hello")
            while wrong.recv(4096):
                pass
        wait_until(lambda: self.metric('spillway_tls_handshakes_total{result="failed"}') > failed, seconds(20))
        self.assertGreater(self.metric("spillway_tls_certificate_expires_timestamp_seconds"), 1_700_000_000)


class Reloading(TlsTest):
    settings = {"tls.handshake_timeout": "1s", "tls.max_handshakes": "16"}

    def fingerprint(self):
        pem = ssl.get_server_certificate(("127.0.0.1", self.server.tls_port), timeout=seconds(30))
        return hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest().upper()

    def test_changed_files_are_taken_while_a_download_runs(self):
        for by_signal in (False, True):
            old = self.fingerprint()
            download = Process([*CURL, "--insecure", "--limit-rate", "16M", "--output", self.base / "slow.bin",
                                self.url + "/s/pub/big.bin"])
            self.addCleanup(download.stop)
            held = self.secure_socket()
            self.ask(held)
            fresh = self_signed(self.server.binary, self.data, "--force")["sha256"].replace(":", "")
            if by_signal:
                self.server.process.signal(1)
            wait_until(lambda: self.fingerprint() == fresh, seconds(30))
            self.assertNotEqual(fresh, old)
            self.ask(held)
            self.assertEqual(download.wait(seconds(60)), 0)
            self.assertEqual(sha256(self.base / "slow.bin"), self.digest)

    def test_bad_ones_leave_the_old_ones(self):
        old = self.fingerprint()
        key = self.data / "tls" / "key.pem"
        good = key.read_bytes()
        key.write_text("no key any more\n")
        self.server.process.wait_line("the old ones stay", seconds(30))
        self.assertEqual(self.fingerprint(), old)
        key.write_bytes(good)
        self.server.process.signal(1)
        self.ask(self.secure_socket())

    def test_slow_handshakes_leave_room_for_others(self):
        def hello():
            slow = socket.create_connection(("127.0.0.1", self.server.tls_port), timeout=seconds(30))
            self.addCleanup(slow.close)
            slow.sendall(b"\x16\x03\x01")
            return slow

        dropped = self.metric('spillway_tls_handshakes_total{result="dropped"}')
        slow = [hello() for _ in range(100)]
        self.ask(self.secure_socket())
        wait_until(lambda: self.metric('spillway_tls_handshakes_total{result="dropped"}') > dropped, seconds(20))
        for one in slow:
            self.assertEqual(one.recv(100), b"")
        self.assert_idle()

    def test_a_client_that_stops_in_the_middle(self):
        context = self.context()
        held = self.secure_socket(context=context)
        held.sendall(b"GET /s/pub/big.bin HTTP/1.1\r\nHost: h\r\n\r\n")
        held.recv(100)
        self.ask(self.secure_socket())
        self.assert_idle()


class HalfOpen(TlsTest):
    """Ten thousand handshakes that begin and never go on."""

    COUNT = 10_000
    BOUND = 4096  # tls.max_handshakes
    EACH_KIB = 56  # OpenSSL's buffers for a record and for a message, 16 KiB each, and what they belong to
    settings = {"tls.handshake_timeout": "20s"}

    def test_they_cost_a_bounded_amount_and_end(self):
        open_files = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (open_files[1], open_files[1]))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, open_files)
        with self.secure_socket() as first:
            self.ask(first)  # what is allocated once is no growth
        before = procfs.memory_kib([self.server.pid])["anonymous"]
        with contextlib.ExitStack() as crowd:
            for number in range(self.COUNT):
                slow = crowd.enter_context(socket.create_connection(("127.0.0.1", self.server.tls_port), timeout=seconds(30)))
                slow.sendall(b"\x16\x03\x01\x02\x00\x01"[:1 + number % 6])
            self.ask(self.secure_socket())
            grown = procfs.memory_kib([self.server.pid])["anonymous"] - before
            self.assertLess(grown, self.BOUND * self.EACH_KIB * (1 if SLOW == 1 else 10))  # sanitizers have shadows
            self.assertGreaterEqual(self.ended("dropped"), self.COUNT - self.BOUND - self.workers)
            wait_until(lambda: self.ended("dropped") + self.ended("timed_out") == self.COUNT, seconds(60))
        self.ask(self.secure_socket())
        self.assert_idle()

    def ended(self, how):
        return self.metric(f'spillway_tls_handshakes_total{{result="{how}"}}')


class Plain(TlsTest):
    settings = {"tls.plain": "redirect", "tls.hsts": "1h"}

    def test_redirect_but_for_health_and_acme(self):
        port = self.server.tls_port
        for target in ("/", "/s/pub/small.txt?dl", "/s/pub/%c3%a4?a=b&c", "/d/x/y?k=1&s=2"):
            self.assertEqual(self.status(f"http://localhost:{self.server.port}{target}", "--path-as-is"),
                             f"308 https://localhost:{port}{target}")
        self.assertEqual(self.status(f"http://127.0.0.1:{self.server.port}/x"), f"308 https://127.0.0.1:{port}/x")
        self.assertEqual(self.status(f"http://localhost:{self.server.port}/x", "--header", "Host: [::1]:80"),
                         f"308 https://[::1]:{port}/x")
        for target, status in (("/healthz", "200"), ("/readyz", "200"), ("/.well-known/acme-challenge/none", "404")):
            self.assertEqual(self.status(f"http://localhost:{self.server.port}{target}"), status)
        self.assertEqual(
            self.curl("--location", f"http://localhost:{self.server.port}/s/pub/small.txt"), "hello, reader")

    def test_refuse_and_serve_by_reload(self):
        server = self.start(self.base / "refuse", settings={"tls.plain": "refuse"})
        trust = ("--cacert", server.certificate)
        plain = f"http://localhost:{server.port}/s/pub/small.txt"
        self.assertEqual(self.status(plain), "403")
        self.assertEqual(self.curl(server.tls_url + "/s/pub/small.txt", trust=trust), "hello, reader")
        self.assertEqual(self.status(f"http://localhost:{server.port}/healthz"), "200")

    def test_strict_transport_security(self):
        line = "Strict-Transport-Security: max-age=3600\r\n"
        for target in ("/s/pub/small.txt", "/s/pub/small.txt", "/s/pub/big.bin", "/s/pub/", "/nothing", "/healthz"):
            head = self.curl("--dump-header", "-", "--output", "/dev/null", self.url + target)
            self.assertEqual(head.replace("\r\n", "\n").count(line.replace("\r\n", "\n")), 1, target)
        head = self.curl("--head", f"http://localhost:{self.server.port}/healthz")
        self.assertNotIn("Strict-Transport", head)
        self.assertIn("Content-Length: 14", self.curl("--dump-header", "-", self.url + "/s/pub/small.txt"))


class Commands(ServerTest):
    def serve(self, *options, data=None):
        return run([self.server.binary, "--no-gui", "--data", data or self.base / "other", "--listen", "127.0.0.1:0",
                    "--admin-listen", "127.0.0.1:0", "--tls-listen", "127.0.0.1:0", *options], timeout=seconds(60))

    def test_no_certificate_says_how_to_make_one(self):
        code, out, err = self.serve()
        self.assertEqual((code, out), (1, ""))
        self.assertIn("spillway tls self-signed", err)

    def test_self_signed(self):
        data = self.base / "signed"
        made = self_signed(self.server.binary, data, "--name", "files.example", "--name", "192.0.2.99")
        self.assertEqual(oct((data / "tls").stat().st_mode & 0o777), "0o700")
        for name in ("certificate", "key"):
            self.assertEqual(oct(Path(made[name]).stat().st_mode & 0o777), "0o600")
        text = subprocess.run(["openssl", "x509", "-in", made["certificate"], "-noout", "-text", "-fingerprint", "-sha256"],
                              capture_output=True, text=True, check=True).stdout
        for part in ("DNS:files.example", "DNS:localhost", "IP Address:192.0.2.99", "IP Address:127.0.0.1", "CA:FALSE",
                     made["sha256"], "prime256v1"):
            self.assertIn(part, text)
        again = [self.server.binary, "tls", "self-signed", "--data", data]
        code, _, err = run(again, timeout=seconds(60))
        self.assertEqual(code, 1)
        self.assertIn("--force", err)
        code, _, err = run([*again, "--force", "--name", "no host"], timeout=seconds(60))
        self.assertEqual(code, 1)
        self.assertEqual(self_signed(self.server.binary, data, "--force")["certificate"], made["certificate"])

    def test_a_key_that_all_may_read(self):
        data = self.base / "open"
        made = self_signed(self.server.binary, data)
        os.chmod(made["key"], 0o644)
        code, _, err = self.serve(data=data)
        self.assertEqual(code, 1)
        self.assertIn("chmod 600", err)

    def test_doctor(self):
        data = self.base / "ill"
        doctor = [self.server.binary, "doctor", "--data", data, "--set", "tls.listen=127.0.0.1:0", "--json"]

        def checks():
            _, out, _ = run(doctor, timeout=seconds(60))
            return {check["name"]: check for check in json.loads(out)}

        self.assertEqual(checks()["tls-certificate"]["level"], "problem")
        made = self_signed(self.server.binary, data)
        found = checks()
        self.assertEqual(found["tls-certificate"]["level"], "ok")
        self.assertIn("396 days", found["tls-certificate"]["text"])
        self.assertIn("kernel-tls", found)
        os.chmod(made["key"], 0o604)
        self.assertEqual(checks()["tls-certificate"]["level"], "problem")


class Acme(ServerTest):
    """Debian's pebble, and lego and certbot in webroot mode beside the server."""

    def pebble(self, http_port):
        dns, management, listen, admin = (free_port() for _ in range(4))
        folder = Path(tempfile.mkdtemp(dir=self.base))
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                        "-keyout", folder / "key.pem", "-out", folder / "cert.pem", "-days", "2", "-subj",
                        "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"], check=True, capture_output=True)
        (folder / "config.json").write_text(json.dumps({"pebble": {
            "listenAddress": f"127.0.0.1:{listen}", "managementListenAddress": f"127.0.0.1:{admin}",
            "certificate": str(folder / "cert.pem"), "privateKey": str(folder / "key.pem"),
            "httpPort": http_port, "tlsPort": free_port(), "ocspResponderURL": ""}}))
        usage = "".join(run(["pebble-challtestsrv", "-help"])[1:])
        doh = ["-doh", ""] if "-doh" in usage else []  # newer ones listen on a fixed port otherwise
        names = Process(["pebble-challtestsrv", "-defaultIPv6", "", "-defaultIPv4", "127.0.0.1", "-dns01",
                         f"127.0.0.1:{dns}", "-management", f"127.0.0.1:{management}", "-http01", "", "-https01", "",
                         "-tlsalpn01", "", *doh])
        self.addCleanup(names.stop)
        names.wait_port(management)
        server = Process(["pebble", "-config", folder / "config.json", "-dnsserver", f"127.0.0.1:{dns}"],
                         env={**os.environ, "PEBBLE_VA_NOSLEEP": "1", "PEBBLE_WFE_NONCEREJECT": "0"})
        self.addCleanup(server.stop)
        server.wait_port(listen)
        return f"https://localhost:{listen}/dir", folder

    def test_challenges(self):
        folder = self.data / "acme" / ".well-known" / "acme-challenge"
        folder.mkdir(parents=True)
        (folder / "token_-1").write_text("token_-1.thumb")
        (folder / "big").write_bytes(b"x" * 4097)
        (folder / "link").symlink_to("/etc/passwd")
        (folder / "folder").mkdir()
        os.mkfifo(folder / "fifo")
        path = "/.well-known/acme-challenge/"
        answer = self.get(path + "token_-1")
        self.assertEqual((answer.status, answer.body, answer["Content-Type"]), (200, b"token_-1.thumb", "text/plain"))
        for name in ("", "none", "big", "link", "folder", "fifo", "token_-1/", "token_-1.x", "%2e%2e", "x" * 300, "ä"):
            self.assertEqual(self.get(path + common.quote(name)).status, 404, name)
        with self.connect() as head:
            self.assertEqual(head.send(f"HEAD {path}token_-1 HTTP/1.1\r\nHost: h\r\n\r\n".encode()).answer(True).status, 200)

    def serves(self, certificate, key, name):
        server = self.start(self.base / f"with-{name}", tls_listen="127.0.0.1:0",
                            settings={"tls.certificate": certificate, "tls.key": key})
        shown = ssl.get_server_certificate(("127.0.0.1", server.tls_port), timeout=seconds(30))
        self.assertIn(shown.strip(), Path(certificate).read_text())
        code, out, err = client(*CURL, "--insecure", "--resolve", f"{name}:{server.tls_port}:127.0.0.1",
                                f"https://{name}:{server.tls_port}/s/pub/small.txt")
        self.assertEqual((code, out), (0, "hello, reader"), err)

    def test_lego(self):
        directory, folder = self.pebble(self.server.port)
        code, out, err = run(
            ["lego", "--server", directory, "--email", "me@files.example", "--accept-tos", "--domains", "files.example",
             "--path", folder / "lego", "--http", "--http.webroot", self.data / "acme", "run"],
            env={**os.environ, "LEGO_CA_CERTIFICATES": str(folder / "cert.pem")}, timeout=seconds(120))
        self.assertEqual(code, 0, out + err)
        made = folder / "lego" / "certificates"
        self.serves(made / "files.example.crt", made / "files.example.key", "files.example")

    def test_certbot(self):
        directory, folder = self.pebble(self.server.port)
        base = folder / "certbot"
        code, out, err = run(
            ["certbot", "certonly", "--non-interactive", "--agree-tos", "--email", "me@files.example", "--server", directory,
             "--no-verify-ssl", "--webroot", "--webroot-path", self.data / "acme", "--domain", "bot.example",
             "--config-dir", base / "etc", "--work-dir", base / "work", "--logs-dir", base / "log"],
            timeout=seconds(180))
        self.assertEqual(code, 0, out + err)
        made = base / "etc" / "live" / "bot.example"
        self.serves(made / "fullchain.pem", made / "privkey.pem", "bot.example")


del ServerTest, TlsTest

if __name__ == "__main__":
    unittest.main()
