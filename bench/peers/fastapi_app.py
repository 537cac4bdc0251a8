"""The list page in FastAPI with SQLAlchemy's ORM and Jinja2, on uvicorn; as one would write it first."""

# ruff: noqa: E501 — a template is not code.

import os
from collections.abc import AsyncIterator
from typing import Annotated
from uuid import UUID

from fastapi import Depends, FastAPI, Request
from fastapi.responses import HTMLResponse
from jinja2 import DictLoader, Environment
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from bench.peers.words import FACETS, PER_PAGE, padded

TEMPLATE = """<!doctype html><html lang="fr"><head><meta charset="utf-8">
<title>Dispositifs médicaux</title></head><body><h1>Dispositifs médicaux</h1>
{% if facets %}<aside>{% for name, values in facets %}<fieldset><legend>{{ name }}</legend><ul>
{% for value, count in values %}<li><label><input type="checkbox" name="{{ name }}" value="{{ value }}">
{{ value }} ({{ count }})</label></li>{% endfor %}</ul></fieldset>{% endfor %}</aside>{% endif %}
<p>{{ total }} dispositifs</p><ul>{% for device in devices %}<li><h3><a href="/devices/{{ device.number }}">
{{ device.name_fr or device.name_en }}</a></h3><p>{{ device.summary_en | truncate(160) }}</p>
<p>{{ device.manufacturer_name }} · {{ device.emdn_code }} · {{ device.risk_class }} ·
{{ device.origin }} · {{ device.country }}</p></li>{% endfor %}</ul></body></html>"""
PAGE = Environment(loader=DictLoader({"list.html": TEMPLATE}), autoescape=True).get_template(
    "list.html"
)

engine = create_async_engine(
    os.environ["BENCH_DATABASE_URL"].replace("postgresql://", "postgresql+asyncpg://"), pool_size=8
)
Session = async_sessionmaker(engine, expire_on_commit=False)
app = FastAPI()


class Base(DeclarativeBase):
    """The base of the models."""


class Device(Base):
    """A published device."""

    __tablename__ = "device_model"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int]
    name_fr: Mapped[str]
    name_en: Mapped[str]
    summary_en: Mapped[str]
    manufacturer_name: Mapped[str]
    emdn_code: Mapped[str]
    risk_class: Mapped[str]
    origin: Mapped[str]
    registration: Mapped[str]
    maturity: Mapped[str]
    country: Mapped[str]
    state: Mapped[str]


async def session() -> AsyncIterator[AsyncSession]:
    """Give a request its session."""
    async with Session() as opened:
        yield opened


@app.get("/devices", response_class=HTMLResponse)
async def devices(
    request: Request, session: Annotated[AsyncSession, Depends(session)], facets: bool = False
) -> str:
    """Show the first page of the published devices, with facets when they are asked for."""
    published = Device.state == "published"
    found = select(Device).where(published).order_by(Device.number.desc()).limit(PER_PAGE)
    total = await session.scalar(select(func.count()).select_from(Device).where(published))
    counts = []
    for name in FACETS if facets else ():
        column = getattr(Device, name)
        count = func.count().label("n")
        rows = await session.execute(
            select(column, count).where(published).group_by(column).order_by(count.desc()).limit(10)
        )
        counts.append((name, rows.all()))
    shown = (await session.scalars(found)).all()
    return padded(PAGE.render(devices=shown, total=total, facets=counts))
