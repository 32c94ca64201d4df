"""Whether to believe an estimate: what would overturn it, and what the data say against its design."""

from .calibration import EmpiricalNull, calibrate, check_negative_controls, empirical_null
from .clock import check_before_window, check_future
from .evalue import EValue, e_value, e_value_of
from .groups import check_attrition, check_clusters, check_overlap, check_separation
from .leave_one_out import LeaveOneOut, leave_one_out
from .multiple import check_multiple
from .power import Power, power_cox, power_means, power_shares
from .rosenbaum import RosenbaumBounds, bounds_of_differences, rosenbaum_bounds
from .tipping import Robustness, TippingPoint, robustness_value, tipping_point

__all__ = [
    "EValue",
    "EmpiricalNull",
    "LeaveOneOut",
    "Power",
    "Robustness",
    "RosenbaumBounds",
    "TippingPoint",
    "bounds_of_differences",
    "calibrate",
    "check_attrition",
    "check_before_window",
    "check_clusters",
    "check_future",
    "check_multiple",
    "check_negative_controls",
    "check_overlap",
    "check_separation",
    "e_value",
    "e_value_of",
    "empirical_null",
    "leave_one_out",
    "power_cox",
    "power_means",
    "power_shares",
    "robustness_value",
    "rosenbaum_bounds",
    "tipping_point",
]
