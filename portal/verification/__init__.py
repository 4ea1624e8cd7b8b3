"""Offline verdicts; runs without Flask, database and models."""
