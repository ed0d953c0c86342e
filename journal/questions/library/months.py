"""Questions of a month: what went well in it, what was hard, who was there and what comes next."""

WELL = (
    ("m-energy", 1, "What gave you energy again and again?", ""),
    ("m-closer", 2, "Which goal came closer, and what did it?", ""),
    ("m-advice", 3, "Which advice did you follow, and what came of it?", ""),
    ("m-better-at", 4, "What are you better at than a month ago?", ""),
    ("m-people", 5, "Who made this month better?", ""),
    ("m-different", 6, "What is different now from the first of the month?", ""),
    ("m-seen", 7, "What did others see in you this month?", ""),
    ("m-useful", 8, "What is the most useful thing you learned this month?", ""),
    ("m-keep", 9, "Which moment of this month would you keep?", ""),
    ("m-easier", 4, "What came easier than a month ago?", ""),
    ("m-glad", 9, "What are you glad you did this month?", ""),
)
HARD = (
    ("m-drained", 1, "What cost you energy again and again?", ""),
    ("m-stood-still", 2, "Which goal stood still, and what does it need?", ""),
    ("m-let-go", 2, "What would you let go if you planned the month again?", ""),
    ("m-help", 3, "What should you have asked for help with?", ""),
    ("m-not-practised", 4, "What did you want to practise and did not?", ""),
    ("m-missed", 5, "Whom did you hear nothing from, and miss?", ""),
    ("m-in-the-way", 6, "What kept getting in the way?", ""),
    ("m-otherwise", 6, "What did not go as you thought it would?", ""),
    ("m-avoided", 7, "What did you avoid all month?", ""),
    ("m-twice", 8, "Which mistake did you make more than once?", ""),
    ("m-put-down", 6, "What did you carry through the whole month that could be put down?", ""),
    ("m-less", 1, "What would you do less of, if nobody minded?", ""),
    ("m-modest", 9, "What did you wave away that deserved a moment?", ""),
)
ONWARD = (
    ("m-try", 1, "What would you like to try next month, just to see?", ""),
    ("m-direction", 1, "Are you still going where you want to go?", ""),
    ("m-one-thing", 2, "If only one thing moves next month, which should it be?", ""),
    ("m-bring", 3, "What do you want to talk over with somebody further along?", ""),
    ("m-hour-a-week", 4, "Which skill deserves an hour a week next month?", ""),
    ("m-meet", 5, "Whom do you want to meet or write to next month?", ""),
    ("m-see-now", 6, "What do you see now that you did not see at its beginning?", ""),
    ("m-difference", 5, "Whose words or help made a difference?", ""),
    ("m-more-of", 6, "What should next month have more of?", ""),
    ("m-ask-view", 7, "Whom do you want to ask how they see your work?", ""),
    ("m-learn", 8, "What do you want to learn next month, and from whom?", ""),
    ("m-treat", 9, "What will you treat yourself to, and for what?", ""),
)
