"""Cases of economy."""

CAUGHT = {
    "price-range": (
        [("low: 250", "low: 301")],
        "300",
        "'amount' (300) lies below 'low' (301)",
        "in that order",
        "error",
    ),
    "scenario": (
        [("effect_share: 0.5", "effect_share: 50")],
        "50",
        "counts on 50 times the effect",
        "from 0 to 1",
        "warning",
    ),
}
