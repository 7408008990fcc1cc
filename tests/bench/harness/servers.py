# SPDX-License-Identifier: GPL-3.0-or-later
"""The servers that are compared. Each serves one folder below /s/pub/ on a free port of loopback, pinned to one core,
with one worker, and is ended by its pid. `make(name, bench)` starts one; None says that it is not installed or built."""

import os
import shutil
import signal
from pathlib import Path

from support import spillway
from support.process import Process, ProcessError, free_port, run

PEERS = Path(__file__).resolve().parents[1] / "peers"
GIN_PATH = "/usr/share/gocode"


class Server:
    """A running server: its process, its port and the path below which the files are."""

    def __init__(self, process, port, prefix="/s/pub/", scheme="http"):
        self.process, self.port, self.prefix, self.scheme = process, port, prefix, scheme

    def url(self, name):
        return f"{self.scheme}://127.0.0.1:{self.port}{self.prefix}{name}"

    @property
    def pid(self):
        return self.process.pid

    def stop(self):
        self.process.stop()


def _listening(process, timeout=20):
    try:
        return int(process.wait_line(r"listening on http://127\.0\.0\.1:(\d+)", timeout).group(1))
    except ProcessError:
        process.stop()
        raise


def nginx_config(folder, files, port, *, log="off", aio=False, workers=1, connections=19000, location="",
                 zone="", tls=None):
    """One worker, sendfile, tcp_nopush, open_file_cache; keepalive_requests raised (its default closes every 1,000)."""
    return f"""
daemon off;
worker_processes {workers};
worker_rlimit_nofile 20000;
pid {folder}/nginx.pid;
error_log {folder}/error.log error;
events {{ worker_connections {connections}; multi_accept on; }}
http {{
    sendfile on;
    tcp_nopush on;
    {"aio threads;" if aio else ""}
    open_file_cache max=10000 inactive=60s;
    open_file_cache_valid 30s;
    open_file_cache_min_uses 1;
    keepalive_requests 1000000000;
    keepalive_timeout 600s;
    send_timeout 600s;
    access_log {log};
    {zone}
    default_type application/octet-stream;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port} backlog=4096 {"reuseport" if workers > 1 else ""} {"ssl" if tls else ""};
        {nginx_tls(tls) if tls else ""}
        location /s/pub/ {{ alias {files}/; {location} }}
    }}
}}
"""


def certificate(bench):
    """One EC certificate a run, for every server: (certificate, key)."""
    folder = bench.build_folder / "tls"
    if not (folder / "tls" / "certificate.pem").exists():
        code, out, err = run([bench.spillway, "tls", "self-signed", "--data", folder], timeout=60)
        if code != 0:
            raise ProcessError(f"tls self-signed: {out}{err}")
    return folder / "tls" / "certificate.pem", folder / "tls" / "key.pem"


def nginx_tls(files):
    """The suite that Spillway chooses, so that both encrypt the same; tickets and no cache, as there."""
    return (f"ssl_certificate {files[0]}; ssl_certificate_key {files[1]}; ssl_protocols TLSv1.3; "
            "ssl_conf_command Ciphersuites TLS_AES_128_GCM_SHA256; ssl_session_cache off;")


def nginx(bench, **options):
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/sbin")
    if program is None:
        return None
    folder = bench.scratch("nginx")
    for _ in range(3):  # the port may be taken between looking and listening
        port = free_port()
        config = folder / "nginx.conf"
        config.write_text(nginx_config(folder, bench.files.folder, port, **options))
        process = Process([program, "-p", folder, "-e", folder / "error.log", "-c", config], cpus=bench.server_cpus,
                          death_signal=signal.SIGTERM)
        try:
            process.wait_port(port)
            return Server(process, port, scheme="https" if options.get("tls") else "http")
        except ProcessError as problem:
            process.stop()
            last = problem
    raise last


def nginx_logged(bench):
    return nginx(bench, log=f"{bench.scratch('nginx-log')}/access.log combined buffer=256k flush=1s")


def caddy(bench):
    if shutil.which("caddy") is None:
        return None
    folder = bench.scratch("caddy")
    port = free_port()
    config = folder / "Caddyfile"
    config.write_text(f"""{{
    admin off
    auto_https off
}}
http://127.0.0.1:{port} {{
    handle_path /s/pub/* {{
        root * {bench.files.folder}
        file_server
    }}
}}
""")
    process = Process(["caddy", "run", "--config", config, "--adapter", "caddyfile"], cpus=bench.server_cpus,
                      env={"GOMAXPROCS": "1", "HOME": str(folder), "XDG_DATA_HOME": str(folder)})
    try:
        process.wait_port(port)
    except ProcessError:
        process.stop()
        raise
    return Server(process, port)


def _go_program(bench, source, gopath=None):
    """Builds a peer once a run, with Debian's go and no module downloads."""
    if shutil.which("go") is None or (gopath and not Path(gopath, "src/github.com/gin-gonic").exists()):
        return None
    binary = bench.build_folder / f"peer-{source.removesuffix('.go')}"
    if not binary.exists() or binary.stat().st_mtime < (PEERS / source).stat().st_mtime:
        env = {"GO111MODULE": "off", "GOFLAGS": "", "GOPATH": gopath or str(bench.build_folder / "gopath"),
               "GOCACHE": str(bench.build_folder / "gocache"), "HOME": os.environ.get("HOME", "/tmp")}
        code, out, err = run(["go", "build", "-o", binary, PEERS / source], env=env, timeout=600)
        if code != 0:
            raise ProcessError(f"go build {source}: {out}{err}")
    return binary


def _go(bench, source, gopath=None):
    binary = _go_program(bench, source, gopath)
    if binary is None:
        return None
    process = Process([binary, bench.files.folder], cpus=bench.server_cpus, env={"GOMAXPROCS": "1"})
    return Server(process, _listening(process))


def limit(bench):
    binary = bench.program("bench_limit")
    if binary is None:
        return None
    process = Process([binary], cpus=bench.server_cpus)
    return Server(process, _listening(process))


# As for nginx: no log where none is compared, and no time-out that ends what a row keeps waiting. The index of the files is
# off, since what it does in the background is a row of its own (million), and none of the others has one. So is what it
# would do without under a load that never ends: half a log would be half the work.
SPILLWAY_SETTINGS = {
    "log.access": "off", "index.enabled": "false", "overload.enabled": "false",
    "http.idle_timeout": "10m", "http.write_stall_timeout": "10m", "http.min_rate": "0",
}


def spillway_server(bench, settings=None, **options):
    if bench.spillway is None:
        return None
    return SpillwayServer(bench, settings or {}, **options)


class SpillwayServer(Server):
    def __init__(self, bench, settings, public=None, prefix="/s/pub/", **options):
        self.running = spillway.Spillway(bench.scratch("spillway"), binary=bench.spillway,
                                         public=public or {"pub": bench.files.folder},
                                         settings={**SPILLWAY_SETTINGS, **settings, **bench.spillway_settings},
                                         **{"cpus": bench.server_cpus, **options})
        secure = "tls_listen" in options
        super().__init__(self.running.process, self.running.tls_port if secure else self.running.port, prefix,
                         "https" if secure else "http")


def spillway_tls(bench):
    if bench.spillway is None:
        return None
    files = certificate(bench)
    return spillway_server(bench, {"tls.certificate": files[0], "tls.key": files[1]}, tls_listen="127.0.0.1:0")


def nginx_secure(bench):
    return nginx(bench, tls=certificate(bench)) if bench.spillway else None


MAKERS = {
    "spillway": spillway_server,
    "spillway+log": lambda bench: spillway_server(bench, {"log.access": "combined"}),
    "spillway+tls": spillway_tls,
    "nginx": nginx,
    "nginx+tls": nginx_secure,
    "nginx+log": nginx_logged,
    "nginx+aio": lambda bench: nginx(bench, aio=True),
    "go": lambda bench: _go(bench, "nethttp.go"),
    "gin": lambda bench: _go(bench, "gin.go", GIN_PATH),
    "caddy": caddy,
    "limit": limit,
}


def make(name, bench):
    return MAKERS[name](bench)
