"""The words of a "no" told in a roundabout way, and of what such a "no" must not overhear."""

from __future__ import annotations

import re

SPLIT = re.compile(
    r"[,.;:!?()]+(?!\d)| - |\b(?:but|and|tho|though|so|because|cos|coz|lol|haha+|hehe)\b| (?=(?:not me|i wasnt)\b)"
)
#: Said beside anything, these tell nothing.
FILLER = re.compile(
    r"\b(?:lol|haha+|hehe|mate|love|doc|doctor|thanks|thank (?:you|god)|thankfully|luckily|touch wood|honestly|"
    r"tbh|pal|hun|"
    r"well|oh|just|if thats what (?:you|u) mean(?:t)?|(?:does|do|would) (?:that|it|those) count|(?:im|i am|hes|"
    r"shes|he is|she is) \d{1,3}(?: years old)?(?: now)?|"
    r"\d{1,2} weeks?(?: (?:now|pregnant|gone|preg))+)\b|^ ?\d{1,2} weeks ?$"
)
KIN = (
    r"(?:mums?|mams?|moms?|mothers?|dads?|fathers?|nans?|nanas?|grans?|grann(?:y|ies)|grandmas?|gran ?dads?|"
    r"grandpas?|"
    r"grandfathers?|grandmothers?|sisters?|brothers?|sis|bro|wifes?|wives|husbands?|hubbys?|hubby|missus|partners?|"
    r"girlfriends?|boyfriends?|bf|gf|exs?|uncles?|aunts?|aunties?|aunty|cousins?|friends?|mates?|sons?|"
    r"daughters?|kids?|"
    r"children|toddlers?|bab(?:y|ys|ies)|twins|nephews?|nieces?|youngest|eldest|oldest|little (?:1|one|un)s?|"
    r"lads?|boss|"
    r"neighbou?rs?|colleagues?|oupas?|oumas?|opas?|omas?|gogos?|nonnas?|nonnos?|papas?|abuelas?|father in law|"
    r"mother in law|(?:brother|sister) in law|grandsons?|granddaughters?|grandkids?|dogs?|cats?)"
)
OTHER = re.compile(
    rf"^ ?(?:no+ |nah |nope |oh |its |thats |it was |that was |that is |thatll be |only |not me |lost |even |"
    rf"both |when )*"
    rf"(?:(?:my|the|our|me|his|her|a) )?(?:(?:late|poor|older|younger|big|little|twin|step|ex|old|other) )?{KIN}\b|"
    rf"^ ?(?:he|she|hes|shes|they had|theirs|his|hers)\b"
)
OF_KIN = re.compile(rf"\b(?:my|our|me) (?:\w+ )?{KIN}\b|\bnot (?:me|mine|i)\b")
FIRST_PERSON = re.compile(r"\b(?:i|im|ive|id|ill|me|my|mine|myself|we|us|our|weve)\b")
ALSO_ME = re.compile(
    r"\b(?:me too|too|also|as well|so (?:do|have|did|am) i|both of us|we both|same (?:as|here)|like (?:him|her|"
    r"them|mum|dad)|"
    r"we all|i do have|i have it|ive got it|got it from|caught)\b"
)
WELL_WORD = (
    r"(?:fine|ok|okay|good|clear|clean|well|alright|all right|grand|normal|healthy|great|sound|perfect|better|"
    r"negative|"
    r"right as rain|lovely|skinny(?: as)?|working|safe)"
)
#: The patient is not the one, or is well.
NOT_ME = re.compile(
    rf"(?:.* )?(?:not|never) (?:me|mine|myself|i)|me (?:never|no|neither)|"
    rf"(?:no+ |nah |nope )*(?:ive |i have |i |me )?(?:never|not)(?: ever)?(?: (?:had|have|got|get|been|done|"
    rf"would|did|will|could))?"
    rf"(?: (?:1|one|any|it|that|them|those|anything|nothing|none|ever)){{0,2}}(?: (?:like (?:that|it)|myself|"
    rf"personally|"
    rf"here|since|ever|of (?:those|them|that)))*|"
    rf"(?:i |me )(?:dont|havent|didnt|wouldnt)(?: (?:have|had|get|got|do|need))?(?: (?:it|any|1|one|that|them|"
    rf"those))?|"
    rf"(?:no+ |nah |nope )*(?:me )?(?:im|i am|i feel|mines?|mine (?:is|are|was|came back|has always been)|me|i|"
    rf"i was|all|"
    rf"its|everything|everythings|otherwise)?(?: (?:im|all|is|are|totally|perfectly|absolutely|completely|just))* "
    rf"?(?:{WELL_WORD}|works?)(?: (?:here|too much|myself|again|now|fine|as|ever|as ever|with me|at home))*|"
    rf"(?:no+ |nah )*nothing(?: (?:happened|wrong|like (?:that|it)|here|at all))?(?: (?:to|with|for) me)?|"
    rf"i wasnt(?: (?:even |hurt|involved|there|driving|in|on|with|at)(?: ?\w+){{0,3}})?|"
    rf"(?:im |i am )?not (?:sick|ill|unwell|poorly|hot|feverish)|(?:no+|nope|nah|never|none|no no|no never|"
    rf"never ever)"
)
#: What was, is over.
OVER = re.compile(
    rf"(?:no+ |nah )*(?:nothing|none|not|never|nowt|no (?:trouble|problems?|issues?|bother|repeats?|sign|more)|"
    rf"not (?:a|1|one))"
    rf"(?: (?:like (?:it|that)|of (?:it|that|the sort)|at all|in \w+|back|had|1|one|any|been|for years|a \w+))*"
    rf"(?: (?:since|now|again|these days|this time|any ?more|today|then|ever))+|"
    rf"(?:(?:its|it|it is|been|ive been|im|i am|all|thats|that|bloods|they|the|feeling|everything|he|hes|she|"
    rf"shes|has|have|was|"
    rf"were|is|are|we|been|back|totally|completely|perfectly|scan|scans|tests|results|honestly|now|long|counts|"
    rf"feel) ){{0,5}}"
    rf"(?:{WELL_WORD}|gone|cleared(?: up| itself)?|healed|settled(?: down)?|sorted|back to normal|over it|over|done|"
    rf"came back(?: fully| completely| normal)?|back to (?:himself|herself)|wore off|passed|stopped|went away|went)"
    rf"(?: (?:now|since|again|ever since|since then|these days|for years|up|by (?:19|20)\d\d|itself|completely|fully|"
    rf"(?:the )?same day|last (?:year|month|spring|summer|autumn|winter)|the next day|years ago|for good|then|"
    rf"in (?:19|20)\d\d|"
    rf"of its own accord|with (?:antibiotics|treatment|tablets)|after (?:that|a (?:week|day|month))))*|"
    rf"(?:the )?(?:antibiotics|tablets|treatment|doctor|gp|hospital|they|pills|course of antibiotics|that|"
    rf"it)(?: soon)? "
    rf"(?:sorted|cleared|fixed|cured|shifted|got rid of|knocked|dealt with)(?: (?:it|that|them|me))?(?: (?:out|"
    rf"up|right out|on the "
    rf"head|right up))?|"
    rf"(?:im |i am |i got |got |ive got |well )?over it(?: now)?|came off (?:it|them)(?: .{{0,24}})?|"
    rf"stopped (?:it|them|last .{{0,12}}|in "
    rf".{{0,12}}|years ago|months ago)|thats? (?:all )?(?:over|behind me|in the past|ancient history|"
    rf"long gone)(?: now)?"
)
LONG_AGO = re.compile(
    r"\b(?:(?:in|since|of|summer|winter|back in) )?(?:19\d\d|20[01]\d|202[0-4])\b|\bin (?:[6-9]\d|0\d|"
    r"1\d)(?= ?(?:$|[,.;]))|"
    r"\b(?:years?|decades?|yonks|ages|donkeys years|lifetimes?) (?:ago|back)\b|"
    r"\bas a (?:kid|child|teen\w*|student|girl|boy|lad|youngster|bairn|young \w+)\b|"
    r"\bwhen i was (?:a |an |at |in |little|young|\d|small|carrying)|\bat (?:school|uni\w*|college)\b|\bin (?:my|"
    r"the) (?:teens|"
    r"twenties|thirties|forties|[2-5]0s|youth|seventies|eighties|nineties|[6-9]0s)\b|\bused to\b|"
    r"\b(?:at|aged) (?:[4-9]|1\d|2\d)(?= ?(?:$|[,.;]))"
)
MONTH = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|aug|sept?|"
    r"oct|nov|dec)"
)
AGO = re.compile(
    rf"\blast (?:year|spring|summer|autumn|winter|christmas|easter|month|{MONTH})\b|\bmonths? (?:ago|back)\b|"
    rf"\bat (?:easter|christmas|xmas|diwali|eid|new year)\b|\b(?:back )?in (?:the )?(?:spring|summer|autumn|"
    rf"winter|{MONTH})\b"
)
#: "Was on prozac", "had a tube in": told of then, and the time stands in another piece.
THEN = re.compile(
    r"^ ?(?:i |we |they |it |that |he |she )?(?:was|had|were|did|used to|got|wore|did have|gave)\b"
)
GOES_ON = re.compile(
    r"\b(?:still|keeps?|kept|again|always|worse\w*|yesterday|today|tonight|this (?:morning|week|weekend|"
    r"afternoon|evening|time|"
    r"month)|last (?:night|week|weekend|few|couple|\d|monday|tuesday|wednesday|thursday|friday|saturday|sunday)|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|lately|recent\w*|since|ever since|start\w*|began|begun|now|"
    r"comes? (?:and|back)|"
    r"on and off|off and on|sometimes|occasional\w*|then|every|most (?:days|nights)|often|days?|weeks?|hours?|"
    r"new|more|less|a bit|"
    r"slight\w*|bit of|little bit|getting|apart from|except|other than|until|till|unless|yet|if)\b"
)
SIGN = re.compile(
    r"\b(?:numb\w*|ting(?:l\w*|ly)|pins|weak\w*|pain\w*|hurt\w*|ach(?:e|es|ing|y)|sore\w*|agony|leak\w*|wet\w*|"
    r"dribbl\w*|"
    r"soil\w*|bleed\w*|blood|bled|spot(?:s|ted|ting)|clots?|cant|cannot|couldnt|can not|unable|los(?:t|ing|e)|"
    r"swell\w*|swollen|"
    r"hot|red|dead|heavy|dizz\w*|faint\w*|collaps\w*|black\w*|fell|fall\w*|trip\w*|slip\w*|crash\w*|shak\w*|"
    r"shiver\w*|sweat\w*|"
    r"burn\w*|sting\w*|breathless\w*|short of breath|tight\w*|kill\w*|die|dying|dead|suicid\w*|overdos\w*|"
    r"jump\w*|rope|pills|"
    r"drag\w*|drop\w*|unsteady|wobbl\w*|limp\w*|throb\w*|puls\w*|fever\w*|temp\w*|vomit\w*|puk\w*|sick|confus\w*|"
    r"yellow|lump\w*|"
    r"scar(?:ed|y)|afraid|hits?|threat\w*|yes|yeah|yep|no feeling|not right|no (?:control|strength|power|"
    r"sensation|movement)|"
    r"quiet\w*|bend\w*|bent|squash\w*|fractur\w*|broke\w*|inject\w*|chemo\w*|tablets?|didnt make|not make|"
    r"accidents?|too late|"
    r"in time|wont|doesnt|giv(?:e|es|ing)|gave|buckl\w*|flop\w*|slap\w*|throw\w*|chuck\w*|runs|cuts?|mine|me too|"
    r"morphine|codeine|tramadol|patch(?:es)?|oxy\w*|pregabalin|gabapentin|diazepam|heroin|crack|speed|meth|smack|"
    r"coke|fentanyl|"
    r"infect\w*|abscess\w*|sepsis|uti|aspirin|ibuprofen|nurofen|naproxen|diclofenac|voltar\w*|brufen)\b|"
    r"^(?:then |maybe )?(?:me|myself)\b"
)
#: Beside a clear test these are told as had.
ILLNESS = re.compile(
    r"\b(?:cancer|tumou?r|lumps?|attack|stroke|stents?|angina|tia|clots?|ulcers?|bleed\w*|bled|aneurysm|bulg\w*|"
    r"fail\w*|fits?|"
    r"seizures?|stones?|cirrhosis|hepatitis|crohns|colitis|psoriasis|arthritis|diagnosed|transplant|dialysis|"
    r"osteop\w*|bypass|"
    r"remission|removed|taken out|melanoma|lymphoma|leuka?emia|found|years of|treated|medication|epilep\w*|thin)\b"
)
#: After a slip that was nearly one.
LANDED = re.compile(
    r"\b(?:came down|went down|landed|ended up|bang\w*|hit|hurt|jarred|twisted|wrenched|went over)\b"
)
SAID_IN_JEST = re.compile(
    r"\b(?:nearly|almost) (?:wet|peed|weed|pissed|shat|soiled|died|fell|choked)(?: (?:myself|off|over|my \w+|of|"
    r"laughing|with|"
    r"laughter|the \w+|chair|at)){0,6}|\b(?:scared|worried|bored) (?:to death|sick|stiff)\b|\bfell in love\b"
)
UNSURE = re.compile(
    r"\b(?:(?:never|nobody|no ?one|not)(?: \w+){0,2} (?:checked|tested|looked|scanned|measured)|"
    r"not (?:too |really |quite )?sure|dunno|dont know|no idea|maybe|might|possibly|perhaps|i think so|"
    r"hard to|cant "
    r"(?:tell|remember)|not certain|who knows|whats that mean|waiting|awaiting|unsure)\b"
)
SAYS_YES = re.compile(r" ?(?:oh |well |er |um )*(?:yes|yeah|yep|yup|aye|yh|i do|i have|i am)\b")
NEARLY = re.compile(
    r"\b(?:nearly|almost|very nearly|close to|all but|just about) (?:went|slipped|fell|tripped|came off|"
    r"came a cropper|stacked|"
    r"toppled|had|came down|stumbled|landed|lost my footing|crashed|decked)\b.{0,60}?\b(?:but|then|and|,) ?(?:i |"
    r"just |managed to "
    r"|luckily |my \w+ |the \w+ |he |she |somebody )*(?:grabbed|caught|held|saved|stayed|steadied|hung|got hold|"
    r"braked|swerved|"
    r"missed|kept my (?:feet|balance|footing)|didnt|no\b|hold of)\b"
    r"(?: (?:myself|me|it|on|the \w+|my \w+))*"
)
CONSIDERED = re.compile(
    r"\b(?:talked about|considered|offered|suggested|mentioned|thought about|looked at|discussed|were going to|"
    r"was going to|"
    r"wanted to|going to have|nearly (?:had|put|gave|got)|almost (?:had|put|gave|got)|put me (?:forward|"
    r"down) for|(?:was|were) (?:up|down|listed) "
    r"for)\b.{0,50}?\b(?:didnt (?:need|have|go|want|bother|happen|take)|decided (?:not|against|i didnt|it wasnt)|"
    r"never (?:happened|had|"
    r"went|needed|came|got|took|did)|not needed|no need|turned it down|said no|wasnt needed|changed (?:my|"
    r"their) minds?|"
    r"not to)\b"
)
QUIET_SINCE = re.compile(r"\b(?:since|back to normal|now)\b")
TAKES_OFF = re.compile(r"\b(?:stop\w*|off|swap\w*|chang\w*|reduc\w*|increas\w*|remov\w*|lower\w*|halv\w*)\b")
CHECKED = re.compile(
    r"\b(?:scans?|tests?|tested|ecg|ekg|echo|x ?rays?|bloods?|gp|doctor|docs?|midwife|nurse|hospital|monitored|"
    r"checked|dexa|mri|"
    r"ultrasound|pharmacist|camera|endoscopy|screen(?:ed|ing)?|consultant|results?|"
    r"levels?)\b.{0,50}?\b(?<!not )(?<!isnt )"
    r"(?<!wasnt )(?<!werent )(?<!never )(?:normal|clear|fine|ok|okay|good|negative|nothing|all right|alright|"
    r"under the limit|"
    r"back to normal|perfect|spot on)\b"
)
NEVER_TOLD = re.compile(
    r"(?:ive |i have |i |have )?(?:never (?:been |ever been |once been )?(?:told|diagnosed)|not been (?:told|"
    r"diagnosed)|not that "
    r"ive (?:been|ever been) told|(?:nobody|no ?one|no doctor|none) (?:has |have )?(?:ever )?(?:told me|said|"
    r"mentioned))"
    r"(?: (?:me|with|about))?(?: (?:that|so|it|1|one|anything|of (?:it|that)|a thing|i (?:had|have|got|did|"
    r"was)(?: (?:1|one|it|that|"
    r"any|anything))?|like (?:that|it)))*"
)
CLOSING_NO = re.compile(
    r"(?P<before>.+?)(?:[,.;]? ?\bbut no(?:pe)?\b|\b(?:haha|lol|hehe)[ ,.]+(?:but )?(?:no|nah|nope)\b|"
    r"\bso no(?:pe)?\b)[ ,.]*"
    r"(?P<after>[^?]{0,40})$"
)
NOT_MEANT = re.compile(
    r"\b(?:laugh\w*|lol|haha|hehe|scared|worried|afraid|dread\w*|nearly|almost|googled?|read|lost my \w+|"
    r"that question|joking|"
    r"in love|only)\b"
)

CAUDA_EQUINA = frozenset({"saddle_numbness", "bladder_change", "bowel_change", "sexual_change"})
LEGS = frozenset({"leg_numbness", "leg_weakness", "leg_pain", "foot_drop", "gait_unsteady_new"})
#: Of these only what was a year ago or more and is over counts as "no".
ONLY_LONG_AGO = (
    CAUDA_EQUINA
    | LEGS
    | {"suicidal_thoughts", "self_harm_recent", "overdose", "chest_pain_or_breathless", "collapse_or_faint"}
    | {"immunosuppressed", "safeguarding_concern", "reduced_skin_sensation", "exertional_chest_symptoms"}
)
#: Of these a month is enough.
MONTHS_AGO = frozenset(
    {
        "fever",
        "rigors_or_night_sweats",
        "generally_unwell",
        "dysuria",
        "blood_in_urine",
        "calf_swelling",
        "loin_pain",
    }
    | {
        "abdominal_pain_new",
        "acute_illness_dehydration",
        "anticoagulant",
        "antiplatelet",
        "ssri_snri",
        "drowsy_or_slow_breathing",
    }
    | {
        "oral_steroid_current",
        "current_opioid",
        "current_gabapentinoid",
        "current_benzodiazepine",
        "current_nsaid",
    }
    | {"ace_arb_diuretic", "lithium_or_methotrexate", "weight_loss_unexplained", "confused_or_very_unwell"}
)
#: Asked for something recent, a year ago is "no" by itself.
RECENT_ONLY = frozenset(
    {"major_trauma_recent", "minor_trauma_recent", "recent_infection_or_spinal_procedure"}
)
#: A test shows that these are absent. A sign that is felt is not undone by one.
TESTED = frozenset(
    {
        "heart_failure",
        "osteoporosis",
        "bleeding_disorder",
        "known_aaa",
        "kidney_disease",
        "liver_disease",
        "peptic_ulcer",
    }
    | {
        "cancer_history",
        "epilepsy",
        "ihd_stroke_pad",
        "tb_risk",
        "past_arthritis",
        "psoriasis",
        "ibd",
        "pulsating_abdomen",
    }
    | {"inflammatory_spine_disease", "overdose", "hypertension"}
)
TESTED_AND_OVER = frozenset({"reduced_fetal_movements", "pregnancy_bleeding_or_waters"})
#: Illnesses that one is told to have.
DIAGNOSES = TESTED - {"pulsating_abdomen", "overdose"} | {
    "immunosuppressed",
    "prior_fragility_fracture",
    "gi_bleed_history",
}
PROPOSED = frozenset(
    {
        "pacemaker_icd",
        "spinal_surgery_hardware",
        "mechanical_heart_valve",
        "anticoagulant",
        "antiplatelet",
        "ssri_snri",
    }
    | {
        "oral_steroid_current",
        "steroids_long_term",
        "immunosuppressed",
        "recent_infection_or_spinal_procedure",
    }
    | {
        "current_opioid",
        "current_gabapentinoid",
        "current_benzodiazepine",
        "lithium_or_methotrexate",
        "ace_arb_diuretic",
    }
)
#: What others have may concern the patient; or the words are nothing about an illness.
NEVER = frozenset(
    {"pregnant", "breastfeeding", "smoker", "previous_episode", "constipation_only", "sudden_severe_onset"}
)
OF_OTHERS = frozenset({"spa_family_history", "tb_risk", "safeguarding_concern", "overdose"}) | NEVER
