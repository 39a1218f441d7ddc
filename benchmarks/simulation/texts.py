"""The Dutch texts between the tables."""

from __future__ import annotations

from benchmarks.simulation.agreement import BEFORE, CHANGE, DISCORDANCE
from benchmarks.simulation.chances import (
    ALPHA,
    FEWER,
    FEWEST,
    REPEATS,
    SEED,
    SIZES,
    simulation_error,
)
from benchmarks.simulation.coverage import POPULATION
from benchmarks.simulation.groups import GROUP_SIZES
from benchmarks.simulation.sizes import ITEMS
from benchmarks.simulation.strength import DEVIATION, SHARE_BEFORE
from benchmarks.simulation.weights import REGISTER, RESPONSE, respondents
from surveys.dutch import format_number, format_percentage


def format_count(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def enumerate_words(words: list[str]) -> str:
    return f"{', '.join(words[:-1])} en {words[-1]}"


_ERRORS = enumerate_words(
    [
        f"{format_number(100 * simulation_error(ALPHA, repeats))} bij {format_count(repeats)}"
        for repeats in (REPEATS, FEWER, FEWEST)
    ]
)
_CELLS = enumerate_words([str(size) for size in REGISTER])
_PARTS = enumerate_words([format_percentage(part) for part in RESPONSE])
_GROUPS = enumerate_words([str(size) for size in GROUP_SIZES])

INTRODUCTION = f"""# Houden de toetsen en intervallen wat ze beloven?

Deze pagina is gemaakt met

```sh
.venv/bin/python -m benchmarks simulation
```

en komt elke keer op hetzelfde uit (zaad {SEED}). Ze gebruikt de functies waarmee de monitor ook
zelf rekent. De aantallen: {SIZES[0]} regio's in beide metingen, {SIZES[1]} in 2024 en
{SIZES[2]} gevraagd.

*Exact* betekent dat alle mogelijke tabellen zijn nagegaan, elk met zijn kans. Anders staat er
hoe vaak is getrokken. De simulatiefout (bij 5%, met 95% zekerheid) is in procentpunten
{_ERRORS} trekkingen. **Vet** is wat na aftrek van die fout nog
buiten de norm valt. Van de getrokken kansen die precies op de norm liggen, is dat er 1 op de 40.
"""
SIZES_TEXT = """## Vals alarm

Hoe vaak geeft een toets een ster terwijl er niets is veranderd? Dat mag hooguit 5% zijn. Fisher en
de exacte McNemar beloven dat altijd. De andere mikken erop, en komen er soms iets boven uit.
'Hoogste waarde' is de hoogste over alle hele percentages.

### Twee metingen
"""
WRONG_TEXT = """### De verkeerde toets

Dezelfde regio's antwoorden twee keer. Wie dan toch Fisher gebruikt, alsof het verschillende regio's
waren, krijgt te weinig sterren: ook waar iets veranderde. De kans op een ster, exact:
"""
FAMILY_TEXT = f"""### {ITEMS} vragen in een tabel

De kans op minstens een ster bij {ITEMS} vragen waarin niets veranderde; McNemar mid-p, 30% wisselt.
Bij 'hangen samen' volgt de helft van de antwoorden een verandering die de regio bij alle vragen
gemeen heeft.
"""
_OVERLAP = """De kolommen: zoveel paren + zoveel regio's in alleen de eerste + in alleen de tweede
meting.
"""
OVERLAP_TEXT = f"""### Een deel in beide metingen

De nevenuitkomst over alle regio's.
{_OVERLAP}"""
WAVES_TEXT = """### Drie metingen van dezelfde regio's

GEE is over alle antwoorden, de andere toetsen zijn over wie elke keer antwoordde.
"""
OTHER_WAVES_TEXT = """### Drie metingen van andere regio's

Elke meting n andere regio's.
"""
GROUPS_TEXT = f"""### Drie groepen

Elke groep heeft een derde van de regio's ({_GROUPS}); bij andere regio's is dat in elke meting.
Of de groepen verschillen in niveau of in verandering, terwijl dat niet zo is:
"""
EQUIVALENCE_TEXT = """### Ten onrechte gelijkwaardig

Hoe vaak heet een verandering gelijkwaardig, terwijl zij precies zo groot is als de marge? Ook dat
mag hooguit 5% zijn. Bij weinig regio's of veel wisselingen is het bijna 0%: het interval is dan
vrijwel altijd breder dan de marge.
"""
WEIGHTS_TEXT = f"""### Gewogen toetsen

Drie cellen, met {_CELLS} regio's in het register. Van wie antwoordt
komt {_PARTS} daaruit; er wordt gewogen naar het register. De gelineariseerde
standaardfout valt bij kleine cellen iets te klein uit: bij n = {SIZES[0]} heeft de kleinste cel
{respondents(SIZES[0])[-1]} regio's.
"""
COVERAGE_TEXT = f"""## Intervallen

Hoe vaak ligt de ware waarde in het 95%-interval? Hypergeometrisch en Clopper-Pearson beloven
minstens 95%. De andere mikken op 95%, en komen er bij een gegeven waarde iets boven of onder uit.
De kansen over een eindige populatie gaan over steekproeven uit {POPULATION} regio's; wie alle
{POPULATION} heeft, hoeft niets te schatten en heeft een streepje.

### Aandelen en hun verandering
"""
MEANS_TEXT = "### Gemiddelden, hun verandering en alfa\n"
OVERLAP_COVERAGE_TEXT = f"""### Over alle antwoorden

{_OVERLAP}"""
WEIGHTED_COVERAGE_TEXT = """### Gewogen cijfers

Dezelfde drie cellen. Een t-interval reikt naar beide kanten even ver, en is daarom te krap bij een
aandeel dicht bij 100%. De correctie voor een eindige populatie is één factor voor alle cellen,
ook waar uit de ene cel een groter deel antwoordt dan uit de andere.
"""
AGREEMENT_TEXT = f"""## Ster en interval

Zeggen ster en interval hetzelfde? Geteld over alle mogelijke tabellen van n paren, of bij Fisher
n regio's per meting. 'Kans' is die op een verschil bij een stijging van
{format_percentage(BEFORE)} naar {format_percentage(BEFORE + CHANGE)}, als van de paren
{format_percentage(DISCORDANCE)} wisselt.
"""
POWER_TEXT = """## Kans om een verandering te zien

McNemar mid-p, exact. 'Wisselt' is het deel van de regio's dat een ander antwoord geeft, omhoog of
omlaag. De verandering is het verschil tussen die twee. Groter dan het deel dat wisselt kan zij niet
zijn: daar staat een streepje.
"""
GRADE_TEXT = f"""Gepaarde t-toets van een rapportcijfer, bij normaal verdeelde verschillen met
standaardafwijking {format_number(DEVIATION)} (exact):
"""
NEEDED_TEXT = f"""## Hoeveel regio's moeten antwoorden?

Het kleinste aantal waarbij een verandering met 80% kans een ster krijgt. 'Paren': zoveel regio's in
beide metingen. 'Verschillende regio's': zoveel per meting, met Fisher (aandeel vanaf
{format_percentage(SHARE_BEFORE)}) of Welch (standaardafwijking {format_number(DEVIATION)}).
"""
