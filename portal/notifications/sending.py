"""Handing a mail to the mail server."""

from email.message import EmailMessage

import aiosmtplib

from portal.notifications.errors import Refused, TemporaryTrouble
from portal.settings import Settings

TIMEOUT_S = 30
# The operator's mistakes, not the mail's: it goes out once they are mended.
OURS = (aiosmtplib.SMTPAuthenticationError, aiosmtplib.SMTPSenderRefused)


async def send(mail: EmailMessage, settings: Settings) -> None:
    """Hand over a mail; returning means that the server took responsibility for it.

    Raises:
        TemporaryTrouble: try again later.
        Refused: trying again is of no use.
    """
    password = settings.smtp_password
    try:
        await aiosmtplib.send(
            mail,
            hostname=settings.smtp_host,
            port=settings.smtp_port,
            username=settings.smtp_user,
            password=password.get_secret_value() if password else None,
            use_tls=settings.smtp_tls == "tls",
            start_tls=settings.smtp_tls == "starttls",
            timeout=TIMEOUT_S,
        )
    except OURS as error:
        raise TemporaryTrouble(_said(error)) from error
    except aiosmtplib.SMTPRecipientsRefused as error:
        codes = [refused.code for refused in error.recipients]
        kind = Refused if all(code >= 500 for code in codes) else TemporaryTrouble
        raise kind(_said(error)) from error
    except aiosmtplib.SMTPResponseException as error:
        raise (Refused if error.code >= 500 else TemporaryTrouble)(_said(error)) from error
    except aiosmtplib.SMTPNotSupported as error:
        raise Refused(_said(error)) from error
    except (TimeoutError, aiosmtplib.SMTPException, OSError) as error:
        raise TemporaryTrouble(_said(error)) from error


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:500]
