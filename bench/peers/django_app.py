"""The list page in Django: ORM, Django templates, gunicorn; as one would write it first."""

# ruff: noqa: E501 — a template is not code.

import os
from urllib.parse import parse_qs, unquote, urlsplit

import django
from django.conf import settings

from bench.peers.words import FACETS, PER_PAGE, padded

URL = urlsplit(os.environ["BENCH_DATABASE_URL"])
QUERY = parse_qs(URL.query)
TEMPLATE = """{% load static %}<!doctype html><html lang="fr"><head><meta charset="utf-8">
<title>Dispositifs médicaux</title></head><body><h1>Dispositifs médicaux</h1>
{% if facets %}<aside>{% for name, values in facets %}<fieldset><legend>{{ name }}</legend><ul>
{% for value, count in values %}<li><label><input type="checkbox" name="{{ name }}" value="{{ value }}">
{{ value }} ({{ count }})</label></li>{% endfor %}</ul></fieldset>{% endfor %}</aside>{% endif %}
<p>{{ total }} dispositifs</p><ul>{% for device in devices %}<li><h3><a href="/devices/{{ device.number }}">
{{ device.name_fr|default:device.name_en }}</a></h3><p>{{ device.summary_en|truncatechars:160 }}</p>
<p>{{ device.manufacturer_name }} · {{ device.emdn_code }} · {{ device.risk_class }} ·
{{ device.origin }} · {{ device.country }}</p></li>{% endfor %}</ul></body></html>"""

settings.configure(
    DEBUG=False,
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    SECRET_KEY="bench",
    INSTALLED_APPS=["django.contrib.staticfiles"],
    STATIC_URL="/static/",
    MIDDLEWARE=["django.middleware.security.SecurityMiddleware", "django.middleware.common.CommonMiddleware"],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {"loaders": [("django.template.loaders.cached.Loader", [("django.template.loaders.locmem.Loader", {"list.html": TEMPLATE})])]},
        }
    ],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": URL.path.lstrip("/"),
            "USER": unquote(URL.username or ""),
            "PASSWORD": unquote(URL.password or ""),
            "HOST": unquote(URL.hostname or QUERY.get("host", [""])[0]),
            "PORT": str(URL.port or QUERY.get("port", [""])[0]),
            "OPTIONS": {"pool": {"min_size": 2, "max_size": 8}},
        }
    },
)  # fmt: skip
django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import models  # noqa: E402
from django.db.models import Count  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.template.loader import render_to_string  # noqa: E402
from django.urls import path  # noqa: E402


class Device(models.Model):
    """A published device."""

    id = models.UUIDField(primary_key=True)
    number = models.BigIntegerField()
    name_fr = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300)
    summary_en = models.TextField()
    manufacturer_name = models.CharField(max_length=300)
    emdn_code = models.CharField(max_length=20)
    risk_class = models.CharField(max_length=8)
    origin = models.CharField(max_length=8)
    registration = models.CharField(max_length=12)
    maturity = models.CharField(max_length=12)
    country = models.CharField(max_length=2)
    state = models.CharField(max_length=10)

    class Meta:
        """Read the table that is there."""

        app_label = "bench"
        managed = False
        db_table = "device_model"


def devices(request: HttpRequest) -> HttpResponse:
    """Show the first page of the published devices, with facets when they are asked for."""
    found = Device.objects.filter(state="published")
    facets = [
        (name, found.values_list(name).annotate(n=Count("id")).order_by("-n")[:10])
        for name in FACETS
        if "facets" in request.GET
    ]
    context = {
        "devices": found.order_by("-number")[:PER_PAGE],
        "total": found.count(),
        "facets": facets,
    }
    return HttpResponse(padded(render_to_string("list.html", context)))


urlpatterns = [path("devices", devices)]
application = get_wsgi_application()
