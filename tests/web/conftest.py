"""The pages as a browser without scripts meets them: Django's client, in the session of an officer of the city."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from officials import city, city_database

__all__ = ["city", "city_database"]


@pytest.fixture
def browse(city):
    """``browse("court.judge")`` is a client signed in as that officer; ``browse("")`` is signed in as nobody."""
    from django.test import Client

    from lianban.doors.web.language import COOKIE as LANGUAGE
    from lianban.doors.web.sessions import COOKIE
    from lianban.records.keys import encoded_key

    def signed_in(username: str, language: str = "zh-hans", post: str = "") -> Client:
        client = Client(enforce_csrf_checks=False, REMOTE_ADDR="127.0.0.1")
        client.cookies[LANGUAGE] = language
        if username:
            client.cookies[COOKIE] = encoded_key(city.session(username, post))
        return client

    return signed_in


class _Page(HTMLParser):
    """What a page consists of, as far as tests ask."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self._area: dict[str, str | None] | None = None

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag == "textarea":
            self._area = self.tags[-1][1]
            self._area["value"] = ""

    def handle_endtag(self, tag):
        if tag == "textarea":
            self._area = None

    def handle_data(self, data):
        if self._area is not None:
            self._area["value"] = (self._area["value"] or "") + data
        self.words.append(data)


class Page:
    def __init__(self, html: str) -> None:
        parser = _Page()
        parser.feed(html)
        self.tags = parser.tags
        self.text = re.sub(r"\s+", " ", "".join(parser.words))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]

    def named(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for _, attributes in self.tags if attributes.get("name") == name]


@pytest.fixture
def read():
    """A response as a page."""
    return lambda response: Page(response.content.decode())
