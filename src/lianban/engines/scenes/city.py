"""The demo city: agencies, posts, and how made-up officers, people and firms are drawn from a seed.

People carry resident IDs and firms credit codes of area 99, which no registrar has: they are valid by their
check digits, are accepted in demo mode only, and can be mistaken for nobody.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from lianban.engines.forms import Words
from lianban.engines.identifiers.credit_codes import check_character as credit_check
from lianban.engines.identifiers.credit_codes import organisation_check_character
from lianban.engines.identifiers.resident_ids import check_character as resident_check
from lianban.engines.scenes.problems import SceneRefused
from lianban.engines.scenes.reading import Entry, Findings, read_entry, refer, unique

FILE = "city.yaml"
ADMINISTRATORS = ("", "system", "security", "audit")
_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_BORN = (date(1955, 1, 1), date(2003, 12, 31))  # adults on any day the demo runs


@dataclass(frozen=True, slots=True)
class CityPost:
    """A post of an agency. ``role`` is what scenes address; ``officers`` is how many people hold it."""

    code: str
    role: str
    title: Words
    officers: int
    administrator: str = ""


@dataclass(frozen=True, slots=True)
class CityAgency:
    """An agency. ``organ`` is its short code in document numbers; ``unit`` says that letters go to it. ``area_code`` is its own,
    where it has one (a township); otherwise the city's."""

    code: str
    kind: str
    organ: str
    title: Words
    posts: tuple[CityPost, ...]
    unit: bool
    area_code: str = ""


@dataclass(frozen=True, slots=True)
class SignIn:
    """One account that the demo offers, with its words."""

    username: str
    agency: str
    post: str
    title: Words


@dataclass(frozen=True, slots=True)
class MadeUpOfficer:
    username: str
    name: str
    agency: str
    post: str
    administrator: str


@dataclass(frozen=True, slots=True)
class MadeUpPerson:
    name: str
    id_number: str


@dataclass(frozen=True, slots=True)
class MadeUpFirm:
    name: str
    credit_code: str


@dataclass(frozen=True)
class City:
    """The city as declared. The generators are deterministic: the same seed draws the same people."""

    name: str
    title: Words
    area_code: str
    agencies: Mapping[str, CityAgency]
    sign_ins: tuple[SignIn, ...]
    surnames: str
    given: str
    firm_words: tuple[str, ...]
    firm_trades: tuple[str, ...]
    firm_forms: tuple[str, ...]

    @property
    def units(self) -> tuple[CityAgency, ...]:
        """The agencies that letters go to, in the order of the file."""
        return tuple(agency for agency in self.agencies.values() if agency.unit)

    def officers(self, seed: int = 1) -> Iterator[MadeUpOfficer]:
        """Every officer of the city. The first of a post is ``tax.liaison``, the next ``tax.liaison.2``."""
        draw = _Draw(self, seed)
        for agency in self.agencies.values():
            for post in agency.posts:
                for number in range(1, post.officers + 1):
                    yield MadeUpOfficer(
                        username(agency.code, post.code, number),
                        draw.person_name(),
                        agency.code,
                        post.code,
                        post.administrator,
                    )

    def people(self, seed: int = 1) -> Iterator[MadeUpPerson]:
        """Made-up people without end, each with a valid identity number of area 99."""
        draw = _Draw(self, seed)
        while True:
            yield MadeUpPerson(draw.person_name(), draw.resident_id())

    def firms(self, seed: int = 1) -> Iterator[MadeUpFirm]:
        """Made-up firms without end, each with a valid credit code of area 99."""
        draw = _Draw(self, seed)
        while True:
            yield MadeUpFirm(draw.firm_name(), draw.credit_code())


def username(agency: str, post: str, number: int = 1) -> str:
    """How the officers of the demo sign in."""
    return f"{agency}.{post}" if number == 1 else f"{agency}.{post}.{number}"


def load_city(path: Path | str) -> City:
    """The city of a ``city.yaml``. Raises :class:`SceneRefused` with every problem."""
    findings = Findings()
    head = read_entry(Path(path), FILE, findings)
    city = _city(head) if head is not None else None
    if findings or city is None:
        raise SceneRefused.of(FILE, findings.problems)
    return city


def _city(head: Entry) -> City:
    head.only("name", "title", "area_code", "posts", "agencies", "names", "sign_ins")
    sets = head.entry("posts")
    posts: dict[str, tuple[CityPost, ...]] = {}
    if sets is not None:
        for name in sets.data:
            posts[str(name)] = tuple(unique(sets.entries(str(name)), _post, lambda post: post.code).values())
    agencies: dict[str, CityAgency] = unique(
        head.entries("agencies"), lambda entry: _agency(entry, posts), lambda agency: agency.code
    )
    names = head.entry("names")
    texts: Mapping[str, object] = names.data if names else {}
    if names:
        names.only("surnames", "given", "firm_words", "firm_trades", "firm_forms")
        for key in ("surnames", "given"):
            names.text(key)
    area = head.text("area_code")
    if area and not (area.startswith("99") and len(area) == 6 and area.isdigit()):
        head.note(
            "area_code",
            f"演示城市的区划代码须为未分配的 99 开头六位数字，现为“{area}”。",
            f'The area code of a made-up city is six digits beginning with the unassigned 99; found "{area}".',
        )
    return City(
        name=head.code("name"),
        title=head.words("title"),
        area_code=area,
        agencies=agencies,
        sign_ins=tuple(_sign_in(entry, agencies) for entry in head.entries("sign_ins")),
        surnames=str(texts.get("surnames", "")),
        given=str(texts.get("given", "")),
        firm_words=_words(names, "firm_words"),
        firm_trades=_words(names, "firm_trades"),
        firm_forms=_words(names, "firm_forms"),
    )


def _words(names: Entry | None, key: str) -> tuple[str, ...]:
    value = names.data.get(key) if names else None
    if names and not (isinstance(value, list) and value and all(isinstance(word, str) for word in value)):
        names.note(key, f"“{key}”应为文字列表。", f'"{key}" must be a list of texts.')
        return ()
    return tuple(str(word) for word in value or ())


def _post(entry: Entry) -> CityPost:
    entry.only("code", "role", "zh", "en", "officers", "administrator")
    administrator = entry.text("administrator", default="")
    refer(entry, "administrator", (administrator,), ADMINISTRATORS, "管理员类别", "a kind of administrator")
    return CityPost(
        entry.code(),
        entry.code("role"),
        entry.words(),
        entry.whole("officers", least=1, most=50),
        administrator,
    )


def _agency(entry: Entry, posts: Mapping[str, tuple[CityPost, ...]]) -> CityAgency:
    entry.only("code", "kind", "organ", "posts", "unit", "area_code", "zh", "en")
    chosen = entry.text("posts")
    refer(entry, "posts", (chosen,), posts, "岗位组", "a set of posts")
    return CityAgency(
        entry.code(),
        entry.code("kind"),
        entry.text("organ"),
        entry.words(),
        posts.get(chosen, ()),
        entry.data.get("unit") is True,
        _own_area(entry),
    )


def _own_area(entry: Entry) -> str:
    code = entry.text("area_code", default="")
    if code and not (code.startswith("99") and len(code) in (6, 9, 12) and code.isdigit()):
        entry.note(
            "area_code",
            f"演示单位的区划代码须为 99 开头的 6、9 或 12 位数字，现为“{code}”。",
            f'The area code of a made-up agency is 6, 9 or 12 digits beginning with 99; found "{code}".',
        )
    return code


def _sign_in(entry: Entry, agencies: Mapping[str, CityAgency]) -> SignIn:
    entry.only("agency", "post", "zh", "en")
    agency, post = entry.code("agency"), entry.code("post")
    refer(entry, "agency", (agency,), agencies, "单位", "an agency")
    if agency in agencies:
        refer(entry, "post", (post,), [p.code for p in agencies[agency].posts], "岗位", "a post")
    return SignIn(username(agency, post), agency, post, entry.words())


class _Draw:
    """Draws names and numbers from one seed. Numbers are valid and unique within the draw."""

    def __init__(self, city: City, seed: int) -> None:
        self.city = city
        self.random = random.Random(seed)  # noqa: S311  made-up people need repeatability, not secrecy
        self.used: set[str] = set()

    def person_name(self) -> str:
        given = "".join(self.random.choices(self.city.given, k=self.random.choice((1, 2, 2))))
        return self.random.choice(self.city.surnames) + given

    def firm_name(self) -> str:
        city = self.city
        return "".join(
            self.random.choice(words) for words in (city.firm_words, city.firm_trades, city.firm_forms)
        )

    def resident_id(self) -> str:
        first, last = _BORN
        while True:
            born = first + timedelta(days=self.random.randrange((last - first).days + 1))
            digits = f"{self.city.area_code}{born:%Y%m%d}{self.random.randrange(1000):03d}"
            if digits not in self.used:
                self.used.add(digits)
                return digits + resident_check(digits)

    def credit_code(self) -> str:
        while True:
            subject = "".join(self.random.choices(_CREDIT_ALPHABET, k=8))
            if subject not in self.used:
                self.used.add(subject)
                # 9: market regulation, 1: enterprise; then area, organisation code and its check character.
                body = f"91{self.city.area_code}{subject}{organisation_check_character(subject)}"
                return body + credit_check(body)
