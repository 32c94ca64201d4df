"""Cases of text."""

CAUGHT = {
    "document-lines": (
        [("in_effort: false, source: L2}", "in_effort: false, source: L61}")],
        "L61",
        "beyond the document, which has 60 lines",
        "'lines'",
        "error",
    ),
    "translation": (
        [
            ("summary: {da: En lille indsats,", "summary: {da: A tiny programme of some length,"),
            ("en: A tiny programme}", "en: A tiny programme of some length}"),
        ],
        "A tiny programme of some length}",
        "the same in Danish and English",
        "Translate",
        "warning",
    ),
    "source-document": (
        [("source: L5}", "source: [papr L5]}")],
        "papr L5",
        "no document 'papr'",
        "'paper'",
        "error",
    ),
    "source-lines": (
        [("source: L5}", "source: L50-41}")],
        "L50-41",
        "run backwards",
        "lower line first",
        "error",
    ),
}
