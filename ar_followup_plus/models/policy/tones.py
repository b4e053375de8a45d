"""Tones of a level, mildest first (pure).

A level's place on a ladder is its delay after the due date and its tone, so
that an item keeps its place when the policy changes.
"""

TONES = ("courtesy", "friendly", "firm", "final")
TONE_RANK = {tone: rank for rank, tone in enumerate(TONES)}

COURTESY, FRIENDLY, FIRM, FINAL = range(len(TONES))
#: from here on it is for whoever decides, and the manager knows of it
FIRM_TONES = TONES[FIRM:]
