"""Figures and forms built from queries."""
