"""Denied, another's, long past, in general, settled: in three languages, and only where it is certain."""

import pytest

from workbench.dialogue.flags.rules import Rule, Rules, ready
from workbench.dialogue.flags.scan import scan

MARKED = {
    "plain": [
        "Jeg har vondt i brystet.",
        "Eg har vondt i bringa.",
        "I have chest pain.",
    ],
    "denied is something else": [
        "Jeg har ikke feber, men vondt i brystet.",
        "Jeg får ikke sove, vondt i brystet.",
        "Det går ikke lenger, jeg har vondt i brystet",
        "Tablettene hjelper ikke mot vondt i brystet.",
        "Får ikke jobbet med brystsmerter.",
        "Ingen feber men brystsmerter.",
        "Ingen feber, brystsmerter.",
        "Jeg har ikke bare vondt i magen, også vondt i brystet.",
        "Ingen feber. Vondt i brystet.",
        "Eg har ikkje feber, men eg har vondt i brystet.",
        "Eg har no vondt i brystet.",
        "No fever, but chest pain.",
        "It does not stop. I have chest pain.",
        "I can't sleep because of chest pain.",
        "Not only a cough, also chest pain.",
    ],
    "the denial belongs to the words": [
        "Jeg får ikke puste.",
        "Eg får ikkje pusta.",
        "I can't breathe.",
        "Neseblodet vil ikke stoppe.",
        "The bleeding won't stop.",
    ],
    "never like this, not before: it is here now": [
        "Jeg har aldri før hatt så vondt i brystet.",
        "Eg har aldri hatt så vondt i brystet som no.",
        "Har ikke hatt sånne brystsmerter før.",
        "Brystsmerter har jeg ikke hatt før nå.",
        "Vondt i brystet har jeg ikke hatt før i natt.",
        "Har aldri opplevd lignende brystsmerter.",
        "I've never had chest pain like this.",
        "Chest pain I have not had before today.",
        "I have never felt so breathless.",
    ],
    "a denial that is denied": [
        "Ikke en dag uten brystsmerter.",
        "Eg kan ikkje gå i trappa utan å få vondt i brystet.",
        "Det går ikke en natt uten at jeg våkner av brystsmerter.",
        "I can't climb the stairs without getting chest pain.",
        "Not a day without chest pain.",
    ],
    "what is denied is the verb": [
        "Paracet tar ikke brystsmertene.",
        "Ingen tar brystsmertene mine på alvor.",
        "Ingen har sjekket brystsmertene mine.",
        "Jeg kan ikke lenger ignorere brystsmertene.",
        "I can no longer ignore the chest pain.",
        "Jeg har ikke noe annet enn brystsmerter å klage på.",
    ],
    "not there but here": [
        "Smertene sitter ikke i magen, men i brystet.",
        "Vondt ikke bare i magen men i brystet.",
        "The pain is not in my stomach but in my chest.",
    ],
    "another has it now": [
        "Faren min har vondt i brystet nå.",
        "Mamma har vondt i brystet.",
        "Far min fekk vondt i brystet i natt.",
        "Mora mi har vondt i brystet.",
        "My father has chest pain.",
        "My mother had chest pain last night.",
        "Sønnen min hadde krampeanfall i dag.",
        "Dottera mi svima av.",
        "My son had a seizure.",
    ],
    "long ago, and again": [
        "Jeg hadde vondt i brystet for fem år siden, og nå har det kommet tilbake.",
        "Jeg hadde hjerteinfarkt i 2015 og har vondt i brystet.",
        "Eg hadde infarkt for ti år sidan og har no vondt i brystet.",
        "I had a heart attack in 2015 and now I have chest pain.",
        "Vondt i brystet, begynte for en time siden.",
        "Chest pain that started two hours ago.",
        "Jeg har hatt vondt i brystet siden jeg var hos deg for to måneder siden.",
        "Chest pain every day since I saw you two months ago.",
        "For fem år siden hadde jeg infarkt, dette kjennes likt: press i brystet.",
        "Brystsmertene fra tidligere er tilbake.",
        "Chest pain in the past hour.",
        "Jeg har vondt i brystet som jeg aldri har hatt tidligere.",
    ],
    "when I was somewhere, which may be yesterday": [
        "Besvimte da jeg var på butikken.",
        "Fikk vondt i brystet da jeg var i bakken på ski.",
        "Eg svima av då eg var på butikken.",
        "I fainted when I was at the shop.",
    ],
    "asked in general, and has it": [
        "Kan Imovane gi brystsmerter? Har hatt det siden i går.",
        "Leste at svart avføring kan være farlig, og det har jeg hatt i to dager.",
        "Leste om symptomene på slag, og mor har munnvik som henger.",
        "Hva gjør jeg hvis brystsmertene ikke gir seg?",
        "Jeg fikk bivirkninger av medisinen: hevelse i tunga og tett hals.",
        "Can the pill cause chest pain? I have had it since Friday.",
    ],
    "afraid, and has it": [
        "Jeg er redd for å få hjerteinfarkt, jeg har vondt i brystet.",
        "Er dette farlig, jeg har vondt i brystet?",
        "I'm afraid of getting a stroke, I have chest pain now.",
    ],
    "settled, and back": [
        "Legen sa det var ufarlig, men nå har jeg vondt i brystet igjen.",
        "Brystsmertene gikk over, men har begynt igjen.",
        "Brystsmertene er undersøkt og blir verre.",
        "The chest pain went away but has come back.",
    ],
    "settled by nobody but the patient": [
        "Jeg har vondt i brystet, men det er sikkert ufarlig.",
        "Vondt i brystet siden i går, håper det er ufarlig.",
        "Eg har vondt i brystet, men det er nok ufarleg.",
        "Svart avføring i tre dager, men det er vel ufarlig?",
        "Kan dere si om brystsmertene mine er ufarlige?",
        "Chest pain since last night, probably harmless.",
        "I've had chest pain for two days, I'm sure it's nothing to worry about.",
        "Is chest pain harmless at my age?",
    ],
    "not looked at yet": [
        "Brystsmertene mine er aldri blitt undersøkt.",
        "Jeg ønsker å bli undersøkt for brystsmerter.",
        "De har ikke avkreftet blodpropp, leggen er hoven og vond.",
        "Jeg har sjekket temperaturen, 40 i feber og stiv nakke.",
        "My chest pain has not been checked yet.",
    ],
    "something else was settled": [
        "Blodprøvene var fine sa dere, brystsmertene er der hver dag.",
        "Ble operert på mandag, nå er leggen hoven og vond.",
        "Ble skrevet ut i går med brystsmerter, de er like ille.",
        "I was discharged on Monday, now my wound is bleeding a lot.",
    ],
    "it only went away": [
        "Mistet synet på høyre øye i ti minutter, så gikk det over.",
        "Brystsmertene i går gikk over.",
        "Eg vart lam i armen i dag, men det gjekk over.",
        "My speech was slurred this morning but it went away.",
    ],
}
QUIET = {
    "denied": [
        "Jeg har ikke vondt i brystet.",
        "Jeg har ikke hatt vondt i brystet.",
        "Ingen brystsmerter.",
        "Ingen feber, brystsmerter eller hoste.",
        "Har verken brystsmerter eller feber.",
        "Uten brystsmerter.",
        "Brystsmerter har jeg ikke.",
        "Brystsmerter: nei",
        "Brystsmerter? Nei.",
        "Eg har ikkje vondt i brystet.",
        "Ingen feber, brystsmerter eller hoste no.",
        "Eg har aldri hatt brystsmerter.",
        "Har ikke feber og er uten brystsmerter.",
        "Heldigvis ikke brystsmerter.",
        "Har du vondt i magen men ikke i brystet?",
        "I no longer have chest pain.",
        "I have no chest pain.",
        "No fever, chest pain or cough.",
        "I don't have chest pain.",
        "She denies chest pain.",
        "Chest pain: no",
        "Never had chest pain.",
    ],
    "another's, past": [
        "Faren min hadde brystsmerter.",
        "Far min døydde av brystsmerter.",
        "Mora mi hadde brystsmerter.",
        "My father had chest pain.",
        "My grandmother died of chest pain.",
        "Brystsmerter i familien.",
        "Family history of chest pain.",
    ],
    "long past": [
        "Jeg hadde vondt i brystet for fem år siden.",
        "I 2015 hadde jeg brystsmerter.",
        "Eg hadde vondt i brystet for ti år sidan.",
        "Som barn hadde jeg vondt i brystet.",
        "I had chest pain two years ago.",
        "When I was young I had chest pain.",
        "Jeg hadde krampeanfall da jeg var 8.",
        "Da jeg var gravid hadde jeg blødning.",
        "I fjor hadde eg brystsmerter.",
    ],
    "in general": [
        "Kan man få vondt i brystet av kaffe?",
        "Hva om jeg får vondt i brystet?",
        "Hva er risikoen for brystsmerter?",
        "Kva om eg får vondt i brystet?",
        "Can you get chest pain from coffee?",
        "Kan man få vondt i brystet av kaffe? Det har jeg ikke.",
        "What if I get chest pain?",
        "Is there a risk of chest pain?",
    ],
    "settled": [
        "Brystsmertene er undersøkt.",
        "Legen sa det var ufarlig, brystsmertene.",
        "Brystsmertene er undersøkt og var ufarlege.",
        "The chest pain has been checked and was harmless.",
    ],
    "a figure of speech": [
        "Jeg holder på å dø av latter.",
        "I'm dying to know.",
        "Det var et slag i trynet.",
        "Eg held på å døy av latter.",
    ],
}


@pytest.mark.parametrize("text", [text for texts in MARKED.values() for text in texts])
def test_words_that_count_are_marked(rules: Rules, text: str) -> None:
    assert scan(text, rules)


@pytest.mark.parametrize("text", [text for texts in QUIET.values() for text in texts])
def test_words_that_certainly_do_not_count_are_not(rules: Rules, text: str) -> None:
    assert not scan(text, rules)


@pytest.mark.parametrize("text", [text for texts in QUIET.values() for text in texts])
@pytest.mark.parametrize("urgent", ["Jeg har vondt i brystet.", "Eg får ikkje puste.", "I want to die."])
def test_what_one_sentence_denies_another_may_say(rules: Rules, text: str, urgent: str) -> None:
    assert scan(f"{text}{'' if text[-1] in '.?' else '.'} {urgent}", rules)
    assert scan(f"{urgent}\n{text}", rules)


def test_no_is_now_in_nynorsk_and_denies_in_english(rules: Rules) -> None:
    assert scan("Eg har no brystsmerter.", rules)
    assert not scan("I have no chest pain.", rules)


def test_a_line_that_is_broken_denies_nothing_on_the_next(rules: Rules) -> None:
    assert scan("ikke feber\nvondt i brystet", rules)


SMALL = ready(
    [Rule("x", {"nb": "x"}, {"nb": ("smerter",)})],
    {},
    {"norwegian": {"deny": ("ingen",), "deny_verb": ("ikke",), "settled": ("ufarlig",), "again": ("verre",)}},
)
"""One phrase and few small words, so that nothing else can mark."""


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("ikke smerter", False),
        ("ikke jobbet smerter", True),
        ("ingen voldsomme smerter", False),
        ("ingen tablett tar smerter", True),
        ("smerter var ufarlig", False),
        ("smerter var ufarlig og er verre", True),
    ],
)
def test_a_denial_reaches_over_few_words_and_what_is_worse_is_not_settled(text: str, marked: bool) -> None:
    assert bool(scan(text, SMALL)) is marked
