"""Cases of templates."""

CAUGHT = {
    "template-exists": (
        [("template: brief", "template: breif")],
        "breif",
        "no template 'breif'",
        "'brief'",
        "error",
    ),
    "template-inserts": (
        [("Her er de.\n\n{{ table: some }}", "Her er de.\n\n{{ table: sum }}")],
        "{{ table: sum }}",
        "the report has no block 'sum'",
        "'some'",
        "error",
    ),
    "template-markdown": (
        [("Her er de.\n", "> Her er de.\n")],
        "> Her er de.",
        "a quote is printed as it is written: '>'",
        "as a paragraph",
        "warning",
    ),
    "template-languages": (
        [("## The numbers\n", "### The numbers\n")],
        "### The numbers",
        "the heading 'Tallene' of the Danish text is missing here",
        "the same headings and blocks",
        "error",
    ),
    "template-about": (
        [
            (
                "{block: phases, title: {da: Faser, en: Phases}}",
                "{block: person, title: {da: Plan, en: Plan}, of: plan}",
            )
        ],
        "{block: person",
        "the block tells of one citizen",
        "'about: person'",
        "error",
    ),
    "report-number": (
        [("{indicator: held, site: north}", "{indicator: held, site: nroth}")],
        "nroth",
        "no site 'nroth'",
        "'north'",
        "error",
    ),
}
