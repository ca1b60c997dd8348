"""English cues of decisions.

Each row: a pattern, and a sentence in which it must be found.
"""

from __future__ import annotations

from core.engines.extractive.assignments_english import WILL
from core.engines.extractive.cues import Cues

SLOTS = {
    "will": WILL,
    "we": (
        r"(?:we|the (?:\w+ )?(?:board|team|committee|group|council|panel)|everyone"
        r"|everybody|all of us|management|i)"
    ),
    "decided": (
        r"(?:decided|agreed|resolved|voted|chosen|opted|settled|concluded|elected"
        r"|picked)"
    ),
}

DECISION = Cues(
    (
        r"(?i)\b(?:that's|this is|it's|and that is) (?:final|the final (?:call|word))\b",
        "We open in May, that's final.",
    ),
    (
        r"(?i)\b{we}(?:'ve| have| had| has)?(?: \w+ly| all| just| now"
        r"| both)* {decided} (?:to|on|upon|that|for|not|against|in favou?r|we|it|a|the"
        r"|this|option|plan)\b",
        "We have finally decided to close the old shop.",
    ),
    (
        r"(?i)\b(?:it|that|this)(?:'s| is| was| has been|'s been) (?:\w+ly |now "
        r"|all )?(?:decided|agreed|resolved|settled|approved|confirmed then)\b",
        "It was agreed that the fee stays.",
    ),
    (
        r"(?i)\b(?:is|are|was|were|been|got|gets|stands?) (?:\w+ly |hereby "
        r"|now )?(?:approved|adopted|carried|signed off|greenlit|ratified|finali[sz]ed)\b",
        "The budget is approved.",
    ),
    (
        r"(?i)\b(?:i|we|they|the \w+) (?:hereby |have |has |just )*(?:approved?|adopted"
        r"|ratified|signed off(?: on)?|green-?lit|give the green light)\b",
        "The board approved the merger.",
    ),
    (
        r"(?i)\b(?:our|the|my|a|final|that's the|that's our) (?:final |joint "
        r"|unanimous )?(?:decision|verdict|resolution|consensus|agreement"
        r"|conclusion) (?:here |then |now )?(?:is|was|stands)\b",
        "The final decision is to keep both suppliers.",
    ),
    (
        r"(?i)\bmotion (?:is |was |has been )?(?:carrie[sd]|passe[sd]|agreed|approved"
        r"|accepted|adopted)",
        "The motion carries.",
    ),
    (
        r"(?i)\bwe(?:{will}|'ll all| can all|'ve decided to|'re| are)?(?: now| just| all"
        r"| then)* (?:going|go) (?:with|ahead with|for (?:the|a|option|plan))\b",
        "We're going with the smaller vendor.",
    ),
    (
        r"(?i)\b(?:let's|let us) (?:just |all |then |please |simply )*(?:go (?:with"
        r"|ahead with|for)|stick (?:with|to)|settle (?:on|for)|keep (?!going|in mind"
        r"|it (?:short|brief)|moving|an eye)|drop|ship|launch|release|postpone|delay"
        r"|cancel|move (?:it|the|that|our) |make it (?:the |a |on )?\w+day|do (?:it|that"
        r"|this|option|plan)\b|call it|freeze|park|shelve|scrap|pick|choose|use|adopt"
        r"|leave it (?:as|out|at \w+day))",
        "Okay, let's go with option B.",
    ),
    (
        r"(?i)^(?:\W*\b(?:ok(?:ay)?|al(?:l ?)?right|right|so|good|great|fine|yes|yeah|then"
        r"|well|and)\b)*\W*(?:ship|launch|release|deploy|merge|cancel|drop|kill|scrap"
        r"|postpone|freeze|approve) (?:it|that|this|them|the \w+)\b",
        "Alright, ship it on the 3rd.",
    ),
    (
        r"(?i)\bno(?:body)? (?:one )?(?:\w+ )?(?:objections?|objects|objected"
        r"|opposed)\b\W+(?:then |and )?so\b",
        "No objections, so the fair moves to May.",
    ),
    (
        r"(?i)\b(?:is|are|has been|have been|gets|will be) (?:hereby |now "
        r"|therefore )?(?:postponed|rescheduled|moved|pushed(?: back)?|deferred"
        r"|brought forward|put off) (?:to|until|till|by)\b",
        "The audit has been postponed to March.",
    ),
    (
        r"(?i)\bwe(?:'re| are)(?: now| just| therefore| definitely| officially"
        r"| no longer)* (?:dropping|postponing|delaying|cancell?ing|switching (?:to|from"
        r"|over)|sticking (?:with|to)|scrapping|adopting|shelving|discontinuing"
        r"|moving (?:ahead|forward) with|settling (?:on|for)|choosing|picking|keeping the)",
        "We're sticking with the old logo.",
    ),
    (
        r"(?i)\b(?:that|it|this)'?s? (?:is )?settled\b|\bdecision made\b|\b(?:it's"
        r"|that's) a (?:deal|go)\b|\bgo decision\b",
        "So that's settled, the pilot runs in Busan.",
    ),
    (
        r"(?i)\bwe(?:'ve| have)? (?:landed|agreed|settled) on\b|\bwe (?:all )?agree (?:to"
        r"|on|that we)\b|\bwe(?:'re| are) (?:all )?agreed\b|\bwe(?:'re"
        r"| are) in agreement\b",
        "I think we've landed on Friday releases.",
    ),
    (
        r"(?i)^\W*(?:(?:ok(?:ay)?|so|then|right|good|great)\b\W*)*(?:let's|let us|we)"
        r" (?:decide|agree)(?: then| now| on this)?\s*[:,]\s*\w",
        "Then let's decide: the fair moves to June.",
    ),
    (r"(?i)^\W*(?:decision|decided|agreed|resolved)\s*:\s*\w", "Decision: refund everyone."),
    (
        r"(?i)\bso,? (?:the|our) [\w ]{3,40} (?:(?:moves|shifts|stays|changes) (?:to"
        r"|at|on|with)|goes live|goes out|ships|launches|opens|starts) \w+",
        "So the kickoff moves to Tuesday.",
    ),
    slots=SLOTS,
)

# A match of these anywhere in the sentence, and it decides nothing.
UNDECIDED = Cues(
    (
        r"(?i)^\W*(?:\w+ ){0,2}?(?:have|had|did|has|are|were) (?:we|you|they|it|the \w+)\b",
        "Well have we decided on the screen",
    ),
    (
        r"(?i)(?:\bnot|n't|\bnever|\byet to|\bunable to|\bnobody|\bno one|\bnothing"
        r"|\bnone of us|\bneither|\bwithout(?: having)?|\bhardly"
        r"|\bfailed to)\s(?:[\w']+ ){0,4}?(?:been |be )?(?:decided?|agreed?|resolved?"
        r"|voted?|chosen|approved?|settled?|adopted|finali[sz]ed?|concluded|signed off"
        r"|going (?:with|for|ahead)|go (?:with|for|ahead))\b",
        "We have not yet decided on a name.",
    ),
    (
        r"(?i)\bno (?:final |firm |clear )?(?:decision|agreement|consensus|conclusion"
        r"|resolution)\b",
        "There was no decision.",
    ),
    (
        r"(?i)\b(?:if|unless|whether|until|once|before|after|in case|suppose|supposing"
        r"|assuming|provided|had|when|as soon as)\s(?:[\w']+ ){0,3}?(?:we|it|they|the \w+"
        r"|i|that|this|everyone)\b(?:'ve|'re|'ll)?(?: [\w']+){0,3}? ?(?:decide|agree"
        r"|resolve|vote|choose|chose|approve|settle|adopt|go with|going with|go for"
        r"|sign(?:ed)? off|finali[sz]e|postpone|cancel|drop)",
        "If we decided to leave, it would cost a lot.",
    ),
    (
        r"(?i)\b(?:i|we|let me|i'd like to|i would(?: like to)?|like to)(?:'d| would"
        r"| do)? (?:\w+ly )?(?:propose|suggest|recommend|move that|nominate|advise)\b"
        r"|\bmy (?:proposal|suggestion|recommendation) (?:is|would)",
        "I propose that we move the date.",
    ),
    (
        r"(?i)\b(?:maybe|perhaps|possibly|what if|how about|what about|should we|shall we"
        r"|could we|can we|might|wonder(?:ing)?|would be nice|would have|could have"
        r"|should have|wish)\b",
        "Maybe let's go with the blue one.",
    ),
    (
        r"(?i)\b(?:need|needs|have|has|had|want|wants|ought|going|trying|try|still"
        r"|remains?|left|time|able) to (?:be )?(?:decide|agree|choose|settle|vote|approve"
        r"|resolve)",
        "We need to decide on the venue.",
    ),
    (
        r"(?i)\b(?:could|would|should|might|may|'d) (?:all |just |also "
        r"|then )?(?:be )?(?:go(?:ing)? (?:with|for|ahead)|decide|agree|approve)",
        "We could go with the second one.",
    ),
    (
        r"(?i)\b(?:can(?:no|')t|cannot|could ?n't|won't|will not|do not think|don't think"
        r"|not sure|too early to)\b[^,;]*\b(?:approve|decide|agree|go with|accept"
        r"|sign off)",
        "I do not think that we can approve this today.",
    ),
    (
        r"(?i)\b(?:let's|let us) (?:do it|do that|do this) (?:later|another|next|after"
        r"|again|offline)",
        "Let's do that later.",
    ),
    (
        r"(?i)\b(?:let's|let us) use (?:the|this|our) (?:time|opportunity|remaining)"
        r"|\blet's call it a day\b|\blet's drop (?:in|by)|\bgo for (?:lunch|coffee"
        r"|a (?:break|coffee|walk|drink))",
        "Let's use the time we have left.",
    ),
)

PROPOSAL = Cues(
    (
        r"(?i)\b(?:propose|suggest|recommend|how about|what about|what if we|why don't we"
        r"|shall we|should we|could we|can we|we could|we should|let's|let us"
        r"|my (?:proposal|suggestion) is|i'd like to|i move that)\b",
        "Why don't we meet every second week?",
    ),
)

# A whole short sentence that takes up what was proposed just before.
ASSENT = Cues(
    (
        r"(?i)^\W*(?:(?:ok(?:ay)?|al(?:l ?)?right|yes|yeah|yep|good|great|fine|perfect"
        r"|right|so|then|well|sure)\b\W*)*(?:agreed|it's agreed|we(?:'re"
        r"| are) (?:all )?agreed|approved|let's do (?:it|that|this)|let's go with (?:that"
        r"|it|this)|we'll (?:do|go with) (?:that|it|this)|(?:it's a )?deal|so (?:decided"
        r"|agreed|be it)|no objections?|done)(?: then| everyone| everybody)?\W*$",
        "Okay, let's do that then.",
    ),
)
