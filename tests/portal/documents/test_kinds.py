import pytest

from portal.documents.errors import KindRefused
from portal.documents.kinds import IMAGES, PDF, check_kind, clean_name, kind_of
from tests.portal.documents.files import image, pdf


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (image("PNG"), "image/png"),
        (image("JPEG"), "image/jpeg"),
        (image("WEBP"), "image/webp"),
        (pdf(), "application/pdf"),
        (image("GIF"), ""),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", ""),
        (b"MZ\x90\x00", ""),
        (b"PK\x03\x04", ""),
        (b" %PDF-1.4", ""),
        (b"", ""),
    ],
)
def test_kind_of_goes_by_content(data, kind):
    assert kind_of(data) == kind


def test_check_kind_says_what_it_is_instead():
    with pytest.raises(KindRefused) as refused:
        check_kind(pdf(), IMAGES, "?")

    assert refused.value.values == {"wanted": "JPEG, PNG, WebP", "found": "PDF"}
    assert check_kind(pdf(), IMAGES | PDF, "?") == "application/pdf"


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("photo.png", "photo.png"),
        ("../../etc/passwd", "passwd.png"),
        ("C:\\Users\\mia\\scan.PNG", "scan.png"),
        ("setup.exe", "setup.png"),
        ("invoice\u202egnp.exe", "invoice gnp.png"),
        ("a\r\nSet-Cookie: x.png", "a Set-Cookie x.png"),
        ("جهاز قياس الضغط.png", "جهاز قياس الضغط.png"),
        ("...", "document.png"),
        ("", "document.png"),
        ("x" * 500, "x" * 120 + ".png"),
        ("\x00", "document.png"),
    ],
)
def test_clean_name_is_safe_to_show_and_to_save(given, name):
    assert clean_name(given, "image/png") == name
