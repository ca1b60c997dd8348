"""English cues of promises, assignments and requests. `owner` is the group that names a person."""

from __future__ import annotations

import re

from core.engines.extractive.cues import Cues

# Verbs of work that can be handed out; a verb of talking or feeling is not here on purpose.
TASK_VERBS = """
add address adjust align analyse analyze announce answer apply arrange ask assemble assess assign
assist audit back-up backup bake book bring build buy calculate call cancel change chase check
circulate clarify clean clear collect compare compile complete configure confirm connect contact
convert cook coordinate correct cover create cut debug define deliver demo deploy design determine
develop discuss distribute do document double-check draft draw drop email ensure escalate estimate
evaluate examine execute expand explore extend extract fetch figure file fill finalise finalize
find finish fix follow forward gather generate get grab grant handle hire host identify implement
import improve include inform inspect install integrate interview introduce investigate invite
invoice issue join keep kick launch lead learn lend liaise line list log look loop mail maintain
make manage map measure meet mention merge migrate modify monitor move negotiate notify obtain
open order organise organize own paint pay phone pick ping plan post practise prepare present
print prioritise prioritize process procure produce propose prototype provide publish pull
purchase push put raise reach read reboot rebuild recheck record recruit redesign reduce refactor
register release remove renew rent repair replace reply report request rerun reschedule research
reserve reset resolve restart restore return review revise rewrite ring roll rotate run save
schedule scope secure sell send set setup share ship sign simplify sketch solve sort speak specify
start submit summarise summarize supply support switch sync tackle take talk test text track train
transfer translate try turn type update upgrade upload validate verify visit wash work wrap write
""".split()  # noqa: SIM905  (a table reads better than a list of strings)
WILL = (
    r"(?:'ll| will| shall|'s going to| is going to|'re going to| are going to"
    r"|'m going to| am going to|'s gonna|'re gonna|'m gonna| am gonna| is gonna"
    r"| are gonna)"
)
_SOON = (
    r"(?:also|then|just|now|definitely|certainly|gladly|happily|personally|probably"
    r"|first|quickly|please|go ahead and|go and|try to|try and|make sure to"
    r"|continue to|start to|help|help to|both|each|all)"
)
_TEAM = (
    r"(?:(?:[Tt]he |[Oo]ur )?(?:[\w-]+ ){1,2}(?:team|department|group|committee|crew)"
    r"|(?:[Tt]he )?(?:[Mm]arketing|[Ee]ngineering|[Ff]inance|[Ll]egal|HR|[Dd]esign"
    r"|[Oo]perations|QA|[Pp]rocurement"
    r"|[Ll]ogistics|[Aa]ccounting|[Rr]ecruiting|[Dd]evops|[Pp]roduction))"
)
TEAM = re.compile(_TEAM)
_NAME = r"[A-Z][\w'-]*(?:\.? [A-Z][\w'-]*){0,3}"
SLOTS = {
    "verb": r"(?:(?:re-?)?(?:"
    + "|".join(TASK_VERBS)
    + r")|take care|be (?:responsible|in charge))\b",
    "will": WILL,
    "soon*": rf"(?: {_SOON})*",
    "owner": rf"(?P<owner>{_TEAM}|\b{_NAME})",
}

# Words that begin with a capital letter, and do work in no meeting.
NOT_NAMES = frozenset(
    """
    monday tuesday wednesday thursday friday saturday sunday january february march april june
    july august september october november december today tomorrow yesterday tonight yes no ok
    okay alright great right good nice perfect cool please thanks maybe perhaps people everyone
    everybody someone somebody anyone anybody nobody users customers clients prices sales costs
    things others both all some many most these those there here what who when where why how which
    so and but or then also next first second third finally once after before until while if as
    because since however actually basically hopefully obviously clearly again now later well
    anyway moreover ai api ui ux it he she they we you i that this it's decision action item todo
    question item budget god question
    """.split()  # noqa: SIM905
)

PROMISED = Cues(
    (
        r"(?i)\bi(?:'ll| will| shall|'m going to| am going to|'m gonna| am gonna){soon*} {verb}",
        "I'll take care of the invoices.",
    ),
    (
        r"(?i)\bi (?:can|could) (?:also |definitely |probably )?(?:take|handle|cover|own"
        r"|do|draft|prepare|organi[sz]e|look into|set up|drive|pick up)"
        r" (?:that|this|it|the|those|these|care)\b",
        "I can take the onboarding part.",
    ),
    (
        r"(?i)\b(?:leave (?:it|that|this|them) (?:to|with) me|i'm on it|i've got this one"
        r"|count me in for|put me down for|i volunteer"
        r"|i take (?:that|this|it) (?:one|on)|that's on me|let me take (?:that|this|it|the"
        r"|care))\b",
        "Leave it with me.",
    ),
    (
        r"(?i)\blet me {verb}.*\b(?:and|then) (?:i'll )?(?:\w+ )?(?:get|come|report|circle"
        r"|write|be) back\b",
        "Let me check the numbers and come back to you.",
    ),
    (
        r"(?i)\bmy (?:action|task|next step|to-?do|job)(?: item)? (?:is|will be|here is) to\b",
        "My next step is to call the landlord.",
    ),
    (
        r"(?i)\bi(?:'ve| have)? (?:agreed|promised?|committed?|volunteered|offered) to {verb}",
        "I promised to send the keys.",
    ),
    slots=SLOTS,
)

# A promise with a verb that is no work by itself: it needs a term.
PROMISED_BY = Cues(
    (
        r"(?i)\bi(?:'ll| will|'m going to| am going to| have to| need to|'ve got to| must"
        r"| can|'m gonna){soon*} (?!be\b|have\b|not\b|never\b|like\b|see\b)\w+",
        "I need to deploy it by Monday.",
    ),
    slots=SLOTS,
)

IDLE_PROMISE = Cues(
    (
        r"(?i)\b(?:i|we|let me)(?:'ll| will|'m going to| am going to|'re going to"
        r"| are going to| shall|'m gonna| can| have to| need to)?(?: \w+ly| just| also"
        r"| now| then| quickly| first| go ahead and)*"
        r" (?:start (?:with|by|off|us|from|the (?:meeting|discussion|presentation))"
        r"|read (?:out|it out|that|this|you|the (?:first|next|question|motion))|show you"
        r"|share (?:my|the) screen|explain|tell|say|give (?:you|everyone|everybody"
        r"|a (?:quick|brief|short))"
        r"|ask (?:you|everyone|everybody|again|that|this|a question|one|another)\b"
        r"|move (?:on|to)|hand (?:it |this |over)?|turn (?:it |now |to|back|over)"
        r"|come (?:on )?to|keep (?:it|this|that|my|going)|be (?:quick|brief|honest|back"
        r"|there|here|happy)"
        r"|take (?:questions?|that (?:question|point|as|back)|your|a (?:note|look at|quick"
        r"|moment|break|sip|seat)|it (?:that|as|from|you)|this opportunity|you through"
        r"|us through|one (?:more|last|question))"
        r"|bring (?:in|it back|us|up|my)|call on|repeat|try (?:to )?(?:be|and be|explain"
        r"|answer|say|keep)|leave it|put (?:it|that|this) (?:this|another|like|that|in)"
        r"|talk (?:about|through|a|you|to that)|speak (?:about|to|as|for|up)"
        r"|get (?:to|on to|into|there|started|going|it|the feeling|that|used)|make (?:a"
        r"|one|two|another|this|the|my) (?:\w+ )?(?:point|comment|remark|observation|note)"
        r"|work (?:with|on) (?:that|what)|look (?:at (?:you|that|it)|forward)|meet (?:you"
        r"|again)|discuss (?:this|that|it) (?:now|in a)|address (?:that|this|your)"
        r"|answer (?:that|your|the first|this)|pick up on|follow up on (?:that|what|your)"
        r"|raise (?:a|one|that|the)|present (?:the|our|my|a|you)|introduce|join (?:you|in)"
        r"|include myself|run through|go (?:on|through|over|back|first|ahead)|turn\b)",
        "I'll start with the agenda.",
    ),
)

ASSIGNED = Cues(
    (
        r"{owner},?(?: and [A-Z]\w+)?(?i:{will}| is to| are to| (?:has |have )?(?:agreed"
        r"|offered|volunteered|promised|committed|decided) to"
        r"| is supposed to| plans to| was asked to| is (?:assigned"
        r"|scheduled) to){soon*} (?i:{verb})",
        "So David will write the release notes.",
    ),
    (
        r"{owner}(?i:(?:'s| is| are| will be)(?: now| also)? (?:responsible for"
        r"|in charge of|taking care of|handling|taking over|leading|the owner of"
        r"|on the hook for|working on)| takes care of| takes over| owns)\b",
        "Mei is in charge of the booth.",
    ),
    (
        r"(?i:\b(?:assign(?:ed)?(?: it| this| that| them| the \w+)? to|action (?:item "
        r"|point )?(?:for|on)|a task for|goes to|leave (?:it|that|this) (?:to|with)"
        r"|i've asked|i asked|i'll ask|let's have|we'll have|we'll get|owner:?)) {owner}",
        "Action item for Omar: renew the domain.",
    ),
    (
        r"^\W*(?i:(?:action|todo|to-do|task)(?: item)?)\s*:\s*{owner}",
        "Action: Omar renews the domain.",
    ),
    slots=SLOTS,
)

# An obligation: it needs a term, or someone who speaks in this meeting.
OBLIGED = Cues(
    (r"^\W*{owner} to (?i:{verb})", "Anna to send the draft by Monday."),
    (
        r"{owner}(?i: (?:should|must|has to|have to|needs? to)(?: also| then| please"
        r"| probably)? {verb})",
        "Priya should call the bank.",
    ),
    slots=SLOTS,
)

# Any verb, but only for someone who speaks in this meeting, and with a term.
ASSIGNED_BY = Cues(
    (
        r"{owner}(?i:{will}){soon*} (?i:(?!be\b|have\b|not\b|never\b)\w+)",
        "Chen will babysit the servers on Sunday.",
    ),
    slots=SLOTS,
)

REQUESTED = Cues(
    (
        r"(?:^|[.?!] ){owner},? (?i:please (?!don't|do not|note|be )\w+)",
        "Jo, please iron the banner.",
    ),
    (
        r"{owner},? (?:and [A-Z]\w+,? )?(?i:(?:can|could|would|will) (?:you"
        r"|we get you to)(?: please| maybe| also| then| both| just)* {verb})",
        "Sarah, can you send the slides by Friday?",
    ),
    (
        r"{owner}, (?i:(?:please|i need you to|i'd like you to|you(?:'ll| will| should"
        r"| need to| have to)|you take|go ahead and)(?: also| then)* {verb})",
        "Tom, please book the room.",
    ),
    (
        r"(?i:\b(?:can|could|would|will) you (?:please |maybe |also )*{verb}[^?.]*),? {owner}\?$",
        "Could you update the wiki, Lena?",
    ),
    (r"(?i:\bplease {verb}[^?.]*), {owner}[.!]?$", "Please update the wiki, Lena."),
    slots=SLOTS,
)

# A request to nobody by name: it needs a term.
ASKED = Cues(
    (
        r"(?i)\b(?:can|could|would|will) (?:you|someone|somebody|anyone"
        r"|one of you)(?: please| maybe| also| then)* {verb}",
        "Can someone check it by noon?",
    ),
    slots=SLOTS,
)

PLEASE = Cues(
    (
        r"(?i)^\W*(?:(?:so|ok(?:ay)?|and|then|also|all|everyone|everybody|well"
        r"|guys)\b\W*)*please(?: also| all| then| make sure (?:to|that you|you))* {verb}",
        "Please save your receipts.",
    ),
    (
        r"(?i)^\W*(?:everyone|everybody|all of you|each of you) (?:should|needs? to|must"
        r"|has to) {verb}",
        "Everyone needs to submit the form.",
    ),
    (
        r"(?i)\b(?:someone|somebody) (?:needs|has|should|must|will)(?: to)? {verb}",
        "Someone needs to order chairs.",
    ),
    (
        r"(?i)^\W*(?:action(?: item)?|to-?do|next steps?)(?: is|:) (?:to )?\w",
        "Next step is to test the pump.",
    ),
    slots=SLOTS,
)

IDLE_REQUEST = Cues(
    (
        r"(?i)\b(?:give (?:us|me) (?:a|an|the|your)(?: \w+)? (?:update|overview|summary"
        r"|idea|sense|example|minute)|tell (?:us|me)|talk (?:us|me|about|through|a)|speak"
        r"|start|go ahead|repeat|explain|hear|say|read (?:it|that|this|out)|introduce"
        r"|take (?:a (?:seat|look|moment|break)|us|me|it from)|present (?:it|that|your|the"
        r"|this)|show (?:us|me)|move (?:on|to|closer)|pass (?:me|the|it)|put (?:your hand"
        r"|it on|the slide|that)|turn (?:on|off|to|it)|clarify|answer|join (?:us|me)"
        r"|follow (?:me|along)|look (?:at|here)|keep (?:it|quiet|your)|meet (?:\w+)$"
        r"|run (?:us|me|through)|bring (?:us|up|it up)|describe|turn your|be quiet"
        r"|try (?:again|to speak))\b",
        "Sarah, can you give us an update?",
    ),
)

PLANNED = Cues(
    (
        r"(?i)\b(?:we|they|he|she|it)(?:{will}| have to| has to| need to| needs to| must"
        r"| should){soon*} (?:come back|{verb})",
        "We will come back to this in two weeks.",
    ),
    slots=SLOTS,
)

HYPOTHETICAL = Cues(
    (
        r"(?i)\b(?:if|unless|whether|in case|suppose|assuming|would|might|maybe i'll"
        r"|had)\b(?:\s[\w']+){0,4}?(?:{will}| has to| needs to| to)\b",
        "If Anna will send it, fine.",
    ),
    (
        r"(?i)\b(?:i|we|they|he|she|\w+)(?:'m| am|'re| are|'s| is)? not (?:going to|sure)"
        r"|\b(?:won't|will not|can't|cannot|don't think|doubt|will never|never)\b",
        "I won't send it.",
    ),
    (
        r"(?i)\b(?:(?:said|thought|hoped|told (?:me|us)) (?:that )?(?:i|he|she"
        r"|they) (?:would|will))\b",
        "He said he would fix it.",
    ),
    slots=SLOTS,
)
