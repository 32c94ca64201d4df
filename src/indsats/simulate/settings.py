"""One site that runs by numbers of its own, where the definition lets sites choose."""

from __future__ import annotations

import numpy as np

from indsats.programme import Programme, Setting

from .calendar import day
from .places import Places
from .world import World


def chosen_settings(programme: Programme, places: Places) -> dict[str, np.ndarray]:
    """By setting that sites may choose, each site's own value; NaN where the programme's holds.

    The last site of the effort has chosen another value of every such setting, one step up where that is
    allowed, else one down; a setting with no room for either keeps its value.
    """
    chosen: dict[str, np.ndarray] = {}
    treated = np.flatnonzero(places.treated)
    if places.nameless or len(treated) == 0:
        return chosen
    for key, setting in programme.settings.items():
        value = _another(setting) if setting.override else None
        if value is not None:
            chosen[key] = np.full(len(places.ids), np.nan)
            chosen[key][treated[-1]] = value
    return chosen


def _another(setting: Setting) -> float | None:
    length = setting.measures != "number"
    step = 1.0 if length else max(abs(setting.value) * 0.2, 0.1)
    low = setting.low if setting.low is not None else (1.0 if length else 0.0)
    high = float("inf") if setting.high is None else setting.high
    for value in (setting.value + step, setting.value - step):
        if low <= value <= high:
            return value if length else round(value, 2)
    return None


def setting_facts(world: World) -> None:
    """A fact for each value a site has chosen, from the first day of the data."""
    for key, own in world.chosen.items():
        sites = np.flatnonzero(~np.isnan(own))
        first = np.full(len(sites), day(world.profile.first_day))
        world.ledger.add("site_setting", first, person=np.full(len(sites), -1), site=sites, by="coordinator",
                         setting=key, value=own[sites])  # fmt: skip
