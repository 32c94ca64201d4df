"""Income tax: how a krone of benefit or of pay is divided, and what a citizen has left of ordinary hours.

Counted are the labour-market contribution (AM-bidrag), municipal tax, bottom tax (bundskat) with the health
contribution there was until 2018, the personal allowance and the employment allowance (beskæftigelsesfradrag). Church
tax, middle and top tax, the job allowance, the extra allowances of single parents and seniors, and tax credits are not
counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

from indsats.programme import Payer

from .units import MONTHS_A_YEAR, WEEKS_A_YEAR


@dataclass(frozen=True, slots=True)
class Taxes:
    """The rates of a year, as shares, and its allowances in kroner a year.

    ``labour_market`` is of all pay. ``municipal`` and ``state`` are of what is left and of taxable benefits;
    ``state`` is bottom tax and health contribution together, ``health`` the latter alone. The employment allowance is a
    share of pay up to ``employment_allowance_max``; it lowers municipal tax and health contribution, not bottom tax.
    The personal allowance lowers all of them. Raises ValueError when a rate is no share or an allowance is negative.
    """

    year: int
    labour_market: float
    municipal: float
    state: float
    employment_allowance: float
    employment_allowance_max: float
    personal_allowance: float
    health: float = 0.0

    def __post_init__(self) -> None:
        shares = (self.labour_market, self.municipal, self.state, self.employment_allowance, self.health)
        if not all(0 <= share < 1 for share in shares) or self.municipal + self.state >= 1:
            raise ValueError(f"the tax rates of {self.year} are not shares whose sum is below one: {shares}")
        if self.health > self.state:
            raise ValueError(f"the health contribution of {self.year} is a part of 'state', and above it")
        if min(self.employment_allowance_max, self.personal_allowance) < 0:
            raise ValueError(f"an allowance of {self.year} is negative")

    def shares_of_transfer(self) -> dict[Payer, float]:
        """Of one krone more of a taxable benefit, what is whose; sums to one.

        At the margin: the personal allowance is taken to be used by the income there is already. Benefits bear no
        labour-market contribution.
        """
        return {
            "municipality": self.municipal,
            "state": self.state,
            "citizen": 1 - self.municipal - self.state,
        }

    def shares_of_wage(self) -> dict[Payer, float]:
        """Of one krone more of pay, what is whose; sums to one.

        At the margin: the personal allowance is used already, the employment allowance is not (it ends at full-time
        pay), and no middle or top tax is paid.
        """
        taxed = 1 - self.labour_market
        municipality = self.municipal * (taxed - self.employment_allowance)
        state = self.labour_market + self.state * taxed - self.health * self.employment_allowance
        return {"municipality": municipality, "state": state, "citizen": 1 - municipality - state}

    def tax(self, *, pay: float, benefit: float) -> float:
        """Income tax in kroner on a whole year's pay (before labour-market contribution) and taxable benefit.

        The contribution itself is not in it. No kind of tax is below zero; what one leaves of an allowance is not
        moved to the others.
        """
        income = (1 - self.labour_market) * pay + benefit
        allowance = min(self.employment_allowance * pay, self.employment_allowance_max)
        bottom = max(income - self.personal_allowance, 0.0)
        taxable = max(income - allowance - self.personal_allowance, 0.0)
        return (self.state - self.health) * bottom + (self.municipal + self.health) * taxable


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnGain:
    """What ordinary hours are worth to a citizen on benefit, in kroner a month (a twelfth of the year).

    ``pay`` is before, ``labour_market`` the contribution of it; ``benefit_before`` and ``benefit_left`` are the benefit
    before tax without and with the hours, ``tax_before`` and ``tax_after`` the income tax.
    """

    hours: float
    pay: float
    labour_market: float
    benefit_before: float
    benefit_left: float
    tax_before: float
    tax_after: float

    @property
    def benefit_lost(self) -> float:
        """How much less benefit there is."""
        return self.benefit_before - self.benefit_left

    @property
    def more_tax(self) -> float:
        """How much more income tax there is, the labour-market contribution apart."""
        return self.tax_after - self.tax_before

    @property
    def gain(self) -> float:
        """How much more there is to live on."""
        return self.pay - self.labour_market - self.benefit_lost - self.more_tax

    @property
    def an_hour(self) -> float | None:
        """The gain for an hour's work; None without hours."""
        return self.gain / self.hours if self.hours else None

    @property
    def kept(self) -> float | None:
        """The share of the pay that is left; None without pay."""
        return self.gain / self.pay if self.pay else None


def own_gain(
    taxes: Taxes,
    *,
    wage_an_hour: float,
    hours_a_week: float,
    benefit_a_month: float,
    exempt_an_hour: float,
    exempt_hours_a_month: float | None = None,
    taxed: bool = True,
) -> OwnGain:
    """What is left of ordinary hours beside cash benefit (kontanthjælp, uddannelseshjælp).

    The midterm evaluation of Flere skal med (document 001) finds that ordinary hours in most cases mean an economic
    gain for the citizen (L631) and asks that the income be worked out with them (L1036). It prints no formula; this one
    is ours.
    Amounts are in kroner of ``taxes.year``; ``wage_an_hour`` is without employers' pension, after one's own pension and
    ATP. The benefit is cut krone for krone by pay after labour-market contribution, except ``exempt_an_hour`` for each
    hour worked, at most for ``exempt_hours_a_month`` (aktivloven § 31 stk. 1: 160), for all when left out; it is never
    below zero. That pay counts after the contribution is from a lawyer's answer (familieadvokaten.dk, b900-559), not
    seen in the act. Tax is that of a whole year with these hours every week less that of one without; ``taxed`` tells
    whether the benefit is taxable.

    Not counted: housing support, the price of day care, transport, special support, the cash-benefit ceiling and the
    225-hour rule, a spouse's benefit (the pay cuts it as well), and what the module leaves out of taxes. Other
    benefits have rules of their own (fleksløntilskud falls by 30 and 55 % of the pay): this is not for them.

    Raises ValueError for a negative amount.
    """
    exempt_hours = inf if exempt_hours_a_month is None else exempt_hours_a_month
    given = (wage_an_hour, hours_a_week, benefit_a_month, exempt_an_hour, exempt_hours)
    if min(given) < 0:
        raise ValueError(f"wage, hours, benefit and what is exempt cannot be negative: {given}")
    hours = hours_a_week * WEEKS_A_YEAR / MONTHS_A_YEAR
    pay = wage_an_hour * hours
    contribution = taxes.labour_market * pay
    exempt = exempt_an_hour * min(hours, exempt_hours)
    left = max(benefit_a_month - max(pay - contribution - exempt, 0.0), 0.0)

    def tax(of_pay: float, of_benefit: float) -> float:
        yearly = taxes.tax(pay=of_pay * MONTHS_A_YEAR, benefit=of_benefit * MONTHS_A_YEAR * taxed)
        return yearly / MONTHS_A_YEAR

    return OwnGain(
        hours=hours,
        pay=pay,
        labour_market=contribution,
        benefit_before=benefit_a_month,
        benefit_left=left,
        tax_before=tax(0.0, benefit_a_month),
        tax_after=tax(pay, left),
    )
