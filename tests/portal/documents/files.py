"""Files as honest people and attackers send them."""

import struct
import zlib
from io import BytesIO

from litestar.datastructures import UploadFile
from PIL import Image

WEIRD_DICT = b"<< /Type /Catalog /Pages 2 0 R %s >>"


def image(kind: str = "PNG", size: tuple[int, int] = (40, 30), **options: object) -> bytes:
    """Return a picture with a red corner."""
    picture = Image.new("RGB", size, "white")
    picture.paste("red", (0, 0, size[0] // 2, size[1] // 2))
    written = BytesIO()
    picture.save(written, kind, **options)
    return written.getvalue()


def huge_png(width: int = 60_000, height: int = 60_000) -> bytes:
    """Return a few bytes that say they are 3.6 thousand million pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        crc = zlib.crc32(name + data)
        return struct.pack("!L", len(data)) + name + data + struct.pack("!L", crc)

    header = chunk(b"IHDR", struct.pack("!LLBBBBB", width, height, 8, 2, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(b"\0" * 100_000))
    return b"\x89PNG\r\n\x1a\n" + header + body + chunk(b"IEND", b"")


def pdf(catalog: bytes = b"", more: bytes = b"", ending: bytes = b"%%EOF\n") -> bytes:
    """Return a PDF of one empty page."""
    return (
        b"%PDF-1.7\n1 0 obj\n" + WEIRD_DICT % catalog + b"\nendobj\n"
        b"2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n"
        b"3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >>\nendobj\n"
        b"4 0 obj\n<< /Length 22 >>\nstream\n/JS and /Launch drawn\nendstream\nendobj\n"
        + more
        + b"trailer << /Root 1 0 R >>\nstartxref\n0\n"
        + ending
    )


def object_stream(text: bytes, kind: bytes = b"/ObjStm", packed: bool = True) -> bytes:
    """Return objects packed where a plain search does not see them."""
    body = zlib.compress(text) if packed else text
    way = b"/Filter /FlateDecode" if packed else b""
    return (
        b"9 0 obj\n<< /Type %s /N 1 /First 4 %s /Length %d >>\nstream\n%s\nendstream\nendobj\n"
        % (kind, way, len(body), body)
    )


def upload(data: bytes, name: str = "photo.png", kind: str = "image/png") -> UploadFile:
    """Return what Litestar gives for a file of a form."""
    return UploadFile(content_type=kind, filename=name, file_data=data)
