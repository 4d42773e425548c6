"""Words that say the same in law, as data: the tracer reads each row as one word.

The rows are what people write in place of the words of a regulation when they answer a
question about it. A row is for finding the principle alone; whether a difference matters in
law (must or may, day or month) is asked in `grounding`. Written by hand, from the usage of
the Federal Register's *Document Drafting Handbook* and the plain language guidelines under
5 U.S.C. 301 note; words that law keeps apart (agency and department, drug and device,
person and individual) stand in no row together.
"""

from __future__ import annotations

from tribonian.align.tracing.numerals import ONES, POWERS, TENS

# Function words: they say nothing of what a principle is about. Modals and "not" are read by
# `grounding`; numerals are kept.
_FUNCTION_WORDS = """
    a an the this that these those such same said any all each every some both either neither
    no not nor and or but if then than so as of to in on at by for from with without within
    into onto upon under over between among through during before after above below about
    against until unless except whether while when where wherever whenever which who whom
    whose what why how it its itself they them their theirs he him his she her hers we us our
    ours you your yours i me my one's is are was were be been being am do does did done doing
    have has had having may might must shall should will would can could ought need cannot
    there here herein hereof hereby herewith hereinafter hereunder therein thereof thereby
    thereto therefor therefore therefrom thereafter thereunder thereon whereby wherein also
    only other another more most less least very too just even still yet again once per via
    etc namely e.g i.e rather instead else otherwise however moreover furthermore additionally
    accordingly thus hence because since although though whereas despite following follow
    follows followed specifically generally typically usually particular pursuant respect
    regard regarding concerning relating related respectively yes don't doesn't isn't aren't
    can't won't it's that's
"""
FUNCTION_WORDS = frozenset(_FUNCTION_WORDS.split())

# With these words one asks about law; in a question they say nothing of what it is about:
# "What does § 1 require?", "Please summarise the provisions on …", "What is the rule here?"
_ASKING_WORDS = """
    say says said state states tell tells mean means explain explains explained describe
    describes summarise summarize summary know understand clarify please
    require requires required requirement requirements regulation regulations rule rules
    provision provisions provide provides provided apply applies applied concern concerns
    deal deals dealt forbid forbids allow allows allowed permit permits permitted
"""
ASKING_WORDS = frozenset(_ASKING_WORDS.split())

# Each row is one word to the tracer, in all regular inflections; the irregular ones are listed.
SYNONYMS: tuple[str, ...] = (
    "keep kept retain maintain preserve retention maintenance preservation",
    "firm company business enterprise corporation",
    "begin began begun commence start initiate beginning commencement",
    "end terminate cease expire conclude termination expiration cessation",
    "send sent transmit transmitted forward mail dispatch transmittal transmission",
    "give gave given furnish provide supply deliver",
    "submit submitted file lodge submission",
    "show shown demonstrate prove proven",
    "tell told inform notify notified notifies notification advise",
    "buy bought purchase acquire procure",
    "use utilize utilise usage",
    "help assist aid assistance",
    "make made produce manufacture",
    "production manufacturing",
    "manufacturer maker producer",
    "change modify modified alter modification alteration",
    "amend revise amendment revision",
    "inspect examine check inspection examination",
    "ask request",
    "get got gotten obtain receive receipt",
    "stop stopped halt discontinue suspend suspension discontinuance",
    "forbid forbidden prohibit ban banned bar barred preclude disallow prohibition",
    "allow permit permitted authorize authorise permission authorization authorisation",
    "require mandate obligate oblige requirement obligation obligated",
    "annual annually yearly year",
    "monthly month",
    "quarterly quarter",
    "daily day",
    "hourly hour",
    "weekly week",
    "enough sufficient sufficiently adequate adequately",
    "correct accurate proper correctly accurately properly",
    "incorrect inaccurate erroneous wrong",
    "dangerous hazardous unsafe",
    "danger hazard risk",
    "damage harm injury",
    "illness disease sickness",
    "worker employee personnel staff",
    "clean sanitary hygienic",
    "cleanliness sanitation hygiene",
    "big large bigger larger",
    "kind type sort category",
    "quantity amount",
    "rule regulation",
    "fine penalty",
    "decide determine decision determination",
    "deny denied denies refuse reject denial refusal rejection",
    "grant approve approval",
    "place location site premise",
    "near adjacent",
    "lot batch",
    "label labeling labelling",
    "child children minor",
    "doctor physician",
    "car automobile vehicle",
    "meet met satisfy satisfied fulfill fulfil comply complied complies compliance conform",
    "breach violate violation infringe infringement contravene",
    "disclose disclosure reveal divulge release",
    "secret confidential confidentiality",
    "answer respond reply replied response",
    "applicant requester requestor",
    "explain describe description explanation",
    "contain include comprise consist inclusion",
    "assess evaluate evaluation assessment",
    "pay paid payment remit",
    "cost expense",
    "work job",
    "attorney lawyer counsel",
    "promptly immediately forthwith prompt immediate",
    "remove removal eliminate",
    "drug medication medicine",
    "poisonous toxic",
    "contaminate pollute contamination pollution",
    "destroy dispose discard destruction disposal",
    "transport transportation ship shipped shipping shipment",
    "percent percentage %",
    "separate segregate separately",
    "machine machinery equipment apparatus",
    "building structure",
    "wash rinse",
    "writing written write wrote",
    "needed necessary",
    "beforehand prior advance",
    "cover govern apply applies applied applicable applicability",
    "purpose aim objective goal",
    "meaning mean definition define",
    "choose chose chosen select selection",
    "seek sought",
    "usual ordinary normal customary",
    "reason ground",
    "delay postpone",
    "entity person",
    "people individual",
    "cancel cancelled canceled revoke revocation withdraw withdrawn withdrawal rescind",
    "join combine",
    "responsible accountable liable",
    "suitable appropriate",
    "list enumerate",
    "calculate compute calculation computation",
    "confirm verify verified verifies verification",
    "trained training",
)

# Numerals in words; "one" alone is seldom a number and is left out.
NUMBER_WORDS: dict[str, int] = {
    word: value for word, value in {**ONES, **TENS, **POWERS}.items() if word != "one"
}
