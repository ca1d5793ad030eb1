"""Isnad: answers about a folder of articles, made of exact quotes with their sources."""

__version__ = "0.1.0"
