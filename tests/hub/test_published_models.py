"""A web tier's unmanaged models, and an ordinary login, read the published tables as they are."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Integer,
    Numeric,
    String,
    Table,
    Text,
    create_engine,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship

from tests.hub.publishing import Post, busy
from tests.postgres.fixtures import HubPlace


@pytest.fixture
def posts(tmp_path: Path, hub_place: HubPlace) -> Iterator[list[Post]]:
    made = [Post(tmp_path, hub_place, name, seed) for seed, name in enumerate(("alpha", "beta"))]
    yield made
    for post in made:
        post.close()


class Base(DeclarativeBase):
    """Models as a web tier has them, from the columns of Django's; a foreign key is a word here."""


TEAM = Table(
    "crisis_incident_response_team",
    Base.metadata,
    Column("id", BigInteger, primary_key=True),
    Column("incident_id", ForeignKey("crisis_incident.id")),
    Column("user_id", ForeignKey("crisis_person.id")),
)
ATTACHED = Table(
    "crisis_incident_alerts",
    Base.metadata,
    Column("id", BigInteger, primary_key=True),
    Column("incident_id", ForeignKey("crisis_incident.id")),
    Column("crisisalert_id", ForeignKey("crisis_crisisalert.id")),
)


class Person(Base):
    __tablename__ = "crisis_person"
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    username: Mapped[str] = mapped_column(String(150))


class CrisisAlert(Base):
    __tablename__ = "crisis_crisisalert"
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    alert_id: Mapped[str] = mapped_column(String(50), unique=True)
    severity: Mapped[str] = mapped_column(String(20))
    status: Mapped[str] = mapped_column(String(50))
    detected_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    affected_systems: Mapped[list[str]] = mapped_column(JSON)


class CrisisIncident(Base):
    __tablename__ = "crisis_incident"
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    incident_id: Mapped[str] = mapped_column(String(50), unique=True)
    incident_commander_id: Mapped[int] = mapped_column(ForeignKey("crisis_person.id"))
    financial_impact: Mapped[Decimal | None] = mapped_column(Numeric(10, 2))
    user_impact_count: Mapped[int] = mapped_column(Integer)
    lessons_learned: Mapped[str] = mapped_column(Text)
    incident_commander: Mapped[Person] = relationship()
    response_team: Mapped[list[Person]] = relationship(secondary=TEAM, viewonly=True)
    alerts: Mapped[list[CrisisAlert]] = relationship(secondary=ATTACHED, viewonly=True)
    updates: Mapped[list[CrisisUpdate]] = relationship(viewonly=True)


class CrisisUpdate(Base):
    __tablename__ = "crisis_incidentupdate"
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    incident_id: Mapped[int] = mapped_column(ForeignKey("crisis_incident.id"))
    title: Mapped[str] = mapped_column(String(200))
    is_public: Mapped[bool] = mapped_column(Boolean)
    created_by_id: Mapped[int] = mapped_column(ForeignKey("crisis_person.id"))
    created_by: Mapped[Person] = relationship()


def test_a_web_tiers_models_read_them_as_they_are(hub_place: HubPlace, posts: list[Post]) -> None:
    from crisisdesk.hub import schema

    post = posts[0]
    busy(post, 5)
    post.exchange()
    post.take_duty()
    post.publish_all()
    login = f"{hub_place.database}_web"
    schema.create_reader_login(hub_place.admin_dsn, login, "seen")
    dsn = hub_place.server.dsn(hub_place.database, user=login, password="seen")
    engine = create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(dsn))
    with Session(engine) as session:
        found = (
            session.query(CrisisIncident).where(CrisisIncident.user_impact_count == 40_000).one()
        )
        assert found.incident_commander.username == "Klára Langová"
        assert [person.username for person in found.response_team] == ["Ana Sá"]
        assert found.financial_impact == Decimal("1234567.89")
        assert [(u.title, u.is_public, u.created_by.username) for u in found.updates] == [
            ("seen again", True, "Klára Langová")
        ]
        assert len(found.alerts) == 3
        assert all(a.detected_at.tzinfo is not None for a in found.alerts)
        assert all(isinstance(json.dumps(a.affected_systems), str) for a in found.alerts)
        lonely = session.query(CrisisIncident).where(CrisisIncident.incident_commander_id == 0)
        assert all(i.incident_commander.username == "" for i in lonely)
    engine.dispose()
