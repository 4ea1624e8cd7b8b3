"""Bàn giao: correction lists that travel station, village, police and back, signed at every step."""
