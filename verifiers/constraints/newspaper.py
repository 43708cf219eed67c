"""
What Punkt learnt about English from a newspaper corpus, as far as sentences of responses hang on it.

Written down in place of the corpus' data, which is a download of several hundred kilobytes.
"""

from verifiers.constraints.lexicon import bag

SINGLE_LETTERS = "c d e f g h k l m n p r s t v w"
TITLES = "adm col dr gen jr lt maj messrs mr mrs ms ph.d prof rep reps sen sr m.b.a"
DATES = "jan feb aug sep sept oct nov dec tues wed fri a.m p.m yr"
PLACES = (
    "ariz calif colo conn fla ga ill kan ky mich minn nev okla ore pa tenn va vt wash wis w.va "
    "ave st ft u.k u.n u.s u.s.a u.s.s.r d.c l.a n.c n.d n.h n.j n.m n.y r.i s.c s.g"
)
COMPANIES = "bros cie co corp cos inc ltd n.v b.v s.a s.p.a s.s a.g"
OTHERS = "chg ct mg ok sw vs ala c.v"
INITIALS = (
    "a.a a.c a.d a.h a.m.e a.s a.t b.f c.i.t d.h d.w e.f e.h e.l e.m f.g f.j g.d g.f g.k h.c h.f h.m j.b j.c "
    "j.j j.k j.p j.r l.f l.p m.j r.a r.h r.j r.k r.t t.j w.c w.r w.w"
)
ABBREVIATIONS = bag(" ".join((SINGLE_LETTERS, TITLES, DATES, PLACES, COMPANIES, OTHERS, INITIALS)))
"""Punkt's abbreviations for English: what the newspaper corpus taught, and nothing else."""
NAMES_FOLLOW = bag("mr mrs ms dr prof gen lt maj col rep sen st messrs adm")
"""Abbreviations that stand before names; a capital behind them is no sign of a new sentence."""

STARTERS = bag(
    "according although among both but despite even he however i if in indeed instead it many meanwhile "
    "moreover most nevertheless nonetheless nor sales separately similarly since so some the there these "
    "they this though thus under when while yet "
    "above along always anyone anything ask being besides build check choose consider create develop "
    "does either encourage enjoy ensure establish eventually explore finally follow furthermore hence her "
    "here him imagine include into learn listen need neither nothing okay otherwise overall please provide "
    "remember someone sometimes soon still such suddenly them therefore think tomorrow try unless us were "
    "which within without yes yesterday your"
)
"""Words that start a sentence behind an abbreviation: elsewhere newspapers wrote them small."""
TITLE_WORDS = bag(
    "a about across add additional after again against also an and another any around as at "
    "because been before brief by can come could did do during each every everyone everything find first for "
    "from get give go had has have his how introduction its just keep last later let like look make "
    "may maybe more must my never next no not now of offer often on once one only or other our "
    "over plan perhaps read rather say second see she should start steps summary take tell than that "
    "their then third to today until use usually visit want was we what where who whose why will with would "
    "write you"
)
"""Words that newspapers wrote small and, in names and headings, large: no sign behind an abbreviation."""

HEADED = bag(
    "abreast business commodities cooper corrections credit dividend financing insider international leisure "
    "letters notable pepper review who"
)
"""Words of newspaper headings: behind a number they start no sentence (`4. Review`)."""
