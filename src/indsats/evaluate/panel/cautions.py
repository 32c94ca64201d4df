"""Doubts that belong to comparisons over time and to inference from few sites."""

from __future__ import annotations

from collections.abc import Mapping

from ..cautions import FEW_CLUSTERS, Caution, caution, few_clusters

FEW_TREATED = 10
"""Below this many treated (or control) clusters the cluster-robust error is too small, however many there are
in all (MacKinnon & Webb 2017, Journal of Applied Econometrics 32:233-254)."""


def alone(excluded: Mapping[str, int], total: int) -> tuple[Caution, ...]:
    """Rows were left out because nobody else had their level of an absorbed column."""
    found = {
        reason.removeprefix("alone in "): count
        for reason, count in excluded.items()
        if reason.startswith("alone in ")
    }
    if not found:
        return ()
    count, reasons = sum(found.values()), ", ".join(f"{name}: {number}" for name, number in found.items())
    return (
        caution(
            "alone-in-level",
            "note" if count < 0.05 * total else "doubt",
            f"{count} af {total} rækker er udeladt, fordi ingen anden række har samme værdi ({reasons}); "
            "de kan ikke sammenlignes med nogen.",
            f"{count} of {total} rows are left out because no other row has the same value ({reasons}); "
            "they can be compared with nobody.",
        ),
    )


def clusters_of_groups(clusters: int, treated: int, control: int) -> tuple[Caution, ...]:
    """What to know about the number of clusters in all and in the smaller group."""
    if min(treated, control) == 1:
        one_da, one_en = ("med indsats", "treated") if treated == 1 else ("uden indsats", "not treated")
        return (
            caution(
                "one-cluster-in-group",
                "grave",
                f"Kun én klynge er {one_da}. Den klyngerobuste usikkerhed er da meget for lille; "
                "brug en randomiseringstest over steder.",
                f"Only one cluster is {one_en}. The cluster-robust error is then far too small; "
                "use a randomisation test over sites.",
            ),
        )
    if clusters < FEW_CLUSTERS or min(treated, control) < FEW_TREATED:
        return (few_clusters(clusters, treated),)
    return ()


def few_treated_clusters(treated: int, control: int) -> tuple[Caution, ...]:
    """The wild bootstrap itself goes astray when one of the groups has few clusters."""
    if min(treated, control) >= 6 or control == 0:  # treated and others within every cluster: no few groups
        return ()
    return (
        caution(
            "few-treated-clusters",
            "doubt",
            f"Kun {treated} klynger er med og {control} uden indsats. Med så få i den ene gruppe forkaster "
            "bootstrap næsten aldrig eller alt for ofte; se også randomiseringstesten over steder.",
            f"Only {treated} clusters are treated and {control} are not. With so few in one group the bootstrap "
            "rejects almost never or far too often; see also the randomisation test over sites.",
        ),
    )


def pre_trend(p: float) -> tuple[Caution, ...]:
    """The groups already moved apart before the start."""
    if p >= 0.05:
        return ()
    return (
        caution(
            "pre-trend",
            "grave",
            f"Grupperne udviklede sig forskelligt allerede før start (p = {p:.3f}). Så kan forskellen efter "
            "start ikke uden videre tilskrives indsatsen.",
            f"The groups moved apart already before the start (p = {p:.3f}). The difference after the start "
            "can then not simply be put down to the programme.",
        ),
    )


def pre_trend_untested() -> Caution:
    """No joint test of the periods before the start could be made."""
    return caution(
        "pre-trend-untested",
        "doubt",
        "Om grupperne fulgtes ad før start, kan ikke testes samlet: der er for få perioder eller klynger.",
        "Whether the groups moved together before the start cannot be tested as a whole: there are too few "
        "periods or clusters.",
    )


def placebo_effect(p: float) -> tuple[Caution, ...]:
    """There was an 'effect' when there was no programme."""
    if p >= 0.05:
        return ()
    return (
        caution(
            "placebo-effect",
            "grave",
            f"Der ses en »effekt« på et tidspunkt, hvor indsatsen ikke var begyndt (p = {p:.3f}). "
            "Grupperne er da næppe sammenlignelige over tid.",
            f"There is an 'effect' at a time when the programme had not begun (p = {p:.3f}). "
            "The groups are then hardly comparable over time.",
        ),
    )


def no_error(terms: str) -> Caution:
    """Some coefficients are fitted exactly within every cluster."""
    return caution(
        "no-error",
        "note",
        f"For {terms} kan der ikke gives nogen usikkerhed: der er ingen variation mellem klyngerne at måle på.",
        f"No error can be given for {terms}: there is no variation between clusters to judge by.",
    )


def not_positive() -> Caution:
    """The two-way formula gave a variance below zero."""
    return caution(
        "two-way-repaired",
        "note",
        "Usikkerheden over to slags klynger blev negativ i en retning og er sat til nul dér; "
        "der er få klynger i en af dem.",
        "The error over two kinds of clusters came out negative in some direction and is set to zero there; "
        "one of them has few clusters.",
    )


def open_interval() -> Caution:
    """Inverting the test never rejects on one side."""
    return caution(
        "open-interval",
        "doubt",
        "Testen kan ikke udelukke selv meget store effekter, så intervallet har ingen grænse; der er for få "
        "klynger eller steder.",
        "The test cannot rule out even very large effects, so the interval has no bound; there are too few "
        "clusters or sites.",
    )


def few_assignments(count: int) -> tuple[Caution, ...]:
    """So few assignments are possible that none could give a small p."""
    if count >= 20:
        return ()
    return (
        caution(
            "few-assignments",
            "doubt",
            f"Indsatsen kunne kun være fordelt på stederne på {count} måder, så testen kan slet ikke give en "
            "p-værdi under 0,05.",
            f"The programme could have been given to the sites in only {count} ways, so the test cannot give "
            "a p below 0.05 at all.",
        ),
    )


def cells_left_out(cells: str) -> Caution:
    """Some groups could not be compared in some periods."""
    return caution(
        "cells-not-estimated",
        "doubt",
        f"For disse hold (start, periode) fandtes ingen brugbar sammenligning, og de indgår ikke: {cells}.",
        f"No usable comparison was found for these groups (start, period), and they do not count: {cells}.",
    )


def always_treated(units: int) -> Caution:
    """Units treated from the first period on tell nothing about a change."""
    return caution(
        "always-treated",
        "note",
        f"{units} enheder fik indsatsen fra første periode og indgår ikke: deres tid uden indsats er ikke set.",
        f"{units} units were treated from the first period on and do not count: they are not seen untreated.",
    )


def small_group(group: str, units: int) -> Caution:
    """A group that starts together is small."""
    return caution(
        "small-group",
        "doubt",
        f"Holdet, der begynder i {group}, er kun {units} enheder; dets tal er meget usikre.",
        f"The group that starts in {group} has only {units} units; its figures are very uncertain.",
    )


def unbalanced_panel() -> Caution:
    """Some units are not seen in every period."""
    return caution(
        "unbalanced-panel",
        "note",
        "Ikke alle enheder er set i alle perioder. Hver forskel er beregnet på dem, der er set i begge dens "
        "perioder.",
        "Not all units are seen in every period. Each difference rests on those seen in both of its periods.",
    )


def weak_score(what: str) -> Caution:
    """The model of who is treated when rests on few units or separates them."""
    return caution(
        "weak-score",
        "doubt",
        f"Modellen af, hvem der fik indsatsen, hviler på få enheder ({what}); brug færre kovariater eller "
        'metoden "reg".',
        f'The model of who was treated rests on few units ({what}); use fewer covariates or the method "reg".',
    )
