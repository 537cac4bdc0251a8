from email.message import EmailMessage

import pytest

from portal.notifications.actions import inform
from portal.notifications.pages import mailbox_folder
from portal.settings import get_settings
from portal.web.errors import NotFound
from tests.people import mia, sign_in, zoe


@pytest.fixture
def folder():
    folder = get_settings().mailbox_dir
    folder.mkdir(parents=True, exist_ok=True)
    for file in folder.glob("*.eml"):
        file.unlink()
    return folder


def put(folder, name: str, subject: str, text: str) -> None:
    mail = EmailMessage()
    mail["To"], mail["Subject"] = "mia@hospital.example", subject
    mail.set_content(text)
    (folder / f"{name}.eml").write_bytes(bytes(mail))


async def test_the_mailbox_lists_the_latest_first_and_says_when_empty(client, folder):
    assert "No message yet" in (await client.get("/en/mailbox")).text
    put(folder, "1-a", "First", "x")
    put(folder, "2-b", "Second", "x")

    text = (await client.get("/en/mailbox")).text

    assert text.index("Second") < text.index("First")


async def test_a_letter_is_shown_as_text_with_links(client, folder):
    put(
        folder,
        "1-a",
        "<script>alert(1)</script>",
        "Hello <b>Mia</b>\n\nhttp://localhost:8000/fr/x?a=1&b=<2>",
    )

    text = (await client.get("/en/mailbox/1-a")).text

    assert ("<script>alert" in text, "<b>Mia" in text) == (False, False)
    assert '<a href="http://localhost:8000/fr/x?a=1&amp;b=">' in text


async def test_odd_files_do_not_break_the_mailbox(client, folder):
    (folder / "3-c.eml").write_bytes(b"\xff\x00 no mail at all")
    (folder / "4-d.eml").write_bytes(
        b"Content-Type: text/plain; charset=nonsense\nDate: never\n\n\xff\xfe"
    )

    assert (await client.get("/en/mailbox")).status_code == 200
    assert (await client.get("/en/mailbox/4-d")).status_code == 200


@pytest.mark.parametrize("name", ["..%2f..%2fetc%2fpasswd", "none", "a.b", "%00"])
async def test_the_mailbox_shows_nothing_else(client, folder, name):
    assert (await client.get(f"/en/mailbox/{name}")).status_code == 404


def test_production_has_no_mailbox(folder):
    production = get_settings().model_copy(update={"environment": "production"})
    with pytest.raises(NotFound):
        mailbox_folder(production)


async def test_notices_are_one_persons_and_can_be_marked_read(client, db):
    person, other = await mia(), await zoe()
    await inform(person.id, "Only for %(name)s", name="Mia", route="home")
    await sign_in(client, person)

    page = await client.get("/en/notices")
    assert ("Only for Mia" in page.text, 'class="badge">Unread' in page.text) == (True, True)

    token = page.text.split('name="_csrf_token" value="')[1].split('"')[0]
    done = await client.post("/en/notices/read", data={"_csrf_token": token})
    assert done.status_code == 303
    assert 'class="badge">Unread' not in (await client.get("/en/notices")).text

    await sign_in(client, other)
    assert "Only for Mia" not in (await client.get("/en/notices")).text


async def test_an_empty_mailbox_asks_again_by_itself_and_has_a_link_without_javascript(
    client, folder
):
    empty = (await client.get("/en/mailbox")).text
    part = (await client.get("/en/mailbox", headers={"HX-Request-Type": "partial"})).text
    put(folder, "1-a", "First", "x")
    full = (await client.get("/en/mailbox")).text

    assert ('hx-trigger="every' in empty, 'hx-trigger="every' in full) == (True, False)
    assert 'href="/en/mailbox">Refresh this page' in empty
    assert part.lstrip().startswith('<div id="mailbox"')
