"""Cases of economy."""

CAUGHT = {
    "price-range": (
        [("low: 250", "low: 301")],
        "300",
        "'amount' (300) lies below 'low' (301)",
        "in that order",
        "error",
    ),
    "economy-price": ([("price: rent", "price: rant")], "rant", "no price 'rant'", "'rent'", "error"),
    "economy-ladder": (
        [("self_support: working", "self_support: workin")],
        "workin",
        "no state 'workin'",
        "'working'",
        "error",
    ),
    "economy-activity": (
        [("of: [talking]", "of: [talkin]")],
        "talkin]",
        "no activity 'talkin'",
        "'talking'",
        "error",
    ),
    "dose-unit": (
        [("each: 1.5}", "each: 1}"), ("amount: 300, per: hour", "amount: 300, per: participant")],
        "count",
        "the dose is told by 'count', and its price 'hour' is per participant",
        "'meeting', 'placement', 'course', 'hour' or 'once', or tell the dose by 'participants'",
        "error",
    ),
    "price-flow": (
        [("price: rent", "price: pay")],
        "pay",
        "the price 'pay' is of a 'earnings'",
        "as consequences",
        "error",
    ),
    "price-payer": (
        [
            (
                "per: week, book: aid",
                "per: week, amount: 2500, price_year: 2016, paid_by: {state: 0.5, citizen: 0.5}",
            )
        ],
        "{state",
        "the citizen receives",
        "tax on the benefit",
        "error",
    ),
    "price-year": (
        [("per: month, price_year: 2016", "per: month")],
        "9000",
        "no price year, and results are told at the prices of 2016",
        "'price_year'",
        "error",
    ),
    "price-unused": (
        [("price: rent", "price: hour")],
        "rent",
        "no activity or consequence has the price 'rent'",
        "'activities'",
        "warning",
    ),
    "scenario": (
        [("effect_share: 0.5", "effect_share: 50")],
        "50",
        "counts on 50 times the effect",
        "from 0 to 1",
        "warning",
    ),
    "scenario-horizon": (
        [("lasts: P2Y", "lasts: P6Y")],
        "P6Y",
        "longer than the 5 years",
        "'horizon'",
        "warning",
    ),
}
