"""The public page of a supplier, and the page where it presents itself."""

from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from catalog import labels
from catalog.access import PROFILE_EDIT
from catalog.actions.suppliers import ProfileInput, save_profile
from catalog.errors import DeviceChangedMeanwhile, SupplierNotFound
from catalog.forms import ProfileForm
from catalog.pages.choices import options
from catalog.pages.places import countries, country_name
from catalog.queries.suppliers import Profile, SupplierPage, supplier
from portal.accounts.naming import KINDS
from portal.accounts.queries.places import regions
from portal.accounts.states import OrganisationState
from portal.permissions import may
from portal.settings import get_settings
from portal.web.charts import region_map
from portal.web.forms import as_typed, chosen, read
from portal.web.guards import actor_of, allow, public, require
from portal.web.i18n import gettext as _
from portal.web.page import page, see_other, url


async def public_supplier(organisation_id: UUID) -> SupplierPage:
    """Return a supplier that everybody may see.

    Raises:
        SupplierNotFound: there is none, or it is not verified.
    """
    one = await supplier(organisation_id)
    if one.state != OrganisationState.VERIFIED:
        raise SupplierNotFound
    return one


@get("/suppliers/{organisation_id:uuid}", name="catalog.supplier", guards=[public])
async def supplier_page(
    request: Request[Any, Any, Any], organisation_id: FromPath[UUID]
) -> Template:
    """Show a supplier with what it offers."""
    one = await public_supplier(organisation_id)
    return page(
        request,
        "catalog/supplier/show.html",
        title=one.name,
        description=one.about[:200] or one.name,
        breadcrumbs=_way(request, one),
        schema_org=schema_org(request, one),
        supplier=one,
        **await seen_by_buyers(one),
        editable=may(actor_of(request), PROFILE_EDIT, one),
    )


def _way(request: Request[Any, Any, Any], one: SupplierPage) -> list[tuple[str, str]]:
    if request.app.get_handler_index_by_name("catalog.suppliers") is None:
        return [(one.name, "")]
    return [(_("Suppliers"), url(request, "catalog.suppliers")), (one.name, "")]


async def _map(one: SupplierPage) -> str:
    if one.region is None:
        return ""
    names = {region.code: region.name for region in await regions()}
    return str(
        region_map(
            _("Where it is"),
            {code: float(code == one.region) for code in names},
            names,
            write=lambda value: _("here") if value else "–",
        )
    )


def schema_org(request: Request[Any, Any, Any], one: SupplierPage) -> dict[str, Any]:
    """Return the supplier as schema.org describes an organisation."""
    known: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Organization",
        "@id": get_settings().base_url
        + url(request, "catalog.supplier", organisation_id=one.id),
        "name": one.name,
        "description": one.about,
        "url": one.website,
        "telephone": one.phone,
        "email": one.profile.contact_email,
        "foundingDate": str(one.profile.founded_year or ""),
        "address": {"@type": "PostalAddress", "streetAddress": one.address,
                    "addressRegion": one.region_name, "addressCountry": "MA"},
    }  # fmt: skip
    return {name: value for name, value in known.items() if value}


def saved(told: Profile) -> dict[str, Any]:
    """Return a presentation as the fields of its form show it."""
    return {
        "about_fr": told.about_fr, "about_ar": told.about_ar, "about_en": told.about_en,
        "contact_email": told.contact_email, "founded_year": told.founded_year or "",
        "employees_band": told.employees_band, "iso_13485": told.iso_13485,
        "export_countries": list(told.export_countries), "version": told.version,
        "is_exporter": {True: "yes", False: "no"}.get(told.is_exporter, ""),  # type: ignore[arg-type]
    }  # fmt: skip


def chosen_first(codes: list[str]) -> list[tuple[str, str]]:
    """Return the countries to choose from, those chosen before the others."""
    return sorted(countries(but="MA"), key=lambda pair: pair[0] not in codes)


async def seen_by_buyers(one: SupplierPage) -> dict[str, Any]:
    """Return what the presentation of a supplier is drawn from."""
    return {
        "labels": labels,
        "kinds": [_(KINDS[kind]) for kind in (one.kind, *one.other_kinds)],
        "map": await _map(one),
        "exports": [country_name(code) for code in one.profile.export_countries],
    }


async def form_page(
    request: Request[Any, Any, Any],
    one: SupplierPage,
    typed: dict[str, Any],
    errors: dict[str, str],
    *,
    status_code: int = 200,
    previewed: SupplierPage | None = None,
) -> Template:
    """Show the form of the presentation beside what a buyer sees of it."""
    unchecked: dict[str, Any] = (
        {"export_countries": []} if typed else {}
    )  # a browser sends no empty box
    shown = {**saved(one.profile), **unchecked, **typed}
    shown["export_countries"] = chosen(shown, "export_countries")
    return page(
        request,
        "catalog/supplier/edit.html",
        status_code=422 if errors and status_code == 200 else status_code,
        title=_("Present your organisation"),
        lead=_("What buyers read on its page. Name and address are kept with the organisation."),
        breadcrumbs=[
            (one.name, url(request, "catalog.supplier", organisation_id=one.id)),
            (_("Present your organisation"), ""),
        ],
        supplier=one,
        previewed=previewed or one,
        typed=shown,
        errors=errors,
        bands=options(labels.EMPLOYEES),
        countries=chosen_first(shown["export_countries"]),
        **await seen_by_buyers(previewed or one),
    )


@get(
    "/suppliers/{organisation_id:uuid}/edit",
    name="catalog.profile",
    guards=[allow(PROFILE_EDIT)],
)
async def edit_profile(
    request: Request[Any, Any, Any], organisation_id: FromPath[UUID]
) -> Template:
    """Show the form of the presentation."""
    one = await supplier(organisation_id)
    require(request, PROFILE_EDIT, one)
    return await form_page(request, one, {}, {})


def told_by(form: ProfileForm) -> ProfileInput:
    """Return a form as it is kept."""
    values = form.columns()
    return ProfileInput(**{**values, "export_countries": tuple(values["export_countries"])})


@post(
    "/suppliers/{organisation_id:uuid}/edit",
    name="catalog.profile.post",
    guards=[allow(PROFILE_EDIT)],
)
async def keep_profile(
    request: Request[Any, Any, Any], organisation_id: FromPath[UUID]
) -> Template | Redirect:
    """Keep the presentation."""
    one = await supplier(organisation_id)
    actor = require(request, PROFILE_EDIT, one)
    typed = as_typed((await request.form()).multi_items())
    form, errors = read(ProfileForm, typed)
    if form is None:
        return await form_page(request, one, typed, errors)
    try:
        await save_profile(one.id, told_by(form), version=form.version, actor=actor)
    except DeviceChangedMeanwhile as error:
        newer = {**typed, "version": str(one.profile.version)}
        return await form_page(request, one, newer, {"": error.text()}, status_code=409)
    return see_other(request, "catalog.supplier", organisation_id=one.id)
