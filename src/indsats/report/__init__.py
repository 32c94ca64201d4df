"""Reports: documents of figures, disclosure control, pages, charts and files. The front door of the room."""

from .charts import chart_spec, chart_svg
from .disclosure import protect
from .document import (
    Block,
    Cell,
    Chart,
    Column,
    Document,
    Group,
    Light,
    Paragraph,
    ProtectedFigure,
    Reading,
    Section,
    Span,
    Table,
)
from .flow import FlowArrow, FlowBox, flow_svg
from .html import Switch, render_html
from .write import results_json, table_csv, write

__all__ = [
    "Block",
    "Cell",
    "Chart",
    "Column",
    "Document",
    "FlowArrow",
    "FlowBox",
    "Group",
    "Light",
    "Paragraph",
    "ProtectedFigure",
    "Reading",
    "Section",
    "Span",
    "Switch",
    "Table",
    "chart_spec",
    "chart_svg",
    "flow_svg",
    "protect",
    "render_html",
    "results_json",
    "table_csv",
    "write",
]
