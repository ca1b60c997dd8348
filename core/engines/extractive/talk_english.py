"""English cues of questions, courtesy and the conduct of a meeting.

Each row: a pattern, and a sentence in which it must be found.
"""

from __future__ import annotations

from core.engines.extractive.cues import Cues

COURTESY_QUESTION = Cues(
    (
        r"(?i)\b(?:any|are there|is there)\b.{0,12}?\b(?:other|more|further|last"
        r"|final)?\s?(?:business|questions?|comments?|objections?|remarks?"
        r"|thoughts on that|feedback|concerns|items|points)\b(?!.* (?:about|on|from"
        r"|regarding|with) )",
        "Is there any other business?",
    ),
    (
        r"(?i)\banything else\b|\banyone else\b|\bwhat else\b\W*$|\banybody else\b",
        "Anything else?",
    ),
    (
        r"(?i)\b(?:does|do|did|has|is|would) any(?:one|body)\b.{0,20}\b(?:object"
        r"|objections?|questions?|disagree|against|opposed|comments?|add|else"
        r"|like to (?:start|say|add|comment))",
        "Does anyone object to the new date?",
    ),
    (
        r"(?i)\b(?:can|could) (?:you|everyone|everybody|people|we|y'all)(?: all"
        r"| guys)? (?:still )?(?:hear|see) (?:me|us|my|the screen|it|this)",
        "Can everyone hear me?",
    ),
    (
        r"(?i)\bhow(?:'s| is| are) (?:you|everyone|everybody|things|it going|we doing)\b"
        r"|\bhow do you do\b",
        "How are you all?",
    ),
    (
        r"(?i)\b(?:shall|should|can|could|may) (?:we|i) (?:just |all |then "
        r"|please )*(?:start|begin|move on|continue|go on|wrap|proceed|take a break|close"
        r"|get started|ask|say|add|come in|jump in|interrupt|share my|finish)\b",
        "Shall we move on?",
    ),
    (
        r"(?i)\b(?:are (?:we|you)|is (?:everyone|everybody))(?: all| guys)? (?:ready|here"
        r"|good|done|set|finished|back|okay|ok|there|happy|with me)\b",
        "Is everyone here?",
    ),
    (
        r"(?i)\b(?:is|was) (?:that|this|it) (?:ok|okay|all right|alright|right|correct|it"
        r"|all|clear|fair|fine|good|so|true)\b(?: (?:with|for) \w+)?\W*$",
        "Is that okay with everyone?",
    ),
    (
        r"(?i)\bmakes? sense\b|\bknow what i mean\b|\byou see\b\W*$"
        r"|\bdon't you think\b\W*$",
        "Does that make sense?",
    ),
    (
        r"(?i)\b(?:sorry|pardon|excuse me|repeat that|say that again|come again)\b",
        "Sorry, can you repeat that?",
    ),
    (
        r"(?i)^\W*(?:what do you think|who's next|who is next|who wants to (?:start|go)"
        r"|really|seriously|guess what)\b[^,]{0,12}$",
        "Who's next?",
    ),
    (
        r"(?i)^\W*(?:can|could|would|will) (?:you|we"
        r"|\w+) (?:please )?(?:just )?(?:go ahead|start|begin|introduce|wait|hold on|mute"
        r"|unmute|close the door)\b",
        "Could you please mute?",
    ),
)

QUESTION = Cues(
    (
        r"(?i)^(?:(?:so|and|but|ok(?:ay)?|well|now|then)\b\W*)*(?:what|why|who|when|where"
        r"|how|which|whose)(?:'s|'re| is| are| was| were| do| does| did| can| could| will"
        r"| would| should| has| have| many| much| long| often| far| about)\b.*[^.!…]$",
        "so how many testers do we have",
    ),
    (
        r"(?i)^(?:(?:so|and|but|ok(?:ay)?|well|now|then)\b\W*)*(?:do|does|did|is|are|was"
        r"|were|can|could|will|would|should|has|have) (?:we|you|they|he|she|it|the|this"
        r"|that|there|our|your|anyone)\b.*[^.!…]$",
        "do we have a contract with them",
    ),
    (
        r"(?i)\b(?:i|we) (?:have|had|'ve got|got) (?:a|one|another|some"
        r"|two) (?:\w+ )?questions? (?:about|on|regarding|for|concerning)\b",
        "I have a question about the lease.",
    ),
    (
        r"(?i)\b(?:i|we)(?:'m| am|'re| are|'d| would|)\b (?:just )?(?:wonder(?:ing)?"
        r"|like to know|curious)(?: about)? (?:whether|if|how|why|what|when|who|where"
        r"|which)\b",
        "I'd like to know whether the lift is safe.",
    ),
)

TRANSITION = Cues(
    (
        r"(?i)\b(?:let's|let us|we(?:'ll| can| should)?|i(?:'d like to|'ll| will"
        r"| want to)?)(?: now| then| just)* (?:move|moving|go|turn|come|get|jump"
        r"|switch)(?: back)?(?: on| over| onto)? (?:on )?to\b",
        "Let us move on to the budget.",
    ),
    (
        r"(?i)\b(?:next|first|second|third|fourth|fifth|last|final|another|following"
        r"|new) (?:item|topic|point|agenda item|subject|order of business"
        r"|question on the agenda)\b",
        "The next item is parking.",
    ),
    (
        r"(?i)\b(?:moving|turning|coming|switching)(?: on| over)? to\b|\bas (?:for"
        r"|regards) the\b|\bon to the (?:next|second|third|last)\b",
        "Moving on to hiring.",
    ),
    (
        r"(?i)^\W*(?:ok(?:ay)?|al(?:l ?)?right|right|now|so|next|finally|lastly|first"
        r"|firstly|second(?:ly)?|third(?:ly)?),? (?:up|then|is|we have|about|on)? ?(?:the"
        r"|our)\b",
        "Next, the hiring plan.",
    ),
    (
        r"(?i)\b(?:let's|let us) (?:talk|discuss|look at|start with|begin with)\b"
        r"|\bon the agenda\b",
        "Let's talk about the venue.",
    ),
)

CONDUCT = Cues(
    (
        r"(?i)\b(?:welcome|good (?:morning|afternoon|evening)|thank(?:s| you)|see you"
        r"|have a (?:good|nice|great)|bye|on the agenda|items on|short break|call (?:the"
        r"|this) meeting)\b",
        "Today we have three items on the agenda.",
    ),
)

# What turns a statement into a question for show: "…, okay?"
TAGS = frozenset(("ok", "okay", "right", "yes", "yeah", "agreed", "alright", "no"))
