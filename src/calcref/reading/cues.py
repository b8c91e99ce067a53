"""The cues of denial and doubt, after NegEx (Chapman 2001): plain English, and no medicine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from calcref.knowledge.names import words_of

Cues = Mapping[str, Sequence[tuple[str, ...]]]
"""Phrases by their first word, the longest first."""


def _cues(*phrases: str) -> Cues:
    result: dict[str, list[tuple[str, ...]]] = {}
    for phrase in ",".join(phrases).split(","):
        words = tuple(words_of(phrase))
        result.setdefault(words[0], []).append(words)
    return {first: sorted(items, key=len, reverse=True) for first, items in result.items()}


def cue(words: Sequence[str], place: int, cues: Cues) -> int:
    """Return how many words the longest cue at `place` has, 0 for none."""
    phrases = cues.get(words[place])
    if phrases:
        second = words[place + 1] if place + 1 < len(words) else ""
        for phrase in phrases:
            size = len(phrase)
            if size == 1 or (phrase[1] == second and (size == 2 or tuple(words[place : place + size]) == phrase)):
                return size
    return 0


DENIALS = _cues(
    "no, not, nil, zero, non, un, never, without, neither, nor, scarcely, hardly, absent, absence of, lack of, lacks, lacking, free of",
    "free from, clear of, no contact with, no exposure to",
    "none of, none in, none within, none over, none near, none on, none at, none about, none around, none beside, none outside",
    "none along, none behind, none under, none between, none round",
    "nothing dense, nothing calcified, nothing opaque, nothing abnormal, nothing in, nothing within, nothing over, nothing on, nothing at",
    "nothing about, nothing to suggest, nothing suggestive of, nothing suggests, nothing suggested, nothing points to, nothing indicates",
    "denies, denies any, denies having, denies having had, denies ever having had, denied, denying, deny",
    "never had, never been, never diagnosed with, not had, not been, not yet, not diagnosed with, not known to have, no longer",
    "not in, not within, not on, not over, rather than, instead of, unaccompanied by",
    "no evidence of, no sign of, no history of, no definite, negative for, neg for, excludes, excluded, rules out, ruled out, ruled out for",
    "atypical for, atypical of, not typical of, not typical for",
    "not consistent with, not compatible with, not in keeping with, not associated with, inconsistent with",
    "unlikely, unlikely to be, less likely, failed to show, unable to feel, unable to find",
    "doubt this is, doubt it is, doubt that this is, doubt that it is",
    "cannot see, cannot feel, cannot find, cannot recall, cannot remember, could not feel, could not find",
    "has no, had no, with no, and no, does not have, did not have",
)
"""What denies what follows it."""

NO_DENIAL = _cues(
    "no more than, not only, not just, not merely, no increase, no change, no significant change, not necessarily, not always",
    "not certain, not sure, no improvement, not improving, not improved, not fully, not entirely, no relief, not settling",
    "not exclude, not excluded, not rule out, not ruled out, cannot exclude, cannot rule out, not yet excluded, not yet ruled out",
    "not possible to exclude, not without, never without, without difficulty, without doubt, no doubt, no wonder, no lack, not free",
    "no response to, no benefit from, no treatment for, no effect of, no complications of, no complications from",
    "not heal, not healing, not healed, never healed, never heals, not close, not closing, not closed, not go away, not going away, not remove",
    "not removed, not wash, not washed, not wipe, not wiped, not take off, not taken off",
    "refused to heal, refuses to heal, refusing to heal, refused to settle, refuses to settle, refused to close",
    "no explanation, no good explanation, no clear explanation, no reason, no reason given, no clear cause, no obvious cause, no apparent cause",
    "no known cause, no cause for, no cause found",
    "not helped by, not relieved by, not settled by, not improve, not respond to, not change, not settle",
)
"""What only looks like a denial."""

SEEN = """seen confirmed present visible found identified demonstrated detected shown noted apparent evident recorded reported observed
    appreciated recalled remembered described mentioned known given performed needed required started begun there palpable felt""".split()
"""What something is, if it is there."""


DENIED_AFTER = _cues(
    "unrevealing, not contributory, non contributory, noncontributory, absent, lacking, negative, neg, nil, none, denied, excluded, ruled out",
    "unremarkable, unlikely, less likely, not likely",
    "wrongly diagnosed",
    "not a feature, not the case, never a problem, not raised, not elevated, not suspected, not thought likely, not felt likely, less favored, less favoured",
    *(
        f"{denied} {done}"
        for denied in ("not", "not been", "never", "never been")
        for done in (*SEEN, "taken", "used", "prescribed")
    ),
)
"""What denies what stands before it."""

DOUBTS = _cues(
    "possible, possibly, probable, probably, prob, likely, maybe, perhaps, susp, suspect, suspects, questionable, apparent, appears, suspected, queried, considered",
    "suspicion of, query",
    "may be, might be, could be, could it be, may have, might have, could have, suggestive of, suggesting, suspicious for, suspicious of",
    "rule out, exclude, not exclude, not rule out, concern for, concerning for, worrisome for, concerned about, concerns about, worried about, worries about",
    "differential, ddx, dd, either, vs, versus, doubt, favor, favour, favors, favours, favored, favoured, presumed, presumptive",
    "been read as, was read as, were read as, interpreted as, believed to have, assumed to have, said to be, thought it was, thought they were",
    "suggested, had suggested, thought a, thought an, thought to be, thought to have, assumed to be, believed to be, reported as, queried as",
    "questioned as, asks about, asks whether, asks if",
    "asked whether, asked if",
    "wonders about, wonders whether, wonders if, taken for, put down to, blamed on, attributed to, labelled, labeled, labelled as, labeled as",
    "misdiagnosed as, treated as, initially treated for, first called, taken to be, considered to be",
    "requested for, asked for, camp for, survey for",
    "eval for, evaluate for, evaluation for, assess for, assessment for, question of, equivocal for, look for, looking for",
)
"""What doubts what follows it."""

DIFFERENTIALS = _cues(
    "differential, differentials, differential diagnosis, differential diagnoses, differential includes, ddx, dd, ddx includes"
)
"""What begins a list of what is only thought of."""

NO_DOUBT = _cues(
    *(
        f"{may} be {done}"
        for may in ("could", "can", "may", "might")
        for done in "felt rolled moved palpated pushed seen pressed traced lifted reduced milked followed".split()
    )
)
"""What only looks like a doubt: 'a cord that could be rolled under the skin'."""

DOUBTED_AFTER = _cues(
    "possible, questionable, suspected, queried, suggested, considered, wondered about, feared, doubted, in doubt, questioned, disputed, vs",
    "versus, to be excluded, cannot be excluded",
    "not be excluded, not been excluded",
    "not excluded, not yet excluded, not ruled out, not yet ruled out, not been ruled out, cannot be ruled out, likely, favored, favoured, presumed",
)
"""What doubts what stands before it."""

SET_ASIDE = _cues(
    "awaiting, waiting for, waiting list for, listed for, planned, scheduled for, due for, due to start, booked for, pre op for, preop for",
    "before starting, about to start, consider, considering, considered for, refused, refuses, declined, declines, offered",
    "if, unless, in case of, risk of, at risk of, screen for, screening for, screened for, tested for, testing for, watch for, look out for",
    "radiating to, radiates to, radiated to, radiating down, radiates down",
    "fears, feared, fearing, fear of, resemble, resembles, resembled, akin to, feels like, felt like, pre op assessment for, preop assessment for",
    "preoperative assessment for, work up for, afraid of, scared of, anxious about, reminiscent of, imitating, as though, unrelated to",
    "independent of, remote from, contralateral, interval resolution of, complete resolution of, resolution of the, interval clearing of",
    *(
        f"{then} {film} showed no"
        for then in "prior previous earlier comparison".split()
        for film in "study studies film films radiograph radiographs ct mri xray xr scan".split()
    ),
    "comparison showed no",
    "pointing to, pointing at, points to, points towards, towards, toward, in the direction of, mistaken for, confused with, mimicking, mimics",
    "simulating, simulates, resembling",
    "prevention of, to prevent, prophylaxis for, prophylaxis against, size of, no other, no more, no further",
)
"""What makes what follows neither present nor absent: not yet, not here, only feared or compared with."""

SET_ASIDE_AFTER = _cues(
    "planned, awaited, pending, scheduled, declined, refused, next week, next month, tomorrow",
    *(
        f"in {whose}{relative}"
        for whose in ("", "his ", "her ", "the ", "a ", "an older ", "older ", "younger ")
        for relative in ("mother", "father", "sister", "brother", "sibling", "siblings", "cousin", "aunt", "uncle", "family")
    ),
)
"""What makes what stands before it neither present nor absent."""

OVER = _cues(
    "has gone, have gone, had gone, has resolved, have resolved, had resolved, resolved, has settled, settled, subsided, went away",
    "has disappeared, disappeared, has healed, healed, has cleared, cleared up, is over, no more, not any more, not now",
    *(f"{no} longer {seen}" for no in ("no", "not any") for seen in sorted(SEEN)),
)
"""What says of a complaint that it is over."""

SAVES = _cues("except, apart from, other than, aside from, save for, bar, but for, besides, until")
"""What takes back where a denial was said of: 'nothing over the hip except', 'no change of the knee other than'."""

ENDS = _cues(
    "but, however, although, though, yet, which, because, since, then, now, still, despite, after, while, whereas, only, just, also, w",
    "some, several, slight, cannot, unable, query",
    "film, films, radiograph, radiographs, x ray, xray, xr, ct, mri, ultrasound, shows, showed, showing, with, who, having, have, has, had",
    "reports, reported, presents, presented, presenting, complains, complained, complaining, notices, noticed, noticing, develops, developed",
    "is referred, was referred, was brought, was admitted, containing, contains, measuring, measures, extending, causing",
    "to account, to explain, in a patient, in this patient, except, apart from, other than, aside from, save for, bar, but for, besides, until",
)
"""What ends the reach of a cue."""

RELATIVES = _cues(
    "family history, family history of, family hx, fh, fh of, fhx, in the family, relatives, parent, parents, grandparents",
    "mother, father, mum, mom, dad, brother, brothers, sister, sisters, sibling, siblings, twin, son, sons, daughter, daughters",
    "grandmother, grandfather, grandma, grandpa, granny, gran, nan, grandad, granddad, aunt, uncle, cousin, cousins, niece, nephew",
    "wife, husband, partner, neighbour, neighbor, friend, colleague",
)
"""Whom what follows is said of, and not the patient."""


def denial(words: Sequence[str], place: int) -> int:
    """Return how many words the denial at `place` has, 0 for none and for what only looks like one ('no more than')."""
    return 0 if cue(words, place, NO_DENIAL) else cue(words, place, DENIALS)
