"""English cues of what sounds like a task and is none (the chair's moves, self-talk, hearsay), and
of tasks whose verb is no work by itself ("I'll have it done by noon").

Each row: a pattern, and a sentence in which it must be found.
"""

from __future__ import annotations

from core.engines.extractive.assignments_english import SLOTS
from core.engines.extractive.cues import Cues

PROMISED = Cues(
    (
        r"(?i)\b(?:i(?:'ll| will| can| should)|you(?:'ll| will)) have (?:it|this|that|them|those"
        r"|the [\w' -]{3,40}?|a [\w' -]{3,40}?) (?:done|ready|finished|out|up|fixed|sent|in place"
        r"|over to you|by|on|before|for you)\b",
        "I'll have it done by next Monday.",
    ),
    (
        r"(?i)\b(?:give me|i(?:'ll| will)? need) (?:until|till) \w+",
        "Give me until the fifth for the drawings.",
    ),
    (r"(?i)\bi(?:'ll| will| can) (?:swap|get back to|let \w+ know|make sure)\b", "I'll swap it."),
)

REQUESTED = Cues(
    (
        r"{owner}, (?i:you(?:'ll| will| can|'re going to) have [^?.]* (?:ready|done|finished|by"
        r"|out))\b",
        "Lena, you'll have the slides ready by noon?",
    ),
    (
        r"{owner},? (?i:(?:can|could|would|will) (?:you|we get you to)(?: please| maybe| also"
        r"| then| just)* (?:let|have|make sure|do (?:it|that|this)|swap|look (?:into|at the)))\b",
        "Ivan, could you let the suppliers know?",
    ),
    slots=SLOTS,
)

# The conduct of the meeting and of oneself; a binding term makes it work all the same.
CHAIR = Cues(
    (
        r"(?i)\bi(?:'ll| will|'m going to| am going to|'m gonna| can)(?: \w+ly| just| also| now"
        r"| then| quickly| first| go ahead and| actually)* (?:hand|pass|give|turn|throw)"
        r" (?:it |this |that |the floor |things |you )?(?:over |back |on )?(?:to|over)\b",
        "I'll hand it over to Nadia.",
    ),
    (
        r"(?i)\b(?:i|let me|we)(?:'ll| will|'m going to| am going to|'m gonna| can)?(?: \w+ly"
        r"| just| also| now| then| quickly| first| go ahead and)* (?:share|pull up|bring up|put up"
        r"|open|show|present|stop sharing|project)(?: you)? (?:my|the|this|our) (?:screen|slides?"
        r"|deck|window|chart|picture|agenda)\b",
        "I'll just pull up the slides.",
    ),
    (
        r"(?i)\bi(?:'ll| will|'m going to| am going to|'m gonna)(?: \w+ly| just| also| now| then"
        r"| quickly)* (?:start|begin|stop|pause|wrap|skip|recap|sum|summari[sz]e|mute|unmute"
        r"|shut up"
        r"|step out|drop off|leave|pass|admit|bet|grant|assume|guess|wait|listen|let you|let (?:\w+"
        r"|the) (?:speak|talk|explain|take over|go)|move us|take us|walk you|run you|run through"
        r"|go through|keep|be|see|think|try not|read|call (?:it|the meeting|on)|close the meeting"
        r"|open the (?:meeting|floor)|take (?:notes|questions|that)|grab|get (?:some|a|another|my)"
        r" (?:\w+ )?(?:coffee|tea|water|drink|lunch|sandwich|seat)|come back to (?:that|this"
        r"|it|you)"
        r"|park (?:that|this)|note (?:that|it) down|make (?:this|it) (?:quick|short))\b",
        "I'll wrap up here.",
    ),
    (
        r"(?i)\b(?:i(?:'ll| will))(?: just| then| now)* (?:order|have|eat|drink|cook|bake|buy|take"
        r"|bring|make) (?:the |a |some |my |us )?(?:\w+ )?(?:pasta|pizza|coffee|tea|sandwich|salad"
        r"|soup|nap|walk|umbrella|shower|break)\b",
        "I'll just take the soup.",
    ),
)

UNREAL = Cues(
    (
        r"(?i)^\W*(?:\w+ )?(?:if|unless|suppose|assuming|in case) [^.]*\b\w+(?:'ll| will|'d"
        r"| would)\b",
        "If we win, I will bake a cake.",
    ),
)

HEARSAY = Cues(
    (
        r"(?i)\b(?:apparently|supposedly|allegedly|rumou?r has it|i heard|i've heard|i hear that"
        r"|word is|according to)\b",
        "Apparently Ken will send a new contract.",
    ),
    (
        r"(?i)\b(?:say|says|said|claims?|claimed|told (?:me|us|him|her|them)|promised (?:me|us)"
        r"|thinks|mentioned|announced|wrote)(?: that)? (?:he|she|they|it|we|you|there|the \w+"
        r"|[a-z]+)(?:'ll| will| would|'d| is going to| are going to|'s going to|'re going to)\b",
        "She said they'll send it on Friday.",
    ),
    (
        r"\b(?i:the|our|their) (?:\w+ )?(?i:vendor|supplier|agency|landlord|contractor|bank|client"
        r"|customer|printer|caterer|manufacturer|courier|consultant|partner|city|government)s?"
        r"(?i:'ll| will| is going to| are going to| (?:has |have )?(?:agreed|promised) to)\b",
        "The agency will send the new files on Friday.",
    ),
)
