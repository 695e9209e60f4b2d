"""Who takes part: institutions from six countries, two administrators, and four learners, one of them 69 years old."""

from collections.abc import Mapping
from dataclasses import dataclass

from creditbank.caller import SCOPES, Caller
from issuers.issuer import Kind

HAN = Caller("han.jimin", "administrator", SCOPES["administrator"])
ODUYA = Caller("grace.oduya", "administrator", SCOPES["administrator"])
"""Two people: what one proposes the other approves."""


@dataclass(frozen=True, slots=True)
class School:
    """An institution. `own_domain` is set where it signs for itself, under a did:web of its own."""

    id: str
    kind: Kind
    country: str
    name: Mapping[str, str]
    language: str
    authority: str
    units: tuple[str, ...]
    levels: tuple[tuple[str, str], ...] | None = None
    own_domain: str | None = None
    accredited: bool = True

    @property
    def caller(self) -> Caller:
        """The institution's own system, confined to what is the institution's."""
        return Caller(f"{self.id}-system", "issuer", SCOPES["issuer"], issuer_id=self.id)

    @property
    def english(self) -> str:
        """Its name in English."""
        return self.name["en"]

    @property
    def native(self) -> str:
        """Its name as it calls itself."""
        return self.name[self.language]


HANBIT = School(
    "hanbit",
    Kind.VOCATIONAL,
    "KR",
    {"ko": "한빛직업전문학교", "en": "Hanbit Vocational College"},
    "ko",
    "Accreditation body of Korea",
    ("kr-credit",),
)
LAKES = School(
    "lakes",
    Kind.HIGHER,
    "FI",
    {"fi": "Järvimaan yliopisto", "en": "Lakeland University"},
    "fi",
    "Accreditation body of Finland",
    ("ects",),
    levels=(("eqf", "6"),),
    own_domain="lakeland.example",
)
HARBOUR = School(
    "harbour",
    Kind.CONTINUING,
    "HK",
    {"zh-Hant": "海港持續進修學院", "en": "Harbour School of Continuing Studies"},
    "zh-Hant",
    "Accreditation body of Hong Kong",
    ("hk-qf",),
)
RIVERSIDE = School(
    "riverside",
    Kind.COMMUNITY,
    "GB",
    {"en": "Riverside School for Older Learners"},
    "en",
    "Awarding body of the United Kingdom",
    ("uk-cats",),
)
PRAIRIE = School(
    "prairie",
    Kind.HIGHER,
    "US",
    {"en": "Prairie State College"},
    "en",
    "Regional accreditor of the United States",
    ("us-semester",),
)
DISHA = School(
    "disha",
    Kind.CONTINUING,
    "IN",
    {"hi": "नई दिशा मुक्त विद्यालय", "en": "Nai Disha Open School"},
    "hi",
    "Credit framework authority of India",
    ("in-ncrf",),
    accredited=False,
)
SCHOOLS = (HANBIT, LAKES, HARBOUR, RIVERSIDE, PRAIRIE, DISHA)


@dataclass(frozen=True, slots=True)
class Person:
    """A learner: how she is called, and the e-mail address by which some of her schools know her."""

    id: str
    name: str
    english: str
    age: int
    email: str

    @property
    def profile(self) -> dict[str, str]:
        """What the bank keeps of her, sealed under a key of her own book."""
        return {"name": self.name, "name_in_english": self.english}


KIM = Person("kim", "김순자", "Kim Soon-ja", 69, "soonja.kim@learner.example")
CHAN = Person("chan", "陳美玲", "Chan Mei-ling", 41, "meiling.chan@learner.example")
SHARMA = Person("sharma", "आशा शर्मा", "Asha Sharma", 27, "asha.sharma@learner.example")
ELLIS = Person("ellis", "Margaret Ellis", "Margaret Ellis", 74, "margaret.ellis@learner.example")
PEOPLE = (KIM, CHAN, SHARMA, ELLIS)
