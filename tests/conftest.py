"""Stands here so that the modules beside it can be imported from every test."""
