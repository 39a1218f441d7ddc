"""Every fault that a definition file can have: how to make it, and how it must be told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

DEFINITIONS = Path(__file__).parents[1] / "definitions"
RIGHT = (DEFINITIONS / "references.toml").read_text(encoding="utf-8")
PREVIOUS = (DEFINITIONS / "previous_answers.toml").read_text(encoding="utf-8")
SCORED = (DEFINITIONS / "scores.toml").read_text(encoding="utf-8")

JUDGEMENT = "sections 'eerste' > items 'oordeel'"
MATRIX = "sections 'eerste' > items 'rooster'"
BUSY = "sections 'eerste' > items 'bezig'"
FORMS = "sections 'tweede' > items 'vormen'"
GRADE = "sections 'tweede' > items 'cijfer'"
REASON = "sections 'tweede' > items 'uitleg'"
SCALES, GRADES = "sections 'schalen' > score", "sections 'cijfers' > score"
FIRST, SECOND = "comparability of section 'eerste'", "comparability of section 'tweede'"

# What is done to the right file, and every fault that must be told of it.
FAULTS: dict[str, tuple[Any, ...]] = {
    "section id used twice": (
        ('id = "tweede"', 'id = "eerste"'),
        "sections: id 'eerste' is used more than once",
        *(f"{FIRST}: concept '{name}' has no status" for name in ("vormen", "cijfer", "uitleg")),
        *(f"{SECOND}: unknown concept '{name}'" for name in ("vormen", "cijfer", "uitleg")),
    ),
    "scale id used twice": (
        ('id = "eens"\n', 'id = "mate"\n'),
        "scales: id 'mate' is used more than once",
        f"{MATRIX}: unknown scale 'eens'",
    ),
    "item id used twice": (
        ('id = "cijfer"', 'id = "bezig"'),
        "items: id 'bezig' is used more than once",
    ),
    "row id used twice": (
        ('id = "rij_twee"', 'id = "rij_een"'),
        "items: id 'rij_een' is used more than once",
    ),
    "matrix named as an item": (
        ('id = "rooster"', 'id = "cijfer"'),
        "items: id 'cijfer' is used more than once",
    ),
    "index named as an item": (
        ('id = "vormen_index"', 'id = "cijfer"'),
        "items: id 'cijfer' is used more than once",
    ),
    "code used twice in a scale": (
        ('{ code = "eens", label', '{ code = "oneens", label'),
        "scales 'eens': code 'oneens' is used more than once",
    ),
    "code used twice in an item": (
        ('{ code = "b", label', '{ code = "a", label'),
        f"{FORMS}: code 'a' is used more than once",
    ),
    "code used twice in an index": (
        ('code = "wel"', 'code = "niet"'),
        "indexes 'vormen_index': code 'niet' is used more than once",
    ),
    "share id used twice": (
        ('id = "weinig", label', 'id = "veel", label'),
        "scales 'mate': share 'veel' is named twice",
    ),
    "concept asked twice in a section": (
        ('concept = "rij_twee"', 'concept = "rij_een"'),
        "sections 'eerste': concept 'rij_een' is used more than once",
        f"{FIRST}: unknown concept 'rij_twee'",
    ),
    "code reserved for missing answers": (
        ('{ code = "b", label', '{ code = "nvt", label'),
        f"{FORMS}: code 'nvt' is reserved for missing answers",
    ),
    "unknown scale": (
        ('scale = "mate"', 'scale = "matte"'),
        f"{JUDGEMENT}: unknown scale 'matte'",
    ),
    "unknown scale of a matrix": (
        ('scale = "eens"', 'scale = "eans"'),
        f"{MATRIX}: unknown scale 'eans'",
    ),
    "condition on a later item": (
        ('item = "bezig", codes = ["ja"]', 'item = "cijfer", codes = [7]'),
        f"{FORMS}: condition on later item 'cijfer'",
    ),
    "condition on an unknown item": (
        ('item = "bezig"', 'item = "bezi"'),
        f"{FORMS}: condition on unknown item 'bezi'",
    ),
    "condition on a matrix as a whole": (
        ('item = "bezig", codes = ["ja"]', 'item = "rooster", codes = ["eens"]'),
        f"{FORMS}: condition on unknown item 'rooster'",
    ),
    "condition on itself": (
        ('item = "bezig", codes = ["ja"]', 'item = "vormen", codes = ["a"]'),
        f"{FORMS}: condition on itself",
    ),
    "condition of a matrix on its own row": (
        ('text = "Een matrix"', 'text = "X"\ncondition = { item = "rij_twee", codes = ["eens"] }'),
        f"{MATRIX}: condition on itself",
    ),
    "condition on a code that the item lacks": (
        ('item = "vormen", codes = ["a"]', 'item = "vormen", codes = ["a", "c"]'),
        f"{REASON}: condition names code 'c', which item 'vormen' does not have",
    ),
    "condition on a grade that cannot be given": (
        ('item = "vormen", codes = ["a"]', 'item = "cijfer", codes = [11]'),
        f"{REASON}: condition names code '11', which item 'cijfer' does not have",
    ),
    "condition without codes": (
        ('codes = ["ja"]', "codes = []"),
        f"{FORMS} > condition: 'codes' has 0",
    ),
    "condition on an item without codes": (
        (
            '\n[[indexes]]\nid = "vormen_index"',
            '\n[[sections.items]]\ntype = "short_text"\nid = "slot"\nconcept = "slot"\n'
            'text = "Slot"\ncondition = { item = "uitleg", codes = ["x"] }\n'
            '\n[[indexes]]\nid = "vormen_index"',
        ),
        "sections 'tweede' > items 'slot': condition on item 'uitleg', which has no codes",
        f"{SECOND}: concept 'slot' has no status",
    ),
    "share that names no code": (
        ("codes = [3] }", "codes = [] }"),
        "scales 'mate' > shares 'veel': names no code",
    ),
    "share that names an unknown code": (
        ("codes = [3] }", "codes = [3, 4] }"),
        "scales 'mate' > shares 'veel': names code '4', which the scale does not have",
    ),
    "choice without a code": (
        ('{ code = "b", label = "Vorm b" }', '{ label = "Vorm b" }'),
        f"{FORMS} > choices 2 ('Vorm b'): has no 'code'",
    ),
    "choice without anything": (
        ('{ code = "b", label = "Vorm b" }', "{}"),
        f"{FORMS} > choices 2: has no 'code'",
        f"{FORMS} > choices 2: has no 'label'",
    ),
    "row without an id": (
        ('{ id = "rij_een", ', "{ "),
        f"{MATRIX} > rows 1 ('Rij een'): has no 'id'",
    ),
    "unknown key of the questionnaire": (
        ('wave = "2024"', 'wave = "2024"\nmeting = "2024"'),
        "questionnaire: unknown key 'meting'",
    ),
    "unknown key of an item": (
        ('text = "Bent u bezig?"', 'text = "Bent u bezig?"\nverplicht = true'),
        f"{BUSY}: unknown key 'verplicht'",
    ),
    "unknown key of a choice": (
        ("exclusive = true", "alone = true"),
        f"{FORMS} > choices 'geen': unknown key 'alone'",
    ),
    "unknown type": (
        ('type = "yes_no"', 'type = "yesno"'),
        f"{BUSY}: unknown type 'yesno'",
        f"{FORMS}: condition on item 'bezig', which has no codes",
    ),
    "no type": (('type = "grade"\n', ""), f"{GRADE}: has no 'type'"),
    "number for a text": (
        ('version = "2"', "version = 2"),
        "questionnaire: 'version' is 2, not a text",
    ),
    "text for true or false": (
        ("exclusive = true", 'exclusive = "ja"'),
        f"{FORMS} > choices 'geen': 'exclusive' is 'ja'",
    ),
    "text for a whole number": (
        ("maximum = 10", 'maximum = "10"'),
        f"{GRADE}: 'maximum' is '10', not a whole number",
    ),
    "text for a list": (
        ('codes = ["ja"]', 'codes = "ja"'),
        f"{FORMS} > condition: 'codes' is 'ja', not a list",
    ),
    "text for a table": (
        ('{ code = "b", label = "Vorm b" }', '"Vorm b"'),
        f"{FORMS} > choices 2: it is 'Vorm b', not a table",
    ),
    "list for an id": (
        ('id = "cijfer"', 'id = ["cijfer"]'),
        "sections 'tweede' > items \"['cijfer']\": 'id' is ['cijfer'], not a text",
    ),
    "capitals in an id": (
        ('id = "uitleg"', 'id = "Uitleg"'),
        "sections 'tweede' > items 'Uitleg': 'id' is 'Uitleg'",
    ),
    "item without a text": (('text = "Waarom?"\n', ""), f"{REASON}: has no 'text'"),
    "scale item without a text": (
        ('text = "Een oordeel"\n', ""),
        f"{JUDGEMENT}: has no 'text'",
    ),
    "empty text": (('text = "Waarom?"', 'text = " "'), f"{REASON}: 'text' is empty"),
    "questionnaire without an id": (('id = "references"\n', ""), "questionnaire: has no 'id'"),
    "minimum above maximum": (
        ("minimum = 1\nmaximum = 10", "minimum = 10\nmaximum = 1"),
        f"{GRADE}: minimum 10 is not below maximum 1",
    ),
    "minimum above the maximum that a grade has by itself": (
        ("minimum = 1\nmaximum = 10", "minimum = 12"),
        f"{GRADE}: minimum 12 is not below maximum 10",
    ),
    "grade below zero": (
        ("minimum = 1\n", "minimum = -1\n"),
        f"{GRADE}: 'minimum' is -1",
    ),
    "concept forgotten in the comparability": (
        ('"rij_een", "rij_twee", "bezig"', '"rij_een", "rij_twee"'),
        f"{FIRST}: concept 'bezig' has no status",
    ),
    "unknown concept in the comparability": (
        ('"rij_twee", "bezig"]', '"rij_twee", "bezig", "iets"]'),
        f"{FIRST}: unknown concept 'iets'",
    ),
    "concept with two statuses": (
        ('["vormen", "cijfer"', '["vormen", "vormen", "cijfer"'),
        f"{SECOND}: concept 'vormen' is named more than once",
    ),
    "unknown status": (
        ('status = "reworded"', 'status = "changed"'),
        "comparability > changes 4 ('tweede'): 'status' is 'changed'",
    ),
    "rescaled without recode": (
        ("recode = { 1 = 1, 2 = 1, 3 = 2, 4 = 3 }\n", ""),
        f"{FIRST}: concept 'oordeel' is rescaled without a recode",
    ),
    "recode to an unknown code": (
        ("4 = 3 }", "4 = 4 }"),
        f"{FIRST}: recode of concept 'oordeel' names code '4', which the item does not have",
    ),
    "recode of what is not rescaled": (
        ('status = "reworded"', 'status = "reworded"\nrecode = { a = "b" }'),
        f"{SECOND}: a recode with status 'reworded'",
    ),
    "dropped but asked": (
        ('concepts = ["vroeger"]', 'concepts = ["vroeger", "bezig"]'),
        f"{FIRST}: concept 'bezig' is 'dropped' but asked",
        f"{FIRST}: concept 'bezig' is named more than once",
    ),
    "index on an item that is not multiple": (
        ('item = "vormen"\n', 'item = "cijfer"\n'),
        "indexes 'vormen_index': item 'cijfer' is no multiple item",
    ),
    "index on an unknown item": (
        ('item = "vormen"\n', 'item = "vorm"\n'),
        "indexes 'vormen_index': item 'vorm' is no multiple item",
    ),
    "index levels that do not begin at 0": (
        ("minimum = 0 }", "minimum = 1 }"),
        "indexes 'vormen_index': the levels do not rise from 0",
    ),
    "index levels that fall": (
        ('label = "wel", minimum = 1 }', 'label = "wel", minimum = 0 }'),
        "indexes 'vormen_index': the levels do not rise from 0",
    ),
    "text without Dutch": (
        ('text = "Waarom?"', 'text = { en = "Why?" }'),
        f"{REASON}: 'text' has no text in the main language 'nl'",
        f"{REASON} > text: unknown language 'en'",
    ),
}

# The same for the file with scores.
FAULTS_IN_SCORES: dict[str, tuple[Any, ...]] = {
    "score of a section with nothing to score": (
        (
            'title = "Zonder score"',
            'title = "X"\nscore = { id = "rest", concept = "rest", text = "X", minimum = 1 }',
        ),
        "sections 'rest' > score: the section has nothing to score",
    ),
    "scored items on different scales": (
        ('text = "Een matrix"\nscale = "mate"', 'text = "Een matrix"\nscale = "eens"'),
        f"{SCALES}: the scored items are on different scales: mate, eens",
    ),
    "scored item on an unknown scale": (
        ('text = "Een matrix"\nscale = "mate"', 'text = "Een matrix"\nscale = "mat"'),
        "sections 'schalen' > items 'rooster': unknown scale 'mat'",
    ),
    "scored grades between different bounds": (
        ("maximum = 10", "minimum = 0"),
        f"{GRADES}: the scored items are on different scales: 1 to 10, 0 to 10",
    ),
    "score of fewer than one item": (
        ("minimum = 1", "minimum = 0"),
        f"{GRADES}: 'minimum' is 0",
    ),
    "score of more items than there are": (
        ("minimum = 2", "minimum = 4"),
        f"{SCALES}: minimum 4 is more than the number of scored items",
    ),
    "score of more grades than there are": (
        ("minimum = 1", "minimum = 3"),
        f"{GRADES}: minimum 3 is more than the number of scored items",
    ),
    "score without a minimum": (
        ("minimum = 2\n", ""),
        f"{SCALES}: has no 'minimum'",
    ),
    "score named as an item": (
        ('id = "schalen_score"', 'id = "bezig"'),
        "items: id 'bezig' is used more than once",
    ),
    "score named as an index": (
        ('id = "schalen_score"', 'id = "vormen_index"'),
        "items: id 'vormen_index' is used more than once",
    ),
    "score named as another score": (
        ('id = "schalen_score"', 'id = "cijfers_score"'),
        "items: id 'cijfers_score' is used more than once",
    ),
    "score on a concept that is asked": (
        ('concept = "schalen_score"', 'concept = "rij_twee"'),
        "sections 'schalen': concept 'rij_twee' is used more than once",
    ),
    "score on the concept of an index": (
        ('concept = "vormen_index"', 'concept = "cijfers_score"'),
        "sections 'cijfers': concept 'cijfers_score' is used more than once",
    ),
    "unknown key of a score": (
        ("minimum = 1", "minimum = 1\nmaximum = 2"),
        f"{GRADES}: unknown key 'maximum'",
    ),
    "score that is no table": (
        ('title = "Zonder score"', 'title = "X"\nscore = 6'),
        "sections 'rest': 'score' is 6, not a table",
    ),
}

_IN_BLOCK = "sections 'blok' > items"

# The same for the file with previous answers.
FAULTS_IN_PREVIOUS: dict[str, tuple[Any, ...]] = {
    "unknown policy for the previous answer": (
        ('previous = "after"', 'previous = "always"'),
        f"{_IN_BLOCK} 'schaal': 'previous' is 'always'",
    ),
    "previous answer of a text": (
        ('id = "kort"', 'id = "kort"\nprevious = "after"'),
        f"{_IN_BLOCK} 'kort': 'previous' is 'after', but texts are not compared with the wave "
        "before",
    ),
    "policy of a row apart from its matrix": (
        ('text = "Van het een" }', 'text = "Van het een", previous = "after" }'),
        f"{_IN_BLOCK} 'rooster' > rows 'rij_een': unknown key 'previous'",
    ),
    "move asked about without a policy": (
        ('previous = "after"\nask_about_move = 2', "ask_about_move = 2"),
        f"{_IN_BLOCK} 'schaal': 'ask_about_move' on an item that never shows the previous answer",
    ),
    "move asked about with a policy of never": (
        ('"after"\nask_about_move = 2', '"never"\nask_about_move = 2'),
        f"{_IN_BLOCK} 'schaal': 'ask_about_move' on an item that never shows the previous answer",
    ),
    "move on an item without ordered choices": (
        ('id = "vormen"', 'id = "vormen"\nask_about_move = 1'),
        f"{_IN_BLOCK} 'vormen': 'ask_about_move' on an item without ordered choices",
    ),
    "move between yes and no": (
        ('id = "bezig"', 'id = "bezig"\nask_about_move = 1'),
        f"{_IN_BLOCK} 'bezig': 'ask_about_move' on an item without ordered choices",
    ),
    "move on a number": (
        ('id = "uren"', 'id = "uren"\nask_about_move = 1'),
        f"{_IN_BLOCK} 'uren': 'ask_about_move' on an item without ordered choices",
    ),
    "move larger than the scale": (
        ("ask_about_move = 2", "ask_about_move = 4"),
        f"{_IN_BLOCK} 'schaal': 'ask_about_move' is 4, but the largest possible move is 3",
    ),
    "move larger than the scale of a matrix": (
        ('"before"\nask_about_move = 3\nrows', '"before"\nask_about_move = 9\nrows'),
        f"{_IN_BLOCK} 'rooster': 'ask_about_move' is 9, but the largest possible move is 3",
    ),
    "move larger than the grades": (
        (
            'u?"\nprevious = "before"\nask_about_move = 3',
            'u?"\nprevious = "before"\nask_about_move = 10',
        ),
        f"{_IN_BLOCK} 'cijfer': 'ask_about_move' is 10, but the largest possible move is 9",
    ),
    "move of no step": (
        ("ask_about_move = 2", "ask_about_move = 0"),
        f"{_IN_BLOCK} 'schaal': 'ask_about_move' is 0",
    ),
    "move of half a step": (
        ("ask_about_move = 2", "ask_about_move = 1.5"),
        f"{_IN_BLOCK} 'schaal': 'ask_about_move' is 1.5, not a whole number",
    ),
}
