"""Carrying a whole portal from one place to another: one file in, one file out, both checked.

A backup is a logical copy: tables as text, stored files, authority, session key. So it does not matter whether the
database is the embedded one or a server, here or there. Database passwords are not in it: each place has its own.
"""
