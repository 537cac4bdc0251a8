"""Jinja2: the template folders of the packages, the filters, and what every template knows."""

from collections.abc import Mapping
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.template.config import TemplateConfig

from portal.package import Package
from portal.permissions import may
from portal.settings import LANGUAGES, Settings
from portal.web import i18n
from portal.web.guards import actor_of


@pass_context
def url(context: Mapping[str, Any], name: str, /, **values: object) -> str:
    """Return the path of a named page in the language of this request."""
    request = context["request"]
    values.setdefault("lang", i18n.language.get())
    return str(request.app.route_reverse(name, **values))


@pass_context
def current_actor(context: Mapping[str, Any]) -> object:
    """Return who is asking."""
    return actor_of(context["request"])


def environment(packages: tuple[Package, ...], settings: Settings) -> Environment:
    """Build the environment all pages are rendered in; a missing value is an error."""
    folders = [package.folder / "templates" for package in packages]
    env = Environment(
        loader=FileSystemLoader(list(dict.fromkeys(folders))),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=settings.is_local,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    env.install_gettext_callables(i18n.gettext, i18n.ngettext, newstyle=False)  # type: ignore[attr-defined]
    env.globals |= {
        "_": i18n.gettext,
        "language": i18n.language.get,
        "direction": i18n.direction,
        "languages": LANGUAGES,
        "language_names": i18n.LANGUAGE_NAMES,
        "url": url,
        "actor": current_actor,
        "may": may,
        "settings": settings,
        "packages": packages,
    }
    env.filters |= {
        "number": i18n.number,
        "money": i18n.money,
        "percent": i18n.percent,
        "day": i18n.day,
        "moment": i18n.moment,
    }
    for package in packages:
        env.filters |= package.filters
    return env


def template_config(
    packages: tuple[Package, ...], settings: Settings
) -> TemplateConfig[JinjaTemplateEngine]:
    """Return Litestar's configuration for our environment."""
    return TemplateConfig(
        instance=JinjaTemplateEngine.from_environment(environment(packages, settings))
    )
