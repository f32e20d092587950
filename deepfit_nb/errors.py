"""The errors a user can meet. Every message says what is wrong and what to do about it."""

from __future__ import annotations


class DeepFitError(Exception):
    """Base of all errors that DeepFit Notebook raises on purpose."""


class SetupError(DeepFitError):
    """Something that the machine needs is missing: a system library, the pose model, a notebook extension."""


class ModelError(DeepFitError):
    """A model file is absent, damaged, or does not fit this version of the code."""


class MediaError(DeepFitError):
    """A video or recording cannot be read, or holds nothing to analyse."""


class ExerciseError(DeepFitError):
    """An exercise definition (TOML) is wrong, or an exercise is unknown."""
