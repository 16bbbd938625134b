"""What Lianban refuses to hold, whoever asks (the design's section on trust; 个人信息保护法 6, 28, 33–34).

A scene or a registry that declares such a field does not load. A field is recognised by its name, by the
words beside it, and by the values it offers, in Chinese, English and pinyin (also the initials that
Chinese databases use for columns: ``mz`` for 民族). The lists err on the side of refusing: renaming an
innocent field costs a minute.

Location and grade are refused for *persons*. Vessels, boxes, duty vehicles and sites may have a place;
events, matters, sites, vessels and firms may have a grade.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lianban.engines.forms.schema import subschemas
from lianban.engines.forms.words import Words


@dataclass(frozen=True)
class Refusal:
    """One kind of thing that is never held: how it is recognised and what to say.

    ``names`` are tokens or runs of tokens (``party member``) of names and English labels; ``zh`` is a
    pattern over Chinese words; ``values`` over the words of choices.
    """

    code: str
    title: Words
    names: frozenset[str]
    zh: re.Pattern[str]
    values: re.Pattern[str] | None = None
    about: str = "anyone"  # "person": only with a person in the context; "not thing": unless of a thing


def _names(text: str) -> frozenset[str]:
    return frozenset(part.strip() for part in text.split(",") if part.strip())


_ETHNIC = "汉族|蒙古族|回族|藏族|维吾尔族|苗族|彝族|壮族|布依族|朝鲜族|满族|侗族|瑶族|白族|土家族|哈萨克族|傣族|黎族"

REFUSALS = (
    Refusal(
        "ethnicity",
        Words("民族", "ethnicity"),
        _names(
            "ethnicity, ethnic, ethnicities, race, racial, nation code, minority, minzu, mz, mzdm, zuqun, zuyi"
        ),
        re.compile(r"民族(?!乡|自治|团结)|族别|种族|族裔|族群"),
        re.compile(_ETHNIC),
    ),
    Refusal(
        "religion",
        Words("宗教信仰", "religion"),
        _names(
            "religion, religious, religions, faith, belief, beliefs, creed, zongjiao, xinyang, zjxy, zj xy"
        ),
        re.compile(r"宗教(?!事务|活动场所)|信仰|教派|信教"),
        re.compile(r"佛教|道教|伊斯兰教|天主教|基督教|东正教|无神论"),
    ),
    Refusal(
        "political",
        Words("政治面貌", "political status"),
        _names(
            "political, politics, party membership, party member, party affiliation, ccp, cpc, communist,"
            "partisan, zhengzhi, zhengzhimianmao, zzmm, dangyuan, dangpai"
        ),
        re.compile(r"政治(?!法)|党派|党员|入党|团员"),
        re.compile(r"党员|共青团员|民主党派|无党派"),
    ),
    Refusal(
        "opinion",
        Words("观点和言论", "opinion"),
        _names(
            "opinion, opinions, ideology, ideological, viewpoint, worldview, sentiment, attitude, speech,"
            "sixiang, guandian, lichang, yanlun, taidu"
        ),
        re.compile(r"思想|观点|立场|言论|政见|价值观|情绪倾向|意识形态"),
    ),
    Refusal(
        "personality",
        Words("性格", "personality"),
        _names(
            "personality, temperament, character type, character trait, personality trait, mbti, psychotype,"
            "big five, xingge, renge, qizhi"
        ),
        re.compile(r"性格|人格(?!权|尊严|混同|否认)|气质类型|人品"),
    ),
    Refusal(
        "biometrics",
        Words("生物识别信息", "biometrics"),
        _names(
            "biometric, biometrics, fingerprint, fingerprints, face, facial, faceprint, iris, retina, voiceprint,"
            "dna, gene, genetic, genome, gait, palmprint, palm print, zhiwen, renlian, hongmo, shengwen, butai"
        ),
        re.compile(r"指纹|人脸|面部|刷脸|虹膜|声纹|掌纹|步态|基因|生物识别|生物特征"),
    ),
    Refusal(
        "location",
        Words("人员的位置和轨迹", "where a person is or went"),
        _names(
            "location, locations, geolocation, latitude, longitude, lat, lng, lon, latlng, gps, coordinate,"
            "coordinates, position, track, tracks, trajectory, trace, traces, whereabouts, footprint, movements,"
            "geofence, cell tower, weizhi, guiji, dingwei, xingzong, zuobiao, jingweidu"
        ),
        re.compile(r"轨迹|行踪|定位|坐标|经纬度|经度|纬度|实时位置|当前位置|所在位置|足迹|基站"),
        about="not thing",
    ),
    Refusal(
        "score",
        Words("给人打分或定级", "a score or grade of a person"),
        _names(
            "score, scores, scoring, grade, grading, rating, rank, ranking, points, risk level, risk grade,"
            "risk class, tier, pingfen, dafen, jifen, dengji, dingji"
        ),
        re.compile(r"评分|打分|得分|积分|分值|评级|定级|分级|等级|风险度|画像|排名"),
        about="person",
    ),
    Refusal(
        "score",
        Words("给人打分或定级", "a score or grade of a person"),
        _names(
            "person score, personal score, social credit score, credit score, citizen score, profiling, profile score,"
            "persona, dangerousness, trustworthiness, reputation, renwuhuaxiang"
        ),
        re.compile(r"信用分|诚信分|文明分|人物画像|个人画像|人员画像|人身危险性|社会信用评分|个人评分"),
    ),
)

# Words that hold a refused word and mean something else.
_INNOCENT_ZH = re.compile(r"民族宗教事务|法人人格|人格权|政治法律|政治处|统一社会信用代码|伤残等级|残疾等级")
_INNOCENT_EN = re.compile(
    r"\b(?:personality rights?|social credit codes?|face (?:to face|value)|disability grade)\b"
)

_PERSONS = _names(
    "person, persons, people, individual, citizen, resident, party, parties, subject, subjects, debtor, creditor,"
    "applicant, respondent, offender, suspect, victim, witness, juror, member, crew, driver, officer, employee,"
    "patient, petitioner, child, juvenile, renyuan, dangshiren"
)
_PERSONS_ZH = re.compile(
    r"人员|个人|当事人|被执行人|申请人|被申请人|居民|公民|对象|当事方|船员|驾驶员|矫正|未成年|家属|配偶|亲属|信访人|监督员|受害人|证人"
)
_THINGS = _names(
    "vessel, ship, boat, port, berth, vehicle, truck, car, box, container, cargo, parcel, sample, site, point,"
    "asset, property, land, house, building, room, plot, river, lake, forest, factory, warehouse, shop, firm,"
    "company, outfall, station, facility, equipment, goods, real estate"
)
_THINGS_ZH = re.compile(
    r"船|渔港|泊位|车辆|车载|箱|货|样本|点位|场所|资产|财产|土地|房屋|房产|不动产|建筑|宗地|河|湖|林|厂|仓|店铺|企业|排污口|设施|设备|标的物"
)


# A person may own a thing with a place, and a matter without persons may have a grade.
_OUT_OF_SCOPE = frozenset({("person", "thing"), ("person", "neither"), ("not thing", "thing")})


@dataclass(frozen=True, slots=True)
class Refused:
    """A field that is refused, and what it was recognised by."""

    refusal: Refusal
    found: str

    @property
    def zh(self) -> str:
        return (
            f"“{self.found}”属于联办拒绝保存的内容：{self.refusal.title.zh}。请删除；"
            f"如果含义不同，请换一个不会误解的名称。"
        )

    @property
    def en(self) -> str:
        return (
            f'"{self.found}" is something Lianban refuses to hold: {self.refusal.title.en}. Remove it; '
            "if it means something else, give it a name that cannot be mistaken."
        )


def refused(
    name: str, zh: str = "", en: str = "", *, within: Sequence[str] = (), values: Iterable[str] = ()
) -> Refused | None:
    """Whether a field or a registry column may not be held, and why.

    ``name`` is the field or column, ``zh`` and ``en`` the words beside it, ``within`` the names and words
    of what it stands in (``parties``, ``当事人``), ``values`` the words of its choices.
    """
    zh_text = _INNOCENT_ZH.sub("", f"{zh} {name}")
    words = [_tokens(name), _tokens(en)]
    context = _context([*within, f"{name} {en} {zh}"])
    choices = list(values)
    for refusal in REFUSALS:
        if (refusal.about, context) in _OUT_OF_SCOPE:
            continue
        if any(_contains(tokens, refusal.names) for tokens in words):
            return Refused(refusal, name if _contains(words[0], refusal.names) else en)
        if match := refusal.zh.search(zh_text):
            return Refused(refusal, zh if match[0] in zh else name)
        if refusal.values and (hit := next((v for v in choices if refusal.values.search(v)), None)):
            return Refused(refusal, hit)
    return None


def refused_in_schema(
    schema: Mapping[str, Any],
) -> list[tuple[tuple[str | int, ...], Refused]]:
    """Every refused field of a JSON Schema, at any depth, with where it stands."""
    found: list[tuple[tuple[str | int, ...], Refused]] = []
    for pointer, part in subschemas(schema):
        properties = part.get("properties")
        if not isinstance(properties, Mapping):
            continue
        within = _around(schema, pointer)
        for name, child in properties.items():
            hints = child if isinstance(child, Mapping) else {}
            label = _words(hints.get("x-label"))
            choices = [text for words in _choices(hints) for text in words]
            hit = refused(str(name), *label, within=within, values=choices)
            if hit:
                found.append(((*pointer, "properties", str(name)), hit))
    return found


def _context(around: Sequence[str]) -> str:
    """What a field is about: the nearest of its own and its parents' words that names a person or a thing."""
    for text in reversed(around):
        tokens = _tokens(text)
        if _contains(tokens, _PERSONS) or _PERSONS_ZH.search(text):
            return "person"
        if _contains(tokens, _THINGS) or _THINGS_ZH.search(text):
            return "thing"
    return "neither"


def _around(schema: Mapping[str, Any], pointer: tuple[str | int, ...]) -> list[str]:
    """The names and labels of the fields around a place in a schema."""
    around: list[str] = []
    node: Any = schema
    for step in pointer:
        node = node[step]
        if isinstance(step, str) and step not in ("properties", "items", "$defs"):
            around.append(step)
        if isinstance(node, Mapping) and "x-label" in node:
            around.append(" ".join(_words(node["x-label"])))
    return around


def _choices(hints: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    labels = hints.get("x-enum")
    if isinstance(labels, Mapping):
        yield from (_words(words) for words in labels.values())
    yield from ((str(value), "") for value in hints.get("enum", ()))
    if isinstance(items := hints.get("items"), Mapping):
        yield from _choices(items)


def _words(hint: Any) -> tuple[str, str]:
    if isinstance(hint, Mapping):
        return str(hint.get("zh", "")), str(hint.get("en", ""))
    return "", ""


def _tokens(name: str) -> list[str]:
    """``riskLevel``, ``risk_level`` and "Risk level" alike: [risk, level]."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
    plain = " ".join(re.findall(r"[a-z]+", spaced.lower()))
    return _INNOCENT_EN.sub("", plain).split()


def _contains(tokens: list[str], names: frozenset[str]) -> bool:
    joined = f" {' '.join(tokens)} "
    return any(f" {name} " in joined for name in names)
