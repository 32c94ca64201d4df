"""Cases of answer."""

HOME = "{title: {da: Hjem, en: Home}, source: L10, element"
WORK = "{title: {da: Arbejde, en: Work}, source: L10}"
MOOD = "    source: L10\n    scale: {low: 1, high: 3}\n"


def beside(*codes: str) -> tuple[str, str]:
    rows = "".join(f"      {code}\n" for code in codes)
    return MOOD, f"{MOOD}    beside:\n{rows}"


def asked_of(text: str) -> tuple[str, str]:
    return WORK, WORK.replace("source: L10", f"asked_of: {text}, source: L10")


CAUGHT = {
    "beside-code": (
        [beside("3: {title: {da: Ved ikke, en: Unsure}, means: dont_know, source: L10}")],
        "3:",
        "3 is a point on the scale from 1 to 3, and is to mean 'dont_know'",
        "below 1 or above 3",
        "error",
    ),
    "beside-twice": (
        [
            beside(
                "8: {title: {da: Ved ikke, en: Unsure}, means: dont_know, source: L10}",
                "9: {title: {da: Ved ikke, en: Unsure}, means: dont_know, source: L10}",
            )
        ],
        "9:",
        "9 says and means the same as 8",
        "different titles",
        "error",
    ),
    "item-options": (
        [(HOME, HOME.replace("source", "options: [1, 4], source"))],
        "4]",
        "the option 4 is not on the scale from 1 to 3",
        "widen",
        "error",
    ),
    "lacks-one-of": (
        [(MOOD, MOOD + "    lacks_one_of: [2, 5]\n")],
        "5]",
        "5 is not on the scale from 1 to 3",
        "points of the scale",
        "error",
    ),
    "asked-of": (
        [asked_of("{item: home, answers: [1, 7]}")],
        "7]",
        "nobody can answer 7 to 'home'",
        "1, 2, 3",
        "error",
    ),
    "asked-of-circle": (
        [
            (HOME, HOME.replace("source", "asked_of: {item: work, answers: [1]}, source")),
            asked_of("{item: home, answers: [1]}"),
        ],
        "{item: home",
        "runs in a circle, so nobody is: home → work → home",
        "of everybody",
        "error",
    ),
}
