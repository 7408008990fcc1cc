# SPDX-License-Identifier: GPL-3.0-or-later
"""Bad lines for the rows about clients: a proxy of TCP connections that is slow, stalls, or cuts. A program of its own,
so that it takes no time of the process that measures: lines.py TARGET-PORT KIND, which prints the port it listens on."""

import asyncio
import sys

MIB = 1 << 20

# delay: seconds from the client's bytes to the server, as on a far line; rate: bytes a second of each connection; 0: as it comes;
# stall: (every n-th connection stands still, after so many bytes); cut: closed after so many bytes.
KINDS = {
    "stalling": {"delay": 0.05, "rate": 6 * MIB, "stall": (3, 2 * MIB), "cut": 0},
    "cutting": {"delay": 0.0, "rate": 0, "stall": None, "cut": MIB},
}


class Line:
    def __init__(self, port, *, delay, rate, stall, cut):
        self.port, self.delay, self.rate, self.stall, self.cut = port, delay, rate, stall, cut
        self.accepted = 0

    async def serve(self, reader, writer):
        self.accepted += 1
        stalls = self.stall is not None and self.accepted % self.stall[0] == 0
        most = self.stall[1] if stalls else self.cut
        try:
            upstream_reader, upstream_writer = await asyncio.open_connection("127.0.0.1", self.port, limit=4 * MIB)
        except OSError:
            writer.close()
            return
        up = asyncio.create_task(self.up(reader, upstream_writer))
        try:
            await self.down(upstream_reader, writer, most)
            if stalls:
                await up  # until the client has had enough
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            up.cancel()
            for one in (writer, upstream_writer):
                one.close()

    async def up(self, reader, writer):
        try:
            while data := await reader.read(65536):
                if self.delay:
                    await asyncio.sleep(self.delay)
                writer.write(data)
                await writer.drain()
        except OSError:
            pass

    async def down(self, reader, writer, most):
        loop = asyncio.get_running_loop()
        sent, due = 0, loop.time()
        while data := await reader.read(65536 if self.rate or most else 262144):
            if most and sent + len(data) > most:
                data = data[:most - sent]
            writer.write(data)
            await writer.drain()
            sent += len(data)
            if most and sent >= most:
                return
            if self.rate:
                due = max(due, loop.time() - 0.1) + len(data) / self.rate
                await asyncio.sleep(max(0, due - loop.time()))


async def main(port, kind):
    line = Line(port, **KINDS[kind])
    server = await asyncio.start_server(line.serve, "127.0.0.1", 0, backlog=256)
    print(f"listening on http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2]))
