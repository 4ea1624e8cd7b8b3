"""A poor telephone line between browser and portal, real TCP: narrow, late, losing packets, cutting connections."""

import asyncio
import random
import threading
from collections import deque
from dataclasses import dataclass

PACKET = 1460
"""Bytes that travel, are delayed or get lost together."""
RETRANSMISSION = 1.0
"""Seconds until TCP sends a lost packet again; everything behind it waits."""


@dataclass(frozen=True)
class Quality:
    """How good the line is now. `round_trip` in seconds; `loss` per packet, `cut` per connection, both 0…1."""

    bits_per_second: float
    round_trip: float = 0.0
    loss: float = 0.0
    cut: float = 0.0
    is_dead: bool = False


GOOD = Quality(1e9)
VILLAGE = Quality(64_000, round_trip=1.0, loss=0.05, cut=0.15)
"""64 kbit/s, 1 s delay, 5 % loss; besides that every seventh connection breaks."""
DEAD = Quality(1e9, is_dead=True)


class SlowLine:
    """A proxy in a thread of its own: `with SlowLine(port) as line:` the portal is at `line.address`."""

    def __init__(self, port: int, seed: int = 1) -> None:
        self._to = port
        self._random = random.Random(seed)
        self._quality = GOOD
        self._free = {"down": 0.0, "up": 0.0}
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self.passed = {"down": 0, "up": 0}
        self.lost = self.cut = self.refused = 0
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="slow line", daemon=True)

    def __enter__(self) -> "SlowLine":
        self._thread.start()
        self._ready.wait(10)
        return self

    def __exit__(self, *_what: object) -> None:
        self._loop.call_soon_threadsafe(self._stop)
        self._thread.join(10)

    def become(self, quality: Quality) -> None:
        """Change the line; a dead one also cuts every connection that is open."""
        self._quality = quality
        self._free = {"down": 0.0, "up": 0.0}
        if quality.is_dead:
            self._loop.call_soon_threadsafe(self._cut_all)

    def bytes_down(self) -> int:
        """Bytes that came down since the last call."""
        passed, self.passed["down"] = self.passed["down"], 0
        return passed

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self.address = f"http://localhost:{server.sockets[0].getsockname()[1]}"
        self._ready.set()
        self._loop.run_forever()
        server.close()
        for task in self._tasks:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*self._tasks, return_exceptions=True))
        self._loop.close()

    def _stop(self) -> None:
        self._cut_all()
        self._loop.stop()

    def _cut_all(self) -> None:
        for writer in self._writers:
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        if self._quality.is_dead:
            self.refused += 1
            writer.transport.abort()
            return
        there, back = await asyncio.open_connection("127.0.0.1", self._to)
        ends = {writer, back}
        self._writers |= ends
        # The handshake of the real line; this proxy took the connection at once.
        await asyncio.sleep(self._quality.round_trip)
        breaks_after = self._random.randrange(1500) if self._random.random() < self._quality.cut else None
        try:
            await asyncio.gather(
                self._carry("up", reader, back, None), self._carry("down", there, writer, breaks_after)
            )
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            self._writers -= ends
            for end in ends:
                end.close()

    async def _carry(
        self, way: str, source: asyncio.StreamReader, target: asyncio.StreamWriter, breaks_after: int | None
    ) -> None:
        travelling: deque[tuple[float, bytes]] = deque()
        arrived = asyncio.Event()

        async def depart() -> None:
            while packet := await source.read(PACKET):
                travelling.append((self._arrival(way, len(packet)), packet))
                arrived.set()
            travelling.append((self._loop.time(), b""))
            arrived.set()

        departing = asyncio.ensure_future(depart())
        earliest, sent = 0.0, 0
        try:
            while True:
                while not travelling:
                    arrived.clear()
                    await arrived.wait()
                due, packet = travelling.popleft()
                # TCP keeps the order: what follows a lost packet arrives after it.
                earliest = max(earliest, due)
                await asyncio.sleep(max(0.0, earliest - self._loop.time()))
                if not packet:
                    target.write_eof()
                    return
                sent += len(packet)
                if breaks_after is not None and sent > breaks_after:
                    self.cut += 1
                    target.transport.abort()
                    raise ConnectionResetError
                target.write(packet)
                await target.drain()
                self.passed[way] += len(packet)
        finally:
            departing.cancel()

    def _arrival(self, way: str, size: int) -> float:
        """When a packet of this size comes out at the other end; the line carries one after the other."""
        quality = self._quality
        start = max(self._loop.time(), self._free[way])
        self._free[way] = start + size * 8 / quality.bits_per_second
        late = RETRANSMISSION if self._random.random() < quality.loss else 0.0
        self.lost += bool(late)
        return self._free[way] + quality.round_trip / 2 + late
