"""Who, when and whether: negation, other people, what-ifs and the past around a phrase (after ConText)."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from functools import cached_property

from bot.understanding.proxies import names_of
from bot.understanding.written_for import written_for_another

#: Words after which an earlier "no" no longer speaks for what follows.
_BREAK = re.compile(
    r"[;!?()]|\.(?!\d)|:(?! ?(?:no|none|nil)\b)|\b(?:but|however|though|although|tho|except|apart from|"
    r"other than|"
    r"until|till|whereas|yet|because|cos|coz|cause|due to|instead|actually|(?<!not )just|(?<!not )only|"
    r"still|now|and (?:also |then |yes )?(?:(?=(?:left|right|both|1|one) (?:legs?|foot|feet)\b)|i|im|ive|id|my|the|"
    r"its|it|"
    r"theres|there|have|has|had|got|am|was|"
    r"a|some|numb|cant|cannot|weak|lost|feel|feels|feeling|getting|is|are|wet|leak\w*))\b"
)

#: Characters around a phrase that can still speak about it; keeps the work on a long message linear.
FURTHEST = 240
#: Characters that show the word at which a clause ends: "now" says that it is not over.
_A_BREAK = 4
_SENTENCE_ENDS = (". ", ";", "!", "?")

_NOT_AFTER_NO = (
    r"(?! ?[,:;.!?]|$| (?:i|im|ive|id|my|the|its|it|theres|they|he|she|we|you|just|but|only|actually|wait|"
    r"sorry|"
    r"yes|yeah|longer feel|idea|clue|doubt|matter|way|choice|relief|rest|better|worse|improvement|sleep|help|"
    r"position|joke|(?:feelings?|sensation|control|strength|power)(?! (?:of )?(?:numb\w*|weak\w*|tingl\w*))|"
    r"one (?:knows|listens|believes|can)|wonder|thanks|thank)\b)"
)
_NEGATION = re.compile(
    rf"(?P<list>\bno\b{_NOT_AFTER_NO}|\bnothing (?:wrong|unusual|new|odd|strange|abnormal|bad)(?: with|"
    rf" about| in)?\b|"
    rf"\bnothing (?:has |have |is |feels |gone |been |at all )?(?=chang|differ|numb|weak|ting(?:l|ly)|dead\b|"
    rf"leak|swollen)|"
    rf"\bnever(?= not\b)|"
    rf"\bno longer\b|\bno more\b|\bnor\b|\bneither\b|"
    rf"\bwithout\b(?! (?:any |me |my )?(?:control|warning|know\w*|notic\w*|realis\w*))|\bnone of\b|"
    rf"\bzero\b|"
    r"\bdeny(?:ing)?\b|\bdenie[sd]\b|\bfree of\b|\bfree from\b|\bnegative for\b|\bnever (?:\w+ )?(?:had|have|"
    r"been|"
    r"suffered|got|felt|noticed|taken|broken|used|took|smoked)\b|\bnever\b|\bno signs? of\b|\bnothing like\b|"
    r"\b(?:do|does|did|have|has|had|am|is|are|was|were)(?: not|nt)(?: got| had| have| been| feel| felt|"
    r" feeling| get|"
    r" getting| notice| noticed| noticing| suffer\w*| experienc\w*| take| taking| taken| use| using| any|"
    r" a)*\b"
    r"(?! (?:know|sure|think of|only|just|because|matter|let (?:me|us)))|\baint(?: got)?\b|\bim not\b(?! (?:sure|"
    r"only|just))"
    r"|\b(?:nobody|no one)(?: i know| here| at home| in (?:my|the|our) family)?(?: has| ever| had| "
    r"have)+\b|\bive not\b|\bhavent\b|\bhasnt\b|\bi have no\b|\bi got no\b)"
    r"|(?P<word>\bnot\b(?! (?:sure|only|just|really sure|as |because|certain|that (?:long|i|my|it)|until))|"
    r"\brather than\b|"
    r"\bcant say\b|\bdont think\b|\bdoesnt seem\b|\bruled out\b|\bclear of\b|\bwont\b|\bwouldnt\b)"
)
#: A phrase that begins with the "not" of a denial says it itself: "im not" before "not safe at home".
_SAYS_NOT = re.compile(r"\b(?:not?|never|nothing|without|cant|dont|havent|\w+nt)\b")
#: "I haven't got no numbness" says no once, not twice; "not without" says yes.
_UNDOES = re.compile(
    r"\b(?:not|never|(?:cant|cannot|couldnt)(?: \w+){1,8}?) without\b|\bno (?=to (?:\w+ )?(?:blood thinners?|"
    r"\w+ (?:tablets|medicines?)))|"
    r"\bcant deny\b|\bnot (?:to|that i) deny\b"
)
_AFTER = re.compile(
    r" ?(?:[:=?\-]+ ?|is |was |are |has been |have been |all |been |: )*(?:definitely |also |both |pretty |"
    r"all |"
    r"completely |totally |absolutely )?"
    r"(?:no(?! (?:better|change|idea))|none|nil|nope|negative|absent|normal|fine|ok|okay|good|alright|"
    r"all right|"
    r"unaffected|no problems?|ruled out|perfect|as usual|as normal|clear)"
    r"(?= ?(?:[,.;!]|$)| (?:and|thanks|thank|or|too|also|as well|so far|at all|for me|touch wood|though|but|"
    r"no)\b)"
)
#: The sign was asked about, and the patient tells what they answered.
_SAID_NO = re.compile(
    r"[?.,;]{0,2} ?(?:and |but |so )?i (?:(?:told|said|answered)(?: \w+){0,2}? (?:no|nope|nah|never|none)\b|"
    r"(?:havent(?: got| had)?|dont have|have not(?: got| had)?) (?:any|it|that|them)(?= ?(?:$|[.,;!])))"
)
#: "Both legs? No, none": the question said back, and denied.
_ECHOED = re.compile(
    r"(?: \w+){0,2} ?\?+ ?(?:no|nope|nah|none|never|not me)\b(?! (?:idea|clue|one knows|more))"
)
#: "Can't feel my legs!! jk ran 20k on Saturday."
_JOKED = re.compile(
    r"[ !.,?]{0,5}(?:haha\w* |lol )?(?:jk|j/k|just kidding|only kidding|just joking|only joking)\b"
)
_IN_EARNEST = re.compile(
    r"\b(?:really|seriously|serious|not joking|no joke|but (?:yes|yeah)|they are|it is)\b"
)
_VERB_START = re.compile(
    r" ?(?:and )?(?:(?:today|yesterday|tonight|last (?:night|week)|this (?:morning|week|afternoon|evening)|"
    r"(?:on )?(?:mon|tues|wednes|thurs|fri|satur|sun)day) ){0,2}"
    r"(?!tingling|swelling|bleeding|sweating|burning|itching|feeling)"
    r"(?:\w+ing|cant|cannot|couldnt|lost|leaked|wet|have|has|had|am|is|was|feel|feels|felt|went|gone|keep|"
    r"keeps|got|"
    r"(?:blacked|passed) out (?:at|on|in|while|when|yesterday|last|today|once|twice)|"
    r"need|i|im|ive|my|it|its|the|just|low dose|baby aspirin|"
    r"numb|weak|yes|yeah|take|takes|on (?!my\b|the\b)|smoke|work|works|live|drink|"
    r"retired|weigh)\b"
)
#: "Not weak, it just won't lift."
_IT_JUST = re.compile(r"it (?:just|only|simply) ")
_OR = re.compile(r"\b(?:or|nor|any|etc)\b")
#: "Not good for painkillers I had an ulcer": nobody wrote the full stop.
_TELLS_ANEW = re.compile(
    r"\w+ \w+ (?<!that )(?<!like )(?<!if )(?<!when )(?<!think )(?<!what )(?<!as )(?<!since )(?<!because )"
    r"(?:i|ive) (?:had|have|got|was)\b"
)

#: "No work, both my legs are giving way", "I don't feel anything and my left leg is numb": told anew.
_LEGS_THAT = re.compile(
    r"(?:both|my|the|left|right)(?: \w+){0,3}? ?(?:legs?|feet|foot|knees?)\b(?: \w+)? "
    r"(?:are|is|have|has|keeps?|cant|cannot|wont|dont|went|gone|giv\w*|feels?|fold\w*|buckl\w*)\b"
)

_OTHERS = (
    r"(?:mum|mom|mam|mummy|mother|dad|father|nan|nanna|gran|granny|grandma|grandad|grandfather|grandmother|"
    r"sister|"
    r"brother|sis|bro|wife|husband|hubby|partner|girlfriend|boyfriend|uncle|aunt|auntie|aunty|cousin|friend|"
    r"mate|grandson|granddaughter|grandchild|grandkid|"
    r"neighbou?r|son|daughter|baby|kid|child|colleague|boss|niece|nephew|in law|parents?|grandparents?|dog|"
    r"cat|"
    r"someone|somebody|person|patient|people|bloke|lad|lass|chap|fella|pal|buddy|"
    r"lady|man|woman|guy|family|relatives?|toddler|ammi|amma|abba|abbu)"
)
_OTHER = re.compile(
    rf"\b(?!with child\b|a baby aspirin|the baby aspirin)(?:my|our|his|her|the|a|an|your|with|of|both my|"
    rf"this)(?: \w+)? {_OTHERS}(?:s)?\b"
    r"(?: (?:that |who )?(?:i|we) (?:work|worked|know|knew|play|played|train|trained|live|lived|went|go|met|"
    r"used to \w+)"
    r"(?: (?:with|to \w+ with|to|at \w+|at the \w+))?(?= ))?"
    r"(?! (?:says?|said|thinks?|reckons?|noticed|notices|told|tells|wants|made|drove|asked|found|rang|called|"
    r"is "
    r"worried|(?:has|had) to (?:help|lift|drive|dress|pull|carry)|helps|helped|got me|can see))"
    rf"|\b{_OTHERS}s? (?:next door|upstairs|downstairs|across the road|over the road|"
    r"at (?:work|church|the pub|bowls))\b"
    r"|\b(?:seen|saw|see|treat|treated|nursed?|look(?:ed)? after) (?:lots of |loads of |so many |many |some |enough )?"
    r"(?:people|patients|folks?)\b"
    rf"|^{_OTHERS}s?\b(?= (?:had|has|died|got|was|is|takes|suffers)\b)|\b(?:he|she)\b|\b(?:mum|mom|dad|nan|gran|mother|"
    rf"father)s?\b"
    r"(?! (?:(?:of|to) (?:\d|twins|a \w+ (?:year|month)|young|boys|girls)|"
    r"says?|said|thinks?|noticed|told|wants|is worried|helps))"
)
#: "Did my back turning a patient", "no feeling there with my husband": somebody is lifted or slept with, and what
#: follows is told of the patient.
_HANDLED = re.compile(
    r"\b(?:turn|lift|mov|roll|transferr|hoist|handl|push|carry|boost|catch|reposition)(?:ing|ed) (?:a|an|the|"
    r"my) (?:\w+ )?"
    r"(?:patient|person|client|resident)s?$|"
    r"\b(?:feel\w*|sex|bed|intimate|intimacy|intercourse|there|nothing|love|sleep\w*|be|try|"
    r"tried)(?: \w+){0,3}? with (?:my |the )?"
    r"(?:husband|wife|partner|boyfriend|girlfriend|missus|hubby|man|woman)$"
)
_OTHER_AFTER = re.compile(
    rf"[^.;!?]{{0,30}}?\b(?:runs? in (?:the|my|our) family|in (?:the|my|our) family|(?:in|with|for|"
    rf"like) my {_OTHERS}|"
    rf"(?:that|which) (?:was|is) my {_OTHERS})\b"
)
_SELF = re.compile(r"\b(?:i|im|ive|id|me|my|mine|myself|we|weve|us)\b(?! (?:late )?" + _OTHERS + r"\b)")

_THEIRS = re.compile(r"\b(?:he|she|hes|shes|his|her)\b")
_RIGHT_NOW = re.compile(
    r"\bsince (?:mon|tue|wed|thu|fri|sat|sun|yesterday|today|last|this|(?:he|she) (?:woke|fell|lifted|bent)|"
    r"(?:his|her|the) (?:backs?|spine|disc|fall)\b)|"
    r"\b(?:last night|yesterday|today|this (?:morning|week|evening)|all (?:day|week)|\d+ days|now)\b"
)
_MY_SOMEBODY = re.compile(rf"\bmy (?:\w+ )?{_OTHERS}\b")
_NO_PATIENT = re.compile(r"\b(?:dog|cat|puppy|kitten|horse|baby|toddler|newborn|born|died|dead|years? ago)\b")

_IF_VERBS = (
    r"(?:lose|lost|losing|get|got|getting|had|develop|start|started|starting|become|became|notice|noticed|"
    r"ever|were|"
    r"was to|go|wet|happen\w*|see)"
)
_DREADED = r"(?:losing|getting|having|becoming|ending up|being|going|wetting|developing)"
_WHAT_IF = re.compile(
    rf"\b(?:if (?:my|the|both) \w+ (?:\w+ ){{1,4}}?(?:who|what|where|when) (?:would|should|do|could|will) i|"
    rf"if (?:i|my|it|you|we|they|the|someone|there|one)(?: ever| suddenly| then)? {_IF_VERBS}|what if|"
    rf"in case|"
    r"what (?:would|will|could|can|should|do|might) (?:happen|i do|be|it mean)(?: \w+){0,2}? if|"
    rf"(?:worr\w+|scared|afraid|frightened|terrified|anxious|nervous|paranoid|fear|panic\w*|"
    rf"dread\w*)(?: about| of)? "
    rf"{_DREADED}|(?:worried|scared|afraid|frightened|terrified|anxious) (?:that )?(?:i|it|ill) (?:will|"
    rf"might|could|"
    r"may|would)|(?:will|would|could|can|might|should|does|do) (?:i|it|this|that|you|they)(?: \w+)? (?:lose|"
    r"get|"
    r"end up|cause|become|develop|mean|make me|lead to|give me|have to)|(?:to|cant|dont want to) (?:avoid|"
    r"prevent|"
    r"risk)|risk of|(?:watch|look|looking|watching) out for|warning signs?|read (?:\w+ )?(?:about|that)|googled|"
    r"told (?:me )?"
    r"(?:to|about)|(?:the )?(?:leaflet|internet|google|website)|you (?:said|asked|mean|mention\w*)|"
    r"do you mean|"
    r"such as|what about|dont want (?:to (?:get|have|end up|become|lose)|it to be|any)|hope (?:i dont|"
    r"it isnt|"
    r"its not|i never)|chances? of|in (?:the )?future|unless i)\b"
)
_ASKS_OR_READ = re.compile(
    r"\?|^ ?(?:so |and |but |hi |just wondering )*(?:can|could|does|do|will|is|are|what|whats|how|when|would|if)\b|"
    r"\b(?:google|internet|leaflet|website|nhs page|article|tiktok|they) says?\b|\b(?:read|heard|"
    r"saw) (?:that|about|on)\b"
)
#: Words after it that say it is not the patient's own.
_DISOWNED = re.compile(
    r"\bi (?:havent|have not|dont have|do not have)(?: (?:got|had|any|it|that|them|either)){0,3}"
    r"(?= ?(?:$|[,.;!]|just|its|but|though|tho|btw|only|myself|yet))|"
    r"\b(?:in general|generally speaking|asking (?:for an? (?:\w+ ){0,2}(?:assignment|essay|project|class|course)|"
    r"so i (?:dont|never)|in case)|just (?:curious|nosey|nosy|wondering|asking|being careful|"
    r"being nosey)|out of (?:interest|curiosity)|"
    r"mine (?:is|are|works?)(?: (?:all|perfectly|totally))? (?:fine|ok|okay|normal|good|alright)|"
    r"(?:they|mine|it) (?:havent|hasnt|never has|never have|isnt|arent))(?= ?(?:$|[,.;!)]|or|tho|though|btw|really))"
)
#: "What if they go numb? Mine are." More words say that what was only asked is one's own after all.
_MINE_IS = re.compile(
    r"\bmine (?:is|are|has|have|did|went|feels?)\b"
    r"(?! (?:all |both |totally |perfectly )?(?:fine|ok|okay|good|normal|well|great|not|alright|"
    r"grand|working))|\b(?:just|only) (?:curious|asking|wondering) (?:as|because|cos) i"
)
_OWNED = re.compile(
    r"\b(?:ive got (?:it|that|this|the same)|i (?:do )?have (?:it|that|this|the same|had)|"
    r"i (?:get|got|feel|had) (?:it|that|this)|"
    r"mine (?:is|are|do|does|has|have|did|went|feels?|goes)(?! (?:all |both |totally |"
    r"perfectly )?(?:fine|ok|okay|good|normal|well|not|working))|happen\w* to me|same (?:as|like|"
    r"with) me|thats me|like (?:mine|me))\b"
)
_ASKING_ILLNESS = re.compile(
    r"\b(?:is (?:it|this|that|there)|could (?:it|this|that|i)|can (?:it|this|that|i|back)|might (?:it|this|"
    r"i)|"
    r"do (?:i|you think i|you think its)|have i got|does (?:it|this|that|having)|would (?:it|this|that)|"
    r"(?:it|this|that) (?:could|might|may|cant) be|worried|scared|afraid|frightened|terrified|"
    r"wondering (?:if|whether)|"
    r"think (?:it|its|this|i might)|thought it (?:was|might)|convinced|paranoid|rule out|test(?:ed|ing|"
    r"s)? for|"
    r"check(?:ed|ing)? for|screen\w* for|suspect\w*)\b"
)
_PAST = re.compile(
    r"\b(?:(?<!than i )(?<!than it )(?<!than there )(?<!than they )(?<!like it )(?<!like i )(?<!as it )(?<!never )"
    r"(?<!what it )used to(?! be (?:strong|fine|ok|okay|good|normal|able|perfect|great|fit))|"
    r"years? (?:ago|back)|(?:months?|decades?) (?:ago|back)|"
    r"in the past(?! (?:\w+ ){0,2}(?:hours?|days?|nights?|weeks?|months?)\b)|previously|formerly|"
    r"when i was (?:a |an |in |\d|young|little|pregnant|at school|younger)|back in (?:the )?(?:19|20)?\d\d|"
    r"in (?:my (?:(?:early |mid |late )?(?:teens|twenties|thirties|forties|fifties|[1-6]0s)|"
    r"youth)|(?:19|20)\d\d)|last year|as a (?:child|kid|"
    r"teen\w*|"
    r"boy|girl|baby)|(?:a )?long (?:time|while) ago|ages ago|in remission|all clear|survivor|cured|"
    r"(?:have|has|had|was|been) (?:resolved|cured|treated)|history of|at school|"
    r"(?:not|nothing|none|never|no(?: (?:problems?|trouble|issues?|more|repeat|return))?|fine|ok|okay|"
    r"normal|clear) since(?= ?(?:$|[,.;!])| (?:then|so|and|though)\b)|"
    r"(?:(?:is|its|thats|was|been|all) )?long gone|"
    r"(?:long|completely|totally) (?:over|healed|better)|ancient history|"
    r"at (?:christmas|xmas|easter|new year|diwali|thanksgiving|halloween)|in the (?:spring|summer|autumn|winter)|"
    r"last (?:spring|summer|autumn|winter|christmas|easter)|(?:spring|summer|autumn|winter|year) before last|"
    r"(?:broke|broken|fractured|cracked|fell|fall\w*)\b.{0,20}\b(?:at|aged) (?:[4-9]|1\d)(?= ?(?:$|[,.;])|"
    r" (?:fall\w*|off|from|when)\b| (?:and|n)\b(?=[^.;!?]{0,40}\b(?:ever since|on and off|always|niggl\w*|dodgy)\b))|"
    r"(?:finished|completed|done with) (?:the |my |all )?treatment|"
    r"(?:back )?in (?:primary )?school|"
    r"before (?:i had|covid|"
    r"the kids))\b"
)
_AGAIN = re.compile(
    r"\b(?:(?<!never )again|(?<!rain )(?<!fine )(?<!well )(?<!ok )(?<!good )(?<!better )(?<!normal )(?<!place )"
    r"(?<!head )(?<!spot )(?<!nothing )(?<!none )(?<!gone )(?<!not )(?<!im \d\d )(?<!am \d\d )now|"
    r"today|this (?:week|morning)|yesterday|still|come back|came back|currently|"
    r"(?:last|past|these) (?:\d+|few|couple of) (?:days?|nights?|weeks?)|"
    r"(?<!fine )(?<!ok )(?<!okay )(?<!normal )(?<!good )(?<!not )(?<!nothing )(?<!none )(?<!never )(?<!clear )"
    r"(?<!problems )(?<!trouble )(?<!more )since|"
    r"start\w*|"
    r"began|begun|ever since|getting worse)\b"
)
#: What was past is back, told in the next thought.
_ANEW = re.compile(
    r"\b(?:(?:feel|have|got|get|has|had|doing|started|happening) (?:it|them|that|this) again|back again)\b"
)
_BUT_LONG_OVER = re.compile(
    r"[ ,.;]*(?:but |and |though )*(?:that|thats|it|its|they|theyre|theyve|all|this)(?: (?:is|was|has|have|"
    r"all|been)){0,2} "
    r"(?:long gone|(?:long|completely|totally|all) (?:healed|better|cleared|over|sorted)|healed|cleared up|"
    r"ancient history|"
    r"(?:years|ages|decades|donkeys years|a long time) ago)\b"
)
_MONTHS_AGO = re.compile(r"\bmonths? (?:ago|back)\b")
_UNCERTAIN = re.compile(
    r"\b(?:(?:not|isnt|not too|not really|not 100% ?) (?:sure|certain)|unsure|dont (?:really )?know|"
    r"do not know|"
    r"dunno|no clue|not a clue|no idea|cant (?:tell|remember|say)|hard to (?:tell|say)|wondering|"
    r"wonder)(?: \w+)? (?:if|whether|"
    r"wether|about)\b"
)
#: "what is sciatica?" asks for the word, right before it; "why do you ask about numbness?" repeats ours.
_ASKED_BACK = re.compile(
    r"(?:\bwhat(?:s| is| are| does| do| has| have| do you mean by)(?: a| the| by| my)? |\b(?:why|what|"
    r"how come) (?:do|are|did|"
    r"would|you)"
    r"(?: you)?(?: \w+){0,2}? (?:ask\w*|want|need)(?: \w+){0,4}? (?:if|about|whether|my)?(?: \w+){0,3}? ?|\bwhy )$"
)
_OF_YOU = re.compile(
    r"\b(?:for (?:you|u)|(?:do|are|have|did|were|dont|arent|havent|r) (?:you|u)|hows (?:your|ur))\b"
)
_OF_ME = re.compile(r"\b(?:i|im|ive|id|me|my|mine|we|our)\b")


@dataclass(frozen=True)
class Scopes:
    """Where negations, other people, what-ifs and the past stand in one plain text."""

    text: str = field(repr=False)
    _break_starts: tuple[int, ...]
    _break_ends: tuple[int, ...]
    _negations: tuple[tuple[int, int, bool], ...]
    _others: tuple[tuple[int, int], ...]
    _what_ifs: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, text: str, patient: str | None = None) -> Scopes:
        """`patient` is the relative for whom the whole conversation is written, if any."""
        breaks = [match.span() for match in _BREAK.finditer(text)]
        undone = [match.span() for match in _UNDOES.finditer(text)]
        negations = [
            (match.start(), match.end(), match.lastgroup == "list")
            for match in _NEGATION.finditer(text)
            if not any(start <= match.start() < end for start, end in undone)
        ]
        return cls(
            text,
            tuple(start for start, _ in breaks),
            tuple(end for _, end in breaks),
            tuple(negations),
            _others(text, patient),
            tuple(match.span() for match in _WHAT_IF.finditer(text)),
        )

    def clause(self, start: int, end: int) -> tuple[int, int]:
        """The stretch around a phrase in which an earlier "no" can speak for it."""
        before = bisect_right(self._break_ends, start)
        after = bisect_left(self._break_starts, end)
        begin = self._break_ends[before - 1] if before else 0
        stop = self._break_starts[after] if after < len(self._break_starts) else len(self.text)
        return max(min(begin, start), start - FURTHEST), min(max(stop, end), end + FURTHEST)

    def sentence(self, start: int, end: int) -> str:
        """The sentence around a phrase: wider than a clause, for time words."""
        left, right = max(0, start - FURTHEST), min(len(self.text), end + FURTHEST)
        begin = max(self.text.rfind(mark, left, start) for mark in _SENTENCE_ENDS)
        stops = [at for mark in _SENTENCE_ENDS if (at := self.text.find(mark, end, right)) >= 0]
        return self.text[max(begin + 1, left) : min(stops, default=right)]

    def negated(self, start: int, end: int) -> bool:
        begin, stop = self.clause(start, end)
        for n_start, n_end, is_list in reversed(self._negations):
            before = n_end <= start or (n_start < start and not _SAYS_NOT.search(self.text, start, n_end))
            if before and n_start >= begin and self._carries(min(n_end, start), start, stop, is_list):
                return True
            if n_end < begin:
                break
        if _SAID_NO.match(self.text, end) is not None or self.denied_back(end):
            return True
        return _AFTER.match(self.text, end, stop + 4) is not None

    def _carries(self, negation_end: int, start: int, clause_end: int, is_list: bool) -> bool:
        between = self.text[negation_end:start]
        words = between.count(" ")
        if _IT_JUST.match(self.text, start) is not None:
            return False
        if _TELLS_ANEW.search(between) is not None:
            return False
        _, joined, item = (between + self.text[start:clause_end]).rpartition(" and ")
        if joined and _LEGS_THAT.match(item):
            return False
        if "," not in between:
            return words <= (8 if is_list else 4)
        if not is_list or words > 24:
            return False
        if _OR.search(self.text, negation_end, clause_end):
            return True
        *_, last = between.split(",")
        item = (last + self.text[start:clause_end]).lstrip()
        short = all(piece.count(" ") <= 4 for piece in between.split(","))
        return short and not _VERB_START.match(item) and not _LEGS_THAT.match(item)

    def of_another(self, start: int, end: int) -> bool:
        """Said of somebody else: "my mum had cancer"."""
        begin = self.sentence_start(start)
        for o_start, o_end in reversed(self._others):
            if o_end <= start and o_start >= begin:
                between = self.text[o_end:start]
                return between.count(" ") <= 10 and not _SELF.search(between)
        return _OTHER_AFTER.match(self.text, end) is not None

    @cached_property
    def by_proxy(self) -> bool:
        """Written by somebody else for a patient who has it now: "she cannot lift her leg since Friday"."""
        text = self.text
        return bool(
            _THEIRS.search(text)
            and _RIGHT_NOW.search(text)
            and not _SELF.search(_MY_SOMEBODY.sub(" ", text))
            and not _NO_PATIENT.search(text)
        )

    def sentence_start(self, start: int) -> int:
        left = max(0, start - FURTHEST)
        return max(left, *(self.text.rfind(mark, left, start) + 1 for mark in _SENTENCE_ENDS))

    def what_if(self, start: int, end: int) -> bool:
        """Only imagined, asked about or warned of: "if I lost control of my bladder"."""
        if _MINE_IS.search(self.text, end) is not None:
            return False
        begin, _ = self.clause(start, end)
        for w_start, w_end in self._what_ifs:
            if begin <= w_start < end and w_start <= start and (w_end > start or self._near(w_end, start)):
                return True
        return False

    def only_asked(self, start: int, end: int) -> bool:
        """Only asked or read about, and said not to be one's own: "Is chest pain normal off it? I don't have any"."""
        disowned = _DISOWNED.search(self.text, end)
        if disowned is None or _OWNED.search(self.text) is not None:
            return False
        said = self.text[self.sentence_start(start) : disowned.start()]
        return _ASKS_OR_READ.search(said) is not None and _OF_ME.search(said) is None

    def denied_back(self, end: int) -> bool:
        """Said back as a question and denied: "both legs? no"."""
        return _ECHOED.match(self.text, end) is not None

    def joked(self, end: int) -> bool:
        """Taken back as a joke in the next words."""
        return _JOKED.match(self.text, end) is not None and _IN_EARNEST.search(self.text, end) is None

    def _near(self, left: int, right: int) -> bool:
        between = self.text[left:right]
        return (
            between.count(" ") <= 5
            and "," not in between
            and not re.search(r"\b(?:because|that i)\b", between)
        )

    def asked_as_illness(self, start: int, end: int) -> bool:
        """A worry or a question about an illness: "could it be cancer?"."""
        begin, _ = self.clause(start, end)
        window = self.text[max(begin, start - 60) : start]
        return _ASKING_ILLNESS.search(window) is not None

    def uncertain(self, start: int, end: int) -> bool:
        """The patient does not know: "not sure if my foot is numb"."""
        begin, _ = self.clause(start, end)
        before = self.text[max(begin, start - 60) : start]
        for last in reversed(list(_UNCERTAIN.finditer(before))):
            between = before[last.end() :]
            return between.count(" ") <= 6 and "," not in between
        return False

    def asked_back(self, start: int) -> bool:
        """Part of a question about the words themselves: "what is saddle numbness"."""
        return _ASKED_BACK.search(self.text[max(self.sentence_start(start), start - 80) : start]) is not None

    def asked_of_you(self, start: int, end: int) -> bool:
        """Part of a question to us about ourselves: "busy day at the office for you?"."""
        sentence = self.sentence(start, end)
        if _OF_YOU.search(sentence) is None or _OF_ME.search(sentence) is not None:
            return False
        return self.text.startswith("?", self.sentence_start(start) + len(sentence))

    def past(self, start: int, end: int) -> bool:
        """Told as over and done with, and not said to be back."""
        begin, stop = self.clause(start, end)
        window = self.text[max(begin, start - 60) : min(stop + _A_BREAK, end + 60)]
        if _PAST.search(window) is None or _AGAIN.search(window):
            return False
        return _ANEW.search(self.text, end, end + 60) is None

    def long_over(self, start: int, end: int) -> bool:
        """Said after a "but" to be long over: "it swelled, but that's long gone"."""
        _, stop = self.clause(start, end)
        return _BUT_LONG_OVER.match(self.text, stop) is not None and not _AGAIN.search(self.text, end, stop)

    def long_past(self, start: int, end: int) -> bool:
        """Over for longer than "months ago", which for a danger sign is recent."""
        begin, stop = self.clause(start, end)
        window = self.text[max(begin, start - 60) : min(stop, end + 60)]
        return self.past(start, end) and not _MONTHS_AGO.search(window)


def _others(text: str, patient: str | None) -> tuple[tuple[int, int], ...]:
    """Where people are named who are not the patient."""
    if patient is None:
        if written_for_another(text):
            return ()
        return tuple(
            match.span()
            for match in _OTHER.finditer(text)
            if not _HANDLED.search(text, max(0, match.start() - 24), match.end())
        )
    own = names_of(patient)
    return tuple(match.span() for match in _OTHER.finditer(text) if own.search(match.group()) is None)
