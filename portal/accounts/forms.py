"""What people type to register, sign in and administer their organisation."""

import re
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BaseModel, Field, ValidationInfo, field_validator

from portal.accounts.identifiers import DIGITS, is_cnss, is_tax_id, read_ice, tidy
from portal.accounts.keys import DAYS
from portal.accounts.passwords import Weakness, weakness
from portal.accounts.rules import SIDE_KINDS
from portal.permissions import OrganisationKind, Role
from portal.web.i18n import lazy

EMAIL = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)+", re.ASCII)
WEBSITE = re.compile(r"https?://[^\s<>\"]+\.[^\s<>\"]+")
PHONE = re.compile(r"\+?[0-9 ().-]{6,30}")
TOO_WEAK = {
    Weakness.SHORT: lazy(
        "Choose a longer password: at least 12 characters. A sentence works well."
    ),
    Weakness.LONG: lazy("Choose a shorter password: at most 256 characters."),
    Weakness.COMMON: lazy(
        "This password is easy to guess: it is common, repeats itself, or contains your name or "
        "address. Choose another, for example four words that have nothing to do with each other."
    ),
}


def _email(text: str) -> str:
    """Return an e-mail address in lower case."""
    text = text.lower()
    if len(text) > 254 or not EMAIL.fullmatch(text):
        raise ValueError(lazy("Write an e-mail address such as name@example.ma."))
    return text


def _printable(text: str) -> str:
    """Return a text of one line without control characters."""
    if not text.isprintable():
        raise ValueError(lazy("Write this on one line, without control characters."))
    return text


def check_password(password: str, info: ValidationInfo) -> str:
    """Return the password if it is strong enough, knowing what else was typed."""
    about = [str(info.data.get(name) or "") for name in ("name", "email", "name_fr")]
    problem = weakness(password, *about)
    if problem:
        raise ValueError(TOO_WEAK[problem])
    return password


Printable = AfterValidator(_printable)
Email = Annotated[str, AfterValidator(_email)]
NewPassword = Annotated[str, AfterValidator(check_password)]
Typed = Annotated[str, Field(max_length=1000)]


class SignInForm(BaseModel):
    """Address and password."""

    email: Annotated[str, Field(max_length=254), AfterValidator(str.lower)]
    password: Typed


class CodeForm(BaseModel):
    """Six digits of the application, or a recovery code."""

    code: Annotated[str, Field(max_length=40)]

    @field_validator("code")
    @classmethod
    def _latin(cls, text: str) -> str:
        return text.translate(DIGITS)


class EmailForm(BaseModel):
    """An address to send a link to."""

    email: Email


class ChangeEmailForm(CodeForm):
    """The new address, one's present password, and a code where the second factor is on."""

    code: Annotated[str, Field(max_length=40)] = ""
    email: Email
    password: Typed


class PasswordForm(BaseModel):
    """One's present password, given again."""

    password: Typed


class KeyForm(PasswordForm):
    """What an access key is called, what it is for and how long it lasts."""

    name: Annotated[str, Field(min_length=2, max_length=80), Printable]
    purpose: Annotated[str, Field(max_length=200), Printable] = ""
    days: Annotated[str, Field(pattern=f"^({'|'.join(map(str, DAYS))})$")]


class NewPasswordForm(BaseModel):
    """A new password."""

    password: NewPassword


class ChangePasswordForm(BaseModel):
    """The present password and the new one; name and address are ours, to compare with."""

    name: str = ""
    email: str = ""
    old: Typed
    password: NewPassword


class PersonForm(BaseModel):
    """Who registers."""

    name: Annotated[str, Field(min_length=2, max_length=120), Printable]
    email: Email
    password: NewPassword


class JoinForm(BaseModel):
    """Who registers with an invitation: the address is known."""

    email: str = ""
    name: Annotated[str, Field(min_length=2, max_length=120), Printable]
    password: NewPassword


class ProfileForm(BaseModel):
    """How somebody is called and which language they read."""

    name: Annotated[str, Field(min_length=2, max_length=120), Printable]
    language: Annotated[str, Field(pattern="^(fr|ar|en)$")]


class InvitationForm(BaseModel):
    """Whom to invite, as what."""

    email: Email
    role: Role


class RoleForm(BaseModel):
    """A member's new role."""

    role: Role


class DecisionForm(BaseModel):
    """A decision about an organisation, with the version the decider saw."""

    seen: Annotated[str, Field(max_length=64)]
    reason: Annotated[str, Field(max_length=2000)] = ""


class SuccessionForm(BaseModel):
    """Who takes whose place, from when, by which text."""

    predecessor: UUID
    successor: UUID
    starts_on: date
    source: Annotated[str, Field(min_length=5, max_length=500)]

    @field_validator("successor")
    @classmethod
    def _another(cls, successor: UUID, info: ValidationInfo) -> UUID:
        if successor == info.data.get("predecessor"):
            raise ValueError(lazy("An organisation cannot succeed itself."))
        return successor


class OrganisationForm(BaseModel):
    """What an organisation says about itself."""

    kind: OrganisationKind
    other_kinds: list[OrganisationKind] = []
    name_fr: Annotated[str, Field(min_length=2, max_length=200), Printable]
    name_ar: Annotated[str, Field(max_length=200), Printable] = ""
    name_en: Annotated[str, Field(max_length=200), Printable] = ""
    ice: Annotated[str, Field(max_length=40), Printable] = ""
    rc_number: Annotated[str, Field(max_length=40), Printable] = ""
    rc_court: Annotated[str, Field(max_length=80, validate_default=True), Printable] = ""
    tax_id: Annotated[str, Field(max_length=40), Printable] = ""
    cnss: Annotated[str, Field(max_length=40), Printable] = ""
    region: Annotated[str, Field(max_length=12)] = ""
    province: Annotated[str, Field(max_length=12)] = ""
    address: Annotated[str, Field(max_length=500)] = ""
    website: Annotated[str, Field(max_length=300)] = ""
    phone: Annotated[str, Field(max_length=40)] = ""
    description: Annotated[str, Field(max_length=5000)] = ""

    @field_validator("other_kinds", mode="before")
    @classmethod
    def _one_or_many(cls, value: object) -> object:
        return [value] if isinstance(value, str) else value

    @field_validator("other_kinds")
    @classmethod
    def _side_kinds(
        cls, kinds: list[OrganisationKind], info: ValidationInfo
    ) -> list[OrganisationKind]:
        first = info.data.get("kind")
        if any(kind not in SIDE_KINDS for kind in kinds) or (kinds and first not in SIDE_KINDS):
            raise ValueError(
                lazy("Only companies have several activities. Choose one kind for the others.")
            )
        return [kind for kind in SIDE_KINDS if kind in kinds and kind != first]

    @field_validator("rc_number")
    @classmethod
    def _rc(cls, text: str) -> str:
        number = tidy(text)
        if not number.isascii() or not number.isdigit() or len(number) > 12:
            raise ValueError(lazy("Write the number of the trade register in digits."))
        return number

    @field_validator("rc_court")
    @classmethod
    def _court(cls, text: str, info: ValidationInfo) -> str:
        if info.data.get("rc_number") and not text:
            raise ValueError(
                lazy("Name the court that keeps the register: a number exists once per court.")
            )
        return text

    @field_validator("tax_id")
    @classmethod
    def _tax_id(cls, text: str) -> str:
        number = tidy(text)
        if not is_tax_id(number):
            raise ValueError(lazy("The tax number (IF) has digits only and does not start with 0."))
        return number

    @field_validator("cnss")
    @classmethod
    def _cnss(cls, text: str) -> str:
        number = tidy(text)
        if not is_cnss(number):
            raise ValueError(lazy("The CNSS number has five to ten digits."))
        return number

    @field_validator("website")
    @classmethod
    def _website(cls, text: str) -> str:
        if not WEBSITE.fullmatch(text):
            raise ValueError(lazy("Write a whole address, such as https://example.org."))
        return text

    @field_validator("phone")
    @classmethod
    def _phone(cls, text: str) -> str:
        number = text.translate(DIGITS)
        if not PHONE.fullmatch(number):
            raise ValueError(lazy("Write a telephone number such as +212 5 00 00 00 00."))
        return number

    def columns(self) -> dict[str, Any]:
        """Return the values to keep; a doubtful ICE is kept as typed, with a flag."""
        values = self.model_dump(mode="json")
        ice = read_ice(self.ice) if self.ice else None
        return values | {
            "ice": ice.number[:20] if ice else None,
            "ice_doubtful": bool(ice and ice.doubt),
            "region": self.region or None,
            "province": self.province or None,
        }


class RegistrationForm(PersonForm, OrganisationForm):
    """A person and their organisation, on one page."""
