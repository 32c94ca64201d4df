"""Whether to believe an estimate: what would overturn it, and what the data say against its design."""
