"""Whether a promise is kept, from plain facts."""
