"""Asking ClamAV's daemon (clamd) about a file, when the settings name one."""

import asyncio
import struct

PIECE_BYTES = 128 * 1024
PATIENCE_S = 60


class ScannerUnreachable(Exception):
    """The scanner did not answer, or not in its language; the file waits for the next sweep."""


async def virus_in(data: bytes, host: str, port: int) -> str:
    """Return the name of the virus that the scanner found, or nothing.

    Raises:
        ScannerUnreachable: there is no answer to rely on.
    """
    try:
        async with asyncio.timeout(PATIENCE_S):
            answer = await _asked(data, host, port)
    except (OSError, TimeoutError, asyncio.IncompleteReadError) as error:
        raise ScannerUnreachable(f"{type(error).__name__}: {error}") from error
    if answer == "stream: OK":
        return ""
    if answer.endswith(" FOUND"):
        return answer.removeprefix("stream: ").removesuffix(" FOUND")
    raise ScannerUnreachable(answer)


async def _asked(data: bytes, host: str, port: int) -> str:
    """Speak clamd's INSTREAM: pieces with their length before them, an empty one at the end."""
    reader, writer = await asyncio.open_connection(host, port)
    try:
        writer.write(b"zINSTREAM\0")
        for start in range(0, len(data), PIECE_BYTES):
            piece = data[start : start + PIECE_BYTES]
            writer.write(struct.pack("!L", len(piece)) + piece)
            await writer.drain()
        writer.write(struct.pack("!L", 0))
        await writer.drain()
        return (await reader.readuntil(b"\0")).rstrip(b"\0").decode(errors="replace").strip()
    finally:
        writer.close()
