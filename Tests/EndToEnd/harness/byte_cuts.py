"""A relay of bytes between the gateway and a vendor that cuts each connection at another byte."""

import itertools
import socket
import struct
import threading


class ByteCuts:
    """Passes connections on to a port of this machine, and ends each after so many bytes in one direction: the first
    `step` bytes, twice as many, and so on up to `most`, toward the vendor and toward the gateway by turns, with a
    close and a reset by turns."""

    def __init__(self, port, step, most):
        self.target = port
        self.cuts = itertools.cycle(
            (count, direction, reset)
            for count in range(0, most, step) for direction in ("vendor", "gateway") for reset in (False, True))
        # What each connection passed on before its end, by direction: shows how long a whole conversation is.
        self.passed = {"vendor": [], "gateway": []}
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def stop(self):
        self.listener.close()

    def _accept(self):
        while True:
            try:
                gateway, _ = self.listener.accept()
                count, direction, reset = next(self.cuts)
                vendor = socket.create_connection(("127.0.0.1", self.target))
            except OSError:
                return
            for each in (gateway, vendor):
                each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            ends = (gateway, vendor, reset)
            for source, sink, toward in ((gateway, vendor, "vendor"), (vendor, gateway, "gateway")):
                limit = count if direction == toward else None
                threading.Thread(
                    target=self._relay, args=(source, sink, limit, toward, ends), daemon=True).start()

    def _relay(self, source, sink, limit, toward, ends):
        count = 0
        try:
            while limit is None or count < limit:
                part = source.recv(16_384 if limit is None else limit - count)
                if not part:
                    break
                sink.sendall(part)
                count += len(part)
        except OSError:
            pass
        self.passed[toward].append(count)
        for each in ends[:2]:
            try:
                if ends[2]:
                    each.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                each.shutdown(socket.SHUT_RDWR)
                each.close()
            except OSError:
                pass
