"""Jinja2: the template folders of the packages, the filters, and what every template knows."""

import json
from collections.abc import Callable

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.utils import htmlsafe_json_dumps
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.template.config import TemplateConfig
from litestar.types import Scope
from markupsafe import Markup, escape

from portal.package import NavigationItem, Package
from portal.permissions import STRANGER, Actor, may
from portal.settings import LANGUAGES, Settings
from portal.web import i18n, icons
from portal.web.address import current_scope, here
from portal.web.client import cookies_of
from portal.web.rendering import DirectEnvironment
from portal.web.static import Assets
from portal.web.waiting import waiting

THEMES = ("light", "dark")


class Routes:
    """The named pages of one application; addresses without values are looked up once."""

    def __init__(self) -> None:
        self._fixed: dict[tuple[str, str], str] = {}

    def url(self, name: str, /, **values: object) -> str:
        """Return the path of a named page in the language of this request."""
        code = i18n.language.get()
        if values:
            return str(_scope()["litestar_app"].route_reverse(name, **{"lang": code, **values}))
        if (name, code) not in self._fixed:
            path = _scope()["litestar_app"].route_reverse(name, lang=code)
            self._fixed[name, code] = str(path)
        return self._fixed[name, code]

    def has(self, name: str) -> bool:
        """Say whether a package of this deployment has a page of this name."""
        if (name, i18n.language.get()) in self._fixed:
            return True
        return _scope()["litestar_app"].get_handler_index_by_name(name) is not None


def current_actor() -> Actor:
    """Return who is asking."""
    user = _scope().get("user")
    return user if isinstance(user, Actor) else STRANGER


def unknown_reader() -> bool:
    """Say whether there is a session nobody has looked at: an error came before it was read."""
    return "user" not in _scope() and "session" in cookies_of(_scope())


def current_theme() -> str:
    """Return the chosen look: ``light``, ``dark`` or, by default, what the system says."""
    chosen = cookies_of(_scope()).get("theme", "")
    return chosen if chosen in THEMES else ""


def _scope() -> Scope:
    scope = current_scope.get()
    assert scope is not None, "a template is rendered while a request is answered"
    return scope


def navigation(
    packages: tuple[Package, ...], routes: Routes
) -> Callable[[str], list[NavigationItem]]:
    """Return the function that lists the entries of one place this person may use."""
    items = sorted((one for package in packages for one in package.navigation), key=_order)

    def entries(place: str) -> list[NavigationItem]:
        actor = current_actor()
        return [
            one
            for one in items
            if one.place == place and routes.has(one.route) and may(actor, one.action)
        ]

    return entries


def _order(item: NavigationItem) -> int:
    return item.order


def json_ld(value: object) -> Markup:
    """Return data for ``<script type="application/ld+json">``; it cannot end the element."""
    return htmlsafe_json_dumps(value, dumps=json.dumps, ensure_ascii=False)


def og_locale() -> str:
    """Return the locale as OpenGraph writes it."""
    return i18n.LOCALES[i18n.language.get()]


def code(value: object) -> Markup:
    """Mark a code or number as its own bidi island, so that Arabic text does not reorder it."""
    return Markup(f'<bdi class="code" dir="ltr">{escape(value)}</bdi>')  # noqa: S704


FILTERS: dict[str, Callable[..., object]] = {
    "number": i18n.number,
    "money": i18n.money,
    "percent": i18n.percent,
    "day": i18n.day,
    "moment": i18n.moment,
    "code": code,
    "json_ld": json_ld,
}


def known(packages: tuple[Package, ...], settings: Settings, assets: Assets) -> dict[str, object]:
    """Return what every template knows besides its own context."""
    routes = Routes()
    return {
        "_": i18n.gettext,
        "language": i18n.language.get,
        "direction": i18n.direction,
        "here": here,
        "has_route": routes.has,
        "theme": current_theme,
        "og_locale": og_locale,
        "navigation": navigation(packages, routes),
        "static": assets.address,
        "icon": lambda name: icons.icon(assets.address("vendor/icons.svg"), name),
        "drawing": icons.drawing,
        "languages": LANGUAGES,
        "language_names": i18n.LANGUAGE_NAMES,
        "url": routes.url,
        "actor": current_actor,
        "may": may,
        "waiting": waiting,
        "unknown_reader": unknown_reader,
        "settings": settings,
        "packages": packages,
    }


def environment(packages: tuple[Package, ...], settings: Settings, assets: Assets) -> Environment:
    """Build the environment all pages are rendered in; a missing value is an error."""
    folders = [package.folder / "templates" for package in packages]
    env = DirectEnvironment(
        loader=FileSystemLoader(list(dict.fromkeys(folders))),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=settings.reload,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    env.install_gettext_callables(i18n.gettext, i18n.ngettext, newstyle=False)  # type: ignore[attr-defined]
    env.globals |= known(packages, settings, assets)
    env.filters |= FILTERS
    for package in packages:
        env.filters |= package.filters
    return env


def template_config(
    packages: tuple[Package, ...], settings: Settings, assets: Assets
) -> TemplateConfig[JinjaTemplateEngine]:
    """Return Litestar's configuration for our environment."""
    return TemplateConfig(
        instance=JinjaTemplateEngine.from_environment(environment(packages, settings, assets))
    )
