"""Load a city's directory: agencies, posts, officers, and in a demo their one shared password.

Run by the operator's role, which may write the directory and sees no matter. Loading again adds what is new.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from lianban.actions.sign_in import hash_password
from lianban.engines.scenes.city import City
from lianban.records import directory as directory_records
from lianban.records.bulk import insert_many
from lianban.records.identity import new_id


@dataclass(frozen=True, slots=True)
class CityLoaded:
    agencies: int
    posts: int
    officers: int


def load_city(
    cursor: Any, city: City, password: str, now: datetime, begins_on: date = date(2020, 1, 1)
) -> CityLoaded:
    """``password`` is everyone's: a demo's people are fictional, and so is their secret."""
    cursor.execute("SELECT code, id FROM agency")
    agencies: dict[str, UUID] = dict(cursor.fetchall())
    new_agencies = [one for one in city.agencies.values() if one.code not in agencies]
    agencies |= {one.code: new_id() for one in new_agencies}
    insert_many(
        cursor, "agency",
        {"id": "uuid", "code": "text", "kind": "text", "organ": "text", "name_zh": "text", "name_en": "text",
         "area_code": "text", "sort_key": "text"},
        [(agencies[one.code], one.code, one.kind, one.organ, one.title.zh, one.title.en,
          one.area_code or city.area_code,
          f"{number:04d}") for number, one in enumerate(city.agencies.values()) if one in new_agencies],
    )  # fmt: skip
    posts = [
        (new_id(), agencies[one.code], post.code, post.role, post.title.zh, post.title.en)
        for one in new_agencies for post in one.posts
    ]  # fmt: skip
    insert_many(cursor, "post", {"id": "uuid", "agency_id": "uuid", "code": "text", "role": "text", "name_zh": "text",
                                 "name_en": "text"}, posts)  # fmt: skip
    by_code = {(agency, code): key for key, agency, code, *_ in posts}
    added = {one.code for one in new_agencies}
    people = [(new_id(), one) for one in city.officers() if one.agency in added]
    insert_many(
        cursor, "officer",
        {"id": "uuid", "username": "text", "name": "text", "state": "text", "administrator": "text",
         "language": "text", "demo": "boolean"},
        [(key, one.username, one.name, "active", one.administrator, "zh-hans", True) for key, one in people],
    )  # fmt: skip
    secret = hash_password(password)
    insert_many(cursor, "officer_secret", {"officer_id": "uuid", "password": "text", "failed_sign_ins": "smallint"},
                [(key, secret, 0) for key, _ in people])  # fmt: skip
    insert_many(
        cursor, "appointment", {"id": "uuid", "officer_id": "uuid", "post_id": "uuid", "begins_on": "date"},
        [(new_id(), key, by_code[agencies[one.agency], one.post], begins_on) for key, one in people],
    )  # fmt: skip
    directory_records.forget()
    return CityLoaded(len(new_agencies), len(posts), len(people))
