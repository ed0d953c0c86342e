"""Words by which the SMART check tells a sentence from a heading. No rules: goals.wording has those.

An unknown word is never held against a goal, so these lists need not be complete. Add a verb where a goal is told that
it has none; add a noun, with how to make it a goal, where a heading passes as one.
"""

from typing import NamedTuple


def listed(words: str) -> frozenset[str]:
    """Return words parted by spaces as a set."""
    return frozenset(words.split())


class Heading(NamedTuple):
    """Nouns that people write instead of a goal, and what a goal could say; {it} is what was typed, with its article."""

    nouns: str
    example: str


HEADINGS = (
    Heading("promotion raise", "Get {it}"),
    Heading("certificate certification diploma degree licence license qualification", "Earn {it}"),
    Heading("exam exams test", "Pass {it}"),
    Heading("portfolio website blog app", "Build {it} and show it to three people"),
    Heading("talk keynote presentation workshop webinar", "Give {it}"),
    Heading("book novel article paper thesis dissertation essay report", "Finish a first draft of {it}"),
    Heading("job role position placement internship apprenticeship", "Find {it}"),
    Heading("mentor coach sponsor mentee", "Find {it} and meet once a month"),
    Heading("engineer developer manager director designer researcher analyst lead head cto ceo", "Become {it}"),
    Heading("speaking rhetoric", "Give a ten-minute talk to my team"),
    Heading("leadership management", "Lead one project from its first day to its last"),
    Heading("networking network", "Have two coffees a month with people outside my team"),
    Heading("salary pay income wage", "Ask for {it} at my next review"),
    Heading("fitness health exercise sport running", "Run three times a week"),
    Heading("productivity organisation organization focus", "Plan the week every Friday in 20 minutes"),
    Heading("interviews meetings calls coffees conversations", "Hold {it}"),
    Heading("books articles papers chapters", "Read {it}"),
    Heading(
        "skills skill confidence balance career communication feedback teamwork visibility success motivation happiness"
        " development growth learning experience knowledge change business startup company project team english spanish french"
        " german programming coding marketing design mba phd",
        "",
    ),
)

# A word with one of these ends is most likely a noun.
NOUN_ENDS = ("tion", "sion", "ment", "ship", "ness", "ity", "ance", "ence", "ology", "ism")

# What a noun, not a verb, stands behind.
BEFORE_NOUNS = listed(
    "a an the my our your this that these those some any more better new good great best first second next senior junior"
    " professional personal public own big small bigger higher stronger successful"
)

# What stands behind a verb, and hardly ever behind a noun.
AFTER_VERBS = listed(
    "a an the my our your his her their this these those one two three four five six seven eight nine ten twelve twenty"
    " thirty fifty every each all myself me us it them"
)

# Verbs, in the form in which goals begin.
_VERBS = listed(
    """
    accept accomplish achieve acquire adapt add adopt advise agree aim allow analyse analyze announce answer appear
    apply appoint approach approve arrange arrive ask assemble assess assist attend audit automate avoid balance be
    become begin boost borrow break bring broaden brush build buy calculate call cancel catch celebrate chair change
    check choose clean clear climb close coach collect come commit communicate compare compete compile complete compose
    conduct connect consider consult contact continue contribute convert convince cook cooperate coordinate cover craft
    create cross cut deal debug decide decline decrease dedicate defend define delegate delete deliver demonstrate
    deploy describe develop devote discover discuss do document double draft draw drink drive drop earn eat edit
    educate eliminate employ enable encourage end engage enhance enjoy enrol enroll ensure enter establish evaluate
    evolve examine exceed exercise expand expect experiment explain explore express extend facilitate feel figure file
    fill film find finish fix fly focus follow form found freelance fund gain gather generate get give go grade
    graduate grow handle have hear help hire hold host identify implement improve increase influence inform innovate
    install integrate interview introduce invent invest investigate invite join keep kick know launch lead learn leave
    lecture let listen live lose lower mail maintain make manage master maximise maximize measure mediate meditate meet
    memorise memorize mentor merge migrate minimise minimize moderate move negotiate obtain offer onboard open operate
    optimise optimize order organise organize overcome own paint participate pass pay perform persuade pick pilot pitch
    place plan play post practice practise prepare present prevent prioritise prioritize produce program prove provide
    publish pull push put qualify quit raise reach read rebuild receive record recruit redesign reduce refactor refine
    reflect register rehearse relocate remember remove renew rent reorganise repair replace report represent request
    research resign resolve respond rest restart restore retire return review revise rewrite ride run save say scale
    schedule secure see sell send separate serve set settle shadow share shift ship shoot shorten show sign simplify
    sing sit sketch sleep solve speak specialise specialize spend split sponsor stand start stay stop strengthen study
    submit succeed suggest supervise support surpass survive switch take talk teach tell test thank think track train
    transfer transform transition translate travel treat triple try turn understand update upgrade use validate verify
    visit volunteer wake walk watch wear widen win wind withdraw work write
    am are is was were has had will can shall i'm i've
    """
)

# Verbs that are as often nouns: only where a goal begins with them are they taken for verbs.
ALSO_NOUNS = listed(
    """
    address aim answer approach audit balance boost book break call catch challenge change check claim climb coach
    commit contact cover craft cut deal design document double draft drink drive drop edit end engage estimate exercise
    experiment feel file film focus form found fund gain grade handle help hold host increase influence interview
    introduce invest invite judge kick launch lead lecture leave live mail manage market master measure meet mentor
    merge model move network offer open order own paint pass pay permit phone pick pilot pitch place plan play post
    practice present program progress project prove pull purchase push raise range rate reach record release rent
    report request research rest return review ride run sample save scale schedule sense separate serve set shadow share
    shift ship shoot show sign sketch sleep split sponsor stand start stay stop study support survey switch talk target
    test think track train transfer transition travel treat triple try turn update upgrade use view visit volunteer wake
    walk watch win wind work
    """
)

VERBS = _VERBS | ALSO_NOUNS

# End in "ing" and are nouns as often as not.
ING_NOUNS = listed(
    "accounting coaching coding consulting cooking engineering funding learning marketing mentoring modelling networking"
    " planning programming running speaking teaching testing training writing"
)
# End in "ed" and describe the noun that follows.
ED_ADJECTIVES = listed("advanced applied distributed embedded limited mixed related skilled speed")

NUMBER_WORDS = listed(
    "one two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty sixty hundred"
    " thousand dozen half twice double triple daily weekly monthly every each"
)
LANGUAGE_LEVELS = listed("a1 a2 b1 b2 c1 c2")
MONTHS = listed(
    "january february march april may june july august september october november december jan feb mar apr jun jul aug"
    " sep sept oct nov dec"
)

# Small words of other languages written in Latin letters that are no English words: the check then keeps quiet.
FOREIGN = listed(
    """
    der das ein eine einen einem einer mein meine meinen und zu zum zur mit für auf von im werden lernen el los las un
    una unos mi mis para por con y en del aprender le les des du et mes une apprendre devenir pour avec dans il lo
    gli che di nel della imparare diventare het een mijn naar voor leren om att och jag min lära på til og jeg å bli być
    się na nauczyć minha meu um uma aprender de da dos como bir ve için öğrenmek yang untuk dan saya belajar
    """
)

# Verbs of which somebody can only have one at a time: three subjects behind them are three goals.
LEARNING = listed("learn study master improve understand practise practice explore develop")
# Words that point back to what the first half of a sentence named.
POINTING_BACK = listed("it its them they their her his him she he this that these those each both one all there")
