"""A relay of bytes between a caller and the gateway that cuts a connection in the middle of a request."""

import socket
import struct
import threading


class CuttingProxy:
    """Passes connections on to a port of this machine. The first `cuts` of them are reset once the caller has sent more
    than `after` bytes; the others are left alone. Refuses all until it listens."""

    def __init__(self, port, cuts=0, after=0, listens=True):
        self.target = port
        self.cuts = cuts
        self.after = after
        # How many connections came.
        self.connections = 0
        self.listener = socket.socket()
        self.listener.bind(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        if listens:
            self.listen()

    def listen(self):
        self.listener.listen()
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listener.close()

    def _accept(self):
        while True:
            try:
                caller, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            limit = self.after if self.connections <= self.cuts else None
            gateway = socket.create_connection(("127.0.0.1", self.target))
            threading.Thread(target=self._relay, args=(caller, gateway, limit), daemon=True).start()
            threading.Thread(target=self._relay, args=(gateway, caller, None), daemon=True).start()

    @staticmethod
    def _relay(source, sink, limit):
        count = 0
        try:
            while part := source.recv(16_384):
                count += len(part)
                if limit is not None and count > limit:
                    for end in (source, sink):
                        # Closed with a reset.
                        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                        end.shutdown(socket.SHUT_RDWR)
                        end.close()
                    return
                sink.sendall(part)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass
