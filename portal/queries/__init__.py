"""Every select; reads only; the first argument is the actor."""
