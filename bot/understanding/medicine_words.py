"""How people say that they take a medicine, gave it up, or only speak of it."""

from __future__ import annotations

import re

GIVEN_UP = re.compile(
    r"\b(?:stopped|came off|come off|weaned off|gave up|given up|quit|used to|no longer|not any ?more|years? ago|"
    r"months? ago|in the past|previously|last year|was on|never)\b"
)
TAKES = re.compile(
    r"\b(?:tak(?:e|es|ing)|took|inject|on(?! (?:the|a) (?:leg|side))|using|use|uses|prescribed|having|have|get|"
    r"been (?:on|taking|given|having)|"
    r"started|popping|given|dose|doses|daily|every day|\d ?mg|twice a day|once a day|at night|a day|\d times|"
    r"as needed|when needed|"
    r"now and then|tablets?|meds?|medicines?|medication|patch\w*|helps?|eases?|works?|doesnt touch|"
    r"takes the edge|"
    r"currently|still|regular\w*|just|living (?:on|off)|relying on|(?:a)?round the clock|"
    r"got(?= \w+(?: \w+)? (?:from|off))|from the (?:chemist|doctors?|pharmacy|clinic|hospital)|"
    r"when (?:its|it|im|the pain|needed)|script|to (?:help me )?sleep|"
    r"nightly|weekly|monthly|"
    r"since|keeps?|(?:every|each) (?:night|nite|morning|evening|day|week|\d)|(?:put|putting|puts) me on|"
    r"(?:\d+|couple of|few|many) years|for (?:me|my|the|an?|years|life|\w+$|\w+[ ,.;]))\b"
)
#: "Keppra keeps it quiet", "sertraline for me nerves", "warfarin every night": told of what one takes.
BESIDE_A_NAME = re.compile(
    r" ?(?:and (?:a |an )?(?:statin|stat\w+|inhaler|others?)\b|keeps?\b|controls?\b|(?:barely|hardly|doesnt|"
    r"dont|isnt|not) (?:really |even )?(?:touch\w*|help\w*|work\w*|scratch\w*|dent\w*|do\w*)|"
    r"for (?:my|me|the|a few|years|months|weeks|ages|\d+)\b|only\b|\d{2,4}\b|when (?:its|it is|it|i|the|bad)|"
    r"if (?:its|it is|it gets|bad)|every (?:night|day|morning|other|few)|nightly|each (?:night|day|morning)|"
    r"(?:ever )?since\b|twice|once|daily|sorts?\b|sees me|gets me|osteo\b|extra\b|arthritis\b|"
    r"aint (?:touch|help|work|do)\w*|is the (?:only|strongest)\b|instead\b)"
)
BEFORE_A_NAME = re.compile(
    r"\b(?:with|by|on|plus|and|n|stick(?:ing)? (?:to|with)|surviv\w* on|been on|live on|liv\w+ off|"
    r"manage\w* (?:on|with)|"
    r"controlled (?:with|by)|managed (?:with|by)|treated with|put on|kept on|some|my|the odd|odd|"
    r"(?:pressure|sugar|bp|heart|water|diabetes|cholesterol|thyroid) (?:pills?|tablets?|meds?|tabs)"
    r"(?: called| like| -|:)?|"
    r"(?:bunged|backed|blocked|plugged|stopped|clogged) up (?:off|from|by|with|on|cos of|because of|due to)"
    r"(?: the| my| all the)?)(?: an?)? $"
)
#: What a medicine does, or who keeps one from it: no word of taking it.
ONLY_SPOKEN_OF = re.compile(
    r"\b(?:brings? (?:it |them |me )?on|sets? (?:it|me|mine|my|them) off|near|bother\w*|"
    r"stay(?:ing)? (?:away|off|clear)|"
    r"steer clear|clear of|swell\w*|rash|hives|let me|wont let|what is|whats|any good|how about|heard)\b"
)
PRESCRIBED = re.compile(
    r"\b(?:doctor|doc|dr|gp|they|hospital|nurse|pharmacist|chemist|physio|surgery|consultant|a and e|er|"
    r"clinic|va|he|she)"
    r"(?:s| has| have| had|ve)?(?: \w+)? (?:gave|given|gives?|put|prescribed|started|got|have|has|sent) "
    r"me\b ?(?:on |onto |home with )?"
    r"(?!a rash|an ulcer)"
)
#: Asked what one takes, these tell what a tablet that is taken does.
ITS_EFFECT = re.compile(r"\b(?:makes|gives) me\b")
NOT_TAKEN = re.compile(
    r"\b(?:allerg\w+|react\w*|cant (?:take|have|tolerate)|cannot (?:take|have|tolerate)|cant be (?:on|given)|"
    r"stopped|"
    r"came off|come off|coming off|weaned off|gave up|given up|quit|used to|no longer|not any ?more|"
    r"years? ago|"
    r"months? ago|in the past|previously|tried|refus\w*|avoid\w*|was on|were on|finished|ran out|run out|"
    r"why (?:not|cant|no|dont|didnt)|can i|could i|should i|may i|would|what about|is it (?:ok|safe)|do you|"
    r"does|"
    r"how (?:many|much|long)|can you|is it|are there|want(?:ed)?|scared of|gives me|gave me|made me|"
    r"makes me|sets? (?:it |me |mine )?off|brings? (?:it |me )?(?:on|out)|bad for|instead of|rather than|"
    r"took me off|taken off|binned|chucked|threw|(?:never|dont|didnt|doesnt|wont|not) (?:bother\w*|start\w*|"
    r"agree\w*|like|let)|"
    r"is out|(?:are|was|is|were) (?:out|off limits|a no|no go)|upset\w*|swears? by|triggers?|wont let|not allowed|"
    r"(?:stay|keep|stick|steer|kept|stuck) (?:well |right )?(?:away|clear|off)|left off|any good|no good for me|"
    r"not for me|never again|heard|read (?:that|about)|switched (?:me )?from|swapped (?:me )?from|moved (?:me )?from|"
    r"used up|waiting (?:for|to)|due to start|meant to start|about to start|(?:going|want me) to start|"
    r"lecture\w*|rashes?|wheez\w*|(?<!heart )attacks?(?! after)|"
    r"put me in (?:hospital|casualty|a and e|resus|intensive care)|anaph\w+|swelled|blew up|blown up|"
    r"(?:came|come|comes|break|broke) (?:out|up) in|throat (?:closed|closes|tight\w*)|gave it up|"
    r"ok with|fine with|offered|suggested|recommend\w*|thinking (?:of|about)|intolerant|sensitiv\w*|"
    r"worse (?:with|after|on))\b"
)
#: A question may lack its mark.
ASKS_ABOUT = re.compile(
    r"\W*(?:(?:hi|hello|ok|also|and|but|so)[ ,]+)?(?:is|are|can(?! only| (?:take|have)\b)|could|should|does|"
    r"do|did(?! (?:my|me|it|the|this)\b)|will|"
    r"what|which|why|how|whats|hows)\b(?! not)"
)
NO_ALLERGIES = re.compile(r"\bno (?:known |drug |other )*allerg\w+")
#: "Switched me from naproxen to codeine": the one before "to" is given up, the one after it is taken.
SWITCHED_TO = re.compile(
    r"\b(?:switched|swapped|changed|moved)(?: me)?(?: over)?(?: from (?:\w+ ){1,3})?(?:on ?to|to) $"
)
#: Said after it: "they gave me tramadol but I never took it".
THEN_NOT_TAKEN = re.compile(
    r"[^.;!?]{0,50}?(?:\bbut|\bthough|,|\band|\bonly|\bso) (?:(?:i|ive|ill|im|then|just|have|it|they|them) ){0,3}"
    r"(?:never (?:take|took|taken|touch\w*|start\w*|used?|bother\w*|picked)|binned|stopped|chucked|"
    r"threw (?:it|them)|refuse\w*|came off|gave (?:it|them) up|"
    r"(?:dont|didnt|havent|wont|not) (?:actually |really |even )?(?:take|took|taken|taking|taking|started|"
    r"use|used|"
    r"using)(?: (?:it|them|any|1|one|those|that)\b|(?= ?(?:$|[,.;]))))"
)
#: Medicines and nothing else between two commas are taken: "71, apixaban and a statin, retired".
BESIDE_NAMES = re.compile(
    r"\b(?:and|a|an|the|my|plus|with|also|of|some|daily|tablets?|caps\w*|pills?|patch\w*|meds?|mg|mcg|od|bd|"
    r"tds|qds|prn|"
    r"as well|too|then|at|in|night|nite|nights|nightly|morning|mornings|bedtime|lunch\w*|twice|once|a day|"
    r"times|day|"
    r"week|weekly|slow release|sr|mr|xl|er|forte|plus|for|\w+ing|on|just|only|regular|high|low|dose|jabs?|"
    r"injections?|yes|ok|both|couple|it|that|thats|all|lot|etc|usual|inhalers?|gel|cream|spray|drops|i|take|"
    r"occasional(?:ly)?|sometimes|odd|lots?|load|loads|\d+(?:\.\d+)?(?:mg|mcg|g|ml)?s?)\b|[^\w]"
)
TAKES_NOW = re.compile(
    r"(?:,| and| -| so| but) (?:(?:i|im|i am|ive|just|only|now|currently|still|been|so) ){0,3}(?:take|taking|on|"
    r"using|have|stick(?:ing)? (?:to|with)|stuck with|mak(?:e|ing) do with|manag(?:e|ing) (?:on|with))(?= )|"
    r" so (?:they|he|she|(?:the |my )?(?:doctor|gp|doc|dr|nurse|consultant)) (?:gave|put|started|"
    r"prescribed) me(?: on)?(?= )"
)
#: "Two strokes in the past, clopidogrel": the comma ends what is past, and no list of medicines.
PAST_PIECE = re.compile(
    r"[^,]*\b(?:years? ago|in the past|previously|last year|months? ago|(?:back )?in (?:19|20)\d\d)[^,]*, ?"
)
#: "Omeprazole for the ulcer I had years ago", "on apixaban so I cannot have ibuprofen": told of something else.
OF_ITS_CAUSE = re.compile(
    r" (?:for|after|because of|since|from) (?:the |my |an? )(?:\w+ ){1,4}?(?:\w+ )?(?:years? (?:ago|back)|"
    r"in (?:19|20)\d\d|last year)"
)
SO_NOT_OTHERS = re.compile(
    r" so (?:i |they |im )?(?:cant|cannot|not allowed|mustnt|shouldnt|no|wont|avoid|stay)\b.*"
)
#: "Panadol osteo only": whatever was forbidden before it.
THAT_ONLY = re.compile(r" (?:only|instead|is all i(?: can)? (?:take|have)|thats all)(?= ?(?:$|[,.;]))")
#: "I took prednisone for a week back in spring, nothing since".
TOOK_THEN = re.compile(
    r"\b(?:took|had|given|finished|was (?:on|given)|course|put (?:me )?on)\b.{0,60}?"
    r"(?:\b(?:back in|last (?:year|month|winter|spring|summer|autumn|christmas|easter)|a while (?:ago|back)|ages ago)"
    r"\b(?!.{0,20}\b(?:still|since)\b)|\b(?:nothing|none|not|never) since\b|\bin (?:january|february|march|april|may|"
    r"june|july|august|september|october|november|december)\b(?!.{0,30}\b(?:still|since)\b))|"
    r"\b(?:nothing|none) since\b"
)
#: "Just one six-day pack back in May" is nothing that is still taken, asked about steroids for long.
SHORT_COURSE = re.compile(
    r"\b(?:(?:only|just|one|1|a|single|short|short course|\d+ days?)\b.{0,40}\b(?:course|pack|burst|days?)\b|"
    r"(?:1|a|one|2|two|a couple of) weeks? (?:of|course)\b|(?:for )(?:1|a|one) week\b)"
    r"(?!.{0,30}\b(?:still|now|at the moment|currently)\b)"
)
#: Told of what one will not or may not have: no word of what one takes.
KEPT_FROM = re.compile(
    r"\b(?:tried|try|dare\w*|type (?:drugs|tablets|stuff|things|meds)|for me|because|due to|on account|says?|said|"
    r"told|recommend\w*)\b"
)
#: "Nothing for it bar paracetamol".
BAR_BEFORE = re.compile(
    r"\b(?:nothing|none|no \w+)\b.{0,20}\b(?:bar|except|apart from|other than|but)(?: the odd| some| a)? $"
)
