"""Reading what a person typed into a form: a checked value, or a message for each field."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from portal.web.i18n import gettext as _
from portal.web.i18n import language, lazy, ngettext, number

Form = TypeVar("Form", bound=BaseModel)
Typed = Mapping[str, Any]  # name → text, or texts where a name comes more than once
DATE_PARTS = ("year", "month", "day")

# pydantic's error type → our words; a number in its context is filled in.
WORDS: dict[str, str] = {
    "missing": lazy("Fill in this field."),
    "int_parsing": lazy("Write a whole number in digits, such as 12."),
    "int_type": lazy("Write a whole number in digits, such as 12."),
    "int_from_float": lazy("Write a whole number in digits, such as 12."),
    "float_parsing": lazy("Write a number in digits, such as 12.5."),
    "decimal_parsing": lazy("Write a number in digits, such as 12.5."),
    "decimal_type": lazy("Write a number in digits, such as 12.5."),
    "finite_number": lazy("Write a number in digits, such as 12.5."),
    "decimal_max_places": lazy("Write at most %(decimal_places)s decimals."),
    "decimal_max_digits": lazy("This number is too long."),
    "greater_than": lazy("Write a number above %(gt)s."),
    "greater_than_equal": lazy("Write %(ge)s or more."),
    "less_than": lazy("Write a number below %(lt)s."),
    "less_than_equal": lazy("Write %(le)s or less."),
    "enum": lazy("Choose one of the answers in the list."),
    "literal_error": lazy("Choose one of the answers in the list."),
    "uuid_parsing": lazy("Choose one of the answers in the list."),
    "bool_parsing": lazy("Choose yes or no."),
    "date_parsing": lazy("Write a real date, such as 27 3 2026."),
    "date_from_datetime_parsing": lazy("Write a real date, such as 27 3 2026."),
    "date_from_datetime_inexact": lazy("Write a real date, such as 27 3 2026."),
    "datetime_parsing": lazy("Write a real date and time."),
    "datetime_from_date_parsing": lazy("Write a real date and time."),
    "date_future": lazy("The date must be in the future."),
    "date_past": lazy("The date must be in the past."),
    "time_parsing": lazy("Write a time such as 14:30."),
    "url_parsing": lazy("Write a whole address, such as https://example.org."),
    "url_scheme": lazy("Write a whole address, such as https://example.org."),
    "string_pattern_mismatch": lazy("This is not written as it should be. Look at the example."),
    "too_short": lazy("Choose at least one answer."),
    "too_long": lazy("You chose too many answers."),
}
OTHER = lazy("This is not right. Look at the example and write it again.")

# Control characters but tab and line ends, and what turns the direction of the text that follows:
# with those a name reads as another one than it is. The marks of direction that Arabic needs beside
# Latin (LRM, RLM, ALM) and the joiners stay.
UNSEEN = dict.fromkeys(
    [
        *(code for code in range(0x20) if chr(code) not in "\t\n\r"),
        *range(0x7F, 0xA0),
        *range(0x202A, 0x202F),
        *range(0x2066, 0x206A),
        0xFEFF,
    ]
)


def read(form: type[Form], typed: Typed) -> tuple[Form | None, dict[str, str]]:
    """Return the checked form, or nothing and a message for each field that is not right.

    Numbers may be written as the language of the page does (12 500,5).

    Spaces around a text do not count and an empty field counts as not filled in. A date typed in
    three fields (``sent-day``, ``sent-month``, ``sent-year``) is read as one field ``sent``. A
    ``ValueError`` raised by the form's own checks says its message as a msgid, with a mapping of
    its values if it has any; one raised by a check of the whole form stands at the field ``""``.
    """
    try:
        return form.model_validate(plain_numbers(form, filled(typed))), {}
    except ValidationError as error:
        messages: dict[str, str] = {}
        for one in error.errors(include_url=False, include_input=False):
            name = str(one["loc"][0]) if one["loc"] else ""
            messages.setdefault(name, message_of(one["type"], one.get("ctx", {})))
        return None, messages


def filled(typed: Typed) -> dict[str, Any]:
    """Return the fields that were filled in, without the token of the form."""
    found: dict[str, Any] = {}
    for name, value in whole_dates(typed).items():
        if name == "_csrf_token":
            continue
        if isinstance(value, str):
            value = storable(value)
        elif isinstance(value, list):
            value = [text for text in map(storable, value) if text]
        if value not in ("", None):
            found[name] = value
    return found


def storable(text: str) -> str:
    """Return a text without the spaces around it and what nobody sees but what it does."""
    return text.translate(UNSEEN).strip()


def plain_numbers(form: type[BaseModel], typed: dict[str, Any]) -> dict[str, Any]:
    """Return the fields with each number as Python reads it."""
    return {
        name: plain_number(value)
        if isinstance(value, str) and name in form.model_fields and is_number(form, name)
        else value
        for name, value in typed.items()
    }


def is_number(form: type[BaseModel], name: str) -> bool:
    """Say whether a field takes a number."""
    annotation = form.model_fields[name].annotation
    return bool({int, float, Decimal} & {annotation, *get_args(annotation)})


def plain_number(text: str) -> str:
    """Return a number without the spaces and with the point that Python wants.

    French and Arabic write 12 500,5; English writes 12,500.5. A text that is no number stays one.
    """
    text = "".join(text.split()).replace("\N{ARABIC DECIMAL SEPARATOR}", ",")
    if language.get() == "en":
        return text.replace(",", "")
    return text.replace(".", "").replace(",", ".") if "," in text else text


def whole_dates(typed: Typed) -> dict[str, Any]:
    """Return the fields with each date typed in three parts as one ISO date."""
    result = dict(typed)
    starts = {name.removesuffix("-day") for name in typed if name.endswith("-day")}
    for start in starts:
        parts = [str(result.pop(f"{start}-{part}", "")).strip() for part in DATE_PARTS]
        year, month, day = parts
        result[start] = f"{year}-{month:0>2}-{day:0>2}" if any(parts) else ""
    return result


def message_of(kind: str, context: Mapping[str, Any]) -> str:
    """Return our words for one of pydantic's error types."""
    missing = WORDS["missing"]
    match kind:
        case "value_error":
            problem = context["error"]
            msgid, *values = problem.args or (OTHER,)
            return _(str(msgid), **(values[0] if values else {}))
        case "string_too_short" if context.get("min_length") == 1:
            return _(missing)
        case "string_too_short":
            return ngettext(
                "Write at least %(num)s character.",
                "Write at least %(num)s characters.",
                int(context["min_length"]),
            )
        case "string_too_long":
            return ngettext(
                "Write at most %(num)s character.",
                "Write at most %(num)s characters.",
                int(context["max_length"]),
            )
    return _(WORDS.get(kind, OTHER), **{name: shown(value) for name, value in context.items()})


def shown(value: object) -> object:
    """Return a number of an error's context as this language writes it."""
    plain = isinstance(value, (int, float)) and not isinstance(value, bool)
    return number(value) if plain else value  # type: ignore[arg-type]


def chosen(typed: Typed, name: str) -> list[str]:
    """Return the values of a field that may come more than once (check boxes)."""
    value = typed.get(name, [])
    return [value] if isinstance(value, str) else list(value)


def as_typed(pairs: Iterable[tuple[str, object]]) -> dict[str, str | list[str]]:
    """Return the texts a form sent, with a list where a name comes more than once; no files."""
    every: dict[str, list[str]] = {}
    for name, value in pairs:
        if isinstance(value, str):
            every.setdefault(name, []).append(value)
    return {name: texts if len(texts) > 1 else texts[0] for name, texts in every.items()}
