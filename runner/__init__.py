"""Runs attempts: one small supervisor for each, which knows neither Django nor a database."""
