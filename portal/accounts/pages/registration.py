"""Registering, and confirming the e-mail address."""

from typing import Annotated, Any

from litestar import Request, get, post
from litestar.params import QueryParameter, URLEncodedBody
from litestar.response import Redirect, Template

from portal.accounts.actions import registration as actions
from portal.accounts.forms import EmailForm, OrganisationForm, PersonForm, RegistrationForm
from portal.accounts.naming import KINDS
from portal.accounts.pages.entering import next_page, now, same_time
from portal.accounts.queries.places import provinces, regions
from portal.accounts.rules import SIDE_KINDS
from portal.web.forms import as_typed, chosen, read
from portal.web.guards import actor_of, public
from portal.web.i18n import gettext as _
from portal.web.i18n import language
from portal.web.limits import strictly_limited
from portal.web.page import page, see_other


async def organisation_choices() -> dict[str, Any]:
    """Return what the organisation's form offers to choose from."""
    return {
        "kinds": KINDS,
        "side_kinds": {kind: KINDS[kind] for kind in SIDE_KINDS},
        "regions": await regions(),
        "provinces": await provinces(),
    }


async def place_errors(form: OrganisationForm) -> dict[str, str]:
    """Return a message when region and province do not belong together."""
    by_code = {one.code: one for one in await provinces()}
    if form.region and form.region not in {one.code for one in await regions()}:
        return {"region": _("Choose one of the answers in the list.")}
    if not form.province:
        return {}
    if form.province not in by_code:
        return {"province": _("Choose one of the answers in the list.")}
    if form.region and by_code[form.province].region != form.region:
        return {"province": _("This province is not in the region you chose.")}
    return {}


@get("/register", name="accounts.register", guards=[public])
async def register_page(request: Request[Any, Any, Any]) -> Template | Redirect:
    """Show the form to register a person and an organisation."""
    if actor_of(request).signed_in:
        return Redirect(next_page(None, language.get()))
    return await _register(request, {}, {})


@post("/register", name="accounts.register.post", guards=[public, strictly_limited])
async def register(request: Request[Any, Any, Any]) -> Template | Redirect:
    """Register; the answer does not tell whether the address was known."""
    typed = as_typed((await request.form()).multi_items())
    alone = typed.get("with_organisation") == "no"
    form, errors = read(PersonForm if alone else RegistrationForm, typed)
    if isinstance(form, OrganisationForm):
        errors = await place_errors(form)
    if form is None or errors:
        return await _register(request, typed, errors)
    async with same_time():
        await actions.register(
            actions.NewPerson(form.email, form.name, language.get(), form.password),
            organisation_columns(form) if isinstance(form, RegistrationForm) else None,
            now=now(),
        )
    return see_other(request, "accounts.registered")


def organisation_columns(form: OrganisationForm) -> dict[str, Any]:
    """Return the organisation's values, without those of the person who typed them."""
    values = form.columns()
    return {name: values[name] for name in OrganisationForm.model_fields} | {
        "ice_doubtful": values["ice_doubtful"]
    }


async def _register(
    request: Request[Any, Any, Any], typed: dict[str, Any], errors: dict[str, str]
) -> Template:
    return page(
        request,
        "accounts/register.html",
        title=_("Create an account"),
        lead=_("For people who work with medical devices in Morocco. It is free."),
        typed=typed,
        errors=errors,
        chosen_kinds=chosen(typed, "other_kinds"),
        alone=typed.get("with_organisation") == "no",
        status_code=422 if errors else 200,
        **await organisation_choices(),
    )


@get("/register/sent", name="accounts.registered", guards=[public])
async def registered(request: Request[Any, Any, Any]) -> Template:
    """Say that a mail is on its way."""
    return page(request, "accounts/sent.html", title=_("Look at your mail"))


@get("/confirm", name="accounts.resend", guards=[public])
async def resend_page(
    request: Request[Any, Any, Any],
    email: Annotated[str, QueryParameter(name="email", max_length=254)] = "",
) -> Template:
    """Show the form to have the confirmation mail sent again."""
    return _resend(request, {"email": email}, {})


@post("/confirm", name="accounts.resend.post", guards=[public, strictly_limited])
async def resend(
    request: Request[Any, Any, Any], data: URLEncodedBody[dict[str, str]]
) -> Template | Redirect:
    """Send the confirmation mail again, if this address waits for one."""
    form, errors = read(EmailForm, data)
    if form is None:
        return _resend(request, data, errors)
    async with same_time():
        await actions.resend_confirmation(form.email, now=now())
    return see_other(request, "accounts.registered")


def _resend(
    request: Request[Any, Any, Any], typed: dict[str, str], errors: dict[str, str]
) -> Template:
    return page(
        request,
        "accounts/resend.html",
        title=_("Confirm your e-mail address"),
        typed=typed,
        errors=errors,
        status_code=422 if errors else 200,
    )
