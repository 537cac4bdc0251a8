import smtplib
from email.message import EmailMessage

from portal.local.mail import Mail
from portal.local.places import Places, any_port


def test_a_message_is_kept_whole_in_a_file_of_its_own(tmp_path):
    places = Places(tmp_path)
    places.make()
    mail = Mail(places, any_port())
    child = mail.child()
    message = EmailMessage()
    message["To"], message["From"], message["Subject"] = "a@example.org", "b@example.org", "تأكيد"
    message.set_content("Bonjour é")
    try:
        child.start()
        child.wait_ready()
        with smtplib.SMTP("127.0.0.1", mail.port) as line:
            line.send_message(message)
    finally:
        child.stop()

    kept = list(mail.folder.iterdir())
    assert [file.suffix for file in kept] == [".eml"]
    assert kept[0].read_bytes().replace(b"\r\n", b"\n").strip() == message.as_bytes().strip()
    assert kept[0].stat().st_mode & 0o777 == 0o600
