"""Real servers in the vendors' place: nghttpx in front of the stand-ins, nginx, openssl's s_server."""

import re
import socket
import subprocess
import tempfile
import threading
from pathlib import Path

from .waiting import until


def free_port():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        return unused.getsockname()[1]


def takes_connections(port):
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
        return True
    except OSError:
        return False


class Server:
    """A process that listens on a port of loopback. Whoever else takes the port first makes it try another."""

    def __init__(self):
        for _ in range(5):
            self.port = free_port()
            self.process = subprocess.Popen(
                self.arguments(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            self.output = []
            threading.Thread(target=self._read, args=(self.process, self.output), daemon=True).start()
            until(lambda: self.process.poll() is not None or takes_connections(self.port), f"{self} listens")
            if self.process.poll() is None:
                return
        raise RuntimeError(f"{self} does not start: {b''.join(self.output)}")

    @staticmethod
    def _read(process, output):
        for line in process.stdout:
            output.append(line)

    def stop(self):
        self.process.terminate()
        self.process.wait(10)


class Nghttpx(Server):
    """Speaks `protocols` over TLS, and HTTP/2 to the stand-ins behind it."""

    def __init__(self, certificate, backend_port, protocols):
        self.certificate = certificate
        self.backend_port = backend_port
        self.protocols = protocols
        super().__init__()

    def arguments(self):
        return [
            "nghttpx", f"--frontend=127.0.0.1,{self.port}", f"--backend=127.0.0.1,{self.backend_port};;proto=h2",
            f"--npn-list={self.protocols}", "--workers=1", "--errorlog-file=/dev/stderr", "--conf=/dev/null",
            self.certificate.key, self.certificate.certificate]


class Nginx(Server):
    """Answers everything with `body`, in which `$id` is the path's last segment; closes after `requests` on a
    connection. TLS with a certificate."""

    def __init__(self, body, certificate=None, requests=1000, versions="TLSv1.2 TLSv1.3", http2=False):
        self.folder = tempfile.TemporaryDirectory()
        self.body = body.replace("'", "\\'")
        self.certificate = certificate
        self.requests = requests
        self.versions = versions
        self.http2 = http2
        super().__init__()

    def arguments(self):
        tls = "" if not self.certificate else f"""
            ssl_certificate {self.certificate.certificate};
            ssl_certificate_key {self.certificate.key};
            ssl_protocols {self.versions};
            ssl_session_cache none;"""
        flags = (" ssl" if self.certificate else "") + (" http2" if self.http2 else "")
        configuration = Path(self.folder.name) / "nginx.conf"
        configuration.write_text(f"""
            daemon off; master_process off; pid {self.folder.name}/pid; error_log stderr;
            events {{ worker_connections 256; }}
            http {{
                access_log {self.folder.name}/access; default_type application/json;
                client_body_temp_path {self.folder.name}/body; proxy_temp_path {self.folder.name}/proxy;
                fastcgi_temp_path {self.folder.name}/fastcgi; uwsgi_temp_path {self.folder.name}/uwsgi;
                scgi_temp_path {self.folder.name}/scgi; keepalive_requests {self.requests};
                log_format resumed '$ssl_protocol $ssl_session_reused $connection_requests $server_protocol $request';
                server {{
                    listen 127.0.0.1:{self.port}{flags};{tls}
                    access_log {self.folder.name}/resumed resumed;
                    location ~ /(?<id>[^/]*)$ {{ return 200 '{self.body}'; }}
                }}
            }}""")
        return ["/usr/sbin/nginx", "-e", "stderr", "-p", self.folder.name, "-c", str(configuration)]

    @property
    def lines(self):
        """One for each request: TLS version, `r` where the session was resumed, which request of its connection it
        was, HTTP version, request line."""
        return (Path(self.folder.name) / "resumed").read_text().splitlines()

    def stop(self):
        super().stop()
        self.folder.cleanup()


class NginxProxy(Server):
    """In front of a vendor, as a vendor's own proxy: decodes a path and resolves its steps before it passes it on."""

    def __init__(self, backend_port):
        self.folder = tempfile.TemporaryDirectory()
        self.backend_port = backend_port
        super().__init__()

    def arguments(self):
        folder = self.folder.name
        configuration = Path(folder) / "nginx.conf"
        configuration.write_text(f"""
            daemon off; master_process off; pid {folder}/pid; error_log stderr;
            events {{ worker_connections 256; }}
            http {{
                log_format paths '$uri';
                access_log {folder}/paths paths;
                client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
                uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
                server {{
                    listen 127.0.0.1:{self.port};
                    location / {{ proxy_pass http://127.0.0.1:{self.backend_port}; proxy_http_version 1.1; }}
                }}
            }}""")
        return ["/usr/sbin/nginx", "-e", "stderr", "-p", folder, "-c", str(configuration)]

    @property
    def paths(self):
        """Where each request led, decoded and resolved."""
        return (Path(self.folder.name) / "paths").read_text().splitlines()

    def stop(self):
        super().stop()
        self.folder.cleanup()


class OpenSSLServer:
    """`openssl s_server`: one connection; says `data`, which must not begin with one of its command letters, when a
    request has come."""

    def __init__(self, certificate, data, *arguments):
        self.data = data
        self.process = subprocess.Popen(
            ["openssl", "s_server", "-accept", "127.0.0.1:0", "-naccept", "1", "-cert", certificate.certificate,
             "-key", certificate.key, *arguments],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0)
        self.received = b""
        threading.Thread(target=self._read, daemon=True).start()
        match = until(lambda: re.search(rb"ACCEPT 127\.0\.0\.1:(\d+)", self.received), "s_server listens")
        self.port = int(match.group(1))

    def _read(self):
        answered = False
        while data := self.process.stdout.read(65536):
            self.received += data
            if not answered and b"\r\n\r\n" in self.received:
                answered = True
                self.process.stdin.write(self.data)

    def stop(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(10)
