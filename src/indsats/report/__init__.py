"""Reports: documents of figures, disclosure control, pages, charts and files. The front door of the room."""

from .charts import chart_spec, chart_svg
from .disclosure import protect
from .document import (
    Basis,
    Block,
    Cell,
    Chart,
    Column,
    Document,
    Graph,
    Group,
    Light,
    Paragraph,
    ProtectedFigure,
    Reading,
    Section,
    Span,
    Stroke,
    Table,
)
from .flow import FlowArrow, FlowBox, flow_svg
from .formats import basis_text, cell_text, quantity
from .graph import GROUP, LEVELS, STRENGTHS, Said, graph_svg, theory_graph
from .html import Switch, render_html
from .write import results_json, table_csv, write

__all__ = [
    "GROUP",
    "LEVELS",
    "STRENGTHS",
    "Basis",
    "Block",
    "Cell",
    "Chart",
    "Column",
    "Document",
    "FlowArrow",
    "FlowBox",
    "Graph",
    "Group",
    "Light",
    "Paragraph",
    "ProtectedFigure",
    "Reading",
    "Said",
    "Section",
    "Span",
    "Stroke",
    "Switch",
    "Table",
    "basis_text",
    "cell_text",
    "chart_spec",
    "chart_svg",
    "flow_svg",
    "graph_svg",
    "protect",
    "quantity",
    "render_html",
    "results_json",
    "table_csv",
    "theory_graph",
    "write",
]
