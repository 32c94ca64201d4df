"""Cases of questionnaire."""

MOOD = '      - {id: C, title: {da: C, en: C}, when: "true", side: poor, source: L11}\n'

CAUGHT = {
    "class-id": ([("id: B, title", "id: A, title")], "A,", "two classes 'A'", "rename", "error"),
    "class-side": (
        [('"answers_in(3, 3) == 2", side: good', '"answers_in(3, 3) == 2", side: god')],
        "god",
        "no side 'god'",
        "'good'",
        "error",
    ),
    "side-unused": ([(MOOD, MOOD.replace("poor", "good"))], "poor", "no class belongs", "remove", "warning"),
    "answer-label": ([("answers: {1:", "answers: {4:")], "4", "not on the scale", "widen", "error"),
    "questionnaire-cadence": (
        [("    cadence: asking", "    cadence: talk")],
        "talk",
        "not by answers",
        "questionnaire_answered",
        "error",
    ),
    "answers-on-scale": (
        [('"answers_in(3, 3) == 2"', '"answers_in(3, 4) == 2"')],
        "4",
        "no answer is 4: the scale runs from 1 to 3",
        "widen",
        "error",
    ),
    "class-hits": (
        [('"answers_in(3, 3) == 2"', '"answers_in(3, 3) == 3"')],
        '"answers_in',
        "'A' can never be given: no answer",
        "Correct",
        "error",
    ),
    "class-gap": (
        [(MOOD, MOOD.replace('"true"', "work >= 2"))],
        "classes",
        "1 of 9 answer patterns",
        "last class",
        "warning",
    ),
}
