from io import BytesIO

import pytest
from PIL import Image

from portal.documents.errors import ImageUnreadable, TooManyPixels
from portal.documents.images import preview, rewritten
from tests.portal.documents.files import huge_png, image


@pytest.mark.parametrize(
    ("name", "kind"), [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("WEBP", "image/webp")]
)
def test_rewritten_keeps_the_picture_and_the_format(name, kind):
    done = Image.open(BytesIO(rewritten(image(name), kind)))

    assert (done.format, done.size) == (name, (40, 30))
    red, green, _ = done.convert("RGB").getpixel((2, 2))
    assert red > 200 > 60 > green


def test_rewritten_drops_place_and_camera_and_what_hangs_behind():
    exif = Image.Exif()
    exif[0x010F] = "Camera of Mia"
    exif[0x0112] = 6  # turned by a quarter
    data = image("JPEG", exif=exif) + b"<?php system('id'); ?>PK\x03\x04"

    done = rewritten(data, "image/jpeg")

    assert (b"Camera" in done, b"php" in done, b"PK" in done) == (False, False, False)
    assert Image.open(BytesIO(done)).size == (30, 40)


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded():
    with pytest.raises(TooManyPixels):
        rewritten(huge_png(), "image/png")
    with pytest.raises(TooManyPixels):
        rewritten(huge_png(9000, 9000), "image/png")


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (image("JPEG")[:300], "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "image/png"),
        (b"\xff\xd8\xff\xe0 not really", "image/jpeg"),
        (image("PNG"), "image/jpeg"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "image/webp"),
    ],
)
def test_a_damaged_picture_is_refused(data, kind):
    with pytest.raises(ImageUnreadable):
        rewritten(data, kind)


def test_preview_is_a_small_webp():
    done = Image.open(BytesIO(preview(image("PNG", (2000, 1000)), "image/png", 320)))

    assert (done.format, done.size) == ("WEBP", (320, 160))
