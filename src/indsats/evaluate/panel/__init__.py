"""Before and after, with and without: differences in differences and what inference few sites allow."""
