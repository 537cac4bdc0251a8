"""Reading an image and writing it anew: of the file that came in, only the picture is kept."""

import threading
from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

from portal.documents.errors import ImageUnreadable, TooManyPixels

PIXEL_LIMIT = 40_000_000
LONGEST_SIDE = 4000
PREVIEW_WIDTHS = (320, 960)
FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
QUALITY = {"JPEG": {"quality": 88, "optimize": True}, "WEBP": {"quality": 86}, "PNG": {}}

# A picture takes 4 bytes a pixel while it is worked on: not many at once.
_at_once = threading.Semaphore(2)


def rewritten(data: bytes, kind: str) -> bytes:
    """Return the image written anew: upright, without metadata (place, camera) or hidden parts.

    Raises:
        TooManyPixels: more than ``PIXEL_LIMIT``, said by the header, before decoding.
        ImageUnreadable: it cannot be decoded to its end.
    """
    with _at_once:
        image = _opened(data, kind)
        image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        return _saved(image, FORMATS[kind])


def preview(data: bytes, kind: str, width: int) -> bytes:
    """Return a WebP of an image at most ``width`` pixels wide."""
    with _at_once:
        image = _opened(data, kind)
        image.thumbnail((width, width * 2))
        return _saved(image, "WEBP")


def _opened(data: bytes, kind: str) -> Image.Image:
    try:
        image: Image.Image = Image.open(BytesIO(data), formats=[FORMATS[kind]])
        if image.width * image.height > PIXEL_LIMIT:
            raise TooManyPixels(megapixels=PIXEL_LIMIT // 1_000_000)
        image.seek(0)
        image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        image = ImageOps.exif_transpose(image)
        clear = image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info
        return image.convert("RGBA" if clear and kind != "image/jpeg" else "RGB")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise TooManyPixels(megapixels=PIXEL_LIMIT // 1_000_000) from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as error:
        raise ImageUnreadable from error


def _saved(image: Image.Image, name: str) -> bytes:
    image.info.clear()
    written = BytesIO()
    image.save(written, name, **QUALITY[name])
    return written.getvalue()
