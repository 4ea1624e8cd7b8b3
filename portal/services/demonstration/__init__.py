"""The demonstration: invented persons, damaged workbooks, units, accounts and lists at every stage."""
