"""Tables and relations; no rules, no queries."""
