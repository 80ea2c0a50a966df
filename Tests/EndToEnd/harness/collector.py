"""A collector of spans that keeps what it is sent, and answers as a test says."""

import gzip
import json
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Request:
    def __init__(self, path, headers, body):
        self.path = path
        self.headers = headers
        self.raw = body
        self.body = gzip.decompress(body) if headers.get("content-encoding") == "gzip" else body

    @property
    def spans(self):
        """Of a request in JSON."""
        return [
            Span(span) for resource in json.loads(self.body)["resourceSpans"] for scope in resource["scopeSpans"]
            for span in scope["spans"]]

    @property
    def resource(self):
        return attributes(json.loads(self.body)["resourceSpans"][0]["resource"])


def attributes(part):
    """Names with their values; numbers of 64 bits come as strings."""
    found = {}
    for pair in part.get("attributes", []):
        [(kind, value)] = pair["value"].items()
        found[pair["key"]] = int(value) if kind == "intValue" else value
    return found


class Span:
    def __init__(self, span):
        self.written = span
        self.trace, self.id, self.parent = span["traceId"], span["spanId"], span.get("parentSpanId")
        self.name = span["name"]
        self.kind = {1: "internal", 2: "server", 3: "client"}[span["kind"]]
        self.start, self.end = int(span["startTimeUnixNano"]), int(span["endTimeUnixNano"])
        self.attributes = attributes(span)
        self.events = [event["name"] for event in span.get("events", [])]
        self.is_error = span.get("status", {}).get("code") == 2

    def __repr__(self):
        return f"{self.kind} {self.name} {self.attributes}"


class Collector:
    """Answers 200, unless `script` has something else to say first: a status, or (status, headers, body)."""

    def __init__(self, certificate=None):
        self.requests = []
        self.script = []
        collector = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                collector.requests.append(Request(self.path, {k.lower(): v for k, v in self.headers.items()}, body))
                answer = collector.script.pop(0) if collector.script else 200
                status, headers, content = answer if isinstance(answer, tuple) else (answer, {}, b"")
                self.send_response(status)
                for name, value in {"content-type": "application/x-protobuf", **headers}.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.scheme = "http"
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate.certificate, certificate.key)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
            self.scheme = "https"
        self.url = f"{self.scheme}://localhost:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def spans(self):
        return [span for request in list(self.requests) for span in request.spans]

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
