"""The style guide of the SMART check: which words of a goal are vague, why, and what to write instead.

You need not program to extend it. Copy a row, change its words, keep the quotation marks and commas:

- The first line lists the phrases, parted by " / ". A phrase counts only where a goal begins with it ("improve" finds
  "Improve my English" and "I want to start improving my English", not "Write a guide to improve reviews"). A phrase
  after "… " counts wherever it stands. The longest phrase that fits wins. Small letters; no other forms are needed.
- Then one sentence on why it is vague, and one on what to write instead. In both, {phrase} stands for the words found
  and {rest} for what follows them; {Phrase} and {Rest} begin with a capital. {rest|it} reads "it" where nothing follows.
- NUMBER as the last entry: the words are fine once a number or "every week" stands beside them, or the goal counts
  something. DATE: they are fine once there is a date. Nothing: they are always worth a hint.

A clear goal that is found nevertheless goes to FINE. tests/goals/test_smart_guide.py reads every row, and
test_smart_titles.py beside it tries real goals.
"""

from typing import NamedTuple

NUMBER, DATE = "number", "date"


class Vague(NamedTuple):
    """One row: phrases, why they are vague, what to write instead, what settles them."""

    phrases: str
    why: str
    instead: str
    settled_by: str = ""


# What a goal begins with, or holds.
VAGUE = (
    Vague(
        "improve / enhance / boost / strengthen / optimise / optimize / refine / sharpen / level up",
        "“{Phrase}” does not say how anyone would notice.",
        "Write the before and the after of {rest|it}, such as “from a 2 to a 4 in my next review”.",
        NUMBER,
    ),
    Vague(
        "increase / raise / grow / expand / extend / maximise / maximize",
        "“{Phrase}” does not say by how much.",
        "Write from which number to which, such as “from 10 to 20”.",
        NUMBER,
    ),
    Vague(
        "reduce / decrease / lower / cut / cut down on / minimise / minimize / limit",
        "“{Phrase}” does not say by how much.",
        "Write from which number to which, such as “from 10 to 5”.",
        NUMBER,
    ),
    Vague(
        "get better at / become better at / be better at / get good at / become good at / be good at / get better in"
        " / get better with / get better / become better / be better",
        "“{Phrase}” has no place where you arrive.",
        "Name one thing you cannot do yet and will, such as “Finish one piece of work that needs {rest|it}”.",
        NUMBER,
    ),
    Vague(
        "learn more about / learn about / find out more about / find out about / know more about / read up on"
        " / deepen my knowledge of / expand my knowledge of / increase my knowledge of",
        "There is always more to learn about {rest|it}, so this never ends.",
        "Say what you will be able to do, such as “Explain {rest|it} to a colleague in ten minutes”.",
        NUMBER,
    ),
    Vague(
        "learn more / learn something new / learn new things / keep learning / continue learning / continue to learn"
        " / never stop learning",
        "There is always more to learn, so this never ends.",
        "Name the subject and what you will do with it, such as “Build a small web page for my street”.",
        NUMBER,
    ),
    Vague(
        "learn / study / pick up / get familiar with / become familiar with / familiarise myself with"
        " / familiarize myself with / get comfortable with / become comfortable with / be comfortable with",
        "Nobody can see from outside when you have come to the end of “{phrase}”.",
        "Add what you will do with it, such as “Use {rest|it} for one real task without help”.",
        NUMBER,
    ),
    Vague(
        "master / become an expert in / become an expert at / become proficient in / be proficient in"
        " / become fluent in / get fluent in / be fluent in",
        "“{Phrase}” leaves open who decides that you are there.",
        "Say how it would be tested, such as “Pass an exam in {rest|it}”.",
        NUMBER,
    ),
    Vague(
        "understand / know / make sense of / get to grips with / wrap my head around / be aware of",
        "Nobody can see from outside whether you “{phrase}”.",
        "Say how you would show it, such as “Explain {rest|it} to a colleague in ten minutes”.",
        NUMBER,
    ),
    Vague(
        "work on / work towards / work toward / focus on / concentrate on / spend time on / spend more time on"
        " / continue with / carry on with / take care of / deal with / prioritise / prioritize",
        "“{Phrase}” says where the effort goes, not what is there at the end.",
        "Say what will be finished, such as “Finish one piece of {rest|it} that I can show”.",
    ),
    Vague(
        "work on myself / find myself / be the best version of myself / become the best version of myself"
        " / be my best self / become a better person / be a better person / develop myself / invest in myself",
        "Nobody can tell from “{phrase}” what will be different.",
        "Pick one situation and what you will do in it, such as “Say no to one request a week”.",
    ),
    Vague(
        "work harder / work smarter / try harder / do more / do better / do my best / try my best / give my best"
        " / push myself / challenge myself",
        "How hard somebody tries depends on the day, and nobody can tell when it is enough.",
        "Name one thing and its hour, such as “Two hours on my own project every Tuesday”.",
        NUMBER,
    ),
    Vague(
        "try to / attempt to / aim to / hope to / strive to / seek to / endeavour to / intend to / plan to",
        "With “{phrase}” the goal is reached before anything is done.",
        "Leave these words out: “{Rest|Give a talk}”.",
    ),
    Vague(
        "try / try out / experiment with / play with / play around with / dabble in",
        "With “{phrase}” a single minute already counts.",
        "Say how much of a try it is, such as “Give {rest|it} three evenings, then decide”.",
        NUMBER,
    ),
    Vague(
        "think about / consider / look into / look at / explore / investigate / figure out / find out / see if"
        " / see whether / reflect on",
        "“{Phrase}” can go on for ever, or be over in a minute.",
        "Say what you will have at the end, such as “Talk to three people about {rest|it} and write one page”.",
        NUMBER,
    ),
    Vague(
        "grow as / grow into / grow professionally / grow personally / grow my career / grow in my career"
        " / grow in my role / develop as / develop professionally / develop my career / advance my career"
        " / advance in my career / progress my career / progress in my career / further my career"
        " / boost my career / make progress / move forward / move up / get ahead / take the next step"
        " / advance professionally / progress",
        "“{Phrase}” gives a direction and no place to arrive.",
        "Say what you will do or hold then that you do not now, such as “Lead one project of my own”.",
    ),
    Vague(
        "network with / network more / build my network / build a network / grow my network / expand my network"
        " / extend my network / meet people / meet new people / connect with people / connect with others"
        " / make connections / build relationships / build connections",
        "“{Phrase}” does not say how many people, or who.",
        "Say how many and which, such as “Have two coffees a month with people outside my team”.",
        NUMBER,
    ),
    Vague(
        "get to know",
        "There is always more to know about people.",
        "Say how many and when, such as “Talk with five of them for 20 minutes each”.",
        NUMBER,
    ),
    Vague(
        "be more / become more / feel more / be less / become less / feel less / be confident / become confident"
        " / feel confident / build confidence / gain confidence / build my confidence / gain more confidence"
        " / be happy / be happier / become happier / feel better / feel happier / be successful / become successful"
        " / succeed / be motivated / stay motivated / stay positive / stay focused / be assertive",
        "“{Phrase}” is hard to see and hard to tick off.",
        "Name a situation in which it would show, such as “Ask one question in every team meeting”.",
    ),
    Vague(
        "be a good / be a better / be a great / become a good / become a better / become a great / be an effective"
        " / become an effective / be the best / become the best",
        "“{Phrase}” leaves open who would notice, and by what.",
        "Name one thing such a {rest|person} does, such as “Half an hour with each person in the team, every week”.",
    ),
    Vague(
        "be a leader / become a leader / be a thought leader / become a thought leader / be an expert"
        " / become an expert / be seen as an expert / be a role model",
        "“{Phrase}” is a name that others give.",
        "Say what you will do that earns it, such as “Lead one project with three people to its end”.",
    ),
    Vague(
        "help others / help people / help my team / help out / support others / support people / support my team"
        " / give back / get involved / be involved / get more involved / contribute / contribute to"
        " / contribute more to / make a difference / make an impact / have an impact / have more impact"
        " / make a contribution / add value / create value",
        "“{Phrase}” leaves open who will have what from it.",
        "Name whom and what, such as “Two juniors hold their first code review with me”.",
        NUMBER,
    ),
    Vague(
        "keep up / keep up with / stay up to date / stay up to date with / stay up to date on / stay current"
        " / stay current with / stay on top of / keep going / keep improving / keep practising / keep practicing"
        " / maintain",
        "Something that only goes on is never done.",
        "Make it a number over a time, such as “Read one article a week, twelve in all”.",
        NUMBER,
    ),
    Vague(
        "gain experience / gain experience in / gain experience with / gain more experience / get experience"
        " / get more experience / get experience in / get experience with / gain knowledge / acquire knowledge"
        " / gain skills / acquire skills / acquire new skills / build skills / build experience",
        "A single day already gives you some of it.",
        "Say what you will have done, such as “Take one small project from the first talk to the handover”.",
        NUMBER,
    ),
    Vague(
        "gain visibility / get visibility / get more visibility / increase my visibility / be visible"
        " / become visible / raise my profile / build my brand / build a personal brand / build my personal brand"
        " / get noticed / get recognised / get recognized / be recognised / be recognized",
        "“{Phrase}” happens in other people's heads.",
        "Say what they will get to see, such as “Show our results at two department meetings”.",
        NUMBER,
    ),
    Vague(
        "find my passion / find my purpose / find meaning / find my path / find my way / find direction",
        "“{Phrase}” has no first step in it.",
        "Begin with something you can do, such as “Spend a day beside three people whose work attracts me”.",
        NUMBER,
    ),
    Vague(
        "get organised / get organized / be organised / be organized / be productive / get things done / manage my time"
        " / manage time / stop procrastinating / get my life together / get my act together / be disciplined",
        "“{Phrase}” does not say what would be different on a Monday.",
        "Name the one habit that would change it, such as “Plan the week every Friday in 20 minutes”.",
        NUMBER,
    ),
    Vague(
        "get fit / get fitter / get healthy / get healthier / be healthy / be healthier / get in shape / live healthier"
        " / eat healthier / take better care of myself",
        "“{Phrase}” does not say what you will do.",
        "Say what and how often, such as “Run 20 minutes on Tuesdays and Saturdays”.",
        NUMBER,
    ),
    Vague(
        "… work-life balance / … work life balance / … worklife balance / … better balance",
        "Balance means something else to everybody.",
        "Say what your week would look like, such as “Leave by half past five on four days”.",
        NUMBER,
    ),
    Vague(
        "… comfort zone / … next level / … full potential / … my potential / … best self",
        "“{Phrase}” is a picture: everybody sees another one.",
        "Say what you would really do, such as “Chair the planning meeting once”.",
    ),
    Vague(
        "… dream job / … perfect job / … ideal job / … right job",
        "Only you know what that job is.",
        "Name the work and the place, such as “Research work in a team of five to ten”.",
    ),
    Vague(
        "… communication skills / … leadership skills / … presentation skills / … soft skills / … people skills"
        " / … social skills / … technical skills / … management skills / … my skills / … new skills / … skill set",
        "“{Phrase}” is a whole drawer of things.",
        "Take out one and say where it will show, such as “Chair one meeting of ten people”.",
        NUMBER,
    ),
    Vague(
        "… better",
        "“Better” needs something to compare with.",
        "Say better than what, and how it would show, such as “no more than two questions come back”.",
        NUMBER,
    ),
    Vague(
        "… more / … more often / … less / … less often / … a lot / … a lot more",
        "“{Phrase}” does not say how much, or how often.",
        "A rough number will do, such as “once a week” or “five by summer”.",
        NUMBER,
    ),
    Vague(
        "… fewer / … lots of / … many / … a few / … several",
        "“{Phrase}” does not say how many.",
        "A rough number will do, such as “five by summer”.",
        NUMBER,
    ),
    Vague(
        "… enough",
        "“Enough” for what?",
        "Say when it is enough, such as “until I can order a meal without English”.",
        NUMBER,
    ),
    Vague(
        "… regularly / … often / … frequently / … sometimes / … from time to time / … occasionally / … consistently"
        " / … whenever possible / … when possible",
        "“{Phrase}” means something else every month.",
        "Say how often, such as “every Tuesday” or “twice a month”.",
        NUMBER,
    ),
    Vague(
        "… effectively / … efficiently / … properly / … appropriately",
        "“{Phrase}” does not say what somebody else would notice.",
        "Say what they would see, such as “the meeting ends on time with three decisions”.",
        NUMBER,
    ),
    Vague(
        "… things / … stuff / … something / … somehow / … somewhere / … anything / … whatever / … etc / … and so on"
        " / … and more / … various / … all kinds of",
        "“{Phrase}” stands for something you have in mind and the goal does not say.",
        "Name it; one thing is enough to begin with.",
    ),
    Vague(
        "… soon / … someday / … some day / … eventually / … at some point / … as soon as possible / … asap"
        " / … in the future / … in the near future / … sooner or later / … when i have time",
        "“{Phrase}” is not a day.",
        "Choose a day you believe in; it can move later.",
        DATE,
    ),
)

# What a short reason begins with.
BORROWED_REASONS = Vague(
    "i should / i ought to / i am supposed to / i'm supposed to / because i should / my boss wants / my boss said"
    " / my boss says / my boss told me / my manager wants / my manager said / my manager says / my manager told me"
    " / everyone does / everyone else / everybody does / everybody else / people say / it is expected / they want me to",
    "This is somebody else's reason.",
    "What would be different for you, on an ordinary day?",
)

# The whole of a reason.
EMPTY_REASONS = Vague(
    "because / why not / important / very important / it is important / it's important / because it is important"
    " / because it's important / it would be nice / nice to have / for my career / for work / career / work / for fun"
    " / growth / to grow / success / to be successful / to learn / i want to / i want it / because i want to"
    " / because i want it / yes / no / none / nothing / n/a / na / tbd / todo / test / idk / don't know / i don't know"
    " / money / more money / to improve / to get better / personal growth / personal development",
    "“{Phrase}” would fit any goal.",
    "What would be different for you once you are there?",
)

# Begin with a word of the table, or hold one, and are clear all the same.
FINE = """
learn to / learn how to / learn from / learn by heart / study for / study at / study abroad / pick up the phone
master of / raise my hand / raise a / raise money / cut my hair / know when to / know how to / try out for / grow my own
… more than / … less than / … fewer than / … internet of things / … one more / … better paid
… no more / … in less than / … so many / … enough to
"""

# Said before the goal itself, and passed over.
LEAD_INS = """
to / i want to / i would like to / i'd like to / i will / i'll / i need to / i am going to / i'm going to / i must
i should / i wish to / we want to / we will / my goal is to / my goal is / my aim is to / the goal is to / goal
start / start to / begin to / begin / finally / really / actually / also / first / now / please / be able to
in order to / actively / proactively / consistently / regularly / slowly / quickly / constantly / successfully
"""
